"""Loaded rules beside the YAML that they were written in: every setting with its place.

Owns: walking both in step. Must not know: what is wrong with any of it.
Truth: the struct pass, `nectarc/refinery/decode.py`, which made the rules of the same tree.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.records import record
from nectarc.refinery.decode import shown_sampler
from nectarc.refinery.rules import (
    Condition,
    Rule,
    RulesConfig,
    RulesFile,
    TargetSampler,
)
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.source import SourceSpan


@record(kw_only=True)
class LocatedCondition:
    """One entry of `Conditions`.

    index: in the list, from 0.   condition: None for a null entry.   node: None for one, too.
    """

    index: int
    condition: Condition | None
    node: YamlMapping | None
    source: SourceSpan

    def at(self, key: str) -> SourceSpan:
        """Return the place of the value of `key`; where it is absent, `place`."""
        return value_place(self.node, key) or self.place

    @property
    def place(self) -> SourceSpan:
        """A short place that stands for the whole condition: its first key."""
        return first_key_place(self.node) or self.source


@record(kw_only=True)
class LocatedRule:
    """One entry of `Rules`.

    index:   in the list, from 0.   rule: None for a null entry.   node: None for one, too.
    sampler: the node of the downstream sampler that is used (the map of its settings), and where
             its name stands; None without one.
    """

    index: int
    rule: Rule | None
    node: YamlMapping | None
    source: SourceSpan
    conditions: tuple[LocatedCondition, ...] = ()
    sampler_node: YamlMapping | None = None
    sampler_place: SourceSpan | None = None

    def at(self, key: str) -> SourceSpan:
        """Return the place of the value of `key`; where it is absent, `place`."""
        return value_place(self.node, key) or self.place

    @property
    def place(self) -> SourceSpan:
        """A short place that stands for the whole rule: its name, else its first key."""
        return value_place(self.node, "Name") or first_key_place(self.node) or self.source

    @property
    def label(self) -> str:
        """What people call the rule: its name, or its number from 1."""
        return self.rule.name if self.rule and self.rule.name else f"rule {self.index + 1}"


@record(kw_only=True)
class LocatedTarget:
    """One target under `Samplers`.

    place:   where its name stands.   sampler: what Refinery runs for it.
    outer:   the map under its name, with every sampler that stands in it.
    node:    the settings of the sampler that is used; None where none is usable.
    sampler_place: where the name of that sampler stands.
    rules:   of a rules-based sampler, null entries included.
    """

    name: str
    place: SourceSpan
    sampler: TargetSampler
    outer: YamlMapping | None
    node: YamlMapping | None
    sampler_place: SourceSpan | None
    rules: tuple[LocatedRule, ...] = ()


@record(kw_only=True)
class LocatedRules:
    """A whole file that Refinery loads."""

    root: YamlMapping
    targets: tuple[LocatedTarget, ...]


def locate(rules: RulesFile, tree: YamlMapping) -> LocatedRules:
    """Walk `rules` and the `tree` that they were decoded from in step."""
    samplers = tree.get("Samplers")
    entries = samplers.entries if isinstance(samplers, YamlMapping) else ()
    return LocatedRules(
        root=tree,
        targets=tuple(
            _target(entry.key, entry.value, rules.samplers[entry.key.text])
            for entry in entries
            if entry.key.text in rules.samplers
        ),
    )


def value_place(node: YamlMapping | None, key: str) -> SourceSpan | None:
    """Return the place of the value of `key`, of the key where the value is empty."""
    for entry in node.entries if node is not None else ():
        if entry.key.text == key:
            source = entry.value.source
            return source if source.end > source.start else entry.key.source
    return None


def key_place(node: YamlMapping | None, key: str) -> SourceSpan | None:
    """Return the place of the key itself."""
    for entry in node.entries if node is not None else ():
        if entry.key.text == key:
            return entry.key.source
    return None


def first_key_place(node: YamlMapping | None) -> SourceSpan | None:
    """Return the place of the first key."""
    return node.entries[0].key.source if node is not None and node.entries else None


def _target(key: YamlScalar, value: YamlNode, sampler: TargetSampler) -> LocatedTarget:
    outer = value if isinstance(value, YamlMapping) else None
    name = "" if outer is None else shown_sampler(outer, in_rule=False)
    node = outer.get(name) if outer is not None and name else None
    settings = node if isinstance(node, YamlMapping) else None
    return LocatedTarget(
        name=key.text,
        place=key.source,
        sampler=sampler,
        outer=outer,
        node=settings,
        sampler_place=key_place(outer, name),
        rules=tuple(_rules(settings, sampler)) if isinstance(sampler, RulesConfig) else (),
    )


def _rules(node: YamlMapping | None, sampler: RulesConfig) -> Iterator[LocatedRule]:
    listed = node.get("Rules") if node is not None else None
    items = listed.items if isinstance(listed, YamlSequence) else ()
    for index, (item, rule) in enumerate(zip(items, sampler.rules, strict=True)):
        mapping = item if isinstance(item, YamlMapping) else None
        inner = mapping.get("Sampler") if mapping is not None else None
        outer = inner if isinstance(inner, YamlMapping) else None
        name = "" if outer is None else shown_sampler(outer, in_rule=True)
        settings = outer.get(name) if outer is not None and name else None
        yield LocatedRule(
            index=index,
            rule=rule,
            node=mapping,
            source=item.source,
            conditions=tuple(_conditions(mapping, rule)),
            sampler_node=settings if isinstance(settings, YamlMapping) else None,
            sampler_place=(key_place(outer, name) or inner.source)
            if rule is not None and rule.sampler is not None and inner is not None
            else None,
        )


def _conditions(node: YamlMapping | None, rule: Rule | None) -> Iterator[LocatedCondition]:
    listed = node.get("Conditions") if node is not None else None
    items = listed.items if isinstance(listed, YamlSequence) else ()
    conditions = (rule.conditions if rule is not None else None) or ()
    for index, (item, condition) in enumerate(zip(items, conditions, strict=True)):
        yield LocatedCondition(
            index=index,
            condition=condition,
            node=item if isinstance(item, YamlMapping) else None,
            source=item.source,
        )

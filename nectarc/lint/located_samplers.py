"""The samplers of a target that Refinery runs, and how findings call rules and names.

Owns: one view of a target's own sampler and of those of its rules. Must not know: what is wrong
with any. Truth: ../shared/reference/refinery-semantics.md, 1.2, 1.6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.diagnostic import Label
from nectarc.records import record
from nectarc.refinery.durations import parse_duration
from nectarc.refinery.located import LocatedRule, LocatedTarget, value_place
from nectarc.refinery.rules import DynamicConfig
from nectarc.refinery.yaml_nodes import YamlMapping, YamlScalar, YamlSequence
from nectarc.source import SourceSpan

THROUGHPUT_GOAL: Final = "GoalThroughputPerSec"
NAMES_SHOWN: Final = 3  # in a headline; and so many places beside a finding
_PLACES_SHOWN: Final = 3


@record(kw_only=True)
class LocatedSampler:
    """One dynamic sampler that Refinery runs.

    node:  the map of its settings; None where the file has none.   place: where its name stands.
    rule:  the rule that it belongs to; None for a target's own.
    """

    config: DynamicConfig
    node: YamlMapping | None
    place: SourceSpan
    rule: LocatedRule | None

    def at(self, key: str) -> SourceSpan:
        """Return the place of the value of `key`; where it is absent, that of the name."""
        return value_place(self.node, key) or self.place

    def value(self, key: str) -> YamlScalar | None:
        """Return the node of a setting, None where it is absent."""
        node = self.node.get(key) if self.node is not None else None
        return node if isinstance(node, YamlScalar) else None

    def number(self, key: str) -> int:
        """Return a whole number as written; 0 where it is absent."""
        found = self.config.parameter(key)
        return found if isinstance(found, int) else 0

    def duration(self, key: str) -> int:
        """Return a duration in nanoseconds; 0 where it is absent."""
        found = self.config.parameter(key)
        return (parse_duration(found) or 0) if isinstance(found, str) else 0

    @property
    def key_fields(self) -> tuple[tuple[str, SourceSpan], ...]:
        """The names in `FieldList` in file order, each with its place."""
        listed = self.node.get("FieldList") if self.node is not None else None
        items = listed.items if isinstance(listed, YamlSequence) else ()
        return tuple(
            (item.text, item.source)
            for item in items
            if isinstance(item, YamlScalar) and item.value is not None
        )


def samplers_of(target: LocatedTarget) -> Iterator[LocatedSampler]:
    """Yield the dynamic samplers of a target in file order."""
    if isinstance(target.sampler, DynamicConfig):
        yield LocatedSampler(
            config=target.sampler,
            node=target.node,
            place=target.sampler_place or target.place,
            rule=None,
        )
    for one in target.rules:
        if one.rule is not None and isinstance(one.rule.sampler, DynamicConfig):
            yield LocatedSampler(
                config=one.rule.sampler,
                node=one.sampler_node,
                place=one.sampler_place or one.place,
                rule=one,
            )


def rule_in_words(rule: LocatedRule) -> str:
    """Return what a sentence calls a rule: its name in backticks, or `rule 3`."""
    return in_backticks(rule.label) if rule.rule and rule.rule.name else rule.label


def in_backticks(text: str) -> str:
    """Quote a user's text for one line of words, in double quotes where it holds a backtick."""
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return f'"{shown}"' if "`" in shown else f"`{shown}`"


def named(names: tuple[str, ...]) -> str:
    """Join names for a headline: `a`, `a and b`, `a, b, c and 4 more`."""
    if len(names) > NAMES_SHOWN + 1:
        return f"{', '.join(names[:NAMES_SHOWN])} and {len(names) - NAMES_SHOWN} more"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def places(
    sources: tuple[SourceSpan, ...], text: str, beside: SourceSpan | None = None
) -> tuple[Label, ...]:
    """Return labels for other places of one finding, a few where they are many.

    beside: the finding's own place; an alias brings the same text in twice, and it is not another.
    """
    others = dict.fromkeys(one for one in sources if one != beside)
    return tuple(Label(source, text) for source in others)[:_PLACES_SHOWN]

"""One condition with all that its checks need, and what it answers to probe values.

Owns: the record, the words for a condition, the edits that several checks share.
Must not know: any trap.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

from nectarc.diagnostic import Edit, Fix
from nectarc.evaluate.conditions import compile_test
from nectarc.evaluate.values import MISSING, ValueOrMissing
from nectarc.lint.context import LintContext
from nectarc.refinery.located import LocatedCondition, LocatedRule, LocatedTarget
from nectarc.refinery.rules import ROOT_PREFIX, Condition, Rule, RulesConfig
from nectarc.refinery.yaml_edits import replaced, with_setting
from nectarc.refinery.yaml_nodes import YamlNode
from nectarc.source import SourceSpan

COMPARISONS: Final = frozenset(("=", "!=", ">", ">=", "<", "<="))
ORDERINGS: Final = frozenset((">", ">=", "<", "<="))
NEEDLES: Final = frozenset(("starts-with", "contains", "does-not-contain", "matches"))
MEMBERSHIPS: Final = frozenset(("in", "not-in"))
NEGATIVES: Final = frozenset(("not-exists", "!=", "not-in", "does-not-contain"))


class Case:
    """A condition that is no null entry, the rule around it, and for which Refinery it is."""

    def __init__(
        self,
        located: LocatedCondition,
        condition: Condition,
        rule: Rule,
        target: LocatedTarget,
        context: LintContext,
    ) -> None:
        """Keep all of them; nothing is computed before a check asks for it."""
        self.located = located
        self.condition = condition
        self.rule = rule
        self.target = target
        self.context = context

    @cached_property
    def holds(self) -> Callable[[ValueOrMissing], bool]:
        """The test on a value, as Refinery makes it."""
        return compile_test(self.condition)

    @cached_property
    def holds_missing(self) -> bool:
        """Say whether a span without the field meets the condition."""
        return self.holds(MISSING)

    @cached_property
    def is_never_missing(self) -> bool:
        """Say whether the rule's other conditions see to it that the value here is not missing.

        They can for the root's fields, and for all where one span meets them together.
        """
        names = set(self.condition.names)
        return any(
            other is not None
            and other is not self.condition
            and other.names
            and names.issuperset(other.names)
            and (self.is_span_scope or self.is_of_root)
            and not compile_test(other)(MISSING)
            for other in self.rule.conditions or ()
        )

    @property
    def drops(self) -> bool:
        """Say whether the rule drops every trace that it takes."""
        rule = self.rule
        return rule.sampler is None and (rule.drop or rule.sample_rate == 0)

    @property
    def is_span_scope(self) -> bool:
        """Say whether one span has to meet all conditions of the rule."""
        return self.rule.scope == "span"

    @property
    def is_nested(self) -> bool:
        """Say whether the target looks fields up in nested values, too."""
        sampler = self.target.sampler
        return isinstance(sampler, RulesConfig) and sampler.check_nested_fields

    @cached_property
    def plain_names(self) -> tuple[str, ...]:
        """The names of the fields without `root.`."""
        return tuple(name.removeprefix(ROOT_PREFIX) for name in self.condition.names)

    @property
    def is_of_root(self) -> bool:
        """Say whether every field is read from the root span."""
        names = self.condition.names
        return bool(names) and all(name.startswith(ROOT_PREFIX) for name in names)

    @property
    def shown(self) -> str:
        """The fields in backticks, for a headline."""
        return " or ".join(f"`{name}`" for name in self.condition.names) or "no field"

    @property
    def field_place(self) -> SourceSpan:
        """Where the field is named."""
        return self.at("Fields" if self.condition.fields else "Field")

    def at(self, key: str) -> SourceSpan:
        """Return the place of the value of `key`, of one line."""
        place = self.located.at(key)
        text = self.context.text
        written = "" if text is None else text.text[place.start : place.end]
        if "\n" not in written:
            return place
        first = len(written.partition("\n")[0].rstrip("\r"))
        return SourceSpan(place.file, place.start, place.start + max(first, 1))

    def node(self, key: str) -> YamlNode | None:
        """Return the node of `key`; None where it is absent."""
        return None if self.located.node is None else self.located.node.get(key)

    def has(self, key: str) -> bool:
        """Say whether `key` is written."""
        return self.node(key) is not None

    def can_edit(self, node: YamlNode) -> bool:
        """Say whether `node` stands in the text, and within this condition: no alias brought it."""
        whole = self.located.node
        return (
            self.context.text is not None
            and whole is not None
            and whole.source.start <= node.source.start < node.source.end <= whole.source.end
        )

    def written(self, title: str, settings: dict[str, str], *, is_safe: bool) -> tuple[Fix, ...]:
        """Return a fix that gives each of `settings` a value, which is YAML; () where none can.

        A setting that comes from an alias or a merge is not touched: others share it.
        """
        mapping, text = self.located.node, self.context.text
        if mapping is None or text is None:
            return ()
        edits: list[Edit] = []
        added: list[tuple[str, str]] = []
        for key, value in settings.items():
            node = mapping.get(key)
            if node is None:
                added.append((key, value))
            elif self.can_edit(node):
                edits.append(replaced(node, value))
            else:
                return ()
        if len(added) > 1:
            return ()
        for key, value in added:
            edit = with_setting(text, mapping, key, value)
            if edit is None:
                return ()
            edits.append(edit)
        return (Fix(title, tuple(edits), is_safe),)


def case_of(
    located: LocatedCondition, rule: LocatedRule, target: LocatedTarget, context: LintContext
) -> Case | None:
    """Return the case of one entry of `Conditions`; None for a null entry."""
    if located.condition is None or rule.rule is None:
        return None
    return Case(located, located.condition, rule.rule, target, context)

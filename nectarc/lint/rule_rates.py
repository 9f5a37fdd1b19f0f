"""Traps of what a rule does with its traces: no rate, a rate of 0, settings that override others.

Owns: NEC520, NEC521, NEC522, NEC523. Must not know: conditions.
Truth: ../shared/reference/refinery-semantics.md, 3.2, 3.3, 4.2, 8 (T1, T2, T3, T36).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from nectarc.evaluate.sampler_start import target_start_exit
from nectarc.lint.context import LintContext
from nectarc.lint.located_samplers import in_backticks, rule_in_words
from nectarc.lint.semantic_errors import LostErrors
from nectarc.lint.semantic_trials import Trials
from nectarc.refinery.located import LocatedRule, LocatedTarget, key_place
from nectarc.refinery.rules import (
    DEFAULT_TARGET,
    HAS_ROOT_SPAN,
    DeterministicConfig,
    Rule,
    RulesConfig,
)
from nectarc.refinery.yaml_edits import replaced, with_setting, without_setting

_UINT32: Final = 2**32
_NEXT_TO_NOTHING: Final = 1_000_000  # one trace in so many: the writer of this wanted none, perhaps
_KEEPING: Final = frozenset(("keep", "retain", "preserve"))
_DROPPING: Final = frozenset(("drop", "discard", "ignore", "exclude", "suppress", "reject"))
# With one of these, or a share such as "1 in 10", a name says "keep" and means "keep some".
_SHARING: Final = frozenset(
    [
        *("sample", "sampled", "sampling", "some", "percent", "fraction", "few", "one", "half"),
        *("dynamic", "dynamically", "no", "nothing", "none", "rate", "ratio", "part", "portion"),
        *("most", "subset", "random", "randomly", "tenth", "quarter"),
    ]
)
_SHARE: Final = re.compile(r"\d\s*(%|/|:|in\b|of\b|out\b|th\b)")


def check_rates(target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    """Check what each rule does, and what is done with traces that match none."""
    if isinstance(target.sampler, DeterministicConfig):
        yield from _deterministic_rate(target, target.sampler.sample_rate)
    lost = _Lost(target)
    for one in target.rules:
        if one.rule is None:
            continue
        if one.rule.sampler is not None:
            yield from _beside_sampler(one, one.rule, context)
        elif one.rule.drop:
            yield from _beside_drop(one, one.rule, context)
        elif key_place(one.node, "SampleRate") is None:
            yield _no_rate(one, one.rule, context, has_errors=lost.drops_errors(one.index))
        else:
            yield from _odd_rate(one, one.rule, context)
    if isinstance(target.sampler, RulesConfig):
        yield from _no_catch_all(target, target.sampler)


def says_keep_all(name: str) -> bool:
    """Say whether a rule's name leaves no doubt that its traces are to be kept, all of them."""
    words = re.findall(r"[a-z]+", name.lower())
    first = words[1:2] if words[:1] == ["always"] else words[:1]
    return (
        bool(_KEEPING.intersection(first))
        and not _SHARING.intersection(words)
        and not _DROPPING.intersection(words)
        and _SHARE.search(name) is None
    )


def says_drop(name: str) -> bool:
    """Say whether a rule's name begins with a word for dropping."""
    words = re.findall(r"[a-z]+", name.lower())
    return bool(_DROPPING.intersection(words[:1]))


class _Lost:
    """Answers, for few rules, whether errors are among what they drop."""

    def __init__(self, target: LocatedTarget) -> None:
        self._target = target
        self._asked: LostErrors | None = None

    def drops_errors(self, index: int) -> bool:
        sampler = self._target.sampler
        if not isinstance(sampler, RulesConfig) or target_start_exit(sampler) is not None:
            return False
        if self._asked is None:
            self._asked = LostErrors(self._target.rules, Trials(sampler))
        return self._asked.drops_errors(index)


def _no_rate(one: LocatedRule, rule: Rule, context: LintContext, *, has_errors: bool) -> Diagnostic:
    wanted = says_drop(rule.name)
    shown = rule_in_words(one)
    headline = (
        f"{shown} drops only because `SampleRate` is missing"
        if wanted
        else f"{shown} keeps nothing: `SampleRate` is missing, so Refinery drops these traces"
    ) + (", errors among them" if has_errors and not wanted else "")
    return finding(
        "NEC520",
        one.place,
        headline,
        label="no `SampleRate`, no `Sampler`"
        + (", and `Drop` is off" if key_place(one.node, "Drop") else ", no `Drop`"),
        why="an absent rate counts as 0, and a rule with rate 0 drops what matches; nothing is "
        "reported at start",
        help="write `Drop: true`"
        if wanted
        else "write `SampleRate: 1` to keep all of them, `SampleRate: 10` for one in ten, or "
        "`Drop: true` if they are to go",
        fixes=_fixes_of_dropping(one, rule, context),
        severity=Severity.HINT if wanted else None,
    )


def _odd_rate(one: LocatedRule, rule: Rule, context: LintContext) -> Iterator[Diagnostic]:
    shown, rate = rule_in_words(one), rule.sample_rate
    if rate >= _NEXT_TO_NOTHING:
        yield finding(
            "NEC521",
            one.at("SampleRate"),
            f"{shown} keeps one trace in {rate:,}",
            why="each trace that is kept counts for so many, so one that slips through bends "
            "every graph",
            help="write `Drop: true` if none is to be kept",
            severity=Severity.HINT,
        )
    if rate > 0:
        return
    wanted = says_drop(rule.name)
    sign = "a negative rate drops" if rate else "0 means drop, not `no sampling`"
    yield finding(
        "NEC521",
        one.at("SampleRate"),
        f"{shown} drops by `SampleRate: {rate}`"
        if wanted
        else f"{shown} keeps nothing: `SampleRate: {rate}` makes Refinery drop these traces",
        label=sign,
        why="Refinery keeps one trace in `SampleRate`; below 1 it keeps none",
        help="write `Drop: true`, which says so"
        if wanted
        else "write `SampleRate: 1` to keep all of them, or `Drop: true` if they are to go",
        fixes=_fixes_of_dropping(one, rule, context),
        severity=Severity.HINT if wanted else None,
    )


def _fixes_of_dropping(one: LocatedRule, rule: Rule, context: LintContext) -> tuple[Fix, ...]:
    """Return the edits for a rule that drops by its rate: `Drop: true`, or a rate of 1."""
    if context.text is None or one.node is None:
        return ()
    if says_drop(rule.name):
        if key_place(one.node, "Drop") is not None:
            return ()
        edit = with_setting(context.text, one.node, "Drop", "true", below="Name")
        return (Fix("add `Drop: true`", (edit,), is_safe=True),) if edit else ()
    rate: Edit | None
    node = one.node.get("SampleRate")
    if node is None:
        rate = with_setting(context.text, one.node, "SampleRate", "1", below="Name")
    else:
        rate = replaced(node, "1")
    if rate is None:
        return ()
    return (Fix("keep them all: `SampleRate: 1`", (rate,), is_safe=says_keep_all(rule.name)),)


def _deterministic_rate(target: LocatedTarget, rate: int) -> Iterator[Diagnostic]:
    place = target.place if target.node is None else target.node.source
    node = None if target.node is None else target.node.get("SampleRate")
    place = place if node is None else node.source
    name = in_backticks(target.name)
    if rate < 0 and rate % _UINT32:
        yield finding(
            "NEC521",
            place,
            f"{name} keeps every trace: `SampleRate: {rate}` is negative",
            label="counts as 1",
            help="write `SampleRate: 1`, or the number of traces of which one is to be kept",
        )
    elif rate > _UINT32 and rate % _UINT32:
        yield finding(
            "NEC521",
            place,
            f"{name} keeps one trace in {rate % _UINT32:,}, and says one in {rate:,}",
            label="counted in 32 bits",
            why="Refinery decides by the low 32 bits and reports the whole number",
            help="write a rate below 4,294,967,296",
        )
    elif rate >= _NEXT_TO_NOTHING and rate % _UINT32:
        yield finding(
            "NEC521",
            place,
            f"{name} keeps one trace in {rate:,}",
            why="each trace that is kept counts for so many",
            help="write a rule with `Drop: true` if none is to be kept",
            severity=Severity.HINT,
        )


def _beside_sampler(one: LocatedRule, rule: Rule, context: LintContext) -> Iterator[Diagnostic]:
    """Report `Drop: true` and `SampleRate` beside a `Sampler`, which decides alone."""
    shown = rule_in_words(one)
    related = (Label(one.sampler_place, "this decides"),) if one.sampler_place else ()
    if rule.drop:
        yield finding(
            "NEC523",
            one.at("Drop"),
            f"{shown} does not drop: its `Sampler` decides, and keeps a part",
            label="ignored",
            why="of `Sampler`, `Drop` and `SampleRate` Refinery takes the first that is there",
            help="remove `Sampler` to drop these traces, or `Drop` to sample them",
            related=related,
            fixes=_removals(one, context, ("Sampler", "Drop")),
        )
    if rule.sample_rate:
        yield finding(
            "NEC523",
            one.at("SampleRate"),
            f"{shown} ignores `SampleRate: {rule.sample_rate}`: its `Sampler` decides",
            label="ignored",
            why="of `Sampler`, `Drop` and `SampleRate` Refinery takes the first that is there",
            help="remove `Sampler` to sample by `SampleRate`, or `SampleRate`",
            related=related,
            fixes=_removals(one, context, ("Sampler", "SampleRate")),
        )


def _beside_drop(one: LocatedRule, rule: Rule, context: LintContext) -> Iterator[Diagnostic]:
    """Report a `SampleRate` beside `Drop: true`, a warning where the name says "keep"."""
    if rule.sample_rate < 1:
        return
    yield finding(
        "NEC523",
        one.at("SampleRate"),
        f"{rule_in_words(one)} drops all its traces: `Drop: true` stands above "
        f"`SampleRate: {rule.sample_rate}`",
        label="keeps none of them",
        why="of `Drop` and `SampleRate` Refinery takes `Drop`",
        help="remove `Drop` to sample these traces, or `SampleRate` to say plainly that they go",
        related=(Label(one.at("Drop"), "this decides"),),
        fixes=_removals(one, context, ("Drop", "SampleRate")),
        severity=Severity.WARNING if says_keep_all(rule.name) else Severity.HINT,
    )


def _removals(one: LocatedRule, context: LintContext, keys: tuple[str, ...]) -> tuple[Fix, ...]:
    """Offer to take out one of two settings: which of them was meant, only the writer knows."""
    if context.text is None or one.node is None:
        return ()
    edits = [(key, without_setting(context.text, one.node, key)) for key in keys]
    return tuple(Fix(f"remove `{key}`", (edit,)) for key, edit in edits if edit is not None)


def _no_catch_all(target: LocatedTarget, sampler: RulesConfig) -> Iterator[Diagnostic]:
    if target_start_exit(sampler) is not None or _covers_all(sampler):
        return
    rules = [rule for rule in sampler.rules if rule is not None]
    keeps_all = all(r.sampler is None and not r.drop and r.sample_rate == 1 for r in rules)
    name = in_backticks(target.name)
    if not rules:
        headline = f"{name} keeps every trace: it has no rules"
    elif keeps_all:
        headline = f"{name} keeps every trace: what its rules keep, and what matches none"
    else:
        headline = f"{name} keeps every trace that matches none of its rules, at rate 1"
    elsewhere = "" if target.name == DEFAULT_TARGET else "; `__default__` is not asked for it"
    yield finding(
        "NEC522",
        key_place(target.node, "Rules") or target.sampler_place or target.place,
        headline,
        label="no rule for the rest",
        why=f"what no rule matches is kept whole{elsewhere}",
        help="end with a rule without `Conditions`, even if it says `SampleRate: 1`",
    )


def _covers_all(sampler: RulesConfig) -> bool:
    """Say whether some rule takes what is left: one without conditions, or a pair about the root.

    A cheap reading: other rules may cover everything together, so this is a hint's question only.
    """
    roots: set[object] = set()
    for rule in sampler.rules:
        if rule is not None and not rule.conditions:
            return True
        only = (
            rule.conditions[0] if rule and rule.conditions and len(rule.conditions) == 1 else None
        )
        if only is not None and only.operator == HAS_ROOT_SPAN and rule and rule.scope != "span":
            roots.add(only.value)
    return {True, False} <= roots

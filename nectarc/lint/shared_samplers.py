"""Samplers of several rules that are one sampler in Refinery.

Owns: NEC525. Must not know: what a sampler computes.
Truth: ../shared/reference/refinery-semantics.md, 4.1, 10 (3.1.1, 3.2.2), 8 (T37).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.lint.context import LintContext
from nectarc.lint.located_samplers import (
    THROUGHPUT_GOAL,
    LocatedSampler,
    in_backticks,
    named,
    places,
    rule_in_words,
    samplers_of,
)
from nectarc.refinery.located import LocatedRules, LocatedTarget

_Key: TypeAlias = tuple[str, object, tuple[str, ...]]

_RATE_OF_KIND: Final = {"DynamicSampler": "SampleRate", "EMADynamicSampler": "GoalSampleRate"}
# Each rule builds its own key and looks itself up by its rate; if one asks for the cluster's size,
# it holds for all. Neither is what the first rule imposes on the others.
_NOT_IMPOSED: Final = frozenset(("UseTraceLength", "UseClusterSize"))


def check_shared_samplers(target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    """Report samplers of one target's rules that Refinery makes one."""
    for group in _groups((one for one in samplers_of(target) if one.rule), context):
        names = tuple(rule_in_words(one.rule) for one in group if one.rule)
        yield _shared(group, named(names), f"in {in_backticks(target.name)}")


def check_shared_across_targets(
    located: LocatedRules, context: LintContext
) -> Iterator[Diagnostic]:
    """Report samplers that rules of several targets share, before 3.1.1 separated them."""
    if context.release.shares_by_environment:
        return
    owners = {
        id(one): target.name
        for target in located.targets
        for one in target.rules
        if one.rule is not None
    }
    every = (one for target in located.targets for one in samplers_of(target) if one.rule)
    for group in _groups(every, context):
        names = tuple(dict.fromkeys(in_backticks(owners[id(one.rule)]) for one in group))
        if len(names) > 1:
            release = context.release.name
            yield _shared(group, f"rules of {named(names)}", f"in Refinery {release}")


def parameter_differences(one: LocatedSampler, first: LocatedSampler) -> tuple[str, ...]:
    """Return the settings of `one` that Refinery ignores because `first` was built before it."""
    ours, theirs = dict(one.config.parameters), dict(first.config.parameters)
    names = dict.fromkeys((*ours, *theirs))
    return tuple(n for n in names if n not in _NOT_IMPOSED and ours.get(n) != theirs.get(n))


def _groups(
    samplers: Iterable[LocatedSampler], context: LintContext
) -> Iterator[tuple[LocatedSampler, ...]]:
    """Yield those that Refinery looks up under one text, two or more, in file order."""
    is_sorting = context.release.sorts_key_fields
    found: dict[_Key, list[LocatedSampler]] = {}
    for one in samplers:
        fields = one.config.field_list
        rate = one.number(_RATE_OF_KIND.get(one.config.kind, THROUGHPUT_GOAL))
        key = (one.config.kind, rate, tuple(sorted(fields)) if is_sorting else fields)
        found.setdefault(key, []).append(one)
    yield from (tuple(group) for group in found.values() if len(group) > 1)


def _shared(group: tuple[LocatedSampler, ...], names: str, where: str) -> Diagnostic:
    first, second = group[0], group[1]
    goal = first.number(THROUGHPUT_GOAL)
    ignored = tuple(
        dict.fromkeys(name for one in group[1:] for name in parameter_differences(one, first))
    )
    headline = f"{names} share one sampler" + (f": {goal:,} a second together" if goal else "")
    if ignored:
        shown = named(tuple(f"`{name}`" for name in ignored))
        verb = "is" if len(ignored) == 1 else "are"
        leader = rule_in_words(first.rule) if first.rule else "the first"
        headline += f"{'; ' if goal else ', and '}{shown} {verb} as in {leader}"
    why = "Refinery makes one sampler of all with the same kind, rate and fields"
    if any(one.config.parameter("UseClusterSize") is True for one in group) and not all(
        one.config.parameter("UseClusterSize") is True for one in group
    ):
        why += "; `UseClusterSize` of one holds for all"
    return finding(
        "NEC525",
        second.place,
        headline,
        label=f"the same sampler {where}".rstrip(),
        why=why,
        help="write one rule, or another goal or another `FieldList` where each needs its own",
        related=places(
            tuple(one.place for one in (first, *group[2:])), "the same sampler", second.place
        ),
        severity=None if goal or ignored else Severity.HINT,
    )

"""Traps of a sampler's settings: shadowed samplers, goals, zeros, intervals.

Owns: NEC524, NEC526, NEC527, NEC528, NEC529, NEC532, NEC533. Must not know: fields of keys.
Truth: ../shared/reference/refinery-semantics.md, 1.2, 1.6, 4.1, 4.6 to 4.10, 10,
8 (T41 to T44, T47, T61, T62).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix, Label, Severity
from nectarc.evaluate.sampler_start import start_exit
from nectarc.lint.context import LintContext
from nectarc.lint.located_samplers import (
    THROUGHPUT_GOAL,
    LocatedSampler,
    in_backticks,
    places,
    rule_in_words,
    samplers_of,
)
from nectarc.lint.many_values import has_own_value_each
from nectarc.refinery.decode import shown_sampler
from nectarc.refinery.located import LocatedTarget
from nectarc.refinery.rules import DEFAULT_TARGET, EmptySampler
from nectarc.refinery.yaml_edits import replaced, without_setting
from nectarc.refinery.yaml_nodes import YamlMapping, YamlScalar

_SECOND: Final = 10**9
_MILLISECOND: Final = 10**6
_RATES: Final = frozenset(("SampleRate", "GoalSampleRate", "InitialSampleRate"))
_DEFAULT_CLEAR: Final = 30 * _SECOND
# Below so many traces a second, what is lost by rounding can be more than a tenth of the goal.
_ROUNDING_MATTERS_BELOW: Final = 100
# What Refinery takes for a zero, in the words of the file; LookbackFrequency and AgeOutValue follow
# another setting (reference, 1.2).
_ZERO_MEANS: Final = {
    "SampleRate": "10",
    "GoalSampleRate": "10",
    "InitialSampleRate": "10",
    "ClearFrequency": "30s",
    "AdjustmentInterval": "15s",
    "UpdateFrequency": "1s",
    "Weight": "0.5",
    "BurstMultiple": "2",
    "BurstDetectionDelay": "3",
    "MaxKeys": "500",
}
_INSTEAD: Final = {
    "SampleRate": "; to keep everything, write `SampleRate: 1`",
    "GoalSampleRate": "; to keep everything, write `GoalSampleRate: 1`",
    "BurstMultiple": "; a negative number switches bursts off",
    "MaxKeys": "; a negative number takes the limit away",
    "Weight": "; the least weight is a small number such as `0.01`",
}


def check_samplers(target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    """Check the samplers of a target and of its rules, one by one."""
    if not isinstance(target.sampler, EmptySampler):
        yield from _ignored_in_target(target, context)
    for rule in target.rules:
        yield from _ignored_in_rule(target, rule.index, context)
    samplers = [one for one in samplers_of(target) if start_exit(one.config) is None]
    if target.name == DEFAULT_TARGET:
        yield from _goals_by_environment(samplers, context)
    for one in samplers:
        yield from _cluster_size(one, context)
        yield from _windowed(one)
        yield from _zeros(one, context)
        yield from _idle(one)


def _ignored_in_target(target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    if target.outer is None or target.sampler_place is None:
        return
    # By name, not by place: in a text in quotes everything has the one place of the text.
    used = shown_sampler(target.outer, in_rule=False)
    winner = in_backticks(used)
    for entry in target.outer.entries:
        key = entry.key.text
        if key == used or _is_null(entry.value):
            continue
        is_sampler = key.endswith("Sampler")
        yield finding(
            "NEC526",
            entry.key.source,
            f"`{key}` of {in_backticks(target.name)} is never read"
            + (f": {winner} decides" if is_sampler else ""),
            label="ignored" if is_sampler else "no sampler",
            why="a target has one sampler; of several that stand side by side Refinery takes "
            "`DeterministicSampler` first, then `RulesBasedSampler`, then the dynamic ones"
            if is_sampler
            else "Refinery reads only the samplers of a target",
            help=f"remove {winner} to use `{key}`, or remove `{key}`"
            if is_sampler
            else f"move `{key}` into the `RulesBasedSampler`, or remove it"
            if key == "Rules"
            else f"remove `{key}`",
            related=(Label(target.sampler_place, "this one decides"),),
            fixes=_removal(target.outer, key, context),
        )


def _ignored_in_rule(
    target: LocatedTarget, index: int, context: LintContext
) -> Iterator[Diagnostic]:
    one = target.rules[index]
    outer = one.node.get("Sampler") if one.node is not None else None
    if one.sampler_place is None or not isinstance(outer, YamlMapping):
        return
    if one.rule is None or isinstance(one.rule.sampler, EmptySampler):
        return
    used = shown_sampler(outer, in_rule=True)
    winner = in_backticks(used)
    for entry in outer.entries:
        key = entry.key.text
        if key == used or _is_null(entry.value):
            continue
        yield finding(
            "NEC526",
            entry.key.source,
            f"`{key}` of {rule_in_words(one)} is never read: {winner} decides",
            label="ignored",
            why="a rule has one sampler; of several Refinery takes `DynamicSampler` first, then "
            "`EMADynamicSampler`, `TotalThroughputSampler`, `EMAThroughputSampler`, "
            "`WindowedThroughputSampler`",
            help=f"remove {winner} to use `{key}`, or remove `{key}`",
            related=(Label(one.sampler_place, "this one decides"),),
            fixes=_removal(outer, key, context),
        )


def _removal(outer: YamlMapping, key: str, context: LintContext) -> tuple[Fix, ...]:
    edit = None if context.text is None else without_setting(context.text, outer, key)
    return () if edit is None else (Fix(f"remove `{key}`", (edit,)),)


def _goals_by_environment(
    samplers: list[LocatedSampler], context: LintContext
) -> Iterator[Diagnostic]:
    # Before 3.1.1 the samplers of rules were shared by all environments.
    is_apart = context.release.shares_by_environment
    found = [one for one in samplers if one.number(THROUGHPUT_GOAL) and (is_apart or not one.rule)]
    if not found:
        return
    first = found[0]
    goal = first.number(THROUGHPUT_GOAL)
    is_divided = _uses_cluster_size(first) and context.release.uses_cluster_size
    each = "" if is_divided else " on each Refinery process"
    yield finding(
        "NEC527",
        first.at(THROUGHPUT_GOAL),
        f"{goal:,} a second is the goal of each environment{each}, not of all together",
        label="not a total",
        why="`__default__` makes a sampler of its own for every environment, or classic dataset, "
        "without a target",
        help="name the environments as targets where one of them needs a goal of its own",
        related=places(
            tuple(one.at(THROUGHPUT_GOAL) for one in found[1:]),
            "so is this",
            first.at(THROUGHPUT_GOAL),
        ),
    )


def _cluster_size(one: LocatedSampler, context: LintContext) -> Iterator[Diagnostic]:
    goal = one.number(THROUGHPUT_GOAL)
    if not _uses_cluster_size(one):
        return
    if not context.release.uses_cluster_size:
        yield finding(
            "NEC528",
            one.at("UseClusterSize"),
            f"`UseClusterSize` does nothing in Refinery {context.release.name}: each process aims "
            f"at {goal:,} a second",
            label="applied since 3.1.1",
            why="the cluster as a whole keeps the goal times the number of its processes",
            help="divide the goal by the number of processes, or use Refinery 3.1.1 or later",
            severity=Severity.WARNING,
        )
    elif goal < _ROUNDING_MATTERS_BELOW:
        # From half the goal on each process has 1 a second, however many there are.
        few, many = max(goal // 2 + 1, 2), max(2 * goal, 3)
        yield finding(
            "NEC528",
            one.at(THROUGHPUT_GOAL),
            f"a goal of {goal} a second is divided by the number of processes and rounded down",
            label="at least 1 a second each",
            why=f"on {few} processes the cluster aims at {few}, on {many} at {many}",
            help="write a goal that is a multiple of the number of processes",
        )


def _uses_cluster_size(one: LocatedSampler) -> bool:
    return one.config.parameter("UseClusterSize") is True


def _windowed(one: LocatedSampler) -> Iterator[Diagnostic]:
    if one.config.kind != "WindowedThroughputSampler":
        return
    update = one.duration("UpdateFrequency") or _SECOND
    lookback = one.duration("LookbackFrequency") or 30 * update
    if lookback < update:
        yield finding(
            "NEC524",
            one.at("LookbackFrequency"),
            f"keeps every trace: `LookbackFrequency` is shorter than `UpdateFrequency`, "
            f"{_in_words(update)}",
            label="no whole interval fits into it",
            why="the sampler counts whole intervals, so it never counts anything and every rate "
            "stays 1",
            help="look back over several intervals, such as `30s`",
            related=places((one.at("UpdateFrequency"),), "one interval")
            if one.value("UpdateFrequency")
            else (),
        )
        return
    if lookback % update:
        kept = lookback // update * update
        yield finding(
            "NEC524",
            one.at("LookbackFrequency"),
            f"looks back over {_in_words(kept)} only: `LookbackFrequency` is cut to whole "
            f"intervals of {_in_words(update)}",
            label="no multiple of `UpdateFrequency`",
            why="the sampler counts whole intervals only",
            help=f"write `LookbackFrequency: {_in_words(kept)}`, or another `UpdateFrequency`",
            severity=Severity.HINT,
        )
    keys = one.number("MaxKeys")
    if keys == 0 or (keys > 0 and any(has_own_value_each(n) for n, _ in one.key_fields)):
        yield finding(
            "NEC529",
            one.at("MaxKeys"),
            f"with {keys or 500:,} keys in its window this sampler stops sampling and keeps "
            "every trace",
            label=f"{keys or 500:,} keys at most",
            why="at `MaxKeys` a windowed sampler refuses all keys, those it knows as well, until "
            "old ones leave the window: it gives up when there is most traffic",
            help="write a `MaxKeys` that no window reaches, or `EMAThroughputSampler`, which "
            "refuses new keys only",
        )


def _zeros(one: LocatedSampler, context: LintContext) -> Iterator[Diagnostic]:
    """Report zeros: Refinery takes them for settings that are not there."""
    for name, value in one.config.parameters:
        is_zero = one.duration(name) == 0 if isinstance(value, str) else value == 0
        node = one.value(name)
        meant = _meaning_of_zero(one, name)
        if isinstance(value, bool) or not is_zero or node is None or not meant:
            continue
        is_rate = name in _RATES
        fixes = (
            ()
            if context.text is None
            # A written rate is part of the text that samplers are shared by: not quite the same.
            else (Fix(f"write `{name}: {meant}`", (replaced(node, meant),), is_safe=not is_rate),)
        )
        yield finding(
            "NEC532",
            node.source,
            f"`{name}: {in_backticks(node.text)[1:-1]}` counts as {meant}",
            label="0 means `not set`",
            why=_why_of_zero(name),
            help=f"write the number that is meant{_INSTEAD.get(name, '')}",
            fixes=fixes,
            severity=None if is_rate else Severity.HINT,
        )


def _meaning_of_zero(one: LocatedSampler, name: str) -> str:
    if name == "AgeOutValue":
        weight = one.value("Weight")
        return weight.text if weight is not None and one.config.parameter("Weight") else "0.5"
    if name == "LookbackFrequency":
        return _in_words(30 * (one.duration("UpdateFrequency") or _SECOND))
    return _ZERO_MEANS.get(name, "")


def _why_of_zero(name: str) -> str:
    if name == "InitialSampleRate":
        return "until it has counted once the sampler keeps one trace in 10"
    if name in _RATES:
        return "the sampler aims at one trace in 10: neither all of them nor none"
    if name == "Weight":
        return "the average is not frozen: new counts weigh as much as old ones"
    return "the sampler runs as if the line were not there"


def _idle(one: LocatedSampler) -> Iterator[Diagnostic]:
    if one.config.kind not in ("DynamicSampler", "TotalThroughputSampler"):
        return
    interval = one.duration("ClearFrequency") or _DEFAULT_CLEAR
    if interval > _DEFAULT_CLEAR:
        return
    ema = "EMADynamicSampler" if one.config.kind == "DynamicSampler" else "EMAThroughputSampler"
    yield finding(
        "NEC533",
        one.at("ClearFrequency"),
        f"after {_in_words(interval)} without traffic the next {_in_words(interval)} are kept "
        "whole",
        label=f"clears its counts every {_in_words(interval)}",
        why="an idle interval empties the table of rates, and a key that is not in it has rate 1",
        help=f"write a longer `ClearFrequency`, or use `{ema}`, whose averages outlast a gap",
    )


def _in_words(nanoseconds: int) -> str:
    """Write a duration as Go reads it, in its largest whole unit."""
    for unit, size in (("h", 3600 * _SECOND), ("m", 60 * _SECOND), ("s", _SECOND)):
        if nanoseconds % size == 0:
            return f"{nanoseconds // size}{unit}"
    if nanoseconds % _MILLISECOND == 0:
        return f"{nanoseconds // _MILLISECOND}ms"
    return f"{nanoseconds}ns"


def _is_null(node: object) -> bool:
    return isinstance(node, YamlScalar) and node.value is None

"""The two sides of a comparison: what each Refinery target is decided by, and words for it.

Owns: `Side` and `Target`. Must not know: files, revisions, solvers.
Truth: ../shared/reference/refinery-semantics.md, 1.1: a target that a file does not name is decided
by `__default__`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, TypeAlias, assert_never

from nectarc.ir import nodes as ir
from nectarc.logic.decision_list import (
    DecisionList,
    Effect,
    Refused,
    list_of_policy,
    list_of_rules,
)
from nectarc.logic.formula import TRUE
from nectarc.prove.shares import expected_share, goal_per_second
from nectarc.records import record, replace
from nectarc.refinery.rules import (
    DEFAULT_TARGET,
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RuleSampler,
    RulesConfig,
    RulesFile,
    TargetSampler,
)
from nectarc.report.rules_words import rule_words
from nectarc.report.words import match_words
from nectarc.trace import Trace

Decided: TypeAlias = "ir.Policy | TargetSampler"
NO_RULE: Final = "(no rule)"  # no rule's name in parentheses is ours
ANYTHING: Final = "anything happens"  # as nectarc/report/words.py says `true`


@record(kw_only=True)
class Fate:
    """What happens to the traces that an entry decides.

    rule:   its name; "(no rule)" where none matches.
    asks:   what it asks of a trace, the end of "traces in which ...".
    effect: what becomes of them in a few words: "kept", "1 in 100".
    share:  the share that it aims to keep, None where that depends on the flow.
    goal:   events a second that it aims for, None where it has no such goal.
    sampler: the kind that decides for a whole target without rules, "" else.
    """

    rule: str
    asks: str
    effect: str
    share: float | None
    goal: float | None = None
    sampler: str = ""


@record(kw_only=True)
class Target:
    """One target of a side.

    name:      Refinery's name of it. decisions: for proofs. decided: for a corpus.
    fates:     entry by entry. default: of a trace that no entry matches.
    is_policy: it is a policy, not a rules file.
    """

    name: str
    decisions: DecisionList
    decided: Decided
    fates: tuple[Fate, ...]
    default: Fate
    is_policy: bool

    def fate(self, entry: int | None) -> Fate:
        """Return what the entry does; None: no entry matches."""
        return self.default if entry is None else self.fates[entry]

    def takes_all(self, entry: int | None) -> bool:
        """Say whether the entry decides every trace: it is the first and asks nothing."""
        entries = self.decisions.entries
        if entry is None:
            return not entries
        return entry == 0 and entries[0].when == TRUE

    def named(self, rule: str) -> Fate | None:
        """Return what the first rule of that name does; None without one."""
        return next((one for one in self.fates if one.rule == rule), None)


@record
class Side:
    """One side: its name as the user gave it, and its targets in the order of the file."""

    name: str
    targets: Mapping[str, Target]

    def target(self, name: str) -> Target:
        """Return what decides for `name`: its own target, or the default one."""
        found = self.targets.get(name)
        return found if found is not None else self.targets[DEFAULT_TARGET]


def side_of_policies(name: str, policies: Mapping[str, ir.Policy]) -> Side:
    """Return a side of policies by target; one of them is for `__default__`."""
    return Side(name, {target: _policy(target, one) for target, one in policies.items()})


def side_of_rules(name: str, rules: RulesFile) -> Side:
    """Return a side that is a rules file."""
    return Side(name, {target: _rules(target, one) for target, one in rules.samplers.items()})


def _policy(name: str, policy: ir.Policy) -> Target:
    return Target(
        name=name,
        decisions=list_of_policy(policy),
        decided=policy,
        fates=tuple(
            Fate(
                rule=rule.name,
                asks=match_words(rule.match),
                effect=action_effect(rule.action),
                share=expected_share(rule.action),
                goal=goal_per_second(rule.action),
            )
            for rule in policy.rules
        ),
        default=_KEPT,  # INVARIANT (ir.Policy): not reached
        is_policy=True,
    )


def _rules(name: str, sampler: TargetSampler) -> Target:
    decisions = list_of_rules(sampler, name)
    if isinstance(decisions, Refused):
        return _dead(name, sampler, decisions.reason)
    rules = sampler.rules if isinstance(sampler, RulesConfig) else ()
    default = _KEPT if isinstance(sampler, RulesConfig) else _whole_target_fate(sampler)
    return Target(
        name=name,
        decisions=decisions,
        decided=sampler,
        fates=tuple(_rule_fate(rule) for rule in rules if rule is not None),
        default=default,
        is_policy=False,
    )


def _dead(name: str, sampler: TargetSampler, reason: str) -> Target:
    """Return a target at whose first trace Refinery's process ends: it decides nothing."""
    nothing = Effect(Fraction(0), Fraction(0), reason)

    def decide(_trace: Trace) -> int | None:
        return None

    return Target(
        name=name,
        decisions=DecisionList(name, (), nothing, decide, ()),
        decided=sampler,
        fates=(),
        default=Fate(rule=NO_RULE, asks="there are no rules", effect=reason, share=0.0),
        is_policy=False,
    )


_KEPT: Final = Fate(rule=NO_RULE, asks="no rule matches", effect="kept", share=1.0)


def _rule_fate(rule: Rule) -> Fate:
    asks = rule_words(rule)
    if rule.sampler is not None:
        return _sampler_fate(rule.name, asks, rule.sampler)
    rate = 0 if rule.drop or rule.sample_rate < 1 else rule.sample_rate
    return Fate(
        rule=rule.name,
        asks=asks,
        effect=_rate_effect(rate),
        share=1 / rate if rate else 0.0,
    )


def _whole_target_fate(sampler: RuleSampler) -> Fate:
    kind = ""
    if isinstance(sampler, DynamicConfig):
        kind = sampler.kind
    elif isinstance(sampler, DeterministicConfig):
        kind = "DeterministicSampler"
    return replace(_sampler_fate("", "", sampler), sampler=kind)


def _sampler_fate(name: str, asks: str, sampler: TargetSampler) -> Fate:
    rule = name or NO_RULE
    asked = asks or "there are no rules"
    match sampler:
        case DeterministicConfig():
            action: ir.Action = ir.Deterministic(max(1, sampler.sample_rate))
        case DynamicConfig():
            action = ir.DynamicSampler(sampler.kind, sampler.parameters, sampler.field_list)
        case EmptySampler() | RulesConfig():
            return Fate(rule=rule, asks=asked, effect="the process ends", share=0.0)
        case _:
            assert_never(sampler)
    return Fate(
        rule=rule,
        asks=asked,
        effect=action_effect(action),
        share=expected_share(action),
        goal=goal_per_second(action),
    )


def action_effect(action: ir.Action) -> str:
    """Return what becomes of a trace in a few words: `kept`, `1 in 100`, a sampler."""
    match action:
        case ir.Keep():
            return "kept"
        case ir.Drop():
            return "dropped"
        case ir.Sample(one_in):
            return _rate_effect(one_in)
        case ir.Deterministic(one_in):
            return "kept" if one_in == 1 else f"1 in {one_in:,} by trace id"
        case ir.DynamicSampler():
            settings = ", ".join(_settings(action.parameters))
            key = ", ".join(action.field_list)
            return f"{action.kind} ({'; '.join(one for one in (settings, f'key {key}') if one)})"
        case _:
            assert_never(action)


def _rate_effect(rate: int) -> str:
    return {0: "dropped", 1: "kept"}.get(rate, f"1 in {rate:,}")


def _settings(parameters: Sequence[tuple[str, int | float | bool | str]]) -> Iterator[str]:
    for name, value in parameters:
        yield f"{name} {str(value).lower() if isinstance(value, bool) else value}"

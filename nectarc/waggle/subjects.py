"""What a report is about: a policy, or one target of a rules file, as one list of entries.

Owns: what each rule does, in words and numbers that do not depend on traffic.
Must not know: corpora, layout. Truth: ../shared/reference/refinery-semantics.md, 1.1 and 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias, assert_never

from nectarc.compare.sides import NO_RULE
from nectarc.ir import nodes as ir
from nectarc.logic.decision_list import Refused, list_of_rules
from nectarc.prove.shares import expected_share, goal_per_second
from nectarc.records import record, replace
from nectarc.refinery.emit import emit_rule, emit_rules_of, emit_sampler
from nectarc.refinery.lowered import Assumption, Lowered
from nectarc.refinery.rules import (
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RulesConfig,
    TargetSampler,
)
from nectarc.report.rules_words import rule_words
from nectarc.report.words import action_phrase, match_words, sampler_words
from nectarc.waggle.records import Fate

Decided: TypeAlias = "ir.Policy | TargetSampler"
WHOLE_TARGET: Final = "(whole target)"  # no rule's name in parentheses is ours
_ENDS: Final = "process ends"


@record(kw_only=True)
class Entry:
    """One rule.

    share: that it aims to keep, None where that depends on the flow. is_goal: `share` is a goal.
    goal:  events a second that it aims for, None without. Others: as in `RuleReport`.
    """

    name: str
    words: str
    action: str
    fate: Fate
    share: float | None
    description: str = ""
    settings: str = ""
    one_in: int | None = None
    is_goal: bool = False
    goal: float | None = None
    refinery: tuple[str, ...] = ()


@record(kw_only=True)
class Subject:
    """A policy or a target.

    name:    of the policy, or of the target.  file, digest: as in `TargetReport`.
    targets: that it decides for.  decided: for a corpus.
    entries: in the order of `decided`.  default: of a trace that no entry matches.
    sampler, refused, assumptions: as in `TargetReport`.
    """

    name: str
    is_policy: bool
    file: str
    digest: str
    targets: tuple[str, ...]
    decided: Decided
    entries: tuple[Entry, ...]
    default: Entry
    sampler: str = ""
    refused: str = ""
    assumptions: tuple[Assumption, ...] = ()


@record(kw_only=True)
class Origin:
    """The file that a subject comes from: its name, and the SHA-256 of its bytes."""

    file: str = ""
    digest: str = ""


def subject_of_policy(
    policy: ir.Policy,
    lowered: Lowered | None = None,
    *,
    origin: Origin,
    targets: tuple[str, ...] = (),
    refused: str = "",
) -> Subject:
    """Describe a policy. lowered: its Refinery rules; None, and `refused` says why there are none.

    origin: where it was read.  targets: the environments that it is for.
    """
    entries = tuple(
        _entry(
            rule.name,
            rule.action,
            _sentence(rule.action, match_words(rule.match), index, _takes_all(rule.match)),
            description=rule.description,
            refinery=() if lowered is None else emit_rules_of(rule.name, lowered),
        )
        for index, rule in enumerate(policy.rules)
    )
    return Subject(
        name=policy.name,
        is_policy=True,
        file=origin.file,
        digest=origin.digest,
        targets=targets,
        decided=policy,
        entries=entries,
        default=_KEPT,  # INVARIANT (ir.Policy): not reached
        refused="" if lowered is not None else refused,
        assumptions=lowered.assumptions if lowered is not None else (),
    )


def subject_of_target(name: str, sampler: TargetSampler, origin: Origin) -> Subject:
    """Describe one target of a rules file."""
    decisions = list_of_rules(sampler, name)
    dead = decisions.reason if isinstance(decisions, Refused) else ""
    rules = sampler.rules if isinstance(sampler, RulesConfig) and not dead else ()
    if dead:
        default = _ended(dead)
    else:
        default = _KEPT if isinstance(sampler, RulesConfig) else _whole_target(sampler)
    return Subject(
        name=name,
        is_policy=False,
        file=origin.file,
        digest=origin.digest,
        targets=(name,),
        decided=sampler,
        entries=tuple(
            _rule_entry(rule, index) for index, rule in enumerate(rules) if rule is not None
        ),
        default=default,
        sampler="" if isinstance(sampler, RulesConfig | EmptySampler) else emit_sampler(sampler),
    )


def _rule_entry(rule: Rule, index: int) -> Entry:
    action = _action_of(rule)
    asks = rule_words(rule)
    # An empty sampler ends the process: it keeps nothing, and says so.
    words = (
        f"Ends Refinery's process at a trace in which {asks}."
        if action is None
        else _sentence(action, asks, index, not rule.conditions)
    )
    named = rule.name or f"rule {index + 1}, without a name"
    entry = _entry(named, action or ir.Drop(), words, refinery=(emit_rule(rule),))
    return replace(entry, action=_ENDS) if action is None else entry


def _action_of(rule: Rule) -> ir.Action | None:
    if rule.sampler is not None:
        return _sampler_action(rule.sampler)
    if rule.drop or rule.sample_rate < 1:
        return ir.Drop()
    return ir.Keep() if rule.sample_rate == 1 else ir.Sample(rule.sample_rate)


def _sampler_action(sampler: TargetSampler) -> ir.Action | None:
    """Return what a sampler does, None where Refinery's process ends."""
    match sampler:
        case DeterministicConfig():
            return ir.Deterministic(sampler.sample_rate) if sampler.sample_rate > 1 else ir.Keep()
        case DynamicConfig():
            return ir.DynamicSampler(sampler.kind, sampler.parameters, sampler.field_list)
        case EmptySampler() | RulesConfig():
            return None
        case _:
            assert_never(sampler)


def _whole_target(sampler: TargetSampler) -> Entry:
    action = _sampler_action(sampler)
    if action is None:
        return _ended("the target has no sampler")
    words = f"{action_phrase(action)} traces."
    if isinstance(action, ir.DynamicSampler):
        settings = "; ".join(_settings(action))
        words = f"Leaves all traces to {sampler_words(action.kind)} ({settings})."
    return _entry(WHOLE_TARGET, action, words)


def _ended(reason: str) -> Entry:
    return Entry(
        name=WHOLE_TARGET,
        words=f"Refinery's process ends at the first trace: {reason}.",
        action=_ENDS,
        fate=Fate.DROP,
        share=0.0,
    )


def _entry(
    name: str,
    action: ir.Action,
    words: str,
    *,
    description: str = "",
    refinery: tuple[str, ...] = (),
) -> Entry:
    share = expected_share(action)
    is_sampler = isinstance(action, ir.DynamicSampler)
    return Entry(
        name=name,
        description=description,
        words=words,
        action=_short(action, share),
        settings="; ".join(_settings(action)),
        fate=_fate(action, share),
        one_in=_one_in(action),
        share=share,
        is_goal=is_sampler and share is not None,
        goal=goal_per_second(action) if share is None else None,
        refinery=refinery,
    )


def _short(action: ir.Action, share: float | None) -> str:
    if isinstance(action, ir.DynamicSampler):
        return action.kind
    assert share is not None
    return "keep" if share == 1 else "drop" if share == 0 else f"1 in {round(1 / share):,}"


def _fate(action: ir.Action, share: float | None) -> Fate:
    if isinstance(action, ir.DynamicSampler):
        return Fate.BY_FLOW
    return Fate.KEEP if share == 1 else Fate.DROP if share == 0 else Fate.SAMPLE


def _one_in(action: ir.Action) -> int | None:
    match action:
        case ir.Keep():
            return 1
        case ir.Sample() | ir.Deterministic():
            return action.one_in
        case ir.Drop() | ir.DynamicSampler():
            return None
        case _:
            assert_never(action)


def _settings(action: ir.Action) -> Iterator[str]:
    if isinstance(action, ir.Deterministic):
        yield "chosen by trace id"
    if isinstance(action, ir.DynamicSampler):
        for name, value in action.parameters:
            yield f"{name} {str(value).lower() if isinstance(value, bool) else value}"
        if action.field_list:
            yield f"key {', '.join(action.field_list)}"


def _sentence(action: ir.Action, asks: str, index: int, takes_all: bool) -> str:  # noqa: FBT001
    if not takes_all:
        return f"{action_phrase(action)} traces in which {asks}."
    which = "traces" if index == 0 else "traces that no rule above matches"
    return f"{action_phrase(action)} {which}."


def _takes_all(match: ir.TraceExpr) -> bool:
    return match == ir.Constant(True)


_KEPT: Final = Entry(
    name=NO_RULE,
    words="Keeps all traces that no rule matches: Refinery's own default.",
    action="keep",
    fate=Fate.KEEP,
    share=1.0,
    one_in=1,
)

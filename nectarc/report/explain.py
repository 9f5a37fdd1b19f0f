"""What each rule of a policy means, does with a corpus, and becomes.

Owns: putting together. Must not know: layout.
Truth: ../shared/design/product.md (`explain`).
"""

from __future__ import annotations

from typing import Final

from nectarc.ir.nodes import DynamicSampler, Policy
from nectarc.prove.shares import expected_share
from nectarc.records import record
from nectarc.refinery.emit import emit_rule, emit_sampler
from nectarc.refinery.lowered import Assumption, Lowered
from nectarc.refinery.rules import RulesConfig
from nectarc.report.words import sentence


@record(kw_only=True)
class RuleCounts:
    """What of a corpus each rule of a policy decides.

    corpus_traces: trace exemplars looked at.
    traces, events: for each rule, what those that it decides stand for.
    is_weighted:   some stand for more than themselves.
    presampled:    how the corpus was sampled, "" if it is whole.
    """

    corpus_traces: int = 0
    traces: tuple[float, ...] = ()
    events: tuple[float, ...] = ()
    is_weighted: bool = False
    presampled: str = ""


_NO_CORPUS: Final = RuleCounts()


@record
class RuleExplanation:
    """One rule of the policy.

    words:         what it does, a sentence.
    traces, events: of the corpus that it decides, each counted as often as its sample rate says.
    share:         the share of them that it keeps or aims to keep; None where that depends on the
                   flow of traffic.
    rules:         Refinery rules that it becomes, as YAML list items; empty when not lowered.
    """

    name: str
    description: str
    words: str
    action: str
    traces: float
    events: float
    share: float | None
    rules: tuple[str, ...]


@record
class Explanation:
    """A policy, explained.

    corpus_traces: trace exemplars looked at, 0 without a corpus. traces, events: what they stand
                   for. is_weighted: some stand for more than themselves.
    assumptions:   what the rules take for granted. presampled: as in `RuleCounts`.
    """

    policy: str
    rules: tuple[RuleExplanation, ...]
    corpus_traces: int
    traces: float
    events: float
    is_weighted: bool
    assumptions: tuple[Assumption, ...]
    presampled: str = ""


def explain_policy(
    policy: Policy, counts: RuleCounts = _NO_CORPUS, lowered: Lowered | None = None
) -> Explanation:
    """Explain `policy`; `counts` are of `count_rules` for the same policy."""
    nothing = (0.0,) * len(policy.rules)
    traces = counts.traces or nothing
    events = counts.events or nothing
    rules = tuple(
        RuleExplanation(
            rule.name,
            rule.description,
            sentence(rule.match, rule.action),
            _action(policy, index),
            traces[index],
            events[index],
            expected_share(rule.action),
            _rules_of(rule.name, lowered),
        )
        for index, rule in enumerate(policy.rules)
    )
    return Explanation(
        policy.name,
        rules,
        counts.corpus_traces,
        sum(traces),
        sum(events),
        counts.is_weighted,
        lowered.assumptions if lowered is not None else (),
        counts.presampled,
    )


def _action(policy: Policy, index: int) -> str:
    action = policy.rules[index].action
    if isinstance(action, DynamicSampler):
        return action.kind
    share = expected_share(action)
    assert share is not None
    return "keep" if share == 1 else "drop" if share == 0 else f"1 in {round(1 / share):,}"


def _rules_of(name: str, lowered: Lowered | None) -> tuple[str, ...]:
    if lowered is None:
        return ()
    if not isinstance(lowered.sampler, RulesConfig):
        return (emit_sampler(lowered.sampler),)
    return tuple(
        emit_rule(rule)
        for rule, origin in zip(lowered.sampler.rules, lowered.origins, strict=True)
        if rule is not None and origin.rule == name
    )

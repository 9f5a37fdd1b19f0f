"""What each rule of a policy means, does with a corpus, and becomes.

Owns: counting and putting together. Must not know: layout.
Truth: ../shared/design/product.md (`explain`).
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.policy import decide
from nectarc.ir.nodes import DynamicSampler, Policy
from nectarc.prove.shares import expected_share
from nectarc.records import record
from nectarc.refinery.emit import emit_rule, emit_sampler
from nectarc.refinery.lowered import Assumption, Lowered
from nectarc.refinery.rules import RulesConfig
from nectarc.report.words import sentence


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
    assumptions:   what the rules take for granted.
    """

    policy: str
    rules: tuple[RuleExplanation, ...]
    corpus_traces: int
    traces: float
    events: float
    is_weighted: bool
    assumptions: tuple[Assumption, ...]


def explain_policy(
    policy: Policy, corpus: Sequence[CorpusTrace] = (), lowered: Lowered | None = None
) -> Explanation:
    """Explain `policy`; O(corpus spans x tests)."""
    traces = [0.0] * len(policy.rules)
    events = [0.0] * len(policy.rules)
    for stored in corpus:
        index = decide(policy, stored.trace)
        traces[index] += stored.sample_rate
        events[index] += stored.sample_rate * len(stored.trace.spans)
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
        len(corpus),
        sum(traces),
        sum(events),
        any(stored.sample_rate != 1 for stored in corpus),
        lowered.assumptions if lowered is not None else (),
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

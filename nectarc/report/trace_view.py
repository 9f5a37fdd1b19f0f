"""Why one trace is decided as it is: every condition at every span.

Owns: which conditions are asked, what each says at each span. Must not know: layout.
Truth: the two plain evaluators.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from nectarc.evaluate.conditions import compile_condition, compile_lookup, config_text
from nectarc.evaluate.policy import decide, holds, read, test_holds
from nectarc.evaluate.refinery_rules import Outcome, compile_rule
from nectarc.evaluate.refinery_rules import decide as decide_rules
from nectarc.evaluate.sampler_start import ProcessExit
from nectarc.evaluate.values import MISSING, ValueOrMissing
from nectarc.ir.nodes import (
    Constant,
    HasRoot,
    IsRoot,
    Policy,
    RootTest,
    SpanCount,
    SpanTest,
    TraceExpr,
)
from nectarc.ir.nodes import Rule as PolicyRule
from nectarc.ir.walk import leaves_of
from nectarc.prove.trace_names import describe_span
from nectarc.records import record
from nectarc.refinery.lowered import Lowered
from nectarc.refinery.rules import (
    HAS_ROOT_SPAN,
    NUM_DESCENDANTS,
    ROOT_PREFIX,
    Condition,
    Rule,
    RulesConfig,
    TargetSampler,
)
from nectarc.report.words import action_phrase, match_words, short_test
from nectarc.trace import Span, Trace


class Mark(Enum):
    """What a condition says at a span. MISSING: it lacks the field. ELSEWHERE: not asked there."""

    HOLDS = "✓"
    FAILS = "✗"
    MISSING = "\u2013"
    ELSEWHERE = ""


@record
class Answer:
    """A mark, and the value that was looked at."""

    mark: Mark
    value: ValueOrMissing = MISSING


@record
class AskedCondition:
    """A condition in short words and its answer at each span, in order of arrival."""

    words: str
    at_spans: tuple[Answer, ...]


@record
class AskedRule:
    """A rule that was asked.

    words:      what it asks for.  is_match: whether the trace is that.
    conditions: what it asks of spans.  facts: what it asks of the trace, each with its answer.
    """

    name: str
    words: str
    is_match: bool
    conditions: tuple[AskedCondition, ...]
    facts: tuple[tuple[str, bool], ...] = ()


@record
class TraceExplanation:
    """How a trace is decided.

    spans:   what to call each.  rules: of the policy, up to the one that decides; () of a rules
             file.
    rule:    that decides, "" where none matches.
    refinery: the same of the Refinery rules; empty when there are none.
    reason:  Refinery's own words for its decision, "" without rules.
    """

    trace_id: str
    spans: tuple[str, ...]
    rule: str
    action: str
    rules: tuple[AskedRule, ...]
    refinery: tuple[AskedRule, ...] = ()
    reason: str = ""


def explain_trace(policy: Policy, trace: Trace, lowered: Lowered | None = None) -> TraceExplanation:
    """Ask the rules in order, as the decision does, and note every answer."""
    index = decide(policy, trace)
    deciding = policy.rules[index]
    refinery: tuple[AskedRule, ...] = ()
    reason = ""
    if lowered is not None:
        outcome = decide_rules(lowered.sampler, trace)
        if isinstance(outcome, Outcome):
            reason = outcome.reason
            if isinstance(lowered.sampler, RulesConfig):
                refinery = tuple(_refinery_rules(lowered.sampler, outcome.rule, trace))
    return TraceExplanation(
        trace.trace_id,
        tuple(describe_span(span, trace) for span in trace.spans),
        deciding.name,
        f"{action_phrase(deciding.action)} traces that it decides",
        tuple(_policy_rule(rule.name, rule.match, trace) for rule in policy.rules[: index + 1]),
        refinery,
        reason,
    )


def ask_rule(rule: PolicyRule, trace: Trace) -> AskedRule:
    """Ask one rule of a policy, whether or not a rule above it decides."""
    return _policy_rule(rule.name, rule.match, trace)


def ask_refinery_rule(rule: Rule, trace: Trace, *, is_nested: bool) -> AskedRule:
    """Ask one rule of a rules file; `is_nested` is its sampler's CheckNestedFields."""
    return _refinery_rule(rule, trace, is_nested=is_nested)


def explain_trace_by_rules(sampler: TargetSampler, trace: Trace) -> TraceExplanation:
    """Ask the rules of one target of a rules file in order, and note every answer."""
    outcome = decide_rules(sampler, trace)
    rules = sampler.rules if isinstance(sampler, RulesConfig) else ()
    is_decided = isinstance(outcome, Outcome)
    place = outcome.rule if isinstance(outcome, Outcome) else None
    matched = rules[place] if place is not None else None
    asked: tuple[AskedRule, ...] = ()
    if is_decided and isinstance(sampler, RulesConfig):
        asked = tuple(_refinery_rules(sampler, place, trace))
    return TraceExplanation(
        trace.trace_id,
        tuple(describe_span(span, trace) for span in trace.spans),
        "" if matched is None else matched.name or f"rule {(place or 0) + 1}, without a name",
        _outcome_words(outcome),
        (),
        asked,
        outcome.reason if isinstance(outcome, Outcome) else "",
    )


def _outcome_words(outcome: Outcome | ProcessExit) -> str:
    if isinstance(outcome, ProcessExit):
        return f"Refinery's process ends: {outcome.cause}"
    key = f", key `{outcome.key}`" if outcome.key else ""
    if outcome.keep is None:
        return f"Keeps 1 in {outcome.rate:,} like it{key}"
    return f"{'Keeps' if outcome.keep else 'Drops'} it{key}"


def _policy_rule(name: str, match: TraceExpr, trace: Trace) -> AskedRule:
    conditions: dict[str, AskedCondition] = {}
    facts: dict[str, bool] = {}
    for leaf in leaves_of(match):
        if isinstance(leaf, SpanTest | RootTest):
            is_root_test = isinstance(leaf, RootTest)
            words = ("root: " if is_root_test else "") + short_test(leaf.test)
            answers = tuple(
                Answer(Mark.ELSEWHERE)
                if is_root_test and span is not trace.root
                else _answer(read(leaf.test.field, span), holds=_test_on(leaf, span))
                for span in trace.spans
            )
            conditions[words] = AskedCondition(words, answers)
        elif isinstance(leaf, IsRoot):
            answers = tuple(
                Answer(Mark.HOLDS if span.is_root else Mark.FAILS) for span in trace.spans
            )
            conditions["has no parent"] = AskedCondition("has no parent", answers)
        elif isinstance(leaf, HasRoot):
            facts["has a root span"] = holds(leaf, trace)
        elif isinstance(leaf, SpanCount):
            words = f"span_count {leaf.op.value} {leaf.value} (it is {len(trace.spans)})"
            facts[words] = holds(leaf, trace)
    words = "matches every trace" if match == Constant(True) else match_words(match)
    return AskedRule(
        name, words, holds(match, trace), tuple(conditions.values()), tuple(facts.items())
    )


def _test_on(leaf: SpanTest | RootTest, span: Span) -> bool:
    return test_holds(leaf.test, read(leaf.test.field, span))


def _answer(value: ValueOrMissing, *, holds: bool) -> Answer:
    if holds:
        return Answer(Mark.HOLDS, value)
    return Answer(Mark.MISSING if value is MISSING else Mark.FAILS, value)


def _refinery_rules(sampler: RulesConfig, matched: int | None, trace: Trace) -> Iterator[AskedRule]:
    last = len(sampler.rules) - 1 if matched is None else matched
    for rule in sampler.rules[: last + 1]:
        if rule is not None:
            yield _refinery_rule(rule, trace, is_nested=sampler.check_nested_fields)


def _refinery_rule(rule: Rule, trace: Trace, *, is_nested: bool) -> AskedRule:
    conditions: list[AskedCondition] = []
    facts: list[tuple[str, bool]] = []
    asked: Sequence[Condition | None] = rule.conditions or ()
    root = trace.root
    for condition in asked:
        if condition is None:
            continue
        check = compile_condition(condition, is_nested=is_nested)
        lookup = compile_lookup(condition, is_nested=is_nested)
        if condition.operator == HAS_ROOT_SPAN:
            facts.append((condition_words(condition), compile_rule(rule)(trace)))
        elif condition.field == NUM_DESCENDANTS:
            facts.append(
                (
                    f"{condition_words(condition)} (it is {len(trace.spans)})",
                    check(trace, root, trace.spans[0]),
                )
            )
        else:
            is_root_only = all(name.startswith(ROOT_PREFIX) for name in condition.names)
            answers = tuple(
                Answer(Mark.ELSEWHERE)
                if is_root_only and root is not None and span is not root
                else _answer(lookup(trace, root, span), holds=check(trace, root, span))
                for span in trace.spans
            )
            conditions.append(AskedCondition(condition_words(condition), answers))
    scope = "on one span, all of" if rule.scope == "span" else "each on some span"
    words = f"{scope}: {len(asked)} conditions" if len(asked) > 1 else "one condition"
    matched = compile_rule(rule, is_nested=is_nested)(trace)
    return AskedRule(
        rule.name,
        words if asked else "matches every trace",
        matched,
        tuple(conditions),
        tuple(facts),
    )


def condition_words(condition: Condition) -> str:
    """Return a Refinery condition on one line: `http.status >= 500 (float)`."""
    names = " or ".join(condition.names)
    value = "" if condition.value is None else f" {config_text(condition.value)}"
    datatype = f" ({condition.datatype})" if condition.datatype else ""
    return f"{names} {condition.operator}{value}{datatype}"

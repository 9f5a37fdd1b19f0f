"""The reference evaluator: what a loaded rules file decides for a trace.

Owns: sections 3, 4.2 and 4.4 of the reference, with dynamic samplers in their first interval.
Must not know: YAML, policies, time. Truth: ../shared/reference/refinery-semantics.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias, assert_never

from nectarc.evaluate.conditions import compile_condition, config_bool
from nectarc.evaluate.hashes import deterministic_keeps
from nectarc.evaluate.sampler_start import ProcessExit, first_rate, target_start_exit
from nectarc.evaluate.trace_key import trace_key
from nectarc.records import record
from nectarc.refinery.rules import (
    DEFAULT_TARGET,
    HAS_ROOT_SPAN,
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RulesConfig,
    RulesFile,
    TargetSampler,
)
from nectarc.trace import Span, Trace


@record
class Outcome:
    """A decision.

    rule:   index of the rule that matched, None: none did, or the target has no rules.
    rate:   the rate reported upstream; unsigned, so a negative SampleRate is huge.
    keep:   None where Refinery draws at random: kept with probability 1 / rate.
    reason: Refinery's own words.   key: of a dynamic sampler, else "".
    """

    rule: int | None
    rate: int
    keep: bool | None
    reason: str
    key: str = ""


Decider: TypeAlias = Callable[[Trace], "Outcome | ProcessExit"]
# The arguments: the trace, its root span, its distinct spans (both found once a trace).
_TraceTest: TypeAlias = Callable[[Trace, Span | None, tuple[Span, ...]], bool]

_REASONS: Final = {
    "DynamicSampler": "dynamic",
    "EMADynamicSampler": "emadynamic",
    "EMAThroughputSampler": "emathroughput",
    "WindowedThroughputSampler": "windowedthroughput",
    "TotalThroughputSampler": "totalthroughput",
}


def select_target(rules: RulesFile, name: str) -> TargetSampler:
    """Return the sampler for an environment (or classic dataset): exact name, or the default."""
    found = rules.samplers.get(name)
    return found if found is not None else rules.samplers[DEFAULT_TARGET]


def decide(sampler: TargetSampler, trace: Trace) -> Outcome | ProcessExit:
    """Decide one trace; for many, `compile_target` once."""
    return compile_target(sampler)(trace)


def compile_target(sampler: TargetSampler) -> Decider:
    """Prepare a target's sampler; the decider says `ProcessExit` where Refinery's process ends."""
    exit_at_start = target_start_exit(sampler)
    if exit_at_start is not None:
        return lambda _trace: exit_at_start
    match sampler:
        case RulesConfig():
            return _compile_rules(sampler)
        case DynamicConfig():
            return lambda trace: _decide_dynamic(sampler, trace)
        case DeterministicConfig():
            return lambda trace: _decide_deterministic(sampler.sample_rate, trace)
        case EmptySampler():
            return lambda _trace: ProcessExit(1, "no sampler")  # unreached: it ends at the start
        case _:
            assert_never(sampler)


def compile_rule(rule: Rule, *, is_nested: bool = False) -> Callable[[Trace], bool]:
    """Prepare the question whether `rule` matches a trace. No condition may be null."""
    test = _compile_match(rule, is_nested=is_nested)
    return lambda trace: test(trace, trace.root, trace.distinct_spans)


def _compile_rules(config: RulesConfig) -> Decider:
    plan = [
        (i, rule, _compile_match(rule, is_nested=config.check_nested_fields))
        for i, rule in enumerate(config.rules)
        if rule is not None
    ]

    def decider(trace: Trace) -> Outcome | ProcessExit:
        root, spans = trace.root, trace.distinct_spans
        for i, rule, is_match in plan:
            if is_match(trace, root, spans):
                return _apply(i, rule, trace)
        return Outcome(None, 1, keep=True, reason="no rule matched")

    return decider


def _compile_match(rule: Rule, *, is_nested: bool) -> _TraceTest:
    if rule.conditions is None or rule.scope not in ("", "trace", "span"):
        return lambda _trace, _root, _spans: True
    conditions = [condition for condition in rule.conditions if condition is not None]
    tests = [compile_condition(condition, is_nested=is_nested) for condition in conditions]
    if rule.scope == "span":
        return lambda trace, root, spans: any(
            all(test(trace, root, span) for test in tests) for span in spans
        )
    wants_root = [config_bool(c.value) for c in conditions if c.operator == HAS_ROOT_SPAN]
    others = [
        test
        for test, condition in zip(tests, conditions, strict=True)
        if condition.operator != HAS_ROOT_SPAN
    ]
    return lambda trace, root, spans: (
        all(wanted is (root is not None) for wanted in wants_root)
        and all(any(test(trace, root, span) for span in spans) for test in others)
    )


def _apply(index: int, rule: Rule, trace: Trace) -> Outcome | ProcessExit:
    prefix = {"": "rules/trace/", "trace": "rules/trace/", "span": "rules/span/"}
    reason = prefix.get(rule.scope, "rules/invalid scope/") + rule.name
    match rule.sampler:
        case None:
            rate = rule.sample_rate
            keep = False if rule.drop or rate < 1 else (True if rate == 1 else None)
            return Outcome(index, rate % 2**64, keep, reason)
        case DynamicConfig():
            outcome = _decide_dynamic(rule.sampler, trace)
        case DeterministicConfig():
            outcome = _decide_deterministic(rule.sampler.sample_rate, trace)
        case EmptySampler():
            return ProcessExit(1, "no sampler")  # unreached: it ends at the start
        case _:
            assert_never(rule.sampler)
    if isinstance(outcome, ProcessExit):
        return outcome
    return Outcome(index, outcome.rate, outcome.keep, f"{reason}:{outcome.reason}", key=outcome.key)


def _decide_deterministic(rate: int, trace: Trace) -> Outcome:
    if rate <= 1:
        return Outcome(None, 1, keep=True, reason="deterministic/always")
    keep = deterministic_keeps(trace.trace_id, rate)
    return Outcome(None, rate, keep, "deterministic/chance")


def _decide_dynamic(config: DynamicConfig, trace: Trace) -> Outcome | ProcessExit:
    rate = first_rate(config)
    if isinstance(rate, ProcessExit):
        return rate
    use_length = config.parameter("UseTraceLength") is True
    key = trace_key(config.field_list, trace, use_trace_length=use_length)
    keep = True if rate == 1 else None
    return Outcome(None, rate, keep, _REASONS[config.kind], key=key)


__all__ = [
    "DEFAULT_TARGET",
    "Decider",
    "Outcome",
    "ProcessExit",
    "compile_rule",
    "compile_target",
    "decide",
    "select_target",
]

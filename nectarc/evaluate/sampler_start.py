"""What happens when Refinery builds a sampler and first asks it: the rate, or the process's end.

Owns: section 1.2's last column and the deadly rows of 1.6. Must not know: traces, YAML.
Truth: ../shared/reference/refinery-semantics.md, 1.2, 1.6, 4.2, 4.4 to 4.10.
"""

from __future__ import annotations

from nectarc.records import record
from nectarc.refinery.durations import parse_duration
from nectarc.refinery.rules import (
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RuleSampler,
    RulesConfig,
    TargetSampler,
)

_RATE_FIELDS = {
    "DynamicSampler": "SampleRate",
    "EMADynamicSampler": "GoalSampleRate",
    "EMAThroughputSampler": "InitialSampleRate",
}
_INTERVAL_FIELDS = {
    "DynamicSampler": "ClearFrequency",
    "EMADynamicSampler": "AdjustmentInterval",
    "TotalThroughputSampler": "ClearFrequency",
    "WindowedThroughputSampler": "UpdateFrequency",
}
_DEFAULT_RATE = 10
_MILLISECOND_NS = 10**6


@record
class ProcessExit:
    """Refinery's process ends instead of deciding.

    status: 1, Refinery gives up on an unusable sampler; 2, it panics.   cause: in the file's terms.
    """

    status: int
    cause: str


def target_start_exit(sampler: TargetSampler) -> ProcessExit | None:
    """Return how building the target's sampler ends the process, None: it is built."""
    if not isinstance(sampler, RulesConfig):
        return start_exit(sampler)
    # Key fields of all rules are gathered first, then the rules are built in order.
    for rule in sampler.rules:
        cause = None if rule is None else _key_field_panic(rule)
        if cause is not None:
            return ProcessExit(2, cause)
    for rule in sampler.rules:
        if rule is None:
            return ProcessExit(2, "an empty entry in `Rules`")
        found = None if rule.sampler is None else start_exit(rule.sampler)
        if found is not None:
            return found
    return None


def start_exit(sampler: RuleSampler) -> ProcessExit | None:
    """Return how building a target's or rule's sampler ends the process, None: it is built."""
    match sampler:
        case EmptySampler():
            return ProcessExit(1, "no sampler is named")
        case DeterministicConfig():
            if sampler.sample_rate % 2**32 == 0:
                return ProcessExit(2, f"`SampleRate: {sampler.sample_rate}` divides by zero")
        case DynamicConfig():
            if "" in sampler.field_list:
                return ProcessExit(2, "an empty name in `FieldList`")
            interval = _duration(sampler, _INTERVAL_FIELDS.get(sampler.kind, ""))
            if interval < 0:
                name = _INTERVAL_FIELDS[sampler.kind]
                return ProcessExit(2, f"a negative `{name}`")
    return None


def first_rate(config: DynamicConfig) -> int | ProcessExit:
    """Return the rate that a dynamic sampler gives before it has counted, or how it fails."""
    if config.kind == "EMAThroughputSampler":
        interval = _duration(config, "AdjustmentInterval")
        if interval < 0 or 0 < interval < _MILLISECOND_NS:
            return ProcessExit(2, "an `AdjustmentInterval` below 1ms")
    name = _RATE_FIELDS.get(config.kind)
    if name is None:  # total and windowed throughput keep everything at first
        return 1
    rate = config.parameter(name)
    if not isinstance(rate, int) or rate == 0:
        return _DEFAULT_RATE
    return rate if rate > 0 else ProcessExit(2, f"a negative `{name}`")


def _key_field_panic(rule: Rule) -> str | None:
    for condition in rule.conditions or ():
        if condition is None:
            return "an empty entry in `Conditions`"
        if "" in condition.fields:
            return "an empty name in `Fields`"
    if isinstance(rule.sampler, DynamicConfig) and "" in rule.sampler.field_list:
        return "an empty name in `FieldList`"
    return None


def _duration(config: DynamicConfig, name: str) -> int:
    text = config.parameter(name)
    return (parse_duration(text) or 0) if isinstance(text, str) else 0

"""Refinery's dynamic samplers: kinds, parameters, what each may be.

Owns: the table, as data. Must not know: policies, diagnostics.
Truth: ../shared/reference/refinery-semantics.md, 1.2 (types, defaults, what a zero means), 4.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

_MILLISECOND: Final = Fraction(1_000_000)


class Parameter(NamedTuple):
    """One parameter of a sampler.

    kind:    "int", "float", "bool" or "duration".
    least:   the least value that means itself (nanoseconds for durations), None without one.
    most:    the greatest, None without one.
    zero:    what Refinery makes of 0, "" where 0 is in range or no question.
    """

    name: str
    refinery: str
    kind: str
    least: Fraction | None = None
    most: Fraction | None = None
    zero: str = ""
    is_required: bool = False


class SamplerKind(NamedTuple):
    """One kind of sampler. `parameters` stand in the order of Refinery's metadata."""

    action: str
    refinery: str
    parameters: tuple[Parameter, ...]
    is_throughput: bool


_ONE: Final = Fraction(1)
_MAX_KEYS: Final = Parameter("max_keys", "MaxKeys", "int", zero="500")
_TRACE_LENGTH: Final = Parameter("use_trace_length", "UseTraceLength", "bool")
_CLUSTER: Final = Parameter("use_cluster_size", "UseClusterSize", "bool")
_GOAL_RATE: Final = Parameter(
    "goal_sample_rate", "GoalSampleRate", "int", _ONE, zero="10", is_required=True
)
_THROUGHPUT: Final = Parameter(
    "goal_throughput_per_sec", "GoalThroughputPerSec", "int", _ONE, is_required=True
)
_CLEAR: Final = Parameter("clear_frequency", "ClearFrequency", "duration", _ONE, zero="30s")


def _ema(interval_min: Fraction) -> tuple[Parameter, ...]:
    return (
        Parameter(
            "adjustment_interval", "AdjustmentInterval", "duration", interval_min, zero="15s"
        ),
        Parameter("weight", "Weight", "float", Fraction(0), _ONE, zero="0.5"),
        Parameter("age_out_value", "AgeOutValue", "float", Fraction(0), _ONE, zero="`weight`"),
        Parameter("burst_multiple", "BurstMultiple", "float", zero="2"),
        Parameter("burst_detection_delay", "BurstDetectionDelay", "int", _ONE, zero="3"),
    )


SAMPLERS: Final[dict[str, SamplerKind]] = {
    kind.action: kind
    for kind in (
        SamplerKind(
            "dynamic",
            "DynamicSampler",
            (
                Parameter("sample_rate", "SampleRate", "int", _ONE, zero="10", is_required=True),
                _CLEAR,
                _MAX_KEYS,
                _TRACE_LENGTH,
            ),
            is_throughput=False,
        ),
        SamplerKind(
            "ema_dynamic",
            "EMADynamicSampler",
            (_GOAL_RATE, *_ema(_ONE), _MAX_KEYS, _TRACE_LENGTH),
            is_throughput=False,
        ),
        SamplerKind(
            "ema_throughput",
            "EMAThroughputSampler",
            (
                _THROUGHPUT,
                _CLUSTER,
                Parameter("initial_sample_rate", "InitialSampleRate", "int", _ONE, zero="10"),
                *_ema(_MILLISECOND),
                _MAX_KEYS,
                _TRACE_LENGTH,
            ),
            is_throughput=True,
        ),
        SamplerKind(
            "windowed_throughput",
            "WindowedThroughputSampler",
            (
                _THROUGHPUT,
                _CLUSTER,
                Parameter("update_frequency", "UpdateFrequency", "duration", _ONE, zero="1s"),
                Parameter(
                    "lookback_frequency",
                    "LookbackFrequency",
                    "duration",
                    _ONE,
                    zero="30 times `update_frequency`",
                ),
                _MAX_KEYS,
                _TRACE_LENGTH,
            ),
            is_throughput=True,
        ),
        SamplerKind(
            "total_throughput",
            "TotalThroughputSampler",
            (_THROUGHPUT, _CLUSTER, _CLEAR, _MAX_KEYS, _TRACE_LENGTH),
            is_throughput=True,
        ),
    )
}

BY_REFINERY: Final = {kind.refinery: kind for kind in SAMPLERS.values()}

ACTIONS: Final = ("keep", "drop", "sample", "deterministic", *SAMPLERS)

_UNITS: Final = (("h", 3_600_000_000_000), ("m", 60_000_000_000))


def go_duration(nanoseconds: int) -> str:
    """Write a positive duration as Go reads it, and as people write it: `1m30s`, `250ms`."""
    if nanoseconds % 1_000_000_000:
        for unit, size in (("ns", 1), ("us", 1_000), ("ms", 1_000_000)):
            if nanoseconds < size * 1000 or (unit == "ms" and nanoseconds < 1_000_000_000):
                return f"{_decimal(nanoseconds, size)}{unit}"
    text, rest = "", nanoseconds
    for unit, size in _UNITS:
        if rest >= size:
            text += f"{rest // size}{unit}"
            rest %= size
    return text + (f"{_decimal(rest, 1_000_000_000)}s" if rest or not text else "")


def _decimal(value: int, size: int) -> str:
    whole, rest = divmod(value, size)
    if not rest:
        return str(whole)
    digits = len(str(size)) - 1
    return f"{whole}.{rest:0{digits}d}".rstrip("0")

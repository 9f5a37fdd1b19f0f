"""A difference as JSON.

Owns: the shape. Must not know: how anything was found.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nectarc.compare.difference import SidesDifference, TargetDifference
from nectarc.compare.regions import Region
from nectarc.compare.sides import Fate
from nectarc.corpus.typed_trace import encode_trace
from nectarc.render.json import Json
from nectarc.report.diff_words import is_no_rule
from nectarc.trace import Trace

if TYPE_CHECKING:  # it brings NumPy and Arrow, which only a corpus needs
    from nectarc.compare.traffic import Interval, MovedTraces, TrafficChange


def diff_record(difference: SidesDifference, *, price: float | None = None) -> dict[str, Json]:
    """Return the difference as a JSON object. price: of a million events."""
    return {
        "verdict": difference.verdict.value,
        "before": difference.left,
        "after": difference.right,
        "corpus_sampling": difference.presampled,
        "targets_added": list(difference.added),
        "targets_removed": list(difference.removed),
        "price_per_million": price,
        "targets": [_target(one) for one in difference.targets],
    }


def _target(one: TargetDifference) -> Json:
    found = one.comparison
    return {
        "target": one.name,
        "verdict": found.verdict.value,
        "assumed": found.assumed.words,
        "assumes_flat": found.is_flat,
        "errors_kept_no_less": {
            "verdict": found.errors.verdict.value,
            "error": found.errors.text,
            "trace": None if found.errors.trace is None else _trace(found.errors.trace),
            "reason": found.errors.reason,
        },
        "regions": [_region(region, one) for region in found.regions],
        "has_more_regions": found.has_more,
        "unknown": list(found.unknown),
        "rules_dead": [
            {"rule": dead.rule, "shadowed_by": list(dead.shadowed_by)} for dead in found.died
        ],
        "rules_alive_again": list(found.woke),
        "rule_names_added": list(found.added),
        "rule_names_removed": list(found.removed),
        "corpus": None if one.traffic is None else _traffic(one.traffic, one),
    }


def _region(region: Region, one: TargetDifference) -> Json:
    return {
        "before": _fate(one.left.fate(region.left)),
        "after": _fate(one.right.fate(region.right)),
        "usual_values": region.is_usual,
        "trace": _trace(region.trace),
    }


def _fate(fate: Fate) -> Json:
    return {
        "rule": None if is_no_rule(fate) else fate.rule,
        "asks": fate.asks,
        "effect": fate.effect,
    }


def _trace(trace: Trace) -> Json:
    """Return the trace as a typed trace line, which `test` and `replay` read."""
    record: Json = json.loads(json.dumps(encode_trace(trace)))
    return record


def _traffic(traffic: TrafficChange, one: TargetDifference) -> Json:
    return {
        "traces": traffic.traces,
        "spans": traffic.spans,
        "weight": traffic.weight,
        "events_per_second": traffic.per_second,
        "traces_changed": traffic.moved_traces,
        "weight_changed": traffic.moved_weight,
        "kept_before": _interval(traffic.before),
        "kept_after": _interval(traffic.after),
        "change": _interval(traffic.change),
        "errors_kept_before": _interval(traffic.error_before),
        "errors_kept_after": _interval(traffic.error_after),
        "changes": [_moved(moved, one) for moved in traffic.moved],
        "services": [
            {
                "service": service.service,
                "error_traces": service.traces,
                "weight": service.weight,
                "kept_before": _interval(service.before),
                "kept_after": _interval(service.after),
            }
            for service in traffic.services
        ],
        "services_not_shown": traffic.services_left,
        "notes": list(traffic.notes),
    }


def _moved(moved: MovedTraces, one: TargetDifference) -> Json:
    return {
        "before": _fate(one.left.fate(moved.left)),
        "after": _fate(one.right.fate(moved.right)),
        "traces": moved.traces,
        "weight": moved.weight,
        "events_kept_before": moved.before,
        "events_kept_after": moved.after,
        "examples": [{"trace": one.trace_id, "words": one.words} for one in moved.examples],
    }


def _interval(interval: Interval | None) -> Json:
    if interval is None:
        return None
    return {"value": interval.value, "low": interval.low, "high": interval.high}

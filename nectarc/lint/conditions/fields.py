"""Fields that rules never see, never see such a value of, or that look misspelt.

Owns: NEC562 to NEC564, NEC567, NEC568, NEC579. Must not know: other conditions of the rule.
Truth: ../shared/reference/refinery-semantics.md, 2.9, 2.10, 6.2, 6.6, 8 (T17 to T19, T22, T23,
T55).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix, Severity
from nectarc.lint.conditions.case import NEGATIVES, Case
from nectarc.refinery.rules import NUM_DESCENDANTS
from nectarc.refinery.yaml_edits import quoted, replaced
from nectarc.refinery.yaml_nodes import YamlScalar
from nectarc.semantics.conventions import convention_index, conventional_type, conventions

_COUNTS: Final = frozenset(
    f"meta.{what}_count" for what in ("span", "span_event", "span_link", "event")
)
_TAKEN: Final = frozenset(("sampleRate", "SampleRate"))
_LATE: Final = frozenset(
    [
        *("meta.stressed", "meta.refinery.reason", "meta.refinery.send_reason"),
        *("meta.refinery.sample_key", "meta.refinery.final_sample_rate"),
    ]
)
# What OTLP translation writes into a field; nothing else comes in there.
_VALUES: Final[dict[str, tuple[int | str, ...]]] = {
    "status_code": (0, 1, 2),
    "span.kind": ("unspecified", "internal", "server", "client", "producer", "consumer"),
    "meta.signal_type": ("trace", "log"),
    "meta.annotation_type": ("span_event", "link"),
}
_STRAY: Final = "`'\" \t\n"
_FEW: Final = 2


def check_fields(case: Case) -> Iterator[Diagnostic]:
    """Check the fields that one condition names."""
    one = case.condition
    if one.field == NUM_DESCENDANTS and not one.fields:
        yield from _size(case)
        return
    for name in case.plain_names:
        if is_never_seen(name):
            yield _never_seen(case, name)
        elif name == "otel.status_code":
            yield _no_otel_status(case)
        elif name.strip(_STRAY) != name:
            yield _stray(case, name)
        else:
            yield from _near_miss(case, name)
    if len(case.plain_names) == 1:
        yield from _never_has(case, case.plain_names[0])
    if one.operator == "exists" and case.plain_names == ("error",):
        yield finding(
            "NEC568",
            case.at("Operator"),
            "`error` also exists where it is false",
            label="true of `error` = false, too",
            why="a span whose own attribute `error` is false counts as failed here",
            help="write `Operator: '='`, `Value: true` and `Datatype: bool`",
        )


def is_never_seen(name: str) -> bool:
    """Say whether a span has no field `name` (without `root.`) when rules are decided."""
    return name.startswith("?.") or name in _TAKEN | _COUNTS | _LATE


def _never_seen(case: Case, name: str) -> Diagnostic:
    is_size = name in _COUNTS or name == NUM_DESCENDANTS
    by = (
        "only `Field` gives it a meaning"
        if name == NUM_DESCENDANTS
        else "no such computed field"
        if name.startswith("?.")
        else "taken away on the way in"
        if name in _TAKEN
        else "filled in after the decision"
    )
    fixes: tuple[Fix, ...] = ()
    if is_size and not case.condition.fields:
        fixes = case.written(
            f"count with `{NUM_DESCENDANTS}`", {"Field": quoted(NUM_DESCENDANTS)}, is_safe=False
        )
    return finding(
        "NEC562",
        case.field_place,
        f"`{name}` is missing from every span when rules are decided: {by}",
        label="never there",
        why="the condition reads a missing field",
        help=f"write `Field: '{NUM_DESCENDANTS}'` for the number of spans, events and links"
        if is_size or name.startswith("?.")
        else "test a field that the sender keeps",
        fixes=fixes,
    )


def _no_otel_status(case: Case) -> Diagnostic:
    return finding(
        "NEC567",
        case.field_place,
        "spans have no `otel.status_code`: OTLP gives `status_code` and `error`",
        label="not written by Refinery's OTLP translation",
        why="the condition reads a missing field, unless a sender sets this very attribute",
        help="write `Field: error`, `Operator: '='`, `Value: true` for failed spans",
    )


def _never_has(case: Case, name: str) -> Iterator[Diagnostic]:
    values, one = _VALUES.get(name), case.condition
    if values is None or one.operator in NEGATIVES or case.holds_missing or one.value is None:
        return
    if not any(case.holds(value) for value in values):
        known = ", ".join(f"`{value}`" for value in values)
        yield finding(
            "NEC567",
            case.at("Value"),
            f"no span meets this condition: `{name}` is one of {known}",
            label="never its value",
            why="the field holds the status of OpenTelemetry, not that of HTTP or gRPC"
            if name == "status_code"
            else "OTLP translation writes nothing else there",
            help="test `http.response.status_code`, `http.status_code` or `rpc.grpc.status_code`"
            if name == "status_code"
            else f"write one of {known}",
            severity=None if name == "status_code" else Severity.HINT,
        )


def _size(case: Case) -> Iterator[Diagnostic]:
    value, limit = case.condition.value, case.context.span_limit
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124
        return
    near = int(value) if abs(value) < 2**53 else 2**53
    tries = {1, 2, near - 1, near, near + 1, limit, limit + 1}
    reached = [size for size in tries if 1 <= size <= limit + 1]
    if limit > 0 and near > limit and not any(case.holds(size) for size in reached):
        yield finding(
            "NEC564",
            case.at("Value"),
            f"no trace grows so large: it is decided at {limit:,} spans (`SpanLimit`)",
            label=f"above {limit:,}",
            why="later spans follow the decision that was made before, so the rule never decides",
            help=f"write a number below {limit:,}",
        )
    elif near <= _FEW:
        yield finding(
            "NEC563",
            case.at("Value"),
            f"`{NUM_DESCENDANTS}` counts span events, links and logs, too",
            label="a span with one event counts as 2",
            why="a trace of one span is larger than 1 as soon as the span has an event",
            help="choose the number with events and links in mind",
        )


def _stray(case: Case, name: str) -> Diagnostic:
    node, bare = case.node("Field"), name.strip(_STRAY)
    return finding(
        "NEC579",
        case.field_place,
        f"`{name.strip()}` has a quote or a space too many: the field is `{bare}`",
        label="part of the name",
        why="a field of this very name is looked up, which no span has",
        help=f"write `{bare}`",
        fixes=(Fix(f"write `{bare}`", (replaced(node, quoted(bare)),), is_safe=False),)
        if isinstance(node, YamlScalar) and case.can_edit(node) and case.condition.names == (name,)
        else (),
        severity=Severity.WARNING,
    )


@lru_cache(maxsize=4096)  # rules ask for the same few names
def _nearest(name: str) -> str | None:
    return convention_index().nearest(name)


def _near_miss(case: Case, name: str) -> Iterator[Diagnostic]:
    if conventional_type(name) is not None or name in conventions().names:
        return
    near = _nearest(name)
    if near is not None and len(name) > len("error"):
        yield finding(
            "NEC579",
            case.field_place,
            f"`{name}` is nearly the well-known `{near}`",
            label=f"`{near}`?",
            why="if the name is a slip, no span has the field",
            help=f"write `{near}` if that is meant",
        )

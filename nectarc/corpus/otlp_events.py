"""OTLP requests -> the events that Refinery holds, field by field.

Owns: Refinery's field names for OTLP, precedence, the trace id and the root flag of an event.
Must not know: encodings, files, grouping. Truth: ../shared/reference/refinery-semantics.md,
sections 6.1 to 6.6 (translation), 5.1 (trace id, root flag), 2.10 (metadata fields).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from nectarc.corpus.otlp import Attribute, Link, OtlpSpan, Own, Part, Request, Scope, SpanEvent
from nectarc.corpus.otlp_values import Flattened, Pair, flatten_attributes, threshold_rate
from nectarc.trace import ROOT_FIELD, Span, Value

_NS_PER_MS: Final = 1e6
_INT64_MAX: Final = 2**63 - 1
_UNKNOWN_SERVICE: Final = "unknown_service"
_SHORT_ID_DIGITS: Final = 16
_LONG_ID_DIGITS: Final = 32
_INSTRUMENTATION_PREFIXES: Final = (
    "io.opentelemetry",
    "opentelemetry.instrumentation",
    "OpenTelemetry.Instrumentation",
    "OpenTelemetry::Instrumentation",
    "go.opentelemetry.io/contrib/instrumentation",
    "@opentelemetry/instrumentation",
    "github.com/open-telemetry/opentelemetry-collector",
    "@honeycombio/",
)
_OWN_FIELDS: Final = {
    Own.SCOPE_NAME: "library.name",
    Own.SCOPE_VERSION: "library.version",
    Own.SCOPE_SCHEMA_URL: "scope.schema_url",
    Own.RESOURCE_SCHEMA_URL: "resource.schema_url",
}
# What Go takes for blank; Python also takes U+001C to U+001F.
_BLANKS: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# Fields with a slot of their own in Refinery: a value of another type is discarded (2.10).
_TEXT_SLOTS: Final = frozenset(
    {
        "meta.signal_type",
        "meta.trace_id",
        "meta.annotation_type",
        "meta.refinery.incoming_user_agent",
        "meta.refinery.local_hostname",
        "meta.refinery.reason",
        "meta.refinery.send_reason",
        "meta.refinery.sample_key",
    }
)
_BOOL_SLOTS: Final = frozenset({"meta.refinery.probe", ROOT_FIELD, "meta.stressed"})
_INT_SLOTS: Final = frozenset(
    {
        "meta.span_count",
        "meta.span_event_count",
        "meta.span_link_count",
        "meta.event_count",
        "meta.refinery.original_sample_rate",
        "meta.refinery.final_sample_rate",
    }
)
_TRACE_ID_FIELDS: Final = frozenset({"trace.trace_id", "traceId"})
_PARENT_ID_FIELDS: Final = frozenset({"trace.parent_id", "parentId"})


class Event(NamedTuple):
    """One event as Refinery's router makes it.

    samplerate: None where Refinery draws it at random; `weight` is then its mean.
    trace_id:   "" = belongs to no trace, and is sent on without a decision.
    root:       it has no parent. fields: without `meta.refinery.root`, which `as_span` adds.
    """

    dataset: str
    samplerate: int | None
    weight: float
    time_ns: int
    trace_id: str
    root: bool
    fields: dict[str, Value]

    def as_span(self) -> Span:
        """Return the event as conditions see it, with `meta.refinery.root` (not on logs)."""
        if self.fields.get("meta.signal_type") == "log":
            return Span(self.fields, is_root=False)
        # By position: a record is made twice as fast so, and this is done for every span.
        return Span({**self.fields, ROOT_FIELD: self.root}, self.root)


def events_of(request: Request) -> Iterator[tuple[Event, ...]]:
    """Yield for each span its events: span events, links, then the span itself."""
    for resource in request:
        dataset = _dataset(resource.service_name)
        shared = flatten_attributes(tuple(_named(resource.parts)))
        for scope in resource.scopes:
            context = _Context.of(dataset, shared, scope)
            for span in scope.spans:
                yield _span_events(span, context)


class _Context(NamedTuple):
    """What all spans of a scope share. `pairs`: the fields of scope and resource, in order."""

    dataset: str
    pairs: tuple[Pair, ...]
    rate: int

    @staticmethod
    def of(dataset: str, shared: Flattened, scope: Scope) -> _Context:
        flat = flatten_attributes(tuple(_named(scope.parts)))
        return _Context(dataset, (*flat.pairs, *shared.pairs), flat.rate or shared.rate)


def _named(parts: tuple[Part, ...]) -> Iterator[Attribute]:
    for key, value in parts:
        if isinstance(key, str):
            yield key, value
            continue
        yield _OWN_FIELDS[key], value
        if (
            key is Own.SCOPE_NAME
            and isinstance(value, str)
            and value.startswith(_INSTRUMENTATION_PREFIXES)
        ):
            yield "telemetry.instrumentation_library", True


def _dataset(service_name: str) -> str:
    name = service_name.strip(_BLANKS)
    return _UNKNOWN_SERVICE if not name or name.startswith(_UNKNOWN_SERVICE) else name


def _span_events(span: OtlpSpan, context: _Context) -> tuple[Event, ...]:
    flat = flatten_attributes(span.attributes)
    rate: int | None = flat.rate or context.rate
    weight = float(rate or 1)
    if not rate:
        stated = filter(None, map(threshold_rate, reversed(span.trace_states)))
        rate, weight = next(stated, (1, 1.0))
    start_ns = min(span.start_ns, _INT64_MAX)
    if not span.events and not span.links:
        fields = _first_of_each(flat.pairs, _span_fields(span), context.pairs)
        only = received(context.dataset, rate, weight, start_ns, fields)
        return () if only is None else (only,)

    def event(time_ns: int, *pairs: tuple[Pair, ...]) -> Event | None:
        fields = _first_of_each(*pairs)
        return received(context.dataset, rate, weight, time_ns, fields)

    made = [
        event(
            min(item.time_ns, _INT64_MAX),
            flatten_attributes(item.attributes).pairs,
            _event_fields(item, span),
            context.pairs,
        )
        for item in span.events
    ]
    made += [
        event(
            start_ns,
            flatten_attributes(item.attributes).pairs,
            _link_fields(item, span),
            context.pairs,
        )
        for item in span.links
    ]
    own = _span_fields(span)
    made.append(event(start_ns, flat.pairs, own, context.pairs, _exception_fields(span)))
    return tuple([item for item in made if item is not None])


def _first_of_each(*pairs: tuple[Pair, ...]) -> dict[str, Value]:
    fields: dict[str, Value] = dict(chain.from_iterable(pairs))
    if len(fields) == sum(map(len, pairs)):
        return fields  # no name comes twice, as in most spans
    fields = {}
    for group in pairs:
        for name, value in group:
            if name not in fields:
                fields[name] = value
    return fields


def _trace_id(digits: str) -> str:
    """Cut the empty first half of a 16-byte id."""
    is_padded = len(digits) == _LONG_ID_DIGITS and not digits[:_SHORT_ID_DIGITS].strip("0")
    return digits[_SHORT_ID_DIGITS:] if is_padded else digits


def _common_fields(span: OtlpSpan, parent_id: str, annotation: str) -> list[Pair]:
    """Return the fields that span, event and link share, in Refinery's order."""
    pairs: list[Pair] = [("trace.trace_id", _trace_id(span.trace_id))]
    if parent_id:
        pairs.append(("trace.parent_id", parent_id))
    if annotation:
        if span.name:
            pairs.append(("parent_name", span.name))
        pairs.append(("meta.annotation_type", annotation))
    pairs.append(("meta.signal_type", "trace"))
    if span.has_error:
        pairs.append(("error", True))
    return pairs


def _span_fields(span: OtlpSpan) -> tuple[Pair, ...]:
    pairs = _common_fields(span, span.parent_id, "")
    pairs += (("name", span.name), ("trace.span_id", span.span_id))
    if span.trace_states:
        pairs.append(("trace.trace_state", span.trace_states[-1]))
    pairs.append(("status_code", span.status_code))
    if span.status_message:
        pairs.append(("status_message", span.status_message))
    duration_ms, is_invalid = _milliseconds_between(span.start_ns, span.end_ns)
    pairs += (
        ("span.num_events", len(span.events)),
        ("span.num_links", len(span.links)),
        ("span.kind", span.kind),
        ("type", span.kind),
        ("duration_ms", duration_ms),
    )
    if is_invalid:
        pairs.append(("meta.invalid_duration", True))
    return tuple(pairs)


def _event_fields(item: SpanEvent, span: OtlpSpan) -> tuple[Pair, ...]:
    since_ms, is_invalid = _milliseconds_between(span.start_ns, item.time_ns)
    pairs = _common_fields(span, span.span_id, "span_event")
    pairs += [("name", item.name), ("meta.time_since_span_start_ms", since_ms)]
    if is_invalid:
        pairs.append(("meta.invalid_time_since_span_start", True))
    return tuple(pairs)


def _link_fields(item: Link, span: OtlpSpan) -> tuple[Pair, ...]:
    pairs = _common_fields(span, span.span_id, "link")
    if item.trace_id:
        pairs.append(("trace.link.trace_id", _trace_id(item.trace_id)))
    if item.span_id:
        pairs.append(("trace.link.span_id", item.span_id))
    return tuple(pairs)


def _milliseconds_between(start_ns: int, end_ns: int) -> tuple[float, bool]:
    """Return the milliseconds, and whether the end lies before the start (then 0)."""
    if start_ns == 0 or end_ns == 0:
        return 0.0, False
    return (0.0, True) if end_ns < start_ns else (float(end_ns - start_ns) / _NS_PER_MS, False)


def _exception_fields(span: OtlpSpan) -> tuple[Pair, ...]:
    """Return what the span takes over from its first event named `exception`."""
    for item in span.events:
        if item.exception is not None:
            return flatten_attributes(item.exception).pairs
    return ()


def received(
    dataset: str, rate: int | None, weight: float, time_ns: int, sent: dict[str, Value]
) -> Event | None:
    """Apply what Refinery does to an event on arrival; None for a probe, which it discards.

    Events of `/1/batch` take the same way as those made of OTLP.
    """
    fields = sent.copy()
    is_root = True
    trace_id = ""
    for name in _looked_at(tuple(sent)):
        value = sent[name]
        if name in _TRACE_ID_FIELDS:
            trace_id = trace_id or (value if isinstance(value, str) else "")
        elif name in _PARENT_ID_FIELDS:
            is_root = is_root and not (isinstance(value, str) and value)
        elif name.startswith("meta."):
            if name == "meta.trace_id" and isinstance(value, str):
                trace_id = value  # even the empty one
            if not _fits_slot(name, value):
                del fields[name]
            elif name == ROOT_FIELD:
                is_root = value is True
                del fields[name]
    if fields.get("meta.refinery.probe") is True:
        return None
    if fields.get("meta.signal_type") == "log":
        is_root = False
    return Event(dataset, rate, weight, time_ns, trace_id, is_root, fields)


@lru_cache(maxsize=1024)
def _looked_at(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the names that an arriving event is asked for, in order.

    Spans of one kind have the same names in the same order, so this is done once for many.
    """
    return tuple(
        name
        for name in names
        if name in _TRACE_ID_FIELDS or name in _PARENT_ID_FIELDS or name.startswith("meta.")
    )


def _fits_slot(name: str, value: Value) -> bool:
    if name in _TEXT_SLOTS:
        return isinstance(value, str) and value != ""
    if name in _BOOL_SLOTS:
        return isinstance(value, bool)
    if name in _INT_SLOTS:
        return isinstance(value, int) and not isinstance(value, bool) and value != 0
    return True

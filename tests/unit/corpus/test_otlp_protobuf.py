"""Requests in protobuf: what comes back as sent, and what is refused."""

from __future__ import annotations

import math

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from nectarc.corpus.otlp import OtlpError
from nectarc.corpus.otlp_events import Event, events_of
from nectarc.corpus.otlp_protobuf import read_protobuf


def _bytes(span: Span, *, resource: ResourceSpans | None = None) -> bytes:
    outer = ResourceSpans() if resource is None else resource
    outer.scope_spans.append(ScopeSpans(spans=[span]))
    return ExportTraceServiceRequest(resource_spans=[outer]).SerializeToString()


def _events(span: Span) -> list[Event]:
    return [event for group in events_of(read_protobuf(_bytes(span))) for event in group]


def _text(key: str, text: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=text))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (AnyValue(string_value=""), ""),
        (AnyValue(bool_value=False), False),
        (AnyValue(int_value=-(2**63)), -(2**63)),
        (AnyValue(double_value=-0.0), -0.0),
        (AnyValue(double_value=math.inf), math.inf),
        (AnyValue(bytes_value=b"abc"), '"YWJj"\n'),
    ],
)
def test_values_come_back_as_sent(value: AnyValue, expected: object) -> None:
    (event,) = _events(Span(attributes=[KeyValue(key="a", value=value)]))

    found = event.fields["a"]
    assert (found, type(found)) == (expected, type(expected))


def test_an_empty_key_and_an_empty_value_are_no_fields() -> None:
    (event,) = _events(Span(attributes=[_text("", "x"), KeyValue(key="a", value=AnyValue())]))

    assert "" not in event.fields
    assert "a" not in event.fields


def test_an_error_status_marks_span_and_events() -> None:
    span = Span(status=Status(code=Status.STATUS_CODE_ERROR), events=[Span.Event(name="e")])

    assert [event.fields["error"] for event in _events(span)] == [True, True]


def test_the_first_exception_hides_later_ones_even_without_attributes() -> None:
    later = Span.Event(name="exception", attributes=[_text("exception.type", "E")])

    *_, span = _events(Span(events=[Span.Event(name="exception"), later]))

    assert "exception.type" not in span.fields


@pytest.mark.parametrize("name", ["trace_id", "span_id", "parent_span_id"])
def test_an_id_of_128_bytes_is_refused(name: str) -> None:
    span = Span()
    setattr(span, name, b"x" * 128)

    with pytest.raises(OtlpError, match="at most 127 bytes"):
        read_protobuf(_bytes(span))


@pytest.mark.parametrize(
    "broken",
    [b"\x0a\xff", _bytes(Span(name="ab")).replace(b"ab", b"a\xff")],
    ids=["cut off", "not UTF-8"],
)
def test_what_the_library_cannot_read_is_refused(broken: bytes) -> None:
    with pytest.raises(OtlpError, match="not an OTLP trace request"):
        read_protobuf(broken)

"""OTLP JSON as Refinery's own reader takes it, where it departs from what one would expect."""

from __future__ import annotations

import json
import math

import pytest

from nectarc.corpus.otlp import OtlpError
from nectarc.corpus.otlp_events import Event, events_of
from nectarc.corpus.otlp_json import read_json
from nectarc.corpus.otlp_json_text import decode_json
from nectarc.trace import Value


def _events(span: str, *, around: str = "") -> list[Event]:
    """Read the members of a span and those of its ResourceSpans."""
    text = f'{{"resourceSpans": [{{"scopeSpans": [{{"spans": [{{{span}}}]}}]{around}}}]}}'
    return [event for group in events_of(read_json(decode_json(text))) for event in group]


def _only(span: str, *, around: str = "") -> Event:
    (event,) = _events(span, around=around)
    return event


def _attribute(value: str, key: str = "a") -> str:
    return f'"attributes": [{{"key": "{key}", "value": {value}}}]'


def _field(value: str) -> Value:
    return _only(_attribute(value)).fields.get("a", "<missing>")


def test_ids_that_are_no_hex_are_base64() -> None:
    event = _only('"traceId": "W47/95gDgQPSabYzgT/GDA==", "spanId": "7uGbfsPBsXQ="')

    assert event.trace_id == "5b8efff798038103d269b633813fc60c"
    assert event.fields["trace.span_id"] == "eee19b7ec3c1b174"


@pytest.mark.parametrize(
    ("content", "word"),
    [("true", "unspecified"), ("2", "server"), ("2.0", "unspecified"), ("4294967299", "client")],
)
def test_a_kind_is_the_32_bits_of_a_whole_number(content: str, word: str) -> None:
    assert _only(f'"kind": {content}').fields["span.kind"] == word


@pytest.mark.parametrize(
    ("content", "code"), [("2.0", 0), ("9223372036854775807", 2**63 - 1), ("1e0", 0), ('"X"', 0)]
)
def test_a_status_code_is_an_int64(content: str, code: int) -> None:
    assert _only(f'"status": {{"code": {content}}}').fields["status_code"] == code


def test_of_repeated_members_the_last_counts_and_of_repeated_attributes_the_first() -> None:
    event = _only(
        '"name": "one", "name": "two", "traceId": "ab", "traceId": "cd",'
        + _attribute('{"intValue": 1}')
        + ","
        + _attribute('{"intValue": 2}')
    )

    assert (event.fields["name"], event.trace_id, event.fields["a"]) == ("two", "cd", 1)


def test_a_repeated_member_that_is_refused_is_refused_even_if_it_does_not_count() -> None:
    with pytest.raises(OtlpError, match=r"spans\[0\].endTimeUnixNano"):
        _events('"endTimeUnixNano": 5, "endTimeUnixNano": "5"')


def test_an_error_status_stays_when_a_repeated_one_takes_it_back() -> None:
    event = _only('"status": {"code": 2}, "status": {"code": 1}')

    assert (event.fields["status_code"], event.fields["error"]) == (1, True)


def test_an_attribute_with_two_values_has_the_first_but_one_in_an_array_the_last() -> None:
    both = '{"stringValue": "x", "intValue": "5"}'

    assert _field(both) == "x"
    assert _field(f'{{"arrayValue": {{"values": [{both}]}}}}') == "[5]\n"


def test_of_two_sample_rates_in_one_attribute_the_last_counts() -> None:
    event = _only(_attribute('{"stringValue": "3", "intValue": 7}', "sampleRate"))

    assert event.samplerate == 7
    assert "sampleRate" not in event.fields


def test_the_service_name_may_come_from_a_list() -> None:
    listed = '{"kvlistValue": {"values": [{"key": "name", "value": {"stringValue": "shop"}}]}}'
    around = f', "resource": {{{_attribute(listed, "service")}}}'

    event = _only("", around=around)

    assert (event.dataset, event.fields["service.name"]) == ("shop", "shop")


def test_a_schema_url_before_the_resource_beats_its_attribute() -> None:
    resource = f'"resource": {{{_attribute("{}", "x")}}}'.replace("{}", '{"stringValue": "b"}')
    resource = resource.replace('"x"', '"resource.schema_url"')

    before = _only("", around=f', "schemaUrl": "a", {resource}')
    after = _only("", around=f', {resource}, "schemaUrl": "a"')

    assert before.fields["resource.schema_url"] == "a"
    assert after.fields["resource.schema_url"] == "b"


def test_an_exception_without_attributes_hides_no_later_one() -> None:
    told = _attribute('{"stringValue": "boom"}', "exception.message")
    events = f'"events": [{{"name": "exception"}}, {{"name": "exception", {told}}}]'

    assert _events(events)[-1].fields["exception.message"] == "boom"


def test_an_exception_text_of_another_type_counts_as_empty() -> None:
    told = _attribute('{"stringValue": 5}', "exception.message")

    span = _events(f'"events": [{{"name": "exception", {told}}}]')[-1]

    assert span.fields["exception.message"] == ""


@pytest.mark.parametrize(
    ("content", "text"),
    [('{"values": []}', "{}"), ("5", "null"), ("{}", "{}")],
    ids=["empty", "no object", "no values"],
)
def test_an_over_deep_list_that_is_none_prints_as_null(content: str, text: str) -> None:
    value = f'{{"arrayValue": {{"values": [{{"kvlistValue": {content}}}]}}}}'

    assert _field(value) == f"[{text}]\n"


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("-0", -0.0),
        ("1e23", 1e23),
        ("8.5e22", 8.5e22),
        ("1.5e-7", 1.5e-7),
        ("0.30000000000000004", 0.30000000000000004),
        ("1e400", math.inf),
        ("-1e-400", -0.0),
        ("0.1e-6", 0.1e-6),
        ("1.1e-9", 1.1e-9),
        ("1e0000000000000000000000001", 10.0),
    ],
)
def test_plain_numbers_read_as_what_they_say(number: str, value: float) -> None:
    found = _field(f'{{"doubleValue": {number}}}')

    assert isinstance(found, float)
    assert math.isclose(found, value, rel_tol=1e-15)
    assert math.copysign(1, found) == math.copysign(1, value)


def test_a_number_with_an_exponent_may_miss_the_nearest_float_as_refinery_does() -> None:
    found = _field('{"doubleValue": 7.7e-65}')

    assert found == 7.7 * (1e-64 / 10.0)
    assert found != float("7.7e-65")


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"\ud83d\ude00", "😀"),
        (r"\ud800", r"\ud800"),
        (r"\uDC00x", r"\uDC00x"),
        (r"\ud800\u0041", "\ufffd"),
        (r"\ud83d\ud83d\ude00", "\ufffd\\ude00"),
        (r"\\ud800", r"\ud800"),
    ],
)
def test_half_a_character_stays_an_escape(escaped: str, text: str) -> None:
    assert _field(f'{{"stringValue": "{escaped}"}}') == text


@pytest.mark.parametrize(
    "text", ['{"a": Infinity}', '{"a": -Infinity}', "[1,]", ""], ids=["inf", "-inf", "comma", "no"]
)
def test_what_refinery_cannot_parse_is_no_json(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        decode_json(text)


def test_values_are_refused_where_refinerys_parser_gives_up() -> None:
    def nested(times: int) -> str:
        value = '{"stringValue": "x"}'
        for _ in range(times):
            value = f'{{"arrayValue": {{"values": [{value}]}}}}'
        return _attribute(value)

    assert len(str(_only(nested(96)).fields["a"])) == 2 * 96 + 4
    with pytest.raises(OtlpError, match="300 levels"):
        _events(nested(97))


@pytest.mark.parametrize("digits", ["0" * 250 + "5", "5"])
def test_leading_zeros_of_a_time_do_not_count(digits: str) -> None:
    assert _only(f'"startTimeUnixNano": "{digits}"').time_ns == 5


@pytest.mark.parametrize(
    "text", ["YQ", "Y===", "YQ==YQ==", "YWJj=", "é", "YQ= ="], ids=lambda text: text
)
def test_bytes_in_an_array_must_be_base64(text: str) -> None:
    value = f'{{"arrayValue": {{"values": [{{"bytesValue": "{text}"}}]}}}}'
    with pytest.raises(OtlpError, match="base64"):
        _field(value)

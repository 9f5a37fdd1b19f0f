"""What the vectors do not show of OTLP: strictness of JSON, sample rates, special fields."""

from __future__ import annotations

from typing import Any

import pytest

from nectarc.corpus.otlp import Array, Base64, KeyValues, OtlpError, OtlpValue
from nectarc.corpus.otlp_events import Event, events_of
from nectarc.corpus.otlp_json import read_json
from nectarc.corpus.otlp_values import flatten_attributes, json_text, threshold_rate
from nectarc.trace import ROOT_FIELD

TRACE_ID = "5b8efff798038103d269b633813fc60c"


def _request(*attributes: tuple[str, dict[str, Any]], **members: object) -> dict[str, Any]:
    span = {
        "traceId": TRACE_ID,
        "spanId": "eee19b7ec3c1b174",
        "name": "work",
        "attributes": [{"key": key, "value": value} for key, value in attributes],
        **members,
    }
    return {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}


def _events(*attributes: tuple[str, dict[str, Any]], **members: object) -> tuple[Event, ...]:
    (group,) = events_of(read_json(_request(*attributes, **members)))
    return group


def _only(*attributes: tuple[str, dict[str, Any]], **members: object) -> Event:
    (event,) = _events(*attributes, **members)
    return event


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"startTimeUnixNano": 1}, "resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano"),
        ({"endTimeUnixNano": "-1"}, "endTimeUnixNano"),
        ({"endTimeUnixNano": "18446744073709551616"}, "endTimeUnixNano"),
        ({"startTimeUnixNano": "٣"}, "startTimeUnixNano"),
        ({"traceId": "xyz"}, "traceId"),
        ({"parentSpanId": "abc"}, "parentSpanId"),
        ({"traceId": "ab cd"}, "traceId"),
        ({"traceId": "QUJD="}, "traceId"),
        ({"spanId": "ab" * 128}, "spans[0]"),
        ({"status": {"code": None}}, "status.code"),
        ({"status": 2}, "status"),
        ({"events": [7]}, "events[0]"),
        ({"events": [{"timeUnixNano": 5}]}, "events[0].timeUnixNano"),
        ({"links": [{"traceId": "q"}]}, "links[0].traceId"),
    ],
    ids=lambda case: case if isinstance(case, str) else next(iter(case)),
)
def test_json_that_refinery_refuses_is_refused_with_its_place(
    members: dict[str, object], place: str
) -> None:
    with pytest.raises(OtlpError) as refused:
        read_json(_request(**members))
    assert refused.value.place.endswith(place)


def test_an_integer_in_an_array_must_be_text_but_outside_it_need_not() -> None:
    assert _only(("n", {"intValue": 5})).fields["n"] == 5
    in_array = {"arrayValue": {"values": [{"intValue": 5}]}}
    with pytest.raises(OtlpError, match="string of decimal digits"):
        _only(("n", in_array))


def test_an_integer_in_an_over_deep_list_must_be_text() -> None:
    value: dict[str, Any] = {"intValue": 5}
    for depth in range(6):
        value = {"kvlistValue": {"values": [{"key": f"k{depth}", "value": value}]}}
        if depth < 5:
            assert _only(("a", value)).fields["a." + _path(depth)] == 5
    with pytest.raises(OtlpError):
        _only(("a", value))


def _path(depth: int) -> str:
    return ".".join(f"k{number}" for number in range(depth, -1, -1))


def test_upper_case_ids_become_lower_case_and_a_padded_trace_id_is_cut() -> None:
    event = _only(traceId="0000000000000000F798A1E7F33C8AF6")

    assert event.trace_id == "f798a1e7f33c8af6"


def test_a_span_attribute_beats_the_built_in_field_and_a_resource_attribute_does_not() -> None:
    request = _request(("duration_ms", {"stringValue": "long"}))
    resource = {"attributes": [{"key": "name", "value": {"stringValue": "other"}}]}
    request["resourceSpans"][0]["resource"] = resource
    ((event,),) = events_of(read_json(request))

    assert event.fields["duration_ms"] == "long"
    assert event.fields["name"] == "work"


def test_spans_carry_the_root_flag_as_in_production() -> None:
    root, child = _only(), _only(parentSpanId="00f067aa0ba902b7")

    assert (root.as_span().fields[ROOT_FIELD], root.as_span().is_root) == (True, True)
    assert (child.as_span().fields[ROOT_FIELD], child.as_span().is_root) == (False, False)


def test_an_attribute_may_set_the_root_flag_until_a_parent_id_comes_after_it() -> None:
    stated = ("meta.refinery.root", {"boolValue": True})
    parent = ("parentId", {"stringValue": "p"})

    assert _only(stated, parent).root is False
    assert _only(parent, stated).root is True
    assert _only(("meta.refinery.root", {"stringValue": "no"})).root is True


def test_a_log_signal_is_never_root_and_has_no_root_flag() -> None:
    span = _only(("meta.signal_type", {"stringValue": "log"})).as_span()

    assert not span.is_root
    assert ROOT_FIELD not in span.fields


def test_a_wrongly_typed_metadata_field_is_discarded() -> None:
    event = _only(("meta.signal_type", {"intValue": 1}), ("meta.span_count", {"stringValue": "9"}))

    assert "meta.signal_type" not in event.fields
    assert "meta.span_count" not in event.fields


def test_a_probe_is_discarded() -> None:
    assert _events(("meta.refinery.probe", {"boolValue": True})) == ()


def test_an_empty_meta_trace_id_takes_the_trace_id_away() -> None:
    request = _request()
    empty = {"attributes": [{"key": "meta.trace_id", "value": {"stringValue": ""}}]}
    request["resourceSpans"][0]["resource"] = empty
    ((event,),) = events_of(read_json(request))

    assert event.trace_id == ""
    assert "meta.trace_id" not in event.fields


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("@honeycombio/web", True),
        ("github.com/open-telemetry/opentelemetry-collector-contrib/x", True),
        ("io.opentelemetry.jdbc", True),
        ("opentelemetry", False),
    ],
)
def test_scopes_of_instrumentation_libraries_are_marked(name: str, *, is_known: bool) -> None:
    request = _request()
    request["resourceSpans"][0]["scopeSpans"][0]["scope"] = {"name": name}
    ((event,),) = events_of(read_json(request))

    assert event.fields.get("telemetry.instrumentation_library", False) is is_known
    assert event.fields["library.name"] == name


@pytest.mark.parametrize(
    ("service", "dataset"),
    [
        ("\u2003shop\xa0", "shop"),
        ("\x1cshop", "\x1cshop"),
        (" unknown_service:java", "unknown_service"),
        ("\t", "unknown_service"),
    ],
)
def test_the_dataset_is_the_service_name_without_blanks(service: str, dataset: str) -> None:
    request = _request()
    named = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    request["resourceSpans"][0]["resource"] = named
    ((event,),) = events_of(read_json(request))

    assert event.dataset == dataset


def test_meta_trace_id_beats_the_other_trace_ids() -> None:
    event = _only(("traceId", {"stringValue": "b"}), ("meta.trace_id", {"stringValue": "a"}))

    assert event.trace_id == "a"


@pytest.mark.parametrize(
    ("value", "rate"),
    [
        (7, 7),
        (-3, 1),
        (2**62, 2**31 - 1),
        (1.5, 2),
        (float("nan"), 2**31 - 1),
        (float("-inf"), 1),
        (-(2**32) + 5, 5),
        ("-4294967291", 6),
        ("nan", 1),
        ("-1e19", 1),
        (float("inf"), 2**31 - 1),
        ("12", 12),
        ("1_0.4", 10),
        ("0x1p4", 16),
        ("0x_1p1_0", 1024),
        ("0x1_p4", 1),
        (" 12", 1),
        ("1e400", 1),
        ("", 1),
    ],
)
def test_sample_rate_attributes_set_the_rate(value: OtlpValue, rate: int) -> None:
    flat = flatten_attributes([("sampleRate", value)])

    assert (flat.rate, flat.pairs) == (rate, ())


def test_a_second_sample_rate_in_the_other_spelling_stays_a_field() -> None:
    flat = flatten_attributes([("sampleRate", 5), ("SampleRate", 7)])

    assert (flat.rate, flat.pairs) == (5, (("SampleRate", 7),))


def test_a_boolean_sample_rate_stays_a_field() -> None:
    assert flatten_attributes([("sampleRate", True)]).pairs == (("sampleRate", True),)


@pytest.mark.parametrize(
    ("state", "rate", "weight"),
    [
        ("ot=th:8", 2, 2.0),
        ("vendor=1,ot=rv:12345678901234;th:c", 4, 4.0),
        ("th=8", 2, 2.0),
        ("ot=th:5", None, 1 / (1 - 5 / 16)),
        ("ot=th:8:9;th:c", 4, 4.0),
        ("ot=th:8:9;th=8", 2, 2.0),
        ("th=8;th=c", 4, 4.0),
        ("ot=th:fd7", None, 4096 / 41),
        ("ot=th:fd8", 102, 102.0),
        ("ot=th:ffffffff", 2**64 - 2**31, 2**31 - 1),
    ],
)
def test_trace_states_set_the_rate(state: str, rate: int | None, weight: float) -> None:
    found = threshold_rate(state)

    assert found is not None
    assert found.rate == rate
    assert found.weight == pytest.approx(weight)


@pytest.mark.parametrize(
    "state", ["th:8", "ot=p:3", "ot=th:", "ot=th:123456789012345", "ot=th:g", "a=b, ot=th:8"]
)
def test_trace_states_without_a_threshold_set_no_rate(state: str) -> None:
    assert threshold_rate(state) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Array((), is_null=True), "null\n"),
        (Array(()), "[]\n"),
        (Array((1, 2.5, "a\tb\x01\u2028<", True)), '[1,2.5,"a\\tb\\u0001\u2028<",true]\n'),
        (Array((1e21, 1e20, 1e-6, 1e-7, -0.0, 100.0)), None),
        (KeyValues((("b", 1), ("a", Base64("YQ==")), ("b", 2))), '{"a":"YQ==","b":2}\n'),
        (Array((float("nan"),)), ""),
    ],
    ids=["null", "empty", "mixed", "floats", "map", "nan"],
)
def test_composite_values_print_as_json(value: OtlpValue, text: str | None) -> None:
    floats = "[1e+21,100000000000000000000,0.000001,1e-07,-0,100]\n"

    assert json_text(value) == (floats if text is None else text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Array((KeyValues((), is_null=True), KeyValues((("a", None),)))), '[null,{"a":null}]\n'),
        (Array((1e-10, 1e100, 5e-324)), "[1e-10,1e+100,5e-324]\n"),
    ],
    ids=["null inside", "exponents"],
)
def test_nulls_and_exponents_print_as_goes_json_iterator_does(value: OtlpValue, text: str) -> None:
    assert json_text(value) == text


@pytest.mark.parametrize(("before", "marks"), [("", 1), ("x", 0), ("xx", 2)])
def test_a_character_cut_in_two_becomes_one_mark_for_each_byte(before: str, marks: int) -> None:
    text = json_text(Array((before + "日" * 30_000,)))

    assert len(text.removesuffix("\ufffd" * marks).encode()) == 65_535 - marks
    assert text.count("\ufffd") == marks


def test_composite_values_are_cut_to_what_honeycomb_takes() -> None:
    text = json_text(Array(("x" * 70_000,)))

    assert len(text) == 65_535
    assert text.endswith("x")

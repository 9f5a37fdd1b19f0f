"""OTLP JSON -> the request model, as strict and as lenient as Refinery's reader.

Owns: what each JSON member may be. Must not know: Refinery's field names, files.
Truth: ../shared/reference/refinery-semantics.md, 6.7: ids are hex, times decimal strings or the
request fails, a part of another type than expected counts as absent where Refinery is lenient.
"""

from __future__ import annotations

import base64
import binascii
import math
from typing import Final, TypeAlias

from nectarc.corpus.otlp import (
    ERROR_CODES,
    FLATTEN_DEPTH,
    Array,
    Attribute,
    Base64,
    KeyValues,
    Link,
    OtlpError,
    OtlpSpan,
    OtlpValue,
    Request,
    Resource,
    Scope,
    SpanEvent,
    kind_word,
)

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_UINT64_MAX: Final = 2**64 - 1
_INT64_MIN: Final = -(2**63)
_INT64_MAX: Final = 2**63 - 1
_KIND_NUMBERS: Final = {
    f"SPAN_KIND_{word}": number
    for number, word in enumerate(
        ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")
    )
}


def read_json(document: Json) -> Request:
    """Read one request from its decoded JSON; raises OtlpError where Refinery refuses it.

    A document without `resourceSpans` is an empty request, as it is to Refinery.
    """
    root = _object(document, "")
    return tuple(
        _resource(item, f"resourceSpans[{index}]")
        for index, item in enumerate(_list(root, "resourceSpans"))
    )


def _resource(item: Json, place: str) -> Resource:
    members = _object(item, place)
    return Resource(
        _text(members, "schemaUrl"),
        _attributes(_maybe_object(members.get("resource")), f"{place}.resource"),
        tuple(
            _scope(scope, f"{place}.scopeSpans[{index}]")
            for index, scope in enumerate(_list(members, "scopeSpans"))
        ),
    )


def _scope(item: Json, place: str) -> Scope:
    members = _object(item, place)
    scope = _maybe_object(members.get("scope"))
    return Scope(
        _text(scope, "name"),
        _text(scope, "version"),
        _text(members, "schemaUrl"),
        _attributes(scope, f"{place}.scope"),
        tuple(
            _span(span, f"{place}.spans[{index}]")
            for index, span in enumerate(_list(members, "spans"))
        ),
    )


def _span(item: Json, place: str) -> OtlpSpan:
    members = _object(item, place)
    status = _object(members["status"], f"{place}.status") if "status" in members else {}
    return OtlpSpan(
        trace_id=_hex(members, "traceId", place),
        span_id=_hex(members, "spanId", place),
        parent_id=_hex(members, "parentSpanId", place),
        trace_state=_text(members, "traceState"),
        name=_text(members, "name"),
        kind=_kind(members.get("kind")),
        start_ns=_time(members, "startTimeUnixNano", place),
        end_ns=_time(members, "endTimeUnixNano", place),
        status_code=_status_code(status, place),
        status_message=_text(status, "message"),
        attributes=_attributes(members, place),
        events=tuple(
            _event(event, f"{place}.events[{index}]")
            for index, event in enumerate(_list(members, "events"))
        ),
        links=tuple(
            _link(link, f"{place}.links[{index}]")
            for index, link in enumerate(_list(members, "links"))
        ),
    )


def _event(item: Json, place: str) -> SpanEvent:
    members = _object(item, place)
    time_ns = _time(members, "timeUnixNano", place)
    return SpanEvent(time_ns, _text(members, "name"), _attributes(members, place))


def _link(item: Json, place: str) -> Link:
    members = _object(item, place)
    return Link(
        _hex(members, "traceId", place),
        _hex(members, "spanId", place),
        _attributes(members, place),
    )


def _attributes(members: dict[str, Json], place: str) -> tuple[Attribute, ...]:
    pairs: list[Attribute] = []
    for index, item in enumerate(_list(members, "attributes")):
        pair = _maybe_object(item)
        key = _text(pair, "key")
        if key:
            value = _value(pair.get("value"), f"{place}.attributes[{index}].value", 0)
            if value is not None:
                pairs.append((key, value))
    return tuple(pairs)


def _value(item: Json, place: str, depth: int) -> OtlpValue | None:
    """Read an AnyValue; None where it is empty.

    depth: above FLATTEN_DEPTH inside an array or an over-deep list, where Refinery is stricter.
    """
    is_nested = depth > FLATTEN_DEPTH
    for name, content in _maybe_object(item).items():
        match name:
            case "stringValue":
                return content if isinstance(content, str) else ""
            case "boolValue":
                return content is True
            case "intValue":
                return _int_value(content, place, is_nested=is_nested)
            case "doubleValue":
                return _double_value(content)
            case "bytesValue":
                return _bytes_value(content, place, is_nested=is_nested)
            case "arrayValue":
                return _array(_maybe_object(content), place)
            case "kvlistValue":
                return _key_values(_maybe_object(content), place, depth + 1)
            case _:
                continue
    return None


def _int_value(content: Json, place: str, *, is_nested: bool) -> int:
    if isinstance(content, str):
        digits = content[1:] if content[:1] in {"+", "-"} else content
        if digits.isascii() and digits.isdigit() and len(digits) < _DIGITS_MAX:
            number = int(content)
            if _INT64_MIN <= number <= _INT64_MAX:
                return number
    elif not is_nested and isinstance(content, int | float) and not isinstance(content, bool):
        # A number that is no int64 reads as 0.
        is_int64 = isinstance(content, int) and _INT64_MIN <= content <= _INT64_MAX
        return int(content) if is_int64 else 0
    wanted = "a string of decimal digits" if is_nested else "a 64-bit integer"
    raise OtlpError(place, f"intValue must be {wanted}")


# Python refuses to turn thousands of digits into a number; int64 and uint64 need twenty.
_DIGITS_MAX: Final = 200


def _double_value(content: Json) -> float:
    if isinstance(content, bool) or not isinstance(content, int | float):
        return 0.0
    try:
        return float(content)
    except OverflowError:
        return math.inf if content > 0 else -math.inf


def _bytes_value(content: Json, place: str, *, is_nested: bool) -> Base64:
    text = content if isinstance(content, str) else ""
    if not is_nested:
        return Base64(text)  # Refinery passes the text on as it came
    try:
        raw = base64.b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise OtlpError(place, "bytesValue is not base64") from error
    return Base64(base64.b64encode(raw).decode("ascii"))


def _array(members: dict[str, Json], place: str) -> Array:
    items = _list(members, "values")
    elements = (
        _value(item, f"{place}.values[{index}]", FLATTEN_DEPTH + 1)
        for index, item in enumerate(items)
    )
    return Array(tuple(e for e in elements if e is not None), is_null=not items)


def _key_values(members: dict[str, Json], place: str, depth: int) -> KeyValues:
    pairs: list[Attribute] = []
    for index, item in enumerate(_list(members, "values")):
        here = f"{place}.values[{index}]"
        pair = _object(item, here)
        key = _text(pair, "key")
        value = _value(pair.get("value"), here, depth) if key else None
        if value is not None:
            pairs.append((key, value))
    return KeyValues(tuple(pairs))


def _kind(content: Json) -> str:
    if isinstance(content, str):
        return kind_word(_KIND_NUMBERS.get(content, 0))
    return kind_word(content) if isinstance(content, int) else kind_word(0)


def _status_code(status: dict[str, Json], place: str) -> int:
    content = status.get("code", 0)
    if isinstance(content, str):
        return ERROR_CODES.get(content, 0)
    if isinstance(content, bool) or not isinstance(content, int | float):
        raise OtlpError(f"{place}.status.code", "neither a number nor the name of a status code")
    return content if isinstance(content, int) and abs(content) <= _INT64_MAX else 0


def _time(members: dict[str, Json], name: str, place: str) -> int:
    if name not in members:
        return 0
    content = members[name]
    if isinstance(content, str) and content.isascii() and content.isdigit():
        number = int(content[:_DIGITS_MAX])
        if number <= _UINT64_MAX:
            return number
    raise OtlpError(f"{place}.{name}", "must be nanoseconds as a string of decimal digits")


def _hex(members: dict[str, Json], name: str, place: str) -> str:
    text = _text(members, name)
    try:
        # bytes.fromhex would also take blanks between the digits.
        return "" if not text else binascii.unhexlify(text).hex()
    except (binascii.Error, ValueError) as error:
        raise OtlpError(f"{place}.{name}", "must be hexadecimal digits, two for each byte") from (
            error
        )


def _object(item: Json, place: str) -> dict[str, Json]:
    if isinstance(item, dict):
        return item
    raise OtlpError(place, "must be a JSON object")


def _maybe_object(item: Json) -> dict[str, Json]:
    return item if isinstance(item, dict) else {}


def _list(members: dict[str, Json], name: str) -> list[Json]:
    item = members.get(name)
    return item if isinstance(item, list) else []


def _text(members: dict[str, Json], name: str) -> str:
    item = members.get(name)
    return item if isinstance(item, str) else ""

"""Attributes in OTLP JSON -> the values of the request model.

Owns: the members of AnyValue, how deep they go. Must not know: spans.
Truth: ../shared/reference/refinery-semantics.md, 6.4 and 6.7, and husky v0.43.1.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from typing import Final

from nectarc.corpus.otlp import (
    FLATTEN_DEPTH,
    Array,
    Attribute,
    Base64,
    KeyValues,
    OtlpError,
    OtlpValue,
)
from nectarc.corpus.otlp_json_members import (
    base64_bytes,
    int64_of,
    items_of,
    number_of_digits,
    object_of,
    object_or_empty,
    read_each,
    text_of,
)
from nectarc.corpus.otlp_json_text import Json, Members, all_of, members_of

# Levels of JSON around the value of an attribute; Refinery's parser takes 300 in all.
RESOURCE_LEVEL: Final = 7
SCOPE_LEVEL: Final = 9
SPAN_LEVEL: Final = 10
ITEM_LEVEL: Final = 12
_LEVELS_MAX: Final = 300
_INT64_MIN: Final = -(2**63)
_INT64_MAX: Final = 2**63 - 1


def attributes_of(members: Members, level: int, place: str = "") -> tuple[Attribute, ...]:
    """Return the attributes of all `attributes` members; `level` as above, `place` before it."""
    if "attributes" not in members:
        return ()
    if type(members) is dict:  # it says the member once
        return pairs_of(items_of(members["attributes"]), level, f"{place}attributes")
    return tuple(
        pair
        for content in all_of(members, "attributes")
        for pair in pairs_of(items_of(content), level, f"{place}attributes")
    )


def pairs_of(items: list[Json], level: int, place: str) -> tuple[Attribute, ...]:
    """Return the attributes of one list, which stands at `place`."""
    index = 0
    pairs: list[Attribute] = []
    try:
        for index, item in enumerate(items):  # noqa: B007 - the handler uses it
            pair = item if isinstance(item, dict) else {}
            key = pair.get("key")
            if isinstance(key, str) and key:
                content = pair.get("value")
                if type(content) is not dict or len(content) != 1:
                    pairs += [(key, value) for value in _values(content, 0, level)]
                    continue
                # What nearly all attributes are; `_values` reads the same, more slowly.
                ((kind, inner),) = content.items()
                if kind == "stringValue":
                    pairs.append((key, inner if isinstance(inner, str) else ""))
                elif kind == "intValue":
                    pairs.append((key, _int_value(inner, is_nested=False)))
                else:
                    pairs += [(key, value) for value in _values(content, 0, level)]
    except OtlpError as error:
        raise error.inside(f"{place}[{index}].value") from error
    return tuple(pairs)


def _values(item: Json, depth: int, level: int) -> Iterator[OtlpValue]:
    """Read an AnyValue: none where it is empty, several where it says several.

    depth: lists around it; above FLATTEN_DEPTH inside an array or an over-deep list, where
    Refinery is stricter. level: levels of JSON around it.
    """
    if level >= _LEVELS_MAX:
        raise OtlpError("", f"nested deeper than {_LEVELS_MAX} levels")
    is_nested = depth > FLATTEN_DEPTH
    for name, content in members_of(object_or_empty(item)):
        match name:
            case "stringValue":
                yield content if isinstance(content, str) else ""
            case "boolValue":
                yield content is True
            case "intValue":
                yield _int_value(content, is_nested=is_nested)
            case "doubleValue":
                yield _double_value(content)
            case "bytesValue":
                yield _bytes_value(content, is_nested=is_nested)
            case "arrayValue":
                yield _array(object_or_empty(content), level + 3)
            case "kvlistValue":
                yield _key_values(content, depth + 1, level + 4)
            case _:
                continue


def _last_value(item: Json, depth: int, level: int) -> OtlpValue:
    """Return the last value, as Refinery does where it prints values; None if it is empty."""
    value: OtlpValue = None
    for value in _values(item, depth, level):  # noqa: B007 - the last one is the result
        pass
    return value


def _int_value(content: Json, *, is_nested: bool) -> int:
    if isinstance(content, str):
        digits = content[1:] if content[:1] in {"+", "-"} else content
        number = number_of_digits(digits)
        if number is not None:
            number = -number if content[0] == "-" else number
            if _INT64_MIN <= number <= _INT64_MAX:
                return number
    elif not is_nested and isinstance(content, int | float) and not isinstance(content, bool):
        return int64_of(content)
    wanted = "a string of decimal digits" if is_nested else "a 64-bit integer"
    raise OtlpError("", f"intValue must be {wanted}")


def _double_value(content: Json) -> float:
    if isinstance(content, bool) or not isinstance(content, int | float):
        return 0.0
    try:
        return float(content)
    except OverflowError:
        return math.inf if content > 0 else -math.inf


def _bytes_value(content: Json, *, is_nested: bool) -> Base64:
    text = content if isinstance(content, str) else ""
    if not is_nested:
        return Base64(text)  # Refinery passes the text on as it came
    raw = base64_bytes(text)
    if raw is None:
        raise OtlpError("", "bytesValue is not base64")
    return Base64(base64.b64encode(raw).decode("ascii"))


def _array(members: Members, level: int) -> Array:
    is_null = True
    elements: tuple[OtlpValue, ...] = ()
    for content in all_of(members, "values"):
        items = items_of(content)
        if items:
            is_null = False
            elements = read_each(items, "values", lambda item: _last_value(item, _NESTED, level))
    return Array(tuple(e for e in elements if e is not None), is_null=is_null)


_NESTED: Final = FLATTEN_DEPTH + 1


def _key_values(content: Json, depth: int, level: int) -> KeyValues:
    members = object_or_empty(content)

    def of_one(item: Json) -> tuple[Attribute, ...]:
        pair = object_of(item)
        key = text_of(pair, "key")
        if not key:
            return ()
        value = pair.get("value")
        if depth <= FLATTEN_DEPTH:
            return tuple((key, element) for element in _values(value, depth, level))
        last = _last_value(value, depth, level)
        return () if last is None else ((key, last),)

    groups = (
        group
        for values in all_of(members, "values")
        for group in read_each(items_of(values), "values", of_one)
    )
    pairs = tuple(pair for group in groups for pair in group)
    return KeyValues(pairs, is_null=not isinstance(content, dict))

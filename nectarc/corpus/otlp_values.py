"""Attribute values as Refinery flattens and prints them, and the sample rate that they may carry.

Owns: flattening, JSON text of composite values, sample rates of attributes and trace states.
Must not know: spans, requests. Truth: ../shared/reference/refinery-semantics.md, 6.4 and 6.6.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from nectarc.corpus.otlp import FLATTEN_DEPTH, Array, Attribute, Base64, KeyValues, OtlpValue
from nectarc.trace import Value

Pair = tuple[str, Value]

_FIELD_SIZE_MAX: Final = 65_535  # bytes of JSON text; the rest is cut
_RATE_MAX: Final = 2**31 - 1
_PREFERRED_RATE_KEY: Final = "sampleRate"
_RATE_KEYS: Final = frozenset({_PREFERRED_RATE_KEY, "SampleRate"})


class Flattened(NamedTuple):
    """The attributes of one span, event, link, scope or resource.

    pairs: the fields they become, in order; the first of equal names counts.
    rate:  the sample rate they set, 0 = none.
    """

    pairs: tuple[Pair, ...]
    rate: int


_NO_FIELDS: Final = Flattened((), 0)
_PLAIN: Final = frozenset({str, int, float, bool})


def flatten_attributes(attributes: Sequence[Attribute]) -> Flattened:
    """Turn attributes into fields, taking the sample rate out."""
    if not attributes:
        return _NO_FIELDS
    keys, values = zip(*attributes, strict=True)
    if _PLAIN.issuperset(map(type, values)) and _RATE_KEYS.isdisjoint(keys):
        return Flattened(cast("tuple[Pair, ...]", tuple(attributes)), 0)
    pairs: list[Pair] = []
    rate = 0
    for key, value in attributes:
        if key in _RATE_KEYS and (rate == 0 or key == _PREFERRED_RATE_KEY):
            found = _attribute_rate(value)
            if found is not None:
                rate = found
                continue
        _flatten(key, value, 0, pairs)
    return Flattened(tuple(pairs), rate)


def _flatten(key: str, value: OtlpValue, depth: int, pairs: list[Pair]) -> None:
    if isinstance(value, KeyValues) and depth < FLATTEN_DEPTH:
        for name, element in value.pairs:
            _flatten(f"{key}.{name}", element, depth + 1, pairs)
    elif isinstance(value, KeyValues | Array | Base64):
        pairs.append((key, json_text(value)))
    else:
        pairs.append((key, value))


def json_text(value: OtlpValue) -> str:
    """Print a composite value as Refinery does: compact JSON and a line end, cut in size.

    A NaN or an infinity inside makes the whole text empty.
    """
    parts: list[str] = []
    try:
        _print_json(value, parts)
    except _NoJsonNumberError:
        return ""
    text = "".join(parts) + "\n"
    if len(text) * 4 <= _FIELD_SIZE_MAX:
        return text
    cut = text.encode("utf-8", "surrogatepass")[:_FIELD_SIZE_MAX]
    return cut.decode("utf-8", _EACH_BYTE)


# Python's own "replace" makes one U+FFFD of several bytes, Go one of each.
_EACH_BYTE: Final = "nectarc-replace-each-byte"


def _replace_one_byte(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd", error.start + 1


codecs.register_error(_EACH_BYTE, _replace_one_byte)


class _NoJsonNumberError(ValueError):
    """A number that JSON cannot say."""


_ESCAPES: Final = {
    **{chr(code): f"\\u{code:04x}" for code in range(0x20)},
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
_TO_ESCAPE: Final = re.compile(r'[\x00-\x1f"\\]')


def _print_json(value: OtlpValue, parts: list[str]) -> None:
    match value:
        case None:
            parts.append("null")
        case bool():
            parts.append("true" if value else "false")
        case int():
            parts.append(str(value))
        case float():
            parts.append(_json_float(value))
        case str():
            parts.append(_json_string(value))
        case Base64():
            parts.append(_json_string(value.text))
        case Array():
            _print_array(value, parts)
        case KeyValues():
            _print_map(value, parts)


def _print_array(value: Array, parts: list[str]) -> None:
    if value.is_null:
        parts.append("null")
        return
    parts.append("[")
    for index, element in enumerate(value.values):
        if index:
            parts.append(",")
        _print_json(element, parts)
    parts.append("]")


def _print_map(value: KeyValues, parts: list[str]) -> None:
    if value.is_null:
        parts.append("null")
        return
    parts.append("{")
    for index, (key, element) in enumerate(sorted(dict(value.pairs).items(), key=_key_of)):
        parts.append(("," if index else "") + _json_string(key) + ":")
        _print_json(element, parts)
    parts.append("}")


def _key_of(pair: Attribute) -> str:
    return pair[0]


def _json_string(text: str) -> str:
    return '"' + _TO_ESCAPE.sub(lambda found: _ESCAPES[found.group()], text) + '"'


def _json_float(number: float) -> str:
    """Print the shortest digits; exponents, of two digits, only below 1e-6 and from 1e21 on."""
    if math.isnan(number) or math.isinf(number):
        raise _NoJsonNumberError
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    mantissa, _, exponent_text = f"{number!r}".partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    exponent = int(exponent_text or 0)
    all_digits = whole + fraction
    digits = all_digits.lstrip("0")
    # The value is 0.DIGITS * 10 ** point.
    point = len(whole) + exponent - (len(all_digits) - len(digits))
    digits = digits.rstrip("0")
    if abs(number) < 1e-6 or abs(number) >= 1e21:
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}e{point - 1:+03d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    return f"{sign}{digits[:point]}.{digits[point:]}"


def _attribute_rate(value: OtlpValue) -> int | None:
    """Return the rate that a `sampleRate` attribute sets; None if it stays an ordinary field."""
    match value:
        case bool():
            return None
        case int():
            return _rate_of_int(value)
        case float():
            # NaN is not below the maximum. What no int32 can hold is the smallest one on amd64.
            return max(1, int(max(value, 0.0) + 0.5)) if value < _RATE_MAX else _RATE_MAX
        case str():
            return _rate_of_text(value)
        case _:
            return None


def _rate_of_int(number: int) -> int:
    """Keep 32 bits, as Refinery does: a very negative number may become a positive rate."""
    low = number & 0xFFFF_FFFF
    return _RATE_MAX if number >= _RATE_MAX else low if 1 <= low <= _RATE_MAX else 1


def _rate_of_text(text: str) -> int:
    number = _go_float(text)
    is_int64 = number >= -(2.0**63)  # false for NaN
    return _rate_of_int(int(min(number, 2.0**32) + 0.5)) if is_int64 else 1


_GO_FLOAT: Final = re.compile(
    r"[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?", re.ASCII
)
_GO_INFINITY: Final = re.compile(r"[+-]?inf(?:inity)?|nan", re.ASCII | re.IGNORECASE)
_GO_HEX_FLOAT: Final = re.compile(
    r"[+-]?0[xX](?=_?[0-9a-fA-F]|\.[0-9a-fA-F])(?:_?[0-9a-fA-F])*"
    r"(?:\.(?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?)?[pP][+-]?\d(?:_?\d)*",
    re.ASCII,
)


def _go_float(text: str) -> float:
    """Read a number as Go's ParseFloat does; what it refuses or cannot hold is NaN."""
    try:
        if _GO_FLOAT.fullmatch(text):
            number = float(text.replace("_", ""))
            return math.nan if math.isinf(number) else number
        if _GO_INFINITY.fullmatch(text):
            return float(text)
        if _GO_HEX_FLOAT.fullmatch(text):
            return float.fromhex(text.replace("_", ""))
    except (ValueError, OverflowError):
        pass
    return math.nan


_T_VALUE: Final = re.compile(r"[0-9a-fA-F]{1,14}", re.ASCII)
_THRESHOLD_MAX: Final = 2**56
_DRAWN_COUNT_MAX: Final = 100
# The rate that Refinery holds where the count is no int32: the smallest int32 (amd64) as uint64.
_RATE_OF_HUGE_COUNT: Final = 2**64 - 2**31


class ThresholdRate(NamedTuple):
    """The sample rate that a trace state says.

    rate:   None where Refinery draws it anew for each span, between the two next whole numbers.
    weight: how many spans this one stands for, on average, as far as a rate can say that.
    """

    rate: int | None
    weight: float


def threshold_rate(trace_state: str) -> ThresholdRate | None:
    """Read the sampling threshold `th` of the W3C member `ot`, or of the older bare form."""
    text = _threshold_text(trace_state)
    if text is None or not _T_VALUE.fullmatch(text):
        return None
    threshold = int(text.ljust(14, "0"), 16)
    count = 1.0 / (float(_THRESHOLD_MAX - threshold) / _THRESHOLD_MAX)
    if count > _RATE_MAX:
        return ThresholdRate(_RATE_OF_HUGE_COUNT, float(_RATE_MAX))
    if count.is_integer() or math.floor(count) > _DRAWN_COUNT_MAX:
        return ThresholdRate(int(count), float(int(count)))
    return ThresholdRate(None, count)


def _threshold_text(trace_state: str) -> str | None:
    for member in trace_state.split(","):
        if member.startswith("ot="):
            for part in member[3:].split(";"):
                pair = part.split(":")
                if len(pair) == 2 and pair[0] == "th":
                    return pair[1]
    found = None
    for part in trace_state.split(";"):
        pair = part.split("=")
        if len(pair) == 2 and pair[0] == "th":
            found = pair[1]
    return found

"""JSON text -> values, with what Refinery's JSON parser sees and Python's hides.

Owns: members that are said twice, numbers and escapes as Refinery reads them.
Must not know: OTLP. Truth: fastjson v1.6.7, which Refinery reads OTLP/HTTP JSON with. It also takes
much that is no JSON; that is refused here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Members: TypeAlias = "dict[str, Json]"


class RepeatedMembers(dict[str, Json]):
    """An object that says a member twice: as a dict it holds the last ones, `pairs` has all."""

    pairs: list[tuple[str, Json]]


def members_of(members: Members) -> Iterable[tuple[str, Json]]:
    """Return all members in their order."""
    return members.pairs if isinstance(members, RepeatedMembers) else members.items()


def all_of(members: Members, name: str) -> Sequence[Json]:
    """Return the contents of all members of that name."""
    if isinstance(members, RepeatedMembers):
        return [content for key, content in members.pairs if key == name]
    return (members[name],) if name in members else ()


def decode_json(text: str) -> Json:
    """Read one JSON document; raises ValueError (json.JSONDecodeError) as `json.loads` does."""
    document: Json = DECODER.decode(with_plain_escapes(text))
    return document


def with_plain_escapes(text: str) -> str:
    r"""Return the same JSON text without escapes that are half a character.

    Refinery keeps `\ud800` alone as these six characters, and makes U+FFFD of one that the wrong
    half follows.
    """
    if not _HALF.search(text):
        return text
    return _ESCAPE.sub(_plain_escape, text)


_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE: Final = re.compile(
    r"\\(?:u([dD][89a-fA-F][0-9a-fA-F]{2})(?:\\u([0-9a-fA-F]{4}))?|.)", re.DOTALL
)


def _plain_escape(found: re.Match[str]) -> str:
    first, second = found.group(1), found.group(2)
    if first is None:
        return found.group()
    if second is None:
        return f"\\\\u{first}"
    is_pair = int(first, 16) < 0xDC00 <= int(second, 16) < 0xE000
    return found.group() if is_pair else "\\ufffd"


def _object(pairs: list[tuple[str, Json]]) -> Members:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    repeated = RepeatedMembers(members)
    repeated.pairs = pairs
    return repeated


# Refinery multiplies the digits by a power of ten, both rounded, which may miss the nearest float.
_DIGITS_SLOW: Final = 17  # from so many characters before the exponent on, it reads exactly
_WHOLE_SLOW: Final = 18
_EXPONENT_SLOW: Final = 300


def _float(text: str) -> float:
    mantissa, _, exponent_text = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    sign_width = len(whole) - len(whole.lstrip("-"))
    is_long = len(exponent_text) > _DIGITS_SLOW
    exponent = 0 if is_long else int(exponent_text or 0)
    is_slow = (
        is_long
        or len(whole) > _WHOLE_SLOW
        or (fraction and len(whole) - sign_width + 1 + len(fraction) >= _DIGITS_SLOW)
        or abs(exponent) > _EXPONENT_SLOW
    )
    if is_slow:
        return float(text)
    number = int(whole.lstrip("-") + fraction) / _TENS[len(fraction)]
    number *= _power_of_ten(exponent)
    return -number if sign_width else number


_TENS: Final = tuple(float(f"1e{exponent}") for exponent in range(32))


def _power_of_ten(exponent: int) -> float:
    """Return Go's math.Pow10, which is not always the nearest float either."""
    hundreds, rest = divmod(abs(exponent), 32)
    if exponent < 0:
        return float(f"1e-{hundreds * 32}") / _TENS[rest]
    return float(f"1e{hundreds * 32}") * _TENS[rest]


def _int(text: str) -> int | float:
    return -0.0 if text == "-0" else int(text)


def _constant(text: str) -> float:
    if text == "NaN":
        return float(text)
    raise json.JSONDecodeError(f"{text} is no number", text, 0)


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_constant
)

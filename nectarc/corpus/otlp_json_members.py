"""What Refinery's JSON reader makes of a member that is not what it expects.

Owns: objects, lists, texts, whole numbers and base64 in JSON, the place of a mistake.
Must not know: OTLP messages. Truth: husky v0.43.1, whose reader of JSON takes a member of another
type for an absent one, unless it says otherwise.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Final, TypeVar

from nectarc.corpus.otlp import OtlpError
from nectarc.corpus.otlp_json_text import Json, Members

_INT64_MIN: Final = -(2**63)
_INT64_MAX: Final = 2**63 - 1
_Made = TypeVar("_Made")


def object_of(item: Json) -> Members:
    """Return an object; anything else is refused."""
    if isinstance(item, dict):
        return item
    raise OtlpError("", "must be a JSON object")


def object_or_empty(item: Json) -> Members:
    """Return an object; anything else counts as an empty one."""
    return item if isinstance(item, dict) else {}


def items_of(item: Json) -> list[Json]:
    """Return the items of a list; anything else counts as an empty one."""
    return item if isinstance(item, list) else []


def list_of(members: Members, name: str) -> list[Json]:
    """Return the items of the last member of that name."""
    return items_of(members.get(name))


def text_of(members: Members, name: str) -> str:
    """Return the last member of that name; what is no text counts as empty."""
    item = members.get(name)
    return item if isinstance(item, str) else ""


def read_each(items: list[Json], name: str, read: Callable[[Json], _Made]) -> tuple[_Made, ...]:
    """Read the items of the list `name`, which is the place of their mistakes."""
    if not items:
        return ()
    index = 0
    made: list[_Made] = []
    try:
        for index, item in enumerate(items):  # noqa: B007 - the handler uses it
            made.append(read(item))
    except OtlpError as error:
        raise error.inside(f"{name}[{index}]") from error
    return tuple(made)


def int64_of(content: Json) -> int:
    """Return a number as Refinery reads one where it wants an int64: all else is 0."""
    if isinstance(content, bool) or not isinstance(content, int):
        return 0
    return content if _INT64_MIN <= content <= _INT64_MAX else 0


# Python refuses to turn thousands of digits into a number; int64 and uint64 need twenty.
_DIGITS_MAX: Final = 200


def number_of_digits(text: str) -> int | None:
    """Return the number that ASCII digits say, or one above all that fit into 64 bits."""
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text if len(text) <= _DIGITS_MAX else text.lstrip("0")[:_DIGITS_MAX] or "0")


def base64_bytes(text: str) -> bytes | None:
    """Decode as Go does: line ends do not count, padding does."""
    digits = text.replace("\r", "").replace("\n", "")
    try:
        return base64.b64decode(digits, validate=True) if len(digits) % 4 == 0 else None
    except (binascii.Error, ValueError):
        return None

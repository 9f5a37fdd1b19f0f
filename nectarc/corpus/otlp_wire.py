"""Protobuf's wire format, as lenient and as strict as Refinery's own reader of it.

Owns: tags, variable-length integers, skipping what is not wanted, text that is no UTF-8.
Must not know: any message. Truth: the protobuf encoding; where Refinery differs from it (husky
v0.43.1, which does not use the protobuf library), Refinery.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from nectarc.corpus.otlp import OtlpError

VARINT: Final = 0
FIXED64: Final = 1
LENGTH: Final = 2
_GROUP_START: Final = 3
_GROUP_END: Final = 4
_FIXED32: Final = 5

_UINT64_MASK: Final = 2**64 - 1
_INT32_MASK: Final = 2**32 - 1
_INT32_MAX: Final = 2**31 - 1
_INT64_MAX: Final = 2**63 - 1
_VARINT_BYTES_MAX: Final = 10


# Number, content (of LENGTH) and value (of the others, unsigned) of a field. No NamedTuple, which
# would cost more time than all the rest.
Field: TypeAlias = tuple[int, bytes, int]


def fields(
    data: bytes, wanted: Mapping[int, int], *, is_outermost: bool = False
) -> Iterator[Field]:
    """Yield the fields of the message `data` whose numbers `wanted` maps to their wire types.

    Raises OtlpError where Refinery refuses the request; it looks no further than it has to, and
    so does this: what comes after the last field taken may be anything, and a skipped number may
    end behind the message, unless that is the outermost one.
    """
    position, end = 0, len(data)
    while position < end:
        start = position
        tag = data[position]
        if 8 <= tag < 0x80:
            number, wire = tag >> 3, tag & 7
            position += 1
        else:
            number, wire, position = _tag(data, position)
        wire_wanted = wanted.get(number)
        if wire_wanted is None:
            position = _after_skipped(data, start)
            continue
        if wire != wire_wanted:
            raise _broken(f"field {number} has wire type {wire}")
        if wire == LENGTH:
            if position < end and data[position] < 0x80:
                stop = position + 1 + data[position]
                position += 1
            else:
                length, position = _varint(data, position)
                stop = position + length
            if stop > end:
                raise _broken("the data ends early")
            yield number, data[position:stop], 0
            position = stop
        elif wire == VARINT:
            value, position = _varint(data, position)
            yield number, b"", value
        else:
            if position + 8 > end:
                raise _broken("the data ends early")
            yield number, b"", int.from_bytes(data[position : position + 8], "little")
            position += 8
    if is_outermost and position > end:
        raise _broken("the data ends early")


def key_and_value(data: bytes) -> tuple[bytes, bytes]:
    """Return the last field 1 and the last field 2 of a message that wants nothing else.

    Such pairs are most of a request: the usual one, of two short fields, is cut without ado.
    """
    if data[:1] == b"\x0a":
        size = len(data)
        key_end = 2 + data[1] if size > 1 else size
        if key_end + 1 < size and data[1] < 0x80 and data[key_end] == 0x12:
            value_size = data[key_end + 1]
            if value_size < 0x80 and key_end + 2 + value_size == size:
                return data[2:key_end], data[key_end + 2 :]
    key = content = b""
    for number, inner, _ in fields(data, _PAIR):
        if number == 1:
            key = inner
        else:
            content = inner
    return key, content


_PAIR: Final = {1: LENGTH, 2: LENGTH}


def first_number(data: bytes) -> int:
    """Return the number of the first field of a message that is not empty."""
    return _tag(data, 0)[0]


def starts_cut_off(data: bytes) -> bool:
    """Say whether `data` ends within its very first tag; Refinery takes such a list for empty."""
    return 0 < len(data) < _VARINT_BYTES_MAX and all(byte >= 0x80 for byte in data)


def signed(value: int) -> int:
    """Return the int64 of the same 64 bits."""
    return value - 2**64 if value > _INT64_MAX else value


def text(content: bytes) -> str:
    """Return text; a byte that is no UTF-8 becomes U+FFFD, as when Refinery prints it."""
    return content.decode("utf-8", _EACH_BYTE)


# Python's own "replace" makes one U+FFFD of several bytes, Go one of each.
_EACH_BYTE: Final = "nectarc-replace-each-byte"


def _replace_one_byte(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd", error.start + 1


codecs.register_error(_EACH_BYTE, _replace_one_byte)


def _tag(data: bytes, position: int) -> tuple[int, int, int]:
    """Return field number, wire type and the position behind them."""
    tag = data[position]
    if tag < 0x80:
        number = tag >> 3
        after = position + 1
    else:
        tag, after = _varint(data, position)
        if after == position:
            raise _broken("the data ends early")
        number = tag >> 3 & _INT32_MASK
    if not 0 < number <= _INT32_MAX:
        raise _broken(f"field number {number}")
    return number, tag & 7, after


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """Return an unsigned integer and the position behind it.

    One that is cut off is 0 and takes no bytes; one that is too long is 0.
    """
    try:
        byte = data[position]
        if byte < 0x80:
            return byte, position + 1
        value = byte & 0x7F
        for index in range(1, _VARINT_BYTES_MAX):
            byte = data[position + index]
            value |= (byte & 0x7F) << 7 * index
            if byte < 0x80:
                return value & _UINT64_MASK, position + index + 1
    except IndexError:
        return 0, position
    return 0, position + _VARINT_BYTES_MAX


def _after_skipped(data: bytes, position: int) -> int:
    """Return the position behind the field that starts at `position`; it may lie beyond the end."""
    depth = 0
    end = len(data)
    while position < end:
        _, wire, position = _tag(data, position)
        if wire == VARINT:
            _, position = _varint(data, position)
        elif wire == FIXED64:
            position += 8
        elif wire == LENGTH:
            length, position = _varint(data, position)
            position += length
            if position > end:
                raise _broken("the data ends early")
        elif wire == _GROUP_START:
            depth += 1
        elif wire == _FIXED32:
            position += 4
        elif wire == _GROUP_END and depth:
            depth -= 1
        else:
            raise _broken(f"wire type {wire}")
        if not depth:
            return position
    raise _broken("the data ends early")


def _broken(problem: str) -> OtlpError:
    return OtlpError("", f"not an OTLP trace request in protobuf ({problem})")

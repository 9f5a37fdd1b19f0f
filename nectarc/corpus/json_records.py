"""Bytes -> JSON records: lines, or documents of any size, in bounded memory.

Owns: which values are records, going on after a mistake. Must not know: what a record holds.
Truth: ../shared/design/product.md, "Conventions" (bad records are located, the rest is kept).

A document of up to 16 million characters is one record. In a larger one, or one that is broken, the
items of its outermost list are the records (of `data`, `hits` or `resourceSpans` in an object), so
that a file cut in half keeps its first half.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from nectarc.corpus.json_window import PASSED_BY, JsonMistake, JsonRecord, Window, decode_line
from nectarc.corpus.otlp_json_text import Json

__all__ = ["JsonMistake", "JsonRecord", "read_records"]

_LINE_BYTES_MAX: Final = 8_000_000
_WHOLE_CHARS_MAX: Final = 16_000_000
_ITEM_CHARS_MAX: Final = 64_000_000
_BOM: Final = b"\xef\xbb\xbf"
_ENVELOPES: Final = frozenset({"data", "hits", "resourceSpans"})
_WRAPPERS: Final = frozenset({"hits", "result"})


def read_records(
    stream: io.BufferedReader, is_record: Callable[[Json], bool]
) -> Iterator[JsonRecord | JsonMistake]:
    """Yield what the stream holds; `is_record` knows the records that stand one a line."""
    number = 0
    while raw := stream.readline(_LINE_BYTES_MAX):
        number += 1
        line = raw.removeprefix(_BOM) if number == 1 else raw
        if not line.strip():
            continue
        document = decode_line(line, number)
        if isinstance(document, JsonMistake):
            # Not one record a line, it seems: the first line is the start of a longer document.
            yield from _read_documents(Window(line, stream, number), document, is_record)
            return
        yield document
        yield from _read_lines(stream, number)
        return


def _read_lines(lines: Iterable[bytes], number: int) -> Iterator[JsonRecord | JsonMistake]:
    """Yield one record a line; `number` lines came before."""
    for raw in lines:
        number += 1
        if raw.strip():
            yield decode_line(raw, number)


def _read_documents(
    window: Window, undecodable: JsonMistake, is_record: Callable[[Json], bool]
) -> Iterator[JsonRecord | JsonMistake]:
    """Read one JSON document after another; `undecodable` is what the first line alone gave.

    If not even the first is JSON, but most later lines are records, the file holds lines, and its
    first one is bad.
    """
    is_first = True
    while char := window.peek():
        if char == "[":
            yield from _list_items(window, "")
        else:
            found = window.value(_WHOLE_CHARS_MAX, "")
            if isinstance(found, JsonRecord):
                yield found
            elif is_first and found is not None and _holds_lines(window, is_record):
                yield undecodable
                lines = window.raw_lines()
                next(lines, b"")
                yield from _read_lines(lines, undecodable.line)
                return
            elif char == "{" and (found is None or _is_decodable_deeper(found)):
                yield from _members(window, "")
            else:
                if found is not None:
                    yield found
                return
        if window.is_ended and not window.size:
            return
        is_first = False


def _is_decodable_deeper(mistake: JsonMistake) -> bool:
    return mistake.problem.startswith(("not JSON", "not UTF-8", "the file breaks off"))


def _holds_lines(window: Window, is_record: Callable[[Json], bool]) -> bool:
    lines = [line for line in window.seen_lines() if line.strip()]
    good = sum(1 for line in lines if _is_good_line(line, is_record))
    return good * 2 > len(lines)


def _is_good_line(line: str, is_record: Callable[[Json], bool]) -> bool:
    if not line.lstrip().startswith("{"):
        return False
    found = decode_line(line.encode("utf-8", "surrogateescape"), 0)
    return isinstance(found, JsonRecord) and is_record(found.document)


def _list_items(window: Window, place: str) -> Iterator[JsonRecord | JsonMistake]:
    """Yield the items of the list that begins here."""
    window.take()
    index = 0
    while char := window.peek():
        if char in ",]":
            window.take()
            if char == "]":
                return
            continue
        found = window.value(_ITEM_CHARS_MAX, f"{place}[{index}]")
        if found is None:
            yield JsonMistake(window.line, "one record is larger than 64 MB", f"{place}[{index}]")
            window.abandon()
            return
        yield found
        index += 1
        is_broken = isinstance(found, JsonMistake) and found.problem != PASSED_BY
        if is_broken and not window.pass_by_value():
            window.abandon()
            return
    if not window.is_abandoned:
        yield JsonMistake(window.line, "the file breaks off inside a list", place)
        window.abandon()


def _members(window: Window, place: str) -> Iterator[JsonRecord | JsonMistake]:
    """Yield the items of the list of records in the object that begins here."""
    window.take()
    while char := window.peek():
        if char in ",}":
            window.take()
            if char == "}":
                return
            continue
        key = window.value(_LINE_BYTES_MAX, place)
        if not isinstance(key, JsonRecord) or not isinstance(key.document, str):
            yield _no_member(window, key, place)
            window.abandon()
            return
        name = key.document
        here = f"{place}.{name}" if place else name
        if window.peek() != ":":
            yield JsonMistake(window.line, "not JSON: expecting ':' delimiter", place)
            window.abandon()
            return
        window.take()
        char = window.peek()
        if char == "[" and name in _ENVELOPES:
            for item in _list_items(window, here):
                yield _wrapped(item, name)
        elif char == "{" and name in _WRAPPERS:
            yield from _members(window, here)
        else:
            found = window.value(_ITEM_CHARS_MAX, here)
            if not isinstance(found, JsonRecord):
                yield found or JsonMistake(window.line, "one record is larger than 64 MB", here)
                window.abandon()
                return
    if not window.is_abandoned:
        yield JsonMistake(window.line, "the file breaks off here", place)
        window.abandon()


def _no_member(window: Window, key: JsonRecord | JsonMistake | None, place: str) -> JsonMistake:
    if isinstance(key, JsonMistake):
        return key
    return JsonMistake(window.line, "not JSON: expecting a name in double quotes", place)


def _wrapped(item: JsonRecord | JsonMistake, name: str) -> JsonRecord | JsonMistake:
    """Return an item of OTLP as a request of its own, which is what it stands for."""
    if isinstance(item, JsonRecord) and name == "resourceSpans":
        return JsonRecord({name: [item.document]}, item.line, item.place)
    return item

"""The text of a stream, value by value: where one ends, which line it stands in, what is wrong.

Owns: one JSON value out of text that may break off anywhere. Must not know: which values are
records. Truth: RFC 8259. Memory holds the value being read, and as much again.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from nectarc.corpus.otlp_json_text import DECODER, Json, decode_json

_BLOCK_BYTES: Final = 65_536
_RESYNC_CHARS_MAX: Final = 64_000_000
_JUDGED_LINES: Final = 200


class JsonRecord(NamedTuple):
    """One value. line: where it begins, from 1. place: its path in the document, "" = all of it."""

    document: Json
    line: int
    place: str = ""


class JsonMistake(NamedTuple):
    """Text that is no JSON; `line` and `place` as above, the line is that of the mistake."""

    line: int
    problem: str
    place: str = ""


def decode_line(raw: bytes, number: int) -> JsonRecord | JsonMistake:
    """Return the record of line `number`."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return JsonMistake(number, f"not UTF-8: byte 0x{raw[error.start]:02x}")
    try:
        return JsonRecord(decode_json(text), number)
    except (ValueError, RecursionError) as error:
        return JsonMistake(number, _problem(error))


def _problem(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        words = error.msg[:1].lower() + error.msg[1:]
        return f"not JSON: {words} in column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "a number is too long"


PASSED_BY: Final = "not UTF-8"
_BROKEN_TOKEN_CHARS: Final = 16
_ESCAPED_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
_NOT_UTF8: Final = re.compile("[\udc80-\udcff]")
_BLANK_RUN: Final = re.compile(r"[ \t\r\n]*")
_WORD_END: Final = re.compile(r"[,\]}{\[\"\n]")
_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


class Window:
    """The text of a stream from some point on, as much of it as was needed.

    Bytes that are no UTF-8 are in the text as lone surrogates.
    """

    def __init__(self, start: bytes, stream: io.BufferedReader, line: int) -> None:
        """Begin with `start`, which is of line `line`, and go on with the stream."""
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text = self._decoder.decode(start)
        self._position = 0
        self._counted = 0  # up to here lines are counted
        self._counted_line = line  # the line of that character
        self.is_ended = False
        self.is_abandoned = False

    @property
    def line(self) -> int:
        """The line of the next character."""
        self._counted_line = self._line_at(self._position)
        self._counted = self._position
        return self._counted_line

    def _line_at(self, position: int) -> int:
        """Return the line of a character that is not before the next one."""
        return self._counted_line + self._text.count("\n", self._counted, position)

    def more(self) -> None:
        """Read as much again as is still there."""
        self._counted_line = self.line
        self._text = self._text[self._position :]
        self._counted = self._position = 0
        data = self._stream.read(max(_BLOCK_BYTES, len(self._text)))
        self.is_ended = not data
        self._text += self._decoder.decode(data, final=not data)

    @property
    def size(self) -> int:
        """How many characters were read and not taken yet."""
        return len(self._text) - self._position

    def peek(self) -> str:
        """Return the next character that is not blank, "" at the end."""
        while True:
            found = _BLANK_RUN.match(self._text, self._position)
            assert found
            self._position = found.end()
            if self._position < len(self._text):
                return self._text[self._position]
            if self.is_ended:
                return ""
            self.more()

    def take(self) -> None:
        """Pass by the next character."""
        self._position += 1

    def value(self, chars_max: int, place: str) -> JsonRecord | JsonMistake | None:
        """Return the value that begins here, passing by it; None where it is too long."""
        while True:
            line = self.line
            try:
                document, end = DECODER.raw_decode(self._text, self._position)
                if end == len(self._text) and not self.is_ended:
                    self.more()  # a number may go on
                    continue
                text = self._text[self._position : end]
                if _ESCAPED_HALF.search(text):
                    document = decode_json(text)
            except (ValueError, RecursionError) as error:
                if self._may_go_on(error) and not self.is_ended:
                    if self.size > chars_max:
                        return None
                    self.more()
                    continue
                return self._mistake(error, place)
            if not text.isascii() and _NOT_UTF8.search(text):
                self._position = end
                return JsonMistake(line, PASSED_BY, place)
            self._position = end
            return JsonRecord(document, line, place)

    def _may_go_on(self, error: ValueError | RecursionError) -> bool:
        """Say whether the mistake may be that the text ends here."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        is_near_end = error.pos >= len(self._text) - _BROKEN_TOKEN_CHARS
        return is_near_end or error.msg.startswith("Unterminated string")

    def _mistake(self, error: ValueError | RecursionError, place: str) -> JsonMistake:
        if not isinstance(error, json.JSONDecodeError):
            return JsonMistake(self.line, _problem(error), place)
        if _NOT_UTF8.match(self._text, error.pos):
            byte = ord(self._text[error.pos]) - 0xDC00
            return JsonMistake(self._line_at(error.pos), f"not UTF-8: byte 0x{byte:02x}", place)
        is_cut = error.pos >= len(self._text.rstrip())
        problem = "the file breaks off here" if is_cut else _problem(error)
        return JsonMistake(self._line_at(min(error.pos, len(self._text))), problem, place)

    def pass_by_value(self) -> bool:
        """Pass by a broken value, as far as its brackets tell where it ends."""
        if self._text[self._position] not in '{["':
            return self._pass_by_word()
        while True:
            end = self._end_of_brackets()
            if end is not None:
                self._position = end
                return True
            if self.is_ended or self.size > _RESYNC_CHARS_MAX:
                return False
            self.more()

    def _end_of_brackets(self) -> int | None:
        """Return where the value ends: at the bracket of the first one, or before one around it."""
        opened: list[str] = []
        for found in _BRACKET.finditer(self._text, self._position):
            mark = found.group()
            if mark in "{[":
                opened.append(mark)
            elif mark in "}]":
                partner = "{" if mark == "}" else "["
                if partner not in opened:
                    return found.start() if found.start() > self._position else None
                while opened.pop() != partner:
                    pass
            if not opened:
                return found.end()
        return None

    def _pass_by_word(self) -> bool:
        while True:
            found = _WORD_END.search(self._text, self._position)
            if found is not None and found.start() > self._position:
                self._position = found.start()
                return True
            if found is not None or self.is_ended or self.size > _RESYNC_CHARS_MAX:
                return False
            self.more()

    def abandon(self) -> None:
        """Read nothing more: what follows cannot be told apart."""
        self._counted_line = self.line
        self._text = ""
        self._counted = self._position = 0
        self.is_ended = self.is_abandoned = True

    def raw_lines(self) -> Iterator[bytes]:
        """Yield the lines from here on."""
        pending, _ = self._decoder.getstate()
        rest = self._text[self._position :].encode("utf-8", "surrogateescape") + pending
        *lines, last = rest.split(b"\n")
        yield from lines
        last += self._stream.readline()
        if last:
            yield last
        yield from self._stream

    def seen_lines(self) -> list[str]:
        """Return some whole lines after the first."""
        return self._text[self._position :].split("\n", _JUDGED_LINES + 1)[1 : _JUDGED_LINES + 1]

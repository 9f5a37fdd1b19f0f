"""TOML with the place of every key and value, as the nodes that YAML is read into.

Owns: where things stand in a TOML text. `tomllib` says what is TOML and what a value is, it has no
places: a second pass walks a text that is known to be right. Must not know: rules.
Truth: TOML 1.0.
"""

from __future__ import annotations

import re
import tomllib
from typing import Final

from nectarc.records import record
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.refinery.yaml_scalars import ScalarValue, Timestamp
from nectarc.source import SourceSpan, SourceText
from nectarc.trace import Uint64

# Readers of the tree are recursive; no rules file comes near.
DEPTH_MAX: Final = 100

_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_TOKEN: Final = re.compile(r"[^\s,\]}#]+(?: [0-9][^\s,\]}#]*)?")
_PROBLEM_PLACE: Final = re.compile(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")
_INT64: Final = range(-(2**63), 2**63)


@record
class TomlProblem:
    """Why the text is no TOML, in words, and where."""

    message: str
    source: SourceSpan


def parse_toml(text: SourceText) -> YamlMapping | TomlProblem:
    """Read `text`. A table made by a header stands at its header; never raises."""
    content = text.text.removeprefix("\ufeff")
    offset = len(text.text) - len(content)
    try:
        tomllib.loads(content)
    except (ValueError, RecursionError) as error:
        return _problem(str(error), content, offset, text)
    walker = _Walker(content, offset, text)
    try:
        return walker.document()
    except RecursionError:
        return TomlProblem("nested too deeply", text.span(0, 1))


def _problem(message: str, content: str, offset: int, text: SourceText) -> TomlProblem:
    # tomllib counts columns from 1, and lines of what it has read with LF line ends.
    found = _PROBLEM_PLACE.search(message)
    words = (message[: found.start()] if found else message).split("\n", 1)[0].rstrip(".")
    at = len(content.rstrip())
    if found is not None and found[1] is not None:
        line = min(int(found[1]), len(text.line_starts))
        at = text.line_starts[line - 1] + int(found[2]) - 1 - (offset if line > 1 else 0)
    at = max(0, min(at + offset, len(text.text) - 1))
    return TomlProblem(words[:1].lower() + words[1:], text.span(at, at + 1))


class _Table:
    """A table under construction, or an array of them."""

    __slots__ = ("at", "entries", "is_array", "items")

    def __init__(self, at: SourceSpan, *, is_array: bool = False) -> None:
        self.at = at
        self.is_array = is_array
        self.entries: dict[str, tuple[YamlScalar, _Table | YamlNode]] = {}
        self.items: list[_Table] = []

    def innermost(self) -> _Table:
        """Return the table that keys below this one's name go to."""
        return self.items[-1] if self.is_array else self


class _Walker:
    """Walks a text that `tomllib` has read."""

    def __init__(self, content: str, offset: int, text: SourceText) -> None:
        self.content = content
        self.offset = offset
        self.text = text
        self.at = 0

    def document(self) -> YamlMapping:
        root = _Table(self._span(0))
        current = root
        while True:
            self._skip(_BLANK)
            if self.at >= len(self.content):
                return self._frozen_map(root, 0)
            if self.content[self.at] == "[":
                current = self._header(root)
            else:
                self._pair(current)

    def _header(self, root: _Table) -> _Table:
        start = self.at
        is_array = self.content.startswith("[[", start)
        self.at += 2 if is_array else 1
        keys = self._keys()
        self.at += 2 if is_array else 1
        place = self._span(start)
        outer = root
        for key in keys[:-1]:
            outer = self._below(outer, key, place)
        if not is_array:
            return self._below(outer, keys[-1], place)
        name = keys[-1].text
        if name not in outer.entries:
            outer.entries[name] = (keys[-1], _Table(place, is_array=True))
        array = outer.entries[name][1]
        assert isinstance(array, _Table)
        array.items.append(_Table(place))
        return array.items[-1]

    def _below(self, outer: _Table, key: YamlScalar, place: SourceSpan) -> _Table:
        known = outer.entries.setdefault(key.text, (key, _Table(place)))[1]
        assert isinstance(known, _Table)
        return known.innermost()

    def _pair(self, table: _Table) -> None:
        start = self.at
        keys = self._keys()
        self.at += 1  # the `=`
        self._skip(_SPACE)
        value = self._value()
        for key in keys[:-1]:
            table = self._below(table, key, self._span(start))
        table.entries[keys[-1].text] = (keys[-1], value)

    def _keys(self) -> list[YamlScalar]:
        """Read a dotted key, with the spaces around it."""
        keys: list[YamlScalar] = []
        while True:
            self._skip(_SPACE)
            start = self.at
            found = _STRING.match(self.content, start) or _BARE_KEY.match(self.content, start)
            assert found is not None
            self.at = found.end()
            name = found[0]
            if name[0] in "\"'":
                name = str(_value_of(name))
            keys.append(YamlScalar(name, name, "!!str", self._span(start), self._line(start)))
            self._skip(_SPACE)
            if self.content[self.at] != ".":
                return keys
            self.at += 1

    def _value(self) -> YamlNode:
        start = self.at
        first = self.content[start]
        if first == "[":
            return self._array()
        if first == "{":
            return self._inline_table()
        found = _STRING.match(self.content, start) or _TOKEN.match(self.content, start)
        assert found is not None
        self.at = found.end()
        value = _value_of(found[0])
        text = value if isinstance(value, str) else found[0]
        return YamlScalar(value, text, "", self._span(start), self._line(start))

    def _array(self) -> YamlSequence:
        start = self.at
        self.at += 1
        items: list[YamlNode] = []
        while True:
            self._skip(_BLANK)
            if self.content[self.at] == "]":
                self.at += 1
                return YamlSequence(tuple(items), self._span(start), self._line(start))
            items.append(self._value())
            self._skip(_BLANK)
            self.at += self.content[self.at] == ","

    def _inline_table(self) -> YamlMapping:
        start = self.at
        table = _Table(self._span(start))
        self.at += 1
        while True:
            self._skip(_BLANK)
            if self.content[self.at] == "}":
                self.at += 1
                table.at = self._span(start)
                return self._frozen_map(table, 0)
            self._pair(table)
            self._skip(_BLANK)
            self.at += self.content[self.at] == ","

    def _frozen_map(self, table: _Table, depth: int) -> YamlMapping:
        entries = (
            YamlEntry(key, self._frozen(value, depth + 1) if isinstance(value, _Table) else value)
            for key, value in table.entries.values()
        )
        line = self.text.position(table.at.start).line
        return YamlMapping(tuple(entries), is_string_keyed=True, source=table.at, line=line)

    def _frozen(self, table: _Table, depth: int) -> YamlNode:
        if depth > DEPTH_MAX:
            raise RecursionError
        if not table.is_array:
            return self._frozen_map(table, depth)
        line = self.text.position(table.at.start).line
        items = tuple(self._frozen_map(item, depth) for item in table.items)
        return YamlSequence(items, table.at, line)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.content, self.at)
        assert found is not None
        self.at = found.end()

    def _span(self, start: int) -> SourceSpan:
        return self.text.span(start + self.offset, self.at + self.offset)

    def _line(self, start: int) -> int:
        return self.text.position(start + self.offset).line


def _value_of(token: str) -> ScalarValue:
    value = tomllib.loads(f"v = {token}")["v"]
    if isinstance(value, bool | float | str):
        return value
    if isinstance(value, int):
        return value if value in _INT64 else Uint64(value % 2**64)
    return Timestamp(token)

"""A part of a YAML text read by itself, with the places of the whole text.

Owns: where a character of the part stands in the whole. Must not know: what either holds.
A document of a stream, and a text in a block scalar (`|`), keep exact places. Of a quoted or folded
text every place is the first line of the scalar, or its key: no character of it stands for itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from nectarc.records import record, replace
from nectarc.refinery.yaml_nodes import (
    YamlEntry,
    YamlMapping,
    YamlNode,
    YamlProblem,
    YamlScalar,
    YamlSequence,
)
from nectarc.source import SourceSpan

_BREAK: Final = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_BLOCK: Final = re.compile(r"(?:[&!]\S*[ \t]+)*\|[-+0-9]*[ \t]*(?:#[^\r\n]*)?(?:\r\n|[\r\n])")
# A text with this many characters in its first line can be underlined.
_TEXT_MIN: Final = 3
_TEXT_MAX: Final = 60


@record(kw_only=True)
class Placement:
    """Where the lines of a part stand in the whole.

    inner, outer: offsets at which each line begins, in the part and in the whole (there behind the
            indentation); equally many. Without any, every place is `fallback`.
    line_starts: in the whole, before the indentation.
    lines_before: lines of the whole above the part's first.
    """

    fallback: SourceSpan
    inner: tuple[int, ...] = ()
    outer: tuple[int, ...] = ()
    line_starts: tuple[int, ...] = ()
    lines_before: int = 0

    @property
    def is_exact(self) -> bool:
        """Say whether each place of the part has its own in the whole."""
        return bool(self.inner)

    def place(self, source: SourceSpan) -> SourceSpan:
        """Return the place in the whole of a place in the part."""
        if not self.inner:
            return self.fallback
        start = self._offset(source.start)
        end = start if source.end <= source.start else self._end(source.end)
        return SourceSpan(self.fallback.file, start, max(start, end))

    def line(self, number: int) -> int:
        """Return the line in the whole of line `number` (from 1) of the part."""
        return number + self.lines_before

    def tree(self, root: YamlNode) -> YamlNode:
        """Return `root` with all its places moved; what was shared by aliases still is."""
        return _Mover(self).node(root)

    def problem(self, problem: YamlProblem) -> YamlProblem:
        """Return `problem` with its place moved; its `line` stays the one that Refinery names."""
        return replace(problem, source=self.place(problem.source))

    def _offset(self, offset: int) -> int:
        line = max(bisect_right(self.inner, offset) - 1, 0)
        return self.outer[line] + offset - self.inner[line]

    def _end(self, offset: int) -> int:
        """Move the end of a place: at the end of a line it does not take the next one's margin."""
        line = max(bisect_right(self.inner, offset) - 1, 0)
        if offset == self.inner[line]:
            return self.line_starts[line]
        return self.outer[line] + offset - self.inner[line]


def placement_of_slice(text: str, file: str, start: int) -> Placement:
    """Return where a part stands that is `text` from `start` on, the begin of a line."""
    before = text.count("\n", 0, start)
    fallback = SourceSpan(file, start, start + 1)
    return Placement(
        fallback=fallback, inner=(0,), outer=(start,), line_starts=(start,), lines_before=before
    )


def placement_of_scalar(text: str, scalar: YamlScalar, key: YamlScalar) -> Placement:
    """Return where the text of `scalar` stands in `text`, exactly if it is a block with `|`.

    key: the one of `scalar`, to point to where its text is long and has no exact places.
    """
    source = scalar.source
    first_break = _BREAK.search(text, source.start, source.end)
    end = first_break.start() if first_break else source.end
    is_long = not _TEXT_MIN <= end - source.start <= _TEXT_MAX
    fallback = key.source if is_long else SourceSpan(source.file, source.start, end)
    lines = _block_lines(text, scalar)
    if lines is None:
        return Placement(fallback=fallback)
    inner, outer, starts = zip(*lines, strict=True)
    before = text.count("\n", 0, starts[0])
    return Placement(
        fallback=fallback, inner=inner, outer=outer, line_starts=starts, lines_before=before
    )


def _block_lines(text: str, scalar: YamlScalar) -> list[tuple[int, int, int]] | None:
    """Return for each line its begin in the scalar, in `text`, and in `text` with its margin.

    None when `text` is not, line by line, the scalar's text behind one margin.
    """
    content = scalar.value
    head = _BLOCK.match(text, scalar.source.start)
    if head is None or not isinstance(content, str) or not content:
        return None
    written = content.split("\n")
    if not written[-1]:
        written.pop()
    first = next((line for line in written if line.strip(" ")), "")
    margin: int | None = None
    found: list[tuple[int, int, int]] = []
    inner, start = 0, head.end()
    for line in written:
        broken = _BREAK.search(text, start)
        end = len(text) if broken is None else broken.start()
        if margin is None and line is first:
            margin = end - start - len(line)
        at = start if not line else end - len(line)
        if text[at : at + len(line)] != line or text[start:at].strip(" "):
            return None
        if line and margin is not None and at - start != margin:
            return None
        found.append((inner, at, start))
        inner += len(line) + 1
        start = len(text) if broken is None else broken.end()
    found.append((inner, start, start))
    return found


class _Mover:
    """Rebuilds a tree; a node that is reached again is the one that was made of it before."""

    def __init__(self, placement: Placement) -> None:
        self.placement = placement
        self.made: dict[int, YamlNode] = {}

    def node(self, node: YamlNode) -> YamlNode:
        found = self.made.get(id(node))
        if found is not None:
            return found
        source, line = self.placement.place(node.source), self.placement.line(node.line)
        made: YamlNode
        match node:
            case YamlScalar():
                made = self._scalar(node)
            case YamlSequence():
                made = YamlSequence(tuple(map(self.node, node.items)), source, line)
            case YamlMapping():
                entries = tuple(
                    YamlEntry(self._scalar(entry.key), self.node(entry.value))
                    for entry in node.entries
                )
                made = YamlMapping(entries, node.is_string_keyed, source, line)
        self.made[id(node)] = made
        return made

    def _scalar(self, node: YamlScalar) -> YamlScalar:
        source, line = self.placement.place(node.source), self.placement.line(node.line)
        return YamlScalar(node.value, node.text, node.tag, source, line)

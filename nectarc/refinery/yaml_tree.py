"""A YAML document as Refinery reads it, with the place of every node.

Owns: the first document of a file as a tree: scalars resolved, aliases and merge keys followed.
Must not know: what the keys mean. Truth: ../shared/reference/refinery-semantics.md, 1.3;
gopkg.in/yaml.v3 v3.0.1. The scanner is libyaml, from which yaml.v3 descends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NoReturn, Protocol, TypeAlias

import yaml

from nectarc.refinery.yaml_nodes import (
    YamlEntry,
    YamlMapping,
    YamlNode,
    YamlProblem,
    YamlScalar,
    YamlSequence,
    has_excessive_aliasing,
)
from nectarc.refinery.yaml_scalars import UnfitTagError, resolve_scalar
from nectarc.source import SourceSpan

# yaml.v3 nests to 10,000; no rules file comes near, and our readers of the tree are recursive.
DEPTH_MAX: Final = 100


_Reading: TypeAlias = "tuple[YamlNode | None, tuple[YamlProblem, ...]]"


class _ColonRefused(Exception):  # noqa: N818  # a jump, too
    """libyaml refuses `{a:}`, which yaml.v3 and PyYAML's own scanner take."""


class _Refused(Exception):  # noqa: N818  # a jump to `parse_yaml`, not an error that a caller sees
    def __init__(self, problem: YamlProblem) -> None:
        self.problem = problem


class _Open:
    """A collection under construction."""

    __slots__ = ("anchor", "children", "event", "is_merge_key")

    def __init__(self, event: yaml.CollectionStartEvent) -> None:
        self.event = event
        self.anchor: str | None = event.anchor
        self.children: list[YamlNode] = []
        self.is_merge_key: list[bool] = []


def parse_yaml(
    text: str, file: str, *, lines_before: int = 0
) -> tuple[YamlNode | None, tuple[YamlProblem, ...]]:
    """Read the first document of `text`.

    Returns the root, None for an empty file, with no problems; or None with the problems by which
    yaml.v3 refuses it. Never raises; cost is bounded for any alias expansion.
    lines_before: of the file above `text`, where it is a part; for lines that messages name.
    """
    try:
        return _build(text, file, lines_before, is_native=True)
    except _ColonRefused:
        return _build(text, file, lines_before, is_native=False)


def _build(text: str, file: str, lines_before: int, *, is_native: bool) -> _Reading:
    builder = _Builder(text, file, lines_before, is_native=is_native)
    try:
        root = builder.build()
    except _Refused as refused:
        return None, (refused.problem,)
    if root is None:
        return None, ()
    duplicates = tuple(builder.duplicates_below(root))
    problems = tuple(builder.fatal[:1]) or duplicates
    return (None, problems) if problems else (root, ())


class _Builder:
    """Turns the parser's events into nodes; a stack, not recursion, so depth cannot harm it."""

    def __init__(self, text: str, file: str, lines_before: int, *, is_native: bool) -> None:
        native = getattr(yaml, "CBaseLoader", None) if is_native else None
        self.loader: type[yaml.BaseLoader] = native or yaml.BaseLoader
        self.file = file
        self.text = text
        self.size = len(text)
        self.lines_before = lines_before
        self.shift = 1 if text.startswith("\ufeff") else 0  # libyaml does not count the mark
        self.anchors: dict[str, YamlNode | None] = {}  # None: under construction
        self.depths: dict[int, int] = {}
        self.duplicates: dict[int, list[YamlProblem]] = {}  # by id of the mapping
        self.fatal: list[YamlProblem] = []  # what yaml.v3 meets only after the whole syntax
        self.alias_count = 0
        self.keep: list[YamlNode] = []  # ids in `depths` stay those of living nodes

    def build(self) -> YamlNode | None:
        stack: list[_Open] = []
        root: YamlNode | None = None
        for event in self._events():
            match event:
                case yaml.ScalarEvent():
                    self._refuse_in_flow(event, stack)
                    node: YamlNode = self._scalar(event)
                    is_merge = _is_merge_key(event, node)
                    self._remember(event.anchor, node)
                case yaml.AliasEvent():
                    node, is_merge = self._alias(event), False
                case yaml.CollectionStartEvent():
                    if len(stack) >= DEPTH_MAX:
                        self._refuse(f"more than {DEPTH_MAX} levels of nesting", event)
                    stack.append(_Open(event))
                    if event.anchor is not None:
                        self.anchors[event.anchor] = None
                    continue
                case yaml.CollectionEndEvent():
                    node, is_merge = self._close(stack.pop(), event), False
                case _:
                    continue
            if stack:
                stack[-1].children.append(node)
                stack[-1].is_merge_key.append(is_merge)
            else:
                root = node
        if root is not None and self.alias_count and has_excessive_aliasing(root):
            problem = YamlProblem("yaml-syntax", "excessive aliasing", None, root.source)
            raise _Refused(problem)
        return root

    def duplicates_below(self, root: YamlNode) -> Iterator[YamlProblem]:
        """List duplicate keys as yaml.v3 meets them: it does not enter a map that has some."""
        if not self.duplicates:
            return
        if isinstance(root, YamlSequence):
            for item in root.items:
                yield from self.duplicates_below(item)
        elif isinstance(root, YamlMapping):
            own = self.duplicates.get(id(root))
            if own:
                yield from own
                return
            for entry in root.entries:
                yield from self.duplicates_below(entry.value)

    def _events(self) -> Iterator[yaml.Event]:
        """Yield the events of the first document."""
        try:
            for event in yaml.parse(self.text[self.shift :], Loader=self.loader):
                yield event
                if isinstance(event, yaml.DocumentEndEvent):
                    break
            else:
                return
            self._refuse_scanner_error_near(_index(event.start_mark))
        except yaml.MarkedYAMLError as error:
            if error.problem == "found unexpected ':'" and self.loader is not yaml.BaseLoader:
                raise _ColonRefused from None
            if not isinstance(error, yaml.scanner.ScannerError) and error.problem_mark:
                self._refuse_scanner_error_near(error.problem_mark.index)
            raise _Refused(self._syntax_problem(error)) from None
        except (yaml.YAMLError, ValueError) as error:
            problem = YamlProblem("yaml-syntax", _words(error), None, self._span(0, 1))
            raise _Refused(problem) from None

    def _refuse_scanner_error_near(self, index: int) -> None:
        """Raise the scanner's error if it lies within the two tokens after the one at `index`.

        For its comments yaml.v3 scans two tokens ahead of its parser, even past a document's end.
        """
        rest = self.text[self.shift :]
        if not rest[index:].strip():
            return
        ahead = 0
        try:
            for token in yaml.scan(rest, Loader=self.loader):
                ahead += _index(token.start_mark) >= index
                if ahead > 2:
                    return
        except yaml.MarkedYAMLError as error:
            raise _Refused(self._syntax_problem(error)) from None

    def _syntax_problem(self, error: yaml.MarkedYAMLError) -> YamlProblem:
        """Name the line that yaml.v3 would: the context's if it has one, else the problem's."""
        marks = [mark for mark in (error.context_mark, error.problem_mark) if mark is not None]
        line = next((mark.line for mark in marks if mark.line), 0)
        if line and isinstance(error, yaml.scanner.ScannerError):
            line += 1
        at = marks[-1].index if marks else 0
        words = error.problem or "not YAML"
        return YamlProblem("yaml-syntax", words, line or None, self._span(at, at + 1))

    def _refuse_in_flow(self, event: yaml.ScalarEvent, stack: list[_Open]) -> None:
        """Refuse, inside brackets, what libyaml has learnt to read since yaml.v3 left it.

        `{Operator: !=, Value: b}`: yaml.v3 takes the comma into the tag. `[https?://x]`: for
        yaml.v3 a question mark ends the text and begins a key.
        """
        if not stack or not stack[-1].event.flow_style:
            return
        if event.tag is not None:
            at = _index(event.start_mark) + self.shift
            while at < len(self.text) and self.text[at] not in ",[] \t\r\n":
                at += 1
            if self.text[at : at + 1] not in (",", "[", "]"):
                return
            words = "a tag followed by a comma or a bracket"
        else:
            is_value = not isinstance(stack[-1].event, yaml.SequenceStartEvent) and bool(
                len(stack[-1].children) % 2
            )
            if event.style not in (None, "") or "?" not in event.value[0 if is_value else 1 :]:
                return
            words = "an unquoted `?` inside brackets"
        line = _line(stack[-1].event.start_mark) - 1  # yaml.v3 counts this one from 0
        raise _Refused(YamlProblem("yaml-syntax", words, line or None, self._source(event)))

    def _scalar(self, event: yaml.ScalarEvent) -> YamlScalar:
        is_plain = event.style in (None, "")
        try:
            tag, value = resolve_scalar(event.value, _short(event.tag), is_plain=is_plain)
        except UnfitTagError as error:
            tag, value = "!!null", None
            self._postpone(str(error), event)
        return YamlScalar(value, event.value, tag, self._source(event), _line(event.start_mark))

    def _alias(self, event: yaml.AliasEvent) -> YamlNode:
        name = str(event.anchor)
        if name not in self.anchors:
            self._refuse(f"unknown anchor `{name}`", event)
        target = self.anchors[name]
        self.alias_count += 1
        if target is None:
            self._postpone(f"the value of anchor `{name}` contains itself", event)
            line = _line(event.start_mark)
            return YamlScalar(None, "", "!!null", self._source(event), line)
        return target

    def _close(self, opened: _Open, end: yaml.Event) -> YamlNode:
        children = opened.children
        source = self._span(_index(opened.event.start_mark), _index(end.end_mark))
        if not opened.event.flow_style and children:
            # A block ends where its last child does, not where the next token begins.
            source = SourceSpan(self.file, source.start, max(source.start, children[-1].source.end))
        line = _line(opened.event.start_mark)
        node: YamlNode
        if isinstance(opened.event, yaml.SequenceStartEvent):
            node = YamlSequence(tuple(children), source, line)
        else:
            node = self._mapping(opened, source, line)
        depth = 1 + max((self.depths.get(id(child), 0) for child in children), default=0)
        if depth > DEPTH_MAX:
            self._refuse(f"more than {DEPTH_MAX} levels of nesting", opened.event)
        self.depths[id(node)] = depth
        self.keep.append(node)
        self._remember(opened.anchor, node)
        return node

    def _mapping(self, opened: _Open, source: SourceSpan, line: int) -> YamlMapping:
        entries: dict[str, YamlEntry] = {}
        written: dict[str, list[YamlScalar]] = {}
        merged: YamlNode | None = None
        is_string_keyed = True
        children = opened.children
        for i in range(0, len(children), 2):
            key, value = children[i], children[i + 1]
            if not isinstance(key, YamlScalar):
                self._postpone("a list or a map as a key", opened.event)
                continue
            written.setdefault(key.text, []).append(key)
            if opened.is_merge_key[i]:
                merged = value
            else:
                entries.setdefault(key.text, YamlEntry(key, value))
                is_string_keyed = is_string_keyed and key.tag in ("!!str", "!!merge")
        for entry in self._merged_entries(merged, opened.event):
            entries.setdefault(entry.key.text, entry)
        node = YamlMapping(tuple(entries.values()), is_string_keyed, source, line)
        duplicates = [
            self._duplicate(later, earlier)
            for keys in written.values()
            if len(keys) > 1
            for i, earlier in enumerate(keys[:20])
            for later in keys[i + 1 : 20]
        ]
        if duplicates:
            self.duplicates[id(node)] = duplicates
        return node

    def _duplicate(self, key: YamlScalar, earlier: YamlScalar) -> YamlProblem:
        line = earlier.line + self.lines_before
        message = f"key `{key.text}` already stands in line {line}"
        return YamlProblem("duplicate-key", message, key.line, key.source)

    def _merged_entries(self, merged: YamlNode | None, event: yaml.Event) -> Iterator[YamlEntry]:
        if merged is None:
            return
        for part in merged.items if isinstance(merged, YamlSequence) else (merged,):
            if isinstance(part, YamlMapping):
                yield from part.entries
            else:
                self._postpone("`<<` merges something that is no map", event)

    def _remember(self, anchor: str | None, node: YamlNode) -> None:
        if anchor is not None:
            self.anchors[anchor] = node

    def _postpone(self, message: str, event: yaml.Event) -> None:
        self.fatal.append(YamlProblem("yaml-syntax", message, None, self._source(event)))

    def _refuse(self, message: str, event: yaml.Event) -> NoReturn:
        raise _Refused(YamlProblem("yaml-syntax", message, None, self._source(event)))

    def _source(self, event: yaml.Event) -> SourceSpan:
        begin, stop = event.start_mark, event.end_mark
        if begin is None or stop is None:
            return self._span(_index(begin), _index(stop))
        start, end = begin.index + self.shift, stop.index + self.shift
        if start <= end <= self.size:  # all but a few: worth a shorter way
            return SourceSpan(self.file, start, end)
        return self._span(begin.index, stop.index)

    def _span(self, start: int, end: int) -> SourceSpan:
        size = self.size
        return SourceSpan(
            self.file, min(start + self.shift, size), min(max(start, end) + self.shift, size)
        )


class _Mark(Protocol):
    """A place as either scanner of PyYAML gives it, counted from 0."""

    index: int
    line: int


def _index(mark: _Mark | None) -> int:
    return 0 if mark is None else mark.index


def _line(mark: _Mark | None) -> int:
    """Return the line from 1."""
    return 1 if mark is None else mark.line + 1


def _is_merge_key(event: yaml.ScalarEvent, node: YamlNode) -> bool:
    is_tagged = isinstance(node, YamlScalar) and node.tag == "!!merge"
    return bool(event.value == "<<" and is_tagged)


def _short(tag: str | None) -> str:
    prefix = "tag:yaml.org,2002:"
    if tag is None:
        return ""
    return "!!" + tag.removeprefix(prefix) if tag.startswith(prefix) else tag


def _words(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    return str(reason or "not readable as UTF-8 text").strip().lower().split("\n", 1)[0]

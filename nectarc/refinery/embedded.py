"""Rules inside another file: Helm values, ConfigMaps, streams and lists of manifests.

Owns: where in a file the rules stand. Must not know: what they say, files.
Truth: the chart `honeycomb/refinery` has the rules as a map under `rules` and adds what is missing
(`RulesVersion`, a `__default__` that keeps everything); a ConfigMap that Refinery mounts has them
as a text under `data`, by file name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from nectarc.records import record
from nectarc.refinery.moved import Placement, placement_of_scalar, placement_of_slice
from nectarc.refinery.rules import DEFAULT_TARGET
from nectarc.refinery.yaml_nodes import (
    YamlEntry,
    YamlMapping,
    YamlNode,
    YamlProblem,
    YamlScalar,
    YamlSequence,
)
from nectarc.refinery.yaml_tree import parse_yaml
from nectarc.source import SourceSpan

VERSION_KEY: Final = "RulesVersion"
SAMPLERS_KEY: Final = "Samplers"
_OWN_KEYS: Final = (VERSION_KEY, SAMPLERS_KEY)
_RULES_LINE: Final = re.compile(r"^(?:RulesVersion|Samplers)[ \t]*:", re.MULTILINE)
# A line of three dashes at the margin begins a document wherever it stands; one of dots ends one.
_DOCUMENT: Final = re.compile(r"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)
_TEXT_KEYS: Final = frozenset({"data", "stringData"})
_DEPTH_MAX: Final = 12

Read: TypeAlias = "tuple[YamlNode | None, tuple[YamlProblem, ...]]"


@record(kw_only=True)
class Embedded:
    """Rules as a part of a file.

    root, problems: the part, as `parse_yaml` returns it, with places of the whole file.
    place:     where the key stands under which the rules are.
    path:      keys and indexes that lead there.
    form:      "ConfigMap", "Helm values", or "YAML" for another place.
    text:      the text of a ConfigMap's entry; None for a map.
    placement: where the text stands in the file; for a map it is not asked.
    """

    root: YamlNode | None
    problems: tuple[YamlProblem, ...]
    place: SourceSpan
    path: tuple[str, ...]
    form: str
    text: str | None
    placement: Placement

    @property
    def is_exact(self) -> bool:
        """Say whether places inside are those of single characters."""
        return self.text is None or self.placement.is_exact

    @property
    def where(self) -> str:
        """The path as text."""
        return ".".join(self.path)


def holds_rules(root: YamlNode | None) -> bool:
    """Say whether `root` is a map that has a key of rules at its top."""
    return isinstance(root, YamlMapping) and any(root.get(key) is not None for key in _OWN_KEYS)


def later_documents(text: str, file: str) -> Iterator[tuple[int, Read]]:
    """Read the documents of `text` after its first: where each begins, and what it holds."""
    marks = [
        match.start() if match.group() == "---" else _next_line(text, match.end())
        for match in _DOCUMENT.finditer(text)
    ]
    if marks and not _has_content(text[: marks[0]]):
        del marks[0]  # it opens the first document
    for start, end in zip(marks, [*marks[1:], len(text)][: len(marks)], strict=True):
        placement = placement_of_slice(text, file, start)
        yield start, _read_moved(text[start:end], file, placement)


def _next_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end + 1


def find_embedded(root: YamlNode, text: str) -> tuple[Embedded, ...]:
    """Find all rules inside `root`, a node of `text`, in file order."""
    finder = _Finder(text)
    return tuple(finder.below(root, (), "", None))


def find_by_name(root: YamlNode, text: str) -> Embedded | None:
    """Find what can only be meant as rules by its name: `rules`, or one text `...rules...`.

    For rules of Refinery 1, and for a text that cannot be read.
    """
    if not isinstance(root, YamlMapping):
        return None
    finder = _Finder(text)
    for entry in root.entries:
        if entry.key.text == "rules" and not isinstance(entry.value, YamlSequence):
            return finder.of_entry(entry, ("rules",), "Helm values")
    texts = root.get("data")
    entries = texts.entries if isinstance(texts, YamlMapping) else ()
    named = [entry for entry in entries if "rules" in entry.key.text and _text(entry.value)]
    if len(named) == 1:
        return finder.of_entry(named[0], ("data", named[0].key.text), "ConfigMap")
    return None


def best_of(found: tuple[Embedded, ...]) -> Embedded:
    """Choose the rules that are meant among several: by the usual name, else the first."""
    return min(found, key=lambda one: _rank(one.path[-1] if one.path else ""))


def with_chart_defaults(root: YamlMapping) -> YamlMapping:
    """Add to rules in Helm values what the chart adds when it renders them."""
    point = SourceSpan(root.source.file, root.source.start, root.source.start)

    def scalar(value: int | str) -> YamlScalar:
        tag = "!!int" if isinstance(value, int) else "!!str"
        return YamlScalar(value, str(value), tag, point, root.line)

    def mapping(key: str, value: YamlNode) -> YamlMapping:
        entry = YamlEntry(scalar(key), value)
        return YamlMapping((entry,), is_string_keyed=True, source=point, line=root.line)

    entries = root.entries
    if root.get(VERSION_KEY) is None:
        entries = (YamlEntry(scalar(VERSION_KEY), scalar(2)), *entries)
    samplers = root.get(SAMPLERS_KEY)
    if isinstance(samplers, YamlMapping) and samplers.get(DEFAULT_TARGET) is None:
        default = mapping("DeterministicSampler", mapping("SampleRate", scalar(1)))
        filled = YamlMapping(
            (*samplers.entries, YamlEntry(scalar(DEFAULT_TARGET), default)),
            samplers.is_string_keyed,
            samplers.source,
            samplers.line,
        )
        entries = tuple(
            YamlEntry(entry.key, filled) if entry.value is samplers else entry for entry in entries
        )
    return YamlMapping(entries, root.is_string_keyed, root.source, root.line)


class _Finder:
    """Walks a tree; a node that aliases share is looked at once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.seen: set[int] = set()

    def below(
        self, node: YamlNode, path: tuple[str, ...], kind: str, key: YamlScalar | None
    ) -> Iterator[Embedded]:
        if id(node) in self.seen or len(path) > _DEPTH_MAX:
            return
        self.seen.add(id(node))
        if isinstance(node, YamlSequence):
            for i, item in enumerate(node.items):
                yield from self.below(item, (*path, str(i)), kind, key)
        elif isinstance(node, YamlMapping):
            if key is not None and holds_rules(node):
                yield self.of_entry(YamlEntry(key, node), path, _form(path, kind))
                return
            named = node.get("kind")
            kind = _text(named) or kind
            for entry in node.entries:
                yield from self.below(entry.value, (*path, entry.key.text), kind, entry.key)
        elif key is not None:
            content = _text(node)
            if any(word in content for word in _OWN_KEYS):
                found = self.of_entry(YamlEntry(key, node), path, _form(path, kind))
                if holds_rules(found.root) or (found.problems and _RULES_LINE.search(content)):
                    yield found

    def of_entry(self, entry: YamlEntry, path: tuple[str, ...], form: str) -> Embedded:
        key, value = entry
        content = _text(value)
        if not isinstance(value, YamlScalar) or not content:
            return Embedded(
                root=value,
                problems=(),
                place=key.source,
                path=path,
                form=form,
                text=None,
                placement=Placement(fallback=key.source),
            )
        placement = placement_of_scalar(self.text, value, key)
        root, problems = _read_moved(content, key.source.file, placement)
        return Embedded(
            root=root,
            problems=problems,
            place=key.source,
            path=path,
            form=form,
            text=content,
            placement=placement,
        )


def _read_moved(text: str, file: str, placement: Placement) -> Read:
    root, problems = parse_yaml(text, file, lines_before=placement.lines_before)
    moved = None if root is None else placement.tree(root)
    return moved, tuple(map(placement.problem, problems))


def _form(path: tuple[str, ...], kind: str) -> str:
    if len(path) > 1 and path[-2] in _TEXT_KEYS and kind in ("ConfigMap", "Secret", ""):
        return "ConfigMap"
    return "Helm values" if "rules" in path else "YAML"


def _text(node: YamlNode | None) -> str:
    value = node.value if isinstance(node, YamlScalar) else None
    return value if isinstance(value, str) else ""


def _rank(name: str) -> int:
    if name in ("rules.yaml", "rules.yml", "rules"):
        return 0
    return 1 if "rules" in name else 2


def _has_content(text: str) -> bool:
    """Say whether a document stands in `text`: more than comments, blank lines, directives."""
    lines = (line.strip() for line in text.lstrip("\ufeff").splitlines())
    return any(line and not line.startswith(("#", "%")) for line in lines)

"""Edits of a YAML text that change only what they must: comments, order and layout stay.

Owns: how a value is replaced, how a setting is added to or taken from a map, in block style and in
braces. Must not know: what the settings mean. Places are those of the file that is edited, whatever
it is part of (a ConfigMap, Helm values): an added line takes the column of the line beside it.
"""

from __future__ import annotations

from nectarc.diagnostic import Edit
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode
from nectarc.source import SourceSpan, SourceText


def replaced(node: YamlNode, text: str) -> Edit:
    """Replace the whole of `node` by `text`, which is YAML."""
    return Edit(node.source, text)


def quoted(text: str) -> str:
    """Return `text` as a YAML scalar in single quotes, in double quotes where those cannot do."""
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else _escape(c) for c in escaped) + '"'


def with_setting(
    text: SourceText, node: YamlMapping, key: str, value: str, *, below: str = ""
) -> Edit | None:
    """Add `key: value` to `node`, `value` being YAML on one line.

    The line goes below the one of the setting `below`; without it, to the end of the map, or where
    the last setting has several lines, below the first that has one.
    None where no place is safe: an empty map without braces, a map that an alias or `<<` brought.
    """
    own = [e for e in node.entries if node.source.start <= e.key.source.start < node.source.end]
    if len(own) != len(node.entries):
        return None
    file = node.source.file
    if text.text[node.source.start : node.source.start + 1] == "{":
        if not own:
            return Edit(node.source, f"{{{key}: {value}}}")
        end = max(e.key.source.end if _is_empty(e.value) else e.value.source.end for e in own)
        return Edit(SourceSpan(file, end, end), f", {key}: {value}")
    if not own:
        return None
    first = own[0].key.source
    if text.line(text.position(first.start).line)[: _column(text, first)].strip(" -"):
        return None  # a key after `?` or a tag: its column is not the map's
    margin = " " * _column(text, first)
    line_end = "\r\n" if text.text[: text.text.find("\n") + 1].endswith("\r\n") else "\n"
    last = max(own, key=lambda entry: entry.key.source.start)
    named = [entry for entry in own if entry.key.text == below]
    place = next(
        (e for e in (*named, last, *own) if _is_one_line(text, e.value, e.key.source)), None
    )
    if place is None:
        return Edit(SourceSpan(file, first.start, first.start), f"{key}: {value}{line_end}{margin}")
    broken = text.text.find("\n", max(place.key.source.end, place.value.source.end))
    at = len(text.text) if broken < 0 else broken
    at -= text.text[:at].endswith("\r")
    return Edit(SourceSpan(file, at, at), f"{line_end}{margin}{key}: {value}")


def without_setting(text: SourceText, node: YamlMapping, key: str) -> Edit | None:
    """Take `key` out of a block map, its lines whole; None where that is not safe."""
    if text.text[node.source.start : node.source.start + 1] == "{" or len(node.entries) < 2:
        return None
    for entry in node.entries:
        if entry.key.text != key:
            continue
        start = entry.key.source.start
        if not node.source.start <= start < node.source.end:
            return None
        line_start = text.text.rfind("\n", 0, start) + 1
        if text.text[line_start:start].strip():
            return None  # it shares its line with the dash of a list
        end = text.text.find("\n", max(entry.value.source.end, entry.key.source.end))
        return Edit(
            SourceSpan(node.source.file, line_start, len(text.text) if end < 0 else end + 1), ""
        )
    return None


def _column(text: SourceText, place: SourceSpan) -> int:
    """Return the column of a place, from 0."""
    return text.position(place.start).column - 1


def _is_empty(node: YamlNode) -> bool:
    return node.source.end <= node.source.start


def _is_one_line(text: SourceText, node: YamlNode, key: SourceSpan) -> bool:
    end = max(node.source.end, key.end)
    return "\n" not in text.text[key.start : end]


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

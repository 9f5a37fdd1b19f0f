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


def with_setting(text: SourceText, node: YamlMapping, key: str, value: str) -> Edit | None:
    """Add `key: value` at the end of `node`, `value` being YAML on one line.

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
    column = text.position(own[0].key.source.start).column - 1
    first = own[0]
    # Below the last entry where that is one line, else above the first.
    last = max(own, key=lambda entry: entry.key.source.start)
    place = last if _is_one_line(text, last.value, last.key.source) else first
    if place is last:
        line_end = text.text.find("\n", max(last.key.source.end, last.value.source.end))
        at = len(text.text) if line_end < 0 else line_end
        at -= text.text[:at].endswith("\r")
        return Edit(SourceSpan(file, at, at), f"\n{' ' * column}{key}: {value}")
    start = first.key.source.start
    return Edit(SourceSpan(file, start, start), f"{key}: {value}\n{' ' * column}")


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

"""Edits that add a row to a section of a policy's TOON text.

Owns: where a row goes, the count in the header, quoting of cells. Must not know: why it is added.
Truth: docs/language.md, section 2 (both forms of a policy, `from` in list form).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from nectarc.diagnostic import Edit
from nectarc.semantics.options import CheckOptions
from nectarc.source import SourceSpan, SourceText
from nectarc.syntax.policy import policy_object
from nectarc.toon.document import Array, ArrayForm, Entry, Node, Object, ObjectForm, Scalar

# A cell of a row to add: a text, a whole number, or a list of texts.
Cell: TypeAlias = "str | int | tuple[str, ...]"

_MARKS: Final = frozenset(',:"\\[]{}|\t\n\r#')


def quoted(cell: str | int) -> str:
    """Return `cell` as TOON writes it; quoted wherever it could be read as anything else.

    `true` stays as it is: the columns of a policy take the text of a cell.
    """
    if isinstance(cell, int):
        return str(cell)
    is_plain = (
        cell != ""
        and cell == cell.strip()
        and not _MARKS & set(cell)
        and not cell.startswith("-")
        and cell != "null"
        and not cell[0].isdigit()
    )
    return cell if is_plain else json.dumps(cell, ensure_ascii=False)


def add_row(options: CheckOptions, section: str, row: Mapping[str, Cell]) -> tuple[Edit, ...]:
    """Return edits that append `row` to `section`, made where it is missing; () where unclear."""
    if options.document is None or options.text is None:
        return ()
    policy = policy_object(options.document.root)
    if policy is None or not policy.entries:
        return ()
    found = find_section(policy, section)
    if found is None:
        return _new_section(policy, section, row, options.text)
    if not isinstance(found, Array) or not found.items:
        return ()
    return _append(found, row, options.text)


def add_item(options: CheckOptions, section: str, lines: Sequence[str]) -> tuple[Edit, ...]:
    """Return edits that append an item in list form, given by its lines; () where unclear.

    lines: without the dash, deeper ones with their own indentation.
    """
    if options.document is None or options.text is None:
        return ()
    policy = policy_object(options.document.root)
    if policy is None or not policy.entries:
        return ()
    found = find_section(policy, section)
    if found is None:
        text = options.text
        return _new_block(policy, section, text, lambda indent: _dashed(lines, f"{indent}  "))
    if not isinstance(found, Array) or not found.items or found.form is not ArrayForm.LIST:
        return ()
    last = found.items[-1]
    if not isinstance(last, Object) or not last.entries:
        return ()
    count = Edit(found.length_source, str(len(found.items) + 1))
    indent = _indent(options.text, last.entries[0].key.source.start)
    end = _line_end(options.text, end_of(last))
    return (count, _insert(options.text, end, _dashed(lines, indent)))


def find_section(root: Node, section: str) -> Node | None:
    """Return what stands under the key `section` of the policy, None without it."""
    policy = policy_object(root)
    for entry in policy.entries if policy is not None else ():
        if entry.key.text == section:
            return entry.value
    return None


def _append(array: Array, row: Mapping[str, Cell], text: SourceText) -> tuple[Edit, ...]:
    last = array.items[-1]
    count = Edit(array.length_source, str(len(array.items) + 1))
    end = _line_end(text, end_of(last))
    if array.form is ArrayForm.LIST and isinstance(last, Object) and last.entries:
        indent = _indent(text, last.entries[0].key.source.start)
        return (count, _insert(text, end, _list_item(row, indent)))
    if array.form is not ArrayForm.TABULAR or not isinstance(last, Object):
        return ()
    cells: list[str] = []
    for column in array.columns:
        cell = row.get(column.text, "")
        if isinstance(cell, tuple):
            return ()
        cells.append(quoted(cell) if cell != "" else "")
    if set(row) - {column.text for column in array.columns}:
        return ()
    indent = _indent(text, last.source.start)
    return (count, _insert(text, end, f"\n{indent}{array.delimiter.value.join(cells)}"))


def _new_section(
    policy: Object, section: str, row: Mapping[str, Cell], text: SourceText
) -> tuple[Edit, ...]:
    def block(indent: str) -> str:
        if any(isinstance(cell, tuple) for cell in row.values()):
            return _list_item(row, indent + "  ")
        cells = ",".join(quoted(cell) for cell in row.values() if not isinstance(cell, tuple))
        return f"\n{indent}  {cells}"

    has_lists = any(isinstance(cell, tuple) for cell in row.values())
    return _new_block(policy, section, text, block, "" if has_lists else f"{{{','.join(row)}}}")


def _new_block(
    policy: Object,
    section: str,
    text: SourceText,
    block: Callable[[str], str],
    columns: str = "",
) -> tuple[Edit, ...]:
    """Return edits that add a section with one item; `block` writes that below an indentation."""
    last = policy.entries[-1]
    end = _line_end(text, end_of(last.value))
    edits: tuple[Edit, ...] = ()
    if policy.form is ObjectForm.RECORD:
        edits = (_insert(text, last.key.source.end, f",{section}"),)
        indent = _indent(text, _first_value_start(policy))
    elif policy.form is ObjectForm.PLAIN:
        indent = _indent(text, policy.entries[0].key.source.start)
    else:
        return ()
    header = f"\n{indent}{section}[1]{columns}:"
    return (*edits, _insert(text, end, header + block(indent)))


def _list_item(row: Mapping[str, Cell], indent: str) -> str:
    lines: list[str] = []
    for name, cell in row.items():
        if isinstance(cell, tuple):
            lines.append(f"{name}[{len(cell)}]: {','.join(quoted(one) for one in cell)}")
        else:
            lines.append(f"{name}: {quoted(cell)}")
    return _dashed(lines, indent)


def _dashed(lines: Sequence[str], indent: str) -> str:
    return f"\n{indent}- " + f"\n{indent}  ".join(lines)


def _first_value_start(policy: Object) -> int:
    value = policy.entries[0].value
    return value.header.start if isinstance(value, Array) else value.source.start


def end_of(node: object) -> int:
    """Return where the last thing written inside `node` ends."""
    if isinstance(node, Object) and node.entries:
        return max(node.source.end, end_of(node.entries[-1]))
    if isinstance(node, Entry):
        return end_of(node.value)
    if isinstance(node, Array) and node.items:
        return max(node.source.end, end_of(node.items[-1]))
    return node.source.end if isinstance(node, Object | Array | Scalar) else 0


def _line_end(text: SourceText, offset: int) -> int:
    """Return the end of the line that holds the character before `offset`, without its CR LF."""
    start = max(0, offset - 1) if text.text[offset - 1 : offset] == "\n" else offset
    end = text.text.find("\n", start)
    end = len(text.text) if end < 0 else end
    return end - 1 if text.text[end - 1 : end] == "\r" else end


def _indent(text: SourceText, offset: int) -> str:
    start = text.text.rfind("\n", 0, offset) + 1
    line = text.text[start:offset]
    return line[: len(line) - len(line.lstrip(" "))]


def _insert(text: SourceText, offset: int, words: str) -> Edit:
    return Edit(SourceSpan(text.file, offset, offset), words)

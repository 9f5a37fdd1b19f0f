"""Fixes that declare a field: a new row of `fields`, or another type in the row there is.

Owns: those fixes. Must not know: which finding offers them.
Truth: docs/language.md, section 3 ("an error whose fix is a `fields` row").
"""

from __future__ import annotations

from nectarc.diagnostic import Edit, Fix
from nectarc.ir.nodes import Field, FieldType
from nectarc.semantics.context import Context
from nectarc.semantics.toon_edits import Cell, add_row, find_section, quoted
from nectarc.source import SourceSpan
from nectarc.toon.document import Array, ArrayForm


def declare(field: Field, type_: FieldType, context: Context) -> tuple[Fix, ...]:
    """Offer to say in `fields` that the field has `type_`; () where no edit can say it."""
    for row in context.rows:
        if row.name.text == field.name:
            edit = Edit(row.type.source, type_.value)
            return (Fix(f"declare `{field.name}` as `{type_.value}`", (edit,)),)
    edits = declaring_edits(field.name, type_.value, field.spellings, context)
    title = f"declare `{field.name}` as `{type_.value}` in `fields`"
    return (Fix(title, edits),) if edits else ()


def declaring_edits(
    name: str, type_: str, spellings: tuple[str, ...], context: Context
) -> tuple[Edit, ...]:
    """Return edits that add a row to `fields`; a table becomes a list where it has to."""
    source: Cell = spellings if len(spellings) > 1 else spellings[0]
    edits = add_row(context.options, "fields", {"name": name, "type": type_, "from": source})
    return edits or _as_list(name, type_, spellings, context)


def _as_list(
    name: str, type_: str, spellings: tuple[str, ...], context: Context
) -> tuple[Edit, ...]:
    """Rewrite a table of `fields` in list form, since a table cell holds one spelling only."""
    array = _fields_array(context)
    text = context.options.text
    if array is None or text is None or array.form is not ArrayForm.TABULAR or not context.rows:
        return ()
    whole = text.text[array.header.start : array.source.end]
    if "#" in whole:  # a comment would be lost
        return ()
    start = text.text.rfind("\n", 0, array.header.start) + 1
    indent = " " * (array.header.start - start)
    if text.text[start : array.header.start].strip():
        return ()
    rows = [
        (row.name.text, row.type.text, tuple(cell.text for cell in row.spellings))
        for row in context.rows
    ]
    lines = [f"fields[{len(rows) + 1}]:"]
    for one, kind, names in (*rows, (name, type_, spellings)):
        listed = ",".join(quoted(spelling) for spelling in names)
        lines.append(f"{indent}  - name: {quoted(one)}")
        lines.append(f"{indent}    type: {quoted(kind)}")
        lines.append(f"{indent}    from[{len(names)}]: {listed}")
    replaced = SourceSpan(text.file, array.header.start, array.source.end)
    ending = "\n" if whole.endswith("\n") else ""
    return (Edit(replaced, "\n".join(lines) + ending),)


def _fields_array(context: Context) -> Array | None:
    document = context.options.document
    found = find_section(document.root, "fields") if document is not None else None
    return found if isinstance(found, Array) else None

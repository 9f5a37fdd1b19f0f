"""What a name reads: the `fields` section, the built-in names, the field of just that name.

Owns: resolution of names and their types. Must not know: tests, quantifiers.
Truth: docs/language.md, section 3, "Names" and "Types".
"""

from __future__ import annotations

from typing import Final

from nectarc.diagnostic import Edit, Fix, Label
from nectarc.ir.nodes import Field, FieldType
from nectarc.semantics.context import Context
from nectarc.semantics.conventions import conventional_type
from nectarc.semantics.reserved import reserved
from nectarc.semantics.types import TYPE_NAMES
from nectarc.spelling import nearest
from nectarc.syntax.ast import FieldName, FieldRow
from nectarc.syntax.literals import is_plain_name

# The built-in names that read several fields, or one of another name; in order of reading.
ALIASES: Final[dict[str, tuple[tuple[str, ...], FieldType]]] = {
    "http.status": (
        ("http.status", "http.response.status_code", "http.status_code"),
        FieldType.INT,
    ),
    "duration": (("duration_ms",), FieldType.DURATION_MS),
    "service": (("service.name",), FieldType.STRING),
}


class FieldTable:
    """The rows of `fields` by name; None stands for a row with an error (said already)."""

    __slots__ = ("_rows",)

    def __init__(self, rows: dict[str, Field | None]) -> None:
        """Hold the rows."""
        self._rows = rows

    def is_declared(self, name: str) -> bool:
        """Say whether a row declares `name`."""
        return name in self._rows

    def find(self, name: str, *, is_quoted: bool) -> Field | None:
        """Return what `name` reads; None where its row is wrong. Reserved names are not checked.

        A name in backticks reads the one field of that name; a row of that name still types it.
        """
        if name in self._rows:
            declared = self._rows[name]
            if declared is None or not is_quoted:
                return declared
            return Field((name,), name, declared.type)
        if not is_quoted and name in ALIASES:
            spellings, type_ = ALIASES[name]
            return Field(spellings, name, type_)
        return Field((name,), name, conventional_type(name))


def check_field_rows(context: Context) -> FieldTable:
    """Check the `fields` section and return its table."""
    rows: dict[str, Field | None] = {}
    first: dict[str, FieldRow] = {}
    for row in context.rows:
        name = row.name.text
        if name in first:
            context.report(
                "NEC102",
                row.name.source,
                f"field `{name}` is declared twice",
                label="this row is not used",
                related=(Label(first[name].name.source, "first declared here"),),
                help="put all its span fields into the `from` of one row",
            )
            continue
        first[name] = row
        rows[name] = _check_row(row, context)
    return FieldTable(rows)


def _check_row(row: FieldRow, context: Context) -> Field | None:
    name = row.name.text
    type_ = TYPE_NAMES.get(row.type.text)
    spellings = tuple(dict.fromkeys(cell.text for cell in row.spellings)) or (name,)
    if type_ is None:
        near = nearest(row.type.text, TYPE_NAMES)
        context.report(
            "NEC101",
            row.type.source,
            f"`{row.type.text}` is no type",
            why="the type says how the values of the field are compared",
            help=f"write one of {', '.join(f'`{one.value}`' for one in FieldType)}",
            fixes=(Fix(f"write `{near}`", (Edit(row.type.source, near),)),) if near else (),
        )
    is_valid = type_ is not None
    for cell in row.spellings:
        refused = reserved(cell.text)
        if refused is not None:
            is_valid = False
            context.report(
                "NEC104",
                cell.source,
                f"`{cell.text}` cannot be read by a policy",
                why=refused.why,
                help=f"write {refused.instead}",
            )
    if spellings != (name,) and not is_plain_name(name):
        context.report(
            "NEC103",
            row.name.source,
            f"`{name}` can only be written in backticks",
            why="a name in backticks always reads the one field of that name, so `from` is unused",
            help="choose a name of dotted words",
        )
    return Field(spellings, name, type_) if is_valid else None


def resolve(field: FieldName, context: Context) -> Field | None:
    """Return what a name of a match or a sampler reads; None after an error (said, maybe here)."""
    found = context.fields.find(field.name, is_quoted=field.is_quoted)
    if found is None:
        return None
    if not context.fields.is_declared(field.name) or field.is_quoted:
        refused = reserved(field.name)
        if refused is not None:
            context.report(
                "NEC104",
                field.source,
                f"`{field.name}` cannot be read by a policy",
                why=refused.why,
                help=f"write {refused.instead}",
            )
            return None
    context.uses.append((field, found.spellings))
    return found

"""How sections, rows and items are laid out when they are new.

Owns: their texts, with stops where people go on typing. Must not know: where they go, the protocol.
Truth: docs/language.md, section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.ir.nodes import FieldType
from nectarc.syntax.rows import FIELDS, INVARIANTS
from nectarc.toon.document import Delimiter
from nectarc.toon.layout import STEP
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.cells import priority_for, rules_of
from nectarc_lsp.features.completion.offers import Stop, Template
from nectarc_lsp.features.places_kinds import COLUMNS

SPAN_COLUMNS: Final = "http.status,duration_ms"
_TYPES: Final = tuple(one.value for one in FieldType)
SCALARS: Final = {"version": "1", "name": "production-sampling", "budget_per_second": "10000"}


def section_text(view: View, name: str, indent: int) -> Template:
    """Return a section, its key at the column `indent`: with a first row where it is a table."""
    if name in SCALARS:
        return (f"{name}: ", Stop(1, SCALARS[name]))
    return (f"{name}{_header_text(name)}", *_first_row(view, name, indent + STEP))


def _header_text(name: str) -> str:
    match name:
        case "rules":
            return "[1]{name,description,match,action,priority}:"
        case "tests":
            return "[1]:"
        case _:
            return f"[1]{{{','.join(COLUMNS[name].required)}}}:"


def _first_row(view: View, name: str, indent: int) -> Template:
    lead = "\n" + " " * indent
    if name == "tests":
        return (f"{lead}- ", *test_entries(view, indent + STEP))
    columns = {
        "rules": ("name", "description", "match", "action", "priority"),
        "fields": FIELDS.required,
        "invariants": INVARIANTS.required,
    }[name]
    if name == "rules":
        last = ("rest", "The rest", "true", "keep", "0")
        parts: list[str | Stop] = [lead]
        for number, text in enumerate(last, 1):
            parts += [Stop(number, text), "," if number < len(last) else ""]
        return tuple(parts)
    return (lead, *row_cells(view, name, columns, Delimiter.COMMA, 0))


def row_cells(
    view: View, section: str, columns: Sequence[str], delimiter: Delimiter, line: int
) -> Template:
    """Return a row with a stop in each cell."""
    parts: list[str | Stop] = []
    for number, column in enumerate(columns, 1):
        if number > 1:
            parts.append(delimiter.value)
        parts.append(stop_for(view, section, column, number, line))
    return tuple(parts)


def stop_for(view: View, section: str, column: str, number: int, line: int) -> Stop:
    """Return where a new value of a column is typed; `line` (from 0) is its row's."""
    match section, column:
        case "rules", "name":
            return Stop(number, "keep-new")
        case "rules", "description":
            return Stop(number, "")
        case "rules" | "invariants", "match" | "when":
            return Stop(number, "http.status >= 500")
        case "rules", "action":
            return Stop(number, "keep")
        case "rules", "priority":
            return Stop(number, str(priority_for(view, line)))
        case "fields", "name":
            return Stop(number, "app.name")
        case "fields", "type":
            return Stop(number, "string", _TYPES)
        case "fields", "from":
            return Stop(number, "app.name")
        case "invariants", "name":
            return Stop(number, "never-lose-errors")
        case "invariants", "require":
            return Stop(number, "keep", ("keep", "not drop"))
        case _:
            return Stop(number, "")


def test_entries(view: View, indent: int) -> Template:
    """Return the entries of a test, the first behind its dash."""
    lead = "\n" + " " * indent
    names = tuple(rule.name.text for rule in rules_of(view) if rule.name.text)
    is_plain = all("," not in name and "|" not in name for name in names)
    expect = Stop(2, names[0] if names else "rest", names[:12] if is_plain else ())
    return (
        "name: ",
        Stop(1, "a-new-test"),
        f"{lead}expect: ",
        expect,
        f"{lead}spans[1]{{",
        Stop(3, SPAN_COLUMNS),
        f"}}:{lead}  ",
        Stop(4, "500,120"),
    )


def item_pairs(view: View, section: str, indent: int, line: int) -> Template:
    """Return the entries of a list item, the first behind its dash."""
    lead = "\n" + " " * indent
    parts: list[str | Stop] = []
    for number, column in enumerate(COLUMNS[section].required, 1):
        parts += [f"{lead if number > 1 else ''}{column}: "]
        parts += [stop_for(view, section, column, number, line)]
    return tuple(parts)

"""The outline of a document: sections and rules, targets and rules, environments.

Owns: the tree of names. Must not know: the protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple

from nectarc.source import SourceSpan
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.manifest import setting_places, value_text
from nectarc_lsp.features.nodes import Cell, Row, Table, outline
from nectarc_lsp.features.rules_file import located_rules


class SymbolKind(Enum):
    """What a name names."""

    SECTION = "section"
    VALUE = "value"
    RULE = "rule"
    FIELD = "field"
    INVARIANT = "invariant"
    TEST = "test"
    TARGET = "target"
    SETTING = "setting"


class Symbol(NamedTuple):
    """A name with all that belongs to it.

    source: everything.   name_source: what to select, inside `source`.
    """

    name: str
    detail: str
    kind: SymbolKind
    source: SourceSpan
    name_source: SourceSpan
    children: tuple[Symbol, ...] = ()


_ROWS: Final = {
    "rules": (SymbolKind.RULE, "match"),
    "fields": (SymbolKind.FIELD, "type"),
    "invariants": (SymbolKind.INVARIANT, "when"),
    "tests": (SymbolKind.TEST, "expect"),
}
_DETAIL_MAX: Final = 120


def symbols(view: View) -> tuple[Symbol, ...]:
    """Return the outline of a document; made once a view."""
    return view.derive(_symbols)


def flat(found: tuple[Symbol, ...], container: str = "") -> Iterator[tuple[Symbol, str]]:
    """Yield every symbol with the name of what holds it."""
    for one in found:
        yield one, container
        yield from flat(one.children, one.name)


def _symbols(view: View) -> tuple[Symbol, ...]:
    match view.kind:
        case Kind.POLICY:
            return tuple(_of_policy(view))
        case Kind.MANIFEST:
            return tuple(_of_manifest(view))
        case Kind.RULES:
            return tuple(_of_rules(view))
        case Kind.OTHER:
            return ()


def _of_policy(view: View) -> Iterator[Symbol]:
    found = outline(view)
    parts = [(one.source.start, _value(view, one)) for one in found.values]
    parts += [(one.source.start, _table(view, one)) for one in found.tables]
    for _, one in sorted(parts, key=lambda part: part[0]):
        yield one


def _value(view: View, cell: Cell) -> Symbol:
    around = cell.row_source
    # In a record the key stands in the header, with all others between it and its value.
    is_apart = "\n" in view.text.text[around.start : cell.source.start]
    return Symbol(
        name=cell.section.strip() or "(no name)",
        detail=cell.scalar.text,
        kind=SymbolKind.VALUE,
        source=cell.source if is_apart or around.start > cell.source.start else around,
        name_source=cell.source,
    )


def _table(view: View, table: Table) -> Symbol:
    rows = [table.row(number) for number in range(len(table.items))]
    count = len(rows)
    header = table.array.header
    return Symbol(
        name=table.section,
        detail=f"{count} row" if count == 1 else f"{count} rows",
        kind=SymbolKind.SECTION,
        source=_line_end(view, header.to(table.array.source)),
        name_source=header,
        children=tuple(one for row in rows if (one := _row(row)) is not None),
    )


def _row(row: Row) -> Symbol | None:
    kind, column = _ROWS.get(row.section, (SymbolKind.VALUE, ""))
    name, detail = row.cell("name"), row.cell(column)
    if name is None:
        return None
    told = "" if detail is None else " ".join(detail.scalar.text.split())
    action = row.cell("action")
    if row.section == "rules" and action is not None:
        told = f"{told} → {action.scalar.text}"
    return Symbol(
        name=name.scalar.text or "(no name)",
        detail=told if len(told) <= _DETAIL_MAX else told[: _DETAIL_MAX - 1] + "…",
        kind=kind,
        source=row.source,
        name_source=name.source,
    )


def _line_end(view: View, source: SourceSpan) -> SourceSpan:
    """Leave line ends at the end of a place out."""
    text = view.text.text
    end = source.end
    while end > source.start and text[end - 1] in "\r\n ":
        end -= 1
    return SourceSpan(source.file, source.start, end)


def _of_manifest(view: View) -> Iterator[Symbol]:
    found = setting_places(view)
    headers = [one for one in found if one.is_header]
    ends = [_opening(view, one.source.start) for one in headers[1:]] + [len(view.text.text)]
    for header, end in zip(headers, ends[: len(headers)], strict=True):
        start = header.source.start
        keys = [one for one in found if not one.is_header and start < one.source.start < end]
        yield Symbol(
            name=header.key,
            detail="",
            kind=SymbolKind.SECTION,
            source=_line_end(view, view.text.span(_opening(view, header.source.start), end)),
            name_source=header.source,
            children=tuple(
                Symbol(
                    name=one.key,
                    detail=value_text(view, one),
                    kind=SymbolKind.TARGET if one.table == "environments" else SymbolKind.SETTING,
                    source=one.source.to(one.value),
                    name_source=one.source,
                )
                for one in keys
            ),
        )


def _opening(view: View, start: int) -> int:
    """Return where the bracket before a header's name is."""
    return max(view.text.text.rfind("[", 0, start), 0)


def _of_rules(view: View) -> Iterator[Symbol]:
    located = located_rules(view)
    for target in located.targets if located is not None else ():
        outer = target.outer
        children = [
            Symbol(
                name=rule.label,
                detail=f"{len(rule.conditions)} conditions"
                if len(rule.conditions) != 1
                else "1 condition",
                kind=SymbolKind.RULE,
                source=rule.source.to(rule.place),
                name_source=rule.place,
            )
            for rule in target.rules
            if rule.source.start <= rule.place.start
        ]
        yield Symbol(
            name=target.name,
            detail="" if target.sampler_place is None else _written(view, target.sampler_place),
            kind=SymbolKind.TARGET,
            source=_line_end(
                view, target.place if outer is None else target.place.to(outer.source)
            ),
            name_source=target.place,
            children=tuple(children),
        )


def _written(view: View, source: SourceSpan) -> str:
    return view.text.text[source.start : source.end]

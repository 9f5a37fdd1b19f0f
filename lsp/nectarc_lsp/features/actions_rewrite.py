"""Rewriting what is at the cursor: rates, backticks, `fields` rows, descriptions.

Owns: which rewritings a place has; none changes what the policy means, unless its title says so.
Must not know: the protocol. Truth: docs/language.md, sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from nectarc.diagnostic import Edit
from nectarc.ir.nodes import FieldType
from nectarc.report.words import sentence
from nectarc.semantics.conventions import conventional_type
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.options import CheckOptions
from nectarc.semantics.toon_edits import add_row
from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.syntax.literals import is_plain_name
from nectarc.toon.document import Array, ArrayForm, Delimiter, Object
from nectarc.toon.encoder import encode_primitive
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.actions import Action, ActionKind, touches
from nectarc_lsp.features.field_uses import FieldUse, Use, declared, resolved, use_at
from nectarc_lsp.features.nodes import Cell, Row, cell_at, outline, row_at

_DECIMALS_MAX = 12
_IMPORT = "nectarc.server.importRules"


def rewrite_actions(view: View, place: SourceSpan) -> Iterator[Action]:
    """Yield the rewritings of what is at a place."""
    if view.kind is Kind.RULES:
        yield from _import(view)
    if view.kind is not Kind.POLICY:
        return
    row = row_at(view, place.start)
    cell = cell_at(view, place.start)
    if cell is not None and isinstance(cell.tree, ast.Action):
        yield from _rates(cell, cell.tree, place)
    use = use_at(view, place.start)
    if use is not None and use.use is Use.READ and _is_read(view, use, place):
        yield from _backticks(view, use)
        yield from _declarations(view, use)
    if row is not None and row.section == "rules":
        yield from _descriptions(view, row)


def _import(view: View) -> Iterator[Action]:
    if view.rules is not None and view.rules.loaded.is_accepted:
        yield Action(
            title="import as policy", kind=ActionKind.REWRITE, command=(_IMPORT, (view.uri, None))
        )


def _rates(cell: Cell, action: ast.Action, place: SourceSpan) -> Iterator[Action]:
    """Yield `1/20` for `0.05` and back, where both are exactly the same."""
    ratio = action.ratio
    if ratio is None or not touches(action.source, place) or not ratio.denominator:
        return
    share = ratio.numerator / ratio.denominator
    if not 0 < share <= 1:
        return
    if ratio.is_ratio:
        text = _decimal(share)
    else:
        text = f"1/{share.denominator}" if share.numerator == 1 else ""
    if text and not cell.scalar.is_quoted:
        yield Action(
            title=f"write `{action.name}({text})`: the same rate",
            kind=ActionKind.REWRITE,
            edits=(Edit(ratio.source, text),),
        )


def _decimal(share: Fraction) -> str:
    """Return the share as a decimal that is exactly it; "" where there is none short enough."""
    for digits in range(_DECIMALS_MAX):
        scaled = share * 10**digits
        if scaled.denominator == 1:
            whole, rest = divmod(int(scaled), 10**digits)
            return f"{whole}.{rest:0{digits}}" if digits else str(whole)
    return ""


def _is_read(view: View, use: FieldUse, place: SourceSpan) -> bool:
    """Say whether the cell around a name could be read: else the word may be no field at all."""
    cell = use.cell
    if cell is None or cell.tree is None or not touches(use.source, place):
        return False
    return not any(
        one.code.startswith("NEC0") and touches(one.source, cell.source) for one in view.findings
    )


def _backticks(view: View, use: FieldUse) -> Iterator[Action]:
    field = resolved(view, use)
    if field is None or use.cell is None:
        return
    if not use.is_quoted:
        alone = declared(view).find(use.name, is_quoted=True)
        if "`" in use.name or alone is None or alone.type is not field.type:
            return  # the tests on it would not fit any more
        means = "" if field.spellings == (use.name,) else ": reads the span field of that name only"
        yield Action(
            title=f"put `{use.name}` in backticks{means}",
            kind=ActionKind.REWRITE,
            edits=(Edit(use.name_source, f"`{use.name}`"),),
            is_moving=bool(means),
        )
    elif is_plain_name(use.name):
        bare = declared(view).find(use.name, is_quoted=False)
        if bare == field:
            around = SourceSpan(use.source.file, use.name_source.start - 1, use.name_source.end + 1)
            yield Action(
                title=f"take `{use.name}` out of its backticks: reads the same field",
                kind=ActionKind.REWRITE,
                edits=(Edit(around, use.name),),
            )


def _declarations(view: View, use: FieldUse) -> Iterator[Action]:
    """Yield the row of `fields` that says what a name already means."""
    if declared(view).is_declared(use.name) or not is_plain_name(use.name) or use.is_quoted:
        return
    spellings, kind = ALIASES.get(use.name, ((use.name,), conventional_type(use.name)))
    if view.checked is None or kind is None:
        return
    options = CheckOptions(document=view.checked.document, text=view.text)
    source = spellings if len(spellings) > 1 else spellings[0]
    assert isinstance(kind, FieldType)
    edits = add_row(options, "fields", {"name": use.name, "type": kind.value, "from": source})
    if edits:
        yield Action(
            title=f"declare `{use.name}` in `fields`: as it is read now",
            kind=ActionKind.REWRITE,
            edits=edits,
        )


def _descriptions(view: View, row: Row) -> Iterator[Action]:
    """Yield a description of a rule without one: what it does, in words."""
    name = row.cell("name")
    policy = None if view.checked is None else view.checked.policy
    if name is None or policy is None:
        return
    rules = [one for one in policy.rules if one.name == name.scalar.text]
    if len(rules) != 1:
        return
    words = " ".join(sentence(rules[0].match, rules[0].action).rstrip(".").split())
    edits = _described(view, row, words)
    if edits:
        yield Action(title=f"describe `{rules[0].name}`", kind=ActionKind.REWRITE, edits=edits)


def _described(view: View, row: Row, words: str) -> tuple[Edit, ...]:
    table = outline(view).table("rules")
    if table is None or view.checked is None:
        return ()
    described = row.cell("description")
    if table.array.form is ArrayForm.LIST:
        if any(key.meant == "description" for key in row.keys):
            return ()
        return _listed(view, row, words)
    if table.array.form is not ArrayForm.TABULAR:
        return ()
    text = encode_primitive(words, table.array.delimiter)
    if described is not None:
        if not described.scalar.is_blank and described.scalar.text.strip():
            return ()
        return (Edit(described.source, text),)
    return _column_added(view, table.array, row, text)


def _listed(view: View, row: Row, words: str) -> tuple[Edit, ...]:
    name = row.cell("name")
    if name is None or not row.keys:
        return ()
    first = row.keys[0].source.start
    indent = first - (view.text.text.rfind("\n", 0, first) + 1)
    end = view.text.text.find("\n", name.source.end)
    end = len(view.text.text) if end < 0 else end
    end -= view.text.text[end - 1 : end] == "\r"
    line = f"\n{' ' * indent}description: {encode_primitive(words, Delimiter.COMMA)}"
    return (Edit(SourceSpan(view.text.file, end, end), line),)


def _column_added(view: View, array: Array, row: Row, text: str) -> tuple[Edit, ...]:
    """Add the column `description` after `name`: blank in all rows but one."""
    at = next((n for n, key in enumerate(array.columns) if key.text == "name"), None)
    if at is None or any(key.columns for key in array.columns):
        return ()
    mark = array.delimiter.value
    if len(array.columns) > 1 and not _is_between(view, array, mark):
        return ()
    key = array.columns[at].source
    edits = [Edit(SourceSpan(key.file, key.end, key.end), f"{mark}description")]
    for number, item in enumerate(array.items):
        if not isinstance(item, Object) or len(item.entries) != len(array.columns):
            return ()
        end = item.entries[at].value.source.end
        filled = text if number == row.row else ""
        edits.append(Edit(SourceSpan(key.file, end, end), f"{mark}{filled}"))
    return tuple(edits)


def _is_between(view: View, array: Array, mark: str) -> bool:
    """Say whether the header separates its columns by what it declares."""
    first, second = array.columns[0].source, array.columns[1].source
    return view.text.text[first.end : second.start].strip(" ") == mark

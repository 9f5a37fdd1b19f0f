"""Checking a text again after an edit: a row of `rules` by itself, all else as it was.

Owns: which edits are of one row, and what is kept then. Must not know: editors, protocols.
Truth: `nectarc.checking.check_text`: the answers are the same, to the last place.

INVARIANT: what is kept is what `check_text` says of the text kept. Its trees are moved in place:
what an earlier call returned must not be used after the next.
"""

from __future__ import annotations

from typing import Final, TypeVar

from nectarc.checking import Checked, joined
from nectarc.diagnostic import Diagnostic
from nectarc.live.places import LineEdit, PlacesByLine, moved_copy, put, shifted_copy
from nectarc.records import record, replace
from nectarc.semantics.check import RuleMeaning, check_policy
from nectarc.semantics.options import CheckOptions, CorpusSchema
from nectarc.source import SourceText
from nectarc.syntax import ast
from nectarc.syntax.policy import parse_policy, parse_rule_row, policy_object
from nectarc.toon import read
from nectarc.toon.document import Array, ArrayForm, Document, Entry, Invalid, Object

_SECTION: Final = "rules"
_STEP: Final = "  "
# Findings about the layout of lines: one line decides what the lines around it are.
_INDENTATION: Final = frozenset({"NEC001", "NEC002"})
_T = TypeVar("_T")


@record(frozen=False)
class _Kept:
    """What is known about a text.

    by_toon, by_syntax: what these stages said.   known: what each rule means, by its `id`.
    rows:   of lines (from 0) that are a row of the table `rules` each: which row.
    rules:  of each row its rule; None where it cannot be read.
    places: all places, by line; None until the first edit of a row.
    """

    text: SourceText
    schema: CorpusSchema | None
    checked: Checked
    by_toon: tuple[Diagnostic, ...]
    by_syntax: tuple[Diagnostic, ...]
    known: dict[int, RuleMeaning]
    rows: dict[int, int]
    rules: tuple[ast.Rule | None, ...]
    places: PlacesByLine | None = None


@record(kw_only=True)
class _Fresh:
    """One row, read by itself: its node, its rule, and what the stages said."""

    row: Object | Invalid
    rule: ast.Rule | None
    by_toon: tuple[Diagnostic, ...]
    by_syntax: tuple[Diagnostic, ...]


class LiveCheck:
    """The checks of one document, one after the other.

    fast, whole: how many edits were checked by their row alone, and how many texts were read whole.
    """

    def __init__(self) -> None:
        """Start with no text."""
        self._kept: _Kept | None = None
        self.fast = 0
        self.whole = 0

    def check(self, text: SourceText, schema: CorpusSchema | None = None) -> Checked:
        """Return what `check_text(text, schema)` returns. Results of earlier calls end here."""
        kept, self._kept = self._kept, None  # nothing half-moved is ever used
        if kept is not None and (kept.schema is not schema or kept.text.file != text.file):
            kept = None
        if kept is not None and kept.text.text != text.text:
            kept = _edited(kept, text)
            self.fast += kept is not None
        if kept is None:
            kept = _checked_whole(text, schema)
            self.whole += 1
        self._kept = kept
        return kept.checked


def _checked_whole(text: SourceText, schema: CorpusSchema | None) -> _Kept:
    document, by_toon = read(text)
    written, by_syntax = parse_policy(document, text.file)
    known: dict[int, RuleMeaning] = {}
    if written is None:
        checked = Checked(document, None, None, (), (*by_toon, *by_syntax))
    else:
        options = CheckOptions(schema=schema, document=document, text=text)
        meant = check_policy(written, options, known)
        checked = joined(document, written, (*by_toon, *by_syntax), meant)
    rules = _rules_by_row(document, written)
    rows = _rows_by_line(text, document) if rules else {}
    return _Kept(text, schema, checked, by_toon, by_syntax, known, rows, rules)


def _edited(kept: _Kept, text: SourceText) -> _Kept | None:
    """Check the text if it differs in one row of `rules` only; None if it must be read whole."""
    found = _edited_line(kept.text, text)
    if found is None:
        return None
    line, edit = found
    index = kept.rows.get(line)
    fresh = None if index is None else _row_anew(kept, text, line)
    by_toon = _moved(kept.by_toon, edit)
    by_syntax = _moved(kept.by_syntax, edit)
    if index is None or fresh is None or by_toon is None or by_syntax is None:
        return None
    table, written = _table(kept.checked.document), kept.checked.written
    assert table is not None  # `rows` is empty without one
    assert written is not None
    if kept.places is None:
        of_rules = [one.checked for one in kept.known.values()]
        kept.places = PlacesByLine(kept.text, [kept.checked.document, written, *of_rules])
    if not kept.places.edit(line, edit):
        return None
    known = _moved_meanings(kept.known, edit)
    known.pop(id(kept.rules[index]), None)
    rules = _with(kept.rules, index, fresh.rule)
    put(kept.checked.document, "blank_lines", _below(kept.checked.document.blank_lines, edit))
    put(table, "items", _with(table.items, index, fresh.row))
    put(written, "rules", tuple(one for one in rules if one is not None))
    options = CheckOptions(schema=kept.schema, document=kept.checked.document, text=text)
    meant = check_policy(written, options, known)
    read_findings = (*by_toon, *fresh.by_toon, *by_syntax, *fresh.by_syntax)
    meaning = known.get(id(fresh.rule))
    trees = [fresh.row, fresh.rule, meaning.checked if meaning is not None else None]
    kept.places.replace_line(line, trees, edit.start)
    return _Kept(
        text=text,
        schema=kept.schema,
        checked=joined(kept.checked.document, written, read_findings, meant),
        by_toon=(*by_toon, *fresh.by_toon),
        by_syntax=(*by_syntax, *fresh.by_syntax),
        known=known,
        rows=kept.rows,
        rules=rules,
        places=kept.places,
    )


def _below(offsets: tuple[int, ...], edit: LineEdit) -> tuple[int, ...]:
    return tuple(one + edit.delta if one > edit.start else one for one in offsets)


def _with(items: tuple[_T, ...], index: int, item: _T) -> tuple[_T, ...]:
    return (*items[:index], item, *items[index + 1 :])


def _moved(found: tuple[Diagnostic, ...], edit: LineEdit) -> tuple[Diagnostic, ...] | None:
    """Return what was said of other lines, where it stands now; None where that is not known."""
    moved: list[Diagnostic] = []
    for one in found:
        if edit.start <= one.source.start and one.source.end <= edit.end:
            continue  # of the line, which was read again
        there = moved_copy(one, edit)
        if there is None:
            return None
        moved.append(there)
    return tuple(moved)


def _moved_meanings(known: dict[int, RuleMeaning], edit: LineEdit) -> dict[int, RuleMeaning]:
    """Return what rules mean after the edit; those with findings that cannot be moved are left."""
    moved: dict[int, RuleMeaning] = {}
    for key, meaning in known.items():
        if not meaning.diagnostics:
            moved[key] = meaning
            continue
        there = moved_copy(meaning.diagnostics, edit)
        if there is not None:
            moved[key] = meaning._replace(diagnostics=there)
    return moved


def _rules_by_row(document: Document, written: ast.Policy | None) -> tuple[ast.Rule | None, ...]:
    """Return the rule of each row of the table; () where rows and rules do not go together."""
    table = _table(document)
    left = list(written.rules) if written is not None else []
    found: list[ast.Rule | None] = []
    for item in table.items if table is not None else ():
        if isinstance(item, Object) and left and left[0].source == item.source:
            found.append(left.pop(0))
        elif isinstance(item, Invalid):
            found.append(None)
        else:
            return ()
    return () if left else tuple(found)


def _rows_by_line(text: SourceText, document: Document) -> dict[int, int]:
    """Return which line is which row of the table; {} where some share a line."""
    table = _table(document)
    lines: dict[int, int] = {}
    for index, item in enumerate(table.items if table is not None else ()):
        line = text.position(item.source.start).line - 1
        if line in lines or text.position(item.source.end).line - 1 != line:
            return {}
        lines[line] = index
    return lines


def _table(document: Document) -> Array | None:
    """Return the table `rules`, where there is just one."""
    node = policy_object(document.root)
    found = [one.value for one in node.entries if one.key.text == _SECTION] if node else []
    if len(found) != 1 or not isinstance(found[0], Array):
        return None
    table = found[0]
    is_flat = table.form is ArrayForm.TABULAR and not any(key.columns for key in table.columns)
    return table if is_flat else None


def _edited_line(old: SourceText, new: SourceText) -> tuple[int, LineEdit] | None:
    """Return the one line (from 0) that differs, and how; None if more than one does."""
    before, after = old.text, new.text
    if len(old.line_starts) != len(new.line_starts):
        return None
    start = _common_prefix(before, after)
    line = old.position(start).line - 1
    begin = old.line_starts[line]
    end = _line_end(old, line)
    delta = len(after) - len(before)
    if before[end:] != after[end + delta :] or end + delta < begin:
        return None
    return line, LineEdit(begin, end, delta)


def _common_prefix(one: str, other: str) -> int:
    """Return how many characters are equal at the start; O(log length) comparisons of slices."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _line_end(text: SourceText, line: int) -> int:
    """Return the offset of the line's end, a CR or LF, or of the end of the text."""
    starts = text.line_starts
    end = starts[line + 1] - 1 if line + 1 < len(starts) else len(text.text)
    return end - 1 if text.text[end - 1 : end] == "\r" and end > starts[line] else end


def _row_anew(kept: _Kept, text: SourceText, line: int) -> _Fresh | None:
    """Read one row below the header of its table; None if it is none any more."""
    table = _table(kept.checked.document)
    assert table is not None  # `rows` is empty without one
    begin, end = text.line_starts[line], _line_end(text, line)
    row = text.text[begin:end]
    old = kept.text.text[kept.text.line_starts[line] : _line_end(kept.text, line)]
    indent = len(row) - len(row.lstrip(" "))
    is_indented = indent == len(old) - len(old.lstrip(" ")) and row[indent : indent + 1] != "\t"
    # Blanks at its end belong to no row: the table ends before them.
    has_end = row[-1:] != " " and old[-1:] != " "
    if not is_indented or not has_end or any(one.code in _INDENTATION for one in kept.by_toon):
        return None
    header_text = kept.text.text[table.header.start : table.header.end]
    header = header_text.split("[", 1)[0] + _one_row(table, header_text)
    small = SourceText.of(text.file, f"{header}\n{_STEP}{row[indent:]}\n")
    document, by_toon = read(small)
    root = document.root
    if not isinstance(root, Object) or len(root.entries) != 1 or document.comments:
        return None
    array = root.entries[0].value
    if not isinstance(array, Array) or len(array.items) != 1:
        return None
    item = array.items[0]
    inside = len(header) + 1
    if any(_is_before(one, inside) for one in by_toon):
        return None
    shift = begin + indent - inside - len(_STEP)
    said = tuple(shifted_copy(one, shift) for one in by_toon)
    if isinstance(item, Invalid):
        return _Fresh(row=shifted_copy(item, shift), rule=None, by_toon=said, by_syntax=())
    if not isinstance(item, Object) or len(item.entries) != len(table.columns):
        return None
    entries = tuple(
        Entry(key=key, value=shifted_copy(entry.value, shift))
        for key, entry in zip(table.columns, item.entries, strict=True)
    )
    placed = replace(shifted_copy(replace(item, entries=()), shift), entries=entries)
    parsed = parse_rule_row(replace(table, items=(placed,)))
    if parsed is None:
        return None
    rule, by_syntax = parsed
    return _Fresh(row=placed, rule=rule, by_toon=said, by_syntax=by_syntax)


def _is_before(found: Diagnostic, offset: int) -> bool:
    """Say whether some place of the finding is before `offset`."""
    places = [found.source, *(label.source for label in found.related)]
    places += [edit.source for fix in found.fixes for edit in fix.edits]
    return any(place.start < offset for place in places)


def _one_row(table: Array, header: str) -> str:
    """Return the header's part from the bracket on, for one row."""
    rest = header.split("[", 1)[1]
    mark = table.delimiter.value if table.delimiter.value != "," else ""
    return f"[1{mark}]" + rest.split("]", 1)[1]

"""What stands where in a policy: keys, cells, the tree inside a cell, all names of fields.

Owns: places. Must not know: the protocol, what anything means.
Truth: nectarc/toon/document.py, nectarc/syntax/ast.py; both keep the place of every token.

A document with mistakes has all of this, too, as far as it could be read: a cell that could not be
parsed has no tree, but it has tokens (`features/cell_tokens.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from nectarc.source import SourceSpan, SourceText
from nectarc.spelling import nearest_or_part
from nectarc.syntax import ast
from nectarc.syntax.parser import parse_action, parse_require
from nectarc.syntax.policy import SECTIONS, WRAPPER, policy_object
from nectarc.syntax.rows import FIELDS, INVARIANTS, RULES, TESTS
from nectarc.toon.document import Array, ArrayForm, Key, Object, ObjectForm, Scalar
from nectarc_lsp.database.view import View
from nectarc_lsp.features.trees import Tree, TreeNode, is_in, tree_path

# What may stand on a path, outermost first.
Step: TypeAlias = "Cell | KeyPlace | Table | Row | TreeNode"


class KeyRole(Enum):
    """What a key of the document says."""

    WRAPPER = "wrapper"  # nectar_policy
    SECTION = "section"
    COLUMN = "column"  # of rules, fields, invariants, tests; in a header or before a value
    SPAN_FIELD = "span field"  # a column of a test's `spans`
    OTHER = "other"


class KeyPlace(NamedTuple):
    """A key as it is written. `meant`: the section or column that its text stands for."""

    key: Key
    role: KeyRole
    section: str
    meant: str

    @property
    def source(self) -> SourceSpan:
        """Return where it stands."""
        return self.key.source


class Cell(NamedTuple):
    """One value of a policy. A NamedTuple, because cells are many.

    section: "rules", or the section itself ("version") where it is one value.
    column:  "match"; "" where the section is one value; "spans" in a test's trace.
    row:     which row of the section, from 0; -1 where it is one value.
    delimiter: what ends the cell unless it is quoted; a line end in list form.
    tree:    of a match, an action, a requirement; None where it could not be read at all.
    field:   in a test's trace, the span field that the value is of; `span`: which span.
    """

    section: str
    column: str
    scalar: Scalar
    row: int
    row_source: SourceSpan
    delimiter: str
    tree: Tree | None = None
    field: str = ""
    span: int = -1

    @property
    def source(self) -> SourceSpan:
        """Return where it stands, quotes included."""
        return self.scalar.source


class Row(NamedTuple):
    """A row of a table, or an item of a list. `cells` in order of writing."""

    section: str
    row: int
    source: SourceSpan
    cells: tuple[Cell, ...]
    keys: tuple[KeyPlace, ...] = ()

    def cell(self, column: str) -> Cell | None:
        """Return the row's cell of that column."""
        return next((one for one in self.cells if one.column == column), None)


class Table(NamedTuple):
    """A section with rows; `row` makes one of them, `all_rows` makes them all.

    key:   where its name stands.   meant: of its header's columns, what each stands for.
    items: its rows as TOON read them, without those that could not be read.
    """

    section: str
    key: Key
    array: Array
    items: tuple[Object, ...]
    starts: tuple[int, ...]
    meant: Mapping[str, str]
    trees: Mapping[tuple[int, int], Tree]

    @property
    def source(self) -> SourceSpan:
        """Return the place from its header to its last row."""
        return self.array.source

    def row(self, number: int) -> Row:
        """Return one row with its cells."""
        item = self.items[number]
        is_table = self.array.form is ArrayForm.TABULAR
        builder = _RowBuilder(self.section, number, item.source, self.trees)
        builder.fill(item, self.array.delimiter.value if is_table else "\n", self.meant)
        return Row(self.section, number, item.source, tuple(builder.cells), tuple(builder.keys))

    def row_at(self, offset: int) -> Row | None:
        """Return the row that `offset` is in, its ends included."""
        number = bisect_right(self.starts, offset) - 1
        if number < 0 or not is_in(offset, self.items[number].source):
            return None
        return self.row(number)


class Outline(NamedTuple):
    """The sections of a policy, without their rows. `keys`: sections, and columns of headers."""

    keys: tuple[KeyPlace, ...]
    tables: tuple[Table, ...]
    values: tuple[Cell, ...]

    def table(self, section: str) -> Table | None:
        """Return the section's table."""
        return next((one for one in self.tables if one.section == section), None)

    def value(self, section: str) -> Cell | None:
        """Return the cell of a section that is one value: `name`, `version`."""
        return next((one for one in self.values if one.section == section), None)


class Places(NamedTuple):
    """Everything that stands somewhere, each in order of writing."""

    keys: tuple[KeyPlace, ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]


def outline(view: View) -> Outline:
    """Return the sections of a policy; cheap, made once a view."""
    return view.derive(_outline)


def places(view: View) -> Places:
    """Return every key, row and cell of a policy; made once a view, a few milliseconds."""
    return view.derive(_places)


def cell_at(view: View, offset: int) -> Cell | None:
    """Return the cell at `offset`; one that ends there if none begins or goes on there."""
    row = row_at(view, offset)
    cells = outline(view).values if row is None else row.cells
    near = [one for one in cells if is_in(offset, one.source)]
    return near[-1] if near else None


def key_at(view: View, offset: int) -> KeyPlace | None:
    """Return the key at `offset`, or that ends there."""
    row = row_at(view, offset)
    keys = outline(view).keys if row is None else row.keys
    inside = (one for one in keys if one.source.start <= offset < one.source.end)
    return next(inside, None) or next((one for one in keys if one.source.end == offset), None)


def table_at(view: View, offset: int) -> Table | None:
    """Return the section with rows that `offset` is in, header and row ends included."""
    return next((one for one in outline(view).tables if is_in(offset, one.source)), None)


def row_at(view: View, offset: int) -> Row | None:
    """Return the row that `offset` is in."""
    table = table_at(view, offset)
    return None if table is None else table.row_at(offset)


def path_at(view: View, offset: int) -> tuple[Step, ...]:
    """Return what is around `offset`, outermost first: table, row, cell, nodes of its tree; or key.

    The last step is the innermost: a field name, a literal, an argument, a key, a cell. Each but
    the innermost of a header lies inside the one before it.
    """
    table = table_at(view, offset)
    row = None if table is None else table.row_at(offset)
    outer: list[Step] = [one for one in (table, row) if one is not None]
    cell = cell_at(view, offset)
    key = key_at(view, offset)
    if key is not None and (cell is None or not _is_inside(offset, cell.source)):
        return (*outer, key)
    if cell is None:
        return tuple(outer)
    inner: tuple[TreeNode, ...] = () if cell.tree is None else tree_path(cell.tree, offset)
    return (*outer, cell, *inner)


def _is_inside(offset: int, source: SourceSpan) -> bool:
    return source.start <= offset < source.end


_COLUMNS: Final = {one.section: one.all for one in (RULES, FIELDS, INVARIANTS, TESTS)}


def _places(view: View) -> Places:
    found = outline(view)
    rows = [table.row(number) for table in found.tables for number in range(len(table.items))]
    keys = [*found.keys, *(key for row in rows for key in row.keys)]
    cells = [*found.values, *(cell for row in rows for cell in row.cells)]
    return Places(
        tuple(sorted(keys, key=lambda one: one.source.start)),
        tuple(sorted(rows, key=lambda one: one.source.start)),
        tuple(sorted(cells, key=lambda one: one.source.start)),
    )


def _outline(view: View) -> Outline:
    if view.checked is None:
        return Outline((), (), ())
    root, trees = view.checked.document.root, _trees(view.checked.written)
    body = policy_object(root)
    keys: list[KeyPlace] = []
    if isinstance(root, Object) and body is not root:
        for entry in root.entries:
            role = KeyRole.WRAPPER if entry.key.text == WRAPPER else KeyRole.OTHER
            keys.append(KeyPlace(entry.key, role, "", entry.key.text))
    if body is None:
        return Outline(tuple(keys), (), ())
    tables: list[Table] = []
    values: list[Cell] = []
    meant = _meant(_keys_of(body), SECTIONS)
    for entry in body.entries:
        section, node = meant[entry.key.text], entry.value
        keys.append(KeyPlace(entry.key, KeyRole.SECTION, section, section))
        if isinstance(node, Scalar):
            row = entry.key.source.to(node.source)
            values.append(Cell(section, "", node, -1, row, "\n"))
        elif isinstance(node, Array):
            columns = _meant(node.columns, columns_of(section))
            again = _named_again(view.text, entry.key, node)
            if again is not None:
                keys.append(KeyPlace(again, KeyRole.SECTION, section, section))
            keys += (
                KeyPlace(key, KeyRole.COLUMN, section, columns[key.text]) for key in node.columns
            )
            items = tuple(item for item in node.items if isinstance(item, Object))
            starts = tuple(item.source.start for item in items)
            tables.append(Table(section, entry.key, node, items, starts, columns, trees))
    tables.sort(key=lambda one: one.source.start)
    return Outline(tuple(keys), tuple(tables), tuple(values))


def _named_again(text: SourceText, key: Key, node: Array) -> Key | None:
    """Return the section's name in its own header, where a record's header has named it before."""
    start = node.header.start
    end = start + len(key.text)
    if start == key.source.start or text.text[start:end] != key.text:
        return None
    return Key(text=key.text, source=text.span(start, end))


def _trees(policy: ast.Policy | None) -> dict[tuple[int, int], Tree]:
    """Return the trees by the place of their cell."""
    found: dict[tuple[int, int], Tree] = {}
    if policy is None:
        return found
    for rule in policy.rules:
        for cell, tree in ((rule.match_cell, rule.match), (rule.action_cell, rule.action)):
            if cell is not None and tree is not None and not isinstance(tree, ast.InvalidExpr):
                found[cell.source.start, cell.source.end] = tree
    for row in policy.invariants:
        if not isinstance(row.when, ast.InvalidExpr):
            found[row.when_cell.source.start, row.when_cell.source.end] = row.when
    return found


class _RowBuilder:
    """Collects the cells of one row, and the keys in it."""

    def __init__(
        self, section: str, number: int, source: SourceSpan, trees: Mapping[tuple[int, int], Tree]
    ) -> None:
        self.section = section
        self.number = number
        self.source = source
        self.trees = trees
        self.keys: list[KeyPlace] = []
        self.cells: list[Cell] = []

    def fill(self, item: Object, delimiter: str, meant: Mapping[str, str]) -> None:
        """Take the row `item`; in list form its keys stand in it."""
        if item.form is not ObjectForm.ROW:
            meant = _meant(_keys_of(item), columns_of(self.section))
            self.keys += (
                KeyPlace(key, KeyRole.COLUMN, self.section, meant[key.text])
                for key in _keys_of(item)
            )
        for entry in item.entries:
            column, node = meant.get(entry.key.text, entry.key.text), entry.value
            if isinstance(node, Scalar):
                self._cell(column, node, delimiter)
            elif isinstance(node, Array) and column == "spans":
                self._spans(node)
            elif isinstance(node, Array):
                for one in node.items:
                    if isinstance(one, Scalar):
                        self._cell(column, one, node.delimiter.value)

    def _spans(self, node: Array) -> None:
        self.keys += (
            KeyPlace(key, KeyRole.SPAN_FIELD, self.section, key.text) for key in node.columns
        )
        is_table = node.form is ArrayForm.TABULAR
        delimiter = node.delimiter.value if is_table else "\n"
        for number, item in enumerate(node.items):
            for entry in item.entries if isinstance(item, Object) else ():
                name = entry.key.text
                if not is_table:
                    self.keys.append(KeyPlace(entry.key, KeyRole.SPAN_FIELD, self.section, name))
                if isinstance(entry.value, Scalar):
                    cell = Cell(
                        section=self.section,
                        column="spans",
                        scalar=entry.value,
                        row=self.number,
                        row_source=self.source,
                        delimiter=delimiter,
                        field=name,
                        span=number,
                    )
                    self.cells.append(cell)

    def _cell(self, column: str, node: Scalar, delimiter: str) -> None:
        tree = self._tree(column, node, delimiter)
        self.cells.append(
            Cell(self.section, column, node, self.number, self.source, delimiter, tree)
        )

    def _tree(self, column: str, node: Scalar, delimiter: str) -> Tree | None:
        # The syntax tree does not keep which cell these two are of; they are short and few.
        match self.section, column:
            case "invariants", "require":
                return parse_require(node, delimiter)[0]
            case "tests", "action":
                return parse_action(node, delimiter)[0]
            case _:
                return self.trees.get((node.source.start, node.source.end))


def _keys_of(item: Object) -> tuple[Key, ...]:
    return tuple(entry.key for entry in item.entries)


def columns_of(section: str) -> tuple[str, ...]:
    """Return the columns that a section has."""
    return _COLUMNS.get(section, ())


def _meant(keys: tuple[Key, ...], names: tuple[str, ...]) -> dict[str, str]:
    """Return by written key the name that it stands for: its own, or the nearest that is free."""
    written = {key.text for key in keys}
    free = tuple(name for name in names if name not in written)
    return {
        text: text if text in names else nearest_or_part(text, free) or text for text in written
    }

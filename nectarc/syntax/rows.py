"""Tables and lists of a policy: which columns a row has, and what type their cells are.

Owns: columns of all sections, findings about names and types of cells. Must not know: what a
section means. Truth: docs/language.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix
from nectarc.records import record
from nectarc.source import SourceSpan
from nectarc.spelling import nearest_or_part
from nectarc.toon.document import Array, ArrayForm, Key, Node, Object, Scalar
from nectarc.toon.document import Invalid as InvalidNode

_INT64: Final = 1 << 63


class Columns(NamedTuple):
    """The columns of a section, in their usual order."""

    section: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Return required and optional columns."""
        return self.required + self.optional


RULES: Final = Columns("rules", ("name", "match", "action", "priority"), ("description",))
FIELDS: Final = Columns("fields", ("name", "type", "from"))
INVARIANTS: Final = Columns("invariants", ("name", "when", "require"))
TESTS: Final = Columns("tests", ("name", "expect"), ("action", "spans", "file", "no_root"))


@record
class Row:
    """One row: its cells by column name, misspelt names under the name that was meant."""

    cells: dict[str, Node]
    source: SourceSpan
    delimiter: str


class Findings:
    """Collects what is wrong with the shape of a policy."""

    def __init__(self) -> None:
        """Start with none."""
        self.found: Final[list[Diagnostic]] = []

    def add(
        self,
        code: str,
        source: SourceSpan,
        headline: str,
        *,
        why: str = "",
        help: str = "",  # noqa: A002 - the word that Diagnostic has
    ) -> None:
        """Add a finding without a fix."""
        self.found.append(finding(code, source, headline, why=why, help=help))

    def unknown(self, code: str, key: Key, kind: str, known: tuple[str, ...]) -> str | None:
        """Say that `key` names no `kind`; return the name that was probably meant."""
        longer = (name for name in known if name.startswith(f"{key.text}_"))
        guess = nearest_or_part(key.text, known) or next(longer, None)
        fixes: tuple[Fix, ...] = ()
        if guess is not None:
            fixes = (Fix(f"write `{guess}`", (Edit(key.source, guess),), is_safe=True),)
        article = "is no" if not kind.startswith("column") else "names no"
        self.found.append(
            finding(
                code,
                key.source,
                f"`{key.text[:60]}` {article} {kind}"
                + (f": did you mean `{guess}`?" if guess else ""),
                why="what nectarc does not know would decide nothing, silently",
                help="" if guess else f"there are {', '.join(known)}",
                fixes=fixes,
            )
        )
        return guess

    def rows(self, node: Node, columns: Columns) -> Iterator[Row]:
        """Yield the rows of a section; say what is no row, and which columns are wrong."""
        if isinstance(node, InvalidNode):
            return
        if not isinstance(node, Array):
            self._no_table(node, columns)
            return
        names = self._names(node.columns, columns, node.header)
        for item in node.items:
            if isinstance(item, InvalidNode):
                continue
            if not isinstance(item, Object):
                self._no_table(item, columns)
                continue
            if node.form is ArrayForm.TABULAR:
                cells = {
                    names[entry.key.text]: entry.value
                    for entry in item.entries
                    if entry.key.text in names
                }
                yield Row(cells, item.source, node.delimiter.value)
                continue
            known = self._names(tuple(e.key for e in item.entries), columns, item.source)
            cells = {known[e.key.text]: e.value for e in item.entries if e.key.text in known}
            yield Row(cells, item.source, "\n")

    def _no_table(self, node: Node, columns: Columns) -> None:
        header = f"{columns.section}[1]{{{','.join(columns.required)}}}:"
        if isinstance(node, Object) and not node.entries:
            # `rules:` with nothing below it.
            headline = f"`{columns.section}` is empty"
        else:
            headline = f"`{columns.section}` is a table, and here is something else"
        self.add("NEC084", node.source, headline, help=f"write {header} and the rows below it")

    def _names(self, keys: tuple[Key, ...], columns: Columns, source: SourceSpan) -> dict[str, str]:
        """Return by written name the column that is meant; say what is unknown or missing."""
        written = {key.text for key in keys}
        names: dict[str, str] = {}
        for key in keys:
            if key.text in columns.all:
                names[key.text] = key.text
                continue
            free = tuple(name for name in columns.all if name not in written)
            guess = self.unknown("NEC081", key, f"column of `{columns.section}`", free)
            if guess is not None:
                names[key.text] = guess
        if keys:
            missing = [name for name in columns.required if name not in names.values()]
            if missing:
                listed = " and ".join(f"`{name}`" for name in missing)
                self.add(
                    "NEC082",
                    source,
                    f"`{columns.section}` lacks {listed}",
                    help=f"the columns are {', '.join(columns.all)}",
                )
        return names

    def text(self, row: Row, section: str, column: str) -> Scalar | None:
        """Return the cell of a text column, whatever TOON decodes it to; None without one."""
        node = row.cells.get(column)
        if node is None or isinstance(node, InvalidNode):
            return None
        if isinstance(node, Scalar):
            return node
        if isinstance(node, Object) and not node.entries:
            # `match:` with nothing after it is an empty object to TOON, a blank cell to people.
            return Scalar(value="", text="", source=node.source, is_blank=True)
        self.add(
            "NEC084",
            node.source,
            f"`{column}` of `{section}` is a text, and here is something else",
            help="write it on one line, in double quotes if it holds a delimiter or `:`",
        )
        return None

    def name(self, row: Row, columns: Columns) -> Scalar:
        """Return the row's name; a blank one after a finding."""
        cell = self.text(row, columns.section, "name")
        if cell is None:
            start = row.source.start
            return Scalar(value="", text="", source=SourceSpan(row.source.file, start, start))
        if not cell.text.strip():
            self.add(
                "NEC090",
                cell.source,
                f"a row of `{columns.section}` has an empty name",
                why="the name is what Refinery reports as the reason of a decision",
                help="give it a name, as keep-errors",
            )
        return cell

    def whole_number(self, node: Node, name: str) -> int | None:
        """Return the int64 of a cell, or None after a finding."""
        if isinstance(node, InvalidNode):
            return None
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            written = node.text if isinstance(node, Scalar) else ""
            self.add(
                "NEC084",
                node.source,
                f"`{name}` is a whole number"
                + (f", and `{written[:40]}` is not" if written.strip() else ""),
                help="write it without quotes, as 100",
            )
            return None
        if not -_INT64 <= value < _INT64:
            self.add(
                "NEC087",
                node.source,
                f"`{name}` does not fit into 64 bits",
                help="write a number between -9223372036854775808 and 9223372036854775807",
            )
            return None
        return value

    def boolean(self, node: Node, name: str) -> bool | None:
        """Return the `true` or `false` of a cell, or None after a finding."""
        if isinstance(node, InvalidNode):
            return None
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool):
            return value
        self.add("NEC084", node.source, f"`{name}` is `true` or `false`")
        return None

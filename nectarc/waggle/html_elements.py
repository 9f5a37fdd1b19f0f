"""HTML in pieces that cannot hold what was not escaped.

Owns: escaping, tables, headings. Must not know: what is reported.
Names and values come from anywhere. Only functions of this module turn a text into `Markup`, and
the page is made of `Markup` alone. Truth: HTML, 13.3 (serialising); WAI-ARIA 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, NewType

from nectarc.records import record
from nectarc.render.excerpt import displayed

Markup = NewType("Markup", str)

NOTHING: Final = Markup("")
_PERCENT: Final = re.compile(r"(?<=\d) %")
_VOID: Final = frozenset({"meta", "link"})


@record(kw_only=True)
class Column:
    """A column of a table. Numbers stand right."""

    title: str
    is_number: bool = False


def plain(words: str) -> Markup:
    """Return one line of text; directions, controls and lone surrogates become visible marks.

    A number and its percent sign stay on one line.
    """
    return Markup(_PERCENT.sub("\u00a0%", escape(displayed(words), quote=False)))


def text(words: str) -> Markup:
    """Return a sentence, in which what stands between two backticks is code."""
    parts = displayed(words).split("`")
    told: list[str] = []
    for number, part in enumerate(parts):
        if number % 2 == 0:
            told.append(plain(part))
        elif number == len(parts) - 1 or not part.strip():
            told.append(f"`{escape(part, quote=False)}" + ("`" if number < len(parts) - 1 else ""))
        else:
            told.append(f"<code>{escape(part, quote=False)}</code>")
    return Markup("".join(told))


def name(words: str) -> Markup:
    """Return somebody's name: its direction of writing stays its own."""
    return element("bdi", plain(words))


def code(words: str) -> Markup:
    """Return one line of code."""
    return element("code", Markup(escape(displayed(words), quote=False)))


def element(tag: str, *inside: Markup, **attributes: str) -> Markup:
    """Return `<tag attributes>inside</tag>`; `class_` is `class`, `aria_label` is `aria-label`."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(displayed(value))}"'
        for key, value in attributes.items()
    )
    if tag in _VOID:
        return Markup(f"<{tag}{said}>")
    return Markup(f"<{tag}{said}>{''.join(inside)}</{tag}>")


def joined(parts: Iterable[Markup], between: Markup = NOTHING) -> Markup:
    """Return the parts in a row."""
    return Markup(between.join(parts))


def paragraph(*inside: Markup, class_: str = "") -> Markup:
    """Return a paragraph."""
    return element("p", *inside, class_=class_) if class_ else element("p", *inside)


def heading(level: int, *inside: Markup, id_: str = "") -> Markup:
    """Return a heading; what is deeper than 6 is 6."""
    tag = f"h{min(level, 6)}"
    return element(tag, *inside, id_=id_) if id_ else element(tag, *inside)


def listed(items: Iterable[Markup], class_: str = "plain") -> Markup:
    """Return a list, nothing for no items."""
    entries = [element("li", one) for one in items]
    return element("ul", *entries, class_=class_) if entries else NOTHING


def folded(title: Markup, *inside: Markup, class_: str = "") -> Markup:
    """Return what a reader opens."""
    summary = element("summary", title)
    if class_:
        return element("details", summary, *inside, class_=class_)
    return element("details", summary, *inside)


def block(lines: str, label: str) -> Markup:
    """Return lines of code as they are; they wrap, so that nothing needs a sideways scroll."""
    shown = Markup(escape(displayed(lines, keep_lines=True).rstrip("\n"), quote=False))
    return element("pre", element("code", shown), aria_label=label, role="group")


def table(
    caption: Markup,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Markup]],
    *,
    foot: Sequence[Markup] = (),
    class_: str = "",
) -> Markup:
    """Return a table of which the first cell of each row is its head.

    On a phone rows become cards: the roles are said, since a browser forgets those of elements
    that are laid out otherwise.
    """
    heads = [
        element("th", plain(one.title), scope="col", role="columnheader", class_=_kind(one))
        for one in columns
    ]
    parts = [
        element("caption", caption),
        element("thead", element("tr", *heads, role="row"), role="rowgroup"),
        element("tbody", *(_row(columns, row) for row in rows), role="rowgroup"),
    ]
    if foot:
        parts.append(element("tfoot", _row(columns, foot), role="rowgroup"))
    return element("table", *parts, role="table", class_=f"cards {class_}".strip())


def _row(columns: Sequence[Column], row: Sequence[Markup]) -> Markup:
    cells = [element("th", row[0], scope="row", role="rowheader")]
    cells += [
        element(
            "td",
            element("span", cell),
            role="cell",
            data_label=column.title,
            class_=_kind(column) if cell else "empty",
        )
        for column, cell in zip(columns[1:], row[1:], strict=True)
    ]
    return element("tr", *cells, role="row")


def _kind(column: Column) -> str:
    return "number" if column.is_number else "words"

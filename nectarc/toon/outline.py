"""What stands around one place of a TOON text, also while somebody types it.

Owns: which header a line stands below, the columns of a header that is half written, the cell of a
row that the cursor is in. Must not know: what a policy is. Truth: nectarc/toon/lexer.py: a line it
can read stands where this module says; of one that it cannot, this is the best guess.

Only lines from the place upwards are looked at, and nothing is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.records import part, record, replace
from nectarc.source import SourceSpan, SourceText
from nectarc.toon.cells import split_cells
from nectarc.toon.document import Delimiter, Key
from nectarc.toon.fields import closing_brace
from nectarc.toon.layout import STEP, Block
from nectarc.toon.quotes import closing_quote, find_unquoted, unescape

_DELIMITERS: Final = {"\t": Delimiter.TAB, "|": Delimiter.PIPE}
_KEY: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[^\s"\[\]{}:,|#-][^\s"\[\]{}:,|]*')
_SIZE: Final = re.compile(r"\[(?P<number>[0-9]*)(?P<keyed>:?)(?P<mark>[|\t]?)(?P<closed>\]?)")
_OPENING: Final = "([{"
_CLOSING: Final = ")]}"


@record(kw_only=True)
class Header:
    """A key with what stands behind it on its line, as far as that is written.

    block:     what the lines below it are.
    key:       with its place.
    columns:   the fields between the braces, as far as written.
    braces:    from the opening brace to behind the closing one (or to the end of what is there).
    size:      the number between the brackets, None where there are none.
    colon:     the offset of the colon that ends it, -1 where it is not yet written.
    column:    where it begins in its line (behind the dash, in an item). line: from 0.
    """

    block: Block
    key: Key
    delimiter: Delimiter = Delimiter.COMMA
    columns: tuple[Key, ...] = ()
    braces: SourceSpan | None = None
    size: SourceSpan | None = None
    colon: int = -1
    column: int = 0
    line: int = 0
    end: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of its columns."""
        return tuple(key.text for key in self.columns)


@record(kw_only=True)
class Dash:
    """The dash of a list item: lines at `column` + 2 belong to it."""

    line: int
    column: int


@record(kw_only=True)
class Level:
    """A block that a line stands in: below a header, or in an item.

    lines: the lines of the block above the line asked for, from 0, the topmost first.
    """

    opener: Header | Dash
    lines: tuple[int, ...] = ()


@record(kw_only=True)
class Cell:
    """What one cell or value holds, as far as it is written.

    text:      what TOON reads: without quotes, escapes resolved.
    source:    its place in the file, quotes included, blanks around it not.
    region:    its place with the blanks, from delimiter to delimiter.
    at:        the index in `text` of the place asked for; -1 before it, or outside its quotes.
    is_closed: its closing quote is written (or it is not quoted).
    is_joined: it holds delimiters, and would have to be quoted.
    offsets:   as in `Scalar`; None when `text` stands in the file as it is, from source.start.
    """

    text: str
    source: SourceSpan
    region: SourceSpan
    at: int = -1
    is_quoted: bool = False
    is_closed: bool = True
    is_joined: bool = False
    offsets: Sequence[int] | None = part(default=None, compare=False, repr=False)

    def span_of(self, start: int, end: int) -> SourceSpan:
        """Return the place in the file of `text[start:end]`."""
        if self.offsets is None:
            base = self.source.start
            return SourceSpan(self.source.file, base + start, base + end)
        last = len(self.offsets) - 1
        return SourceSpan(
            self.source.file, self.offsets[min(start, last)], self.offsets[min(end, last)]
        )


def line_of(text: SourceText, offset: int) -> int:
    """Return the line of an offset, from 0."""
    return text.position(offset).line - 1


def content_of(text: SourceText, line: int) -> tuple[str, int]:
    """Return a line (from 0) without indentation and line end, and the column it begins at."""
    raw = text.line(line + 1)
    stripped = raw.lstrip(" ")
    return stripped.rstrip(" "), len(raw) - len(stripped)


def read_header(content: str, at: int, file: str) -> Header | None:
    """Read `key`, `key: value`, `key[3]{a,b}:` or `key{a,b}:`; `content` begins at offset `at`.

    None where it begins with no key, or goes on like no header (a row with several cells).
    """
    key = _KEY.match(content)
    if key is None:
        return None
    name = _key(key[0], at, file)
    position, end = key.end(), len(content)
    size: SourceSpan | None = None
    delimiter, block = Delimiter.COMMA, Block.OBJECT
    bracket = _SIZE.match(content, position)
    if bracket is not None:
        size = SourceSpan(file, at + bracket.start("number"), at + bracket.end("number"))
        delimiter = _DELIMITERS.get(bracket["mark"], Delimiter.COMMA)
        block = Block.KEYED if bracket["keyed"] and bracket["closed"] else Block.LIST
        position = bracket.end()
    columns: tuple[Key, ...] = ()
    braces: SourceSpan | None = None
    if content[position : position + 1] == "{":
        close = closing_brace(content, position)
        stop = _unclosed_end(content, position) if close < 0 else close
        columns = _columns(content[position + 1 : stop], at + position + 1, delimiter, file)
        braces = SourceSpan(file, at + position, at + stop + (close >= 0))
        block = {Block.LIST: Block.TABLE, Block.OBJECT: Block.RECORD}.get(block, block)
        position = stop + (close >= 0)
    rest = content[position:]
    colon = position + len(rest) - len(rest.lstrip(" ")) if rest.lstrip(" ")[:1] == ":" else -1
    if colon < 0 and rest.strip(" "):
        return None
    return Header(
        block=block,
        key=name,
        delimiter=delimiter,
        columns=columns,
        braces=braces,
        size=size,
        colon=at + colon if colon >= 0 else -1,
        end=at + (colon + 1 if colon >= 0 else end),
    )


def levels(text: SourceText, line: int, column: int) -> tuple[Level, ...]:
    """Return the blocks that a line (from 0) at `column` stands in, the outermost first.

    O(lines above). The line itself need not be there yet.
    """
    found: list[Level] = []
    inside = column
    lines: list[int] = []
    for number in range(line - 1, -1, -1):
        if inside <= 0:
            break
        content, start = content_of(text, number)
        if not content or content[0] == "#" or start > inside:
            continue
        if start == inside:
            lines.append(number)
            continue
        for opener in _openers(text, content, start, number):
            if opener.column < inside and (isinstance(opener, Dash) or _opens(opener)):
                found.append(Level(opener=opener, lines=tuple(reversed(lines))))
                inside, lines = opener.column, []
        if inside > start:
            inside = start
            lines.append(number)
    return tuple(reversed(found))


def entry_on(text: SourceText, line: int) -> Iterator[Header]:
    """Yield the header or key of a line, if it has one; behind the dash, in an item."""
    content, start = content_of(text, line)
    for opener in _openers(text, content, start, line):
        if isinstance(opener, Header):
            yield opener


def margin_keys(text: SourceText) -> frozenset[str]:
    """Return the keys of lines that are not indented, also where their header is half written."""
    found: set[str] = set()
    for number in range(len(text.line_starts)):
        content, column = content_of(text, number)
        if content and not column and content[0] not in "#-":
            found.update(header.key.text for header in entry_on(text, number))
    return frozenset(found)


def cells_of(  # noqa: PLR0913, PLR0917 - a row, what it should be, the place asked for
    content: str, at: int, delimiter: Delimiter, count: int, offset: int, file: str
) -> tuple[Cell, ...]:
    """Return the cells of a row that begins at offset `at` and should have `count` cells.

    Cells that were cut inside of brackets are joined while there are too many or too few.
    """
    raw = _pieces(content, delimiter)
    found: list[Cell] = []
    position, index = at, 0
    while index < len(raw):
        width = _joined(raw[index:], len(raw) - count)
        piece = delimiter.value.join(raw[index : index + width])
        found.append(read_piece(piece, position, offset, file, is_joined=width > 1))
        position += len(piece) + 1
        index += width
    return tuple(found)


def read_piece(raw: str, start: int, offset: int, file: str, *, is_joined: bool = False) -> Cell:
    """Return the cell written as `raw`, blanks included, which begins at offset `start`.

    Blanks between its text and the place asked for are part of its text.
    """
    end = start + len(raw)
    region = SourceSpan(file, start, end)
    lead = len(raw) - len(raw.lstrip(" "))
    stripped = raw.strip(" ")
    if not stripped:
        lead = max(0, min(offset - start, len(raw))) if start <= offset <= end else 0
        return Cell(
            text="",
            source=SourceSpan(file, start + lead, start + lead),
            region=region,
            at=0 if start <= offset <= end else -1,
        )
    first = start + lead
    if stripped[0] == '"':
        return _quoted(stripped, first, offset, region, is_joined=is_joined)
    is_here = start <= offset <= end
    last = max(first + len(stripped), min(offset, end)) if is_here else first + len(stripped)
    text = raw[lead : last - start]
    return Cell(
        text=text,
        source=SourceSpan(file, first, last),
        region=region,
        at=offset - first if is_here and offset >= first else -1,
        is_joined=is_joined,
    )


def _quoted(raw: str, first: int, offset: int, region: SourceSpan, *, is_joined: bool) -> Cell:
    close = closing_quote(raw)
    is_closed = close > 0
    stop = close if is_closed else len(raw)
    if not is_closed:
        # What is typed last counts, blanks too.
        stop = max(stop, min(offset, region.end) - first)
        raw = raw.ljust(stop)
    inside = unescape(raw, 1, stop, first)
    at = -1
    if first < offset <= first + stop:
        # Inside of an escape there is no place.
        at = next((i for i, place in enumerate(inside.offsets) if place == offset), -1)
    return Cell(
        text=inside.text,
        source=SourceSpan(region.file, first, first + max(len(raw), stop)),
        region=region,
        at=at,
        is_quoted=True,
        is_closed=is_closed,
        is_joined=is_joined,
        offsets=inside.offsets,
    )


def _pieces(content: str, delimiter: Delimiter) -> list[str]:
    """Cut a row at its delimiters; a quote inside of a cell that is not closed hides none."""
    found: list[str] = []
    for piece in split_cells(content, delimiter):
        is_hidden = piece.count('"') % 2 == 1 and piece.lstrip(" ")[:1] != '"'
        found += piece.split(delimiter.value) if is_hidden else [piece]
    return found


def _joined(raw: list[str], surplus: int) -> int:
    """Return how many of the first pieces are one cell that was cut inside of brackets."""
    if raw[0].lstrip(" ")[:1] == '"':
        return 1
    depth = 0
    for width, piece in enumerate(raw, 1):
        depth += sum(piece.count(char) for char in _OPENING)
        depth -= sum(piece.count(char) for char in _CLOSING)
        if depth <= 0:
            return width
    if surplus > 0:
        return min(len(raw), surplus + 1)
    return 1 if surplus == 0 else len(raw)


def _openers(text: SourceText, content: str, start: int, line: int) -> Iterator[Header | Dash]:
    """Yield what a line opens, the innermost first: a header, and the item that it is in."""
    at = text.line_starts[line] + start
    is_item = content == "-" or content.startswith("- ")
    inner = content[1:].lstrip(" ") if is_item else content
    shift = len(content) - len(inner)
    header = read_header(inner, at + shift, text.file) if inner else None
    if header is not None:
        column = start + (STEP if is_item else 0)
        yield replace(header, column=column, line=line)
    if is_item:
        yield Dash(line=line, column=start)


def _opens(header: Header) -> bool:
    """Say whether lines below may belong to the header."""
    return header.colon >= 0 or header.size is not None or header.braces is not None


def _key(raw: str, at: int, file: str) -> Key:
    source = SourceSpan(file, at, at + len(raw))
    if raw[:1] != '"':
        return Key(text=raw, source=source)
    inside = unescape(raw, 1, len(raw) - 1, at)
    return Key(text=inside.text, source=source, is_quoted=True)


def _unclosed_end(content: str, brace: int) -> int:
    """Return where a field list without its closing brace ends: before a colon at the end."""
    colon = find_unquoted(content, ":", brace)
    return colon if colon >= 0 else len(content)


def _columns(inside: str, at: int, delimiter: Delimiter, file: str) -> tuple[Key, ...]:
    found: list[Key] = []
    for piece in split_cells(inside, delimiter):
        stripped = piece.strip(" ")
        if stripped:
            lead = len(piece) - len(piece.lstrip(" "))
            is_whole = stripped[0] != '"' or (len(stripped) > 1 and stripped[-1] == '"')
            key = _key(stripped if is_whole else stripped + '"', at + lead, file)
            source = SourceSpan(file, at + lead, at + lead + len(stripped))
            found.append(replace(key, source=source))
        at += len(piece) + 1
    return tuple(found)

"""What a line is, given the block it stands in: its tokens.

Owns: one line at a time, and the block that it announces. Must not know: indentation, blank lines,
comments. Truth: TOON 4.0 in strict mode, as `@toon-format/toon` 4.4.0 reads it; docs/language.md,
"TOON".
"""

from __future__ import annotations

from collections.abc import Callable

from nectarc.source import SourceSpan
from nectarc.toon import tokens as t
from nectarc.toon.cells import inline_tokens, quote_colon_fix, row_tokens
from nectarc.toon.document import Array, ArrayForm, Invalid, Key
from nectarc.toon.headers import (
    Header,
    brace_of,
    bracket_of,
    lacks_only_colon,
    read_array_header,
    read_record_header,
)
from nectarc.toon.layout import STEP, Block, Frame, Layout
from nectarc.toon.mistakes import Mistakes
from nectarc.toon.quotes import closing_quote, find_unquoted
from nectarc.toon.scalars import read_cell, read_key
from nectarc.toon.tokens import Token


class LineReader:
    """The tokens so far, and what decides how the next line is read.

    column:  where the line begins; of the text behind the dash, in an item.
    held:    a first line that may be the whole document, with its offset.
    is_over: nothing more is to be read.
    """

    def __init__(self, layout: Layout, mistakes: Mistakes) -> None:
        """Begin a document."""
        self.tokens: list[Token] = []
        self.column = 0
        self.held: tuple[str, int] | None = None
        self.is_over = False
        self._layout = layout
        self._mistakes = mistakes
        self._readers: dict[Block, Callable[[str, int], None]] = {
            Block.START: self._start,
            Block.OBJECT: self._entry,
            Block.TABLE: self._row,
            Block.LIST: self._item,
            Block.KEYED: self._keyed_row,
            Block.RECORD: self._member,
            Block.DONE: self._extra,
            Block.SKIP: self._skip,
        }

    def read(self, content: str, at: int) -> None:
        """Read a line of the last frame, trimmed, not empty, that begins at offset `at`."""
        self._readers[self._layout.frames[-1].kind](content, at)

    def take(self) -> list[Token]:
        """Return the tokens since the last call."""
        tokens, self.tokens = self.tokens, []
        return tokens

    def release(self) -> None:
        """Read a first line without colon that turned out not to be alone."""
        if self.held is not None:
            held, self.held = self.held, None
            self._layout.frames[0].kind = Block.OBJECT
            self._entry(*held)

    def finish(self, end: int) -> None:
        """End the document, whose text ends at `end`."""
        if self.held is not None:
            self._value(*self.held)
        for frame in reversed(self._layout.frames[1:]):
            self.dedent(frame, end)

    def dedent(self, frame: Frame, at: int) -> None:
        """Say that a block ends."""
        if frame.kind is not Block.SKIP:
            self.tokens.append(Token(t.DEDENT, at, at))

    def error(self, content: str, at: int) -> None:
        """Emit a line that could not be read; pass by what is deeper."""
        end = at + len(content)
        invalid = Invalid(source=SourceSpan(self._mistakes.file, at, end))
        self.tokens.append(Token(t.ERROR, at, end, invalid))
        self.tokens.append(Token(t.NEWLINE, end, end))
        self._announce(Frame(kind=Block.SKIP, depth=self._layout.frames[-1].depth + 1))

    def _leave_flat(self, content: str, at: int) -> bool:
        """End a block without indentation at a line that is none of its own, and read the line."""
        frame = self._layout.frames[-1]
        if not frame.is_flat:
            return False
        self._layout.frames.pop()
        self.dedent(frame, at)
        self.read(content, at)
        return True

    # ---- lines, block by block

    def _start(self, content: str, at: int) -> None:
        """Read the first line: it says what the document is."""
        frame = self._layout.frames[0]
        if content == "[]":
            frame.kind = Block.DONE
            self._value(content, at)
        elif content[0] == "[" and find_unquoted(content, ":") >= 0:
            frame.kind = Block.DONE
            header = read_array_header(content, at, 0, self._mistakes)
            if header is None:
                frame.kind = Block.OBJECT
                self.error(content, at)
            else:
                self._headed(header, content, at, depth=0)
        elif find_unquoted(content, ":") < 0:
            self.held = (content, at)
        else:
            frame.kind = Block.OBJECT
            self._entry(content, at)

    def _entry(self, content: str, at: int) -> None:
        """Read `key: value`, or a key with a header."""
        frame = self._layout.frames[-1]
        if self._header_line(content, at, depth=frame.depth):
            return
        found = self._key(content, at)
        if found is None:
            return
        key, rest = found
        self._key_tokens(key, at, rest)
        value = content[rest:].lstrip(" ")
        self._value(value, at + len(content) - len(value))
        if not value:
            self._announce(Frame(kind=Block.OBJECT, depth=frame.depth + 1))

    def _header_line(self, content: str, at: int, depth: int, due: str | None = None) -> bool:
        """Read a line whose key brings a header; False when it has none.

        due: the field of a record that the line is for; it may be a plain value that looks like a
             header without colon. None: it is no record's line.
        """
        if "[" not in content and "{" not in content:
            return False
        is_cut = lacks_only_colon(content) and (
            due is None or content.startswith((f"{due}[", f"{due}{{"))
        )
        bracket = content.find("[") if is_cut else bracket_of(content)
        brace = content.find("{") if is_cut else brace_of(content)
        if bracket >= 0:
            header = read_array_header(content, at, bracket, self._mistakes)
        elif brace >= 0:
            header = read_record_header(content, at, brace, self._mistakes)
        else:
            return False
        if header is None:
            self.error(content, at)
        elif header.key is None:
            self._mistakes.no_key(at, at + header.rest, "here without a key")
            self.error(content, at)
        else:
            source = header.key.source
            self.tokens.append(Token(t.KEY, source.start, source.end, header.key))
            self._headed(header, content, at, depth=depth)
        return True

    def _headed(self, header: Header, content: str, at: int, depth: int) -> None:
        """Emit a header and what stands after its colon; announce the block below it."""
        tokens = header.tokens
        rest = content[header.rest :]
        stripped = rest.strip(" ")
        start = at + header.rest + len(rest) - len(rest.lstrip(" "))
        if stripped and header.columns is not None:
            self._mistakes.after_header(start, start + len(stripped), stripped)
            # How many rows there should be is not known any more: that would be a second report.
            tokens = tuple(k._replace(value=-1) if k.kind == t.LENGTH else k for k in tokens)
            stripped = ""
        self.tokens.extend(tokens)
        if stripped:
            length = next(token for token in tokens if token.kind == t.LENGTH)
            inline_tokens(stripped, start, length, header.delimiter, self._mistakes, self.tokens)
        self.tokens.append(Token(t.NEWLINE, at + len(content), at + len(content)))
        if stripped:
            return
        self._announce(
            Frame(
                kind=_block_of(header),
                depth=depth + 1,
                delimiter=header.delimiter,
                leaves=header.leaves,
                fields=header.columns or (),
                length=header.length,
            )
        )

    def _row(self, content: str, at: int) -> None:
        """Read a row of a table."""
        frame = self._layout.frames[-1]
        delimiter = frame.delimiter
        colon = find_unquoted(content, ":") if ":" in content else -1
        if colon >= 0:
            comma = find_unquoted(content, delimiter.value)
            if (comma < 0 or comma > colon) and self._no_row(content, at, frame):
                return
        row_tokens(content, at, frame.leaves, delimiter, self._mistakes, self.tokens)
        self.tokens.append(Token(t.NEWLINE, at + len(content), at + len(content)))

    def _no_row(self, content: str, at: int, frame: Frame) -> bool:
        """Report a line that TOON reads as `key: value`; False to read it as a row all the same."""
        if self._leave_flat(content, at):
            return True
        fixes = quote_colon_fix(content, at, frame.delimiter, frame.leaves, self._mistakes)
        self._mistakes.no_row(at, at + len(content), content, fixes)
        if not fixes:
            self.error(content, at)
        return not fixes

    def _item(self, content: str, at: int) -> None:
        """Read `- item`."""
        layout = self._layout
        frame = layout.frames[-1]
        if content != "-" and not content.startswith("- "):
            if not self._leave_flat(content, at):
                self._mistakes.no_item(at, at + len(content))
                self.error(content, at)
            return
        self.tokens.append(Token(t.DASH, at, at + 1))
        rest = content[1:].lstrip(" ")
        start = at + len(content) - len(rest)
        if rest[:1] == "[" and rest != "[]" and find_unquoted(rest, ":") >= 0:
            self._nested_array(rest, start, frame)
        elif rest == "[]" or find_unquoted(rest, ":") < 0:
            self._value(rest, start)
        else:
            self.tokens.append(Token(t.INDENT, start, start))
            self.column += STEP
            layout.frames.append(
                Frame(kind=Block.OBJECT, depth=frame.depth + 1, column=self.column)
            )
            self._entry(rest, start)

    def _nested_array(self, content: str, at: int, frame: Frame) -> None:
        """Read an item that is an array."""
        header = read_array_header(content, at, 0, self._mistakes)
        if header is not None and header.columns is not None:
            self._mistakes.no_key(at, at + header.rest, "in a list without a key")
            header = None
        if header is None:
            source = SourceSpan(self._mistakes.file, at, at + len(content))
            self.tokens.append(Token(t.INVALID, at, source.end, Invalid(source=source)))
            self.tokens.append(Token(t.NEWLINE, source.end, source.end))
            self._announce(Frame(kind=Block.SKIP, depth=frame.depth + 1))
        else:
            self._headed(header, content, at, depth=frame.depth)

    def _keyed_row(self, content: str, at: int) -> None:
        """Read `name: cells` of a keyed table."""
        if find_unquoted(content, ":") < 0:
            self._mistakes.no_entry(at, at + len(content))
            self.error(content, at)
            return
        found = self._key(content, at)
        if found is None:
            return
        key, rest = found
        self._key_tokens(key, at, rest)
        cells = content[rest:].lstrip(" ")
        end = at + len(content)
        if cells:
            frame = self._layout.frames[-1]
            start = end - len(cells)
            row_tokens(cells, start, frame.leaves, frame.delimiter, self._mistakes, self.tokens)
        self.tokens.append(Token(t.NEWLINE, end, end))

    def _member(self, content: str, at: int) -> None:
        """Read a value of a record."""
        frame = self._layout.frames[-1]
        index, frame.index = frame.index, frame.index + 1
        due = frame.fields[index : index + 1]
        if self._header_line(content, at, depth=frame.depth, due=(*due, "")[0]):
            return
        if find_unquoted(content, ":") < 0:
            self._value(content, at)
            return
        if self._leave_flat(content, at):
            return
        self._pair_in_record(content, at, due)

    def _pair_in_record(self, content: str, at: int, due: tuple[str, ...]) -> None:
        """Report `key: value` in a record; read the value if it is for the field that is `due`."""
        found = self._key(content, at)
        if found is None:
            return
        key, colon_end = found
        end = at + len(content)
        value = content[colon_end:].lstrip(" ")
        start = end - len(value)
        if value and due == (key.text,):
            fixes = self._mistakes.fix(f"delete `{key.text}:`", (at, start, ""), is_safe=True)
            self._mistakes.pair_in_record((at, end), key.text, fixes)
            self._value(value, start)
        else:
            self._mistakes.pair_in_record((at, end), key.text, ())
            self.error(content, at)

    def _extra(self, content: str, at: int) -> None:
        """Report what follows a document that is one array or value, once."""
        self._mistakes.after_root(at, at + len(content))
        self.error(content, at)
        self.is_over = True

    def _skip(self, content: str, at: int) -> None:
        """Pass by a line below one that could not be read."""

    # ---- parts of lines

    def _key(self, content: str, at: int) -> tuple[Key, int] | None:
        """Read a key; return it and the index after its colon, or None after reporting the line."""
        place = self._key_end(content, at)
        if place is not None:
            end, colon = place
            key = read_key(content[:end].rstrip(" "), at, self._mistakes)
            if key is not None:
                return key, colon + 1
        self.error(content, at)
        return None

    def _key_end(self, content: str, at: int) -> tuple[int, int] | None:
        """Return where the key ends and where its colon is, or None after reporting why not."""
        if content[:1] != '"':
            colon = find_unquoted(content, ":")
            if colon >= 0:
                return colon, colon
            self._mistakes.missing_colon(at, content, is_header=False)
            return None
        end = closing_quote(content) + 1
        rest = content[end:].lstrip(" ")
        if rest[:1] == ":" and end:
            return end, len(content) - len(rest)
        stop = at + len(content)
        if not end:
            self._mistakes.unterminated(at, stop)
        elif rest:
            self._mistakes.after_quote(stop - len(rest), stop, rest)
        else:
            self._mistakes.missing_colon(at, content, is_header=False)
        return None

    def _value(self, text: str, at: int) -> None:
        """Emit the value of a line, which ends there."""
        end = at + len(text)
        if text == "[]":
            source = SourceSpan(self._mistakes.file, at, end)
            empty = Array(
                items=(),
                source=source,
                header=source,
                form=ArrayForm.INLINE,
                length=0,
                length_source=source,
            )
            self.tokens.append(Token(t.EMPTY, at, end, empty))
        elif text:
            self.tokens.append(read_cell(text, at, self._mistakes))
        self.tokens.append(Token(t.NEWLINE, end, end))

    def _key_tokens(self, key: Key, at: int, rest: int) -> None:
        """Emit a key and the colon that ends before index `rest` of its line."""
        self.tokens.append(Token(t.KEY, key.source.start, key.source.end, key))
        self.tokens.append(Token(t.COLON, at + rest - 1, at + rest))

    def _announce(self, frame: Frame) -> None:
        """Say that lines deeper than this one belong to `frame`."""
        frame.opener = self.column
        self._layout.pending = frame


def _block_of(header: Header) -> Block:
    """Return what the lines below `header` are."""
    if header.is_keyed:
        return Block.KEYED
    if header.is_record:
        return Block.RECORD
    return Block.LIST if header.columns is None else Block.TABLE

"""The headers of arrays, keyed tables and records: `key[3|]{a|b{c|d}}:` and `key{a,b}:`.

Owns: the reading of one header into its tokens. Must not know: the lines below it.
Truth: TOON 4.0, section 6, as `@toon-format/toon` 4.4.0 reads it (`parseArrayHeaderLine`);
docs/language.md, "TOON", for record headers. A header with a mistake that leaves its meaning plain
is reported and read.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from nectarc.toon import tokens as t
from nectarc.toon.document import Delimiter, Key
from nectarc.toon.fields import Fields, closing_brace, declared_delimiter, read_fields
from nectarc.toon.mistakes import Mistakes, shorten
from nectarc.toon.quotes import closing_quote, find_unquoted
from nectarc.toon.scalars import read_key
from nectarc.toon.tokens import Token

_LENGTH: Final = re.compile(r"(?:0|[1-9][0-9]{0,17})")
_DELIMITERS: Final = {",": Delimiter.COMMA, "\t": Delimiter.TAB, "|": Delimiter.PIPE}
_BLANKS: Final = " \t"
_WITHOUT_COLON: Final = re.compile(r'[^\s"{}\[\]:]+(?:\[\d+[|\t]?\](?:\{[^{}"]*\})?|\{[^{}"]*\})')


class Header(NamedTuple):
    """A header that was read.

    key:     what stands before the bracket or brace; None for a root array or an item.
    tokens:  all its tokens, the colon last.
    columns: the names of its fields; None without a field list.
    leaves:  how many cells a row has (nested groups count their fields).
    rest:    the index of the first character after the colon.
    """

    key: Key | None
    tokens: tuple[Token, ...]
    delimiter: Delimiter
    is_keyed: bool
    is_record: bool
    columns: tuple[str, ...] | None
    leaves: int
    length: int
    rest: int


def lacks_only_colon(content: str) -> bool:
    """Say whether `content` would be a header if it ended with a colon."""
    return _WITHOUT_COLON.fullmatch(content) is not None


def bracket_of(content: str) -> int:
    """Return the index of the `[` that makes `content` an array header (good or not), else -1."""
    if content[:1] == '"':
        closing = closing_quote(content)
        start = closing + 1 if closing >= 0 and content[closing + 1 : closing + 2] == "[" else -1
    else:
        start = find_unquoted(content, "[")
    if start < 0:
        return -1
    colon = find_unquoted(content, ":")
    return start if colon > start else -1


def brace_of(content: str) -> int:
    """Return the index of the `{` that makes `content` a record header (good or not), else -1."""
    if content[:1] == '"':
        return -1
    start = find_unquoted(content, "{")
    if start <= 0:
        return -1
    colon = find_unquoted(content, ":")
    return start if colon > start else -1


def read_array_header(content: str, at: int, bracket: int, mistakes: Mistakes) -> Header | None:
    """Read the header whose `[` is at `bracket`; None after reporting that it cannot be read."""
    end = len(content)
    close = find_unquoted(content, "]", bracket)
    if close < 0:
        mistakes.header(at + bracket, at + end, "this bracket is not closed")
        return None
    key, is_sound = _key(content, at, bracket, mistakes)
    size, delimiter, is_keyed, length = _size(content, at, (bracket, close), mistakes)
    after = close + 1
    fields: Fields | None = None
    brace = find_unquoted(content, "{", after)
    colon = find_unquoted(content, ":", after)
    if brace >= 0 and (colon < 0 or brace < colon):
        if not _no_gap(content, at, (after, brace), "between bracket and field list", mistakes):
            return None
        after = closing_brace(content, brace) + 1
        if not after:
            mistakes.field_list(at + brace, at + end, "this field list is not closed")
            return None
        delimiter = declared_delimiter(content, at, (brace, after), (close, delimiter), mistakes)
        fields = read_fields(content, at, (brace, after), delimiter, mistakes)
        if fields is None:
            return None
    elif is_keyed:
        mistakes.field_list(at + close, at + end, "a keyed table needs a field list")
        return None
    end_colon = _colon(content, at, after, mistakes)
    if end_colon is None or not is_sound:
        return None
    rest = min(end_colon + 1, end)
    inner = fields.tokens if fields else ()
    return Header(
        key=key,
        tokens=(*size, *inner, Token(t.COLON, at + end_colon, at + rest)),
        delimiter=delimiter,
        is_keyed=is_keyed,
        is_record=False,
        columns=fields.names if fields else None,
        leaves=fields.leaves if fields else 0,
        length=length,
        rest=rest,
    )


def read_record_header(content: str, at: int, brace: int, mistakes: Mistakes) -> Header | None:
    """Read the header whose `{` is at `brace`; None after reporting that it cannot be read."""
    end = len(content)
    key, _ = _key(content, at, brace, mistakes)
    after = closing_brace(content, brace) + 1
    if not after:
        mistakes.record_header(
            at, at + end, f"`{shorten(content)}` opens a brace and never closes it"
        )
        return None
    inside = content[brace + 1 : after - 1]
    nested = find_unquoted(content, "{", brace + 1)
    if 0 <= nested < after:
        headline = "a field of a record brings its own header: name it without braces"
        mistakes.record_header(at + nested, at + after, headline)
        return None
    fields = Fields((), (), 0)
    if inside.strip(" "):
        declared_delimiter(content, at, (brace, after), (-1, Delimiter.COMMA), mistakes)
        read = read_fields(content, at, (brace, after), Delimiter.COMMA, mistakes)
        if read is None:
            return None
        fields = read
    else:
        opening = Token(t.LBRACE, at + brace, at + brace + 1, at)
        fields = Fields((opening, Token(t.RBRACE, at + after - 1, at + after)), (), 0)
    colon = _colon(content, at, after, mistakes)
    if colon is None:
        return None
    rest = min(colon + 1, end)
    return Header(
        key=key,
        tokens=(*fields.tokens, Token(t.COLON, at + colon, at + rest)),
        delimiter=Delimiter.COMMA,
        is_keyed=False,
        is_record=True,
        columns=fields.names,
        leaves=fields.leaves,
        length=-1,
        rest=rest,
    )


def _key(content: str, at: int, end: int, mistakes: Mistakes) -> tuple[Key | None, bool]:
    """Read the key before a bracket or brace; say whether it could be read."""
    text = content[:end]
    key_text = text.rstrip(_BLANKS)
    if len(key_text) < len(text):
        mistakes.header_space(at + len(key_text), at + end, "between a key and its bracket")
    if not key_text:
        return None, True
    key = read_key(key_text, at, mistakes)
    return key, key is not None


def _size(
    content: str, at: int, bracket: tuple[int, int], mistakes: Mistakes
) -> tuple[list[Token], Delimiter, bool, int]:
    """Read `[3:|]`: its tokens, delimiter, whether it is keyed, and its length (-1: unreadable)."""
    start, close = bracket
    number_end = close
    delimiter = Delimiter.COMMA
    tail: list[Token] = []
    if content[number_end - 1] in "\t|":
        number_end -= 1
        delimiter = _DELIMITERS[content[number_end]]
        tail.append(Token(t.MARK, at + number_end, at + number_end + 1, delimiter))
    is_keyed = number_end > start + 1 and content[number_end - 1] == ":"
    if is_keyed:
        number_end -= 1
        tail.insert(0, Token(t.KEYED, at + number_end, at + number_end + 1))
    text = content[start + 1 : number_end]
    length = int(text) if _LENGTH.fullmatch(text) else -1
    if length < 0:
        help_ = "write how many rows or items follow, as a whole number: `[3]`"
        headline = f"`{shorten(text)}` is no length" if text else "this header has no length"
        mistakes.header(at + start, at + close + 1, headline, help_)
    tokens = [
        Token(t.LSQB, at + start, at + start + 1, at),
        Token(t.LENGTH, at + start + 1, at + number_end, length),
        *tail,
        Token(t.RSQB, at + close, at + close + 1),
    ]
    return tokens, delimiter, is_keyed, length


def _no_gap(content: str, at: int, gap: tuple[int, int], place: str, mistakes: Mistakes) -> bool:
    """Say whether nothing (or only blanks, reported) stands in the `gap`."""
    start, end = gap
    text = content[start:end]
    if not text:
        return True
    if text.strip(_BLANKS):
        headline = f"`{shorten(text.strip(_BLANKS))}` cannot stand {place}"
        mistakes.header(at + start, at + end, headline)
        return False
    mistakes.header_space(at + start, at + end, place)
    return True


def _colon(content: str, at: int, after: int, mistakes: Mistakes) -> int | None:
    """Return the index of the colon that ends a header, or of the end where it is missing."""
    colon = find_unquoted(content, ":", after)
    if colon < 0 and not content[after:].strip(_BLANKS):
        mistakes.missing_colon(at, content[:after], is_header=True)
        return after
    if colon < 0:
        mistakes.header(at + after, at + len(content), "this header lacks its colon")
        return None
    is_next = _no_gap(content, at, (after, colon), "before the colon of a header", mistakes)
    return colon if is_next else None

"""From the text of a value or a key to its node.

Owns: what a cell decodes to. Must not know: lines, headers, what stands around it.
Truth: TOON 4.0, section 4; docs/language.md, "TOON".
"""

from __future__ import annotations

from typing import Final

from nectarc.source import SourceSpan
from nectarc.toon.document import Invalid, Key, Scalar
from nectarc.toon.mistakes import Mistakes
from nectarc.toon.numbers import read_number
from nectarc.toon.quotes import Unescaped, closing_quote, unescape
from nectarc.toon.tokens import CELL, INVALID, Token

_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_MAYBE_NUMBER: Final = frozenset("-0123456789")


def read_cell(text: str, start: int, mistakes: Mistakes) -> Token:
    """Return the token of the value `text`, trimmed, which begins at offset `start`."""
    source = SourceSpan(mistakes.file, start, start + len(text))
    if not text:
        blank = Scalar(value="", text="", source=source, is_blank=True)
        return Token(CELL, start, start, blank)
    first = text[0]
    if first == '"':
        return _quoted_cell(text, source, mistakes)
    value: bool | float | str | None = text
    if first in _MAYBE_NUMBER:
        number = read_number(text)
        value = text if number is None else number
    elif text in _WORDS:
        value = _WORDS[text]
    return Token(CELL, start, source.end, Scalar(value=value, text=text, source=source))


def read_key(text: str, start: int, mistakes: Mistakes) -> Key | None:
    """Return the key or field name `text`, trimmed, quoted or not; None when it cannot be read."""
    source = SourceSpan(mistakes.file, start, start + len(text))
    if text[:1] != '"':
        return Key(text=text, source=source)
    inside = _inside(text, start, mistakes)
    return None if inside is None else Key(text=inside.text, source=source, is_quoted=True)


def _quoted_cell(text: str, source: SourceSpan, mistakes: Mistakes) -> Token:
    """Return the token of a value in quotes."""
    inside = _inside(text, source.start, mistakes)
    if inside is None:
        return Token(INVALID, source.start, source.end, Invalid(source=source))
    scalar = Scalar(
        value=inside.text,
        text=inside.text,
        source=source,
        is_quoted=True,
        offsets=inside.offsets,
    )
    return Token(CELL, source.start, source.end, scalar)


def _inside(text: str, start: int, mistakes: Mistakes) -> Unescaped | None:
    """Read `text`, which begins with a quote; None after reporting why it cannot be read."""
    closing = closing_quote(text)
    if closing < 0:
        mistakes.unterminated(start, start + len(text))
        return None
    if closing != len(text) - 1:
        mistakes.after_quote(start + closing + 1, start + len(text), text[closing + 1 :])
        return None
    inside = unescape(text, 1, closing, start)
    for first, last in inside.errors:
        mistakes.bad_escape(first, last, text[first - start : last - start])
    return None if inside.errors else inside

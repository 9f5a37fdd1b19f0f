"""Quotes and escapes of TOON, and the search for characters outside of quotes.

Owns: where quoted parts begin and end, what escapes stand for. Must not know: lines, headers,
nodes. Truth: TOON 4.0, section 7.1, as `@toon-format/toon` 4.4.0 reads it: a quote anywhere in a
line begins a quoted part in which delimiters, colons and brackets are text.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# Possessive quantifiers: each runs once over the text, whatever it is (a line may be hostile).
_CLOSED: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_OPEN_OR_CLOSED: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_ESCAPE: Final = re.compile(r'\\(?:(["\\ntr])|u([0-9A-Fa-f]{4})|(u?))', re.DOTALL)
_MEANING: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE: Final = re.compile(r'[\\"\x00-\x1f]')


class Unescaped(NamedTuple):
    """The text of a quoted part.

    text:    without quotes, escapes resolved.
    offsets: where each code point of `text` starts, and the end, from the given base.
    errors:  the bad escapes, as (start, end) from the given base; they are left out of `text`.
    """

    text: str
    offsets: range | tuple[int, ...]
    errors: tuple[tuple[int, int], ...]


def find_unquoted(text: str, char: str, start: int = 0) -> int:
    """Return the index of the first `char` outside of quotes from `start` on, or -1; O(length)."""
    hit = text.find(char, start)
    quote = text.find('"', start) if hit >= 0 else -1
    while 0 <= quote < hit:
        end = quoted_end(text, quote)
        if hit < end:
            hit = text.find(char, end)
        quote = text.find('"', end)
    return hit


def quoted_end(text: str, quote: int) -> int:
    """Return the index after the quoted part that begins at `quote`, closed or not."""
    match = _OPEN_OR_CLOSED.match(text, quote)
    assert match is not None
    return match.end()


def closing_quote(text: str, quote: int = 0) -> int:
    """Return the index of the quote that closes the one at `quote`, or -1."""
    match = _CLOSED.match(text, quote)
    return match.end() - 1 if match else -1


def unescape(text: str, start: int, end: int, base: int) -> Unescaped:
    """Resolve the escapes of `text[start:end]`, inside of quotes; text[0] is at `base`."""
    if text.find("\\", start, end) < 0:
        return Unescaped(text[start:end], range(base + start, base + end + 1), ())
    parts: list[str] = []
    offsets: list[int] = []
    errors: list[tuple[int, int]] = []
    position = start
    while (escape := text.find("\\", position, end)) >= 0:
        parts.append(text[position:escape])
        offsets.extend(range(base + position, base + escape))
        match = _ESCAPE.match(text, escape, end)
        assert match is not None
        meaning = _meaning(match)
        position = min(end, match.end() + (meaning is None and not match[2] and not match[3]))
        if meaning is None:
            errors.append((base + escape, base + position))
        else:
            parts.append(meaning)
            offsets.append(base + escape)
    parts.append(text[position:end])
    offsets.extend(range(base + position, base + end + 1))
    return Unescaped("".join(parts), tuple(offsets), tuple(errors))


def escape(text: str) -> str:
    """Return `text` in quotes, with TOON's escapes."""
    return '"' + _TO_ESCAPE.sub(_escaped, text) + '"'


def _meaning(match: re.Match[str]) -> str | None:
    """Return what an escape stands for, None for a bad one (a lone surrogate is one)."""
    if match[1]:
        return _MEANING[match[1]]
    if match[2]:
        code = int(match[2], 16)
        return None if 0xD800 <= code <= 0xDFFF else chr(code)
    return None


def _escaped(match: re.Match[str]) -> str:
    """Escape one character."""
    char = match[0]
    return _ESCAPED.get(char) or f"\\u{ord(char):04x}"

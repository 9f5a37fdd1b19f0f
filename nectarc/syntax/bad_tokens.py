"""Pieces of text that no terminal of the cell grammars fits, cut where a person would cut them.

Owns: how far a wrong piece reaches. Must not know: what it means for the sentence around it.
Truth: the terminals of grammar/match.lark, of which these are the near misses.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.syntax.automaton import BAD, Token

SMART_QUOTES: Final = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u201b"

# Each takes the rest of the text when its end is missing, so that reading on stays linear.
_PIECES: Final = (
    re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL),
    re.compile(r"'[^']*(?:'|\Z)"),
    re.compile(r"`[^`]*(?:`|\Z)"),
    re.compile(rf"[{SMART_QUOTES}][^{SMART_QUOTES}\"']*(?:[{SMART_QUOTES}\"']|\Z)"),
    re.compile(r"[+-]?\.?[0-9][\w.%+]*"),
    re.compile(r"\w[\w.]*"),
    re.compile(r"[=&|~^][=&|~^<>]*"),
    re.compile(r"(.)\1*", re.DOTALL),
)


def bad_token(text: str, offset: int) -> Token:
    """Return the wrong piece that starts at `offset`; never empty."""
    for piece in _PIECES:
        hit = piece.match(text, offset)
        if hit is not None:
            return Token(BAD, hit.group(), offset, hit.end())
    return Token(BAD, text[offset], offset, offset + 1)

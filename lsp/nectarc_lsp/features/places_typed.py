"""The token of a cell that is being typed.

Owns: `typed_at`. Must not know: what tokens mean, the protocol.
Truth: the terminals of grammar/match.lark; a text without its closing quote is one too.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.records import record

# A quoted part, closed or not: "text", 'text', `name`.
_QUOTED: Final = re.compile(
    r'"(?:[^"\\]++|\\.)*+("?)|\'[^\']*+(\'?)|(?:root\.)?`[^`]*+(`?)', re.DOTALL
)
_WORD_BEFORE: Final = re.compile(r"[\w.]*$")
_WORD_AFTER: Final = re.compile(r"[\w.]*")
_REST: Final = re.compile(r"[^\s,()\[\]&|]*")
_SIGN: Final = re.compile(r"[=&|!~<>]+$")
_SIGN_AFTER: Final = re.compile(r"[=&|~]*")
_OPERATOR: Final = re.compile(r"[=!<>]=|=~|[<>=]|&&|\|\|")
# Signs that are whole: what is typed behind them is the next token.
_WHOLE: Final = frozenset({"==", "!=", "&&", "||", "<", ">", "<=", ">="})


@record(kw_only=True)
class Typed:
    """What is typed of one token: indexes into the cell's text.

    start, end: the token; empty between tokens.   at: the cursor.
    prefix:     what stands before the cursor.   text: the whole token.
    quote:      `"`, `'` or a backtick where the token begins with one, else "".
    """

    start: int
    at: int
    end: int
    prefix: str
    text: str = ""
    quote: str = ""


def typed_at(text: str, at: int) -> Typed:
    """Return the token at index `at` of a cell's text. O(length)."""
    for found in _QUOTED.finditer(text):
        if found.start() >= at:
            break
        is_closed = bool(found[1] or found[2] or found[3])
        if at < found.end() or (at == found.end() and not is_closed):
            end = found.end() if is_closed else at + len(_match(_REST, text, at))
            start = found.start()
            mark = text[start] if text[start] in "\"'`" else "`"
            return _typed(text, start, at, end, mark)
        if at == found.end():
            return Typed(start=at, at=at, end=at, prefix="")
    before = _WORD_BEFORE.search(text, 0, at)
    start = before.start() if before is not None else at
    if start == at:
        sign = _SIGN.search(text, 0, at)
        rest = _match(_SIGN_AFTER, text, at)
        if sign is not None and (rest or sign[0] not in _WHOLE):
            return _typed(text, sign.start(), at, at + len(rest))
        ahead = _OPERATOR.match(text, at) if sign is None else None
        if ahead is not None:
            return _typed(text, at, at, ahead.end())
    elif text[start].isdigit() and text[start - 1 : start] == "-":
        start -= 1
    end = at + len(_match(_WORD_AFTER, text, at))
    if start == at and text[at : at + 1] in ("", ".") and end > at:
        end = at
    return _typed(text, start, at, end)


def _typed(text: str, start: int, at: int, end: int, quote: str = "") -> Typed:
    return Typed(
        start=start, at=at, end=end, prefix=text[start:at], text=text[start:end], quote=quote
    )


def _match(pattern: re.Pattern[str], text: str, at: int) -> str:
    found = pattern.match(text, at)
    return found[0] if found is not None else ""

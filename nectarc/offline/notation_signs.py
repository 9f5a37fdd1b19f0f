# ruff: noqa: E501 - patterns are read in one piece
"""Short forms and turns of phrase, each with the words that it stands for: "~1%", "1/20th".

Owns: reading `grammar/intent_notes.toml`. Must not know: what the words mean.
Truth: docs/intent.md, "Notes".
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from nectarc.offline.lexicon import phrase_turns
from nectarc.records import record

_PARTS: Final = {
    "RATE": r"(?:(?:about |only |just |~)?(?:\d+(?:[.,]\d+)? ?(?:%|percent\b|per cent\b|pct\b|pc\b)|(?:1|one) ?(?:in|of|out of|/|:|per|from) ?(?:every )?[\w,-]*\w|(?:a )?half|a (?:tenth|fifth|third|quarter|hundredth|thousandth)))",
    "VERDICT": r"(?:keep|drop|all|everything|none|nothing|full|in full|always|never|complete|fully)",
    "LENGTH": r"(?:\d+(?:\.\d+)? ?(?:milliseconds?|millis|ms|seconds?|secs?|minutes?|mins?|s|m|h)\b)",
    "FIELD": r"(?:[a-z][a-z0-9]*(?:[._][a-z0-9]+)+)",
    "NAME": r"(?:[A-Za-z][\w.-]*\w)",
    "PATH": r"(?:/[\w./*{}:-]*[\w*}/])",
    "TEST": r"(?:(?:[a-z][\w]*(?:\.\w+)*|span count)(?:[ \t]*(?:[=!]=|=(?!>)|[<>]=?)[ \t]*[\w./'\"%-]*[\w'\"*%]|[ \t]+(?:exists|is set|is present|is missing|is absent)))",
    "FRONT": r"(?:(?<=[.!?;\n,])|(?<=^)|(?<=[-*\u2022] )|(?<=\d[.)] )|(?<=\b[a-h][.)] ))[ \t]*",
    "BEGIN": r"(?:(?<=[.!?;\n])|(?<=^)|(?<=\d[.)] )|(?<=\n[-*\u2022] ))[ \t]*",
    "END": r"(?=[ \t]*(?:[.;,!\n|)]|$))",
    "STOP": r"(?=[ \t]*(?:[.;!\n]|$))",
}


@record
class Turn:
    """What is said for what. known: the group that must have been said before, or ""."""

    pattern: re.Pattern[str]
    says: str
    known: str


@cache
def turns() -> tuple[Turn, ...]:
    """Return the turns of phrase that ship, in the order in which they are carried out."""
    return tuple(
        Turn(re.compile(_spelt(one["match"]), re.IGNORECASE), one["says"], one.get("known", ""))
        for one in phrase_turns()
    )


def _spelt(pattern: str) -> str:
    for name, part in _PARTS.items():
        pattern = pattern.replace(f"<{name}>", part)
    return pattern


def puts_of(turn: Turn, text: str) -> list[tuple[int, int, str, int]]:
    """Return what is put where in `text`: start, end, the words, where they were said."""
    found = []
    for one in turn.pattern.finditer(text):
        if turn.known and not _is_said(one[turn.known], text[: one.start()]):
            continue
        found.append((*one.span(), one.expand(turn.says), one.start()))
    return found


def _is_said(words: str, before: str) -> bool:
    pattern = rf"(?<![\w./-]){re.escape(words)}(?![\w/-])"
    return re.search(pattern, before, re.IGNORECASE) is not None

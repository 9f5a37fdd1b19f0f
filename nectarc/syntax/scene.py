"""A token that does not fit: what is around it, what would fit, how to go on.

Owns: the scene of a mistake, expectations in the user's words. Must not know: any one mistake.
Truth: grammar/match.lark, grammar/action.lark (the terminals).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from nectarc.diagnostic import Diagnostic
from nectarc.source import SourceSpan
from nectarc.syntax.automaton import END, Token
from nectarc.syntax.cell import CellReading

VALUES: Final = frozenset({"NUMBER", "DURATION", "STRING", "RAW_STRING", "TRUE", "FALSE"})
NAMES: Final = frozenset({"NAME", "QUOTED_NAME"})

KEYWORD_OPERATORS: Final = frozenset({"IN", "CONTAINS", "STARTS_WITH", "ENDS_WITH", "MATCHES"})

NO_MEANING: Final = "a rule that cannot be read decides nothing, so nothing is compiled"


class Repair(NamedTuple):
    """What to say, and how to go on.

    tokens: stand in the place of the first `replaced` tokens from the wrong one; None gives up.
    """

    diagnostic: Diagnostic
    replaced: int = 0
    tokens: tuple[Token, ...] | None = None


class Scene:
    """A token that does not fit, with what is around it."""

    def __init__(
        self, reading: CellReading, tokens: list[Token], index: int, accepted: frozenset[str]
    ) -> None:
        """Take the wrong token to be `tokens[index]`; `accepted` are terminals that fit."""
        self.reading: Final = reading
        self.tokens: Final = tokens
        self.index: Final = index
        self.accepted: Final = accepted
        self.token: Final = tokens[index]

    def before(self, steps: int = 1) -> Token:
        """Return the token `steps` before the wrong one, or an END token at the start."""
        place = self.index - steps
        return self.tokens[place] if place >= 0 else Token(END, "", 0, 0)

    def after(self, steps: int = 1) -> Token:
        """Return the token `steps` after the wrong one; past the end, the END token."""
        return self.tokens[min(self.index + steps, len(self.tokens) - 1)]

    def source(self, first: Token | None = None, last: Token | None = None) -> SourceSpan:
        """Return the place from `first` to `last`, both the wrong token unless given."""
        start = (first or self.token).start
        end = max((last or self.token).end, start)
        if start == end and self.index > 0:
            # The end of the cell has no width to underline: the last token stands for it.
            start, end = self.before().start, self.before().end
        return self.reading.span(start, end)

    def wants(self, *terminals: str) -> bool:
        """Say whether all of `terminals` would fit."""
        return self.accepted.issuperset(terminals)

    def give_up(self, diagnostic: Diagnostic) -> Repair:
        """Say `diagnostic` and read no further."""
        return Repair(diagnostic)

    def go_on(self, diagnostic: Diagnostic, *tokens: Token, replaced: int = 1) -> Repair:
        """Say `diagnostic` and read `tokens` in the place of the wrong ones."""
        return Repair(diagnostic, replaced, tokens)

    def run_end(self, start: int, *, is_text: bool = False) -> tuple[int, int]:
        """Return where the unspaced run of name characters from `start` ends.

        is_text: of characters that a text without its quotes may have, such as `/a/{id}?b=*`.
        returns: (offset, how many tokens from the wrong one on it covers).
        """
        hit = (_TEXT_RUN if is_text else _RUN).match(self.reading.text, start)
        end = hit.end() if hit else start
        covered = 0
        while self.tokens[self.index + covered].end <= end and self.after(covered).type != END:
            covered += 1
        return end, covered


_RUN: Final = re.compile(r"[\w./:@#$%*+-]+")
_TEXT_RUN: Final = re.compile(r"[^\s,()\[\]'\"`|&]+")


_OPERATORS: Final = frozenset({"IN", "NOT", "CONTAINS", "STARTS_WITH", "ENDS_WITH", "MATCHES"})
_SINGLE: Final = (
    ("SHARE", "`share`"),
    ("KEEP", "`keep`"),
    ("DROP", "`drop`"),
    ("IN", "`in`"),
    ("NOT", "`not`"),
    ("CONTAINS", "`contains`"),
    ("AND_SIGN", "`&&`"),
    ("OR_SIGN", "`||`"),
    ("LPAR", "`(`"),
    ("LSQB", "`[`"),
    ("COMMA", "`,`"),
    ("COLON", "`:`"),
    ("SLASH", "`/`"),
    ("RSQB", "`]`"),
    ("RPAR", "`)`"),
    (END, "the end of the cell"),
)


def expected_words(accepted: frozenset[str]) -> str:
    """Return what may come next in the user's words: "X, Y or Z"."""
    words: list[str] = []
    left = set(accepted)
    if "NOT_SIGN" in left:
        words.append("a test")
        left -= {"NOT_SIGN", "LPAR", *VALUES, *NAMES}
    if "KEEP" in left and "NAME" in left:
        left -= {"KEEP", "DROP", "SHARE"}
    if "NUMBER" in left:
        words.append("a value" if "STRING" in left else "a number")
    if "NAME" in left:
        words.append("a field name" if "QUOTED_NAME" in left else "a name")
    if "COMPARE" in left:
        is_open = left >= _OPERATORS
        words.append("an operator such as `==` or `contains`" if is_open else "a comparison")
        left -= _OPERATORS if is_open else set()
    words.extend(word for terminal, word in _SINGLE if terminal in left)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def shown(token: Token) -> str:
    """Return the token as a headline shows it."""
    if token.type == END:
        return "the end of the cell"
    text = token.text if len(token.text) <= 32 else token.text[:29] + "..."
    return f"`{text}`" if text.isprintable() and text.strip() else f"{text!a}"

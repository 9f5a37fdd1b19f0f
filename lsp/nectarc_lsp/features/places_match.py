"""Where in a match the cursor is, and what the grammar takes there.

Owns: `match_place`. Must not know: which names and values there are, the protocol.
Truth: grammar/match.lark, by its automaton (nectarc/syntax/expected.py).
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from nectarc.records import record
from nectarc.source import SourceSpan
from nectarc.syntax.ast import FieldName
from nectarc.syntax.automaton import Token
from nectarc.syntax.expected import expected, tokens_of
from nectarc_lsp.features.places_typed import Typed, typed_at

_QUANTIFIERS: Final = frozenset({"ANY", "ALL", "NONE"})
_ENDS: Final = frozenset({"AND_SIGN", "OR_SIGN", "NOT_SIGN", "LPAR", "RPAR"})
_NAMES: Final = frozenset({"NAME", "QUOTED_NAME"})
LITERALS: Final = frozenset({"NUMBER", "DURATION", "STRING", "RAW_STRING", "TRUE", "FALSE"})
# In front of these only a field or `span_count` can stand.
OPERATORS_BEHIND: Final = frozenset(
    {"COMPARE", "IN", "NOT", "CONTAINS", "STARTS_WITH", "ENDS_WITH", "MATCHES"}
)
_BEHIND: Final = 4  # `not in [ 5`
SPAN_COUNT: Final = "span_count"


@record(kw_only=True)
class MatchPlace:
    """A place in a match. Indexes are of the cell's text.

    typed:      the token that is typed.
    accepted:   the terminals that the grammar takes in its place.
    field:      of the test that is being written, None before its field (or with `span_count`).
    subject:    the field as written, or `span_count`; "" before it.
    operator:   the words between field and value, "" before them: `==`, `in`, `not contains`.
    is_listed:  inside the brackets of `in [`; `listed`: the literals that they hold, as written.
    quantifier: "any", "all" or "none" around the place, "" at the level of the trace.
    call:       "any", "all", "none" or "exists", where its parentheses are the innermost ones.
    follows:    the terminal behind the token that is typed, "" at the end of the cell.
    compared:   where that is an operator, the terminal of the (first) literal behind it, else "".
    is_empty:   nothing stands before the place in the cell.
    is_sound:   what stands before can be read.
    """

    typed: Typed
    accepted: frozenset[str]
    field: FieldName | None = None
    subject: str = ""
    operator: str = ""
    is_listed: bool = False
    listed: tuple[str, ...] = ()
    quantifier: str = ""
    call: str = ""
    follows: str = ""
    compared: str = ""
    is_empty: bool = False
    is_sound: bool = True


def match_place(text: str, at: int) -> MatchPlace:
    """Return the place at index `at` of a match. Never raises; O(length)."""
    typed = typed_at(text, at)
    found = expected("match", text[: typed.start])
    if typed.prefix == "!" and "NOT_SIGN" in found.accepted:
        # A whole token: the operand is typed next.
        typed = Typed(start=at, at=at, end=at, prefix="")
        found = expected("match", text[:at])
    quantifier, call = _around(found.tokens)
    test = _test(found.tokens)
    subject = test[0] if test and test[0].type in {*_NAMES, "SPAN_COUNT"} else None
    operator, literals, is_listed = _operator(test[1:]) if subject is not None else ("", (), False)
    if is_listed:
        literals = (*literals, *_after(text, typed.end))
    behind = [one.type for one in islice(tokens_of("match", text[typed.end :]), _BEHIND)]
    return MatchPlace(
        typed=typed,
        accepted=found.accepted,
        field=field_of(subject) if subject is not None and subject.type in _NAMES else None,
        subject=subject.text if subject is not None else "",
        operator=operator,
        is_listed=is_listed,
        listed=literals,
        quantifier=quantifier,
        call=call,
        follows=behind[0] if behind else "",
        compared=_compared(behind),
        is_empty=not found.tokens,
        is_sound=found.is_sound,
    )


def _compared(behind: list[str]) -> str:
    if not behind or behind[0] not in OPERATORS_BEHIND:
        return ""
    return next((one for one in behind[1:] if one in LITERALS), "")


def operand(text: str) -> str:
    """Return what belongs to the test that `text` goes on with: up to a sign that ends it."""
    for token in tokens_of("match", text):
        if token.type in _ENDS:
            return text[: token.start]
    return text


def field_of(token: Token) -> FieldName:
    """Return the field that a NAME or QUOTED_NAME writes; its place is not of a file."""
    text = token.text
    source = SourceSpan("", token.start, token.end)
    is_root = text.startswith("root.")
    if is_root:
        text = text[5:]
    if text[:1] == "`":
        return FieldName(text.strip("`"), is_root, is_quoted=True, source=source)
    return FieldName(text, is_root, is_quoted=False, source=source)


def _around(tokens: tuple[Token, ...]) -> tuple[str, str]:
    """Return the quantifier around the end of `tokens`, and the innermost call."""
    opened: list[str] = []
    for index, token in enumerate(tokens):
        if token.type == "LPAR":
            before = tokens[index - 1] if index else None
            is_call = before is not None and before.type in {*_QUANTIFIERS, "EXISTS"}
            opened.append(before.text if is_call and before is not None else "")
        elif token.type == "RPAR" and opened:
            opened.pop()
    quantifier = next((one for one in reversed(opened) if one in {"any", "all", "none"}), "")
    return quantifier, opened[-1] if opened else ""


def _test(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the tokens of the test that the last token belongs to."""
    start = len(tokens)
    while start and tokens[start - 1].type not in _ENDS:
        start -= 1
    return tokens[start:]


def _operator(tokens: tuple[Token, ...]) -> tuple[str, tuple[str, ...], bool]:
    """Return operator, literals, and whether a list is open, behind a test's field."""
    words: list[str] = []
    literals: list[str] = []
    is_open = False
    for token in tokens:
        if token.type == "LSQB":
            is_open = True
        elif token.type == "RSQB":
            is_open = False
        elif token.type in LITERALS:
            literals.append(token.text)
        elif token.type != "COMMA":
            words.append(token.text)
    return " ".join(words), tuple(literals), is_open


def _after(text: str, end: int) -> tuple[str, ...]:
    """Return the literals between `end` and the bracket that closes the list."""
    found: list[str] = []
    for token in tokens_of("match", text[end:]):
        if token.type in {"RSQB", "LPAR", "RPAR", "LSQB", "AND_SIGN", "OR_SIGN"}:
            break
        if token.type in LITERALS:
            found.append(token.text)
    return tuple(found)

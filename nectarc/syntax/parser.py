"""Cells of a policy to trees: match expressions, actions, what invariants require.

Owns: driving the automaton over a cell, its bounds (length, nesting). Must not know: names, types,
TOON, where a cell stands. Truth: docs/language.md, sections 2 to 4; grammar/*.lark.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.source import SourceSpan
from nectarc.syntax.ast import Action, Argument, Expr, InvalidExpr, Ratio, Require
from nectarc.syntax.automaton import Automaton, Builder, Part, Token
from nectarc.syntax.cell import LENGTH_MAX, CellReading
from nectarc.syntax.tree_builders import ActionBuilder, MatchBuilder
from nectarc.toon.document import Scalar

if TYPE_CHECKING:
    from nectarc.syntax.scene import Repair

# Every stage after this one walks the tree by recursion: a level here is at most three nodes.
NESTING_MAX: Final = 64
# A cell with more slips is another language; each slip costs a pass over the rest of the cell.
_SLIPS_MAX: Final = 8


def parse_match(cell: Scalar, delimiter: str = ",") -> tuple[Expr, tuple[Diagnostic, ...]]:
    """Return the expression of a match cell, `InvalidExpr` where it cannot be read.

    delimiter: what separates the cell from its neighbours; fixes must not write it.

    Slips with one meaning (`=`, `and`) are reported and read as meant, so that the stages after
    this one can go on. Never raises. O(length).
    """
    reading = CellReading(cell, delimiter)
    example = "write a match, as `http.status >= 500`; `true` matches every trace"
    part = _read(reading, "match", MatchBuilder(reading), ("NEC051", example))
    if part is None:
        return InvalidExpr(reading.whole()), tuple(reading.found)
    node = part.node
    assert not isinstance(node, Action | Argument | Ratio | Require | tuple)  # rule `match`
    return node, tuple(reading.found)


def parse_match_text(text: str, file: str) -> tuple[Expr, tuple[Diagnostic, ...]]:
    """Return the expression of a match that stands alone; places are offsets into `text`."""
    return parse_match(Scalar(value=text, text=text, source=SourceSpan(file, 0, len(text))))


def parse_action(
    cell: Scalar, delimiter: str = ","
) -> tuple[Action | None, tuple[Diagnostic, ...]]:
    """Return the action of a cell, None where it cannot be read. Never raises."""
    reading = CellReading(cell, delimiter)
    example = "write an action: keep, drop, sample(0.01), sample(1/20)"
    part = _read(reading, "action", ActionBuilder(reading), ("NEC071", example))
    node = None if part is None else part.node
    return (node if isinstance(node, Action) else None), tuple(reading.found)


def parse_require(
    cell: Scalar, delimiter: str = ","
) -> tuple[Require | None, tuple[Diagnostic, ...]]:
    """Return what an invariant requires, None where it cannot be read. Never raises."""
    reading = CellReading(cell, delimiter)
    example = "write keep, not drop, share >= 0.1 or share <= 0.5"
    part = _read(reading, "require", ActionBuilder(reading), ("NEC076", example))
    node = None if part is None else part.node
    return (node if isinstance(node, Require) else None), tuple(reading.found)


@cache
def automaton_of(start: str) -> Automaton:
    """Return the automaton of a start rule: "match", "action" or "require"."""
    return Automaton("match" if start == "match" else "action", start)


def _read(
    reading: CellReading,
    start: str,
    build: Builder,
    when_empty: tuple[str, str],
) -> Part | None:
    text = reading.text
    if not text.strip():
        code, advice = when_empty
        reading.found.append(
            finding(code, reading.cell.source, f"the {start} is empty", help=advice)
        )
        return None
    if len(text) > LENGTH_MAX:
        reading.found.append(
            finding(
                "NEC057",
                reading.span(0, 40),
                f"the {start} has {len(text):,} characters, and {LENGTH_MAX:,} are the most",
                why="no Refinery rule can hold it",
                help="split the rule into several, or use `in` or `matches`",
            )
        )
        return None
    automaton = automaton_of(start)
    tokens = automaton.tokens(text, _bad_token)
    if text.count("(") + text.count("!") > NESTING_MAX and _reports_nesting(reading, tokens):
        return None

    def repair(tokens: list[Token], index: int, states: list[int]) -> bool:
        slip = explained(start, reading, tokens, index, automaton.accepted(states))
        reading.found.append(slip.diagnostic)
        if slip.tokens is None or len(reading.found) >= _SLIPS_MAX:
            return False
        tokens[index : index + slip.replaced] = slip.tokens
        return True

    return automaton.run(tokens, build, repair)


# What explains mistakes is imported with the first mistake: a start without one is 15 ms faster.


def _bad_token(text: str, offset: int) -> Token:
    from nectarc.syntax.bad_tokens import bad_token  # noqa: PLC0415 - see above

    return bad_token(text, offset)


def explained(
    start: str, reading: CellReading, tokens: list[Token], index: int, accepted: frozenset[str]
) -> Repair:
    """Return what to say about the token that does not fit, and how to read on."""
    from nectarc.syntax import action_mistakes, match_mistakes, scene  # noqa: PLC0415 - see above

    wrong = scene.Scene(reading, tokens, index, accepted)
    match start:
        case "match":
            return match_mistakes.explain_match(wrong)
        case "action":
            return action_mistakes.explain_action(wrong)
        case _:
            return action_mistakes.explain_require(wrong)


def _reports_nesting(reading: CellReading, tokens: list[Token]) -> bool:
    depth = signs = 0
    opened: list[int] = []
    for token in tokens:
        match token.type:
            case "NOT_SIGN":
                signs += 1
            case "LPAR":
                opened.append(signs + 1)
                depth, signs = depth + signs + 1, 0
            case "RPAR" if opened:
                depth, signs = depth - opened.pop(), 0
            case _:
                signs = 0
        if depth + signs > NESTING_MAX:
            reading.found.append(
                finding(
                    "NEC056",
                    reading.span(token.start, token.end),
                    f"more than {NESTING_MAX} parentheses and `!` stand inside one another",
                    why="no person can check such a match",
                    help="remove parentheses that change nothing, or split the rule",
                )
            )
            return True
    return False

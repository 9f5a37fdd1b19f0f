"""What is said where `&&`, `||` or the end must follow a test.

Owns: other spellings of the joiners, tests side by side. Must not know: names, types.
Truth: docs/language.md, section 3; docs/codes/NEC041, NEC043, NEC046, NEC061.
"""

from __future__ import annotations

from typing import Final

from nectarc.codes import finding
from nectarc.syntax.automaton import BAD, END, Token
from nectarc.syntax.bracket_mistakes import unclosed_bracket, unopened_bracket
from nectarc.syntax.piece_mistakes import explain_piece, unit_of
from nectarc.syntax.scene import (
    KEYWORD_OPERATORS,
    NAMES,
    NO_MEANING,
    VALUES,
    Repair,
    Scene,
    shown,
)

_TEST_STARTS: Final = frozenset(
    {"NOT_SIGN", "LPAR", "ANY", "ALL", "NONE", "EXISTS", "HAS_ROOT", "IS_ROOT", "SPAN_COUNT"}
)
_JOINERS: Final = {
    "and": ("AND_SIGN", "&&"),
    "&": ("AND_SIGN", "&&"),
    "&&&": ("AND_SIGN", "&&"),
    "or": ("OR_SIGN", "||"),
    "|": ("OR_SIGN", "||"),
    "|||": ("OR_SIGN", "||"),
}


def joiner(scene: Scene) -> Repair | None:
    """Explain another spelling of `&&` or `||`, if it is one."""
    token = scene.token
    known = _JOINERS.get(token.text.lower()) if token.type in {"NAME", BAD} else None
    if known is None or not scene.wants("AND_SIGN"):
        return None
    terminal, written = known
    return scene.go_on(
        finding(
            "NEC043",
            scene.source(),
            f"`{token.text}` is written `{written}`",
            fixes=scene.reading.replacement(f"write `{written}`", token.start, token.end, written),
        ),
        Token(terminal, written, token.start, token.end),
    )


def joiner_wanted(scene: Scene) -> Repair | None:
    """Explain a token that stands after a complete test."""
    token, before, reading = scene.token, scene.before(), scene.reading
    joined = joiner(scene)
    if joined is not None:
        return joined
    unit = unit_of(token.text) if before.type == "NUMBER" and token.type in {"NAME", BAD} else None
    if unit is not None and not before.text.startswith("-"):
        better = f"{before.text}{unit}"
        return scene.go_on(
            finding(
                "NEC046",
                scene.source(before, token),
                "a duration has no space before its unit",
                help=f"write {better}",
                fixes=reading.replacement(f"write {better}", before.start, token.end, better),
            )
        )
    if token.type == "RPAR":
        return unopened_bracket(scene)
    if token.type == END and not scene.wants(END) and scene.wants("RPAR"):
        return unclosed_bracket(scene)
    if before.type == "RAW_STRING" and before.end == token.start:
        return _inner_quote(scene, before)
    if token.type == "COMPARE" or token.type in KEYWORD_OPERATORS or token.text == "=":
        return _chained(scene, before)
    explained = explain_piece(scene)
    if explained is not None and token.type == BAD and token.text[0] not in "'\"`":
        return explained
    is_start = token.type in _TEST_STARTS or token.type in NAMES or token.type in VALUES
    if token.type == "COMMA" or is_start:
        return scene.give_up(
            finding(
                "NEC041",
                scene.source(),
                "`,` joins no tests" if token.type == "COMMA" else "two tests stand side by side",
                label="join them by `&&` or `||`",
                why="whether both must hold or one of them decides which traces are kept",
            )
        )
    return explained


def _inner_quote(scene: Scene, before: Token) -> Repair:
    return scene.give_up(
        finding(
            "NEC044",
            scene.source(before, before),
            "the string ends at its second quote, and the text goes on",
            label="'text' holds no '",
            why=NO_MEANING,
            help="a text with a ' in it stands in double quotes: \"it's\"",
        )
    )


def _chained(scene: Scene, before: Token) -> Repair:
    is_constant = before.type in {"HAS_ROOT", "IS_ROOT"}
    return scene.give_up(
        finding(
            "NEC061",
            scene.source(),
            f"`{before.text}` is a test of its own, and compared with nothing"
            if is_constant
            else f"{shown(scene.token)} follows a test that is complete",
            label="" if is_constant else "a test compares one field with one value",
            why=NO_MEANING,
            help=f"write {before.text} or !{before.text}"
            if is_constant
            else "write two tests joined by `&&`: duration > 1s && duration < 5s",
        )
    )

"""What is said where an operator must follow a field.

Owns: operators of other languages, `not` and `null`. Must not know: names, types.
Truth: docs/language.md, section 3; docs/codes/NEC042, NEC048, NEC058.
"""

from __future__ import annotations

from typing import Final

from nectarc.codes import finding
from nectarc.spelling import nearest
from nectarc.syntax.automaton import BAD, Token
from nectarc.syntax.joiner_mistakes import joiner, joiner_wanted
from nectarc.syntax.piece_mistakes import explain_piece
from nectarc.syntax.refinery_operators import absence, other_spelling
from nectarc.syntax.scene import (
    KEYWORD_OPERATORS,
    NAMES,
    NO_MEANING,
    VALUES,
    Repair,
    Scene,
    shown,
)

# What people write -> (terminal, what the language has).
_OPERATORS: Final = {
    "=": ("COMPARE", "=="),
    "===": ("COMPARE", "=="),
    "eq": ("COMPARE", "=="),
    "is": ("COMPARE", "=="),
    "equals": ("COMPARE", "=="),
    "ne": ("COMPARE", "!="),
    "gt": ("COMPARE", ">"),
    "gte": ("COMPARE", ">="),
    "ge": ("COMPARE", ">="),
    "lt": ("COMPARE", "<"),
    "lte": ("COMPARE", "<="),
    "le": ("COMPARE", "<="),
    "=>": ("COMPARE", ">="),
    "=<": ("COMPARE", "<="),
    "=~": ("MATCHES", "matches"),
    "~": ("MATCHES", "matches"),
    "~=": ("MATCHES", "matches"),
    "regex": ("MATCHES", "matches"),
    "startswith": ("STARTS_WITH", "starts_with"),
    "endswith": ("ENDS_WITH", "ends_with"),
    "includes": ("CONTAINS", "contains"),
    "has": ("CONTAINS", "contains"),
    "in": ("IN", "in"),
    "not": ("NOT", "not"),
    "contains": ("CONTAINS", "contains"),
    "matches": ("MATCHES", "matches"),
    "starts_with": ("STARTS_WITH", "starts_with"),
    "ends_with": ("ENDS_WITH", "ends_with"),
}
# What other languages call the quantifiers.
_FUNCTIONS: Final = {
    "some": "any",
    "every": "all",
    "each": "all",
    "no": "none",
    "not_any": "none",
    "has": "exists",
    "defined": "exists",
}
_OPERATOR_WORDS: Final = ("contains", "starts_with", "ends_with", "matches", "in")


def operator_wanted(scene: Scene) -> Repair | None:
    """Explain a token that stands after a field."""
    token, before = scene.token, scene.before()
    if token.type == "NAME" and before.text in {"NOT", "Not"}:
        return _not_word(scene, before)
    if token.type == "LPAR" and before.text in {"NOT", "Not"}:
        return _not_word(scene, before)
    if token.type == "LPAR" and before.type in NAMES:
        return _unknown_function(scene, before)
    if token.type == "NOT_SIGN":
        return _sign_before_operator(scene)
    if before.type in NAMES and (found := other_spelling(scene, token.start)) is not None:
        return found
    joined = joiner(scene)
    if joined is not None and before.type != "SPAN_COUNT":
        return joined
    if token.text.lower() in {"is", "is_null"} and _says_null(scene):
        return _null_test(scene)
    if token.type in {"NAME", BAD}:
        known = _OPERATORS.get(token.text) or _OPERATORS.get(token.text.lower())
        if known is None and token.type == "NAME" and token.text.lower() not in {"like", "ilike"}:
            guess = nearest(token.text, _OPERATOR_WORDS)
            known = None if guess is None else _OPERATORS[guess]
        if known is not None:
            return _operator_rewritten(scene, *known)
        if token.type == "NAME":
            return _unknown_operator(scene)
    if token.type in VALUES and before.type in NAMES:
        return scene.give_up(
            finding(
                "NEC048",
                scene.source(),
                f"there is no operator between `{before.text}` and {shown(token)}",
                why=NO_MEANING,
                help="write one of `==`, `!=`, `<`, `<=`, `>`, `>=`",
            )
        )
    return explain_piece(scene) or (None if before.type == "SPAN_COUNT" else joiner_wanted(scene))


def _not_word(scene: Scene, before: Token) -> Repair:
    return scene.give_up(
        finding(
            "NEC058",
            scene.source(before, before),
            f"`{before.text}` before a test is written `!`",
            fixes=scene.reading.replacement("write `!`", before.start, scene.token.start, "!"),
        )
    )


def _says_null(scene: Scene) -> bool:
    words = [scene.token.text.lower(), *(scene.after(step).text.lower() for step in (1, 2))]
    return "_null" in words[0] or words[1] == "null" or words[1:] == ["not", "null"]


def _null_test(scene: Scene) -> Repair:
    return scene.give_up(
        finding(
            "NEC054",
            scene.source(),
            "nothing compares with null: no test but `exists` is true of it",
            why="a field that is null makes every other test false",
            help=f"write exists({scene.before().text}), or {absence(scene.before().text)}",
        )
    )


def _operator_rewritten(scene: Scene, terminal: str, written: str) -> Repair:
    token = scene.token
    sign = scene.after()
    if token.text == "=" and sign.type == "NOT_SIGN" and sign.start == token.end:
        return _swapped_signs(scene, sign)
    is_assignment = token.text == "="
    return scene.go_on(
        finding(
            "NEC042" if is_assignment else "NEC048",
            scene.source(),
            "`=` compares nothing here: write `==`"
            if is_assignment
            else f"`{token.text}` is no operator: did you mean `{written}`?",
            why="" if is_assignment else NO_MEANING,
            fixes=scene.reading.replacement(f"write `{written}`", token.start, token.end, written),
        ),
        Token(terminal, written, token.start, token.end),
    )


def _swapped_signs(scene: Scene, sign: Token) -> Repair:
    start, end = scene.token.start, sign.end
    return scene.go_on(
        finding(
            "NEC048",
            scene.source(scene.token, sign),
            "`=!` is no operator: did you mean `!=`?",
            why=NO_MEANING,
            fixes=scene.reading.replacement("write `!=`", start, end, "!="),
        ),
        Token("COMPARE", "!=", start, end),
        replaced=2,
    )


def _unknown_operator(scene: Scene) -> Repair:
    token = scene.token
    is_like = token.text.lower() in {"like", "ilike"}
    advice = (
        "write contains, starts_with or ends_with; for a pattern, matches with a regular expression"
        if is_like
        else "the operators are == != < <= > >= in, not in, contains, not contains, starts_with, "
        "ends_with and matches"
    )
    return scene.give_up(
        finding(
            "NEC048",
            scene.source(),
            f"`{token.text}` is no operator",
            why=NO_MEANING,
            help=advice,
        )
    )


def _sign_before_operator(scene: Scene) -> Repair | None:
    token, operator = scene.token, scene.after()
    reading = scene.reading
    if operator.type in {"IN", "CONTAINS"}:
        return scene.go_on(
            finding(
                "NEC048",
                scene.source(token, operator),
                f"`!{operator.text}` is written `not {operator.text}`",
                fixes=reading.replacement(
                    f"write `not {operator.text}`",
                    token.start,
                    operator.end,
                    f"not {operator.text}",
                ),
            ),
            Token("NOT", "not", token.start, token.end),
        )
    if operator.type == BAD and operator.text in {"=", "~", "=~", "=="}:
        return scene.give_up(
            finding(
                "NEC048",
                scene.source(token, operator),
                f"`{reading.text[token.start : operator.end]}` is no operator",
                why=NO_MEANING,
                help="a negated test has its `!` before the field: !(http.route matches '^/a')"
                if "~" in operator.text
                else "write !=",
            )
        )
    return None


def _unknown_function(scene: Scene, before: Token) -> Repair:
    name = before.text
    guess = _FUNCTIONS.get(name.lower()) or nearest(name, ("any", "all", "none", "exists"))
    fixes = (
        ()
        if guess is None
        else scene.reading.replacement(f"write `{guess}`", before.start, before.end, guess)
    )
    return scene.give_up(
        finding(
            "NEC060",
            scene.source(before, before),
            f"there is no `{name}(...)`" + ("" if guess is None else f": did you mean `{guess}`?"),
            why=NO_MEANING,
            help="" if name.lower() in _FUNCTIONS else _function_advice(name),
            fixes=fixes,
        )
    )


def _function_advice(name: str) -> str:
    if name.lower() in {"count", "length", "size", "len"}:
        return "the spans of a trace are counted by span_count, as in span_count > 100"
    known = _OPERATORS.get(name.rpartition(".")[2].lower())
    if known is not None and known[1] in _OPERATOR_WORDS:
        return f"the operator stands between field and text: service {known[1]} 'web'"
    return "any(...), all(...), none(...) ask the spans of a trace; exists(...) asks for a field"


def negation_wanted(scene: Scene) -> Repair | None:
    """Explain a token that stands after a field and `not`."""
    token, before, field = scene.token, scene.before(), scene.before(2)
    found = other_spelling(scene, before.start)
    if found is not None:
        return found
    known = {"in": "IN", "contains": "CONTAINS"}.get(token.text.lower())
    if known is not None:
        return _operator_rewritten(scene, known, token.text.lower())
    if token.type not in {*KEYWORD_OPERATORS, "COMPARE"}:
        return None
    return scene.give_up(
        finding(
            "NEC048",
            scene.source(before, token),
            f"`not {token.text}` is no operator",
            label="only `not in` and `not contains` are",
            why=NO_MEANING,
            help=f"negate the whole test: !({field.text} {token.text} ...)",
        )
    )

"""What is said about a match that cannot be read, in the words of the person who wrote it.

Owns: an explanation for each place of the grammar and each slip known there. Must not know: names,
types, quantifier rules. Truth: docs/language.md, section 3; docs/codes/NEC04x to NEC06x.
"""

from __future__ import annotations

from typing import Final

from nectarc.diagnostic import Edit, Fix, Label
from nectarc.spelling import nearest
from nectarc.syntax.automaton import BAD, END, Token
from nectarc.syntax.cell import finding
from nectarc.syntax.piece_mistakes import explain_piece, unit_of
from nectarc.syntax.scene import (
    NAMES,
    NO_MEANING,
    VALUES,
    Repair,
    Scene,
    expected_words,
    shown,
)
from nectarc.syntax.value_mistakes import explain_list, explain_value

_JOINERS: Final = {
    "and": ("AND_SIGN", "&&"),
    "&": ("AND_SIGN", "&&"),
    "&&&": ("AND_SIGN", "&&"),
    "or": ("OR_SIGN", "||"),
    "|": ("OR_SIGN", "||"),
    "|||": ("OR_SIGN", "||"),
}
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
_OPERATOR_WORDS: Final = ("contains", "starts_with", "ends_with", "matches", "in")
_TEST_STARTS: Final = frozenset(
    {"NOT_SIGN", "LPAR", "ANY", "ALL", "NONE", "EXISTS", "HAS_ROOT", "IS_ROOT", "SPAN_COUNT"}
)
_KEYWORD_OPERATORS: Final = frozenset({"IN", "CONTAINS", "STARTS_WITH", "ENDS_WITH", "MATCHES"})


def explain_match(scene: Scene) -> Repair:
    """Explain why the wrong token of `scene` does not fit into a match."""
    if scene.wants("NUMBER", "STRING") and not scene.wants("NOT_SIGN"):
        explained = explain_value(scene)
    elif scene.wants("NOT_SIGN"):
        explained = explain_piece(scene) or _test_wanted(scene)
    elif scene.wants("COMPARE"):
        explained = _operator_wanted(scene)
    elif scene.accepted == {"LPAR"}:
        explained = _parenthesis_wanted(scene)
    elif scene.wants("RSQB") or scene.accepted == {"LSQB"}:
        explained = explain_piece(scene) or explain_list(scene)
    elif scene.accepted == {"IN", "CONTAINS"}:
        explained = _negation_wanted(scene)
    else:
        explained = _joiner_wanted(scene)
    return explained or explain_piece(scene) or _generic(scene)


def _generic(scene: Scene) -> Repair:
    words = expected_words(scene.accepted)
    return scene.give_up(
        finding(
            "NEC040",
            scene.source(),
            f"expected {words}, found {shown(scene.token)}",
            why=NO_MEANING,
        )
    )


def _test_wanted(scene: Scene) -> Repair | None:
    token, before = scene.token, scene.before()
    reading = scene.reading
    if token.type == "NOT":
        end = token.end
        while reading.text[end : end + 1].isspace():
            end += 1
        return scene.go_on(
            finding(
                "NEC058",
                scene.source(),
                "`not` before a test is written `!`",
                advice="`not` stands only in `not in` and `not contains`",
                fixes=reading.replacement("write `!`", token.start, end, "!"),
            ),
            Token("NOT_SIGN", "!", token.start, token.end),
        )
    if token.type in {"AND_SIGN", "OR_SIGN", END, "RPAR"}:
        return _missing_test(scene, before)
    if token.type in VALUES:
        return _value_first(scene)
    if token.type == "COMPARE" or token.type in _KEYWORD_OPERATORS or token.text[0] in "=~":
        return scene.give_up(
            finding(
                "NEC049",
                scene.source(),
                f"{shown(token)} needs a field on its left",
                why=NO_MEANING,
                advice=f"write the field that is meant: http.status {token.text} ..."
                if token.type != BAD
                else "write the field that is meant, and then the test",
            )
        )
    return None


def _missing_test(scene: Scene, before: Token) -> Repair:
    token = scene.token
    if before.type in {"AND_SIGN", "OR_SIGN", "NOT_SIGN"}:
        side = "after it" if before.type == "NOT_SIGN" else "on its right"
        wrong = before
    elif token.type in {"AND_SIGN", "OR_SIGN"}:
        side, wrong = "on its left", token
    elif token.type == "RPAR" and before.type == "LPAR":
        return scene.give_up(
            finding(
                "NEC041",
                scene.source(before, token),
                "there is no test between the parentheses",
                why=NO_MEANING,
                advice="write a test, as `http.status >= 500`",
            )
        )
    elif token.type == "RPAR":
        return _unopened(scene)
    else:
        return unclosed_bracket(scene)
    return scene.give_up(
        finding(
            "NEC041",
            scene.source(wrong, wrong),
            f"`{wrong.text}` needs a test {side}",
            why=NO_MEANING,
            advice="write the test, or remove the sign",
        )
    )


def _value_first(scene: Scene) -> Repair:
    token, operator, field = scene.token, scene.after(), scene.after(2)
    reading = scene.reading
    flipped = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
    fixes: tuple[Fix, ...] = ()
    advice = "write the field, then the operator, then the value"
    if operator.type == "COMPARE" and field.type in NAMES and scene.after(3).type != "COMPARE":
        better = f"{field.text} {flipped[operator.text]} {token.text}"
        advice = f"write {better}"
        fixes = reading.replacement("turn the test round", token.start, field.end, better)
    return scene.give_up(
        finding(
            "NEC061",
            scene.source(),
            f"{shown(token)} stands where a field must",
            label="the field stands on the left of a test",
            why=NO_MEANING,
            advice=advice,
            fixes=fixes,
        )
    )


def _operator_wanted(scene: Scene) -> Repair | None:
    token, before = scene.token, scene.before()
    reading = scene.reading
    if token.type == "NAME" and before.text in {"NOT", "Not"}:
        return scene.give_up(
            finding(
                "NEC058",
                scene.source(before, before),
                f"`{before.text}` before a test is written `!`",
                fixes=reading.replacement("write `!`", before.start, token.start, "!"),
            )
        )
    if token.type == "LPAR" and before.type in NAMES:
        return _unknown_function(scene, before)
    if token.type == "NOT_SIGN":
        return _sign_before_operator(scene)
    joiner = _joiner(scene)
    if joiner is not None and before.type != "SPAN_COUNT":
        return joiner
    if token.type in {"NAME", BAD}:
        known = _OPERATORS.get(token.text) or _OPERATORS.get(token.text.lower())
        if known is None and token.type == "NAME" and token.text.lower() not in {"like", "ilike"}:
            guess = nearest(token.text.lower(), _OPERATOR_WORDS)
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
                advice="write one of `==`, `!=`, `<`, `<=`, `>`, `>=`",
            )
        )
    return explain_piece(scene) or (None if before.type == "SPAN_COUNT" else _joiner_wanted(scene))


def _operator_rewritten(scene: Scene, terminal: str, written: str) -> Repair:
    token = scene.token
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
            advice=advice,
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
                advice="a negated test has its `!` before the field: !(http.route matches '^/a')"
                if "~" in operator.text
                else "write !=",
            )
        )
    return None


def _unknown_function(scene: Scene, before: Token) -> Repair:
    name = before.text
    guess = nearest(name.lower(), ("any", "all", "none", "exists"))
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
            advice="any(...), all(...), none(...) ask the spans of a trace; exists(...) asks for a "
            "field",
            fixes=fixes,
        )
    )


def _parenthesis_wanted(scene: Scene) -> Repair:
    before, reading = scene.before(), scene.reading
    word = before.text
    is_operator = scene.token.type in {"COMPARE", *_KEYWORD_OPERATORS} or scene.token.text == "="
    return scene.give_up(
        finding(
            "NEC052" if is_operator else "NEC060",
            scene.source(before, before),
            f"`{word}` is a keyword, no field name"
            if is_operator
            else f"`{word}` needs parentheses",
            why=NO_MEANING,
            advice=f"a field that is really named so stands in backticks: `{word}`"
            if is_operator
            else f"write {word}(...) with what it asks for between the parentheses",
            fixes=reading.replacement(
                "put the name in backticks", before.start, before.end, f"`{word}`"
            )
            if is_operator
            else (),
        )
    )


def _negation_wanted(scene: Scene) -> Repair | None:
    token, before, field = scene.token, scene.before(), scene.before(2)
    if token.type not in {*_KEYWORD_OPERATORS, "COMPARE"}:
        return None
    return scene.give_up(
        finding(
            "NEC048",
            scene.source(before, token),
            f"`not {token.text}` is no operator",
            label="only `not in` and `not contains` are",
            why=NO_MEANING,
            advice=f"negate the whole test: !({field.text} {token.text} ...)",
        )
    )


def _joiner(scene: Scene) -> Repair | None:
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


def _joiner_wanted(scene: Scene) -> Repair | None:
    token, before, reading = scene.token, scene.before(), scene.reading
    joiner = _joiner(scene)
    if joiner is not None:
        return joiner
    unit = unit_of(token.text) if before.type == "NUMBER" and token.type in {"NAME", BAD} else None
    if unit is not None and not before.text.startswith("-"):
        better = f"{before.text}{unit}"
        return scene.go_on(
            finding(
                "NEC046",
                scene.source(before, token),
                "a duration has no space before its unit",
                advice=f"write {better}",
                fixes=reading.replacement(f"write {better}", before.start, token.end, better),
            )
        )
    if token.type == "RPAR":
        return _unopened(scene)
    if token.type == END:
        return unclosed_bracket(scene)
    if token.type == "COMPARE" or token.type in _KEYWORD_OPERATORS or token.text == "=":
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
            advice=f"write {before.text} or !{before.text}"
            if is_constant
            else "write two tests joined by `&&`: duration > 1s && duration < 5s",
        )
    )


def _unopened(scene: Scene) -> Repair:
    token = scene.token
    return scene.give_up(
        finding(
            "NEC050",
            scene.source(),
            "this `)` closes nothing",
            why=NO_MEANING,
            advice="remove it, or write the `(` that it closes",
            fixes=(
                Fix("remove it", (Edit(scene.reading.span(token.start, token.end), ""),)),
            ),
        )
    )


def unclosed_bracket(scene: Scene) -> Repair:
    """Say which bracket the end of the cell leaves open."""
    pairs = {"LPAR": "RPAR", "LSQB": "RSQB"}
    openers: list[Token] = []
    for token in scene.tokens[: scene.index]:
        if token.type in pairs:
            openers.append(token)
        elif token.type in pairs.values() and openers:
            openers.pop()
    if not openers:
        return _generic(scene)
    reading, opener = scene.reading, openers[-1]
    closing = ")" if opener.type == "LPAR" else "]"
    advice = f"write `{closing}`"
    if not reading.cell.is_quoted and scene.before().type != "COMMA":
        advice += '; a cell with commas stands in "..." as a whole, or the table names another '
        advice += "delimiter"
    return scene.give_up(
        finding(
            "NEC050",
            reading.span(opener.start, opener.end),
            f"this `{opener.text}` is never closed",
            why=NO_MEANING,
            advice=advice,
            related=(Label(scene.source(), "the cell ends here"),),
        )
    )

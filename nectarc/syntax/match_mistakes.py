"""What is said about a match that cannot be read, in the words of the person who wrote it.

Owns: which part of the grammar a mistake stands in, and the mistakes where a test must start.
Must not know: names, types, quantifier rules. Truth: docs/language.md, section 3; docs/codes/.
"""

from __future__ import annotations

from nectarc.codes import finding
from nectarc.diagnostic import Fix
from nectarc.syntax.automaton import BAD, END, Token
from nectarc.syntax.bracket_mistakes import unclosed_bracket, unopened_bracket
from nectarc.syntax.joiner_mistakes import joiner_wanted
from nectarc.syntax.literals import is_plain_name
from nectarc.syntax.operator_mistakes import negation_wanted, operator_wanted
from nectarc.syntax.piece_mistakes import explain_piece, name_in_backticks
from nectarc.syntax.scene import (
    KEYWORD_OPERATORS,
    NAMES,
    NO_MEANING,
    VALUES,
    Repair,
    Scene,
    expected_words,
    shown,
)
from nectarc.syntax.value_mistakes import explain_list, explain_value


def explain_match(scene: Scene) -> Repair:
    """Explain why the wrong token of `scene` does not fit into a match."""
    if scene.wants("NUMBER", "STRING") and not scene.wants("NOT_SIGN"):
        explained = explain_value(scene)
    elif scene.accepted == NAMES:
        explained = explain_piece(scene) or _field_wanted(scene)
    elif scene.wants("NOT_SIGN") and _is_name_with_digit(scene):
        explained = name_in_backticks(scene, scene.token.start)
    elif scene.wants("NOT_SIGN"):
        explained = explain_piece(scene) or _test_wanted(scene)
    elif scene.wants("COMPARE"):
        explained = operator_wanted(scene)
    elif scene.accepted == {"LPAR"}:
        explained = _parenthesis_wanted(scene)
    elif scene.wants("RSQB") or scene.accepted == {"LSQB"}:
        explained = explain_piece(scene) or explain_list(scene)
    elif scene.accepted == {"IN", "CONTAINS"}:
        explained = negation_wanted(scene)
    else:
        explained = joiner_wanted(scene)
    return explained or explain_piece(scene) or _generic(scene)


def _is_name_with_digit(scene: Scene) -> bool:
    text = scene.token.text
    is_word = scene.token.type == BAD and text[0].isdecimal() and not text.isdecimal()
    return is_word and scene.after().type in {"COMPARE", "IN", "CONTAINS", "MATCHES", "NOT"}


def _field_wanted(scene: Scene) -> Repair:
    token = scene.token
    is_text = token.type in {"STRING", "RAW_STRING"}
    name = token.text[1:-1] if is_text else token.text
    better = name if is_plain_name(name) else f"`{name}`"
    return scene.give_up(
        finding(
            "NEC052",
            scene.source(),
            f"`exists` asks for the name of a field, found {shown(token)}",
            why=NO_MEANING,
            help=f"write exists({better})" if is_text else "write exists(http.route)",
            fixes=scene.reading.replacement(f"write {better}", token.start, token.end, better)
            if is_text
            else (),
        )
    )


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
                help="`not` stands only in `not in` and `not contains`",
                fixes=reading.replacement("write `!`", token.start, end, "!"),
            ),
            Token("NOT_SIGN", "!", token.start, token.end),
        )
    if token.type in {"AND_SIGN", "OR_SIGN", END, "RPAR"}:
        return _missing_test(scene, before)
    if token.type in VALUES:
        return _value_first(scene)
    if token.type == "COMPARE" or token.type in KEYWORD_OPERATORS or token.text[0] in "=~":
        return scene.give_up(
            finding(
                "NEC049",
                scene.source(),
                f"{shown(token)} needs a field on its left",
                why=NO_MEANING,
                help=_field_advice(scene),
            )
        )
    return None


def _field_advice(scene: Scene) -> str:
    if scene.token.type == BAD:
        return "write the field that is meant, and then the test"
    field = (_test_before(scene) or "http.status").split(" ", maxsplit=1)[0]
    return f"write the field that is meant: {field} {scene.token.text} ..."


def _test_before(scene: Scene) -> str:
    """Return field and operator of a comparison that a joiner follows, "" without one."""
    field, operator, value = scene.before(4), scene.before(3), scene.before(2)
    is_test = field.type in NAMES and operator.type in {"COMPARE", *KEYWORD_OPERATORS}
    return f"{field.text} {operator.text}" if is_test and value.type in VALUES else ""


def _missing_test(scene: Scene, before: Token) -> Repair | None:
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
                help="write a test, as `http.status >= 500`",
            )
        )
    elif token.type == "RPAR":
        return unopened_bracket(scene)
    elif before.type == "LPAR":
        return unclosed_bracket(scene)
    else:
        return None
    return scene.give_up(
        finding(
            "NEC041",
            scene.source(wrong, wrong),
            f"`{wrong.text}` needs a test {side}",
            why=NO_MEANING,
            help="write the test, or remove the sign",
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
    elif (tested := _test_before(scene)) and scene.before().type in {"OR_SIGN", "AND_SIGN"}:
        advice = f"write the field again: {tested} {token.text}"
    return scene.give_up(
        finding(
            "NEC061",
            scene.source(),
            f"{shown(token)} stands where a field must",
            label="the field stands on the left of a test",
            why=NO_MEANING,
            help=advice,
            fixes=fixes,
        )
    )


def _parenthesis_wanted(scene: Scene) -> Repair:
    before, reading = scene.before(), scene.reading
    word = before.text
    is_operator = scene.token.type in {"COMPARE", *KEYWORD_OPERATORS} or scene.token.text == "="
    return scene.give_up(
        finding(
            "NEC052" if is_operator else "NEC060",
            scene.source(before, before),
            f"`{word}` is a keyword, no field name"
            if is_operator
            else f"`{word}` needs parentheses",
            why=NO_MEANING,
            help=f"a field that is really named so stands in backticks: `{word}`"
            if is_operator
            else f"write {word}(...) with what it asks for between the parentheses",
            fixes=reading.replacement(
                "put the name in backticks", before.start, before.end, f"`{word}`"
            )
            if is_operator
            else (),
        )
    )

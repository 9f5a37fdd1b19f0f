"""What is said where a match must have a value or a list of values.

Owns: texts without quotes, missing values, lists in wrong brackets. Must not know: types.
Truth: docs/language.md, section 3; docs/codes/NEC054, NEC055.
"""

from __future__ import annotations

from nectarc.codes import finding
from nectarc.diagnostic import Edit, Fix
from nectarc.syntax.automaton import BAD, END, Token
from nectarc.syntax.bracket_mistakes import unclosed_bracket
from nectarc.syntax.piece_mistakes import explain_piece
from nectarc.syntax.refinery_operators import absence
from nectarc.syntax.scene import (
    KEYWORD_OPERATORS,
    NAMES,
    NO_MEANING,
    VALUES,
    Repair,
    Scene,
    shown,
)


def explain_value(scene: Scene) -> Repair | None:
    """Explain a token that stands where a literal must."""
    token, before = scene.token, scene.before()
    if token.type == "NAME" or (token.type == BAD and token.text[0].isalpha()):
        return _bare_text(scene)
    if token.text[0:1] == "/":
        return _bare_text(scene)
    if token.type == "LSQB" and before.type in KEYWORD_OPERATORS:
        return _list_of_texts(scene, before)
    if token.type == BAD and before.type == "COMPARE" and token.text[0] in "=~":
        return _operator_in_two(scene, before)
    if token.type == "COMPARE" and before.type == "COMPARE":
        return _operator_in_two(scene, before)
    if token.type == "LSQB" and before.type == "COMPARE" and before.text in {"==", "!="}:
        better = "in" if before.text == "==" else "not in"
        return scene.give_up(
            finding(
                "NEC055",
                scene.source(before, before),
                f"`{before.text}` compares with one value: a list needs `{better}`",
                why=NO_MEANING,
                fixes=scene.reading.replacement(
                    f"write `{better}`", before.start, before.end, better
                ),
            )
        )
    if before.type == "COMMA" and token.type in {"RSQB", "COMMA"}:
        return _spare_comma(scene, before)
    if before.type in {"LSQB", "COMMA"} and token.type == END:
        return unclosed_bracket(scene)
    if before.type == "LSQB" and token.type == "RSQB":
        return scene.give_up(
            finding(
                "NEC055",
                scene.source(before, token),
                "the list is empty",
                why="no value is in an empty list, so the test could never be true",
                help="write the values between the brackets",
            )
        )
    if token.type in {END, "RPAR", "AND_SIGN", "OR_SIGN"}:
        return scene.give_up(
            finding(
                "NEC054",
                scene.source(before, before),
                f"{shown(before)} needs a value on its right",
                why=NO_MEANING,
                help="write a number, a duration, a text in quotes, `true` or `false`",
            )
        )
    return explain_piece(scene)


def _bare_text(scene: Scene) -> Repair:
    token, reading = scene.token, scene.reading
    end, covered = scene.run_end(token.start, is_text=True)
    word = reading.text[token.start : end]
    folded = word.lower()
    is_pattern = scene.before().type == "MATCHES" and len(word) > 2 and word[0] == word[-1] == "/"
    text = word[1:-1] if is_pattern else word
    if folded in {"null", "nil", "undefined"}:
        field = scene.before(2).text if scene.before(2).type in NAMES else "field"
        return scene.give_up(
            finding(
                "NEC054",
                scene.source(),
                f"`{word}` is no value: no test but `exists` is true of null",
                why="a field that is null makes every comparison false",
                help=f"write exists({field}), or {absence(field)}",
            )
        )
    if folded in {"true", "false"}:
        better, kind = folded, folded.upper()
        headline = f"`{word}` is written `{folded}`"
        advice = ""
    else:
        better, kind = f"'{text}'", "RAW_STRING"
        headline = f"the text `{text[:60]}` stands in quotes"
        advice = f"write {better}"
        if token.type == "NAME" and "." in token.text:
            advice += "; a test compares a field with a value, never with another field"
    replacing = Token(kind, better, token.start, max(end, token.end))
    return scene.go_on(
        finding(
            "NEC054",
            reading.span(token.start, end),
            headline,
            why=NO_MEANING,
            help=advice,
            fixes=reading.replacement(f"write {better}", token.start, end, better),
        ),
        replacing,
        replaced=max(covered, 1),
    )


def _list_of_texts(scene: Scene, before: Token) -> Repair:
    return scene.give_up(
        finding(
            "NEC055",
            scene.source(),
            f"`{before.text}` looks for one text, not for a list",
            why=NO_MEANING,
            help=f"write one test a text, joined by `||`: name {before.text} 'a' || name "
            f"{before.text} 'b'",
        )
    )


def _operator_in_two(scene: Scene, before: Token) -> Repair:
    reading, token = scene.reading, scene.token
    written = reading.text[before.start : token.end]
    better = {
        "===": "==",
        "!==": "!=",
        "<>": "!=",
        "><": "!=",
        ">==": ">=",
        "<==": "<=",
        "==~": "matches",
    }.get(written, "")
    return scene.give_up(
        finding(
            "NEC048",
            scene.source(before, token),
            f"`{written}` is no operator" + (f": did you mean `{better}`?" if better else ""),
            why=NO_MEANING,
            help="" if better else "write one of `==`, `!=`, `<`, `<=`, `>`, `>=`",
            fixes=reading.replacement(f"write `{better}`", before.start, token.end, better)
            if better
            else (),
        )
    )


def _spare_comma(scene: Scene, before: Token) -> Repair:
    token = scene.token
    is_double = token.type == "COMMA"
    edit = Edit(scene.reading.span(before.start, before.end), "")
    return scene.give_up(
        finding(
            "NEC055",
            scene.source(before, before),
            "there is no value between two commas" if is_double else "the list ends with a comma",
            why=NO_MEANING,
            help="write the value that is missing, or remove the comma",
            fixes=() if is_double else (Fix("remove the comma", (edit,), is_safe=True),),
        )
    )


def explain_list(scene: Scene) -> Repair | None:
    """Explain a token that stands where a list must open, go on or close."""
    token, before, reading = scene.token, scene.before(), scene.reading
    if token.type == END and scene.wants("RSQB"):
        return unclosed_bracket(scene)
    if scene.wants("RSQB"):
        is_value = token.type in VALUES or token.type in NAMES
        return scene.give_up(
            finding(
                "NEC055",
                scene.source(),
                "there is no comma between two values of the list"
                if is_value
                else f"expected `,` or `]` in the list, found {shown(token)}",
                why=NO_MEANING,
                help="write the values with commas between them: [500, 502]",
            )
        )
    better = ""
    end = token.end
    if token.type in VALUES and scene.after().type != "COMMA":
        better = f"[{token.text}]"
    elif token.type == "LPAR":
        closing = reading.text.find(")", token.end)
        if closing > 0:
            end = closing + 1
            better = f"[{reading.text[token.end : closing]}]"
    return scene.give_up(
        finding(
            "NEC055",
            scene.source(),
            f"`{before.text}` needs a list in brackets, found {shown(token)}",
            why=NO_MEANING,
            help="write a list: http.status in [500, 502]",
            fixes=reading.replacement(f"write {better}", token.start, end, better)
            if better
            else (),
        )
    )

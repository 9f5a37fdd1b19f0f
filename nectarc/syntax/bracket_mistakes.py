"""What is said about parentheses and brackets without their partners, in all cells.

Owns: NEC050. Must not know: the sentences of match or action. Truth: docs/language.md, section 3.
"""

from __future__ import annotations

from nectarc.codes import finding
from nectarc.diagnostic import Edit, Fix, InternalError, Label
from nectarc.syntax.automaton import Token
from nectarc.syntax.scene import NO_MEANING, Repair, Scene


def unopened_bracket(scene: Scene) -> Repair:
    """Say that the closing parenthesis closes nothing."""
    token = scene.token
    return scene.give_up(
        finding(
            "NEC050",
            scene.source(),
            "this `)` closes nothing",
            why=NO_MEANING,
            help="remove it, or write the `(` that it closes",
            fixes=(Fix("remove it", (Edit(scene.reading.span(token.start, token.end), ""),)),),
        )
    )


def unclosed_bracket(scene: Scene) -> Repair:
    """Say which bracket the end of the cell leaves open."""
    pairs = {"LPAR": "RPAR", "LSQB": "RSQB"}
    openers: list[Token] = []
    is_list = False
    for place, token in enumerate(scene.tokens[: scene.index]):
        if token.type in pairs:
            openers.append(token)
            is_list = token.type == "LSQB" or scene.tokens[place - 1].type == "NAME"
        elif token.type in pairs.values() and openers:
            openers.pop()
    if not openers:
        opened = ", ".join(sorted(scene.accepted))
        raise InternalError(f"no bracket is open, and the end of the cell is not one of {opened}")
    reading, opener = scene.reading, openers[-1]
    closing = ")" if opener.type == "LPAR" else "]"
    advice = f"write `{closing}`"
    if is_list and not reading.cell.is_quoted:
        advice += '; a cell with commas stands in "..." as a whole, or the table names another '
        advice += "delimiter"
    return scene.give_up(
        finding(
            "NEC050",
            reading.span(opener.start, opener.end),
            f"this `{opener.text}` is never closed",
            why=NO_MEANING,
            help=advice,
            related=(Label(scene.source(), "the cell ends here"),),
        )
    )

"""Where in an action, or in what an invariant requires, the cursor is.

Owns: `action_place`. Must not know: which actions there are, the protocol.
Truth: grammar/action.lark, by its automaton (nectarc/syntax/expected.py).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from nectarc.records import record
from nectarc.syntax.automaton import Token
from nectarc.syntax.expected import expected, tokens_of
from nectarc_lsp.features.places_typed import Typed, typed_at

_WORDS: Final = frozenset({"NAME", "KEEP", "DROP", "SHARE"})


@record(kw_only=True)
class ActionPlace:
    """A place in an action or a requirement. Indexes are of the cell's text.

    typed:     the token that is typed.
    accepted:  the terminals that the grammar takes in its place.
    action:    the name in front of the parentheses that the place is in, "" outside.
    parameter: the parameter whose value is written, "" where a name is.
    given:     the parameters that the action has, also behind the place.
    is_listed: inside the brackets of a list; `listed`: its items, as written.
    argument:  how many commas of the arguments stand before.
    words:     the tokens before, as written.
    follows:   the terminal behind the token that is typed, "" at the end of the cell.
    """

    typed: Typed
    accepted: frozenset[str]
    action: str = ""
    parameter: str = ""
    given: tuple[str, ...] = ()
    is_listed: bool = False
    listed: tuple[str, ...] = ()
    argument: int = 0
    words: tuple[str, ...] = ()
    follows: str = ""


def action_place(text: str, at: int, start: str = "action") -> ActionPlace:
    """Return the place at index `at` of a cell that `start` reads ("action", "require").

    Never raises; O(length).
    """
    typed = typed_at(text, at)
    found = expected(start, text[: typed.start])
    before = found.tokens
    after = tokens_of(start, text[typed.end :])
    depth = listed = argument = 0
    parameter = ""
    items: list[str] = []
    for index, token in enumerate(before):
        match token.type:
            case "LPAR":
                depth += 1
            case "RPAR":
                depth -= 1
            case "LSQB":
                listed, items = listed + 1, []
            case "RSQB":
                listed -= 1
            case "COMMA" if not listed:
                argument, parameter = argument + 1, ""
            case "COLON" if index:
                parameter = before[index - 1].text
            case _ if listed and token.type != "COMMA":
                items.append(token.text)
    is_listed = listed > 0
    is_called = depth > 0 and before[0].type in _WORDS
    return ActionPlace(
        typed=typed,
        accepted=found.accepted,
        action=before[0].text if is_called else "",
        parameter=parameter if is_called else "",
        given=(*_names(before), *_names(after)),
        is_listed=is_listed,
        listed=(*(items if is_listed else ()), *(_items(after) if is_listed else ())),
        argument=argument,
        words=tuple(one.text for one in before),
        follows=after[0].type if after else "",
    )


def _names(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    """Return the words in front of colons."""
    return tuple(one.text for one, colon in pairwise(tokens) if colon.type == "COLON")


def _items(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    """Return the items of an open list, up to its bracket."""
    found: list[str] = []
    for index, token in enumerate(tokens):
        follows = tokens[index + 1].type if index + 1 < len(tokens) else ""
        if token.type in {"RSQB", "RPAR"} or follows == "COLON":
            break
        if token.type != "COMMA":
            found.append(token.text)
    return tuple(found)

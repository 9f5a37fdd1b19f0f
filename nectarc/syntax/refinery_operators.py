"""What is said of operators that Refinery or plain English has, and the language spells otherwise.

Owns: `starts-with`, `does-not-contain`, `not-in`, `exists` after its field, `between`. Must not
know: types. Truth: docs/language.md, section 3; ../shared/reference/refinery-semantics.md, 2.4.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.codes import finding
from nectarc.syntax.automaton import Token
from nectarc.syntax.scene import NAMES, NO_MEANING, Repair, Scene

# The first letters decide cheaply whether the rest is looked at.
_WORDS: Final = re.compile(
    r"(?P<start>starts?[ -]+with)\b|(?P<end>ends?[ -]+with)\b"
    r"|(?P<lack>(?:does|do)[ _-]+not[ _-]+contains?|not[_-]contains?)\b|(?P<out>not[_-]in)\b",
    re.IGNORECASE,
)
_ABSENT: Final = re.compile(r"(?:not|does[ _-]+not)[ _-]+exists?\b", re.IGNORECASE)
# An open quantifier: what follows is asked of one span.
_QUANTIFIER_OPEN: Final = re.compile(r"\b(?:any|all|none)\s*\([^()]*(?:\([^()]*\)[^()]*)*$")
_BETWEEN: Final = re.compile(
    r"between\s+(?P<low>[\w.+-]+)\s+(?:and|&&)\s+(?P<high>[\w.+-]+)", re.IGNORECASE
)
_NOT: Final = ("NOT", "not")
_OURS: Final = {
    "start": (("STARTS_WITH", "starts_with"),),
    "end": (("ENDS_WITH", "ends_with"),),
    "lack": (_NOT, ("CONTAINS", "contains")),
    "out": (_NOT, ("IN", "in")),
}


def other_spelling(scene: Scene, start: int) -> Repair | None:
    """Explain an operator that is written otherwise, if one begins at offset `start`.

    `start` is that of the wrong token, or of the `not` before it, which has been read.
    """
    text, token = scene.reading.text, scene.token
    absent = _ABSENT.match(text, start)
    is_alone = scene.after().type != "LPAR"
    if absent is not None or (token.type == "EXISTS" and is_alone):
        return _exists_last(scene, start, absent)
    span = _BETWEEN.match(text, start)
    if span is not None:
        return _between(scene, start, span)
    hit = _WORDS.match(text, start)
    if hit is None or hit.lastgroup is None:
        return None
    ours = _OURS[hit.lastgroup]
    written = " ".join(word for _, word in ours)
    is_not_read = start < token.start
    tokens = [Token(terminal, word, start, hit.end()) for terminal, word in ours]
    return scene.go_on(
        finding(
            "NEC048",
            scene.reading.span(start, hit.end()),
            f"`{hit.group()}` is written `{written}`",
            fixes=scene.reading.replacement(f"write `{written}`", start, hit.end(), written),
        ),
        *(tokens[1:] if is_not_read else tokens),
        replaced=_covered(scene, hit.end()),
    )


def absence(name: str, *, is_in_body: bool = False) -> str:
    """Return how to ask for the absence of the field written `name`, of a span or of any."""
    is_one_value = is_in_body or name.startswith("root.")
    return f"!exists({name})" if is_one_value else f"none(exists({name}))"


def _exists_last(scene: Scene, start: int, absent: re.Match[str] | None) -> Repair | None:
    field = scene.before(2 if start < scene.token.start else 1)
    if field.type not in NAMES:
        return None
    end = scene.token.end if absent is None else absent.end()
    is_in_body = _QUANTIFIER_OPEN.search(scene.reading.text[: field.start]) is not None
    better = (
        f"exists({field.text})" if absent is None else absence(field.text, is_in_body=is_in_body)
    )
    written = scene.reading.text[start:end]
    return scene.give_up(
        finding(
            "NEC061",
            scene.reading.span(start, end),
            f"`{written}` stands behind its field",
            why=NO_MEANING,
            help=f"write {better}",
            fixes=scene.reading.replacement(f"write {better}", field.start, end, better)
            if absent is None
            else (),
        )
    )


def _between(scene: Scene, start: int, span: re.Match[str]) -> Repair:
    field, low, high = scene.before().text, span["low"], span["high"]
    both = f"{field} >= {low} && {field} <= {high}"
    better = both if field.startswith("root.") else f"any({both})"
    return scene.give_up(
        finding(
            "NEC048",
            scene.reading.span(start, start + len("between")),
            f"`{span.group()[:7]}` is no operator",
            why=NO_MEANING,
            help=f"write {better}",
        )
    )


def _covered(scene: Scene, end: int) -> int:
    """Return how many tokens from the wrong one on begin before offset `end`."""
    count = 1
    while scene.after(count).start < end and scene.after(count) is not scene.after(count - 1):
        count += 1
    return count

"""What references mean before it is known of what: "its errors", "the latter", "half of that".

Owns: the functions of these aliases. Must not know: clauses, what was said before.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.meanings_tests import cond, leaf
from nectarc.offline.phrases import Definition, Model, Part, Phrase, Rate, Slot
from nectarc.offline.references import BELOW, reference, references_in
from nectarc.offline.selectors import EVERY, Open, Test, is_on_span, same, some
from nectarc.offline.tokens import Length

_PARTS: Final = {
    "half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4),
    "fifth": Fraction(1, 5), "tenth": Fraction(1, 10), "twice": Fraction(2),
    "double": Fraction(2), "two": Fraction(2), "three": Fraction(3), "triple": Fraction(3),
    "four": Fraction(4), "five": Fraction(5), "ten": Fraction(10),
}  # fmt: skip


def _reference(parts: tuple[Meaning, ...]) -> Open:
    one = leaf(parts, 0)
    return reference(one.text, one.start, one.end)


def _owner(parts: tuple[Meaning, ...]) -> Open:
    one = next(one for one in parts if isinstance(one, Leaf) and one.name in ("THEIR", "OWNER"))
    return reference(one.text, one.start, one.end)


def _of_owner(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "its slow requests": of what was named before, and slow."""
    phrases = [one for one in parts if isinstance(one, Phrase)]
    if any(_is_vague(one) for one in phrases):
        return None
    owner = _owner(parts)
    is_other = any(isinstance(one, Leaf) and one.name == "OTHER" for one in parts)
    about = some(same((owner, one.cond)) for one in phrases)
    return Phrase(about, is_other=is_other, has_place=True)


def _is_vague(one: Phrase) -> bool:
    is_bare = one.is_rest or one.is_other or one.cond == EVERY
    return is_bare or one.has_place or bool(references_in(one.cond))


def _rest_of(parts: tuple[Meaning, ...]) -> Meaning:
    """Read "its other traffic": of what was named before, what nothing else is about."""
    return Phrase(_owner(parts), is_other=True, has_place=True)


def _theirs(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "errors of them": "errors from either of them" says of what by itself."""
    one = next(one for one in parts if isinstance(one, Phrase))
    return None if references_in(one.cond) else Slot("theirs", one)


def _model(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "treat /b like /a", "/b is treated like /a"."""
    phrases = [one for one in parts if isinstance(one, Phrase)]
    if any(one.is_rest or one.is_other or one.cond == EVERY for one in phrases):
        return None
    if len(phrases) == 1:
        return Slot("like", Model(phrases[0].cond))
    return Slot("treat", Model(phrases[1].cond, phrases[0]))


def _below_that(parts: tuple[Meaning, ...]) -> Meaning:
    """Read "anything below that": what a threshold leaves."""
    one = leaf(parts, 0)
    return Phrase(Open(BELOW, one.text, one.start, one.end), is_other=True, has_place=True)


def _ref_vp(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "if one of these fails": of one of them, one span."""
    about, does = parts[0], cond(parts[-1])
    if not isinstance(about, Open) or not is_on_span(does) or references_in(does):
        return None
    if isinstance(does, Test) and does.text.startswith("duration <"):
        return None  # a span that is fast, or a trace without a slow one?
    if {"both", "two", "three", "all"} & set(about.words.lower().split()):
        return None  # "when both fail": one of them, or the two in one trace?
    return same((about, does))


def _anew(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "but with 4 s", "but at 5 %" behind "the same"."""
    one = parts[-1]
    if isinstance(one, Rate):
        return Slot("anew", one)
    assert isinstance(one, Leaf)
    assert isinstance(one.value, Length)
    return Slot("anew", Definition("bound", one.value.text))


def _relative(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, -1)
    words = one.text.lower().split()
    return Rate("relative", one.text, share=next(_PARTS[word] for word in words if word in _PARTS))


REFERENCES: Final[Mapping[str, Build]] = {
    "ref_": _reference,
    "place_ref": lambda parts: Part(_reference(parts), is_place=True),
    "ref_np": lambda parts: Phrase(_reference(parts), has_place=True),
    "ref_else": lambda parts: Phrase(_reference(parts), is_other=True, has_place=True),
    "ref_body": _of_owner,
    "ref_rest": _rest_of,
    "slot_theirs": _theirs,
    "rate_relative": _relative,
    "slot_like": _model,
    "slot_anew": _anew,
    "below_that": _below_that,
    "ref_vp": _ref_vp,
}

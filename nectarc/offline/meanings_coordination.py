"""What "and" and "or" between noun phrases mean: either of them, or words that both share.

Owns: the functions of these aliases. Must not know: clauses, the text.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.phrases import Phrase
from nectarc.offline.references import references_in
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Open,
    Some,
    Test,
    fields_of,
    opens_of,
    same,
    some,
)
from nectarc.records import replace

_ADJECTIVES: Final = frozenset(
    {"failed", "failing", "slow", "errored", "erroneous", "broken", "crashed", "long", "big"}
)


def _np_or(parts: tuple[Meaning, ...]) -> Meaning | None:
    phrases = [one for one in parts if isinstance(one, Phrase)]
    if any(one.is_rest or one.cond == EVERY for one in phrases) or _is_like_before(phrases):
        return None
    if phrases[0].ends_open and phrases[-1].is_headless:
        return None
    if references_in(phrases[0].cond) and not references_in(phrases[-1].cond):
        return None  # "its errors and slow requests": of all services?
    if all(isinstance(one.cond, Test) and " != " in one.cond.text for one in phrases):
        return None  # "non-GETs and non-POSTs" are neither
    return Phrase(
        some(one.cond for one in phrases),
        is_other=any(one.is_other for one in phrases),
        has_place=any(one.has_place for one in phrases),
        is_all=phrases[0].is_all,
        has_all=any(one.is_all or one.has_all for one in phrases[1:]) or phrases[0].has_all,
    )


def _np_all(parts: tuple[Meaning, ...]) -> Meaning | None:
    phrase = next(one for one in parts if isinstance(one, Phrase))
    return None if phrase.is_rest else replace(phrase, is_all=phrase.cond != EVERY)


def _np_shared(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "errors and slow requests in checkout" as both in checkout; None where only one can."""
    left, right = [one for one in parts if isinstance(one, Phrase)]
    if right.place is None or left.has_place or left.is_rest or left.cond == EVERY:
        return None
    return Phrase(some([same([left.cond, right.place]), right.cond]), has_place=True)


def _is_like_before(phrases: list[Phrase]) -> bool:
    """Whether one list was cut in two: "begins with /a or /b", "POST and PUT requests to /a"."""
    left, right = phrases[0].cond, phrases[-1].cond
    if _has_adjective(right) and fields_of(right) & {"http.route", "service"}:
        # "slow and failed requests to /a": the adjectives, or the place, may be of both.
        return True
    named = fields_of(right) & {"http.route", "service"}
    if named and (_is_adjective(left) or (fields_of(left) == {"duration"} <= fields_of(right))):
        # "failed or slow /a", "over 2 s, /b over 3 s": of all, or of what is named last?
        return True
    for field in ("http.route", "http.status", "service"):
        if _is_bare(right, field) and not _is_bare(left, field) and field in fields_of(left):
            return True
    return (_is_adjective(right) and not _is_adjective(left)) or any(
        _is_bare(left, field) and not _is_bare(right, field) and field in fields_of(right)
        for field in ("method", "service")
    )


def _has_adjective(one: Cond) -> bool:
    return not isinstance(one, Open) and any(map(_is_adjective, opens_of(one)))


def _is_adjective(one: Cond) -> bool:
    """Whether it only says what the nouns before or after it are: "slow", "failed"."""
    return isinstance(one, Open) and one.words.lower() in _ADJECTIVES


def _is_bare(one: Cond, field: str) -> bool:
    """Whether it asks for values of one field and nothing else."""
    parts = one.parts if isinstance(one, Some) else (one,)
    return all(isinstance(part, Test) and part.field == field and part.values for part in parts)


def marked_all(phrase: Meaning | None, parts: tuple[Meaning, ...]) -> Meaning | None:
    """Mark "all of /b": behind a rate it is no part of what the rate is of."""
    first = parts[0]
    is_all = isinstance(first, Leaf) and first.text.lower().split()[0] in ("all", "every", "each")
    if not isinstance(phrase, Phrase):
        return phrase
    is_any = isinstance(first, Leaf) and first.name in ("ALL_TRAFFIC", "WHATEVER")
    return replace(phrase, is_all=is_all or phrase.is_all, is_any=is_any)


def _det_some(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read a determiner that is none of "all", "every", "each": those are told apart."""
    words = " ".join(one.text.lower() for one in parts if isinstance(one, Leaf)).split()
    return None if words[0] in ("all", "every", "each") else ""


COORDINATED: Final[Mapping[str, Build]] = {
    "np_or": _np_or, "np_shared": _np_shared, "np_all": _np_all,
    "det_some": _det_some,
}  # fmt: skip

"""What is left out: "/a must be kept, /b must not", "failed /a are kept, successful ones 5%".

Owns: which verb, or which place, such a clause takes up. Must not know: corrections.
Truth: docs/intent.md; what no verb was said of, or at which rate, stays open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nectarc.offline.clauses import Said, Unit
from nectarc.offline.composition import Item
from nectarc.offline.phrases import Act, Phrase
from nectarc.offline.references import is_place
from nectarc.offline.selectors import (
    Cond,
    Each,
    Non,
    Open,
    Same,
    each,
    fields_of,
    is_on_span,
    same,
)
from nectarc.offline.words import SourceWords
from nectarc.records import replace

_TURNS: Final = frozenset({"but", "though", "although", "yet", "however", "still"})
_IF_IT: Final = re.compile(
    r"\b(?:if|when|where|whenever|once) "
    r"(?:(?:it|it's|it\u2019s)\b|[^,;.]{3,40}?,? it (?:is|gets|must)\b)",
    re.IGNORECASE,
)
_THE_ONES: Final = re.compile(
    r"(?:please )?(?:keep |drop |save )?(?:all )?the ones\b", re.IGNORECASE
)
_OPPOSITES: Final = {"error": "success", "success": "error"}


def completed(said: Said, items: Sequence[Item]) -> Said | None:
    """Return `said` with the verb of the clause before; None where that is not plain."""
    last = next((one for one in reversed(items) if not one.is_exception), None)
    act = last.act if last is not None else None
    if last is None or act is None or act.is_loose or act.kind == "limit":
        return None
    if said.np is None or said.exceptions or said.when is not None:
        return None
    is_not, kind = said.ellipsis != "elliptic", act.kind
    if said.ellipsis == "too_neither" and not act.is_never:
        return None
    # "errors must not be sampled, /a must": at which rate?
    is_open = act.is_never and kind == "keep"
    if not is_not and (is_open or last.rate is not None or kind == "sample"):
        return None
    if act.is_never:
        kind = "drop" if kind == "keep" else "keep"
    is_kept = (kind == "keep") is not is_not
    return replace(said, ellipsis="", act=Act("keep" if is_kept else "drop", is_never=is_not))


def alike(said: Said, items: Sequence[Item]) -> Said | None:
    """Read "as shall those over 2 s": what is done to the last ones is done to these too."""
    last = next((one for one in reversed(items) if not one.is_exception), None)
    is_plain = said.np is not None and said.act is None and said.rate is None
    if last is None or not is_plain or last.by or last.is_rest:
        return None
    return replace(said, is_alike=False, act=last.act, rate=last.rate)


def adds(said: Said, items: Sequence[Item]) -> bool:
    """Whether it adds to what was said last: "/b too"."""
    is_bare = said.act is None and said.rate is None and said.np is not None
    return said.is_too and is_bare and not said.is_rest and bool(items)


def added(said: Said, items: Sequence[Item]) -> Said | None:
    """Return it as one of which the same is wanted; None where wishes differ."""
    wishes = {(one.act, one.rate) for one in items if not one.is_rest}
    fields = fields_of(said.np.cond) if said.np is not None else frozenset()
    if len(wishes) != 1 and fields_of(items[-1].cond) != fields:
        return None
    return replace(said, is_same=True, is_too=False)


def narrowed(
    whole: SourceWords, units: Sequence[Unit], last: Said | None
) -> tuple[list[Unit], Said | None]:
    """Return the units; "/a 1 in 100 but >700ms keep" may be about /a alone, or about all.

    last: what was said before them; returned with what is the last now.
    """
    found: list[Unit] = []
    before: Said | None = None
    for unit in units:
        if not isinstance(unit, Said):
            found.append(unit)
            continue
        is_turned = whole.words[unit.start].text.lower() in _TURNS
        is_bare = unit.np is not None and unit.np.is_headless
        is_behind = before is not None and not before.is_rest
        of_it = _if_it(unit, before, is_turned=is_turned) if before and is_behind else None
        if of_it is None:
            of_it = _the_others_of_it(unit, before or last, whole.said(unit.start, unit.end))
        if of_it is None:
            is_open = is_turned and is_bare and is_behind
            if before is None and last is not None:
                is_open = _may_be_of_it(unit, last, whole.said(unit.start, unit.end))
            of_it = replace(unit, is_back=True) if is_open else unit
        found.append(of_it)
        before = unit
    return found, before or last


def _may_be_of_it(said: Said, last: Said, words: str) -> bool:
    """Whether "/a 10%. If it takes over 2 s, keep it", "the ones over 2 s" may be of /a alone."""
    if last.is_rest or last.np is None or not is_place(last.np.cond) or said.is_rest:
        return False
    if said.np is None:
        return said.when is not None and said.is_it and _IF_IT.search(words) is not None
    return _THE_ONES.match(words) is not None and not fields_of(last.np.cond) & fields_of(
        said.np.cond
    )


def _if_it(said: Said, before: Said, *, is_turned: bool) -> Said | None:
    """Read "/a 5%, keep it if it fails", "but in full when the status is 401": of /a, of one span.

    None where it is no such clause, or what stands before it is no place.
    """
    is_plain = said.np is None and said.when is not None and not (said.exceptions or said.by)
    if not is_plain or not (said.is_it or is_turned) or before.np is None or before.np.is_other:
        return None
    place, when = before.np.cond, said.when
    if not is_place(place) or when is None or fields_of(place) & fields_of(when):
        return None
    is_told = isinstance(when, Open) and when.about in ("error", "slow")
    if not (is_told or is_on_span(when)) or isinstance(when, Non):
        return None
    return replace(said, np=Phrase(same((place, when))), when=None, is_it=False, is_back=False)


def _the_others_of_it(said: Said, before: Said | None, words: str) -> Said | None:
    """Read "failed requests to /a are kept, successful ones dropped": those of /a, not all.

    words: of the clause. None where the one before spoke of no outcome of requests of a place.
    """
    if before is None or before.np is None or said.np is None or said.when is not None:
        return None
    cond, was = said.np.cond, before.np.cond
    is_ones = re.search(r"\bones?\b", words, re.IGNORECASE) is not None
    if not (is_ones and isinstance(cond, Open) and isinstance(was, Same | Each)):
        return None
    outcomes = [one for one in was.parts if isinstance(one, Open)]
    places = [one for one in was.parts if not isinstance(one, Open)]
    is_opposite = [one.about for one in outcomes] == [_OPPOSITES.get(cond.about)]
    if not is_opposite or not all(map(is_place, places)):
        return None
    return replace(said, np=Phrase(_both(places, cond)))


def _both(places: Sequence[Cond], outcome: Open) -> Cond:
    if outcome.about == "error":
        return same((outcome, *places))
    return each((same(places), outcome))

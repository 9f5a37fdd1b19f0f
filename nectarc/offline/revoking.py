"""Corrections that say anew what is to be done: "hang on, keep 1 in 10 of those".

Owns: how such turns are put so that the clauses know them. Must not know: which clause is meant.
Truth: docs/intent.md, "Corrections".
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.offline.alignment import SELECTORS, View
from nectarc.offline.contrasts import INSTEAD
from nectarc.offline.cues import Cue
from nectarc.offline.mending import Edit

_PLAIN: Final = "Correction: "
_PRONOUNS: Final = frozenset({"it", "them", "those", "these", "they", "that", "this"})
_ACTS: Final = (
    r"(?:please |just |let's |we |do |rather |better |instead )*"
    r"(?:keep|retain|store|sample|drop|discard|delete|take|save|bin|leave|have|hold on to|throw)"
)
_ACT: Final = re.compile(_ACTS + r"\b", re.IGNORECASE)
_BE_DONE: Final = re.compile(
    r"(?:they|those|these|it|that|this|them)(?: ones?)?(?:'s|'re| is| are| should| must| can| may"
    r"| shall| stay| need| needs| go| get| gets| all)\b",
    re.IGNORECASE,
)
_NOT_DONE: Final = re.compile(
    r"(?:not|don't|do not|no need to|never) (?:be )?(?P<act>drop(?:ped|ping)?|discard(?:ed)?"
    r"|delet(?:e|ed)|throw(?:n)? away|keep|kept|sampled?)(?: (?:it|them|those|these|that))?"
    r"(?: all| entirely| completely)?\s*[,;\u2014\u2013-]+\s*(?:but |rather |instead |just )?",
    re.IGNORECASE,
)
_ALSO: Final = re.compile(r"also\b|in addition\b|additionally\b", re.IGNORECASE)
_FORGOT: Final = re.compile(
    r"(?:i|we) (?:almost |nearly |totally |completely )?(?:forgot|forget|missed|left out|omitted)"
    r"(?: (?:to (?:mention|say|add|include|list)(?: that)?|about))?\s*[:,\u2014\u2013-]*\s*"
    r"|one (?:more|other) thing\s*[:,\u2014\u2013-]*\s*|(?:and )?one more\s*[:,\u2014\u2013-]+\s*",
    re.IGNORECASE,
)
_TOO: Final = frozenset({"too", "also"})
_REST: Final = re.compile(
    r"(?:the |all |for the |of the )?(?:rest|others?|everything else|remainder|remaining)\b",
    re.IGNORECASE,
)


def revoked(view: View, at: int, cue: Cue) -> Edit | None:
    """Return a cue in other words, where what follows says what is to be done; None elsewhere."""
    if cue.is_pronoun or cue.said.lower().startswith(_PLAIN.lower()):
        return None
    start = view.word_from(cue.end)
    if start >= len(view.words):
        return None
    end = view.chunk_end(start)
    begin = cue.end
    is_initial = view.is_bound(at - 1) and view.is_stop(at - 1)
    said = view.text[begin : view.words[end - 1].end]
    forgot = _FORGOT.match(said)
    lows = {view.low(one) for one in range(start, end)}
    is_more = _ALSO.match(said) is not None or _is_too(view, start, end)
    if cue.is_plain and is_initial and is_more and not lows & _PRONOUNS:
        return _edit(view, at, begin, "")
    if cue.is_plain and is_initial and forgot is not None and _ACT.match(said, forgot.end()):
        return _edit(view, at, begin + forgot.end(), "")
    done = _done_instead(view, start)
    if done is not None:
        return _edit(view, at, *done)
    names = [one for one in view.values(start, end) if one.kind in SELECTORS]
    is_of_it = bool(lows & _PRONOUNS) and bool(_ACT.match(said) or _BE_DONE.match(said))
    if (is_of_it and not names) or (cue.is_plain and _REST.match(said)):
        return _edit(view, at, begin, _PLAIN)
    return None


def _edit(view: View, at: int, end: int, put: str) -> Edit | None:
    start = view.words[at].start
    if view.text[start:end] == put:
        return None
    return Edit(((start, end, put, start),))


def _is_too(view: View, start: int, end: int) -> bool:
    """Whether it says that it adds to what was said: "drop /ping as well"."""
    last = [view.low(one) for one in range(max(start, end - 2), end)]
    return last == ["as", "well"] or last[-1] in _TOO


def _done_instead(view: View, start: int) -> tuple[int, str] | None:
    """Read "instead of dropping them keep 1 in 100", "not dropped, kept at 10%"."""
    begin = view.words[start].start
    found = INSTEAD.match(view.text, begin) or _NOT_DONE.match(view.text, begin)
    if found is None:
        return None
    first = view.word_from(found.end())
    if view.low(first) == "" or first >= len(view.words):
        return None
    if view.is_bound(first):
        first += 1
    stop = view.chunk_end(first)
    said = [view.low(one) for one in range(first, stop)]
    rates = [one for one in view.values(first, stop) if one.kind == "rate"]
    at = view.words[first].start
    if not said or len(rates) > 1 or len(view.values(first, stop)) != len(rates):
        return None
    if said[0] in ("kept", "sampled", "dropped"):
        return at, f"{_PLAIN}it is to be "
    if set(said) & _PRONOUNS and _ACT.match(view.text, at):
        return at, _PLAIN
    is_bare = len(said) == 2 and said[0] in ("keep", "sample", "retain", "store") and rates
    # "keep 1 in 100": of those, which are not to be dropped.
    return (view.words[first + 1].start, f"{_PLAIN}{said[0]} them at ") if is_bare else None

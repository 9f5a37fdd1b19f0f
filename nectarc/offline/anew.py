"""What a correction says anew: its words, what follows them, which value it says was wrong.

Owns: "not 5%", "instead of 5%", "I mean" behind new words. Must not know: what they stand for.
Truth: docs/intent.md, "Corrections".
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.offline.alignment import Value, View
from nectarc.offline.cues import Cue
from nectarc.records import record

_TAILS: Final = (
    "is what i meant", "is what i mean", "was what i meant", "i mean", "i meant", "instead",
    "please", "rather", "then", "actually", "in fact", "of course", "after all", "sorry", "thanks",
    "is better", "would be better", "is enough", "should be enough", "will do", "it is",
    "let's follow him", "let's follow her", "let's follow them", "let's do that",
    "is the right one",
    "is correct", "is right", "that is", "it should be", "it should read",
)  # fmt: skip
_BEHIND: Final = (("i", "mean"), ("i", "meant"))
_BOUNDS: Final = frozenset(
    {"over", "above", "under", "below", "slower", "longer", "fewer", "more", "less"}
)
_DOUBTS: Final = frozenset({"maybe", "perhaps", "not", "only", "if", "unless", "probably"})
AT: Final = frozenset({"the", "at", "to", "a", "by"})
# What a name, a field, a length is called again: "the service is called billing-core".
_CALLED: Final = re.compile(
    r"(?:(?:the|its|that|this) )?(?:(?:real|correct|right|actual|exact|proper) )?"
    r"(?P<what>service|route|path|endpoint|field|attribute|value|threshold|limit|method|status"
    r"|name|code|queue|topic|table|host|customer|tenant|region|namespace|job|database|cluster"
    r"|environment|plan|tier)(?: name| code)?"
    r" (?:is|was|should be|should have been|must be|should read|reads)"
    r"(?: really| actually| in fact| now)?(?: called| named| spelled| spelt| written)? "
    r"|(?:it|that|this)(?:'s| is| was) (?:really |actually |in fact )?(?:called|named|spelled|spelt"
    r"|written) |(?:called|named|spelled|spelt) ",
    re.IGNORECASE,
)
# "Slow should mean over 2 s": how long is slow, said again.
_SLOW: Final = re.compile(
    r"(?:the )?slow(?: ones| traces| requests| calls| threshold)? (?:is|are|means?|should mean"
    r"|should be|was changed to|has changed to|is now|now means|was meant to be|counts from)"
    r" (?:now )?(?:anything |everything |all |requests |traces )?(?:(?:over|above|more than"
    r"|slower than|longer than|from)|>)? ?",
    re.IGNORECASE,
)


@record
class Anew:
    """What is said anew: its words, where all of the correction ends, the value that is wrong."""

    start: int
    end: int
    stop: int
    olds: tuple[Value, ...] = ()
    called: str = ""


def anew_at(view: View, cue: Cue, at: int) -> Anew | None:
    """Return what is said anew behind a cue, without what follows it ("I mean", "not 5%")."""
    start = view.word_from(cue.end)
    olds: list[Value] = []
    if cue.old is not None:
        first, last = (view.word_from(one) for one in cue.old)
        olds = view.values(first, max(last, first + 1))
        said = {view.low(one) for one in range(first, last)}
        if not olds or said & _DOUBTS:
            return None
    if view.low(start) == "not":
        stop = view.chunk_end(start)
        olds += view.values(start + 1, stop)
        is_plain = all(view.value(one) or view.low(one) in AT for one in range(start + 1, stop))
        if not olds or not is_plain or stop >= len(view.words) or view.is_stop(stop):
            return None
        start = stop + 1
        if view.low(start) == "but":
            start += 1
    end, stop, others = _behind(view, cue, start)
    olds += others
    while start < end and view.low(start) in ("just", "simply"):
        start += 1
    called = _CALLED.match(view.text, view.words[start].start) if start < end else None
    slow = _SLOW.match(view.text, view.words[start].start) if start < end else None
    what = ""
    if called is not None:
        start, what = view.word_from(called.end()), called["what"] or "it"
    elif slow is not None and "slow" not in view.text[: view.words[at].start].lower():
        return None
    elif slow is not None:
        start, what = view.word_from(slow.end()), "threshold"
    if start >= end or at > start:
        return None
    if cue.old is not None:
        fresh = {one.kind for one in view.values(start, end)}
        olds = [one for one in olds if one.kind in fresh]
        if len(olds) != 1:
            return None
    if cue.is_bare_no and not is_rate(view.value(start)) and view.low(start) not in _BOUNDS:
        return None
    return Anew(start, end, stop, tuple(olds), what)


def _behind(view: View, cue: Cue, start: int) -> tuple[int, int, list[Value]]:
    """Return where the new words end, where the correction does, what it says is wrong."""
    olds: list[Value] = []
    end = stop = view.chunk_end(start)
    end = _without_tail(view, start, end)
    is_rather = re.search(r"\b(?:rather|better)\b", cue.said, re.IGNORECASE) is not None
    for one in range(start + 1, end - 1):
        is_than = is_rather and view.low(one) == "than" and view.value(one - 1) is not None
        width = 1 if is_than else _not_width(view, one)
        if width and all(view.value(it) or view.low(it) in AT for it in range(one + width, end)):
            olds += view.values(one + width, end)
            end = one
            break
    if stop < len(view.words) - 1 and not view.is_stop(stop) and _not_width(view, stop + 1):
        first = stop + 1 + _not_width(view, stop + 1)
        last = view.chunk_end(first)
        is_plain = all(view.value(it) or view.low(it) in AT for it in range(first, last))
        if is_plain and view.values(first, last):
            olds += view.values(first, last)
            stop = last
    elif stop < len(view.words) - 1 and not view.is_stop(stop):
        last = view.chunk_end(stop + 1)
        if " ".join(map(view.low, range(stop + 1, last))) in _TAILS:
            stop = last
    return end, stop, olds


def cue_behind(view: View, at: int) -> Cue | None:
    """Return a cue that stands behind the new words: "PUT, I mean"."""
    if not view.is_bound(at - 1):
        return None
    end = view.chunk_end(at)
    lows = [view.low(one) for one in range(at, end)]
    behind = end + 1 if end < len(view.words) and view.words[end].kinds[0] == "_COMMA" else end
    stop = view.chunk_end(behind) if behind < len(view.words) else behind
    after = [view.low(one) for one in range(behind, stop)]
    is_inside = len(lows) > len(_BEHIND[0]) and tuple(lows[-2:]) in _BEHIND
    if not is_inside and tuple(after) not in _BEHIND:
        return None
    start = view.words[at].start
    return Cue(start=start, end=start, is_hard=True, is_soft=False, said="I mean")


def is_rate(value: Value | None) -> bool:
    """Whether it is a share, a limit or a length of time: no number stands for one by chance."""
    return value is not None and value.kind in ("rate", "length")


def _not_width(view: View, at: int) -> int:
    """Return how many words of "not", "instead of", "rather than" stand there."""
    if view.low(at) == "not":
        return 1
    pair = (view.low(at), view.low(at + 1))
    return 2 if pair in (("instead", "of"), ("rather", "than"), ("and", "not")) else 0


def _without_tail(view: View, start: int, end: int) -> int:
    for tail in _TAILS:
        size = len(tail.split())
        if end - size > start and " ".join(map(view.low, range(end - size, end))) == tail:
            return end - size
    return end

"""Contrasts carried out before the text is read: "not 5% but 10%", "change the 5% to 10%".

Owns: turns that name both the old value and the new one. Must not know: clauses.
Truth: docs/intent.md, "Corrections".
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.offline.alignment import SELECTORS, Value, View, aligned, parts_of
from nectarc.offline.mending import Edit

_CHANGES: Final = frozenset(
    {"change", "replace", "swap", "turn", "raise", "lower", "bump", "increase", "reduce", "make",
     "correct", "update", "set", "adjust", "cut"}
)  # fmt: skip
_INTO: Final = frozenset({"to", "with", "by", "into", "for", "a", "->", "=>", "up", "down"})
_NO_CONTRAST: Final = frozenset(
    {"do", "does", "did", "should", "must", "can", "may", "will", "would", "shall", "if", "or"}
)
_AT: Final = frozenset({"the", "a", "an", "at", "that", "this", "my"})
_MEANT: Final = ("is what i meant", "i meant", "i mean", "please", "is right")
_WROTE: Final = re.compile(
    r"(?:when |where )?(?:i|we) (?:wrote|said|put|typed|mentioned|asked for) (?:the )?"
    r"(?P<old>[\w.%/]+(?: in \w+(?: \w+)?| \w+)??)"
    r"(?:,? (?:earlier|above|before|at first|there))?\s*[,;]?\s*(?:but |and )?(?:actually )?"
    r"(?:(?:i|we) (?:actually |really )?(?:mean|meant|should have (?:said|written)|wanted)"
    r"|it (?:should|must) be|it should have been|make it|that should be) (?:the )?",
    re.IGNORECASE,
)
_ANEW: Final = frozenset({"but", "i", "mean", "meant", "it's", "rather", "instead", "just", *_AT})
_LEADS: Final = frozenset({"please", "and", "so", "then"})
_STRIKE: Final = re.compile(
    r"(?:(?:actually|no|wait|sorry|hm+|oh|ok|on second thoughts?|please)[\s,]+)*"
    r"(?:strike|scratch|forget|ignore|disregard|delete|remove|cancel|skip|undo)"
    r" (?:about )?(?:the|that|this|my) (?:very )?(?:last|previous)"
    r"(?: (?:one|rule|sentence|line|part|bit|point|item|clause|thing|statement|request|wish))?"
    r"(?: please)?(?=\s*[.!]|\s*$)"
    r"|(?:(?:actually|no|wait|sorry|hm+|oh|ok|on second thoughts?|please)[\s,]+)*"
    r"(?:(?:strike|scratch|forget|ignore|disregard|delete|cancel|undo) (?:that|it)"
    r"|never ?mind(?: that)?|i take (?:that|it) back)(?=\s*[.!]|\s*$)",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    r" (?:that |which )?(?:i|we) (?:had )?(?:mentioned|said|wrote|asked for|had|suggested|proposed"
    r"|planned|agreed(?: on)?)(?: (?:before|earlier|above|initially|first|originally|previously"
    r"|yesterday|last time|until now))?",
    re.IGNORECASE,
)
_WAS: Final = re.compile(
    r"(?:(?:previously|formerly|before|earlier|was|were|it was|used to be|until now"
    r"|up from|down from"
    r"|not|instead of|rather than|and not|originally|initially|up to now|so far)[:,]? )+(?:the )?",
    re.IGNORECASE,
)
_AS_SAID: Final = re.compile(
    r"(?:,? as (?:was |is |it |i |we |had |has |been |previously |originally )*(?:written|said"
    r"|stated|noted|mentioned|agreed|planned|wrote|documented)(?: (?:in|on|by) (?:the |my |our )?"
    r"(?:old |first |last |previous |original )?\w+)?| before| earlier| until now)?\s*$",
    re.IGNORECASE,
)
_SWAP: Final = re.compile(
    r"(?:(?:no|sorry|oops|wait|actually|hm+|oh|ah)[,:\s]+)*"
    r"(?:i mean |i meant |it's |it is |that's )?"
    r"(?:the )?(?:other way (?:a)?round|vice versa|reversed"
    r"|swap (?:these|those|them|the)(?: two)?(?: rates| numbers)?|exactly the opposite way round)"
    r"\s*(?:[.!]|$)",
    re.IGNORECASE,
)
INSTEAD: Final = re.compile(
    r"(?:instead of|rather than|as opposed to)"
    r" (?:just |simply )?(?P<act>dropping|discarding|throwing away|keeping|storing)"
    r" (?:it|them|those|these|that)(?: all| entirely| completely| altogether)?(?![\w'-])",
    re.IGNORECASE,
)


def contrast(view: View, at: int) -> Edit | None:
    """Return what a contrast that begins at `at` does; None where none does."""
    low = view.low(at)
    if at and view.words[at - 1].kinds[0] == "_LPAR":
        was = _was(view, at)
        if was is not None:
            return was
    if low == "not":
        return _not_this(view, at) or _not_but(view, at) or _not_but_comma(view, at)
    if low in ("instead", "rather"):
        return _instead(view, at)
    if low in _CHANGES:
        return _changed(view, at)
    is_first = at == 0 or view.is_bound(at - 1)
    if is_first and at:
        wrote = _wrote(view, at)
        if wrote is not None:
            return wrote
        return _struck(view, at) or _should_be(view, at) or _swapped(view, at)
    return None


def _not_but(view: View, at: int) -> Edit | None:
    """Read "not 5% of search but 10%", "it's not /login but /signin that ..."."""
    end = view.chunk_end(at)
    if at and view.low(at - 1) in _NO_CONTRAST:
        return None
    cuts = [one for one in range(at + 1, end) if view.low(one) == "but"]
    comma = end + 1
    if not cuts and view.low(comma) == "but" and view.words[end].kinds[0] == "_COMMA":
        cuts, end = [comma], view.chunk_end(comma)
    if len(cuts) != 1:
        return None
    but = cuts[0]
    old = (at + 1, but if view.low(but - 1) and not view.is_bound(but - 1) else but - 1)
    found = view.values(*old)
    if not found:
        return None
    words = view.words
    value = view.value(but + 1)
    if value is None or value.kind not in {one.kind for one in found}:
        return None
    goes_on = but + 2 < end
    if goes_on:
        if old[1] - old[0] != 1 or found[0].kind != value.kind:
            return None
        first = at
        is_cleft = view.low(at - 1) in ("it's", "is") and view.low(but + 2) in ("that", "which")
        if is_cleft:
            first = at - 1 if view.low(at - 1) == "it's" else at - 2
            if first < 0 or view.low(first) not in ("it's", "it"):
                return None
            that = (words[but + 2].start, words[but + 2].end, "", 0)
            return Edit(((words[first].start, words[but + 1].start, "", 0), that))
        return Edit(((words[first].start, words[but + 1].start, "", 0),))
    pairs = aligned(view, (but + 1, end), old)
    if pairs is None or len(pairs[0]) != 1:
        return None
    pair = pairs[0][0]
    put = (words[pair.old].start, words[pair.old].end, words[pair.new].text,
           words[pair.new].start)  # fmt: skip
    cut = (words[old[1] - 1].end, words[end - 1].end, "", 0)
    return Edit((put, cut, (words[at].start, words[at + 1].start, "", 0)))


def _not_this(view: View, at: int) -> Edit | None:
    """Read "not /orders, /order is what I meant": the first was said before, once."""
    if at == 0 or not view.is_bound(at - 1):
        return None
    end = view.chunk_end(at)
    old = at + 2 if view.low(at + 1) in _AT else at + 1
    wrong = view.value(old)
    if wrong is not None and view.low(old + 1) == "but" and view.is_stop(at - 1):
        end = old + 1  # "Not 42 but 24."
    if wrong is None or old + 1 != end or end >= len(view.words) or view.is_stop(end):
        return None
    start = end + 1
    while view.low(start) in _ANEW:
        start += 1
    right, stop = view.value(start), view.chunk_end(start)
    tail = " ".join(map(view.low, range(start + 1, stop)))
    is_whole = not tail and view.is_stop(at - 1) and (stop >= len(view.words) or view.is_stop(stop))
    if right is None or not (is_whole or tail in _MEANT):
        return None
    found = [one for one in view.values(0, at) if (one.kind, one.key) == (wrong.kind, wrong.key)]
    if len(found) != 1 or right.kind != wrong.kind:
        return None
    return _put(view, found[0].at, start, (at, stop))


def _not_but_comma(view: View, at: int) -> Edit | None:
    """Read "everything else: not 10%, 2%": two shares or lengths side by side."""
    wrong, right = view.value(at + 1), view.value(at + 3)
    if wrong is None or right is None or not view.is_bound(at + 2) or view.is_stop(at + 2):
        return None
    before = view.values(view.sentence_start(at), at)
    is_end = at + 4 >= len(view.words) or view.is_bound(at + 4)
    is_same = wrong.kind == right.kind and wrong.kind in ("rate", "length")
    is_negated = at > 0 and view.low(at - 1) in _NO_CONTRAST
    if not is_same or not is_end or is_negated or any(one.kind == wrong.kind for one in before):
        return None
    return Edit(((view.words[at].start, view.words[at + 3].start, "", 0),))


def _instead(view: View, at: int) -> Edit | None:
    """Read "5% instead of 10%", "keep 1% of them rather than dropping them"."""
    words = view.words
    found = INSTEAD.match(view.text, words[at].start)
    if found is not None:
        stop = view.word_from(found.end())
        begin = view.chunk_start(at)
        said = [view.low(one) for one in range(begin, at)]
        keeps = bool({"keep", "retain", "sample", "store"} & set(said))
        is_drop = found["act"].lower() in ("dropping", "discarding", "throwing away")
        is_good = (keeps if is_drop else bool({"drop", "discard"} & set(said))) and not (
            {"not", "don't", "never"} & set(said)
        )
        is_end = stop >= len(words) or view.is_bound(stop)
        return Edit(((words[at].start, found.end(), "", 0),)) if is_good and is_end else None
    pair = (view.low(at), view.low(at + 1))
    if pair not in (("instead", "of"), ("rather", "than")) or at == 0:
        return None
    first = at + 3 if view.low(at + 2) == "the" else at + 2
    old = view.value(first)
    known = [one for one in view.values(view.chunk_start(at), at) if old and one.kind == old.kind]
    if old is None or old.kind not in ("rate", "length") or len(known) != 1:
        return None
    if known[0].key == old.key:
        return None
    end = first + 1
    told = _TOLD.match(view.text, words[first].end)
    if told is not None:
        end = view.word_from(told.end())
    if view.low(end) == "of" and view.low(end + 1) in ("it", "them", "those"):
        end += 2
    is_end = end >= len(words) or view.is_bound(end)
    goes_on = known[0].at == at - 1 and view.low(end) in ("of", "for")
    return Edit(((words[at].start, words[end - 1].end, "", 0),)) if is_end or goes_on else None


def _changed(view: View, at: int) -> Edit | None:
    """Read "change the 5% to 10%": the first was said before, once."""
    if at == 0 or not (
        view.is_bound(at - 1) or view.low(at - 1) in ("please", "and", "so", "then")
    ):
        return None
    old = at + 1
    while view.low(old) in _AT:
        old += 1
    new = old + 1
    while view.low(new) in _INTO:
        new += 1
    wrong, right = view.value(old), view.value(new)
    if wrong is None or right is None or new == old + 1 or wrong.kind != right.kind:
        return None
    found = [one for one in view.values(0, at) if (one.kind, one.key) == (wrong.kind, wrong.key)]
    stop = new + 1
    is_end = stop >= len(view.words) or view.is_bound(stop) or view.low(stop) == "please"
    if len(found) != 1 or not is_end or wrong.kind == "field":
        return None
    first = at if view.is_bound(at - 1) else at - 1
    return _put(view, found[0].at, new, (first, view.chunk_end(stop)))


def _swapped(view: View, at: int) -> Edit | None:
    """Read "Sorry, other way round.": two shares of two things, side by side, change places."""
    found = _SWAP.match(view.text, view.words[at].start)
    if found is None or not view.is_stop(at - 1):
        return None
    begin = view.sentence_start(at - 1)
    parts = parts_of(view, begin, at - 1)
    rates = [[one for one in view.values(*part) if one.kind == "rate"] for part in parts]
    named = [[one for one in view.values(*part) if one.kind in SELECTORS] for part in parts]
    is_plain = not any(
        view.is_bound(one) or _is_length(view.value(one)) for one in range(begin, at - 1)
    )
    if len(parts) != 2 or not is_plain or [len(one) for one in (*rates, *named)] != [1] * 4:
        return None
    one, other = (view.words[rate[0].at] for rate in rates)
    return Edit(
        (
            (one.start, one.end, other.text, other.start),
            (other.start, other.end, one.text, one.start),
            (found.start(), found.end(), "", 0),
        ),
        f"`{one.text}` and `{other.text}` change places",
    )


def _is_length(value: Value | None) -> bool:
    return value is not None and value.kind == "length"


def _was(view: View, at: int) -> Edit | None:
    """Read "2% (previously 5%)", "4 seconds (not 4 minutes, as was written)"."""
    close = next(
        (one for one in range(at, len(view.words)) if view.words[one].kinds[0] == "_RPAR"), 0
    )
    found = _WAS.match(view.text, view.words[at].start)
    if not close or found is None:
        return None
    first = view.word_from(found.end())
    old, known = view.value(first), view.values(view.chunk_start(at - 1), at - 1)
    same = [one for one in known if old is not None and one.kind == old.kind]
    if old is None or not is_sure(old) or len(same) != 1 or same[0].key == old.key:
        return None
    told = view.text[view.words[first].end : view.words[close].start]
    if _AS_SAID.fullmatch(told) is None:
        return None
    return Edit(((view.words[at - 1].start, view.words[close].end, "", 0),))


def is_sure(value: Value) -> bool:
    """Whether it is a share or a length of time: these contrast, where a name may be added."""
    return value.kind in ("rate", "length")


def _wrote(view: View, at: int) -> Edit | None:
    """Read "I wrote 1% but I meant 10%": the first was said before, once."""
    found = _WROTE.match(view.text, view.words[at].start)
    if found is None:
        return None
    old = view.word_from(found.start("old"))
    new = view.word_from(found.end())
    wrong, right = view.value(old), view.value(new)
    if wrong is None or right is None or wrong.kind != right.kind or wrong.key == right.key:
        return None
    if view.words[old].end != found.end("old"):
        return None
    before = [one for one in view.values(0, at) if (one.kind, one.key) == (wrong.kind, wrong.key)]
    is_end = new + 1 >= len(view.words) or view.is_bound(new + 1)
    return _put(view, before[0].at, new, (at, new + 1)) if len(before) == 1 and is_end else None


def _should_be(view: View, at: int) -> Edit | None:
    """Read "the 5% should be 10%": the first was said before, once."""
    old = at + 1 if view.low(at) in _AT else at
    wrong = view.value(old)
    said = [view.low(one) for one in range(old + 1, old + 5)]
    size = 3 if said[:3] == ["should", "have", "been"] else 2
    if said[:2] not in (["should", "be"], ["must", "be"], ["should", "read"]) and size == 2:
        return None
    right = view.value(old + 1 + size)
    if wrong is None or right is None or wrong.kind != right.kind:
        return None
    found = [one for one in view.values(0, at) if (one.kind, one.key) == (wrong.kind, wrong.key)]
    stop = old + 2 + size
    is_end = stop >= len(view.words) or view.is_bound(stop)
    return (
        _put(view, found[0].at, old + 1 + size, (at, stop)) if len(found) == 1 and is_end else None
    )


def _struck(view: View, at: int) -> Edit | None:
    """Read "Strike the last one.": the sentence before, of one wish, is as if never said."""
    found = _STRIKE.match(view.text, view.words[at].start)
    if found is None or not view.is_stop(at - 1):
        return None
    stop = view.word_from(found.end())
    end = at - 1
    while end > 0 and view.is_stop(end - 1):
        end -= 1
    begin = view.sentence_start(end)
    is_one = not any(view.is_bound(one) for one in range(begin, end))
    if begin == end or not is_one or len(parts_of(view, begin, end)) != 1:
        return None
    last = view.words[stop].end if stop < len(view.words) else found.end()
    return Edit(
        ((view.words[begin].start, last, "", 0),),
        f"`{view.said(begin, end)}`: your words take it back",
    )


def _put(view: View, old: int, new: int, cut: tuple[int, int]) -> Edit:
    """Put the value at `new` where the one at `old` stands, and cut out the correction."""
    words = view.words
    put = (words[old].start, words[old].end, words[new].text, words[new].start)
    start, end = words[cut[0]].start, words[cut[1] - 1].end
    before = words[cut[0] - 1]
    if before.kinds[0] in ("_COMMA", "_SEMICOLON", "_DASH"):
        start = before.start
    elif cut[1] < len(words) and words[cut[1]].kinds[0] in ("_STOP", "_COMMA", "_SEMICOLON"):
        end = words[cut[1]].end
    return Edit(
        (put, (start, end, "", 0)),
        f"`{words[new].text}` stands for `{words[old].text}`, which your words take back",
    )

"""What is told of a thing before it is said what becomes of it: "/a is noisy and can go".

Owns: the words that describe and ask for nothing; whose subject the clause behind has.
Must not know: what clauses do to each other. Truth: docs/intent.md, "Topics".
A closed vocabulary: a word that is not of it may narrow ("slow", "at night"), and is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nectarc.offline.clauses import Aside, Said, Stuck, Unit, read_segment
from nectarc.offline.grammar import Chart
from nectarc.offline.lexicon import word_lists
from nectarc.offline.phrases import Definition, Phrase
from nectarc.offline.segments import Segment
from nectarc.offline.selectors import EVERY, Cond, opens_of
from nectarc.offline.words import SourceWords, Word
from nectarc.records import record, replace

_VERBS: Final = word_lists()["told_verbs"]
_WORDS: Final = word_lists()["told_words"]
_JOINERS: Final = frozenset({"and", "so", "thus", "therefore", "hence", "which", "that's", "why"})
_POLITE: Final = frozenset({"please", "just", "simply", "then", "we", "can", "you", "could"})
_SIGNS: Final = frozenset({"_COMMA", "_DASH", "_COLON"})
_FRONTS: Final = frozenset({"because", "since", "as", "so", "honestly", "frankly", "basically"})
# How much of all traffic a thing is: it says nothing of how much of it is kept.
_SHARE_OF: Final = re.compile(
    r"(?:is|are|makes? up|accounts? for|is responsible for|are responsible for|causes?|produces?"
    r"|generates?|creates?|eats?(?: up)?|makes?|brings in) (?:about |roughly |almost |nearly |over "
    r"|some |around |like |easily |more than )*(?:\d+(?:\.\d+)? ?%|\d+ percent|half|most|a third"
    r"|two thirds|three quarters|the bulk|the majority|the lion's share) of (?:all |our |the |my "
    r"|total |whole |overall |entire )*(?:traffic|volume|bill|spans|traces|events|data|load|costs?"
    r"|noise|total|telemetry|quota|budget|requests)",
    re.IGNORECASE,
)
_NOBODY: Final = re.compile(
    r"(?:(?:because|since|as|honestly|frankly|basically|in fact|to be honest|tbh|so)[ ,]+)*"
    r"(?:nobody|no one|no-one|none of us|hardly anyone|hardly anybody|almost nobody|we never"
    r"|we hardly ever|we rarely|we almost never|i never|we don't|we do not|i don't)"
    r"(?: ever| really| actually| even| much)*"
    r" (?:looks? at|cares? (?:about|for)|needs?|reads?|uses?|checks?|opens?|misses|looks? into"
    r"|is interested in|wants to see|asks for|is looking at|debugs?)\s+",
    re.IGNORECASE,
)
_NO_LONGER: Final = frozenset({"anymore", "any more", "any", "more", "at", "all", "anyway", "these", "days"})


@record
class Told:
    """A topic and what comes behind it. cond: of which traces; behind: where that begins."""

    cond: Cond
    behind: int


def told_units(chart: Chart, whole: SourceWords, segment: Segment) -> tuple[Unit, ...] | None:
    """Return the clauses of a segment that first tells of what they are about, else None."""
    told = _told(chart, whole, segment)
    if told is None:
        return None
    words = whole.words
    if told.behind >= segment.end:
        if opens_of(told.cond):
            return None
        name = whole.said(segment.start, segment.end).lower()
        return (Aside(segment.start, segment.end), Definition("label", name, told.cond))
    first = _after_joiners(words, told.behind, segment.end)
    if first is None:
        return None
    for start in dict.fromkeys((first, _after_polite(words, first, segment.end))):
        for about in (None, Phrase(told.cond)):
            found = read_segment(chart, words, start, segment.end, about)
            if isinstance(found, Stuck) or len(found) != 1:
                continue
            units = _of_topic(found[0], told.cond)
            if units is not None:
                return (Aside(segment.start, told.behind), *units)
            if about is None and _is_about_others(found[0][0]):
                return None  # "... and everything else 1%"
    return None


def _is_about_others(head: Unit) -> bool:
    if not isinstance(head, Said):
        return False
    return head.is_rest or (head.np is not None and head.np.cond != EVERY)


def _of_topic(units: Sequence[Unit], cond: Cond) -> tuple[Unit, ...] | None:
    """Return the units, the first of them about the topic; None where it is about others."""
    head = units[0]
    if not isinstance(head, Said) or head.is_rest or head.is_theirs:
        return None
    is_about = head.np == Phrase(cond) or (head.np is None and (head.is_it or head.refers == "both"))
    if not is_about or (head.act is None and head.rate is None):
        return None
    return (replace(head, is_it=False, refers="", np=Phrase(cond)), *units[1:])


def _told(chart: Chart, whole: SourceWords, segment: Segment) -> Told | None:
    words = whole.words
    said = whole.text[words[segment.start].start : words[segment.end - 1].end]
    nobody = _NOBODY.match(said)
    if nobody is not None:
        begin = words[segment.start].start + nobody.end()
        at = next((one for one in range(segment.start, segment.end) if words[one].start >= begin), 0)
        return _unwanted(chart, words, at, segment.end) if at else None
    start = segment.start
    while start < segment.end - 2 and (
        words[start].text.lower() in _FRONTS or words[start].kinds[0] == "_COMMA"
    ):
        start += 1
    for stop, cond in sorted(_topics(chart, start, segment.end), reverse=True):
        behind = _description(whole, stop, segment.end)
        if behind:
            return Told(cond, behind)
    return None


def _unwanted(chart: Chart, words: Sequence[Word], at: int, end: int) -> Told | None:
    """Read what nobody looks at."""
    for stop, cond in sorted(_topics(chart, at, end + 1), reverse=True):
        behind = stop
        while behind < end and words[behind].text.lower() in _NO_LONGER:
            behind += 1
        if behind == end or words[behind].kinds[0] in _SIGNS or _is_joiner(words[behind]):
            return Told(cond, behind)
    return None


def _topics(chart: Chart, start: int, end: int) -> list[tuple[int, Cond]]:
    found: list[tuple[int, Cond]] = []
    for stop, meanings in chart.read("np", start).items():
        conds = {
            one.cond for one in meanings
            if isinstance(one, Phrase) and not one.is_rest and not one.is_other
        }  # fmt: skip
        if stop >= end or len(conds) != 1:
            continue
        cond = conds.pop()
        is_open = any(one.about in ("group", "system", "number") for one in opens_of(cond))
        if cond != EVERY and not is_open:
            found.append((stop, cond))
    return found


def _description(whole: SourceWords, start: int, end: int) -> int:
    """Return where what is told of a thing ends, 0 where nothing is told from `start` on."""
    words = whole.words
    share = _SHARE_OF.match(whole.text[words[start].start : words[end - 1].end])
    if share is not None:
        stop = words[start].start + share.end()
        return next((one for one in range(start, end) if words[one].start >= stop), end)
    if words[start].text.lower().replace("\u2019", "'") not in _VERBS:
        return 0
    at = start + 1
    while at < end and words[at].text.lower().replace("\u2019", "'") in _WORDS:
        at += 1
    while at > start + 1 and _is_joiner(words[at - 1]):
        at -= 1
    is_whole = at == end or words[at].kinds[0] in _SIGNS or _is_joiner(words[at])
    return at if is_whole and at > start + 1 else 0


def _is_joiner(word: Word) -> bool:
    return word.text.lower() in _JOINERS


def _after_joiners(words: Sequence[Word], at: int, end: int) -> int | None:
    """Return where the clause behind "and", ", so", ":" begins; None where nothing joins."""
    first = at
    while first < end and (words[first].kinds[0] in _SIGNS or _is_joiner(words[first])):
        first += 1
    return first if at < first < end else None


def _after_polite(words: Sequence[Word], at: int, end: int) -> int:
    while at < end - 1 and words[at].text.lower() in _POLITE:
        at += 1
    return at

"""The pieces of a text, each read: plainly where that works, else as its words announce.

Owns: when a sentence is cut, what each piece is read as. Must not know: what clauses mean together.
Truth: docs/intent.md. A plain reading without unknown names stands; cuts are for what has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from nectarc.offline.asides import is_background, is_bare_heading, is_told_of
from nectarc.offline.chat import rest_told, talk_before
from nectarc.offline.clauses import (
    Aside,
    NewLength,
    NewValue,
    Said,
    Stuck,
    TakenBack,
    Unit,
    read_segment,
)
from nectarc.offline.cues import cue_at
from nectarc.offline.discourse import cut, is_empty_talk, taken_back
from nectarc.offline.grammar import Chart, grammar
from nectarc.offline.introductions import had, introduced
from nectarc.offline.lists import Lists
from nectarc.offline.phrases import Definition, Phrase
from nectarc.offline.segments import Segment
from nectarc.offline.selectors import EVERY, opens_of
from nectarc.offline.tokens import Length, Lexed
from nectarc.offline.told import told_units
from nectarc.offline.topics import under_topic
from nectarc.offline.words import SourceWords
from nectarc.records import record, replace

Units: TypeAlias = tuple[Unit, ...]


@record
class Piece:
    """A stretch with its readings, or where these get stuck."""

    segment: Segment
    found: tuple[Units, ...] | Stuck


_MAKES: Final = frozenset(
    {
        "make", "it", "it's", "is", "that", "be", "should", "i", "mean", "meant", "to", "that's",
        "should've", "been", "rather", "say", "over", "above", "more", "than", "longer", "slower",
        "the", "threshold", "limit", "of",
    }
)  # fmt: skip
_OVER: Final = frozenset({"over", "above", "more", "longer", "slower"})
_IT_IS: Final = frozenset(
    {"it's", "it is", "it should be", "that should be", "should be", "i meant", "make it",
     "that's", "it must be", "make that", "should read", "should have been", "it should read",
     "it should have been"}
)  # fmt: skip

_A_PART: Final = frozenset(
    {"some", "most", "many", "few", "one", "any", "several", "half", "part", "parts", "much"}
)  # fmt: skip
_MATTERS: Final = frozenset({"matter", "matters"})
_PROBES: Final = frozenset(
    {"are probes", "are health checks", "are health probes", "are just probes", "is a probe",
     "are only probes", "are just health checks", "is a health check", "are our probes"}
)  # fmt: skip


class Reader:
    """Reads the segments of one text."""

    def __init__(self, chart: Chart, whole: SourceWords, lexed: Lexed) -> None:
        """Take the text in."""
        self._chart, self._whole, self._lexed = chart, whole, lexed
        self._kinds = {one.place[0]: one.kinds for one in lexed.tokens}
        self._lists = Lists(chart, whole)

    def read(self, segment: Segment) -> list[Piece]:
        """Return the segment's pieces."""
        return self._talked(segment, self._read(segment))

    def _read(self, segment: Segment) -> list[Piece]:
        segment = self._bared(segment)
        if segment.start >= segment.end:
            return []
        of_rest = rest_told(self._chart, self._whole, segment)
        if of_rest is not None:
            return [Piece(segment, (of_rest,))]
        listed = self._lists.read(segment)
        if listed is not None:
            return [Piece(segment, (listed,))]
        said = self._whole.said(segment.start, segment.end)
        before = "| " if self._is_row(segment) else ""
        if is_empty_talk(before + said, is_heading=segment.is_heading):
            return [Piece(segment, _aside(segment))]
        introduction = had(self._chart, self._whole, segment)
        if introduction is not None:
            return [Piece(segment, (introduction,))]
        below = under_topic(self._chart, self._whole, segment)
        if below is not None:
            return [Piece(segment, (below,))]
        told = told_units(self._chart, self._whole, segment)
        if told is not None:
            return [Piece(segment, (told,))]
        named = self._named_first(segment)
        if named:
            return named
        pieces = cut(self._whole, segment, self._kinds)
        if all(not one.role for one in pieces):
            plain = self._plain(segment)
            if _is_whole(plain):
                return [Piece(segment, plain)]
            if len(pieces) == 1:
                return self._otherwise(segment)
        found = [Piece(one, self._piece(one)) for one in pieces]
        if any(isinstance(one.found, Stuck) for one in found):
            return self._otherwise(segment)
        if all(one.segment.role in ("", "aside") for one in found):
            plain = self._plain(segment)
            if _is_whole(plain):
                return [Piece(segment, plain)]
        return found

    def _talked(self, segment: Segment, pieces: list[Piece]) -> list[Piece]:
        """Return the pieces, or where these are stuck those behind the talk in front of them."""
        if segment.role or all(_is_whole(one.found) for one in pieces):
            return pieces
        talk = talk_before(self._whole, segment)
        if talk is None:
            return pieces
        stretch = replace(segment, end=talk.stop, is_heading=False)
        front = Piece(stretch, _aside(stretch))
        if talk.behind >= segment.end:
            return [front]
        behind = self.read(replace(segment, start=talk.behind))
        if any(isinstance(one.found, Stuck) for one in behind):
            return pieces
        return [front, *behind]

    def _bared(self, segment: Segment) -> Segment:
        """Return it without the parentheses that stand around all of it, or whose other is gone."""
        kinds = [one.kinds[0] for one in self._whole.words[segment.start : segment.end]]
        start, end = segment.start, segment.end
        opened, closed = kinds.count("_LPAR"), kinds.count("_RPAR")
        if kinds == ["_RPAR"] or (opened < closed and kinds[-1] == "_RPAR"):
            end -= 1
        elif opened > closed and kinds[0] == "_LPAR":
            start += 1
        return replace(segment, start=start, end=end)

    def _otherwise(self, segment: Segment) -> list[Piece]:
        """Read a topic and what is done to it, "x is noisy, drop it", or parts apart by "/"."""
        words = self._whole.words
        for at in range(segment.start + 2, segment.end - 1):
            if words[at].kinds[0] not in ("_COMMA", "_DASH") and words[at].text.lower() != "so":
                continue
            topic = self._topic(segment.start, at)
            first = at + 1
            while first < segment.end - 1 and words[first].text.lower() in ("so", "and", "please"):
                first += 1
            found = read_segment(self._chart, words, first, segment.end)
            if topic is not None and _is_whole(found) and _refers(found):
                front = Segment(segment.start, at)
                back = Segment(first, segment.end)
                return [Piece(front, ((topic,),)), Piece(back, found)]
        parts = self._slashed(segment)
        if parts:
            return parts
        plain = self._plain(segment)
        topic = None if _is_whole(plain) and not _is_aside(plain) else self._told(segment)
        return [Piece(segment, plain if topic is None else ((topic,),))]

    def _told(self, segment: Segment) -> Definition | None:
        """Read "/a and /b are probes.": what the next sentence is of; else it is asked about."""
        return None if segment.is_heading else self._topic(segment.start, segment.end)

    def _topic(self, start: int, end: int) -> Definition | None:
        """Read "the feed service is super noisy": what it is of, and that it asks for nothing."""
        words = self._whole.words
        if words[start].text.lower() in _A_PART:
            return None  # "some of /a and /b are noise"
        for stop, meanings in sorted(self._chart.read("np", start).items()):
            phrases = {one.cond for one in meanings if isinstance(one, Phrase) and not one.is_rest}
            if stop > end - 1 - (words[end - 1].text.lower() not in _MATTERS) or len(phrases) != 1:
                continue
            cond = phrases.pop()
            if opens_of(cond) or cond == EVERY:
                continue
            told = words[stop:end]
            is_probe = " ".join(one.text.lower() for one in told) in _PROBES | _MATTERS
            if is_probe or is_told_of(told, self._kinds):
                return Definition("label", "", cond)
        return None

    def _slashed(self, segment: Segment) -> list[Piece]:
        words = self._whole.words
        cuts = [
            one for one in range(segment.start + 1, segment.end - 1)
            if words[one].kinds[0] in ("SLASH", "_PIPE") and words[one].text in ("/", "|", "//")
            and words[one - 1].end < words[one].start and words[one].end < words[one + 1].start
        ]  # fmt: skip
        edges = [segment.start, *(one + 1 for one in cuts)]
        found = [Segment(*pair) for pair in zip(edges, [*cuts, segment.end], strict=True)]
        pieces = [Piece(one, self._plain(one)) for one in found if one.start < one.end]
        is_good = len(pieces) > 1 and all(
            _is_whole(one.found) and not isinstance(one.found, Stuck) and _are_clauses(one.found)
            for one in pieces
        )
        return pieces if is_good else []

    def _named_first(self, segment: Segment) -> list[Piece]:
        """Read "the noisy ones are /a and /b: both 1 in 10": a name, then what is done to it."""
        words = self._whole.words
        for at in range(segment.start + 2, segment.end - 1):
            if words[at].kinds[0] not in ("_COLON", "_COMMA", "_DASH", "_LPAR"):
                continue
            front = Segment(segment.start, at)
            definition = introduced(self._chart, self._whole, front)
            if definition is None:
                continue
            back = Segment(at + 1, segment.end)
            found = read_segment(self._chart, words, back.start, back.end)
            if _is_whole(found) and not isinstance(found, Stuck) and _says_how_much(found):
                return [Piece(front, (definition,)), Piece(back, found)]
        return []

    def _is_row(self, segment: Segment) -> bool:
        words = self._whole.words
        return segment.start > 0 and words[segment.start - 1].kinds[0] == "_PIPE"

    def _piece(self, piece: Segment) -> tuple[Units, ...] | Stuck:
        if piece.role == "aside":
            return _aside(piece)
        told = told_units(self._chart, self._whole, piece) if not piece.role else None
        if told is not None:
            return (told,)
        if piece.role == "correction":
            length = self._length(piece)
            if length is not None:
                return ((length,),)
            value = self._value(piece)
            if value is not None:
                return ((value,),)
        at = taken_back(self._whole, piece)
        if at:
            meanings = self._chart.read("np", at).get(piece.end, ())
            phrases = [one for one in meanings if isinstance(one, Phrase)]
            if len(phrases) == 1:
                text = self._whole.said(at, piece.end)
                return ((TakenBack(phrases[0], text, piece.start, piece.end),),)
        return self._plain(piece)

    def _length(self, piece: Segment) -> NewLength | None:
        words = self._whole.words[piece.start : piece.end]
        last = words[-1]
        if not isinstance(last.value, Length):
            return None
        if any(one.text.lower() not in _MAKES and one.kinds[0] != "_COMMA" for one in words[:-1]):
            return None
        is_over = any(one.text.lower() in _OVER for one in words)
        return NewLength(last.value.text, piece.start, piece.end, is_over)

    def _value(self, piece: Segment) -> NewValue | None:
        words = self._whole.words[piece.start : piece.end]
        last = words[-1]
        said = " ".join(one.text.lower() for one in words[:-1])
        names = self._chart.names_at(piece.end - 1)
        if said not in _IT_IS or not names <= {"WORD", "ANYWORD", "QUOTED"}:
            return None
        text = last.value if isinstance(last.value, str) else last.text
        return NewValue(text, piece.start, piece.end)

    def _plain(self, segment: Segment) -> tuple[Units, ...] | Stuck:
        words = self._whole.words
        found = read_segment(self._chart, words, segment.start, segment.end)
        if self._tells_anew(segment, found):
            return Stuck(segment.start)
        if _is_whole(found):
            return found
        definition = introduced(self._chart, self._whole, segment)
        if definition is not None:
            return (definition,)
        if isinstance(found, Stuck) and is_bare_heading(self._chart, words, segment):
            return _aside(segment)
        if isinstance(found, Stuck):
            first, last = words[segment.start].start, words[segment.end - 1].end
            tokens = [one for one in self._lexed.tokens if first <= one.place[0] < last]
            if is_background(tokens):
                return _aside(segment)
        return found

    def _tells_anew(self, segment: Segment, found: tuple[Units, ...] | Stuck) -> bool:
        """Whether an aside behind "Edit:" names what was spoken of: "billing is called x now"."""
        is_aside = not isinstance(found, Stuck) and all(
            isinstance(unit, Aside) for units in found for unit in units
        )
        words = self._whole.words[segment.start : segment.end]
        cue = cue_at(self._whole.text[: words[-1].end], words[0].start) if is_aside else None
        if cue is None or not cue.is_label:
            return False
        before = {one.text.lower() for one in self._whole.words[: segment.start]}
        known = grammar().words
        return any(
            one.text.lower() in before and one.text.lower() not in known
            for one in words
            if one.start >= cue.end and one.text[0].isalnum()
        )


def _is_aside(found: tuple[Units, ...] | Stuck) -> bool:
    return not isinstance(found, Stuck) and all(
        isinstance(one, Aside) for units in found for one in units
    )


def _aside(segment: Segment) -> tuple[Units, ...]:
    return ((Aside(segment.start, segment.end),),)


def _is_whole(found: tuple[Units, ...] | Stuck) -> bool:
    """Whether it was read without a name that nobody knows."""
    if isinstance(found, Stuck):
        return False
    return not any(_has_unknown(units) for units in found)


def _are_clauses(found: tuple[Units, ...]) -> bool:
    """Whether every unit says of what, and how much."""
    return all(
        isinstance(one, Said)
        and (one.np is not None or one.is_rest)
        and (one.act is not None or one.rate is not None)
        for units in found
        for one in units
    )


def _says_how_much(found: tuple[Units, ...]) -> bool:
    """Whether no clause is a bare noun phrase: "..., /feed and /beacon" goes on with a list."""
    return all(
        one.np is None or one.act is not None or one.rate is not None
        for units in found
        for one in units
        if isinstance(one, Said)
    )


def _refers(found: tuple[Units, ...] | Stuck) -> bool:
    """Whether the first clause of each reading is of what was spoken of before."""
    if isinstance(found, Stuck):
        return False
    firsts = [next((one for one in units if isinstance(one, Said)), None) for units in found]
    return all(
        one is not None
        and (one.is_it or one.refers == "both")
        and one.np is None
        and not one.is_rest
        for one in firsts
    )


def _has_unknown(units: Sequence[Unit]) -> bool:
    return any(
        isinstance(one, Said)
        and one.np is not None
        and any(part.about == "group" for part in opens_of(one.np.cond))
        for one in units
    )

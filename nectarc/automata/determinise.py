"""Run a nondeterministic automaton as a deterministic one, made as far as it is asked.

Owns: sets of states, questions about places, the search that starts anew at each character.
Must not know: pattern syntax. Truth: ../shared/reference/proof-method.md, section 5.

What a place is like depends on the characters before and after it. A set of states is kept for the
place after the last character read: questions that look back have been answered, those that look
ahead wait for the next character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from enum import IntEnum
from typing import Final, TypeAlias, assert_never

from nectarc.automata.charsets import ANY, NEWLINE, NON_ASCII, WORD
from nectarc.automata.language import (
    NEVER,
    Alphabet,
    Table,
    alphabet_of_ranges,
    distances,
)
from nectarc.automata.nfa import Asks, Found, Nfa, Reads, Splits
from nectarc.automata.pattern_tree import Place

# A table with no more transitions than these is made at once, so that its dead ends are known.
_EAGER_MAX: Final = 15_000
_FOUND: Final = 1
_Set: TypeAlias = int  # bit i: state i of the NFA; bit 0 is its end
_WORD_PLACES: Final = frozenset({Place.WORD_EDGE, Place.NO_WORD_EDGE})
_BACKWARD: Final = frozenset({Place.TEXT_START, Place.LINE_START})


class _Side(IntEnum):
    """What stands on one side of a place."""

    EDGE = 0  # the start or the end of the text
    NEWLINE = 1
    WORD = 2
    OTHER = 3


def search_table(nfa: Nfa) -> Table:
    """Return the automaton of the texts in which `nfa` is found."""
    return _Runner(nfa).table()


class _Runner:
    """The sets met so far. INVARIANT: state i of the table is sets[i]."""

    def __init__(self, nfa: Nfa) -> None:
        self._states = nfa.states
        places = {state.place for state in nfa.states if isinstance(state, Asks)}
        self._alphabet = _alphabet(nfa, places)
        self._pending = sum(
            1 << number
            for number, state in enumerate(nfa.states)
            if isinstance(state, Asks) and state.place not in _BACKWARD
        )
        self._looking_back = sum(
            1 << number for number in _numbers_of(self._pending) if _may_look_back(nfa, number)
        )
        self._sides = _sides(self._alphabet, has_words=bool(places & _WORD_PLACES))
        self._members = _members(self._alphabet, nfa)
        self._moves: dict[tuple[int, int], _Set] = {}
        # By those states that read the character and by what it is: most characters move none.
        self._after: dict[tuple[_Set, _Side], int] = {}
        self._resolved: dict[tuple[_Set, _Side, _Side], _Set] = {}
        first = self._closed((nfa.start,), _Side.EDGE)
        self._restarts = {side: self._closed((nfa.start,), side) for side in _Side}
        # google-re2 also looks between the bytes of one character, where no word character stands
        # on either side: there \B holds, and nothing else does.
        self._is_found_inside = bool(
            self._resolve(self._restarts[_Side.OTHER], _Side.OTHER, _Side.OTHER) & _FOUND
        )
        self._sets: list[tuple[_Set, _Side]] = []
        self._numbers: dict[tuple[_Set, _Side], int] = {}
        size = self._alphabet.size
        self._table = Table(self._alphabet, [], [], to_accept=[], to_reject=[], grow=self._grow)
        self._unknown = [-1] * size
        self._number(first, _Side.EDGE)

    def table(self) -> Table:
        """Return the table, complete if it is small."""
        table, size = self._table, self._alphabet.size
        state = 0
        while state < len(table.rows) and len(table.rows) * size <= _EAGER_MAX:
            for kind in range(size):
                if table.rows[state][kind] < 0:
                    self._grow(state, kind)
            state += 1
        if state < len(table.rows):
            return table
        accepting = table.accepting
        table.to_accept[:] = distances(table.rows, [i for i, yes in enumerate(accepting) if yes])
        table.to_reject[:] = distances(
            table.rows, [i for i, yes in enumerate(accepting) if not yes]
        )
        table.grow = None
        return table

    def _grow(self, state: int, kind: int) -> int:
        members, before = self._sets[state]
        target = self._numbered_after(members, before, kind)
        self._table.rows[state][kind] = target
        return target

    def _numbered_after(self, members: _Set, before: _Side, kind: int) -> int:
        side = self._sides[kind]
        if members & _FOUND:
            return self._number(_FOUND, _Side.OTHER)
        members = self._resolve(members, before, side)
        if members & _FOUND or (self._is_found_inside and self._members[kind] & _FOUND):
            return self._number(_FOUND, _Side.OTHER)
        moving = members & self._members[kind] & ~_FOUND
        known = self._after.get((moving, side))
        if known is None:
            following = self._restarts[side]
            for number in _numbers_of(moving):
                following |= self._moved(number, side)
            known = self._after[moving, side] = self._number(following, side)
        return known

    def _moved(self, number: int, side: _Side) -> _Set:
        known = self._moves.get((number, side))
        if known is None:
            state = self._states[number]
            assert isinstance(state, Reads)
            known = self._moves[number, side] = self._closed((state.following,), side)
        return known

    def _number(self, members: _Set, side: _Side) -> int:
        if members & _FOUND:
            members = _FOUND  # found is found, whatever follows
        if not members & self._looking_back:
            side = _Side.OTHER  # nobody will ask what stood before
        known = self._numbers.get((members, side))
        if known is not None:
            return known
        number = self._numbers[members, side] = len(self._sets)
        self._sets.append((members, side))
        is_accepted = bool(self._resolve(members, side, _Side.EDGE) & _FOUND)
        is_final = bool(members & _FOUND)
        table = self._table
        table.rows.append(list(self._unknown))
        table.accepting.append(is_accepted)
        table.to_accept.append(0 if is_accepted else 1 if members else NEVER)
        table.to_reject.append(NEVER if is_final else int(is_accepted))
        return number

    def _closed(self, starts: Iterable[int], before: _Side) -> _Set:
        """Follow all that reads nothing; questions that look ahead are left standing."""
        return self._follow(starts, before, None)

    def _resolve(self, members: _Set, before: _Side, after: _Side) -> _Set:
        """Answer the questions left standing, now that what follows is known."""
        if not members & self._pending:
            return members
        key = (members, before, after)
        known = self._resolved.get(key)
        if known is None:
            known = self._follow(_numbers_of(members), before, after)
            self._resolved[key] = known
        return known

    def _follow(self, starts: Iterable[int], before: _Side, after: _Side | None) -> _Set:
        members = seen = 0
        left = list(starts)
        while left:
            number = left.pop()
            if seen >> number & 1:
                continue
            seen |= 1 << number
            state = self._states[number]
            match state:
                case Found() | Reads():
                    members |= 1 << number
                case Splits(following):
                    left += following
                case Asks(place, following):
                    if after is None and place not in _BACKWARD:
                        members |= 1 << number
                    elif _holds(place, before, after):
                        left.append(following)
                case _:
                    assert_never(state)
        return members


def _holds(place: Place, before: _Side, after: _Side | None) -> bool:
    match place:
        case Place.TEXT_START:
            return before is _Side.EDGE
        case Place.LINE_START:
            return before in (_Side.EDGE, _Side.NEWLINE)
        case Place.TEXT_END:
            return after is _Side.EDGE
        case Place.LINE_END:
            return after in (_Side.EDGE, _Side.NEWLINE)
        case Place.WORD_EDGE:
            return (before is _Side.WORD) is not (after is _Side.WORD)
        case Place.NO_WORD_EDGE:
            return (before is _Side.WORD) is (after is _Side.WORD)
        case _:
            assert_never(place)


def _alphabet(nfa: Nfa, places: set[Place]) -> Alphabet:
    sets = {state.ranges for state in nfa.states if isinstance(state, Reads)}
    if places & {Place.LINE_START, Place.LINE_END}:
        sets.add(((NEWLINE, NEWLINE),))
    if places & _WORD_PLACES:
        sets |= {WORD, ((NEWLINE, NEWLINE),), NON_ASCII}
    return alphabet_of_ranges(sorted(sets) or [ANY])


def _may_look_back(nfa: Nfa, number: int) -> bool:
    """Say whether what stood before a place matters once the question `number` is answered."""
    seen: set[int] = set()
    left = [number]
    while left:
        number = left.pop()
        if number in seen:
            continue
        seen.add(number)
        match nfa.states[number]:
            case Asks(place, following):
                if place in _BACKWARD or place in _WORD_PLACES:
                    return True
                left.append(following)
            case Splits(many):
                left += many
            case Found() | Reads():
                pass
    return False


def _sides(alphabet: Alphabet, *, has_words: bool) -> list[_Side]:
    """Return for each class what it is to its neighbours.

    A class that mixes newlines with others has any of them: then nobody asks for lines.
    """
    found = [_Side.OTHER] * alphabet.size
    for start, kind in zip(alphabet.starts, alphabet.classes, strict=True):
        if start == NEWLINE:
            found[kind] = _Side.NEWLINE
        elif has_words and any(first <= start <= last for first, last in WORD):
            found[kind] = _Side.WORD
    return found


def _members(alphabet: Alphabet, nfa: Nfa) -> list[_Set]:
    """Return for each class the states that read it; bit 0: its characters have several bytes."""
    found = [0] * alphabet.size
    by_ranges: dict[tuple[tuple[int, int], ...], _Set] = {NON_ASCII: _FOUND}
    for number, state in enumerate(nfa.states):
        if isinstance(state, Reads):
            by_ranges[state.ranges] = by_ranges.get(state.ranges, 0) | 1 << number
    for ranges, members in by_ranges.items():
        firsts = [first for first, _ in ranges]
        for start, kind in zip(alphabet.starts, alphabet.classes, strict=True):
            at = bisect_right(firsts, start) - 1
            if at >= 0 and start <= ranges[at][1]:
                found[kind] |= members
    return found


def _numbers_of(members: _Set) -> list[int]:
    numbers = []
    while members:
        lowest = members & -members
        numbers.append(lowest.bit_length() - 1)
        members ^= lowest
    return numbers

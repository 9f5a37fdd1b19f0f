"""A language of texts as a deterministic automaton with a table of transitions.

Owns: tables, the classes of code points that a table tells apart, what can be asked of a language.
Must not know: where a table came from. Texts are Unicode scalar values in code point order, which
is the order of their UTF-8 bytes. Truth: ../shared/reference/proof-method.md, sections 4 and 5.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, TypeAlias

from nectarc.records import part, record

LAST_CODE_POINT: Final = 0x10FFFF
SURROGATES: Final = (0xD800, 0xDFFF)
# How far a state is from one that it cannot reach; sums of a few of them stay above it.
NEVER: Final = 1 << 40
Ranges: TypeAlias = tuple[tuple[int, int], ...]


@record
class Unsupported:
    """No exact automaton is made; `reason` says why in words for the user."""

    reason: str


@record
class Alphabet:
    """Code points that an automaton does not tell apart share a class, 0 to `size` - 1.

    INVARIANT: starts[0] == 0, ascending; code points from starts[i] up to the next start are of
    class classes[i].
    """

    starts: tuple[int, ...]
    classes: tuple[int, ...]
    size: int

    def class_of(self, code_point: int) -> int:
        """Return the class of a code point."""
        return self.classes[bisect_right(self.starts, code_point) - 1]


@record(frozen=False)
class Table:
    """Transitions between states, 0 being the start. Grows when it is not complete.

    rows:       rows[state][class] is the next state, -1 where not yet known.
    to_accept:  to_accept[state] characters, at least, lead to an accepted text; NEVER: none does.
    to_reject:  the same for a text that is not accepted.
    grow:       finds an unknown transition and writes it down; None: no -1 stands in the rows.
    """

    alphabet: Alphabet
    rows: list[list[int]]
    accepting: list[bool]
    to_accept: list[int]
    to_reject: list[int]
    grow: Callable[[int, int], int] | None = None


@record
class Language:
    """A set of texts. Equal keys mean equal languages, and so the same table.

    is_in: a quicker membership test than the table's, where there is one.
    """

    key: Hashable
    table: Table = part(compare=False, repr=False)
    is_in: Callable[[str], bool] | None = part(default=None, compare=False, repr=False)

    @property
    def start(self) -> int:
        """The state before the first character."""
        return 0

    def step(self, state: int, code_point: int) -> int:
        """Return the state after one more character."""
        known = self.table.rows[state][kind := self.table.alphabet.class_of(code_point)]
        if known < 0:
            assert self.table.grow is not None
            return self.table.grow(state, kind)
        return known

    def accepts(self, state: int) -> bool:
        """Say whether the text read so far is in the language."""
        return self.table.accepting[state]

    def is_dead(self, state: int) -> bool:
        """Say whether it is known that no text that goes on from `state` is in the language."""
        return self.table.to_accept[state] >= NEVER

    def is_full(self, state: int) -> bool:
        """Say whether it is known that all texts that go on from `state` are in the language."""
        return self.table.to_reject[state] >= NEVER

    def code_points(self, state: int) -> tuple[int, ...]:
        """Return code points, one at least of each kind that `state` tells apart."""
        found: dict[int, int] = {}
        alphabet = self.table.alphabet
        ends = (*(start - 1 for start in alphabet.starts[1:]), LAST_CODE_POINT)
        for first, last in zip(alphabet.starts, ends, strict=True):
            shown = scalar_between(first, last)
            if shown is not None:
                found.setdefault(self.step(state, first), shown)
        return tuple(found.values())

    def matches(self, text: str) -> bool:
        """Say whether `text` is in the language. O(length)."""
        if self.is_in is not None:
            return self.is_in(text)
        table, state = self.table, 0
        rows, to_accept, to_reject = table.rows, table.to_accept, table.to_reject
        starts, classes = table.alphabet.starts, table.alphabet.classes
        for character in text:
            point = ord(character)
            known = rows[state][classes[bisect_right(starts, point) - 1]]
            state = known if known >= 0 else self.step(state, point)
            if to_accept[state] >= NEVER:
                return False
            if to_reject[state] >= NEVER:
                return True
        return table.accepting[state]


def scalar_between(first: int, last: int) -> int | None:
    """Return the least Unicode scalar value from `first` to `last`; None: only surrogates."""
    if SURROGATES[0] <= first <= SURROGATES[1]:
        first = SURROGATES[1] + 1
    return first if first <= last else None


def alphabet_of(texts: Iterable[str]) -> Alphabet:
    """Return the alphabet that tells each character of `texts` apart and all others not.

    Class 0 is the others, class i the i-th character in code point order.
    """
    starts, classes, following = [0], [0], 0
    points = sorted(map(ord, set().union(*texts)))
    for kind, point in enumerate(points, 1):
        if point == following:
            starts.pop()
            classes.pop()
        starts += (point, point + 1)
        classes += (kind, 0)
        following = point + 1
    return Alphabet(tuple(starts), tuple(classes), len(points) + 1)


def alphabet_of_ranges(sets: Iterable[Ranges]) -> Alphabet:
    """Return the coarsest alphabet in which each set of code points is a union of classes.

    sets: each ascending and without overlaps; ends are included.
    """
    members = list(sets)
    changes: dict[int, list[int]] = {0: []}
    for number, ranges in enumerate(members):
        for first, last in ranges:
            changes.setdefault(first, []).append(number)
            if last < LAST_CODE_POINT:
                changes.setdefault(last + 1, []).append(number)
    starts: list[int] = []
    classes: list[int] = []
    inside = 0
    kinds: dict[int, int] = {}
    for start in sorted(changes):
        for number in changes[start]:
            inside ^= 1 << number
        kind = kinds.setdefault(inside, len(kinds))
        if not classes or classes[-1] != kind:
            starts.append(start)
            classes.append(kind)
    return Alphabet(tuple(starts), tuple(classes), len(kinds))


def distances(rows: Sequence[Sequence[int]], goals: Iterable[int]) -> list[int]:
    """Return for each state how many characters lead to a goal, NEVER where none do.

    rows: complete. O(transitions).
    """
    sources: list[set[int]] = [set() for _ in rows]
    for state, row in enumerate(rows):
        for target in set(row):
            sources[target].add(state)
    found = [NEVER] * len(rows)
    border = list(goals)
    for state in border:
        found[state] = 0
    length = 0
    while border:
        length += 1
        reached = {source for state in border for source in sources[state]}
        border = [state for state in reached if found[state] == NEVER]
        for state in border:
            found[state] = length
    return found

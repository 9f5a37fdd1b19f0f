"""Find a text that is in some languages and not in others, or prove that there is none.

Owns: the search through products of automata. Must not know: what the languages stand for.
Truth: ../shared/reference/proof-method.md, section 4, "Lazy string fields".

Only the languages that a found text violates join the product, one round after the other: most of
dozens of tests never matter. A product that is empty proves that the whole is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from itertools import combinations
from typing import Final, TypeAlias

from nectarc.automata.language import LAST_CODE_POINT, NEVER, Language, Table, scalar_between
from nectarc.records import record

# What a character costs in a word that people will read: letters and digits first, then what a
# keyboard has, then what can be seen, then the rest. A cost counts like that many letters / 8.
_READABLE: Final = (
    (0x61, 0x7A, 8),
    (0x41, 0x5A, 8),
    (0x30, 0x39, 8),
    (0x2D, 0x2F, 9),
    (0x5F, 0x5F, 9),
    (0x20, 0x7E, 10),
    (0xC0, 0x24F, 14),
    (0x370, 0x3FF, 14),
    (0x4E00, 0x9FFF, 16),
    (0x09, 0x0A, 20),
)
_UNREADABLE: Final = 30
_LETTER: Final = 8
# Characters still missing weigh more than those spent: straight to a word, not the shortest one.
_HASTE: Final = 2 * _LETTER
# A product of many languages that each leave a mark for good (texts to be contained) doubles with
# each; before all states are walked, a few languages at a time are asked.
_FIRST_TRY: Final = 1500
# Steps of single automata, about a tenth of a microsecond each: what a search may cost.
_WORK_MAX: Final = 8_000_000
_FIRST_WORK_MAX: Final = 1_000_000
_FEW_WORK_MAX: Final = 200_000
_FAILURES_MAX: Final = 10
_REMEMBERED: Final = 8192


@record
class GaveUp:
    """The search met its limit, of states or of work: whether there is a word is not known."""

    states: int


@record
class Core:
    """There is no word, and these few of the languages asked are proof enough."""

    wanted: frozenset[Language]
    unwanted: frozenset[Language]


_Side: TypeAlias = tuple[Language, bool]  # wanted: True
# What it costs, its code point, and its class in the alphabet of each side.
_Move: TypeAlias = tuple[int, int, tuple[int, ...]]


def find_word(
    wanted: Sequence[Language],
    unwanted: Sequence[Language] = (),
    *,
    states_max: int = 50_000,
) -> str | GaveUp | None:
    """Return a short, readable text in all of `wanted` and none of `unwanted`.

    None proves that there is none; GaveUp: more than `states_max` product states were met, or the
    work of about a second was done. Answers are remembered.
    """
    answer = find_word_or_core(wanted, unwanted, states_max=states_max)
    return None if isinstance(answer, Core) else answer


def find_word_or_core(
    wanted: Sequence[Language],
    unwanted: Sequence[Language] = (),
    *,
    states_max: int = 50_000,
) -> str | GaveUp | Core:
    """Do as `find_word`, and where there is no word, say which languages exclude each other.

    The core is small, not minimal: those that the search had to look at, of pairs just the two.
    """
    return _find(frozenset(wanted), frozenset(unwanted), states_max)


def find_word_in(
    alternatives: Sequence[Sequence[Language]],
    wanted: Sequence[Language] = (),
    unwanted: Sequence[Language] = (),
    *,
    states_max: int = 50_000,
) -> str | GaveUp | None:
    """Do as `find_word`, for a text that is also in all languages of one of the alternatives."""
    gave_up = None
    for languages in alternatives:
        word = find_word((*languages, *wanted), unwanted, states_max=states_max)
        if isinstance(word, str):
            return word
        gave_up = word or gave_up
    return gave_up


@lru_cache(maxsize=_REMEMBERED)
def _find(
    wanted: frozenset[Language], unwanted: frozenset[Language], states_max: int
) -> str | GaveUp | Core:
    both = wanted & unwanted
    if both:
        one = frozenset((min(both, key=_rank),))
        return Core(one, one)
    # INVARIANT: an order that does not depend on hashes, so that answers repeat.
    active = [(one, True) for one in sorted(wanted, key=_rank)]
    waiting = [(one, False) for one in sorted(unwanted, key=_rank)]
    tried: list[str] = []  # words of pairs
    while True:
        word = next((word for word in tried if _fits(word, active)), None)
        if word is None:
            answer = _search_with_care(active, states_max)
            if not isinstance(answer, str):
                return answer
            word = answer
        violated = [side for side in waiting if side[0].matches(word)]
        if not violated:
            return word
        waiting = [side for side in waiting if side not in violated]
        # Most conflicts are of two, and many a word for two is one for all.
        for side in violated:
            for other in active[: len(wanted)]:
                found = _pair(other, side)
                if found is None:
                    return _core((other, side))
                if isinstance(found, str):
                    tried.append(found)
        active += violated


@lru_cache(maxsize=_REMEMBERED)
def _rank(language: Language) -> str:
    return repr(language.key)


def _fits(word: str, sides: list[_Side]) -> bool:
    return all(one.matches(word) is is_wanted for one, is_wanted in sides)


def _core(sides: Iterable[_Side]) -> Core:
    known = tuple(sides)
    return Core(
        frozenset(one for one, is_wanted in known if is_wanted),
        frozenset(one for one, is_wanted in known if not is_wanted),
    )


@lru_cache(maxsize=4 * _REMEMBERED)
def _pair(first: _Side, second: _Side) -> str | GaveUp | None:
    return _search((first, second), _FIRST_TRY, _FIRST_WORK_MAX)


def _search_with_care(sides: list[_Side], states_max: int) -> str | GaveUp | Core:
    """Search, and where it takes long, first see whether a few of the sides are in conflict."""
    lasting = [side for side in sides if side[1] and _leaves_a_mark(side[0])]
    if len(lasting) <= 3:
        word = _search(sides, states_max, _WORK_MAX)
        return _core(sides) if word is None else word
    word = _search(sides, min(_FIRST_TRY, states_max), _FIRST_WORK_MAX)
    if isinstance(word, str):
        return word
    if word is None:
        return _core(sides)
    others = [side for side in sides if side not in lasting]
    failures = 0
    for few in (*combinations(lasting, 1), *combinations(lasting, 2)):
        found = _search([*others, *few], _FIRST_TRY, _FEW_WORK_MAX)
        if found is None:
            return _core((*others, *few))
        failures += isinstance(found, GaveUp)
        if failures == _FAILURES_MAX:
            break
    word = _search(sides, states_max, _WORK_MAX)
    return _core(sides) if word is None else word


def _leaves_a_mark(language: Language) -> bool:
    """Say whether being in the language is found out anywhere in a text and then stays so."""
    table = language.table
    return NEVER in table.to_reject and NEVER not in table.to_accept


class _Product:
    """What a search through the product of some sides needs to know, whatever it looks for.

    aims: how far each state is from what its side wants; the lists grow with their tables.
    """

    __slots__ = ("_chosen", "_live", "_moves", "_of_kind", "aims", "sides", "tables", "verdicts")

    def __init__(self, sides: tuple[_Side, ...]) -> None:
        self.sides = sides
        self.tables = [language.table for language, _ in sides]
        self.aims = [
            one.table.to_accept if is_wanted else one.table.to_reject for one, is_wanted in sides
        ]
        self.verdicts = [(one.table.accepting, is_wanted) for one, is_wanted in sides]
        self._moves = _joint_moves(tuple(language for language, _ in sides))
        # By side, for each class of its alphabet: the moves of that class, as bits.
        self._of_kind: list[dict[int, int]] = [{} for _ in sides]
        for number, (_, _, kinds) in enumerate(self._moves):
            for of_kind, kind in zip(self._of_kind, kinds, strict=True):
                of_kind[kind] = of_kind.get(kind, 0) | 1 << number
        self._live: list[dict[int, int]] = [{} for _ in sides]
        self._chosen: dict[int, list[_Move]] = {}

    def moves_from(self, state: tuple[int, ...]) -> list[_Move]:
        """Return the moves that no side is known to forbid. Most characters lead nowhere."""
        chosen = -1
        for number, (live, at) in enumerate(zip(self._live, state)):  # noqa: B905 - same length; `strict` costs as much as the step
            bits = live.get(at)
            chosen &= self._live_at(number, at) if bits is None else bits
        moves = self._chosen.get(chosen)
        if moves is None:
            moves = self._chosen[chosen] = [
                move for number, move in enumerate(self._moves) if chosen >> number & 1
            ]
        return moves

    def _live_at(self, number: int, at: int) -> int:
        kinds, are_alive = _kinds_at(self.tables[number], self.aims[number], at)
        of_kind, bits = self._of_kind[number], 0
        for kind in kinds:
            bits |= of_kind.get(kind, 0)
        self._live[number][at] = bits = bits if are_alive else ~bits
        return bits


def _kinds_at(table: Table, aim: list[int], at: int) -> tuple[list[int], bool]:
    """Return the classes that lead on from a state, or those that do not if they are fewer.

    What is not yet known may lead on; then a move is tried in vain.
    """
    alive: list[int] = []
    dead: list[int] = []
    for kind, target in enumerate(table.rows[at]):
        (alive if target < 0 or aim[target] < NEVER else dead).append(kind)
    return (alive, True) if len(alive) <= len(dead) else (dead, False)


@lru_cache(maxsize=128)
def _product(sides: tuple[_Side, ...]) -> _Product:
    return _Product(sides)


def _search(sides: Sequence[_Side], states_max: int, work_max: int) -> str | GaveUp | None:
    """Search the product of all sides, nearest to a word first."""
    if not sides:
        return ""
    product = _product(tuple(sides))
    tables, aims, verdicts = product.tables, product.aims, product.verdicts
    start = (0,) * len(sides)
    missing = sum([aim[0] for aim in aims])
    if missing >= NEVER:
        return None
    came_from: dict[tuple[int, ...], tuple[tuple[int, ...], int] | None] = {start: None}
    count = work = 0
    border = [(missing * _HASTE, 0, 0, start)]
    while border:
        _, _, spent, state = heappop(border)
        if all(accepting[at] is is_wanted for (accepting, is_wanted), at in zip(verdicts, state)):  # noqa: B905 - as above
            return _spelled(came_from, state)
        rows = [table.rows[at] for table, at in zip(tables, state)]  # noqa: B905 - as above
        moves = product.moves_from(state)
        for cost, code_point, kinds in moves:
            target = tuple([row[kind] for row, kind in zip(rows, kinds)])  # noqa: B905 - as above
            if -1 in target:
                target = _grown(sides, state, kinds)
            if target in came_from:
                continue
            missing = sum([aim[at] for aim, at in zip(aims, target)])  # noqa: B905 - as above
            if missing >= NEVER:
                continue
            count += 1
            came_from[target] = (state, code_point)
            total = spent + cost
            heappush(border, (total + missing * _HASTE, count, total, target))
        work += (len(moves) + 1) * len(sides)
        if count > states_max or work > work_max:
            return GaveUp(count)
    return None


def _grown(
    sides: Sequence[_Side], state: tuple[int, ...], kinds: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the next state where some table has not been asked this before."""
    found = []
    for (language, _), at, kind in zip(sides, state, kinds, strict=True):
        target = language.table.rows[at][kind]
        if target < 0:
            assert language.table.grow is not None
            target = language.table.grow(at, kind)
        found.append(target)
    return tuple(found)


def _spelled(
    came_from: dict[tuple[int, ...], tuple[tuple[int, ...], int] | None], state: tuple[int, ...]
) -> str:
    characters = []
    while (before := came_from[state]) is not None:
        state, code_point = before
        characters.append(chr(code_point))
    return "".join(reversed(characters))


@lru_cache(maxsize=512)
def _joint_moves(languages: tuple[Language, ...]) -> list[_Move]:
    """Return one character for each kind that some language tells apart, readable ones first."""
    alphabets = [language.table.alphabet for language in languages]
    starts = sorted(set().union(*(alphabet.starts for alphabet in alphabets)))
    columns = [
        [alphabet.classes[bisect_right(alphabet.starts, start) - 1] for start in starts]
        for alphabet in alphabets
    ]
    best: dict[tuple[int, ...], tuple[int, int]] = {}
    ends = [*(start - 1 for start in starts[1:]), LAST_CODE_POINT]
    for first, last, kinds in zip(starts, ends, zip(*columns, strict=True), strict=True):
        shown = _shown(first, last)
        if shown is not None and (kinds not in best or shown < best[kinds]):
            best[kinds] = shown
    return sorted((cost, point, kinds) for kinds, (cost, point) in best.items())


def _shown(first: int, last: int) -> tuple[int, int] | None:
    """Return the cost and the code point of the most readable character in a range."""
    for low, high, cost in _READABLE:
        if first <= high and last >= low:
            return cost, max(first, low)
    point = scalar_between(first, last)
    return None if point is None else (_UNREADABLE, point)

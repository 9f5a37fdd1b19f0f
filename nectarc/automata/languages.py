"""Languages of texts that a single test of a text describes.

Owns: their tables. Must not know: which tests ask for them. Truth: docs/language.md, section 3.
Each constructor remembers what it made; equal arguments give one and the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Final, TypeVar

from nectarc.automata.language import (
    NEVER,
    Alphabet,
    Language,
    Table,
    Unsupported,
    alphabet_of,
    distances,
)

_State = TypeVar("_State", bound=Hashable)
_REMEMBERED: Final = 4096


@lru_cache(maxsize=1)
def everything() -> Language:
    """Return the language of all texts."""
    table = Table(Alphabet((0,), (0,), 1), [[0]], [True], to_accept=[0], to_reject=[NEVER])
    return Language(("everything",), table, lambda _text: True)


@lru_cache(maxsize=_REMEMBERED)
def equals(text: str) -> Language:
    """Return the language of `text` alone."""
    alphabet = alphabet_of((text,))
    length = len(text)
    dead = [length + 1] * alphabet.size
    rows = _chain(text, alphabet, dead)
    rows += [dead, dead]
    table = Table(
        alphabet,
        rows,
        [False] * length + [True, False],
        to_accept=[*range(length, -1, -1), NEVER],
        to_reject=[0] * length + [1, 0],
    )
    return Language(("equals", text), table, lambda other: other == text)


@lru_cache(maxsize=_REMEMBERED)
def starts_with(text: str) -> Language:
    """Return the language of the texts that start with `text`."""
    alphabet = alphabet_of((text,))
    length = len(text)
    rows = _chain(text, alphabet, [length + 1] * alphabet.size)
    rows += [[length] * alphabet.size, [length + 1] * alphabet.size]
    table = Table(
        alphabet,
        rows,
        [False] * length + [True, False],
        to_accept=[*range(length, -1, -1), NEVER],
        to_reject=[0] * length + [NEVER, 0],
    )
    return Language(("starts_with", text), table, lambda other: other.startswith(text))


@lru_cache(maxsize=_REMEMBERED)
def ends_with(text: str) -> Language:
    """Return the language of the texts that end with `text`."""
    if not text:
        return everything()
    alphabet = alphabet_of((text,))
    length = len(text)
    rows, after = _search_rows(text, alphabet)
    rows.append(list(rows[after]))
    table = Table(
        alphabet,
        rows,
        [False] * length + [True],
        to_accept=[*range(length, -1, -1)],
        to_reject=[0] * length + [1],
    )
    return Language(("ends_with", text), table, lambda other: other.endswith(text))


@lru_cache(maxsize=_REMEMBERED)
def contains(text: str) -> Language:
    """Return the language of the texts that have `text` somewhere."""
    if not text:
        return everything()
    alphabet = alphabet_of((text,))
    length = len(text)
    rows, _ = _search_rows(text, alphabet)
    rows.append([length] * alphabet.size)
    table = Table(
        alphabet,
        rows,
        [False] * length + [True],
        to_accept=[*range(length, -1, -1)],
        to_reject=[0] * length + [NEVER],
    )
    return Language(("contains", text), table, lambda other: text in other)


def one_of(texts: Iterable[str]) -> Language:
    """Return the language of these texts and no others."""
    return _one_of(frozenset(texts))


def below(text: str) -> Language:
    """Return the language of the texts before `text` in code point order."""
    return between(None, text)


@lru_cache(maxsize=_REMEMBERED)
def between(low: str | None, high: str | None) -> Language:
    """Return the language of the texts t with low < t < high; None: no bound on that side."""
    if low is None and high is None:
        return everything()
    points = sorted(set(map(ord, (low or "") + (high or ""))))
    alphabet, firsts = _ordered_alphabet(points)

    def step(state: tuple[int, int], kind: int) -> tuple[int, int]:
        # How many characters are equal to those of `low` and of `high`; -1: the bound is met for
        # good, -2 in both: it is missed for good.
        at_low, at_high = state
        point = firsts[kind]
        if at_low >= 0 and low is not None:
            if at_low == len(low) or point > ord(low[at_low]):
                at_low = -1
            elif point < ord(low[at_low]):
                return (-2, -2)
            else:
                at_low += 1
        if at_high >= 0 and high is not None:
            if at_high == len(high) or point > ord(high[at_high]):
                return (-2, -2)
            at_high = -1 if point < ord(high[at_high]) else at_high + 1
        return (at_low, at_high)

    def accepts(state: tuple[int, int]) -> bool:
        return state[0] == -1 and state[1] != -2 and (state[1] < 0 or state[1] < len(high or ""))

    start = (0 if low is not None else -1, 0 if high is not None else -1)

    def is_in(text: str) -> bool:
        return (low is None or low < text) and (high is None or text < high)

    return Language(("between", low, high), explored(alphabet, start, step, accepts), is_in)


def regex(pattern: str) -> Language | Unsupported:
    """Return the language of the texts in which RE2 finds `pattern` (a search, not a full match).

    Exact, as google-re2 reads patterns; Unsupported where that is not promised.
    """
    # Few policies have patterns: the others do not pay for the parser.
    from nectarc.automata.regex import regex_language  # noqa: PLC0415

    return regex_language(pattern)


def explored(
    alphabet: Alphabet,
    start: _State,
    step: Callable[[_State, int], _State],
    accepts: Callable[[_State], bool],
) -> Table:
    """Make the complete table of a finite automaton; its states reached from `start` are numbered.

    step: from a state by a class of `alphabet`.
    """
    numbers: dict[_State, int] = {start: 0}
    order = [start]
    rows: list[list[int]] = []
    for state in order:  # grows as it is walked
        row = []
        for kind in range(alphabet.size):
            target = step(state, kind)
            number = numbers.get(target)
            if number is None:
                number = numbers[target] = len(order)
                order.append(target)
            row.append(number)
        rows.append(row)
    accepting = [accepts(state) for state in order]
    return complete_table(alphabet, rows, accepting)


def complete_table(alphabet: Alphabet, rows: list[list[int]], accepting: list[bool]) -> Table:
    """Make a table of which all transitions are known, with exact distances."""
    return Table(
        alphabet,
        rows,
        accepting,
        to_accept=distances(rows, [state for state, is_in in enumerate(accepting) if is_in]),
        to_reject=distances(rows, [state for state, is_in in enumerate(accepting) if not is_in]),
    )


@lru_cache(maxsize=_REMEMBERED)
def _one_of(texts: frozenset[str]) -> Language:
    alphabet = alphabet_of(texts)
    dead = 1
    rows = [[dead] * alphabet.size, [dead] * alphabet.size]
    accepting = [False, False]
    for text in sorted(texts):
        state = 0
        for character in text:
            kind = alphabet.class_of(ord(character))
            if rows[state][kind] == dead:
                rows[state][kind] = len(rows)
                rows.append([dead] * alphabet.size)
                accepting.append(False)
            state = rows[state][kind]
        accepting[state] = True
    table = complete_table(alphabet, rows, accepting)
    return Language(("one_of", tuple(sorted(texts))), table, lambda other: other in texts)


def _chain(text: str, alphabet: Alphabet, other: list[int]) -> list[list[int]]:
    """Return rows 0 to len(text) - 1 that read `text`; all else goes where `other` says."""
    rows = []
    for index, character in enumerate(text):
        row = list(other)
        row[alphabet.class_of(ord(character))] = index + 1
        rows.append(row)
    return rows


def _search_rows(text: str, alphabet: Alphabet) -> tuple[list[list[int]], int]:
    """Return rows 0 to len(text) - 1 of Knuth, Morris and Pratt's automaton and its last border.

    The border is the state that the automaton is in after `text` without its first character.
    """
    rows: list[list[int]] = []
    border = 0
    for index, character in enumerate(text):
        kind = alphabet.class_of(ord(character))
        row = list(rows[border]) if index else [0] * alphabet.size
        following = row[kind]
        row[kind] = index + 1
        rows.append(row)
        border = following if index else 0
    return rows, border


def _ordered_alphabet(points: list[int]) -> tuple[Alphabet, list[int]]:
    """Return an alphabet of `points` and the gaps between them, and each class's first member.

    INVARIANT: the classes ascend with their code points.
    """
    starts = [0]
    for point in points:
        if starts[-1] == point:
            starts.pop()
        starts += (point, point + 1)
    return Alphabet(tuple(starts), tuple(range(len(starts))), len(starts)), starts

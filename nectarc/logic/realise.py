"""Find a value of an open class that is in languages as asked, or prove that there is none.

Owns: the search, its memory, how a refutation becomes a lemma. Must not know: solvers.
Truth: ../shared/reference/proof-method.md, section 4, "Lazy string fields". Every value is checked
by `compile_predicate` before it is given out, so a mistake in an automaton cannot make a wrong
value; a refutation rests on the automata alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Final, TypeAlias, assert_never

from nectarc.automata.language import Language, Unsupported
from nectarc.automata.languages import below, contains, ends_with, equals, regex, starts_with
from nectarc.automata.words import Core, GaveUp, find_word_or_core
from nectarc.evaluate.values import ValueOrMissing
from nectarc.logic.area_values import Bounds, Part, value_from, widest
from nectarc.logic.asked_predicates import Asked, Kind, Tongue
from nectarc.logic.cells import Area, Cell, OtherArea, TextArea
from nectarc.logic.region_language import region_language
from nectarc.logic.text_cells import OTHER_SAMPLES
from nectarc.logic.tried_texts import tried_texts
from nectarc.logic.universe import sort_of
from nectarc.logic.value_classes import Conflict, Realised, Unrealised

_Bits: TypeAlias = tuple[tuple[int, bool], ...]
_Language: TypeAlias = Language | Unsupported
# In so many regions texts are found before a proof about the other regions is given up.
_REGIONS_MAX: Final = 4
_PLAIN_MAX: Final = 20


def language_of(tongue: Tongue) -> Language | Unsupported:
    """Return the automaton of a language; a pattern may have none."""
    kind, literal = tongue
    match kind:
        case Kind.CONTAINS:
            return contains(literal)
        case Kind.ENDS:
            return ends_with(literal)
        case Kind.PREFIX:
            return starts_with(literal)
        case Kind.BELOW:
            return below(literal)
        case Kind.PATTERN:
            return regex(literal)
        case _:
            assert_never(kind)


class Realiser:
    """What is known of the open classes of one space; it grows with each question."""

    __slots__ = (
        "_answers",
        "_areas",
        "_asked",
        "_cells",
        "_conflicts",
        "_found",
        "_languages",
        "_open_on",
        "_tellers",
        "_tongues",
        "bit_count",
    )

    def __init__(
        self,
        asked: Asked,
        cells: Sequence[Cell],
        tongues: Sequence[Tongue],
        open_on: Sequence[int],
    ) -> None:
        """Keep the parts. tongues, open_on: by bit, its language and the classes it is open on."""
        self._asked = asked
        self._cells = cells
        self._tongues = tongues
        self._open_on = open_on
        self.bit_count = len(tongues)
        self._areas = tuple(cell.area for cell in cells)
        tellers = asked.tellers()
        self._tellers = tuple(tellers[tongue] for tongue in tongues)
        self._languages: dict[int, _Language] = {}
        self._answers: dict[tuple[int, _Bits], Realised] = {}
        self._conflicts: list[Conflict] = []
        # By class: values found so far, by the mask of the bits whose languages they are in.
        self._found: dict[int, dict[int, ValueOrMissing]] = {}

    def realise(self, index: int, bits: Mapping[int, bool]) -> Realised:
        """Return a value of class `index` that is in languages as `bits` says; see ValueSpace."""
        cell = self._cells[index]
        active = tuple(
            sorted((bit, truth) for bit, truth in bits.items() if self._open_on[bit] >> index & 1)
        )
        if cell.area is None or not active:
            return cell.witness
        known = self._answers.get((index, active))
        if known is None:
            known = self._answers[index, active] = self._realise_open(index, cell.area, active)
        return known

    def _realise_open(self, index: int, area: Area, active: _Bits) -> Realised:
        wanted = sum(1 << bit for bit, truth in active if truth)
        mask = sum(1 << bit for bit, _ in active)
        for row, value in self._values_of(index).items():
            if row & mask == wanted:
                return value
        for conflict in self._conflicts:
            if conflict.classes >> index & 1 and set(conflict.bits) <= set(active):
                return conflict
        answer = self._search(index, area, active)
        if isinstance(answer, Conflict):
            self._conflicts.append(answer)
        return answer

    def _values_of(self, index: int) -> dict[int, ValueOrMissing]:
        """Return the values known of a class by their bits: at first a witness, a few samples."""
        known = self._found.get(index)
        if known is None:
            known = self._found[index] = {}
            cell = self._cells[index]
            samples = OTHER_SAMPLES if isinstance(cell.area, OtherArea) else ()
            for value in (cell.witness, *samples):
                self._keep(index, value)
        return known

    def _keep(self, index: int, value: ValueOrMissing) -> int | None:
        """Remember a value if it is of the class; return which bits' languages it is in."""
        cell = self._cells[index]
        if sort_of(value) is not cell.sort or self._asked.row(value, ~cell.open) != cell.holds:
            return None
        row = 0
        for bit, (tells, is_negated) in enumerate(self._tellers):
            if self._open_on[bit] >> index & 1 and tells(value) is not is_negated:
                row |= 1 << bit
        self._found[index].setdefault(row, value)
        return row

    def _is_answer(self, index: int, value: ValueOrMissing, active: _Bits) -> bool:
        row = self._keep(index, value)
        return row is not None and all((row >> bit & 1) == truth for bit, truth in active)

    def _search(self, index: int, area: Area, active: _Bits) -> Realised:
        """Ask the languages alone, guess, then ask the languages within the area."""
        known = tuple(pair for pair in active if isinstance(self._language(pair[0]), Language))
        word = self._find(known, Bounds())
        if word is None:
            return self._lemma(known, lambda few: self._core(few, (Bounds(),)), None)
        wanted = [self._tongues[bit] for bit, truth in active if truth or self._is_bound(bit)]
        words = [word] if isinstance(word, str) else []
        texts = words if isinstance(area, TextArea) else tried_texts(area, wanted, words)
        found = self._first_answer(index, area, texts, active)
        if found is not None:
            return found
        wide = widest(area)
        if wide is not None and self._core_in(wide, known) is not None:
            return self._lemma(known, partial(self._core_in, wide), (type(area),))
        if isinstance(area, TextArea) and self._core_elsewhere(index, known) is not None:
            lemma = self._lemma(known, partial(self._core_elsewhere, index), index)
            classes, _ = self._without(lemma.bits)
            return Conflict(classes & self._open_on_all(lemma.bits), lemma.bits)
        is_empty = True
        for part in _parts_of(area):
            loose = [self._find(known, bounds) for bounds in part.loose]
            if all(one is None for one in loose):
                continue
            is_empty = False
            found = self._first_answer(index, area, loose, active)
            if found is None and part.strict is not None:
                strict = [self._find(known, bounds) for bounds in part.strict()]
                found = self._first_answer(index, area, strict, active)
            if found is not None:
                return found
        if is_empty:
            return self._lemma(known, partial(self._core_in, area), index)
        if isinstance(area, TextArea):
            words += islice(area.region.plain_texts(), _PLAIN_MAX)
        found = self._first_answer(index, area, tried_texts(area, wanted, words), active)
        if found is not None:
            return found
        return Unrealised(self._reason_for_doubt(active))

    def _is_bound(self, bit: int) -> bool:
        return self._tongues[bit].kind is Kind.BELOW

    def _first_answer(
        self,
        index: int,
        area: Area,
        texts: Iterable[str | GaveUp | None],
        active: _Bits,
    ) -> ValueOrMissing:
        """Return the first value with one of these texts that is an answer; None: none is."""
        for text in texts:
            value = value_from(area, text) if isinstance(text, str) else None
            if value is not None and self._is_answer(index, value, active):
                return value
        return None

    def _reason_for_doubt(self, active: _Bits) -> str:
        for bit, _ in active:
            language = self._language(bit)
            if isinstance(language, Unsupported):
                return f"pattern `{self._tongues[bit].literal}`: {language.reason}"
        return "no value was found whose text is spelled so"

    def _core_elsewhere(self, index: int, bits: _Bits) -> _Bits | None:
        """Return which bits prove that class `index` of strings has no such text."""
        classes, core = self._without(bits)
        return core if classes >> index & 1 else None

    def _without(self, bits: _Bits) -> tuple[int, _Bits]:
        """Return classes of strings that have no text with these bits; 0 when in doubt.

        One proof for all regions but those few that texts were found in.
        returns: also those of the bits that the proof is about.
        """
        regions = {i: a for i, a in enumerate(self._areas) if isinstance(a, TextArea)}
        unwanted: tuple[Language, ...] = ()
        for _ in range(_REGIONS_MAX):
            word = self._ask(bits, Bounds((), unwanted))
            if isinstance(word, Core):
                return sum(1 << index for index in regions), self._bits_of(word, bits)
            if isinstance(word, GaveUp):
                break
            home = next((i for i, area in regions.items() if area.region.has(word)), None)
            if home is None:
                unwanted += (equals(word),)
            else:
                self._values_of(home)
                self._keep(home, word)
                unwanted += (region_language(regions.pop(home).region),)
        return 0, ()

    def _core_in(self, area: Area, bits: _Bits) -> _Bits | None:
        """Return which bits prove that no text of an area is so; None: nothing does."""
        return self._core(bits, (bounds for part in _parts_of(area) for bounds in part.loose))

    def _core(self, bits: _Bits, everywhere: Iterable[Bounds]) -> _Bits | None:
        """Return which bits prove that there is no text within any of the bounds."""
        needed: set[tuple[int, bool]] = set()
        for bounds in everywhere:
            answer = self._ask(bits, bounds)
            if not isinstance(answer, Core):
                return None
            needed.update(self._bits_of(answer, bits))
        return tuple(pair for pair in bits if pair in needed)

    def _lemma(
        self,
        active: _Bits,
        core_of: Callable[[_Bits], _Bits | None],
        where: int | tuple[type[Area]] | None,
    ) -> Conflict:
        """Drop what the proof does not need.

        where: the class, or the kinds of areas, that the proof is about; None: any class.
        """
        core = core_of(active)
        assert core is not None
        for pair in sorted(core, key=lambda pair: pair[1]):
            fewer = tuple(other for other in core if other != pair)
            if len(fewer) < len(core):
                smaller = core_of(fewer)
                core = core if smaller is None else smaller
        if isinstance(where, int):
            classes = 1 << where
        else:
            classes = sum(
                1 << i
                for i, area in enumerate(self._areas)
                if area is not None and (where is None or isinstance(area, where))
            )
        return Conflict(classes & self._open_on_all(core), core)

    def _open_on_all(self, bits: _Bits) -> int:
        """Return the classes on which all these bits are open."""
        classes = -1
        for bit, _ in bits:
            classes &= self._open_on[bit]
        return classes

    def _find(self, active: _Bits, bounds: Bounds) -> str | GaveUp | None:
        answer = self._ask(active, bounds)
        return None if isinstance(answer, Core) else answer

    def _ask(self, active: _Bits, bounds: Bounds) -> str | GaveUp | Core:
        wanted, unwanted = list(bounds.wanted), list(bounds.unwanted)
        for bit, truth in active:
            language = self._language(bit)
            if isinstance(language, Language):
                (wanted if truth else unwanted).append(language)
        return find_word_or_core(wanted, unwanted)

    def _bits_of(self, core: Core, active: _Bits) -> _Bits:
        """Return those of the bits whose languages are in the core."""
        return tuple(
            (bit, truth)
            for bit, truth in active
            if self._language(bit) in (core.wanted if truth else core.unwanted)
        )

    def _language(self, bit: int) -> _Language:
        known = self._languages.get(bit)
        if known is None:
            known = self._languages[bit] = language_of(self._tongues[bit])
        return known


def _parts_of(area: Area) -> Iterator[Part]:
    # Most questions are answered without the automata of numbers: 5 ms to import.
    from nectarc.logic.area_languages import parts_of  # noqa: PLC0415

    return parts_of(area)

"""Verdicts about a decision list that is being edited: only what an edit may change is asked anew.

Owns: which verdicts survive an edit. Must not know: editors, reports.
Truth: ../shared/reference/proof-method.md, section 7, "Editor loop".

A trace that an entry decides still shows that it can, unless an entry that has come above matches
it. A proof that it cannot stands as long as all entries that it used are still above. What is left
is asked about few entries at first: a trace that satisfies those, but is decided above, names the
next ones that matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from nectarc.diagnostic import InternalError
from nectarc.logic.decision_list import DecisionList, Effect
from nectarc.logic.formula import TRUE, Formula
from nectarc.logic.questions import EVERYTHING, Answer, Found, Impossible, Prover, Unknown
from nectarc.logic.universe import Universe
from nectarc.records import part, record
from nectarc.trace import Trace

_AT_ONCE: Final = 40  # open questions; above, one prover that knows all entries is cheaper
_ROUNDS_MAX: Final = 12


@record
class Watch:
    """A question that stays: whether what is asked for may happen to a trace with `when`."""

    when: Formula
    is_asked: Callable[[Effect], bool]


@record(frozen=False)
class _Verdict:
    """An answer and what it rests on; sets of formulas are masks over their numbers.

    cleared: formulas that the trace found does not satisfy.   core: those that a proof used.
    above:   those that stood above when the answer was "unknown".
    """

    answer: Answer
    cleared: int = 0
    core: int = 0
    above: int = 0


_Key: TypeAlias = tuple[int, bool, int]  # the formula's number, a repetition, the watch or -1


@record(frozen=False)
class _Open:
    """A question to be asked: does `formula`, with the watch, hold of a trace none above matches.

    needed: of the formulas above, those that are known to matter.
    """

    key: _Key
    entry: int | None
    above: int
    needed: set[int] = part(default_factory=set)


class LiveVerdicts:
    """The verdicts about one list: every entry's, the gap, the watches'; kept through edits."""

    def __init__(
        self,
        decisions: DecisionList,
        watches: Sequence[Watch] = (),
        universe: Universe = EVERYTHING,
    ) -> None:
        """Ask everything; costs what a `Prover` and a question for each entry cost."""
        self._watches = tuple(watches)
        self._universe = universe
        self._numbers: dict[Formula, int] = {}
        self._formulas: list[Formula] = []
        self._matches: list[Callable[[Trace], bool]] = []
        self._verdicts: dict[_Key, _Verdict] = {}
        self._needed_by_label: dict[str, set[int]] = {}
        self._nothing = self._number(TRUE, lambda _trace: True)
        self.decisions = decisions
        self._keys: list[_Key] = []
        self.update(decisions)

    def update(self, decisions: DecisionList) -> int:
        """Take the list as it is now; return how many questions were asked anew."""
        self.decisions = decisions
        self._keys = []
        opened = [
            one
            for one in self._questions()
            if (known := self._verdicts.get(one.key)) is None or not self._stands(known, one.above)
        ]
        # A repetition of a condition is shadowed by the first.
        for one in [one for one in opened if one.key[1]]:
            self._keep(one, Impossible({}), 1 << one.key[0])
            opened.remove(one)
        if len(opened) > _AT_ONCE:
            self._ask_all(opened)
        else:
            self._ask_few(opened)
        used = set(self._keys)
        self._verdicts = {key: one for key, one in self._verdicts.items() if key in used}
        return len(opened)

    @property
    def remembered(self) -> int:
        """How many conditions were seen so far; each edit of one adds one, none is forgotten."""
        return len(self._formulas)

    def reachable(self, entry: int) -> Answer:
        """Return a trace that `entry` decides; a core names entries by their position now."""
        return self._answer(self._keys[entry])

    def unsure(self) -> tuple[int, ...]:
        """Return the entries of which nobody knows whether they can decide a trace."""
        keys = self._keys[: len(self.decisions.entries)]
        answers = (self._verdicts[key].answer for key in keys)
        return tuple(i for i, answer in enumerate(answers) if isinstance(answer, Unknown))

    def gap(self) -> Answer:
        """Return a trace that no entry decides."""
        return self._answer(self._keys[len(self.decisions.entries)])

    def watched(self, watch: int) -> Answer:
        """Return a trace that the watch looks for; Impossible: proven that there is none."""
        unknown: Answer | None = None
        for key in self._keys[len(self.decisions.entries) + 1 :]:
            if key[2] == watch:
                answer = self._answer(key)
                if isinstance(answer, Found):
                    return answer
                if isinstance(answer, Unknown):
                    unknown = answer
        return unknown or Impossible({})

    def _answer(self, key: _Key) -> Answer:
        verdict = self._verdicts[key]
        if not isinstance(verdict.answer, Impossible):
            return verdict.answer
        positions: dict[int, int] = {}
        for position, entry in enumerate(self.decisions.entries):
            positions.setdefault(self._numbers[entry.when], position)
        return Impossible({0: tuple(sorted(positions[one] for one in _members(verdict.core)))})

    def _questions(self) -> Iterator[_Open]:
        """Yield the questions in the order of the keys: entries, the gap, the watches."""
        decisions = self.decisions
        numbers = [
            self._number(entry.when, match)
            for entry, match in zip(decisions.entries, decisions.matches, strict=True)
        ]
        aboves = [0]
        for number in numbers:
            aboves.append(aboves[-1] | 1 << number)
        for entry, number in enumerate(numbers):
            yield self._open((number, bool(aboves[entry] >> number & 1), -1), entry, aboves[entry])
        yield self._open((self._nothing, False, -2), None, aboves[-1])
        for index, watch in enumerate(self._watches):
            for entry, number in enumerate(numbers):
                if watch.is_asked(decisions.entries[entry].effect):
                    is_repeated = bool(aboves[entry] >> number & 1)
                    yield self._open((number, is_repeated, index), entry, aboves[entry])
            if decisions.default is not None and watch.is_asked(decisions.default):
                yield self._open((self._nothing, False, index), None, aboves[-1])

    def _open(self, key: _Key, entry: int | None, above: int) -> _Open:
        self._keys.append(key)
        return _Open(key, entry, above)

    def _number(self, formula: Formula, match: Callable[[Trace], bool]) -> int:
        number = self._numbers.get(formula)
        if number is None:
            number = self._numbers[formula] = len(self._formulas)
            self._formulas.append(formula)
            self._matches.append(match)
        return number

    def _stands(self, verdict: _Verdict, above: int) -> bool:
        match verdict.answer:
            case Found(trace):
                new = above & ~verdict.cleared
                if any(self._matches[number](trace) for number in _members(new)):
                    return False
                verdict.cleared |= new
                return True
            case Impossible():
                return not verdict.core & ~above
            case Unknown():
                return verdict.above == above

    def _keep(self, asked: _Open, answer: Answer, core: int = 0) -> None:
        """Remember an answer; `core` is a mask of formulas above."""
        cleared = asked.above if isinstance(answer, Found) else 0
        self._verdicts[asked.key] = _Verdict(answer, cleared, core, asked.above)
        if asked.entry is not None:
            label = self.decisions.entries[asked.entry].label
            self._needed_by_label[label] = asked.needed | set(_members(core))

    def _ask_all(self, opened: Sequence[_Open]) -> None:
        prover = Prover(
            (self.decisions,), tuple(watch.when for watch in self._watches), self._universe
        )
        for one in opened:
            answer = prover.find({0: (one.entry,)}, when=(one.key[2],) if one.key[2] >= 0 else ())
            core = 0
            if isinstance(answer, Impossible):
                for entry in answer.core.get(0, ()):
                    core |= 1 << self._numbers[self.decisions.entries[entry].when]
            self._keep(one, answer, core)

    def _ask_few(self, opened: Sequence[_Open]) -> None:
        waiting = list(opened)
        for one in waiting:
            if one.entry is not None:
                label = self.decisions.entries[one.entry].label
                seeds = self._needed_by_label.get(label, set())
                one.needed = {number for number in seeds if one.above >> number & 1}
        for _ in range(_ROUNDS_MAX):
            if not waiting:
                return
            waiting = self._ask_round(waiting)
        self._ask_all(waiting)

    def _ask_round(self, waiting: Sequence[_Open]) -> list[_Open]:
        """Ask with what is known to matter; return what a trace showed to need more."""
        numbers = sorted({n for one in waiting for n in (*one.needed, one.key[0])})
        places = {number: place for place, number in enumerate(numbers)}
        conditions = [self._formulas[number] for number in numbers]
        conditions += [watch.when for watch in self._watches]
        prover = Prover((), conditions, self._universe)
        left: list[_Open] = []
        for one in waiting:
            when = [places[one.key[0]]]
            if one.key[2] >= 0:
                when.append(len(numbers) + one.key[2])
            when += (~places[number] for number in sorted(one.needed))
            answer = prover.find({}, when=when)
            core = 0
            if isinstance(answer, Impossible):
                for signed in answer.when:
                    core |= 1 << numbers[~signed] if signed < 0 else 0
            elif isinstance(answer, Found):
                unseen = one.above & ~sum(1 << number for number in one.needed)
                matched = {n for n in _members(unseen) if self._matches[n](answer.trace)}
                if matched:
                    one.needed |= matched
                    left.append(one)
                    continue
                decided = self.decisions.decide(answer.trace)
                if decided != one.entry:
                    raise InternalError(f"entry {decided} decides the trace found for {one.entry}")
            self._keep(one, answer, core)
        return left


def _members(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest

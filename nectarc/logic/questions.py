"""Questions about all traces of a universe, answered exactly: a trace, a proof, or "unknown".

Owns: what can be asked, and the care that no wrong answer leaves. Must not know: policies' text,
reports. Truth: ../shared/reference/proof-method.md, sections 2, 3 and 9.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias, assert_never

from nectarc.diagnostic import InternalError
from nectarc.logic.decision_list import DecisionList
from nectarc.logic.encoding import OWN_SLOTS, Encoder
from nectarc.logic.field_spaces import FieldSpaces, spans_needed
from nectarc.logic.formula import Formula, formula_holds
from nectarc.logic.normal_form import NormalForms
from nectarc.logic.slots import Slots
from nectarc.logic.solver import Solver
from nectarc.logic.universe import Universe
from nectarc.logic.witness import Lessons, ModelReader, TooLarge, TooManySpans
from nectarc.records import record
from nectarc.trace import ROOT_FIELD, Trace


@record
class Found:
    """A trace that answers yes; the plain evaluators agree.

    is_usual: every value on it is one that a sender of OpenTelemetry would write there.
    """

    trace: Trace
    is_usual: bool = True


@record
class Impossible:
    """Proven: no trace of the universe does.

    core: by list, entries above that must not match, as far as the proof used them; not minimal
          (see `explain_dead`), and only for lists that were asked about one entry.
    when: conditions that the proof used, as they were asked.
    """

    core: Mapping[int, tuple[int, ...]]
    when: tuple[int, ...] = ()


@record
class Unknown:
    """Neither was shown. `reason` is for people: which pattern, which limit."""

    reason: str


Answer: TypeAlias = Found | Impossible | Unknown


@record
class Limits:
    """When to give up.

    rounds_max: models whose texts may be refuted before one question is given up.
    spans_max:  spans of a trace that is built to reach a span count.
    """

    rounds_max: int = 2_000
    spans_max: int = 2_000_000


@record
class Difference:
    """A trace that two lists treat differently, and the entries that decide it (None: default)."""

    trace: Trace
    left: int | None
    right: int | None
    is_usual: bool = True


Alike: TypeAlias = Callable[[int | None, int | None], bool]
NO_LIMITS: Final = Limits()
EVERYTHING: Final = Universe()


class Prover:
    """All lists and conditions of one session: they share slots, value classes and one solver.

    Building costs little; the first question pays for the value classes, later ones milliseconds.
    """

    def __init__(
        self,
        lists: Sequence[DecisionList],
        conditions: Sequence[Formula] = (),
        universe: Universe = EVERYTHING,
        *,
        limits: Limits = NO_LIMITS,
    ) -> None:
        """Prepare questions about `lists` and `conditions`, both known by their positions."""
        self.lists = tuple(lists)
        self.conditions = tuple(conditions)
        self.universe = universe
        self._limits = limits
        self._spaces = _spaces_of(self.lists, self.conditions, universe, limits)
        self._forms = NormalForms(self._spaces)
        self._solver = Solver()
        self._slots = Slots(self._solver, self._spaces)
        self._encoder = Encoder(self._solver, self._forms, self._slots)
        self._reader = ModelReader(
            self._solver, self._slots, self._spaces, spans_max=limits.spans_max
        )
        self._fails: list[list[int]] = [[] for _ in self.lists]
        self._decides: dict[tuple[int, int | None], int] = {}
        self._none_yet: list[list[int]] = [[] for _ in self.lists]
        self._choices: dict[tuple[int, frozenset[int | None]], int] = {}
        self._reasons: list[str] = []

    def find(
        self,
        decided: Mapping[int, Collection[int | None]],
        when: Sequence[int] = (),
        *,
        prefer_usual: bool = True,
    ) -> Answer:
        """Look for a trace on which every list of `decided` is decided by one of its entries.

        decided: list -> entries, None among them for "no entry matches".
        when:    conditions that hold of it; `~i`: condition i fails.
        prefer_usual: look among usual values first, then among all. Found is replayed by the
        lists' own `decide` and by `formula_holds`; InternalError if they disagree.
        """
        assumed = self._conditions_assumed(when)
        origins: dict[int, tuple[int, int]] = {}
        for index, entries in decided.items():
            if len(entries) == 1:
                entry = next(iter(entries))
                if entry is not None:
                    assumed.append(self._matches(index, entry))
                above = len(self.lists[index].entries) if entry is None else entry
                for number, literal in enumerate(self._failing(index, above)):
                    assumed.append(literal)
                    origins.setdefault(literal, (index, number))
            else:
                assumed.append(self._one_decides(index, frozenset(entries)))
        answer = self._ask(assumed, prefer_usual=prefer_usual)
        if isinstance(answer, Found):
            self._replay(answer.trace, decided, when)
        if not isinstance(answer, list):
            return answer
        used = set(answer)
        core: dict[int, list[int]] = {}
        for literal in used & origins.keys():
            core.setdefault(origins[literal][0], []).append(origins[literal][1])
        return Impossible(
            {index: tuple(sorted(found)) for index, found in core.items()},
            tuple(one for one, literal in zip(when, assumed, strict=False) if literal in used),
        )

    def explain_dead(
        self, list_index: int, entry: int, when: Sequence[int] = ()
    ) -> tuple[int, ...]:
        """Return a minimal set of earlier entries that leave `entry` no trace: who shadows it.

        () says that its own condition holds of no trace. Only for an entry that is `Impossible`.
        """
        own = [*self._conditions_assumed(when), self._matches(list_index, entry)]
        fails = self._failing(list_index, entry)
        needed = list(range(entry))
        # Later entries are dropped first: those above are what people look at.
        for candidate in reversed(range(entry)):
            if candidate not in needed:
                continue
            rest = [one for one in needed if one != candidate]
            answer = self._ask([*own, *(fails[one] for one in rest)], prefer_usual=False)
            if isinstance(answer, list):
                used = set(answer)
                needed = [one for one in rest if fails[one] in used]
        return tuple(needed)

    def _conditions_assumed(self, when: Sequence[int]) -> list[int]:
        assumed: list[int] = []
        offset = 0
        for signed in when:
            is_negated = signed < 0
            node = self._forms.node_of(
                self.conditions[~signed if is_negated else signed], is_negated=is_negated
            )
            if is_negated:
                assumed.append(self._encoder.literal(node, OWN_SLOTS))
            else:
                assumed.append(self._encoder.literal(node, len(self.lists), offset))
                offset += self._forms.need(node)
        return assumed

    def _matches(self, index: int, entry: int) -> int:
        node = self._forms.node_of(self.lists[index].entries[entry].when)
        return self._encoder.literal(node, index)

    def _failing(self, index: int, above: int) -> list[int]:
        """Return the variables "entry i does not match" of the first `above` entries."""
        known = self._fails[index]
        entries = self.lists[index].entries
        while len(known) < above:
            node = self._forms.node_of(entries[len(known)].when, is_negated=True)
            known.append(self._encoder.literal(node, OWN_SLOTS))
        return known[:above]

    def _none_above(self, index: int, above: int) -> int:
        """Return a variable that is true only if none of the first `above` entries matches."""
        chain = self._none_yet[index]
        if not chain:
            chain.append(self._slots.true)
        for literal in self._failing(index, above)[len(chain) - 1 :]:
            made = self._solver.new()
            self._solver.add([-made, chain[-1]])
            self._solver.add([-made, literal])
            chain.append(made)
        return chain[above]

    def _decider(self, index: int, entry: int | None) -> int:
        if entry is None:
            return self._none_above(index, len(self.lists[index].entries))
        key = (index, entry)
        found = self._decides.get(key)
        if found is None:
            found = self._decides[key] = self._solver.new()
            self._solver.add([-found, self._matches(index, entry)])
            self._solver.add([-found, self._none_above(index, entry)])
        return found

    def _one_decides(self, index: int, entries: frozenset[int | None]) -> int:
        key = (index, entries)
        found = self._choices.get(key)
        if found is None:
            ordered = sorted(entries, key=lambda one: (one is None, one or 0))
            deciders = [self._decider(index, one) for one in ordered]
            found = self._choices[key] = self._solver.new()
            self._solver.add([-found, *deciders])
        return found

    def _ask(self, assumed: Sequence[int], *, prefer_usual: bool) -> Found | Unknown | list[int]:
        """Look for a trace that meets `assumed`; a list: what of it cannot be together."""
        slots, solver = self._slots, self._solver
        is_usual = prefer_usual
        for _ in range(self._limits.rounds_max):
            if not solver.solve([*assumed, slots.unproven, *([slots.usual] if is_usual else [])]):
                core = solver.core()
                if is_usual and slots.usual in core:
                    is_usual = False
                    continue
                if slots.unproven in core:
                    return Unknown("; ".join(dict.fromkeys(self._reasons)) or "too many spans")
                return core
            found = self._reader.read()
            match found:
                case Trace():
                    return Found(found, is_usual)
                case Lessons(facts, reasons):
                    for name, fact in facts:
                        slots.add_fact(name, fact)
                    self._reasons += reasons
                case TooManySpans():
                    slots.allow_merging()
                case TooLarge(spans):
                    return Unknown(f"only traces of {spans} spans or more could be one")
                case _:
                    assert_never(found)
        return Unknown(f"{self._limits.rounds_max} candidate traces have no values")

    def _replay(
        self, trace: Trace, decided: Mapping[int, Collection[int | None]], when: Sequence[int]
    ) -> None:
        for index, entries in decided.items():
            actual = self.lists[index].decide(trace)
            if actual not in entries:
                raise InternalError(
                    f"entry {actual} of `{self.lists[index].name}` decides a trace that the solver"
                    f" made for {sorted(map(str, entries))}: {_shown(trace)}"
                )
        for signed in when:
            is_negated = signed < 0
            formula = self.conditions[~signed if is_negated else signed]
            if formula_holds(formula, trace) is is_negated:
                raise InternalError(
                    f"condition {signed} is not as the solver says: {_shown(trace)}"
                )
        for span in trace.distinct_spans:
            for name, value in span.fields.items():
                if name != ROOT_FIELD and not self.universe.allows(name, value):
                    raise InternalError(f"`{name}` holds a value that is ruled out: {value!r}")


def _spaces_of(
    lists: Sequence[DecisionList],
    conditions: Sequence[Formula],
    universe: Universe,
    limits: Limits,
) -> FieldSpaces:
    own = [[entry.when for entry in one.entries] for one in lists]
    # One slot is the root's; those of a list's own conditions are shared by all of its entries.
    slots = 1 + sum(
        max((spans_needed(when, is_negated=False) for when in whens), default=0) for whens in own
    )
    asked = [*chain.from_iterable(own), *conditions]
    slots += sum(spans_needed(when, is_negated=True, splits=True) for when in asked)
    slots += sum(spans_needed(when, is_negated=False) for when in conditions)
    return FieldSpaces(asked, universe, slots_max=slots, spans_max=limits.spans_max)


def _shown(trace: Trace) -> str:
    spans = "; ".join(f"{dict(one.fields)}" for one in trace.distinct_spans)
    return f"{len(trace.spans)} spans, among them {spans}"


def fallback_gap(prover: Prover, list_index: int = 0) -> Answer:
    """Look for a trace that no entry decides."""
    return prover.find({list_index: (None,)})


def reachable(prover: Prover, list_index: int, entry: int) -> Answer:
    """Look for a trace that `entry` decides."""
    return prover.find({list_index: (entry,)})


def alike_by_effect(left: DecisionList, right: DecisionList) -> Alike:
    """Two decisions are alike when they do the same to the trace.

    Nothing decided, and no default, is alike to nothing but itself.
    """

    def is_alike(one: int | None, other: int | None) -> bool:
        mine, its = left.effect_of(one), right.effect_of(other)
        if mine is None or its is None:
            return mine is its
        return mine.identity == its.identity

    return is_alike


def alike_by_label(
    left: DecisionList, right: DecisionList, label_of_right: Mapping[int, str]
) -> Alike:
    """Two decisions are alike when the right entry came from the left one.

    label_of_right: by entry of `right`, the label of the entry of `left` (Lowered.origins).
    """
    labels: dict[int | None, str | None] = {None: None}
    labels |= {i: label_of_right[i] for i in range(len(right.entries))}
    own: dict[int | None, str | None] = {None: None}
    own |= {i: entry.label for i, entry in enumerate(left.entries)}
    return lambda one, other: own[one] == labels[other]


def differ(
    prover: Prover, left: int, right: int, alike: Alike, *, prefer_usual: bool = True
) -> Difference | Impossible | Unknown:
    """Return the first difference of two lists; Impossible: proven that there is none.

    Unknown only if no difference was found and some pair of entries could not be told.
    """
    unknown: Unknown | None = None
    for found in all_differences(prover, left, right, alike, prefer_usual=prefer_usual):
        if isinstance(found, Difference):
            return found
        unknown = found
    return unknown or Impossible({})


def all_differences(
    prover: Prover, left: int, right: int, alike: Alike, *, prefer_usual: bool = True
) -> Iterator[Difference | Unknown]:
    """Yield one difference for each pair of entries that decide some trace differently.

    To compare a list with itself, give it to the prover twice.
    """
    assert left != right
    rights: list[int | None] = [*range(len(prover.lists[right].entries)), None]
    for one in [*range(len(prover.lists[left].entries)), None]:
        others = {other for other in rights if not alike(one, other)}
        while others:
            found = prover.find({left: (one,), right: others}, prefer_usual=prefer_usual)
            if isinstance(found, Unknown):
                yield found
            if not isinstance(found, Found):
                break
            other = prover.lists[right].decide(found.trace)
            yield Difference(found.trace, one, other, found.is_usual)
            others = others - {other}

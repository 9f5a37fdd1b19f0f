"""Whether some trace meets all of these literals and none of those clauses, and which.

Owns: the model search. Must not know: rules, Refinery.
The spans of a trace are independent of each other, so each positive cube needs one span that meets
it and none of the cubes that no span may meet; the root is one more span (proof-method.md, 2).
Errs towards yes only where `FieldClasses.may_hold` does, between few spans and a span count, and
when a search takes too many steps: yes costs a rule more and never a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nectarc.evaluate.values import MISSING, Missing
from nectarc.ir.clauses import (
    Clause,
    CountLiteral,
    Cube,
    ExistsSpan,
    HasRootLiteral,
    RootLiteral,
    SpanLiteral,
    TraceLiteral,
    negated,
)
from nectarc.ir.nodes import NumberOp, Test
from nectarc.records import part, record
from nectarc.regions.classes import FieldClasses, classes_of
from nectarc.regions.pool import Pool
from nectarc.regions.relevance import relevant
from nectarc.trace import ROOT_FIELD, Fields, Span, Trace, Value

_Key = tuple[str, ...]
_COUNT_MAX: Final = 2**62
_STEPS_MAX: Final = 4000
_MET_AT_ONCE: Final = 4
_EXCLUDED_FEW: Final = 60


class _TooManyStepsError(Exception):
    """The search was given up."""


@record(frozen=False)
class _State:
    """A conjunction of literals, split by kind."""

    positive: list[Cube] = part(default_factory=list)
    negative: list[Cube] = part(default_factory=list)
    root_holds: list[Test] = part(default_factory=list)
    root_fails: list[Test] = part(default_factory=list)
    has_root: bool | None = None
    count_min: int = 1
    count_max: int = _COUNT_MAX
    count_not: set[int] = part(default_factory=set)
    is_false: bool = False


@record
class _SpanNeed:
    """What one span must and must not meet, by field, and whether it is a root."""

    holds: dict[_Key, int]
    fails: dict[_Key, int]
    is_root: bool | None


class Worlds:
    """All classes of the tests of one question; answers are memoised per conjunction."""

    def __init__(self, tests: Iterable[Test]) -> None:
        """Compute the classes of `tests`; literals asked later may hold only these."""
        by_field: dict[_Key, list[Test]] = {}
        for test in tests:
            by_field.setdefault(test.field.spellings, []).append(test)
        self._fields: dict[_Key, FieldClasses] = {
            key: classes_of(own) for key, own in by_field.items()
        }
        self._keys: dict[Test, _Key] = {
            test: key for key, classes in self._fields.items() for test in classes.bits
        }
        self._pool = Pool(self._fields, self._keys)
        self.questions = 0  # how many were asked: what the work is counted in
        self._fitting: dict[tuple[_Key, int, int], bool] = {}
        self._steps = 0
        self._memo: dict[tuple[frozenset[SpanLiteral], frozenset[Cube]], _SpanNeed | None] = {}

    def can_hold(self, required: Iterable[TraceLiteral], excluded: Iterable[Clause] = ()) -> bool:
        """Say whether some trace meets all of `required` and no clause of `excluded`."""
        self.questions += 1
        self._steps = 0
        literals = list(dict.fromkeys(required))
        clauses = list(excluded)
        if self._pool.meets(literals, clauses):
            return True
        try:
            return self._can_be_found(literals, relevant(literals, clauses))
        except _TooManyStepsError:
            return True

    def _can_be_found(self, literals: list[TraceLiteral], excluded: list[Clause]) -> bool:
        """Search with the few excluded clauses that the traces found so far ran into.

        Most clauses never stand in the way, and a search pays for each that it looks at.
        """
        active = [] if len(excluded) > _EXCLUDED_FEW else excluded
        while True:
            found = self._search(literals, active)
            if found is None:
                return False
            trace = self._build(_state_of(found))
            if trace is None or not self._pool.add(trace):
                return active is excluded or self._search(literals, excluded) is not None
            if active is excluded:
                return True
            met = self._pool.met_by_last(excluded)
            if not met:
                return True
            active += met[:_MET_AT_ONCE]

    def find_trace(
        self, required: Iterable[TraceLiteral], excluded: Iterable[Clause] = ()
    ) -> Trace | None:
        """Return such a trace; None when there is none, or none whose values are known."""
        self._steps = 0
        literals = list(dict.fromkeys(required))
        try:
            found = self._search(literals, relevant(literals, list(excluded)))
        except _TooManyStepsError:
            return None
        return None if found is None else self._build(_state_of(found))

    def cube_can_hold(self, cube: Cube) -> bool:
        """Say whether some span meets `cube`."""
        return self._span(cube, ()) is not None

    def _search(
        self, literals: list[TraceLiteral], excluded: list[Clause]
    ) -> list[TraceLiteral] | None:
        """Choose a literal to falsify in each excluded clause, the forced ones first."""
        self._steps += 1
        if self._steps > _STEPS_MAX:
            raise _TooManyStepsError
        while True:
            known = set(literals)
            denied = {negated(literal) for literal in literals}
            open_clauses: list[Clause] = []
            forced: list[TraceLiteral] = []
            for clause in excluded:
                rest = tuple(literal for literal in clause if literal not in known)
                if not rest:
                    return None
                if not denied.isdisjoint(rest):
                    continue
                if len(rest) == 1:
                    forced.append(negated(rest[0]))
                else:
                    open_clauses.append(rest)
            if not forced:
                break
            literals = list(dict.fromkeys([*literals, *forced]))
            excluded = open_clauses
        if not self._is_possible(_state_of(literals)):
            return None
        if not open_clauses:
            return literals
        first = min(open_clauses, key=len)
        for literal in first:
            found = self._search([*literals, negated(literal)], open_clauses)
            if found is not None:
                return found
        return None

    def _is_possible(self, state: _State) -> bool:
        if state.is_false or (state.has_root is False and state.root_holds):
            return False
        if state.count_min > state.count_max or (
            state.count_max < _COUNT_MAX
            and all(n in state.count_not for n in range(state.count_min, state.count_max + 1))
        ):
            return False
        return self._spans(state) is not None

    def _spans(self, state: _State) -> list[_SpanNeed] | None:
        """Return the spans of a model: one for each positive cube, and the root last."""
        negative = tuple(state.negative)
        root_wanted = state.has_root is True or bool(state.root_holds)
        if state.count_max == 1:
            return self._single_span(state, negative)
        needs: list[_SpanNeed] = []
        for cube in state.positive:
            choices = [cube] if state.has_root is not False else [(*cube, SpanLiteral(None, False))]
            if not root_wanted and state.has_root is None and state.root_fails:
                # Without a root every negated root test holds; a span that must be one asks for it.
                choices = [(*cube, SpanLiteral(None, False)), cube]
            found = next((n for c in choices if (n := self._span(c, negative))), None)
            if found is None:
                return None
            if found.is_root and not root_wanted:
                root_wanted = True
            needs.append(found)
        if root_wanted:
            root = self._span(_root_cube(state), negative)
            if root is None:
                return None
            needs.append(root)
        if not needs:
            lone = self._span((SpanLiteral(None, False),), negative)
            if lone is None and state.has_root is not False:
                lone = self._span(_root_cube(state), negative)
            if lone is None:
                return None
            needs.append(lone)
        return needs

    def _single_span(self, state: _State, negative: tuple[Cube, ...]) -> list[_SpanNeed] | None:
        merged = tuple(dict.fromkeys(literal for cube in state.positive for literal in cube))
        for is_root in (False, True):
            if state.has_root is not None and state.has_root is not is_root:
                continue
            if state.root_holds and not is_root:
                continue
            own = _root_cube(state) if is_root else (SpanLiteral(None, False),)
            found = self._span(tuple(dict.fromkeys((*merged, *own))), negative)
            if found is not None:
                return [found]
        return None

    def _span(self, cube: Cube, negative: tuple[Cube, ...]) -> _SpanNeed | None:
        key = (frozenset(cube), frozenset(negative))
        if key not in self._memo:
            need: _SpanNeed | None = _SpanNeed({}, {}, None)
            for literal in cube:
                need = None if need is None else self._with(need, literal)
            self._memo[key] = None if need is None else self._avoid(need, list(negative))
        return self._memo[key]

    def _avoid(self, need: _SpanNeed, cubes: list[Cube]) -> _SpanNeed | None:
        """Make one literal of each cube fail on the span."""
        rest: list[Cube] = []
        for cube in sorted(cubes, key=len):
            if not all(self._fits(need, literal) for literal in cube):
                continue
            if len(cube) == 1:
                step = self._with(need, _flipped(cube[0]))
                if step is None:
                    return None
                need = step
            else:
                rest.append(cube)
        open_cubes = [c for c in rest if all(self._fits(need, literal) for literal in c)]
        if not open_cubes:
            return need
        for literal in open_cubes[0]:
            step = self._with(need, _flipped(literal))
            found = None if step is None else self._avoid(step, open_cubes[1:])
            if found is not None:
                return found
        return None

    def _fits(self, need: _SpanNeed, literal: SpanLiteral) -> bool:
        """Say whether some value meets `need` and `literal` together."""
        if literal.test is None:
            return need.is_root is None or need.is_root is literal.is_positive
        key = self._keys[literal.test]
        holds, fails = self._bits(need, key, literal)
        question = (key, holds, fails)
        if question not in self._fitting:
            self._fitting[question] = self._fields[key].may_hold(holds, fails)
        return self._fitting[question]

    def _with(self, need: _SpanNeed, literal: SpanLiteral) -> _SpanNeed | None:
        """Return `need` and `literal` together; None when no value meets both."""
        if not self._fits(need, literal):
            return None
        if literal.test is None:
            return _SpanNeed(need.holds, need.fails, literal.is_positive)
        key = self._keys[literal.test]
        holds, fails = self._bits(need, key, literal)
        return _SpanNeed({**need.holds, key: holds}, {**need.fails, key: fails}, need.is_root)

    def _bits(self, need: _SpanNeed, key: _Key, literal: SpanLiteral) -> tuple[int, int]:
        """Return what must and must not hold of the field `key`, `literal` included."""
        assert literal.test is not None
        bit = self._fields[key].bits[literal.test]
        holds, fails = need.holds.get(key, 0), need.fails.get(key, 0)
        return (holds | bit, fails) if literal.is_positive else (holds, fails | bit)

    def _build(self, state: _State) -> Trace | None:
        needs = self._spans(state)
        if needs is None:
            return None
        spans = []
        for need in needs:
            fields: dict[str, Value] = {ROOT_FIELD: bool(need.is_root)}
            for key in dict.fromkeys((*need.holds, *need.fails)):
                found = self._fields[key].witness(need.holds.get(key, 0), need.fails.get(key, 0))
                if found is None:
                    return None
                if not isinstance(found[0], Missing):
                    fields[key[0]] = found[0]
            if not all(self._is_met(need, key, fields) for key in (*need.holds, *need.fails)):
                return None  # two names read one span field, and want different values of it
            spans.append(Span(fields, bool(need.is_root)))
        count = max(state.count_min, len(spans))
        while count in state.count_not:
            count += 1
        if count > state.count_max or count > len(spans) + 10_000:
            return None
        filler = [spans[0]] * (count - len(spans))
        return Trace("0" * 31 + "1", (*filler, *spans))

    def _is_met(self, need: _SpanNeed, key: _Key, fields: Fields) -> bool:
        value = next((fields[name] for name in key if name in fields), MISSING)
        holds, fails = need.holds.get(key, 0), need.fails.get(key, 0)
        true = self._fields[key].true_of(value)
        return true & holds == holds and not true & fails


def _flipped(literal: SpanLiteral) -> SpanLiteral:
    return SpanLiteral(literal.test, not literal.is_positive)


def _root_cube(state: _State) -> Cube:
    return (
        SpanLiteral(None, True),
        *(SpanLiteral(test, True) for test in state.root_holds),
        *(SpanLiteral(test, False) for test in state.root_fails),
    )


def _state_of(literals: list[TraceLiteral]) -> _State:
    state = _State()
    for literal in literals:
        match literal:
            case ExistsSpan(cube, is_positive):
                (state.positive if is_positive else state.negative).append(cube)
            case RootLiteral(test, is_positive):
                (state.root_holds if is_positive else state.root_fails).append(test)
            case HasRootLiteral(is_positive):
                state.is_false |= state.has_root is (not is_positive)
                state.has_root = is_positive
            case CountLiteral(op, value):
                _count(state, op, value)
    return state


def _count(state: _State, op: NumberOp, value: int) -> None:
    match op:
        case NumberOp.EQ:
            state.count_min = max(state.count_min, value)
            state.count_max = min(state.count_max, value)
        case NumberOp.NE:
            state.count_not.add(value)
        case NumberOp.LT:
            state.count_max = min(state.count_max, value - 1)
        case NumberOp.LE:
            state.count_max = min(state.count_max, value)
        case NumberOp.GT:
            state.count_min = max(state.count_min, value + 1)
        case NumberOp.GE:
            state.count_min = max(state.count_min, value)

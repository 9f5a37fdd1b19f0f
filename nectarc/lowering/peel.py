"""Rules found from the traces that none decides yet: complete, where copying guards is stuck.

Owns: the peeling of a policy. Must not know: how else a list was tried.
Truth: ../shared/reference/proof-method.md, section 8. A clause may be emitted when the policy
decides one rule for all that it leaves to decide. The narrowest clauses that hold of a trace are
few; where each of them holds of another trace that is decided otherwise, and so do the narrowest
clauses of that one, and so on, then no list of rules tells those traces apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.evaluate.policy import holds, read, test_holds
from nectarc.ir import nodes
from nectarc.ir.clauses import (
    Clause,
    CountLiteral,
    ExistsSpan,
    HasRootLiteral,
    RootLiteral,
    SpanLiteral,
    TraceLiteral,
    conjoin,
    negated,
)
from nectarc.lowering.order import Entry, Language, pruned, rule_against, sole_rule
from nectarc.regions.satisfy import Worlds
from nectarc.trace import Span, Trace

_TRACES_MAX: Final = 300


class _UnknownError(Exception):
    """A trace may exist, but its values were not found; or too many were looked at."""


def peeled(
    flat: Sequence[Entry], attempt: Sequence[Entry], worlds: Worlds, language: Language
) -> list[Entry] | None:
    """Return a list of sayable clauses that decides as `flat` does; None when stuck.

    attempt: a list that decides so, too; its clauses that can be said are tried first.
    """
    peel = _Peel(flat, worlds, language)
    try:
        peel.emit_any_of([entry.clause for entry in (*attempt, *flat)])
        # Where a clause cannot be said is where it is stuck, if it is: a refusal is found soon.
        hard = [entry.clause for entry in attempt if not language.can_say(entry.clause)]
        for clause in (*hard, ()):
            while worlds.can_hold(clause, peel.covered()):
                if not peel.emit_around(peel.find_trace(clause)):
                    return None
    except _UnknownError:
        return None
    return pruned(peel.emitted, (), worlds)


class _Peel:
    """What was emitted so far."""

    def __init__(self, flat: Sequence[Entry], worlds: Worlds, language: Language) -> None:
        self.emitted: list[Entry] = []
        self._flat = flat
        self._worlds = worlds
        self._language = language
        literals = dict.fromkeys(literal for entry in flat for literal in entry.clause)
        self._of_spans = _sayable_of_spans(literals, language)
        self._of_all = _sayable_of_all(literals, language)
        self._looked_at = 0
        # Undecided traces and what the policy decides for them: they answer most questions.
        self._known: list[tuple[Trace, int]] = []

    def covered(self) -> list[Clause]:
        """Return the clauses of what was emitted."""
        return [entry.clause for entry in self.emitted]

    def find_trace(self, clause: Clause, earlier: Sequence[Clause] = ()) -> Trace:
        """Return an undecided trace of `clause`, of which there must be one."""
        self._looked_at += 1
        trace = self._worlds.find_trace(clause, (*self.covered(), *earlier))
        if trace is None or self._looked_at > _TRACES_MAX:
            raise _UnknownError
        self._known.append((trace, self._rule_of(trace)))
        return trace

    def emit_any_of(self, clauses: Sequence[Clause]) -> None:
        """Emit those that may be, and others that may be thereafter."""
        left = [clause for clause in dict.fromkeys(clauses) if self._language.can_say(clause)]
        is_moving = True
        while is_moving:
            is_moving = False
            for clause in list(left):
                rule = sole_rule(clause, self.covered(), self._flat, self._worlds)
                if rule is not None:
                    self._add(clause, rule)
                    left.remove(clause)
                    is_moving = True

    def emit_around(self, start: Trace) -> bool:
        """Emit a clause that holds of `start`, or of traces that must be decided before it."""
        queue = deque([start])
        seen: set[frozenset[Clause]] = set()
        while queue:
            trace = queue.popleft()
            narrowest = tuple(self._narrowest(trace))
            if frozenset(narrowest) in seen:
                continue
            seen.add(frozenset(narrowest))
            rule = self._rule_of(trace)
            for clause in narrowest:
                other = self._find_against(clause, rule)
                if other is None:
                    return self._emit(clause, rule)
                queue.append(other)
        return False

    def _find_against(self, clause: Clause, rule: int) -> Trace | None:
        """Return an undecided trace of `clause` for which the policy decides another rule."""
        for trace, decided in self._known:
            if decided != rule and all(_holds(literal, trace) for literal in clause):
                return trace
        index = rule_against(clause, rule, self.covered(), self._flat, self._worlds)
        if index is None:
            return None
        earlier = [entry.clause for entry in self._flat[:index]]
        return self.find_trace(conjoin(clause, self._flat[index].clause), earlier)

    def _add(self, clause: Clause, rule: int) -> None:
        self.emitted.append(Entry(clause, rule))
        self._known = [one for one in self._known if not all(_holds(lit, one[0]) for lit in clause)]

    def _emit(self, clause: Clause, rule: int) -> bool:
        general = self._generalized(clause, rule)
        if not self._language.can_say(general):
            raise _UnknownError  # each part can be said, but all together take too many rules
        self._add(general, rule)
        return True

    def _generalized(self, clause: Clause, rule: int) -> Clause:
        """Drop what the policy does not need there, in halves first."""
        clause = self._without(clause, rule)
        if len(clause) > 0 and all(not isinstance(one, ExistsSpan) for one in clause):
            return clause
        for index, literal in enumerate(clause):
            if isinstance(literal, ExistsSpan) and len(literal.cube) > 1:
                whole = (*clause[:index], *clause[index + 1 :])
                cube = list(literal.cube)
                for one in literal.cube:
                    less = tuple(other for other in cube if other != one)
                    if less and self._is_pure((*whole, ExistsSpan(less, is_positive=True)), rule):
                        cube.remove(one)
                clause = conjoin(whole, (ExistsSpan(tuple(cube), is_positive=True),))
        return clause

    def _without(self, clause: Clause, rule: int) -> Clause:
        size = len(clause)
        while size > 0:
            start = 0
            while start < len(clause):
                less = (*clause[:start], *clause[start + size :])
                if self._is_pure(less, rule):
                    clause = less
                else:
                    start += size
            size //= 2
        return clause

    def _is_pure(self, clause: Clause, rule: int) -> bool:
        return self._find_against(clause, rule) is None

    def _rule_of(self, trace: Trace) -> int:
        return next(
            entry.rule
            for entry in self._flat
            if all(_holds(literal, trace) for literal in entry.clause)
        )

    def _narrowest(self, trace: Trace) -> Iterator[Clause]:
        """Yield the conjunctions of all that a rule may say of the trace, one for each scope."""
        whole = tuple(literal for literal in self._of_all if _holds(literal, trace))
        cubes = [
            tuple(one for one in self._of_spans if _holds_on(one, span))
            for span in trace.distinct_spans
        ]
        apart = dict.fromkeys(one for cube in cubes for one in cube)
        yield (*(ExistsSpan((one,), is_positive=True) for one in apart), *whole)
        for cube in dict.fromkeys(cubes):
            if cube:
                yield (ExistsSpan(cube, is_positive=True), *whole)


def _sayable_of_spans(literals: dict[TraceLiteral, None], language: Language) -> list[SpanLiteral]:
    found: dict[SpanLiteral, None] = {}
    for literal in literals:
        match literal:
            case ExistsSpan(cube, _):
                tests = [one.test for one in cube]
            case RootLiteral(test, _):
                tests = [test]
            case _:
                continue
        found |= dict.fromkeys(SpanLiteral(one, flag) for one in tests for flag in (True, False))
    return [one for one in found if language.can_say((ExistsSpan((one,), is_positive=True),))]


def _sayable_of_all(literals: dict[TraceLiteral, None], language: Language) -> list[TraceLiteral]:
    found: dict[TraceLiteral, None] = {}
    for literal in literals:
        match literal:
            case ExistsSpan(cube, _):
                tests = [one.test for one in cube if one.test is not None]
            case RootLiteral(test, _):
                tests = [test]
            case _:
                tests = []
                found |= {literal: None, negated(literal): None}
        found |= dict.fromkeys(RootLiteral(one, flag) for one in tests for flag in (True, False))
        if not isinstance(literal, CountLiteral):
            found |= dict.fromkeys(HasRootLiteral(flag) for flag in (True, False))
    return [one for one in found if language.can_say((one,))]


def _holds(literal: TraceLiteral, trace: Trace) -> bool:
    match literal:
        case ExistsSpan(cube, is_positive):
            some = any(all(_holds_on(one, span) for one in cube) for span in trace.distinct_spans)
            return some is is_positive
        case RootLiteral(test, is_positive):
            return holds(nodes.RootTest(test), trace) is is_positive
        case HasRootLiteral(is_positive):
            return (trace.root is not None) is is_positive
        case CountLiteral(op, value):
            return holds(nodes.SpanCount(op, value), trace)


def _holds_on(one: SpanLiteral, span: Span) -> bool:
    holds_there = (
        span.is_root if one.test is None else test_holds(one.test, read(one.test.field, span))
    )
    return holds_there is one.is_positive

"""Traces on both sides of everything that a policy, or its rules, can tell apart.

Owns: how spans, roots and counts are combined. Must not know: what is asked of the traces.
Deterministic: equal arguments give equal traces. Truth: docs/language.md, section 3;
../shared/reference/proof-method.md, section 2.

First all combinations of classes on up to two spans, where they are few enough; then each value
alone, the bodies of quantifiers met, missed by one test and split over spans, and the span counts;
then pseudo-random mixtures of all that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations_with_replacement, islice, product
from typing import Final, NamedTuple

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundary_classes import FieldGroup, group_fields
from nectarc.evaluate.draws import Draws
from nectarc.ir.nodes import And, AnySpan, Not, Or, Policy, SpanCount, Test, TraceExpr
from nectarc.ir.walk import leaves_of, tests_of
from nectarc.refinery.rules import NUM_DESCENDANTS, Condition, RulesConfig, TargetSampler
from nectarc.trace import ROOT_FIELD, Fields, Span, Trace, Value

NO_ASSUMPTION: Final = Assume()
_COUNT_MAX: Final = 5000
_TESTS_MAX: Final = 12
_PARENTLESS_OF_TWO: Final[tuple[tuple[int, ...], ...]] = ((), (0,), (1,), (0, 1))


class BoundaryPlan(NamedTuple):
    """What there is to combine.

    bodies:     the tests that some expression asks for together.
    thresholds: span counts that something is compared with.
    skipped:    what no trace was found for, in words; empty for nearly every policy.
    """

    groups: tuple[FieldGroup, ...]
    bodies: tuple[tuple[Test, ...], ...]
    thresholds: tuple[int, ...]
    skipped: tuple[str, ...]

    @property
    def span_classes(self) -> int:
        """How many kinds of spans the tests can tell apart."""
        total = 1
        for group in self.groups:
            total *= len(group.classes)
        return total

    def is_exhaustive(self, limit: int) -> bool:
        """Say whether `traces(limit)` holds every combination of classes on up to two spans."""
        kinds = self.span_classes
        # One span: root or not. Two, in either order: neither, one or both without a parent.
        return 2 * kinds + 4 * kinds * kinds <= limit // 2

    def traces(self, limit: int, seed: int = 0) -> Iterator[Trace]:
        """Yield exactly `limit` traces."""
        systematic = [_values(self.groups), _bodies(self), _overlaps(self), _counts(self)]
        complete = _exhaustive(self.groups) if self.is_exhaustive(limit) else iter(())
        ordered = islice(chain(complete, _in_turn(systematic)), max(1, limit * 3 // 4))
        spans = islice(chain(ordered, _mixtures(self, Draws(seed))), limit)
        for number, content in enumerate(spans):
            yield Trace(f"{seed & 0xFFFFFFFFFFFFFFFF:016x}{number:016x}", content)


def plan_boundaries(
    subject: Policy | Iterable[TraceExpr],
    rules: TargetSampler | None = None,
    assume: Assume = NO_ASSUMPTION,
) -> BoundaryPlan:
    """Find the classes of the tests of `subject` and of the conditions of `rules`.

    Values that break `assume` are left out, field by field. O(tests on a field x its values).
    """
    exprs = (
        tuple(rule.match for rule in subject.rules)
        if isinstance(subject, Policy)
        else tuple(subject)
    )
    conditions = tuple(_conditions(rules))
    tests = dict.fromkeys(test for expr in exprs for test in tests_of(expr))
    groups = group_fields(tests, conditions, assume)
    thresholds = sorted({*_thresholds(exprs), *_count_values(conditions)})
    skipped = [
        _no_value(test) for group in groups for test in group.tests if not group.is_found(test)
    ]
    skipped += [f"no trace of {n} spans" for n in thresholds if n >= _COUNT_MAX]
    bodies = dict.fromkeys(
        chain.from_iterable((tests_of(expr), *map(tests_of, _bodies_of(expr))) for expr in exprs)
    )
    return BoundaryPlan(
        groups,
        tuple(body[:_TESTS_MAX] for body in bodies if body),
        tuple(n for n in thresholds if n < _COUNT_MAX),
        tuple(skipped),
    )


def boundary_traces(
    subject: Policy | Iterable[TraceExpr],
    rules: TargetSampler | None = None,
    *,
    assume: Assume = NO_ASSUMPTION,
    limit: int = 400,
    seed: int = 0,
) -> Iterator[Trace]:
    """Yield `limit` traces around the boundaries of `subject` and `rules`."""
    return plan_boundaries(subject, rules, assume).traces(limit, seed)


def _no_value(test: Test) -> str:
    from nectarc.ir.text import print_test  # noqa: PLC0415 - rarely needed

    return f"no value found that makes `{print_test(test)}` true"


def _conditions(rules: TargetSampler | None) -> Iterator[Condition]:
    if isinstance(rules, RulesConfig):
        for rule in rules.rules:
            for condition in (rule.conditions or ()) if rule is not None else ():
                if condition is not None:
                    yield condition


def _thresholds(exprs: Iterable[TraceExpr]) -> Iterator[int]:
    for expr in exprs:
        yield from (leaf.value for leaf in leaves_of(expr) if isinstance(leaf, SpanCount))


def _count_values(conditions: Iterable[Condition]) -> Iterator[int]:
    for condition in conditions:
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        if condition.field == NUM_DESCENDANTS:
            yield from (int(value) for value in values if isinstance(value, int | float))


def _bodies_of(expr: TraceExpr) -> Iterator[AnySpan]:
    match expr:
        case AnySpan():
            yield expr
        case And() | Or():
            for operand in expr.operands:
                yield from _bodies_of(operand)
        case Not():
            yield from _bodies_of(expr.operand)
        case _:
            return


def _in_turn(sources: Iterable[Iterator[tuple[Span, ...]]]) -> Iterator[tuple[Span, ...]]:
    # A small limit must see something of each.
    waiting = list(sources)
    while waiting:
        for source in tuple(waiting):
            spans = next(source, None)
            if spans is None:
                waiting.remove(source)
            else:
                yield spans


def _span(fields: Fields, *, is_root: bool, is_log: bool = False) -> Span:
    # Refinery sets the field on every span, not on logs (reference, 2.10).
    return Span(fields if is_log else {**fields, ROOT_FIELD: is_root}, is_root)


def _spans(contents: Sequence[Fields], *parentless: int) -> tuple[Span, ...]:
    return tuple(_span(fields, is_root=i in parentless) for i, fields in enumerate(contents))


def _exhaustive(groups: Sequence[FieldGroup]) -> Iterator[tuple[Span, ...]]:
    kinds = list(product(*(group.classes for group in groups)))

    def content(index: int, turn: int) -> Fields:
        # Another representative of the same class each time: the classes are right only if the
        # evaluator is, and it is the rules' evaluator that must not tell them apart.
        fields: dict[str, Value] = {}
        for one in kinds[index]:
            fields.update(one.assignments[turn % len(one.assignments)])
        return fields

    turn = 0
    for index in range(len(kinds)):
        for parentless in ((), (0,)):
            yield _spans((content(index, turn),), *parentless)
            turn += 1
    for a, b in product(range(len(kinds)), repeat=2):
        for pair in _PARENTLESS_OF_TWO:
            yield _spans((content(a, turn), content(b, turn + 1)), *pair)
            turn += 1


def _values(groups: Sequence[FieldGroup]) -> Iterator[tuple[Span, ...]]:
    turns = max((len(group.assignments) for group in groups), default=1)
    for turn in range(turns):
        for index, group in enumerate(groups):
            if turn < len(group.assignments):
                fields = group.assignments[turn]
                yield _spans((fields,), *((0,) if (turn + index) % 2 else ()))
                yield _spans(({}, fields), turn % 2)


def _bodies(plan: BoundaryPlan) -> Iterator[tuple[Span, ...]]:
    for turn in range(3):
        for body in plan.bodies:
            yield from _around_body(plan.groups, body, turn)


def _around_body(
    groups: Sequence[FieldGroup], body: tuple[Test, ...], turn: int
) -> Iterator[tuple[Span, ...]]:
    met = _fields_where(groups, dict.fromkeys(body, True), turn)
    parts = [_fields_where(groups, {test: True}, turn) for test in body]
    root: tuple[int, ...] = ((), (0,), (len(parts) - 1,))[turn % 3]
    yield _spans((met,), *((0,) if turn % 2 else ()))
    yield _spans(({}, met), turn % 2)
    yield _spans((*parts, {}), *root)
    for index, test in enumerate(body):
        wanted = {**dict.fromkeys(body, True), test: False}
        missed = _fields_where(groups, wanted, turn + index)
        yield _spans((missed,), *((0,) if (turn + index) % 2 else ()))
        yield _spans((missed, parts[index]), (turn + index) % 2)
    for a, b in combinations_with_replacement(range(min(len(parts), 4)), 2):
        yield _spans((parts[a], parts[b], met), (a + b) % 3, 2)


def _overlaps(plan: BoundaryPlan) -> Iterator[tuple[Span, ...]]:
    """Yield traces that are what two bodies ask for: the order of rules tells there."""
    met = [_fields_where(plan.groups, dict.fromkeys(body, True), 0) for body in plan.bodies]
    for distance in range(1, len(met)):
        for first, second in zip(met, met[distance:], strict=False):
            is_odd = distance % 2 == 1
            yield _spans(({**second, **first},), *((0,) if is_odd else ()))
            yield _spans((first, second), 1 if is_odd else 0)


def _counts(plan: BoundaryPlan) -> Iterator[tuple[Span, ...]]:
    contents: list[Fields] = [{}]
    contents += [
        _fields_where(plan.groups, dict.fromkeys(body, True), 0) for body in plan.bodies[:3]
    ]
    for fields, threshold in product(contents, plan.thresholds):
        for count in (threshold - 1, threshold, threshold + 1):
            if count >= 1:
                first = _span(fields, is_root=count % 2 == 0)
                yield (first, *(_span({}, is_root=False),) * (count - 1))


def _fields_where(
    groups: Sequence[FieldGroup], wanted: Mapping[Test, bool], turn: int
) -> dict[str, Value]:
    """Return fields on which the tests come out as `wanted`, as far as one was found."""
    fields: dict[str, Value] = {}
    for group in groups:
        asked = [(i, wanted[test]) for i, test in enumerate(group.tests) if test in wanted]
        fitting = [one for one in group.classes if all(one.truth[i] is truth for i, truth in asked)]
        if asked and fitting:
            chosen = fitting[turn % len(fitting)].assignments
            fields.update(chosen[turn // len(fitting) % len(chosen)])
    return fields


def _mixtures(plan: BoundaryPlan, draw: Draws) -> Iterator[tuple[Span, ...]]:
    while True:
        count = draw.pick((1, 1, 2, 2, 3, 4))
        root = draw.pick((None, *range(count)))
        spans: list[Span] = []
        for index in range(count):
            is_root = index == root or draw.happens(0.05)
            is_log = not is_root and draw.happens(0.1)
            spans.append(_span(_mixed_fields(plan, draw), is_root=is_root, is_log=is_log))
        if plan.thresholds and draw.happens(0.3):
            wanted = draw.pick(plan.thresholds) + draw.pick((-1, 0, 1))
            spans += [spans[-1]] * max(0, min(wanted, 200) - len(spans))
        yield tuple(spans)


def _mixed_fields(plan: BoundaryPlan, draw: Draws) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    if plan.bodies and draw.happens(0.7):
        body = draw.pick(plan.bodies)
        wanted = {test: draw.happens(0.8) for test in body}
        fields.update(_fields_where(plan.groups, wanted, draw.below(1000)))
    share = draw.pick((0.0, 0.2, 0.6))
    for group in plan.groups:
        if draw.happens(share):
            fields.update(draw.pick(draw.pick(group.classes).assignments))
    return fields

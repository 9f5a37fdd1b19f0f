"""One condition as tests of a policy: candidates, and what each has to take for granted.

Owns: which tests are tried, in what forms. Must not know: names of fields, rules, text.
Truth: `nectarc/importing/values.py` says where a candidate agrees with the condition; no table of
operators decides here. A name that is read from the root, or that stands for several fields, makes
no difference: no root, no such field and a missing value are one to conditions and to tests.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from nectarc.evaluate.conditions import config_bool, config_float, config_int, config_text
from nectarc.evaluate.values import FALSE_TEXTS, TRUE_TEXTS, float_text
from nectarc.importing.values import Both, Disagreement, Question, Values
from nectarc.ir import nodes
from nectarc.ir.nodes import NumberOp, StringOp
from nectarc.logic.predicates import ConditionTest, condition_test
from nectarc.logic.universe import Sort
from nectarc.refinery.rules import Condition, ConfigValue

NUMBER: Final = "number"
STRING: Final = "string"
BOOL: Final = "bool"
_CARRIERS: Final = {
    NUMBER: frozenset({Sort.INT, Sort.FLOAT, Sort.NAN}),
    STRING: frozenset({Sort.STRING}),
    BOOL: frozenset({Sort.BOOL}),
}
_OF_DATATYPE: Final = {"int": NUMBER, "float": NUMBER, "string": STRING, "bool": BOOL}
_ALWAYS_THERE: Final = frozenset({Sort.MISSING, Sort.NULL})
_FIELD: Final = nodes.Field((), "")
_EXISTS: Final = nodes.SpanTest(nodes.Exists(_FIELD))
_HAS_TEXT: Final = nodes.SpanTest(nodes.StringTest(_FIELD, StringOp.CONTAINS, ""))
_WHOLE_MAX: Final = float(2**53)

_NUMBER_OPS: Final = {
    "=": (NumberOp.EQ, NumberOp.NE),
    "!=": (NumberOp.NE, NumberOp.EQ),
    "<": (NumberOp.LT, NumberOp.GE),
    ">=": (NumberOp.GE, NumberOp.LT),
    ">": (NumberOp.GT, NumberOp.LE),
    "<=": (NumberOp.LE, NumberOp.GT),
}
_STRING_OPS: Final = {
    "starts-with": StringOp.STARTS_WITH,
    "matches": StringOp.MATCHES,
    "contains": StringOp.CONTAINS,
    "does-not-contain": StringOp.CONTAINS,
}


class Needs(NamedTuple):
    """What a candidate takes for granted of the field. types: a kind, "" for none."""

    types: str = ""
    no_null: bool = False
    no_nan: bool = False
    whole: bool = False


class Option(NamedTuple):
    """One way to say a condition.

    kind:       of its tests, "" where any type of name will do.
    is_typed:   the condition itself says that the field is a text.
    """

    expr: nodes.SpanExpr
    kind: str
    needs: Needs
    complexity: int
    is_typed: bool = False

    @property
    def constant(self) -> bool | None:
        """What it is for every value, None where it depends."""
        return self.expr.value if isinstance(self.expr, nodes.Constant) else None


class _Candidate(NamedTuple):
    expr: nodes.SpanExpr
    kind: str
    complexity: int


def options_of(condition: Condition, guard: Condition | None = None) -> tuple[Option, ...]:
    """Return all ways found to say what `condition` asks of one value, simplest first.

    guard: asked of the same value besides.
    """
    return _options(condition_test(condition), None if guard is None else condition_test(guard))


@lru_cache(maxsize=4096)
def _options(test: ConditionTest, guard: ConditionTest | None) -> tuple[Option, ...]:
    condition = Condition(operator=test.operator, value=test.value, datatype=test.datatype)
    asked: Question = test if guard is None else Both((test, guard))
    is_typed = _is_typed(condition)
    candidates = tuple(_candidates(condition))
    guards = whole_guards(condition)
    kinds = _kinds(condition)
    values = Values((asked, *(one.expr for one in candidates)), excluded=guards)
    found: list[Option] = []
    for one in candidates:
        different = values.disagreements(asked, one.expr)
        if not different:
            exact = Option(one.expr, one.kind, Needs(), one.complexity)
            return _sorted([*found, exact], is_typed=is_typed)
        found += _under_assumptions(one, different, kinds)
        if guards:
            rest = [
                each
                for each in values.disagreements(asked, one.expr, with_excluded=False)
                if each.sort is not Sort.NAN
            ]
            found += [
                option._replace(needs=option.needs._replace(types=NUMBER, whole=True))
                for option in _under_assumptions(one, rest, kinds)
                if option.needs.types in ("", NUMBER)
            ]
    return _sorted(found, is_typed=is_typed)


def _is_typed(condition: Condition) -> bool:
    """Say whether `Datatype: string` tells what would be taken for granted without it."""
    if condition.datatype != "string" or condition.operator not in _NUMBER_OPS:
        return False
    untyped = options_of(Condition(operator=condition.operator, value=condition.value))
    return isinstance(condition.value, str) and all(
        one.needs.types or one.constant is not None for one in untyped
    )


def whole_guards(condition: Condition) -> tuple[nodes.SpanExpr, ...]:
    """Return tests of the numbers that "whole" rules out, as far as `condition` can tell; not NaN.

    `Datatype: int` cuts off fractions, and numbers beyond int64 wrap around; integers beyond 2^53
    are compared one by one by Refinery, but not by a policy.
    """
    numbers = [config_float(one) for one in _items(condition.value) if not isinstance(one, bool)]
    is_huge = any(one is not None and abs(one) >= _WHOLE_MAX for one in numbers)
    if condition.datatype != "int" and not is_huge:
        return ()
    guards: list[nodes.SpanExpr] = [
        _number(NumberOp.GE, _WHOLE_MAX),
        _number(NumberOp.LE, -_WHOLE_MAX),
    ]
    for item in _items(condition.value):
        whole = config_int(item)
        if whole is not None and abs(whole) < 2**53:
            for low in (whole - 1, whole):
                inside = (_number(NumberOp.GT, float(low)), _number(NumberOp.LT, float(low + 1)))
                guards.append(nodes.SpanAnd(inside))
    return tuple(guards)


def _under_assumptions(
    one: _Candidate, different: Iterable[Disagreement], kinds: Iterable[str]
) -> Iterator[Option]:
    sorts = {each.sort for each in different}
    if Sort.MISSING in sorts:
        return
    no_null = Sort.NULL in sorts
    rest = sorts - {Sort.NULL, Sort.NAN}
    if not rest:
        needs = Needs(no_null=no_null, no_nan=Sort.NAN in sorts)
        yield Option(one.expr, one.kind, needs, one.complexity)
    for kind in () if isinstance(one.expr, nodes.Constant) else kinds:
        if rest & _CARRIERS[kind] or not sorts - _ALWAYS_THERE - _CARRIERS[kind]:
            continue
        no_nan = kind == NUMBER and Sort.NAN in sorts
        is_plain = one.kind in ("", kind)
        complexity = one.complexity + (0 if is_plain else 1)
        needs = Needs(kind, no_null=no_null, no_nan=no_nan)
        yield Option(one.expr, one.kind, needs, complexity)


def _sorted(found: list[Option], *, is_typed: bool) -> tuple[Option, ...]:
    marked = [one._replace(is_typed=is_typed) for one in found]
    return tuple(sorted(marked, key=lambda one: (bool(one.needs.types), one.complexity)))


def _candidates(condition: Condition) -> Iterator[_Candidate]:
    """Yield what may be said instead, simplest first."""
    for constant in (False, True):
        yield _Candidate(nodes.Constant(constant), "", 4)
    pairs = tuple(dict.fromkeys(_pairs(condition)))
    yield _Candidate(_EXISTS, "", 1)
    yield _Candidate(nodes.SpanNot(_EXISTS), "", 1)
    for kind, test, _ in pairs:
        yield _Candidate(test, kind, 1)
    for kind, _, opposite in pairs:
        yield _Candidate(nodes.SpanNot(opposite), kind, 2)
    for kind, test, opposite in pairs:
        yield _Candidate(nodes.SpanOr((test, nodes.SpanNot(_EXISTS))), kind, 3)
        yield _Candidate(nodes.SpanAnd((_EXISTS, nodes.SpanNot(opposite))), kind, 3)
    yield _Candidate(nodes.SpanAnd((_EXISTS, nodes.SpanNot(_HAS_TEXT))), STRING, 8)
    yield _Candidate(_HAS_TEXT, STRING, 3)
    for kind, test, _ in pairs:
        yield _Candidate(nodes.SpanOr((test, nodes.SpanNot(_HAS_TEXT))), kind, 5)


def _pairs(condition: Condition) -> Iterator[tuple[str, nodes.SpanExpr, nodes.SpanExpr]]:
    """Yield tests, each with the one that holds of the other values of its kind."""
    name, value = condition.operator, condition.value
    if name in ("in", "not-in"):
        for kind, test, opposite in _memberships(_items(value), condition.datatype):
            yield (kind, test, opposite) if name == "in" else (kind, opposite, test)
    elif name in _STRING_OPS:
        op = _STRING_OPS[name]
        test = _string(op, config_text(value))
        if op is StringOp.MATCHES:
            yield from _patterns(test)
            return
        none: nodes.SpanExpr = (
            _string(StringOp.NOT_CONTAINS, config_text(value))
            if op is StringOp.CONTAINS
            else nodes.SpanNot(test)
        )
        yield (STRING, none, test) if name == "does-not-contain" else (STRING, test, none)
    elif name in _NUMBER_OPS:
        yield from _comparisons(name, condition)


def _patterns(test: nodes.SpanExpr) -> Iterator[tuple[str, nodes.SpanExpr, nodes.SpanExpr]]:
    from nectarc.evaluate.patterns import pattern_error  # noqa: PLC0415 - only `matches` pays

    assert isinstance(test, nodes.SpanTest)
    assert isinstance(test.test, nodes.StringTest)
    if not pattern_error(test.test.value):
        yield (STRING, test, nodes.SpanNot(test))


def _comparisons(
    name: str, condition: Condition
) -> Iterator[tuple[str, nodes.SpanExpr, nodes.SpanExpr]]:
    value = condition.value
    number = None if isinstance(value, bool) else config_float(value)
    if condition.datatype == "int":
        whole = config_int(value)
        number = number if whole is None else float(whole)
    op, opposite = _NUMBER_OPS[name]
    is_text_first = condition.datatype == "string" or isinstance(value, str)
    texts = (
        (
            STRING,
            _string(StringOp(op.value), config_text(value)),
            _string(StringOp(opposite.value), config_text(value)),
        ),
    )
    if isinstance(value, bool) or condition.datatype == "bool":
        yield from _truths(name, truth=config_bool(value))
    if is_text_first:
        yield from texts
    if number is not None and math.isfinite(number):
        yield (NUMBER, _number(op, number), _number(opposite, number))
    elif number is not None and not math.isnan(number):
        # No literal is infinite, but its text is as good.
        text = float_text(number)
        yield (STRING, _string(StringOp.EQ, text), _string(StringOp.NE, text))
        yield (STRING, _string(StringOp.NE, text), _string(StringOp.EQ, text))
    if not is_text_first and value is not None:
        yield from texts


def _truths(name: str, *, truth: bool) -> Iterator[tuple[str, nodes.SpanExpr, nodes.SpanExpr]]:
    wanted = truth if name in ("=", "<=", ">=") else not truth
    for is_true in (wanted, not wanted):
        test = nodes.SpanTest(nodes.BoolTest(_FIELD, is_true, is_negated=False))
        other = nodes.SpanTest(nodes.BoolTest(_FIELD, is_true, is_negated=True))
        yield (BOOL, test, other)
    for is_true in (wanted, not wanted):
        test = nodes.SpanTest(nodes.BoolTest(_FIELD, is_true, is_negated=False))
        other = nodes.SpanTest(nodes.BoolTest(_FIELD, is_true, is_negated=True))
        yield (BOOL, other, test)


def _memberships(
    items: tuple[ConfigValue, ...], datatype: str
) -> Iterator[tuple[str, nodes.SpanExpr, nodes.SpanExpr]]:
    convert: Callable[[ConfigValue], float | None] = (
        config_int if datatype == "int" else config_float
    )
    floats = [
        float(number)
        for one in items
        if (number := convert(one)) is not None and math.isfinite(number)
    ]
    texts = tuple(dict.fromkeys(map(config_text, items)))
    for truth, six in ((True, TRUE_TEXTS), (False, FALSE_TEXTS)):
        if {*texts} == {*six}:
            tests = [nodes.BoolTest(_FIELD, truth, is_negated=one) for one in (False, True)]
            yield (BOOL, nodes.SpanTest(tests[0]), nodes.SpanTest(tests[1]))
    if floats and not all(isinstance(one, str) for one in items):
        yield _number_in(tuple(dict.fromkeys(floats)))
    if texts:
        yield _string_in(texts)
    if floats and all(isinstance(one, str) for one in items):
        yield _number_in(tuple(dict.fromkeys(floats)))


def _number_in(numbers: tuple[float, ...]) -> tuple[str, nodes.SpanExpr, nodes.SpanExpr]:
    if len(numbers) == 1:
        return (NUMBER, _number(NumberOp.EQ, numbers[0]), _number(NumberOp.NE, numbers[0]))
    tests = [nodes.NumberIn(_FIELD, numbers, is_negated=one) for one in (False, True)]
    return (NUMBER, nodes.SpanTest(tests[0]), nodes.SpanTest(tests[1]))


def _string_in(texts: tuple[str, ...]) -> tuple[str, nodes.SpanExpr, nodes.SpanExpr]:
    if len(texts) == 1:
        return (STRING, _string(StringOp.EQ, texts[0]), _string(StringOp.NE, texts[0]))
    tests = [nodes.StringIn(_FIELD, texts, is_negated=one) for one in (False, True)]
    return (STRING, nodes.SpanTest(tests[0]), nodes.SpanTest(tests[1]))


def _kinds(condition: Condition) -> tuple[str, ...]:
    """Return the types of values that whoever wrote `condition` may have had in mind."""
    if condition.datatype:
        # One that cannot be converted is compared as it is.
        own = tuple(_kind_of(one) for one in _items(condition.value))
        return tuple(dict.fromkeys((_OF_DATATYPE[condition.datatype], *filter(None, own))))
    if condition.operator in _STRING_OPS:
        return (STRING,)
    kinds = [_kind_of(one) for one in _items(condition.value)]
    return tuple(dict.fromkeys(one for one in kinds if one))


def _kind_of(value: ConfigValue) -> str:
    if isinstance(value, bool):
        return BOOL
    return NUMBER if isinstance(value, int | float) else STRING if isinstance(value, str) else ""


def _items(value: ConfigValue) -> tuple[ConfigValue, ...]:
    return value if isinstance(value, tuple) else (value,)


def _number(op: NumberOp, value: float) -> nodes.SpanExpr:
    return nodes.SpanTest(nodes.NumberTest(_FIELD, op, value))


def _string(op: StringOp, value: str) -> nodes.SpanExpr:
    return nodes.SpanTest(nodes.StringTest(_FIELD, op, value))

"""Of what a predicate is a function: the sort alone, the value's text, or the number it counts as.

Owns: where the truth of a predicate can change. Must not know: what the truth is; that is asked of
`compile_predicate` alone. Truth: ../shared/reference/refinery-semantics.md, 2.3 to 2.8.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Final, assert_never

from nectarc.evaluate.conditions import config_float, config_int, config_text
from nectarc.evaluate.patterns import pattern_error
from nectarc.evaluate.values import FALSE_TEXTS, TRUE_TEXTS
from nectarc.ir.nodes import (
    BoolTest,
    Exists,
    NumberIn,
    NumberTest,
    StringIn,
    StringOp,
    StringTest,
    Test,
)
from nectarc.logic.predicates import ConditionTest, PolicyTest, Predicate, Present
from nectarc.logic.universe import Sort
from nectarc.records import part, record


class View(Enum):
    """Of what the truth is a function, other values of the sort being equal."""

    CONSTANT = "the sort, and of a bool its value"
    POINTS = "whether the text is one of `texts`"
    ORDER = "where the text stands to the one of `texts`"
    PREFIX = "whether the text starts with the one of `texts`"
    CONTAINS = "whether the text contains the one of `texts`"
    ENDS = "whether the text ends with the one of `texts`"
    PATTERN = "whether the pattern, the one of `texts`, is found in the text"
    AS_FLOAT = "where the float64 it counts as, if any, stands to `numbers`"
    AS_INT = "where the int64 it counts as, if any, stands to `numbers`"
    UNTYPED = "where an int64 or float64 stands to `numbers`; other sorts: the sort"


@record
class Shape:
    """What the truth of a predicate depends on.

    is_strings_only: the text matters of strings only; of other sorts, the sort.
    suggests:        the sorts that a sender would produce for such a predicate.
    """

    view: View
    texts: tuple[str, ...] = ()
    numbers: tuple[int | float, ...] = ()
    is_strings_only: bool = False
    suggests: frozenset[Sort] = part(default=frozenset())


NUMBER_VIEWS: Final = frozenset({View.AS_FLOAT, View.AS_INT, View.UNTYPED})
LANGUAGE_VIEWS: Final = frozenset({View.CONTAINS, View.ENDS, View.PATTERN})
_CONSTANT: Final = Shape(View.CONSTANT)
_TEXT: Final = frozenset({Sort.STRING})
_NUMBER: Final = frozenset({Sort.INT, Sort.FLOAT})
_BOOL: Final = frozenset({Sort.BOOL})
_BOOLS: Final = Shape(View.CONSTANT, suggests=_BOOL)
_COMPARISONS: Final = frozenset({"=", "!=", ">", ">=", "<", "<="})
_POLICY_VIEWS: Final = {
    StringOp.EQ: View.POINTS,
    StringOp.NE: View.POINTS,
    StringOp.CONTAINS: View.CONTAINS,
    StringOp.NOT_CONTAINS: View.CONTAINS,
    StringOp.STARTS_WITH: View.PREFIX,
    StringOp.ENDS_WITH: View.ENDS,
    StringOp.MATCHES: View.PATTERN,
}
_CONDITION_VIEWS: Final = {
    "starts-with": View.PREFIX,
    "contains": View.CONTAINS,
    "does-not-contain": View.CONTAINS,
    "matches": View.PATTERN,
}


def shape_of(predicate: Predicate) -> Shape:
    """Return what the truth of `predicate` depends on. A pattern costs its compilation."""
    match predicate:
        case Present():
            return _CONSTANT
        case PolicyTest(test):
            return _shape_of_test(test)
        case ConditionTest():
            return _shape_of_condition(predicate)
        case _:
            assert_never(predicate)


def _shape_of_test(test: Test) -> Shape:
    match test:
        case Exists():
            return _CONSTANT
        case NumberTest():
            return _as_float((test.value,))
        case NumberIn():
            return _as_float(test.values)
        case StringTest():
            return _text_shape(_POLICY_VIEWS.get(test.op, View.ORDER), test.value)
        case StringIn():
            return Shape(View.POINTS, test.values, suggests=_TEXT)
        case BoolTest():
            texts = TRUE_TEXTS if test.value else FALSE_TEXTS
            return Shape(View.POINTS, texts, suggests=_BOOL)
        case _:
            assert_never(test)


def _shape_of_condition(test: ConditionTest) -> Shape:
    name, datatype = test.operator, test.datatype
    if name in _COMPARISONS:
        return _shape_of_comparison(test)
    if name in ("in", "not-in"):
        return _shape_of_membership(test)
    view = _CONDITION_VIEWS.get(name)
    text = config_text(test.value)
    if view is None or (view is View.PATTERN and pattern_error(text)):
        return _CONSTANT
    suggests = _TEXT if datatype in ("", "string") else frozenset[Sort]()
    shape = _text_shape(view, text)
    return Shape(shape.view, shape.texts, suggests=suggests)


def _shape_of_comparison(test: ConditionTest) -> Shape:
    config, datatype = test.value, test.datatype
    is_equality = test.operator in ("=", "!=")
    if datatype == "string":
        return _text_shape(View.POINTS if is_equality else View.ORDER, config_text(config))
    if datatype == "int" and (whole := config_int(config)) is not None:
        return Shape(View.AS_INT, numbers=(whole,), suggests=_NUMBER)
    if datatype == "float" and (number := config_float(config)) is not None:
        return _as_float((number,))
    if datatype == "bool" and is_equality:
        return Shape(View.POINTS, TRUE_TEXTS, suggests=_BOOL)
    if isinstance(config, bool):
        return _BOOLS
    if isinstance(config, str):
        view = View.POINTS if is_equality else View.ORDER
        return Shape(view, (config,), is_strings_only=True, suggests=_TEXT)
    if isinstance(config, int | float):
        return Shape(View.UNTYPED, numbers=_comparable(config), suggests=_NUMBER)
    return _CONSTANT


def _shape_of_membership(test: ConditionTest) -> Shape:
    config = test.value
    if isinstance(config, tuple):
        items = config
    elif isinstance(config, str | int | float) and not isinstance(config, bool):
        items = (config,)
    else:
        return _CONSTANT
    match test.datatype:
        case "" | "string":
            is_number = all(isinstance(item, int | float) for item in items)
            suggests = _NUMBER if is_number and not test.datatype else _TEXT
            return Shape(View.POINTS, tuple(map(config_text, items)), suggests=suggests)
        case "int":
            wholes = (n for n in map(config_int, items) if n is not None)
            return Shape(View.AS_INT, numbers=tuple(wholes), suggests=_NUMBER)
        case "float":
            return _as_float(tuple(f for f in map(config_float, items) if f is not None))
        case _:
            return _CONSTANT


def _as_float(numbers: tuple[float, ...]) -> Shape:
    comparable = tuple(number for number in numbers if not math.isnan(number))
    return Shape(View.AS_FLOAT, numbers=comparable, suggests=_NUMBER)


def _comparable(number: float) -> tuple[int | float, ...]:
    return () if isinstance(number, float) and math.isnan(number) else (number,)


def _text_shape(view: View, text: str) -> Shape:
    # Every text starts with, contains and ends with the empty one.
    if not text and view in (View.PREFIX, View.CONTAINS, View.ENDS):
        return Shape(View.CONSTANT, suggests=_TEXT)
    return Shape(view, (text,), suggests=_TEXT)

"""What one condition says of one span: the tests on a value and the lookup of the value.

Owns: section 2 of the reference. Must not know: rules, samplers, YAML.
Truth: ../shared/reference/refinery-semantics.md, 2.4 to 2.9 (2.11 is this module in short).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from nectarc.evaluate.patterns import PatternError, compile_pattern
from nectarc.evaluate.values import (
    MISSING,
    TRUE_TEXTS,
    Missing,
    ValueOrMissing,
    text_of,
    to_bool,
    to_float,
    to_int,
)
from nectarc.refinery.rules import (
    NUM_DESCENDANTS,
    ROOT_PREFIX,
    Condition,
    ConfigValue,
    TextOnly,
)
from nectarc.trace import Fields, Span, Trace

ValueTest: TypeAlias = Callable[[ValueOrMissing], bool]
Lookup: TypeAlias = Callable[[Trace, Span | None, Span], ValueOrMissing]
# The arguments: the trace, its root span (found once a trace, not once a span), the span.
SpanTest: TypeAlias = Callable[[Trace, Span | None, Span], bool]

_Comparison: TypeAlias = Callable[[Any, Any], bool]  # any two values of one ordered type
_COMPARISONS: Final[dict[str, _Comparison]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def matches(condition: Condition, span: Span, trace: Trace, *, is_nested: bool = False) -> bool:
    """Say whether `condition` holds at `span`; `has-root-span` does at none (reference, 3.1)."""
    return compile_condition(condition, is_nested=is_nested)(trace, trace.root, span)


def compile_condition(condition: Condition, *, is_nested: bool = False) -> SpanTest:
    """Prepare `condition` for many spans. `is_nested` is the sampler's CheckNestedFields."""
    holds = compile_test(condition)
    lookup = compile_lookup(condition, is_nested=is_nested)
    return lambda trace, root, span: holds(lookup(trace, root, span))


def compile_test(condition: Condition) -> ValueTest:
    """Prepare the test that `condition` makes on the value found for it."""
    name, value = condition.operator, condition.value
    if name in _COMPARISONS:
        return _comparison(_COMPARISONS[name], name, condition.datatype, value)
    if name in ("in", "not-in"):
        return _membership(condition.datatype, value, is_negated=name == "not-in")
    needle = config_text(value)
    match name:
        case "exists":
            return lambda v: v is not MISSING
        case "not-exists":
            return lambda v: v is MISSING
        case "starts-with":
            return lambda v: text_of(v).startswith(needle)
        case "contains":
            return lambda v: needle in text_of(v)
        case "does-not-contain":
            return lambda v: needle not in text_of(v)
        case "matches":
            return _regex_test(needle)
        case _:  # has-root-span looks at no value; an absent operator never holds
            return _never


def compile_lookup(condition: Condition, *, is_nested: bool) -> Lookup:
    """Prepare the lookup of the value that `condition` tests at a span (reference, 2.9)."""
    if condition.field == NUM_DESCENDANTS:
        return lambda trace, _root, _span: len(trace.spans)
    names = condition.names
    plan = tuple((n.startswith(ROOT_PREFIX), n.removeprefix(ROOT_PREFIX)) for n in names)

    def find(_trace: Trace, root: Span | None, span: Span) -> ValueOrMissing:
        at = span
        for is_root_field, name in plan:
            at = root if is_root_field and root is not None else span
            if is_root_field and root is None:
                continue
            if name in at.fields:
                return at.fields[name]
        # The last name decides which span is searched, for all names, with their raw prefix.
        return _find_nested(at.fields, names) if is_nested and names else MISSING

    return find


def config_text(value: ConfigValue) -> str:
    """Return Go's `%v` of a configured value."""
    match value:
        case TextOnly():
            return value.text
        case tuple():
            return "[" + " ".join(map(config_text, value)) + "]"
        case _:
            return text_of(value)


def config_int(value: ConfigValue) -> int | None:
    """Convert a configured value to int64, None where Refinery fails to."""
    return None if isinstance(value, TextOnly | tuple) else to_int(value)


def config_float(value: ConfigValue) -> float | None:
    """Convert a configured value to float64, None where Refinery fails to."""
    return None if isinstance(value, TextOnly | tuple) else to_float(value)


def config_bool(value: ConfigValue) -> bool:
    """Convert a configured value to bool."""
    return value if isinstance(value, bool) else config_text(value) in TRUE_TEXTS


def compare_untyped(value: ValueOrMissing, config: ConfigValue) -> int | None:
    """Order two values as Refinery does without a Datatype; None: they are incomparable."""
    if value is None or config is None:
        return (value is not None) - (config is not None)
    if isinstance(value, bool) or isinstance(config, bool):
        both = isinstance(value, bool) and isinstance(config, bool)
        return int(value) - int(config) if both else None  # type: ignore[arg-type]  # both are bool
    if isinstance(value, str) and isinstance(config, str):
        return (value > config) - (value < config)
    if isinstance(value, int | float) and isinstance(config, int | float):
        if isinstance(value, float) or isinstance(config, float):
            value, config = float(value), float(config)
        return (value > config) - (value < config)  # NaN is neither: it equals every number
    return None


def _find_nested(fields: Fields, names: tuple[str, ...]) -> ValueOrMissing:
    from nectarc.evaluate.nested_fields import find_nested  # noqa: PLC0415  # rarely needed

    return find_nested(fields, names)


def _never(_value: ValueOrMissing) -> bool:
    return False


def _comparison(compare: _Comparison, name: str, datatype: str, config: ConfigValue) -> ValueTest:
    if datatype == "string":
        text = config_text(config)
        return lambda v: compare(text_of(v), text)
    if datatype == "int":
        whole = config_int(config)
        if whole is not None:
            return lambda v: (n := to_int(v)) is not None and compare(n, whole)
    if datatype == "float":
        number = config_float(config)
        if number is not None:
            return lambda v: (n := to_float(v)) is not None and compare(n, number)
    if datatype == "bool" and name in ("=", "!="):
        truth = config_bool(config)
        return lambda v: v is not MISSING and compare(to_bool(v), truth)

    def holds(value: ValueOrMissing) -> bool:
        if isinstance(value, Missing):
            return False
        order = compare_untyped(value, config)
        return order is not None and compare(order, 0)

    return holds


def _membership(datatype: str, config: ConfigValue, *, is_negated: bool) -> ValueTest:
    if isinstance(config, tuple):
        items = config
    elif isinstance(config, str | int | float) and not isinstance(config, bool):
        items = (config,)
    else:
        return _never  # Refinery fails to compile it: not even `not-in` holds
    match datatype:
        case "" | "string":
            texts = frozenset(map(config_text, items))
            return lambda v: (text_of(v) in texts) is not is_negated
        case "int":
            wholes = frozenset(n for n in map(config_int, items) if n is not None)
            return lambda v: (to_int(v) in wholes) is not is_negated
        case "float":
            # NaN equals nothing, but Python's sets look at identity first.
            floats = frozenset(f for f in map(config_float, items) if f is not None and f == f)  # noqa: PLR0124
            return lambda v: (to_float(v) in floats) is not is_negated
        case _:
            return _never


def _regex_test(pattern: str) -> ValueTest:
    """Search with RE2, as Go does; a pattern that Go refuses never holds."""
    try:
        regex = compile_pattern(pattern)
    except PatternError:
        return _never
    return lambda v: regex.search(_bytes(text_of(v))) is not None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

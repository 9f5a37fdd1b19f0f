"""Random Refinery rules on three fields, and random traces on both sides of what they ask.

Owns: odd conditions: `Fields` with repeated and `root.` names, operators without sense, values of
other types than the datatype, counts read as text, unknown scopes, null rules' neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from nectarc.refinery.rules import (
    HAS_ROOT_SPAN,
    NUM_DESCENDANTS,
    Condition,
    ConfigValue,
    DeterministicConfig,
    DynamicConfig,
    Rule,
    RulesConfig,
    TextOnly,
)
from nectarc.trace import ROOT_FIELD, Float32, Span, Trace, Uint64, Value

_OPERATORS: Final = (
    *("=", "=", "!=", ">", ">=", "<", "<=", "in", "not-in", "exists", "not-exists", "matches"),
    *("starts-with", "contains", "does-not-contain", HAS_ROOT_SPAN, "", "no such"),
)
_DATATYPES: Final = ("", "", "", "string", "int", "float", "bool", "no such")
_VALUES: Final[tuple[ConfigValue, ...]] = (
    *(0, 1, 5, 9, 200, 500, -1, 499.5, 0.5, 1e21, math.nan, math.inf, True, False, None),
    *("", "5", "500", "<nil>", "true", "T", "abc", "b", "5e2", "0x10", "+5", " 5", "9", "[1 2]"),
    *("NaN", "+Inf", "é", "~", 2**63 - 1, -(2**63), 2.0**53, 2**53 + 1, (), (1, 2), ("5", 5.0)),
    *(("a", "b", "<nil>"), (500, "x", True), (TextOnly("18446744073709551615"), 1)),
)
_PATTERNS: Final = ("5", "^5", "0$", "^$", "nil", "[^a]", "a|b", "^[0-9]+$", "^-", "(", "^.{3,}$")
_COUNTS: Final[tuple[ConfigValue, ...]] = (1, 2, 3, 4, 5, "3", (1, 3), 3.0, 2.5, "[23]", "1")
_NAMES: Final = ("a", "b", "c", "root.a", "root.b", ROOT_FIELD, f"root.{ROOT_FIELD}")
_FIELDS: Final = ("a", "b", "c")
_POOL: Final[tuple[Value, ...]] = (
    *(0, 1, 5, 55, 500, -5, 0.5, 500.0, -0.0, math.nan, math.inf, -math.inf, 1e21, 1.5e300),
    *(True, False, None, "", "5", "500", "true", "abc", "<nil>", "-1", "1e+21", "xxxxx", "5\n"),
    *(Uint64(5), Uint64(2**64 - 1), Float32(0.5), Float32(500.0), b"5", b"", (1, 2), (), ("5",)),
    *({"a": 1}, {}, "[1 2]", "map[a:1]", "é"),
)


def random_rules(random: Random, rules_max: int = 4) -> RulesConfig:
    """Return rules that Refinery would load, however odd."""
    return RulesConfig(rules=tuple(_rule(random, i) for i in range(random.randint(1, rules_max))))


def near_values(config: RulesConfig) -> list[Value]:
    """Return values equal to, just beside and of other types than those of the conditions."""
    found: list[Value] = list(_POOL)
    for rule in config.rules:
        for condition in (rule.conditions if rule is not None else None) or ():
            value = condition.value if condition is not None else None
            for one in value if isinstance(value, tuple) else (value,):
                found += _near(one)
    return found


def random_trace(
    random: Random, values: list[Value], allows: Callable[[str, Value], bool]
) -> Trace:
    """Return a trace of few spans, roots among them or not, with few different values."""
    palette = {name: random.choices(values, k=3) for name in _FIELDS}
    spans = []
    for _ in range(random.choice((1, 1, 2, 2, 3, 4, 5))):
        fields: dict[str, Value] = {}
        for name in _FIELDS:
            value = random.choice(palette[name])
            if random.random() < 0.7 and allows(name, value):
                fields[name] = value
        kind = random.choice(("inner", "inner", "root", "log"))
        if kind != "log":
            fields[ROOT_FIELD] = kind == "root"
        spans.append(Span(fields, kind == "root"))
    return Trace("1", tuple(spans))


def _rule(random: Random, number: int) -> Rule:
    conditions: tuple[Condition, ...] | None = tuple(
        _condition(random) for _ in range(random.choice((1, 1, 2, 2, 3, 4)))
    )
    if random.random() < 0.06:
        conditions = random.choice((None, ()))
    return Rule(
        name=random.choice((f"rule {number}", "rule")),
        conditions=conditions,
        scope=random.choice(("", "trace", "span", "span") * 5 + ("Span",)),
        drop=random.random() < 0.3,
        sample_rate=random.choice((0, 1, 1, 2, 10, -1)),
        sampler=random.choice(
            (None,) * 8 + (DeterministicConfig(sample_rate=10), _dynamic(random))
        ),
    )


def _dynamic(random: Random) -> DynamicConfig:
    return DynamicConfig(
        kind="EMADynamicSampler",
        parameters=(("GoalSampleRate", random.choice((1, 5))),),
        field_list=random.choice((("a",), ("b", "a"), ("a", "b"))),
    )


def _condition(random: Random) -> Condition:
    operator = random.choice(_OPERATORS)
    datatype = random.choice(_DATATYPES)
    value = random.choice(_PATTERNS) if operator == "matches" else random.choice(_VALUES)
    if operator == HAS_ROOT_SPAN:
        value = random.choice((True, False, "true", "no", 1, None))
    if random.random() < 0.12:
        counted = random.choice((*_COUNTS, value))
        return Condition(field=NUM_DESCENDANTS, operator=operator, value=counted, datatype=datatype)
    if random.random() < 0.25:
        names = tuple(random.choices(_NAMES, k=random.randint(1, 4)))
        return Condition(fields=names, operator=operator, value=value, datatype=datatype)
    name = random.choice((*_NAMES * 3, ""))
    return Condition(field=name, operator=operator, value=value, datatype=datatype)


def _near(value: ConfigValue) -> Iterator[Value]:
    match value:
        case TextOnly(text):
            yield text
        case bool() | None:
            yield value
        case int():
            yield from (value, float(value), str(value))
            yield from (one for one in (value - 1, value + 1) if -(2**63) <= one < 2**63)
        case float():
            yield from (value, math.nextafter(value, math.inf), math.nextafter(value, -math.inf))
        case str():
            yield from (value, value + "x", value[:-1], f"x{value}", value.upper(), value.encode())
        case _:
            return

"""Rules with one thing changed: what a wrong compiler would write.

Owns: the changes. The same seed makes the same ones.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from nectarc.records import replace
from nectarc.refinery.rules import Condition, ConfigValue, Rule, RulesConfig

Change = Callable[[Random, RulesConfig], RulesConfig | None]

_ORDERS: Final = ("=", "!=", ">", ">=", "<", "<=")
_TEXTS: Final = ("starts-with", "contains", "does-not-contain", "matches", "=", "!=")
_DATATYPES: Final = ("", "string", "int", "float", "bool")


def mutate(random: Random, rules: RulesConfig) -> tuple[str, RulesConfig]:
    """Change one thing; return its name, too."""
    names = sorted(_CHANGES)
    while True:
        name = random.choice(names)
        changed = _CHANGES[name](random, rules)
        if changed is not None and changed != rules:
            return name, changed


def _order(random: Random, rules: RulesConfig) -> RulesConfig | None:
    if len(rules.rules) < 2:
        return None
    found = list(rules.rules)
    i = random.randrange(len(found) - 1)
    found[i], found[i + 1] = found[i + 1], found[i]
    return replace(rules, rules=tuple(found))


def _dropped_rule(random: Random, rules: RulesConfig) -> RulesConfig | None:
    if len(rules.rules) < 2:
        return None
    i = random.randrange(len(rules.rules))
    return replace(rules, rules=rules.rules[:i] + rules.rules[i + 1 :])


def _action(random: Random, rules: RulesConfig) -> RulesConfig | None:
    def changed(rule: Rule) -> Rule:
        if rule.sampler is not None:
            return replace(rule, sampler=None, sample_rate=1)
        if rule.drop:
            return replace(rule, drop=False, sample_rate=1)
        return replace(rule, sample_rate=rule.sample_rate + random.choice((-1, 1)))

    return _with_rule(random, rules, changed)


def _scope(random: Random, rules: RulesConfig) -> RulesConfig | None:
    return _with_rule(
        random, rules, lambda one: replace(one, scope="trace" if one.scope == "span" else "span")
    )


def _dropped_condition(random: Random, rules: RulesConfig) -> RulesConfig | None:
    def changed(rule: Rule) -> Rule:
        found = list(rule.conditions or ())
        if found:
            del found[random.randrange(len(found))]
        return replace(rule, conditions=tuple(found))

    return _with_rule(random, rules, changed)


def _operator(random: Random, rules: RulesConfig) -> RulesConfig | None:
    def changed(condition: Condition) -> Condition:
        choices = {"in": ("not-in",), "not-in": ("in",), "exists": ("not-exists",)}
        choices["not-exists"] = ("exists",)
        family = _TEXTS if condition.operator in _TEXTS[:4] else _ORDERS
        return replace(condition, operator=random.choice(choices.get(condition.operator, family)))

    return _with_condition(random, rules, changed)


def _datatype(random: Random, rules: RulesConfig) -> RulesConfig | None:
    return _with_condition(
        random, rules, lambda one: replace(one, datatype=random.choice(_DATATYPES))
    )


def _literal(random: Random, rules: RulesConfig) -> RulesConfig | None:
    return _with_condition(random, rules, lambda one: replace(one, value=_near(random, one.value)))


def _field(random: Random, rules: RulesConfig) -> RulesConfig | None:
    def changed(one: Condition) -> Condition:
        if len(one.fields) > 1:
            return replace(one, fields=random.choice((one.fields[::-1], one.fields[:-1])))
        name = one.names[0] if one.names else ""
        other = name.removeprefix("root.") if name.startswith("root.") else f"root.{name}"
        return replace(one, field=other, fields=())

    return _with_condition(random, rules, changed)


def _near(random: Random, value: ConfigValue) -> ConfigValue:
    match value:
        case bool():
            return not value
        case int():
            return random.choice((value - 1, value + 1, float(value), str(value)))
        case float():
            return random.choice((value - 0.5, value * 2, -value))
        case str():
            return random.choice((value + "x", value[:-1], value.upper(), value[1:]))
        case tuple() if value:
            i = random.randrange(len(value))
            kept = value[:i] + value[i + 1 :]
            return random.choice((kept, (*kept, _near(random, value[i]))))
        case _:
            return "x"


def _with_rule(
    random: Random, rules: RulesConfig, change: Callable[[Rule], Rule]
) -> RulesConfig | None:
    i = random.randrange(len(rules.rules))
    rule = rules.rules[i]
    if rule is None:
        return None
    return replace(rules, rules=(*rules.rules[:i], change(rule), *rules.rules[i + 1 :]))


def _with_condition(
    random: Random, rules: RulesConfig, change: Callable[[Condition], Condition]
) -> RulesConfig | None:
    def changed(rule: Rule) -> Rule:
        found = list(rule.conditions or ())
        if found:
            i = random.randrange(len(found))
            own = found[i]
            if own is not None:
                found[i] = change(own)
        return replace(rule, conditions=tuple(found) if rule.conditions is not None else None)

    return _with_rule(random, rules, changed)


_CHANGES: Final[dict[str, Change]] = {
    "order": _order,
    "dropped rule": _dropped_rule,
    "action": _action,
    "scope": _scope,
    "dropped condition": _dropped_condition,
    "operator": _operator,
    "datatype": _datatype,
    "literal": _literal,
    "field": _field,
}

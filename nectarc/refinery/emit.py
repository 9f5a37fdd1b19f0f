"""Write Refinery's rules as YAML: the same rules give the same bytes, on every machine.

Owns: the layout. Must not know: policies. No time, version or comment goes into the text, since
any byte that changes makes Refinery discard the state of all samplers (docs/language.md, 6).
Truth for scalars: ../shared/reference/refinery-semantics.md, 1.3: what yaml.v3 reads back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, assert_never

from nectarc.diagnostic import InternalError
from nectarc.refinery.lowered import Lowered
from nectarc.refinery.rules import (
    Condition,
    ConfigValue,
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RulesConfig,
    RulesFile,
    TargetSampler,
)

# Texts that stand unquoted: a letter or `/` first, then no character that YAML minds, and no word
# that some YAML reader takes for something else (yes, no, on, off, null); and durations (`1m30s`).
_PLAIN: Final = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*|(?:[0-9]+(?:\.[0-9]+)?(?:h|ms|us|ns|m|s))+")
_WORDS: Final = frozenset(
    {"true", "false", "yes", "no", "on", "off", "y", "n", "t", "f", "null", "nan", "inf"}
)


def emit_rules(rules: RulesFile) -> str:
    """Return the YAML text of `rules`, targets in the order of the mapping, LF line ends."""
    lines = ["RulesVersion: 2", "Samplers:"]
    for target, sampler in rules.samplers.items():
        lines.append(f"  {_text(target)}:")
        lines.extend(_indented(_target(sampler), 4))
    return "\n".join(lines) + "\n"


def emit_rule(rule: Rule) -> str:
    """Return the YAML text of one rule as a list item, for people."""
    return "\n".join(_item(_rule(rule))) + "\n"


def emit_sampler(sampler: TargetSampler) -> str:
    """Return the YAML text of one target's sampler."""
    return "\n".join(_target(sampler)) + "\n"


def emit_rules_of(name: str, lowered: Lowered) -> tuple[str, ...]:
    """Return what the policy rule `name` became: each Refinery rule by itself, in order."""
    if not isinstance(lowered.sampler, RulesConfig):
        return (emit_sampler(lowered.sampler),)
    return tuple(
        emit_rule(rule)
        for rule, origin in zip(lowered.sampler.rules, lowered.origins, strict=True)
        if rule is not None and origin.rule == name
    )


def _target(sampler: TargetSampler) -> Iterator[str]:
    match sampler:
        case RulesConfig(rules=rules, check_nested_fields=nested):
            yield "RulesBasedSampler:"
            if nested:
                yield "  CheckNestedFields: true"
            yield "  Rules:" if rules else "  Rules: []"
            for rule in rules:
                if rule is None:
                    raise InternalError("a null rule cannot be written")
                yield from _indented(_item(_rule(rule)), 4)
        case DeterministicConfig(sample_rate=rate):
            yield "DeterministicSampler:"
            yield f"  SampleRate: {rate}"
        case DynamicConfig():
            yield from _dynamic(sampler)
        case EmptySampler():
            raise InternalError("a target without a sampler cannot be written")
        case _:
            assert_never(sampler)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"Name: {_text(rule.name)}"
    if rule.scope:
        yield f"Scope: {rule.scope}"
    match rule.sampler:
        case None:
            yield "Drop: true" if rule.drop else f"SampleRate: {rule.sample_rate}"
        case DynamicConfig():
            yield "Sampler:"
            yield from _indented(_dynamic(rule.sampler), 2)
        case _:
            raise InternalError(f"rule {rule.name!r} has a sampler that rules refuse")
    if rule.conditions is not None:
        yield "Conditions:" if rule.conditions else "Conditions: []"
        for condition in rule.conditions:
            if condition is None:
                raise InternalError("a null condition cannot be written")
            yield from _indented(_item(_condition(condition)), 2)


def _condition(condition: Condition) -> Iterator[str]:
    if condition.fields:
        yield "Fields:"
        yield from (f"  - {_text(name)}" for name in condition.fields)
    elif condition.field:
        yield f"Field: {_text(condition.field)}"
    yield f"Operator: {_quoted_operator(condition.operator)}"
    match condition.value:
        case None:
            pass
        case tuple() as values:
            yield "Value:" if values else "Value: []"
            yield from (f"  - {_scalar(value)}" for value in values)
        case value:
            yield f"Value: {_scalar(value)}"
    if condition.datatype:
        yield f"Datatype: {condition.datatype}"


def _dynamic(sampler: DynamicConfig) -> Iterator[str]:
    yield f"{sampler.kind}:"
    for name, value in sampler.parameters:
        yield f"  {name}: {_scalar(value)}"
    yield "  FieldList:" if sampler.field_list else "  FieldList: []"
    yield from (f"    - {_text(name)}" for name in sampler.field_list)


def _item(lines: Iterator[str]) -> Iterator[str]:
    """Turn the lines of a mapping into an item of a list."""
    for number, line in enumerate(lines):
        yield ("- " if number == 0 else "  ") + line


def _indented(lines: Iterator[str], width: int) -> Iterator[str]:
    prefix = " " * width
    return (prefix + line for line in lines)


def _scalar(value: ConfigValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
        case str():
            return _text(value)
        case _:
            raise InternalError(f"{value!r} is no scalar")


def _float(value: float) -> str:
    """Write a float64 so that yaml.v3 reads a float64: a point or an exponent, never an int."""
    text = repr(value)
    if text in ("inf", "-inf", "nan"):
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}[text]
    mantissa, _, exponent = text.partition("e")
    if "." not in mantissa:
        mantissa += ".0"
    return f"{mantissa}e{exponent}" if exponent else mantissa


def _quoted_operator(operator: str) -> str:
    return operator if operator[:1].isalpha() else f"'{operator}'"


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if text.isprintable() and text.isascii():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"

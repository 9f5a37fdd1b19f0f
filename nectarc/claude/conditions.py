"""Conditions of Claude's answer as match expressions of the policy language.

Owns: how groups, tests and values are written: quoting, durations, quantifiers. Must not know:
clauses, rules. Truth: docs/language.md, 3; the prefix of the prompt says the same to Claude.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from nectarc.claude.decoding import Part
from nectarc.claude.redaction import Redactor, quoted
from nectarc.claude.schema import ON, OPERATORS, OTHER_FIELD
from nectarc.intent.vocabulary import Vocabulary
from nectarc.ir.nodes import FieldType
from nectarc.records import record
from nectarc.semantics.conventions import conventional_type
from nectarc.semantics.fields import ALIASES
from nectarc.syntax.literals import is_plain_name

TRUE: Final = "true"
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_DURATION: Final = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ns|us|ms|s|m|h))+")
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_LISTS: Final = frozenset({"in", "not in"})
_TEXT_TESTS: Final = frozenset({"contains", "not contains", "starts_with", "ends_with", "matches"})
_NEGATIVE: Final = frozenset({"!=", "not in", "not contains", "missing"})
_PRESENCE: Final = frozenset({"exists", "missing"})
_SPECIAL: Final = frozenset({"has_root", "is_root", "span_count"})
_BOOLS: Final = frozenset({"true", "false"})


@record(kw_only=True)
class Names:
    """What field names mean in this answer.

    types:    the types that rows of `fields` declare, by name.
    literals: filled with the texts that the answer compares with, as Claude wrote them.
    """

    vocabulary: Vocabulary
    redactor: Redactor
    types: Mapping[str, FieldType]
    literals: list[tuple[str, str]]


def match_of(part: Part, names: Names) -> str:
    """Return the match expression of a condition; "" after a mistake in it."""
    branches = [_branch(one, names) for one in part.only("any_of").member("any_of").items()]
    if not branches:
        part.wrong('`any_of` is empty; all traces are {"any_of": [{"all_of": []}]}')
        return ""
    if "" in branches:
        return ""
    if TRUE in branches:
        return TRUE
    return " || ".join(dict.fromkeys(branches))


def _branch(part: Part, names: Names) -> str:
    groups = part.only("all_of").member("all_of").items()
    if not groups:
        return TRUE
    is_alone = len(groups) == 1
    written = [_group(group, names, is_alone=is_alone) for group in groups]
    return "" if "" in written else " && ".join(dict.fromkeys(written))


def _group(part: Part, names: Names, *, is_alone: bool) -> str:
    on = part.only("on", "tests").member("on").choice(ON)
    tests = part.member("tests").items()
    if not tests:
        part.wrong("a group needs tests; all traces are an empty `all_of`")
        return ""
    prefix = "root." if on == "root_span" else ""
    found = [_test(one, names, on=on, prefix=prefix) for one in tests]
    if any(one is None for one in found):
        return ""
    written = [one for one in found if one is not None]
    body = " && ".join(text for text, _ in written)
    match on:
        case "trace" | "root_span":
            return body
        case "no_span":
            return f"none({body})"
        case "every_span":
            return f"all({body})"
        case "same_span":
            return _same_span(written, body, is_alone=is_alone)
        case _:
            is_alone = is_alone and len(written) == 1
            return " && ".join(_same_span([one], one[0], is_alone=is_alone) for one in written)


def _same_span(tests: Sequence[tuple[str, bool]], body: str, *, is_alone: bool) -> str:
    # A bare test may stand alone and in `||`; a negative one, and two in `&&`, need their `any`.
    is_plain = is_alone and len(tests) == 1 and not tests[0][1]
    return body if is_plain else f"any({body})"


def _test(part: Part, names: Names, *, on: str, prefix: str) -> tuple[str, bool] | None:
    """Return a test and whether it needs a quantifier: it is negative, or no test of a field."""
    part.only("field", "other_field", "operator", "values")
    name = part.member("field").text()
    other = names.redactor.restored(part.member("other_field").text())
    operator = part.member("operator").choice(OPERATORS)
    values = [value.raw_text() for value in part.member("values").items()]
    if name == OTHER_FIELD:
        name = other
    if not name or "`" in name or not name.isprintable():
        part.wrong("`field` names no field")
        return None
    if not _values_fit(part, operator, values):
        return None
    if name in _SPECIAL:
        return _special_test(part, name, operator, values, on=on)
    if on == "trace":
        part.wrong(f"`trace` is for `has_root` and `span_count`; `{name}` is a field of spans")
        return None
    written = field_text(name, prefix)
    if operator in _PRESENCE:
        test = f"exists({written})"
        if operator == "exists":
            return test, False
        return (f"has_root && !{test}" if prefix else f"!{test}"), True
    for value in values:
        for alias in names.redactor.unknown_aliases(value):
            part.wrong(f"`{alias}` stands for no value; use the pseudonyms of the data as they are")
    literals = [_literal(part, name, operator, value, names) for value in values]
    if any(one is None for one in literals):
        return None
    texts = [one for one in literals if one is not None]
    joined = f"[{', '.join(texts)}]" if operator in _LISTS else texts[0]
    return f"{written} {operator} {joined}", operator in _NEGATIVE


def _values_fit(part: Part, operator: str, values: Sequence[str]) -> bool:
    if operator in _PRESENCE or operator in _LISTS:
        if operator in _LISTS and not values:
            part.wrong(f"`{operator}` needs values")
            return False
        return True
    if len(values) != 1:
        part.wrong(f"`{operator}` needs one value, not {len(values)}; several go with `in`")
        return False
    return True


def _special_test(
    part: Part, name: str, operator: str, values: Sequence[str], *, on: str
) -> tuple[str, bool] | None:
    """Return a test on the trace's shape: has_root, is_root, span_count."""
    if name == "is_root" and on not in {"same_span", "some_span", "no_span", "every_span"}:
        part.wrong("`is_root` is about a span; the root span has `on: root_span`")
        return None
    if name != "is_root" and on != "trace":
        part.wrong(f"`{name}` is about the trace; it needs `on: trace`")
        return None
    if name == "span_count":
        if operator in _LISTS | _TEXT_TESTS | _PRESENCE or not values[0].isdecimal():
            part.wrong("`span_count` is compared with one whole number")
            return None
        return f"span_count {operator} {values[0]}", False
    says = {"==": "true", "!=": "false", "exists": "true", "missing": "false"}.get(operator)
    value = values[0] if values else "true"
    if says is None or value not in _BOOLS:
        part.wrong(f"`{name}` is `==` true or false")
        return None
    return (name if says == value else f"!{name}"), True


def _literal(part: Part, name: str, operator: str, value: str, names: Names) -> str | None:
    """Return a value as a literal of the type that the field has, else of the look that it has."""
    kind = _type_of(name, names)
    if operator == "matches":
        return quoted(names.redactor.restored_pattern(value))
    if operator in _TEXT_TESTS or kind is FieldType.STRING:
        return _text(name, value, names)
    is_duration = kind is not None and kind.value.startswith("duration")
    if is_duration and _DURATION.fullmatch(value):
        return value
    if kind is FieldType.BOOL or (kind is None and value in _BOOLS):
        if value in _BOOLS and operator in {"==", "!="}:
            return value
        part.wrong(f"`{name}` is true or false, compared with `==` or `!=`")
        return None
    if _NUMBER.fullmatch(value):
        return value
    if (kind is not None and kind.is_number) or operator in _ORDER:
        example = " or a duration like `5s`" if is_duration else ""
        part.wrong(f"`{name}` is a number: `{value[:60]}` is none{example}")
        return None
    return _text(name, value, names)


def _text(name: str, value: str, names: Names) -> str:
    real = names.redactor.restored(value)
    names.literals.append((name, real))
    return quoted(real)


def _type_of(name: str, names: Names) -> FieldType | None:
    """Return the type that a test of `name` gets; the corpus's where the language leaves it."""
    if name in names.types:
        return names.types[name]
    known = ALIASES[name][1] if name in ALIASES else conventional_type(name)
    if known is not None:
        return known
    seen = names.vocabulary.fields.get(name, ())
    return FieldType(seen[0]) if seen and seen[0] in {"bool", "int", "float", "string"} else None


def field_text(name: str, prefix: str = "") -> str:
    """Return a field's name as the language writes it."""
    return prefix + (name if is_plain_name(name) else f"`{name}`")

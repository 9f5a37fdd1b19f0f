"""What tests on fields mean: names, values, comparisons, routes.

Owns: the functions of the aliases about fields and values, what fields are called.
Must not know: noun phrases, clauses. Truth: grammar/intent.lark; docs/language.md, 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from nectarc.intent.matches import field_text, string_literal
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.phrases import FUNCTION_WORDS, Part, Phrase, Values
from nectarc.offline.selectors import (
    Cond,
    Each,
    Every,
    Non,
    Open,
    Same,
    Some,
    Test,
    Whole,
    non,
    some,
)
from nectarc.offline.tokens import Name, Number

_MEANT: Final = {
    "http status code": "http.status", "response code": "http.status",
    "response status": "http.status", "return code": "http.status",
    "response status code": "http.status", "http response code": "http.status",
    "http code": "http.status", "response time": "duration", "request duration": "duration",
    "trace duration": "duration", "elapsed time": "duration", "total duration": "duration",
    "runtime": "duration",
    "http.status_code": "http.status", "http.response.status_code": "http.status",
    "status": "http.status", "status code": "http.status", "http status": "http.status",
    "code": "http.status", "status_code": "http.status", "route": "http.route",
    "routes": "http.route", "http route": "http.route", "path": "http.route",
    "endpoint": "http.route", "endpoints": "http.route", "url": "http.route",
    "url path": "http.route", "method": "method", "http method": "method",
    "http.method": "method", "http.request.method": "method", "duration": "duration",
    "latency": "duration", "user agent": "agent", "user-agent": "agent",
    "user_agent.original": "agent", "http.user_agent": "agent", "service": "service",
    "svc": "service", "services": "service", "service name": "service",
    "service.name": "service", "span name": "name", "environment": "deployment_env",
    "deployment.environment": "deployment_env", "deployment.environment.name": "deployment_env",
    "grpc status": "rpc.grpc.status_code", "error flag": "error", "error": "error",
}  # fmt: skip

_OPEN_FIELDS: Final = frozenset({"tenant", "customer"})


def leaf(parts: tuple[Meaning, ...], position: int) -> Leaf:
    """Return the part at `position`, which the grammar says is a word."""
    one = parts[position]
    assert isinstance(one, Leaf)
    return one


def cond(one: Meaning) -> Cond:
    """Return what a part asks for."""
    if isinstance(one, Part | Phrase):
        return one.cond
    assert isinstance(one, Test | Whole | Same | Each | Some | Non | Every | Open)
    return one


def number(one: Meaning) -> Fraction:
    """Return a number leaf's number."""
    assert isinstance(one, Leaf)
    assert isinstance(one.value, Number)
    return one.value.value


def number_text(one: Meaning) -> str:
    """Return it as a literal."""
    value = number(one)
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def field_name(text: str) -> str:
    """Return the language's name of what the user calls `text`."""
    plain = text.lower().removeprefix("the ")
    return _MEANT.get(plain, text)


def equals(field: str, values: Values) -> Cond:
    """Return that `field` is one of `values`."""
    name = field_text(field)
    return some(Test(f"{name} == {one}", name, (one,)) for one in values.literals)


def service_is(values: Values) -> Cond:
    """Return that a span is of one of the services."""
    return equals("service", Values(tuple(map(string_literal, values.texts)), values.texts))


# Words that say which, or how: never a name, whatever stands beside them.
_NO_NAMES: Final = frozenset(
    {
        "internal", "external", "public", "private", "noisy", "chatty", "important", "critical",
        "main", "core", "legacy", "recent", "new", "old", "behind", "before", "after", "near",
        "like", "unlike", "via", "versus", "against", "around", "same", "different", "various",
        "several", "certain", "specific", "small", "large", "big", "busy", "quiet", "loud",
        "upstream", "downstream", "backend", "frontend-facing", "key", "whole", "entire",
        "particular", "own",
    }
)  # fmt: skip


# Words of how, "quickly", and of which, "newest": but "nightly" and "load-test" are values.
_HOW: Final = re.compile(r"(?:ly|est)$")
_NOT_HOW: Final = re.compile(
    r"(?:^|[-_.])(?:test|west|rest|guest|request|ingest|digest|harvest|manifest|forest|quest|nest"
    r"|daily|weekly|monthly|nightly|hourly|yearly|quarterly|reply|supply|family|assembly|anomaly)$"
)


# Of these a sign before them makes values: "feature = on", "country = it".
_ALSO_VALUES: Final = frozenset({"on", "up", "down", "in", "it"})


def _value(parts: tuple[Meaning, ...]) -> Meaning | None:
    one = leaf(parts, 0)
    word = one.text.lower()
    if one.name == "ANYWORD" and word in FUNCTION_WORDS - _ALSO_VALUES:
        return None
    if one.name in ("WORD", "PLAINWORD") and (
        word in _NO_NAMES or (_HOW.search(word) and not _NOT_HOW.search(word))
    ):
        return None
    if one.name != "QUOTED" and one.text.lower() in ("true", "false"):
        return Values((one.text.lower(),), (one.text,))
    match one.value:
        case Number(value):
            text = str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
            return Values((text,), (one.text,))
        case Name(value):
            return Values((string_literal(value),), (value,))
        case str(text):
            if one.name in ("WORD", "ANYWORD", "PLAINWORD", "BOOL") and text.lower() in (
                "true",
                "false",
            ):
                return Values((text.lower(),), (text,))
            return Values((string_literal(text),), (text,))
        case _:
            if one.name == "BOOL":
                return Values((one.text.lower(),), (one.text,))
            return Values((string_literal(one.text),), (one.text,))


def _more(parts: tuple[Meaning, ...]) -> Meaning:
    values = [one for one in parts if isinstance(one, Values)]
    return Values(
        tuple(text for one in values for text in one.literals),
        tuple(text for one in values for text in one.texts),
    )


def _field(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, 0)
    text = one.value if isinstance(one.value, str) else one.text
    return Values((), (field_name(text),))


def _alias(parts: tuple[Meaning, ...]) -> Meaning | None:
    text = leaf(parts, 0).text.lower().removeprefix("the ")
    return None if text in _OPEN_FIELDS else Values((), (field_name(text),))


def name_of(one: Meaning) -> str:
    """Return the name of a field."""
    assert isinstance(one, Values)
    return one.texts[0]


def _compare(parts: tuple[Meaning, ...]) -> Meaning | None:
    values = [one for one in parts if isinstance(one, Values)]
    sign = next(one.value for one in parts if isinstance(one, Leaf) and one.name == "COMPARE")
    assert isinstance(sign, str)
    return _test(name_of(values[0]), sign, values[1])


def _test(field: str, sign: str, values: Values) -> Cond | None:
    name = field_text(field)
    if field in ("duration", "span_count"):
        return None
    is_number = all(one.replace(".", "", 1).isdigit() for one in values.literals)
    if field == "http.status" and not (is_number and all(map(_is_status, values.literals))):
        return None
    if field == "http.route" and sign == "==" and not is_number:
        return some(path_test(one) for one in values.texts)
    if sign == "==":
        return equals(field, values)
    if len(values.literals) > 1:
        inside = ", ".join(values.literals)
        return Test(f"{name} not in [{inside}]", name) if sign == "!=" else None
    if sign != "!=" and not is_number:
        return None
    return Test(f"{name} {sign} {values.literals[0]}", name)


def _is_status(text: str) -> bool:
    """Whether it may be a status, or the bound of one: "2" is none, nor is "13"."""
    return text.isdigit() and 99 <= int(text) <= 600


# "trace > 100 spans", "errors = all": no attributes.
_NO_FIELDS: Final = frozenset(
    {"slow", "errors", "failed", "rest", "trace", "traces", "span", "spans", "request", "requests",
     "count", "counts", "number", "spancount", "key", "keys"}
)  # fmt: skip


def _word_compare(parts: tuple[Meaning, ...]) -> Meaning | None:
    word = leaf(parts, 0).text
    if not word.replace("_", "").replace(".", "").isalnum():
        return None
    values = Values((), (field_name(word),))
    if field_name(word) == word and word.lower() in _NO_FIELDS:
        return None
    return _compare((values, *parts[1:]))


def _word_exists(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "field channel is set": the word is said to be a field's name."""
    word = leaf(parts, 1).text
    if not word.replace("_", "").isalnum() or word.lower() in _NO_FIELDS:
        return None
    name = field_text(field_name(word))
    return Test(f"exists({name})", name)


def _word_missing(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = _word_exists(parts)
    return None if found is None else non(cond(found))


def _equals(parts: tuple[Meaning, ...]) -> Meaning | None:
    values = [one for one in parts if isinstance(one, Values)]
    return _test(name_of(values[0]), "==", values[1])


def _differs(parts: tuple[Meaning, ...]) -> Meaning | None:
    field, *values = [one for one in parts if isinstance(one, Values)]
    unlike = Values(
        tuple(text for one in values for text in one.literals),
        tuple(text for one in values for text in one.texts),
    )
    if name_of(field) == "service":
        return non(service_is(unlike))
    return _test(name_of(field), "!=", unlike)


def _text_test(parts: tuple[Meaning, ...], operator: str) -> Meaning | None:
    values = [one for one in parts if isinstance(one, Values)]
    field = field_text(name_of(values[0]))
    if field in ("http.status", "duration", "error"):
        return None
    return some(Test(f"{field} {operator} {string_literal(one)}", field) for one in values[1].texts)


def _number_test(parts: tuple[Meaning, ...], sign: str) -> Meaning | None:
    field = next(name_of(one) for one in parts if isinstance(one, Values))
    count = next(one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Number))
    if field == "duration":
        return None
    return Test(f"{field_text(field)} {sign} {number_text(count)}", field)


def _measure_of(parts: tuple[Meaning, ...]) -> Meaning | None:
    field = next(name_of(one) for one in parts if isinstance(one, Values))
    return cond(parts[-1]) if field == "duration" else None


def path_test(text: str) -> Cond:
    """Return that a route is `text`; "/api/*" begins with "/api/"."""
    if text.endswith("*"):
        return Test(f"http.route starts_with {string_literal(text.rstrip('*'))}", "http.route")
    literal = string_literal(text)
    return Test(f"http.route == {literal}", "http.route", (literal,))


def _route(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Return a test for a route; None of what is a pattern, or has a query."""
    text = _path(leaf(parts, 0))
    return None if re.search(r"[\^$()\[\]+\\|?]|\.\*", text) else path_test(text)


def below(one: Leaf) -> Cond:
    """Return that a route is a path or lies below it: "/admin and below"."""
    path = _path(one).rstrip("/")
    literals = string_literal(path), string_literal(f"{path}/")
    return some(
        [
            Test(f"http.route == {literals[0]}", "http.route", (literals[0],)),
            Test(f"http.route starts_with {literals[1]}", "http.route"),
        ]
    )


def prefix(one: Cond) -> Cond:
    """Return a test for paths as one for what begins so."""
    match one:
        case Test(text, field) if " == " in text:
            return Test(text.replace(" == ", " starts_with ", 1), field)
        case Some(parts):
            return some(prefix(inner) for inner in parts)
        case _:
            return one


def _exists(parts: tuple[Meaning, ...]) -> Meaning | None:
    field = next(name_of(one) for one in parts if isinstance(one, Values))
    if field in ("duration", "service", "name"):
        return None
    return Test(f"exists({field_text(field)})", field)


def _missing(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = _exists(parts)
    return None if found is None else non(cond(found))


def _path(one: Leaf) -> str:
    return one.value.value if isinstance(one.value, Name) else one.text


def _paths_of(one: Cond) -> list[str]:
    match one:
        case Test(_, _, values):
            return [value.strip("'") for value in values]
        case Some(parts):
            return [text for inner in parts for text in _paths_of(inner)]
        case _:
            return []


def last_values(parts: tuple[Meaning, ...]) -> Values:
    """Return the last values that were said."""
    return [one for one in parts if isinstance(one, Values)][-1]


def sign_of(parts: tuple[Meaning, ...]) -> str:
    """Return the sign of a comparison: "==", "<"..."""
    return next(str(one.value) for one in parts if isinstance(one, Leaf) and one.name == "COMPARE")


TESTS: Final[Mapping[str, Build]] = {
    "value_": _value,
    "value_more": _more,
    "path_values": lambda parts: Values((), tuple(_paths_of(cond(parts[0])))),
    "field_": _field,
    "alias_": _alias,
    "f_compare": _compare,
    "f_compare_list": _compare,
    "f_word_compare": _word_compare,
    "f_service": lambda parts: service_is(last_values(parts)) if sign_of(parts) == "==" else None,
    "f_equals": _equals,
    "f_plain": _equals,
    "f_differs": _differs,
    "f_differs1": _differs,
    "f_begins": lambda parts: _text_test(parts, "starts_with"),
    "f_ends": lambda parts: _text_test(parts, "ends_with"),
    "f_contains": lambda parts: _text_test(parts, "contains"),
    "f_exists": _exists,
    "f_missing": _missing,
    "f_word_exists": _word_exists,
    "f_word_missing": _word_missing,
    "f_over": lambda parts: _number_test(parts, ">"),
    "f_least": lambda parts: _number_test(parts, ">="),
    "f_least1": lambda parts: _number_test(parts, ">="),
    "f_under": lambda parts: _number_test(parts, "<"),
    "f_measure": _measure_of,
    "exists_": _exists,
    "exists2_": _exists,
    "exists3_": _exists,
    "missing_": _missing,
    "missing_last": _missing,
    "flag_": lambda parts: Test(f"{field_text(last_values(parts).texts[0])} == true"),
    "path_": _route,
    "path_below": lambda parts: below(leaf(parts, 0)),
    "prefix_": lambda parts: prefix(cond(parts[-1])),
    "value_class": lambda _parts: None,
}

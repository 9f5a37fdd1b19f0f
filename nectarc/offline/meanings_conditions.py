"""What the grammar's conditions mean: tests on fields, lengths of time, spans.

Owns: the functions of the aliases about conditions. Must not know: clauses, the text.
Truth: grammar/intent.lark; docs/intent.md, "What words mean"; docs/language.md, 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from nectarc.intent.matches import field_text, string_literal
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.phrases import Part, Phrase, Values
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Each,
    Every,
    Non,
    Open,
    Same,
    Some,
    Test,
    Whole,
    each,
    non,
    same,
    some,
)
from nectarc.offline.tokens import Length, Name, Number, StatusClass

_MEANT: Final = {
    "http.status_code": "http.status", "http.response.status_code": "http.status",
    "status": "http.status", "status code": "http.status", "http status": "http.status",
    "code": "http.status", "status_code": "http.status", "route": "http.route", "routes": "http.route",
    "http route": "http.route", "path": "http.route", "endpoint": "http.route",
    "endpoints": "http.route", "url": "http.route", "url path": "http.route",
    "method": "method", "http method": "method", "http.method": "method",
    "http.request.method": "method", "duration": "duration", "latency": "duration",
    "user agent": "agent", "user-agent": "agent",
    "user_agent.original": "agent", "http.user_agent": "agent", "service": "service",
    "services": "service", "service name": "service", "service.name": "service",
    "span name": "name", "environment": "deployment_env",
    "deployment.environment": "deployment_env", "deployment.environment.name": "deployment_env", "grpc status": "rpc.grpc.status_code",
    "error flag": "error", "error": "error",
}  # fmt: skip
_OPEN_FIELDS: Final = frozenset({"tenant", "customer"})
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


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


def _length(one: Meaning) -> Length:
    assert isinstance(one, Leaf)
    assert isinstance(one.value, Length)
    return one.value


def _duration(sign: str, one: Meaning) -> Cond:
    return Test(f"duration {sign} {_length(one).text}", "duration")


def _value(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, 0)
    match one.value:
        case Number(value):
            text = str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
            return Values((text,), (one.text,))
        case Name(value):
            return Values((string_literal(value),), (value,))
        case str(text):
            if one.name in ("WORD", "ANYWORD", "BOOL") and text.lower() in ("true", "false"):
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


def _name(one: Meaning) -> str:
    assert isinstance(one, Values)
    return one.texts[0]


def _compare(parts: tuple[Meaning, ...]) -> Meaning | None:
    values = [one for one in parts if isinstance(one, Values)]
    sign = next(one.value for one in parts if isinstance(one, Leaf) and one.name == "COMPARE")
    assert isinstance(sign, str)
    return _test(_name(values[0]), sign, values[1])


def _test(field: str, sign: str, values: Values) -> Cond | None:
    name = field_text(field)
    if field == "duration":
        return None
    is_number = all(one.replace(".", "", 1).isdigit() for one in values.literals)
    if field == "http.status" and not is_number:
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


def _word_compare(parts: tuple[Meaning, ...]) -> Meaning | None:
    word = leaf(parts, 0).text
    if not word.replace("_", "").replace(".", "").isalnum():
        return None
    values = Values((), (field_name(word),))
    if field_name(word) == word and word.lower() in ("slow", "errors", "failed", "rest"):
        return None
    return _compare((values, *parts[1:]))


def _equals(parts: tuple[Meaning, ...]) -> Meaning | None:
    values = [one for one in parts if isinstance(one, Values)]
    return _test(_name(values[0]), "==", values[1])


def _differs(parts: tuple[Meaning, ...]) -> Meaning | None:
    values = [one for one in parts if isinstance(one, Values)]
    return _test(_name(values[0]), "!=", values[1])


def _text_test(parts: tuple[Meaning, ...], operator: str) -> Meaning | None:
    values = [one for one in parts if isinstance(one, Values)]
    field = field_text(_name(values[0]))
    if field in ("http.status", "duration", "error"):
        return None
    return some(
        Test(f"{field} {operator} {string_literal(one)}", field) for one in values[1].texts
    )


def _number_test(parts: tuple[Meaning, ...], sign: str) -> Meaning | None:
    field = next(_name(one) for one in parts if isinstance(one, Values))
    count = next(one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Number))
    if field == "duration":
        return None
    return Test(f"{field_text(field)} {sign} {number_text(count)}", field)


def _measure_of(parts: tuple[Meaning, ...]) -> Meaning | None:
    field = next(_name(one) for one in parts if isinstance(one, Values))
    return cond(parts[-1]) if field == "duration" else None


def _code(sign: str, one: Meaning) -> Cond | None:
    value = number(one)
    if value.denominator != 1 or not 100 <= value < 600:  # noqa: PLR2004 - HTTP's codes
        return None
    values = (str(value),) if sign == "==" else ()
    return Test(f"http.status {sign} {value}", "http.status", values)


def _class(parts: tuple[Meaning, ...]) -> Meaning | None:
    first = next(
        one for one in parts if isinstance(one, Leaf) and isinstance(one.value, StatusClass)
    )
    assert isinstance(first.value, StatusClass)
    return status_class(first.value.hundred)


def status_class(hundred: int) -> Cond:
    """Return that a span has a status of a class, as docs/intent.md says: 5xx is >= 500."""
    low = Test(f"http.status >= {hundred}00", "http.status")
    if hundred == 5:  # noqa: PLR2004 - the last class
        return low
    return same([low, Test(f"http.status < {hundred + 1}00", "http.status")])


def _numbers(parts: tuple[Meaning, ...]) -> list[Leaf]:
    return [one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Number)]


def _code_between(parts: tuple[Meaning, ...]) -> Meaning | None:
    low, high = _numbers(parts)
    at_least, at_most = _code(">=", low), _code("<=", high)
    return None if at_least is None or at_most is None else same([at_least, at_most])


def _code_more(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = _code("==", parts[0])
    return None if found is None else some([found, cond(parts[-1])])


def path_test(text: str) -> Cond:
    """Return that a route is `text`; "/api/*" begins with "/api/"."""
    if text.endswith("*"):
        return Test(f"http.route starts_with {string_literal(text.rstrip('*'))}", "http.route")
    literal = string_literal(text)
    return Test(f"http.route == {literal}", "http.route", (literal,))


def prefix(one: Cond) -> Cond:
    """Return a test for paths as one for what begins so."""
    match one:
        case Test(text, field) if " == " in text:
            return Test(text.replace(" == ", " starts_with ", 1), field)
        case Some(parts):
            return some(prefix(inner) for inner in parts)
        case _:
            return one


def rooted(one: Cond) -> Cond | None:
    """Return it as asked of the root span; None where it is about the trace."""
    match one:
        case Test(text):
            return Whole(f"root.{text}")
        case Same(parts) | Each(parts):
            found = [rooted(inner) for inner in parts]
            return None if None in found else each(one for one in found if one is not None)
        case Some(parts):
            found = [rooted(inner) for inner in parts]
            return None if None in found else some(one for one in found if one is not None)
        case Non(inner):
            inside = rooted(inner)
            return None if inside is None else non(inside)
        case Open(about):
            return Open(f"root.{about}", one.words, one.start, one.end)
        case _:
            return None


def open_of(about: str, one: Leaf) -> Open:
    """Return what a word leaves open."""
    return Open(about, one.text, one.start, one.end)


def _spans(sign: str, parts: tuple[Meaning, ...]) -> Meaning:
    return Whole(f"span_count {sign} {number_text(_numbers(parts)[0])}")


def _range(parts: tuple[Meaning, ...]) -> Meaning:
    low, high = [one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Length)]
    return same([_duration(">=", low), _duration("<=", high)])


def _range_number(parts: tuple[Meaning, ...]) -> Meaning:
    low = _numbers(parts)[0]
    high = next(one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Length))
    unit = _length(high).text.lstrip("0123456789.")
    return same([Test(f"duration >= {number_text(low)}{unit}", "duration"), _duration("<=", high)])


def _sign(parts: tuple[Meaning, ...]) -> str:
    return next(
        str(one.value) for one in parts if isinstance(one, Leaf) and one.name == "COMPARE"
    )


def _length_of(parts: tuple[Meaning, ...]) -> Leaf:
    return next(one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Length))


def _length_cmp(parts: tuple[Meaning, ...]) -> Meaning | None:
    sign = _sign(parts)
    return None if sign in ("==", "!=") else _duration(sign, _length_of(parts))


def _each(parts: tuple[Meaning, ...]) -> Meaning:
    return each(cond(one) for one in parts if not isinstance(one, Leaf) and one != "")


def _some(parts: tuple[Meaning, ...]) -> Meaning:
    return some(cond(one) for one in parts if not isinstance(one, Leaf) and one != "")


def _exists(parts: tuple[Meaning, ...]) -> Meaning | None:
    field = next(_name(one) for one in parts if isinstance(one, Values))
    if field in ("duration", "service", "name"):
        return None
    return Test(f"exists({field_text(field)})", field)


def _missing(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = _exists(parts)
    return None if found is None else non(cond(found))


def _root_vp(parts: tuple[Meaning, ...]) -> Meaning | None:
    return rooted(cond(parts[-1]))


def _span_of(parts: tuple[Meaning, ...]) -> Meaning:
    services, inner = parts[-2], parts[-1]
    of = service_is(services) if isinstance(services, Values) else cond(services)
    return same([of, *_span_parts(cond(inner))])


def _span_parts(one: Cond) -> tuple[Cond, ...]:
    return one.parts if isinstance(one, Each) else (one,)


def _agent(parts: tuple[Meaning, ...]) -> Meaning:
    values = parts[-1]
    assert isinstance(values, Values)
    return Test(f"agent starts_with {string_literal(values.texts[0])}", "agent")


def _starts(parts: tuple[Meaning, ...]) -> Meaning | None:
    last = parts[-1]
    return rooted(service_is(last) if isinstance(last, Values) else cond(last))


def _exception_any(_parts: tuple[Meaning, ...]) -> Meaning:
    return some([Test("exists(exception.type)"), Test("exists(exception.message)")])


def _first_number(parts: tuple[Meaning, ...]) -> Leaf:
    return _numbers(parts)[0]


CONDITIONS: Final[Mapping[str, Build]] = {
    "value_": _value,
    "value_more": _more,
    "path_values": lambda parts: Values((), tuple(_paths_of(cond(parts[0])))),
    "field_": _field,
    "alias_": _alias,
    "f_compare": _compare,
    "f_compare_list": _compare,
    "f_word_compare": _word_compare,
    "f_service": lambda parts: service_is(_last_values(parts)) if _sign(parts) == "==" else None,
    "f_equals": _equals,
    "f_plain": _equals,
    "f_differs": _differs,
    "f_differs1": _differs,
    "f_begins": lambda parts: _text_test(parts, "starts_with"),
    "f_ends": lambda parts: _text_test(parts, "ends_with"),
    "f_contains": lambda parts: _text_test(parts, "contains"),
    "f_exists": _exists,
    "f_missing": _missing,
    "f_over": lambda parts: _number_test(parts, ">"),
    "f_least": lambda parts: _number_test(parts, ">="),
    "f_least1": lambda parts: _number_test(parts, ">="),
    "f_under": lambda parts: _number_test(parts, "<"),
    "f_measure": _measure_of,
    "exists_": _exists,
    "exists2_": _exists,
    "missing_": _missing,
    "missing_last": _missing,
    "flag_": lambda parts: Test(f"{field_text(_last_values(parts).texts[0])} == true"),
    "class_": _class,
    "code_": lambda parts: _code("==", parts[0]),
    "code_more": _code_more,
    "code_compare": lambda parts: _code(_sign(parts), _first_number(parts)),
    "code_least": lambda parts: _code(">=", _first_number(parts)),
    "code_least2": lambda parts: _code(">=", _first_number(parts)),
    "code_over": lambda parts: _code(">", _first_number(parts)),
    "code_between": _code_between,
    "code_between3": _code_between,
    "code_class_more": lambda parts: Test(
        f"http.status >= {leaf(parts, 0).text[0]}00", "http.status"
    ),
    "over_": lambda parts: _duration(">", _length_of(parts)),
    "under_": lambda parts: _duration("<", _length_of(parts)),
    "at_least_": lambda parts: _duration(">=", _length_of(parts)),
    "at_least_first": lambda parts: _duration(">=", _length_of(parts)),
    "at_least_first1": lambda parts: _duration(">=", _length_of(parts)),
    "at_most_": lambda parts: _duration("<=", _length_of(parts)),
    "at_most_first": lambda parts: _duration("<=", _length_of(parts)),
    "length_cmp": _length_cmp,
    "range_": _range,
    "range_number": _range_number,
    "over_number": lambda parts: Open(
        "number", f"{leaf(parts, 0).text} {leaf(parts, 1).text}", leaf(parts, 0).start,
        leaf(parts, 1).end,
    ),
    "over_open": lambda parts: Open(
        "threshold", f"{leaf(parts, 0).text} {leaf(parts, 1).text}", leaf(parts, 0).start,
        leaf(parts, 1).end,
    ),
    "spans_over": lambda parts: _spans(">", parts),
    "spans_least": lambda parts: _spans(">=", parts),
    "spans_least1": lambda parts: _spans(">=", parts),
    "spans_under": lambda parts: _spans("<", parts),
    "spans_most": lambda parts: _spans("<=", parts),
    "spans_exact": lambda parts: _spans("==", parts),
    "spans_cmp": lambda parts: _spans(_sign(parts), parts),
    "spans_single": lambda _parts: Whole("span_count == 1"),
    "path_": lambda parts: path_test(_path(leaf(parts, 0))),
    "prefix_": lambda parts: prefix(cond(parts[-1])),
    "cond_and": _each,
    "cond_and3": _each,
    "cond_or": _some,
    "both_each": _each,
    "both_each3": _each,
    "some3": _some,
    "some": _some,
    "neither_": lambda parts: each(
        non(cond(one)) for one in parts if not isinstance(one, Leaf)
    ),
    "root_vp": _root_vp,
    "root_only": lambda parts: Open("root", leaf(parts, 0).text),
    "rootless_": lambda _parts: non(Whole("has_root")),
    "span_of": _span_of,
    "span_of_name": _span_of,
    "no_error": lambda parts: non(open_of("error", leaf(parts, 1))),
    "none_": lambda parts: non(cond(parts[-1])),
    "none_last": lambda parts: non(cond(parts[-1])),
    "not_last": lambda parts: non(cond(parts[-1])),
    "agent_prefix": _agent,
    "both_first": lambda parts: same([cond(parts[0]), open_of("error", leaf(parts, 1))]),
    "cond_failed": lambda parts: same([cond(parts[0]), open_of("error", leaf(parts, 1))]),
    "grpc_not_ok": lambda _parts: Test("rpc.grpc.status_code != 0", "rpc.grpc.status_code"),
    "starts_": _starts,
    "starts_name": _starts,
    "exception_any": _exception_any,
    "exception_": lambda parts: equals("exception.type", next(
        one for one in parts if isinstance(one, Values)
    )),
    "class_field": lambda parts: equals(
        field_name(leaf(parts, -1).text), next(one for one in parts if isinstance(one, Values))
    ),
    "never_": lambda _parts: None,
    "never2_": lambda _parts: None,
    "value_class": lambda _parts: None,
}  # fmt: skip


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


def _last_values(parts: tuple[Meaning, ...]) -> Values:
    return [one for one in parts if isinstance(one, Values)][-1]


assert EVERY == Every()

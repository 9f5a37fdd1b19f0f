"""What the grammar's conditions mean: tests on fields, lengths of time, spans.

Owns: the functions of the aliases about conditions. Must not know: clauses, the text.
Truth: grammar/intent.lark; docs/intent.md, "What words mean"; docs/language.md, 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from nectarc.intent.matches import string_literal
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.literals import length_text
from nectarc.offline.meanings_tests import (
    TESTS,
    cond,
    equals,
    field_name,
    leaf,
    number,
    number_text,
    service_is,
    sign_of,
)
from nectarc.offline.numbers import number_at
from nectarc.offline.phrases import Part, Values
from nectarc.offline.selectors import (
    Cond,
    Each,
    Non,
    Open,
    Same,
    Some,
    Test,
    Whole,
    each,
    is_on_span,
    non,
    same,
    some,
)
from nectarc.offline.tokens import Length, Number, StatusClass

_UNIT_ALONE: Final = re.compile(r"[ \t]*-?[ \t]*[A-Za-z\u00b5]+")


def _length(one: Meaning) -> Length:
    assert isinstance(one, Leaf)
    assert isinstance(one.value, Length)
    return one.value


def _duration(sign: str, one: Meaning) -> Cond:
    return Test(f"duration {sign} {_length(one).text}", "duration")


def _code(sign: str, one: Meaning) -> Cond | None:
    value = number(one)
    if value.denominator != 1 or not 100 <= value < 600:
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
    if hundred == 5:
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


def _spans(sign: str, parts: tuple[Meaning, ...]) -> Meaning | None:
    if sign == ">=" and number(_numbers(parts)[0]) == 1:
        return None  # "at least one span with ...": of every trace so, it counts nothing
    return Whole(f"span_count {sign} {number_text(_numbers(parts)[0])}")


def _range(parts: tuple[Meaning, ...]) -> Meaning:
    low, high = [one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Length)]
    return each([_duration(">=", low), non(_duration(">", high))])


def _range_number(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "500 to 1000 ms": the unit is that of the words; 1000 ms are 1s in our own."""
    high = _length_of(parts)
    said = number_at(high.text, 0)
    if said is None or _UNIT_ALONE.fullmatch(high.text, said.end) is None:
        return None
    low = length_text(number(_numbers(parts)[0]) * _length(high).nanoseconds / said.value)
    return each([Test(f"duration >= {low}", "duration"), non(_duration(">", high))])


def _length_of(parts: tuple[Meaning, ...]) -> Leaf:
    return next(one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Length))


def _length_cmp(parts: tuple[Meaning, ...]) -> Meaning | None:
    sign = sign_of(parts)
    return None if sign in ("==", "!=") else _duration(sign, _length_of(parts))


def _each(parts: tuple[Meaning, ...]) -> Meaning:
    found = [cond(one) for one in parts if not isinstance(one, Leaf) and one != ""]
    bounds = [one for one in found if isinstance(one, Test) and not one.values]
    if len(bounds) == len(found) > 1 and len({one.field for one in bounds}) == 1:
        # "status >= 400 and status < 500": one value is between; of times no span is too long.
        return each(found) if bounds[0].field == "duration" else same(found)
    if any(isinstance(one, Part) and one.is_place for one in parts) and all(map(is_on_span, found)):
        return same(found)  # "that come from billing and fail": of one service, the failed calls
    return each(found)


def _some(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = [cond(one) for one in parts if not isinstance(one, Leaf) and one != ""]
    tests = [one for one in found if isinstance(one, Test)]
    unlike = {one.field for one in tests if " != " in one.text or " not in " in one.text}
    if any(one.values and one.field in unlike for one in tests):
        return None  # "is not 200 or 201": nobody means "not 200, or 201"
    return some(found)


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


def exception_any(_parts: tuple[Meaning, ...]) -> Meaning:
    """Return that some span has an exception."""
    return some([Test("exists(exception.type)"), Test("exists(exception.message)")])


def _code_least(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "500+", "500 or above"; in "301 + 302" the sign is an "and"."""
    is_apart = any(
        isinstance(one, Leaf) and one.name == "PLUS" and one.start > _first_number(parts).end
        for one in parts
    )
    return None if is_apart else _code(">=", _first_number(parts))


def _first_number(parts: tuple[Meaning, ...]) -> Leaf:
    return _numbers(parts)[0]


CONDITIONS: Final[Mapping[str, Build]] = {
    **TESTS,
    "class_": _class,
    "code_": lambda parts: _code("==", parts[0]),
    "code_more": _code_more,
    "code_compare": lambda parts: _code(sign_of(parts), _first_number(parts)),
    "code_least": _code_least,
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
    "at_least_mid": lambda parts: _duration(">=", _length_of(parts)),
    "at_least_first1": lambda parts: _duration(">=", _length_of(parts)),
    "at_most_": lambda parts: _duration("<=", _length_of(parts)),
    "at_most_first": lambda parts: _duration("<=", _length_of(parts)),
    "length_cmp": _length_cmp,
    "range_": _range,
    "range_number": _range_number,
    "over_number": lambda parts: Open(
        "number",
        f"{leaf(parts, 0).text} {leaf(parts, 1).text}",
        leaf(parts, 0).start,
        leaf(parts, 1).end,
    ),
    "over_open": lambda parts: Open(
        "threshold",
        f"{leaf(parts, 0).text} {leaf(parts, 1).text}",
        leaf(parts, 0).start,
        leaf(parts, 1).end,
    ),
    "spans_over": lambda parts: _spans(">", parts),
    "spans_least": lambda parts: _spans(">=", parts),
    "spans_least1": lambda parts: _spans(">=", parts),
    "spans_under": lambda parts: _spans("<", parts),
    "spans_most": lambda parts: _spans("<=", parts),
    "spans_exact": lambda parts: _spans("==", parts),
    "spans_cmp": lambda parts: _spans(sign_of(parts), parts),
    "spans_single": lambda _parts: Whole("span_count == 1"),
    "cond_and": _each,
    "cond_and3": _each,
    "cond_or": _some,
    "both_each": _each,
    "both_each3": _each,
    "some3": _some,
    "some": _some,
    "neither_": lambda parts: each(non(cond(one)) for one in parts if not isinstance(one, Leaf)),
    "root_vp": _root_vp,
    "root_only": lambda parts: Open("root", leaf(parts, 0).text),
    "has_root_": lambda _parts: Whole("has_root"),
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
    "exception_any": exception_any,
    "exception_": lambda parts: equals(
        "exception.type", next(one for one in parts if isinstance(one, Values))
    ),
    "class_field": lambda parts: equals(
        field_name(leaf(parts, -1).text), next(one for one in parts if isinstance(one, Values))
    ),
    "never_": lambda _parts: None,
    "never2_": lambda _parts: None,
}

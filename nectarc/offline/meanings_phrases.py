"""What the composable phrases mean: verbs with their objects, negation, explained names.

Owns: the functions of these aliases. Must not know: clauses, the text.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from nectarc.intent.matches import field_text, string_literal
from nectarc.offline.forms import METHODS
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.meanings_conditions import exception_any, open_of, status_class
from nectarc.offline.meanings_spans import span_body
from nectarc.offline.meanings_tests import (
    cond,
    equals,
    leaf,
    name_of,
    number,
    number_text,
    path_test,
    service_is,
)
from nectarc.offline.phrases import NARROWING, Definition, Part, Phrase, Values
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Test,
    Whole,
    each,
    is_on_span,
    match_text,
    non,
    opens_of,
    same,
    some,
)
from nectarc.offline.tokens import Number, StatusClass

# Of these kinds a name must say what its explanation says: "tenant 42 (tenant_id = 42)".
_SAID_TWICE: Final = frozenset({"NUMBER", "CODE", "QUOTED", "KNOWN"})
_CODE_MIN, _CODE_END, _HUNDRED = 100, 600, 100


def _conds(parts: tuple[Meaning, ...]) -> list[Cond]:
    return [cond(one) for one in parts if not isinstance(one, Leaf | Values) and one != ""]


def _not_own(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "not from billing": of no span of the trace."""
    found = _conds(parts)
    return Part(non(found[-1]), is_own=True) if found else None


def _leaves(one: Meaning) -> Iterator[Leaf]:
    if isinstance(one, Leaf):
        yield one
    elif isinstance(one, tuple):
        for inner in one:
            yield from _leaves(inner)


def _glossed(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read a name with what it means, "gold customers (tier = gold)": it means just that."""
    meant = cond(parts[-1])
    if opens_of(meant) or meant == EVERY:
        return None
    said = match_text(meant).lower()
    words = list(_leaves(parts[:-1]))
    if any(one.text.isupper() and one.text in METHODS for one in words):
        return None
    if not NARROWING.isdisjoint(word for one in words for word in one.text.lower().split()):
        return None
    twice = [one for one in words if one.name in _SAID_TWICE]
    return meant if all(_text(one).lower() in said for one in twice) else None


def _glossed_over(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "bigger than a megabyte (body.size > 1048576)"."""
    meant = _glossed(parts)
    is_over = isinstance(meant, Test) and " > " in meant.text
    return meant if is_over else None


def _glossed_np(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "operations named sync (span name sync)": one thing said twice."""
    first, second = [one for one in parts if not isinstance(one, Leaf)]
    named = equals("name", first) if isinstance(first, Values) else None
    return Phrase(named) if named is not None and named == cond(second) else None


def _text(one: Leaf) -> str:
    return one.value if one.name == "QUOTED" and isinstance(one.value, str) else one.text


def _none_body(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "no span over 20ms"."""
    found = span_body(parts)
    return None if found is None else non(cond(found))


def _as_phrase(one: Meaning | None) -> Meaning | None:
    return None if one is None else Phrase(cond(one))


def _code_field(parts: tuple[Meaning, ...]) -> Meaning:
    """Read "status code 14 (rpc.grpc.status_code)"."""
    field = next(name_of(one) for one in parts if isinstance(one, Values))
    value = next(one for one in parts if isinstance(one, Leaf) and _is_number(one))
    text = number_text(value)
    return equals(field, Values((text,), (text,)))


def _ie_np(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "purchases, i.e. POST requests to /buy": what the name leaves open is said behind it."""
    first, second = [one for one in parts if isinstance(one, Phrase)]
    left = {one.about for one in opens_of(first.cond)}
    right = opens_of(second.cond)
    if not left & {"group", "health", "static", "system", "slow"} or second.cond == EVERY:
        return None
    if any(one.about != "error" for one in right):
        return None
    is_error = "error" in left
    return None if is_error and not right else second


_SUBJECTS: Final = {"HEALTH": "health", "SLOW": "slow", "SYSTEM": "system", "STATIC": "static"}


def _explains(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "gold customers (tier = gold)" as a definition of its name."""
    words = list(_leaves(parts[:-1]))
    meant = cond(parts[-1])
    if not words or opens_of(meant) or meant == EVERY:
        return None
    subject = _SUBJECTS.get(words[0].name)
    if subject is not None:
        is_its = subject == "system"
        name = f"{subject}:{words[0].text.lower()}" if is_its else subject
        return Definition("known", name, meant)
    if _glossed(parts) is None:
        return None
    return Definition("label", " ".join(one.text.lower() for one in words), meant)


def _not_method(parts: tuple[Meaning, ...]) -> Meaning | None:
    names = [str(one.value) for one in parts if isinstance(one, Leaf) and one.name == "METHOD"]
    literals = ", ".join(map(string_literal, names))
    if len(names) > 1:
        return Test(f"method not in [{literals}]", "method")
    return Test(f"method != {literals}", "method")


def _not_class(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "non-2xx": a status of another class."""
    one = next(one for one in parts if isinstance(one, Leaf) and one.name == "STATUS_CLASS")
    assert isinstance(one.value, StatusClass)
    hundred = one.value.hundred
    low = Test(f"http.status < {hundred}00", "http.status")
    high = Test(f"http.status >= {hundred + 1}00", "http.status")
    return low if hundred == 5 else high if hundred == 1 else some([low, high])


def _codes(parts: tuple[Meaning, ...]) -> list[str]:
    found: list[str] = []
    for one in parts:
        if isinstance(one, Leaf) and isinstance(one.value, Number):
            found.append(number_text(one))
        elif not isinstance(one, Leaf | Values) and one != "":
            tests = getattr(cond(one), "parts", (cond(one),))
            found += [value for test in tests if isinstance(test, Test) for value in test.values]
    return found


def _not_code(parts: tuple[Meaning, ...]) -> Meaning | None:
    codes = _codes(parts)
    if not codes or not all(_CODE_MIN <= int(one) < _CODE_END for one in codes):
        return None
    if len(codes) > 1:
        return Test(f"http.status not in [{', '.join(codes)}]", "http.status")
    return Test(f"http.status != {codes[0]}", "http.status")


def _client_but(parts: tuple[Meaning, ...]) -> Meaning | None:
    other = _not_code(parts)
    return None if other is None else same([status_class(4), cond(other)])


def _class_of_number(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "the 500 range": a class of statuses."""
    one = next(one for one in parts if isinstance(one, Leaf) and isinstance(one.value, Number))
    value = number(one)
    if value.denominator != 1 or value % _HUNDRED or not _CODE_MIN <= value < _CODE_END:
        return None
    return status_class(int(value) // _HUNDRED)


def _is_np(parts: tuple[Meaning, ...]) -> Meaning | None:
    one = parts[-1]
    assert isinstance(one, Phrase)
    return None if one.is_rest or one.is_other or one.cond == EVERY else one.cond


def _np_vp(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "a call to /pay takes over 2s": one span is both."""
    about = next(one for one in parts if isinstance(one, Phrase))
    does = cond(parts[-1])
    if about.is_rest or about.is_other:
        return None
    if about.cond == EVERY:
        return does
    if not (is_on_span(about.cond) and is_on_span(does)):
        return None
    return same([about.cond, does])


def _no_np_vp(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = _np_vp(parts)
    return None if found is None else non(cond(found))


def _none_of(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = _conds(parts)
    return non(same(found)) if all(map(is_on_span, found)) else None


def _between(parts: tuple[Meaning, ...]) -> Meaning | None:
    field = field_text(next(name_of(one) for one in parts if isinstance(one, Values)))
    if field == "duration":
        return None
    low, high = [number_text(one) for one in parts if isinstance(one, Leaf) and _is_number(one)]
    return same([Test(f"{field} >= {low}", field), Test(f"{field} <= {high}", field)])


def _is_number(one: Leaf) -> bool:
    return isinstance(one.value, Number)


def _at_most(parts: tuple[Meaning, ...]) -> Meaning | None:
    field = field_text(next(name_of(one) for one in parts if isinstance(one, Values)))
    if field == "duration":
        return None
    value = next(one for one in parts if isinstance(one, Leaf) and _is_number(one))
    return Test(f"{field} <= {number_text(value)}", field)


def _matches(parts: tuple[Meaning, ...]) -> Meaning | None:
    values = [one for one in parts if isinstance(one, Values)]
    if name_of(values[0]) != "http.route" or not values[1].texts:
        return None
    return some(path_test(one) for one in values[1].texts)


def _spans_between(parts: tuple[Meaning, ...]) -> Meaning | None:
    low, high = [number_text(one) for one in parts if isinstance(one, Leaf) and _is_number(one)]
    return each([Whole(f"span_count >= {low}"), Whole(f"span_count <= {high}")])


def _span_name(parts: tuple[Meaning, ...]) -> Meaning | None:
    one = parts[-1]
    return equals("name", one) if isinstance(one, Values) else None


def _thrown(parts: tuple[Meaning, ...]) -> Meaning | None:
    one = parts[-1]
    return equals("exception.type", one) if isinstance(one, Values) else None


def _error(parts: tuple[Meaning, ...]) -> Meaning:
    words = next(one for one in parts if isinstance(one, Leaf) and one.name in _FAILURES)
    return open_of("error", words)


_FAILURES: Final = frozenset({"FAIL_V", "FAIL_ING", "FAILED", "ERROR", "ERROR_RESULT"})


PHRASES: Final[Mapping[str, Build]] = {
    "not_own": _not_own,
    "glossed_over": _glossed_over,
    "glossed_np": _glossed_np,
    "some_posts": lambda parts: some(_conds(parts)),
    "none_body": _none_body,
    "none_exception": lambda parts: non(cond(exception_any(parts))),
    "each_services": lambda parts: each(
        service_is(one) for one in parts if isinstance(one, Values)
    ),
    "span_named": lambda parts: _as_phrase(_span_name(parts)),
    "unsuccessful_": lambda parts: open_of("error", leaf(parts, 0)),
    "code_field": _code_field,
    "ie_np_": _ie_np,
    "explains": _explains,
    "failed_": _error,
    "error_mid": _error,
    "error_last": _error,
    "none_failed": lambda parts: non(cond(_error(parts))),
    "succeeded_": lambda parts: non(open_of("error", leaf(parts, 0))),
    "each_": lambda parts: each(_conds(parts)),
    "neither_each": lambda parts: each(non(one) for one in _conds(parts)),
    "thrown_": _thrown,
    "gloss_": lambda parts: tuple(_leaves(parts)),
    "gword": lambda parts: parts[0],
    "glossed_": _glossed,
    "not_unit": lambda parts: parts[-1],
    "not_method": _not_method,
    "not_class": _not_class,
    "class_not": _not_class,
    "not_code": _not_code,
    "code_not": _not_code,
    "client_errors": lambda _parts: status_class(4),
    "client_but": _client_but,
    "class_of_number": _class_of_number,
    "is_np": _is_np,
    "np_vp": _np_vp,
    "no_np_vp": _no_np_vp,
    "none_of": _none_of,
    "f_between": _between,
    "f_most": _at_most,
    "f_most1": _at_most,
    "f_matches": _matches,
    "spans_between": _spans_between,
    "span_name_": _span_name,
    "mid_": lambda parts: next(one for one in parts if isinstance(one, Values)),
}

"""What the composable phrases mean: verbs with their objects, negation, explained names.

Owns: the functions of these aliases. Must not know: clauses, the text.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nectarc.intent.matches import field_text
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.literals import literal_at
from nectarc.offline.meanings_conditions import exception_any, open_of, rooted
from nectarc.offline.meanings_spans import span_body
from nectarc.offline.meanings_tests import (
    cond,
    equals,
    leaf,
    name_of,
    number_text,
    path_test,
    service_is,
)
from nectarc.offline.phrases import Part, Phrase, Values
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Test,
    Whole,
    each,
    is_on_span,
    non,
    same,
    some,
)
from nectarc.offline.tokens import Length, Number


def _conds(parts: tuple[Meaning, ...]) -> list[Cond]:
    return [cond(one) for one in parts if not isinstance(one, Leaf | Values) and one != ""]


def _not_own(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "not from billing": of no span of the trace."""
    found = _conds(parts)
    return Part(non(found[-1]), is_own=True) if found else None


def _none_body(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "no span over 20ms"."""
    found = span_body(parts)
    return None if found is None else non(cond(found))


def _as_phrase(one: Meaning | None) -> Meaning | None:
    return None if one is None else Phrase(cond(one))


def _both_open(parts: tuple[Meaning, ...]) -> Meaning:
    return Part(each(_conds(parts)), is_clause=True)


def _both_not(parts: tuple[Meaning, ...]) -> Meaning:
    found = _conds(parts)
    return Part(each([*found[:-1], found[-1]]), is_clause=True)


def _has_np(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "with a call to /pay over 2s": some span is all of that."""
    one = next(one for one in parts if isinstance(one, Phrase))
    is_plain = not (one.is_rest or one.is_other or one.cond == EVERY)
    return Part(one.cond, is_noun=True) if is_plain and is_on_span(one.cond) else None


def _f_root(parts: tuple[Meaning, ...]) -> Meaning | None:
    field, values = [one for one in parts if isinstance(one, Values)]
    return rooted(equals(name_of(field), values))


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


def _range(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "status >= 400 and < 500", "retries over 3 but under 9": one value between both."""
    field = field_text(next(name_of(one) for one in parts if isinstance(one, Values)))
    leaves = [one for one in parts if isinstance(one, Leaf)]
    signs = [_sign(one) for one in leaves if _sign(one)]
    numbers = [number_text(one) for one in leaves if _is_number(one)]
    if field == "duration" or signs[0][0] == signs[1][0] or "=" in (signs[0][0], signs[1][0]):
        return None
    return same(
        Test(f"{field} {sign} {text}", field) for sign, text in zip(signs, numbers, strict=True)
    )


_SIGNS: Final = {"OVER": ">", "UNDER": "<", "AT_LEAST": ">=", "AT_MOST": "<="}
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _sign(one: Leaf) -> str:
    return str(one.value) if one.name == "COMPARE" else _SIGNS.get(one.name, "")


def _chain(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "3 <= retries <= 9"."""
    field = field_text(next(name_of(one) for one in parts if isinstance(one, Values)))
    leaves = [one for one in parts if isinstance(one, Leaf)]
    first, second = [str(one.value) for one in leaves if one.name == "COMPARE"]
    low, high = [number_text(one) for one in leaves if _is_number(one)]
    if field == "duration" or first not in _TURNED or first[0] != second[0]:
        return None
    return same(
        [Test(f"{field} {_TURNED[first]} {low}", field), Test(f"{field} {second} {high}", field)]
    )


def _ends_in(parts: tuple[Meaning, ...]) -> Meaning | None:
    field = next(name_of(one) for one in parts if isinstance(one, Values))
    return cond(parts[-1]) if field == "http.route" else None


def _both_same(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "that service api answered with a 500"."""
    found = _conds(parts)
    return same(found) if all(map(is_on_span, found)) else None


def _root_body(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "root spans over 3s"."""
    found = span_body(parts)
    inner = None if found is None else rooted(cond(found))
    return None if inner is None else Phrase(inner)


def _root_named(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = _span_name(parts)
    return None if found is None else rooted(cond(found))


def _at_least_unit(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "2+ seconds"."""
    said = f"{leaf(parts, 0).text} {leaf(parts, -1).text}"
    literal = literal_at(said, 0)
    if literal is None or not isinstance(literal.value, Length):
        return None
    return Test(f"duration >= {literal.value.text}", "duration")


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


_FAILURES: Final = frozenset(
    {"FAIL_V", "FAIL_ING", "FAILED", "ERROR", "ERROR_RESULT", "ERRS", "WENT_WRONG"}
)


PHRASES: Final[Mapping[str, Build]] = {
    "not_own": _not_own,
    "some_posts": lambda parts: some(_conds(parts)),
    "none_body": _none_body,
    "none_exception": lambda parts: non(cond(exception_any(parts))),
    "each_services": lambda parts: each(
        service_is(one) for one in parts if isinstance(one, Values)
    ),
    "span_named": lambda parts: _as_phrase(_span_name(parts)),
    "unsuccessful_": lambda parts: open_of("error", leaf(parts, 0)),
    "both_open": _both_open,
    "both_not": _both_not,
    "has_np": _has_np,
    "has_np1": span_body,
    "f_root": _f_root,
    "failed_": _error,
    "error_mid": _error,
    "error_last": _error,
    "none_failed": lambda parts: non(cond(_error(parts))),
    "succeeded_": lambda parts: non(open_of("error", leaf(parts, 0))),
    "each_": lambda parts: each(_conds(parts)),
    "neither_each": lambda parts: each(non(one) for one in _conds(parts)),
    "thrown_": _thrown,
    "not_unit": lambda parts: parts[-1],
    "is_np": _is_np,
    "np_vp": _np_vp,
    "no_np_vp": _no_np_vp,
    "none_of": lambda parts: non(some(_conds(parts))),
    "none_of_place": _none_of,
    "no_span_both": _none_of,
    "f_between": _between,
    "f_most": _at_most,
    "f_range": _range,
    "f_chain": _chain,
    "f_ends_in": _ends_in,
    "both_same": _both_same,
    "root_body": _root_body,
    "root_named": _root_named,
    "at_least_unit": _at_least_unit,
    "route_mid": lambda parts: _conds(parts)[0],
    "place_first": lambda parts: Part(_conds(parts)[0], is_place=True),
    "vp_place": lambda parts: Part(_conds(parts)[-1], is_place=True),
    "post_first": lambda parts: Part(_conds(parts)[0], is_test=True),
    "mid_cond": lambda parts: _conds(parts)[0],
    "f_most1": _at_most,
    "f_matches": _matches,
    "spans_between": _spans_between,
    "span_name_": _span_name,
    "mid_": lambda parts: next(one for one in parts if isinstance(one, Values)),
}

"""What noun phrases, rates, slots and definitions of the grammar mean.

Owns: the functions of these aliases. Must not know: how clauses are put together.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from nectarc.intent.matches import string_literal
from nectarc.offline.bodies import is_amiss, settled
from nectarc.offline.forms import METHODS
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.meanings_clauses import CLAUSE_PARTS
from nectarc.offline.meanings_conditions import CONDITIONS, open_of, rooted
from nectarc.offline.meanings_coordination import COORDINATED, marked_all
from nectarc.offline.meanings_formal import FORMAL
from nectarc.offline.meanings_glosses import GLOSSES, on_one_span
from nectarc.offline.meanings_phrases import PHRASES
from nectarc.offline.meanings_references import REFERENCES
from nectarc.offline.meanings_spans import SPAN_PARTS
from nectarc.offline.meanings_statuses import STATUSES
from nectarc.offline.meanings_tests import cond, equals, field_name, leaf, prefix, service_is
from nectarc.offline.phrases import (
    NARROWING,
    Act,
    Definition,
    Label,
    LeftOut,
    Part,
    Phrase,
    Rate,
    Slot,
    Values,
)
from nectarc.offline.selectors import (
    EVERY,
    Open,
    Same,
    Test,
    each,
    fields_of,
    non,
    same,
    some,
)
from nectarc.offline.tokens import Name
from nectarc.records import replace

_SERVICE_FIELDS: Final = frozenset({"service.name", "service"})
# Their values are English words, "client", "get": without quotes nobody means the value.
_UNSAID: Final = ("span.", "name", "type", "kind", "host", "parent", "library", "meta", "telemetry")
_ON_TRACE: Final = frozenset({"trace", "traces"})


METHODS_SET: Final = frozenset(METHODS)


def _part(one: Meaning) -> Part:
    return one if isinstance(one, Part) else Part(cond(one))


def _conds(parts: tuple[Meaning, ...]) -> list[Part]:
    found: list[Part] = []
    for one in parts:
        if isinstance(one, tuple):
            found += _conds(one)
        elif not isinstance(one, Leaf) and one != "":
            found.append(_part(one))
    return found


def _both(parts: tuple[Meaning, ...]) -> Meaning:
    return tuple(_conds(parts))


def _head(parts: tuple[Meaning, ...]) -> str:
    return next((one.text for one in parts if isinstance(one, Leaf) and one.name == "HEAD"), "")


def _body(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Put a noun phrase together: about one span, but where it is said of traces."""
    said = _conds(parts)
    found = settled(said)
    if any(isinstance(one.cond, Open) and one.cond.about == "root" for one in found):
        inner = rooted(
            same(one.cond for one in found
                 if not (isinstance(one.cond, Open) and one.cond.about == "root"))
        )  # fmt: skip
        if inner is not None:
            return Phrase(inner)
        whole = [one for one in found if not isinstance(one.cond, Open)]
        return Phrase(whole[0].cond) if len(whole) == 1 and len(found) == 2 else None
    if is_amiss(said, found):
        return None
    on_trace = _head(parts) in _ON_TRACE
    own = [one.cond for one in found if one.is_own]
    shared = [one.cond for one in found if not one.is_own]
    if not found:
        return None
    # Of a trace the length is asked by itself; where and what failed is one span's, even so.
    lengths = [one for one in shared if on_trace and fields_of(one) == {"duration"}]
    joined = [same(one for one in shared if one not in lengths), *lengths]
    places = [one.cond for one in found if one.is_place and "service" in fields_of(one.cond)]
    has_place = any(one.is_place for one in found)
    place = places[0] if len(places) == 1 and len(found) > 1 else None
    return Phrase(
        each([*joined, *own]), has_place=has_place, place=place, ends_open=found[-1].is_clause,
        is_headless=all(one.is_test for one in found)
        and not any(isinstance(one, Leaf) for one in parts),
    )  # fmt: skip


def _headed(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read a noun with what stands before it; "over 50 spans" counts spans, and is no length."""
    is_count = _head(parts) in ("span", "spans", "events") and any(
        isinstance(one.cond, Open) and one.cond.about == "number" for one in _conds(parts)
    )
    return None if is_count else _body(parts)


def _noted_same(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "/a, status 500" of one span; of a list, "2xx, 3xx", no span can be all."""
    found = [one.cond for one in _conds(parts)]
    fields = [fields_of(one) for one in found]
    is_list = any(one & other for one, other in pairwise(fields))
    return None if is_list else same(found)


# What is left of everything, and not only of what was spoken of last.
_OF_ALL: Final = re.compile(
    r"\b(?:else|elsewhere|not|never|neither|none|mention\w*|all|every|any|everyone)\b|n't\b|"
    r"other (?:services?|routes?|endpoints?|paths?|tenants?|customers?|apps?)\b"
)


def _rest(parts: tuple[Meaning, ...]) -> Meaning:
    said = " ".join(one.text.lower() for one in parts if isinstance(one, Leaf))
    return Phrase(EVERY, is_rest=True, is_bare=_OF_ALL.search(said) is None)


def _rest_posts(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "everything else on /cart": of those, what nothing else is about."""
    found = _body(tuple(one for one in parts if not isinstance(one, Leaf)))
    if not isinstance(found, Phrase) or found.cond == EVERY:
        return None
    return Phrase(found.cond, is_other=True, has_place=found.has_place)


def _kind(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "jobs from the sync service": a noun that says no more than what stands beside it."""
    found = _body(parts)
    return None if not isinstance(found, Phrase) or found.cond == EVERY else found


def _or_place(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "errors from service a or from service b"; None where only the last is a place."""
    *front, left, right = [one for one in parts if not isinstance(one, Leaf)]
    if not (isinstance(left, Part) and left.is_place):
        return None
    return _body((*front, Part(some([left.cond, cond(right)]), is_place=True)))


def _either(parts: tuple[Meaning, ...]) -> Meaning | None:
    found = [one.cond for one in _conds(parts)]
    # "non-GET and non-POST requests" are neither: any of the two would be everything.
    is_not = any(isinstance(one, Test) and " != " in one.text for one in found)
    return None if is_not else Phrase(some(found))


def _phrase(one: Meaning) -> Phrase:
    assert isinstance(one, Phrase)
    return one


def _slot(kind: str) -> Build:
    def build(parts: tuple[Meaning, ...]) -> Meaning | None:
        for one in reversed(parts):
            if isinstance(one, Act | Rate | Phrase | LeftOut | Values | Definition):
                value = one.texts if isinstance(one, Values) else one
                return Slot(kind, value)
            if not isinstance(one, Leaf) and one != "":
                is_np = kind in ("all_np", "none_np", "lost_np")
                return Slot(kind, Phrase(cond(one)) if is_np else cond(one))
        return Slot(kind)

    return build


def _label(parts: tuple[Meaning, ...]) -> Meaning:
    first = leaf(parts, 0)
    rest = [one for one in parts[1:] if isinstance(one, Label)]
    words = " ".join([first.text, *(one.words for one in rest)])
    return Label(words, first.start, rest[-1].end if rest else first.end)


def _labelled(parts: tuple[Meaning, ...]) -> Meaning:
    words = {one.text.lower() for one in parts if isinstance(one, Leaf)}
    words |= {word for one in parts if isinstance(one, Label) for word in one.words.lower().split()}
    has_method = any(isinstance(one, Leaf) and one.text.isupper() for one in parts) or any(
        isinstance(one, Label) and not METHODS_SET.isdisjoint(one.words.split()) for one in parts
    )
    return None if has_method or words & NARROWING else on_one_span(cond(parts[-1]))


def _known(parts: tuple[Meaning, ...]) -> Meaning:
    """Return a test for a name of the corpus: a service, else a value of the one field it has."""
    one = next(one for one in parts if isinstance(one, Leaf) and one.name == "KNOWN")
    value = one.value
    if not isinstance(value, Name) or not _SERVICE_FIELDS.isdisjoint(value.fields):
        return service_is(Values((), (value.value if isinstance(value, Name) else one.text,)))
    if len(value.fields) == 1 and not value.fields[0].startswith(_UNSAID):
        literal = (string_literal(value.value),)
        return equals(field_name(value.fields[0]), Values(literal, (value.value,)))
    return Open("group", one.text, one.start, one.end)


def _health_paths(parts: tuple[Meaning, ...]) -> Meaning:
    return cond(parts[-1])


def _where(parts: tuple[Meaning, ...]) -> Meaning:
    return Part(cond(parts[-1]), is_own=True, is_clause=True)


def _whose(parts: tuple[Meaning, ...]) -> Meaning:
    """Read "whose status is 500": of the very span that the noun is about, where one is tested."""
    one = cond(parts[-1])
    return Part(one, is_own=not isinstance(one, Test | Same | Open), is_clause=True)


def _place(parts: tuple[Meaning, ...]) -> Meaning:
    return Part(cond(parts[-1]), is_place=True)


def _quoted(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, 0)
    return Open("group", one.text, one.start, one.end)


def _methods(parts: tuple[Meaning, ...]) -> Meaning:
    names = [str(one.value) for one in parts if isinstance(one, Leaf) and one.name == "METHOD"]
    literals = tuple(map(string_literal, names))
    return equals("method", Values(literals, tuple(names)))


def _values_field(parts: tuple[Meaning, ...]) -> Meaning:
    values = [one for one in parts if isinstance(one, Values)]
    if len(values) > 1:
        return equals(values[-1].texts[0], values[0])
    one = leaf(parts, 0)
    text = str(one.value) if one.name == "QUOTED" else one.text
    return equals(values[-1].texts[0], Values((string_literal(text),), (text,)))


def _group_tested(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "region eu-west-1 (cloud.region = eu-west-1)": one thing said twice."""
    named = next(one for one in parts if isinstance(one, Values))
    test = parts[-1]
    is_same = isinstance(test, Test) and all(
        f"'{one}'" in test.text or one in test.values for one in named.texts
    )
    return test if is_same else None


def _label_error(parts: tuple[Meaning, ...]) -> Meaning:
    label = next(one for one in parts if isinstance(one, Label))
    error = next(one for one in parts if isinstance(one, Open))
    return Phrase(same([error, Open("group", label.words, label.start, label.end)]))


def _not_label(parts: tuple[Meaning, ...]) -> Meaning:
    """Read "non-premium traffic": what is not what a name stands for that the words explain."""
    label = next(one for one in parts if isinstance(one, Label))
    return Phrase(non(Open("group", label.words, label.start, label.end)))


def _as_label(one: Meaning) -> Label:
    assert isinstance(one, Label)
    return one


_NAMED: Final[Mapping[str, Build]] = {
    "last": lambda parts: parts[-1],
    "first": lambda parts: parts[0],
    "glue": lambda _parts: "",
    "both": _both,
    "noted_same": _noted_same,
    "body_": _body,
    "body_head": _headed,
    "body_posts": _body,
    "body_every": lambda parts: marked_all(_body(parts), parts),
    "body_kind": _kind,
    "body_or": _or_place,
    "body_either": _either,
    "every_": lambda _parts: Phrase(EVERY),
    "every_heads": lambda parts: Phrase(EVERY) if _head(parts) not in ("one", "those") else None,
    "rest_": _rest,
    "rest_both": lambda _parts: Phrase(EVERY, is_rest=True),
    "np_other": lambda parts: Phrase(
        _phrase(parts[-1]).cond, is_other=True, has_place=_phrase(parts[-1]).has_place
    ),
    "error_": lambda parts: open_of("error", leaf(parts, 0)),
    "slow_": lambda parts: open_of("slow", leaf(parts, -1)),
    "slow1_": lambda parts: open_of("slow", leaf(parts, -1)),
    "successful_": lambda parts: Part(open_of("success", leaf(parts, 0)), is_own=True),
    "health_": lambda parts: open_of("health", leaf(parts, 0)),
    "health_paths": _health_paths,
    "static_": lambda parts: open_of("static", leaf(parts, 0)),
    "extension_": lambda parts: Test(
        f"http.route ends_with {string_literal(str(leaf(parts, 0).value))}", "http.route"
    ),
    "grpc_ok": lambda _parts: Test("rpc.grpc.status_code == 0", "rpc.grpc.status_code"),
    "grpc_": lambda _parts: Test("exists(rpc.grpc.status_code)", "rpc.grpc.status_code"),
    "method_": _methods,
    "methods_": _methods,
    "known_": _known,
    "known_service": _known,
    "some_service": lambda parts: some([cond(_known(parts)), cond(parts[-1])]),
    "service_": lambda parts: service_is(
        next((one for one in parts if isinstance(one, Values)), None)
        or Values((), (leaf(parts, 0).text,))
    ),
    "service1_": lambda parts: service_is(Values((), (str(leaf(parts, 0).value),))),
    "quoted_": _quoted,
    "system_": lambda parts: open_of("system", leaf(parts, 0)),
    "labelled_": _labelled,
    "labelled_from": _labelled,
    "values_field": _values_field,
    "values_field1": _values_field,
    "group_tested": _group_tested,
    "label_": _label,
    "label_more": _label,
    "label_open": lambda parts: Phrase(
        Open("group", _as_label(parts[0]).words, _as_label(parts[0]).start, _as_label(parts[0]).end)
    ),
    "label_open1": lambda parts: Phrase(
        Open("group", _as_label(parts[1]).words, _as_label(parts[1]).start, _as_label(parts[1]).end)
    ),
    "label_non": _not_label,
    "label_pre": _label_error,
    "label_post": _label_error,
    "post_measure": lambda parts: replace(_part(parts[-1]), is_test=True),
    "post_where": _where,
    "post_whose": _whose,
    "post_note": lambda parts: replace(_part(parts[-1]), is_note=True),
    "pre_test": lambda parts: replace(_part(parts[-1]), is_test=True),
    "nothing_more": lambda _parts: (),
    "rest_posts": _rest_posts,
    "post_open": lambda parts: replace(_part(parts[-1]), is_clause=True),
    "place_": _place,
    "place_prefix": lambda parts: Part(prefix(cond(parts[-1])), is_place=True),
    "if_": lambda parts: Phrase(
        cond([one for one in parts if not isinstance(one, Leaf) and one != ""][-1])
    ),
    "at": lambda _parts: "",
    "adapt": lambda _parts: "",
    "det": lambda _parts: "",
    "of_the": lambda _parts: "",
    "rest_mod": lambda _parts: "",
    "sep_equals": lambda parts: "" if leaf(parts, 0).value == "==" else None,
}
_SLOTS: Final = (
    "act", "trace", "passive", "verdict", "np", "of_np", "rate", "it", "enough", "lead",
    "exception", "if",
    "by", "manner", "note", "comma", "no_sampling", "then", "plus",
    "definition", "correction", "of_first", "all_np", "rate_again",
    "regardless", "only", "same", "same_rate", "same_bound",
    "both", "former", "latter", "too", "no_matter",
    "otherwise", "nothing_else",
    "none_np", "let", "which", "exc_first", "exc_but", "adapt",
    "alike", "full", "none_bare", "nothing_but",
    "lost_np", "make", "elliptic", "elliptic_not", "too_neither",
    "answer", "both_verdict", "reg_front", "exception_more", "rate_in",
    "verdict_in", "only_np", "only_these",
)  # fmt: skip


BUILDS: Final[Mapping[str, Build]] = {
    **CONDITIONS,
    **CLAUSE_PARTS,
    **SPAN_PARTS,
    **PHRASES,
    **GLOSSES,
    **STATUSES,
    **COORDINATED,
    **REFERENCES,
    **FORMAL,
    **_NAMED,
    **{f"slot_{kind}": _slot(kind) for kind in _SLOTS},
}

"""What noun phrases, rates, slots and definitions of the grammar mean.

Owns: the functions of these aliases. Must not know: how clauses are put together.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.meanings_conditions import (
    CONDITIONS,
    cond,
    equals,
    leaf,
    number_text,
    open_of,
    prefix,
    rooted,
    service_is,
)
from nectarc.intent.matches import field_text, string_literal
from nectarc.offline.phrases import (
    Act,
    Definition,
    Exception_,
    Label,
    Part,
    Phrase,
    Rate,
    Slot,
    Values,
)
from nectarc.offline.selectors import EVERY, Each, Open, Same, Some, Test, Whole, each, fields_of, non, same, some
from nectarc.offline.tokens import Number, PerSecond, Share

_HUNDRED: Final = 100
_ON_TRACE: Final = frozenset({"trace", "traces"})
_SAID_BY: Final = {
    "slow": "duration", "health": "http.route", "static": "http.route", "system": "db.system",
}  # fmt: skip
_SYSTEMS: Final = {
    "postgres": "postgresql", "postgresql": "postgresql", "mysql": "mysql", "redis": "redis",
    "mongodb": "mongodb", "mongo": "mongodb", "cassandra": "cassandra",
}  # fmt: skip


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
    found = _settled(_conds(parts))
    if any(isinstance(one.cond, Open) and one.cond.about == "root" for one in found):
        inner = rooted(
            same(one.cond for one in found
                 if not (isinstance(one.cond, Open) and one.cond.about == "root"))
        )  # fmt: skip
        if inner is not None:
            return Phrase(inner)
        whole = [one for one in found if not isinstance(one.cond, Open)]
        return Phrase(whole[0].cond) if len(whole) == 1 and len(found) == 2 else None  # noqa: PLR2004
    on_trace = _head(parts) in _ON_TRACE
    own = [one.cond for one in found if one.is_own]
    shared = [one.cond for one in found if not one.is_own]
    if not found:
        return None
    joined = [each(shared)] if on_trace else [same(shared)]
    has_place = any(one.is_place for one in found)
    return Phrase(each([*joined, *own]), has_place=has_place)


def _settled(found: list[Part]) -> list[Part]:
    """Leave out what another part says in figures: "slow requests over 2 s", "probes on /ping"."""
    fields = {name for one in found for name in fields_of(one.cond)}
    said = {name for name, field in _SAID_BY.items() if field in fields}
    return [
        one for one in found if not (isinstance(one.cond, Open) and one.cond.about in said)
    ] or found


def _either(parts: tuple[Meaning, ...]) -> Meaning:
    return Phrase(some(one.cond for one in _conds(parts)))


def _phrase(one: Meaning) -> Phrase:
    assert isinstance(one, Phrase)
    return one


def _np_or(parts: tuple[Meaning, ...]) -> Meaning | None:
    phrases = [one for one in parts if isinstance(one, Phrase)]
    if any(one.is_rest for one in phrases) or _is_like_before(phrases):
        return None
    return Phrase(
        some(one.cond for one in phrases),
        is_other=any(one.is_other for one in phrases),
        has_place=any(one.has_place for one in phrases),
    )


def _is_like_before(phrases: list[Phrase]) -> bool:
    """Whether a bare route follows a phrase that ends in one: "begins with /a or /b" is one list."""
    left, right = phrases[0].cond, phrases[-1].cond
    is_bare = isinstance(right, Test) and right.text.startswith("http.route ==")
    first = left.parts[0] if isinstance(left, Some) else left
    plain = isinstance(first, Test) and first.text.startswith("http.route ==")
    return is_bare and not plain and "http.route" in fields_of(left)


def _rate(about: str) -> Build:
    def build(parts: tuple[Meaning, ...]) -> Meaning:
        leaves = [one for one in parts if isinstance(one, Leaf) and one.name not in ("OR", "_DASH")]
        return Rate("open", " or ".join(one.text for one in leaves), about=about)

    return build


def _share(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, -1)
    assert isinstance(one.value, Share)
    return Rate("share", one.text, share=one.value.share)


def _bare(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, 0)
    return Rate("open", one.text, share=Fraction(number_text(one)), about="number")


def _limit(parts: tuple[Meaning, ...]) -> Meaning:
    one = next(one for one in parts if isinstance(one, Leaf) and one.name == "PER_SECOND")
    assert isinstance(one.value, PerSecond)
    overall = any(isinstance(one, Leaf) and one.name == "OVERALL" for one in parts)
    return Rate(
        "limit", one.text, per_second=one.value.per_second, unit=one.value.unit, is_overall=overall
    )


def _average(parts: tuple[Meaning, ...]) -> Meaning:
    one = next(one for one in parts if isinstance(one, Leaf) and one.name == "SHARE")
    assert isinstance(one.value, Share)
    return Rate("average", one.text, share=one.value.share)


def _slot(kind: str) -> Build:
    def build(parts: tuple[Meaning, ...]) -> Meaning | None:
        for one in reversed(parts):
            if isinstance(one, Act | Rate | Phrase | Exception_ | Values | Definition):
                value = one.texts if isinstance(one, Values) else one
                return Slot(kind, value)
            if not isinstance(one, Leaf) and one != "":
                return Slot(kind, cond(one))
        return Slot(kind)

    return build


def _act(kind: str, *, is_never: bool = False) -> Build:
    def build(_parts: tuple[Meaning, ...]) -> Meaning:
        return {
            "keep": Act("keep", is_never), "drop": Act("drop"), "sample": Act("sample"),
            "limit": Act("limit"),
        }[kind]  # fmt: skip

    return build


def _except(kind: str) -> Build:
    def build(parts: tuple[Meaning, ...]) -> Meaning | None:
        about = next((one for one in parts if isinstance(one, Phrase)), None)
        if about is not None and about.is_rest:
            return None
        what = about.cond if about is not None else cond(parts[-1])
        act = next((one for one in parts if isinstance(one, Act)), None)
        rate = next((one for one in parts if isinstance(one, Rate)), None)
        stays = any(isinstance(one, Leaf) and one.name == "STAYS" for one in parts)
        stays = stays or (act is not None and act.kind == "keep")
        if stays and rate is not None and rate.about == "number" and rate.share == _HUNDRED:
            act, rate = Act("keep"), None
        if kind == "rate":
            return Exception_("except", what, act, rate)
        if kind == "never":
            return Exception_("except", what, Act("keep", is_never=True))
        return Exception_(kind, what, act, rate)

    return build


def _label(parts: tuple[Meaning, ...]) -> Meaning:
    first = leaf(parts, 0)
    rest = [one for one in parts[1:] if isinstance(one, Label)]
    words = " ".join([first.text, *(one.words for one in rest)])
    return Label(words, first.start, rest[-1].end if rest else first.end)


def _labelled(parts: tuple[Meaning, ...]) -> Meaning:
    what = cond(parts[-1])
    return what


def _known(parts: tuple[Meaning, ...]) -> Meaning:
    one = next(one for one in parts if isinstance(one, Leaf) and one.name == "KNOWN")
    return service_is(Values((), (one.text,)))


def _health_paths(parts: tuple[Meaning, ...]) -> Meaning:
    return cond(parts[-1])


def _where(parts: tuple[Meaning, ...]) -> Meaning:
    return Part(cond(parts[-1]), is_own=True)


def _place(parts: tuple[Meaning, ...]) -> Meaning:
    return Part(cond(parts[-1]), is_place=True)


def _quoted(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, 0)
    return Open("group", one.text, one.start, one.end)


def _methods(parts: tuple[Meaning, ...]) -> Meaning:
    names = [
        str(one.value) for one in parts if isinstance(one, Leaf) and one.name == "METHOD"
    ]
    literals = tuple(map(string_literal, names))
    return equals("method", Values(literals, tuple(names)))


def _system(parts: tuple[Meaning, ...]) -> Meaning:
    one = leaf(parts, 0)
    name = _SYSTEMS.get(one.text.lower())
    if name is None:
        return Open("group", one.text, one.start, one.end)
    return Open("system", one.text, one.start, one.end)


def _group(parts: tuple[Meaning, ...]) -> Meaning:
    label = next((one for one in parts if isinstance(one, Label)), None)
    values = [one for one in parts if isinstance(one, Values)]
    assert label is not None
    if len(values) > 1:
        return Definition("label", label.words.lower(), equals(values[1].texts[0], values[0]))
    return Definition("label", label.words.lower(), cond(parts[-1]))


def _defines(parts: tuple[Meaning, ...]) -> Meaning | None:
    kind = parts[0]
    if not isinstance(kind, Leaf):
        return None
    kinds = {"SLOW": "slow", "SUCCESSFUL": "success", "ERROR": "error"}
    name = kinds.get(kind.name)
    if name is None:
        word = str(kind.value).lower()
        name = {"slow": "slow", "successful": "success", "error": "error", "failed": "error",
                "broken": "error", "errors": "error"}.get(word, word)  # fmt: skip
        if name == word and name not in ("slow", "error"):
            return Definition("label", word, cond(parts[-1]))
    return Definition(name, name, cond(parts[-1]))


def _values_field(parts: tuple[Meaning, ...]) -> Meaning:
    values = [one for one in parts if isinstance(one, Values)]
    if len(values) > 1:
        return equals(values[-1].texts[0], values[0])
    one = leaf(parts, 0)
    text = str(one.value) if one.name == "QUOTED" else one.text
    return equals(values[-1].texts[0], Values((string_literal(text),), (text,)))


def _not_ok(parts: tuple[Meaning, ...]) -> Meaning:
    return parts[-1]


def _label_error(parts: tuple[Meaning, ...]) -> Meaning:
    label = next(one for one in parts if isinstance(one, Label))
    error = next(one for one in parts if isinstance(one, Open))
    return Phrase(same([error, Open("group", label.words, label.start, label.end)]))


_NAMED: Final[Mapping[str, Build]] = {
    "last": lambda parts: parts[-1],
    "first": lambda parts: parts[0],
    "glue": lambda _parts: "",
    "both": _both,
    "body_": _body,
    "body_head": _body,
    "body_posts": _body,
    "body_every": _body,
    "body_either": _either,
    "every_": lambda _parts: Phrase(EVERY),
    "every_heads": lambda parts: Phrase(EVERY) if _head(parts) not in ("one", "those") else None,
    "rest_": lambda _parts: Phrase(EVERY, is_rest=True),
    "rest_both": lambda _parts: Phrase(EVERY, is_rest=True),
    "np_or": _np_or,
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
        f"http.route ends_with {string_literal(leaf(parts, 0).text)}", "http.route"
    ),
    "grpc_": lambda _parts: EVERY,
    "method_": _methods,
    "methods_": _methods,
    "known_": _known,
    "known_service": lambda parts: _known(parts),
    "some_service": lambda parts: some([_known(parts), cond(parts[-1])]),
    "service_": lambda parts: service_is(
        next((one for one in parts if isinstance(one, Values)), None)
        or Values((), (leaf(parts, 0).text,))
    ),
    "service1_": lambda parts: service_is(Values((), (str(leaf(parts, 0).value),))),
    "quoted_": _quoted,
    "system_": _system,
    "labelled_": _labelled,
    "labelled_from": _labelled,
    "values_field": _values_field,
    "values_field1": _values_field,
    "label_": _label,
    "label_more": _label,
    "label_open": lambda parts: Phrase(
        Open("group", _as_label(parts[0]).words, _as_label(parts[0]).start, _as_label(parts[0]).end)
    ),
    "label_open1": lambda parts: Phrase(
        Open("group", _as_label(parts[1]).words, _as_label(parts[1]).start, _as_label(parts[1]).end)
    ),
    "label_pre": _label_error,
    "label_post": _label_error,
    "post_measure": lambda parts: parts[-1],
    "post_where": _where,
    "place_": _place,
    "place_prefix": lambda parts: Part(prefix(cond(parts[-1])), is_place=True),
    "rate_share": _share,
    "rate_or": _rate("choice"),
    "rate_vague": _rate("vague"),
    "rate_bare": _bare,
    "rate_limit": _limit,
    "rate_overall": _limit,
    "rate_average": _average,
    "by_": lambda parts: parts[-1] if parts[-1] != "" else parts[-2],
    "by_one": lambda parts: parts[0],
    "by_more": lambda parts: Values(
        (), tuple(text for one in parts if isinstance(one, Values) for text in one.texts)
    ),
    "by_more3": lambda parts: Values(
        (), tuple(text for one in parts if isinstance(one, Values) for text in one.texts)
    ),
    "act_keep": _act("keep"),
    "act_never": _act("keep", is_never=True),
    "act_drop": _act("drop"),
    "act_sample": _act("sample"),
    "act_limit": _act("limit"),
    "exc_": _except("except"),
    "exc_said": _except("except"),
    "exc_rate": _except("rate"),
    "exc_never": _except("never"),
    "exc_only": _except("only"),
    "if_": lambda parts: Phrase(cond([one for one in parts if not isinstance(one, Leaf)][-1])),
    "def_": _defines,
    "correct_3": lambda parts: next(one for one in parts if isinstance(one, Rate)),
    "def_what": lambda parts: parts[0],
    "def_what_last": lambda parts: parts[-1],
    "def_field": lambda parts: Definition("field", _as_values(parts[-1]).texts[0]),
    "def_service": lambda parts: Definition("service", _as_values(parts[-1]).texts[0]),
    "def_group": _group,
    "def_label": _group,
    "field_quoted": lambda parts: Values((), (str(leaf(parts, 0).value),)),
    "field_word": lambda parts: Values((), (leaf(parts, 0).text,)),
    "at": lambda _parts: "",
    "adapt": lambda _parts: "",
    "det": lambda _parts: "",
    "of_the": lambda _parts: "",
    "rest_mod": lambda _parts: "",
    "sep": lambda _parts: "",
}


def _as_label(one: Meaning) -> Label:
    assert isinstance(one, Label)
    return one


def _as_values(one: Meaning) -> Values:
    assert isinstance(one, Values)
    return one


_SLOTS: Final = (
    "act", "passive", "verdict", "np", "of_np", "rate", "it", "enough", "lead", "exception", "if",
    "by", "manner", "note", "comma", "no_sampling", "then", "plus",
    "definition", "correction", "of_first", "rate_again","regardless", "only", "same", "too", "otherwise", "nothing_else",
)  # fmt: skip

BUILDS: Final[Mapping[str, Build]] = {
    **CONDITIONS,
    **_NAMED,
    **{f"slot_{kind}": _slot(kind) for kind in _SLOTS},
}
_ALL: Final = (Number, Each, Same, Some, Whole, non, field_text)

"""Which traces a phrase is about, as a small algebra that is written as match text.

Owns: the parts, their negation and simplification, their text. Must not know: English.
Truth: docs/language.md, 3: bare negative span tests and `&&` of two span tests need a quantifier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Final, TypeAlias, assert_never

from nectarc.records import part, record


@record
class Test:
    """A test on one span: `text` is a span-expr that binds tighter than `&&`; "http.status >= 500".

    field: what it reads, "" where it reads several. values: of `==` and `in`, else ().
    hidden: what stands for it in no policy yet: "slow" without a threshold, a group's name.
    """

    text: str
    field: str = part(default="", compare=False)
    values: tuple[str, ...] = part(default=(), compare=False)


@record
class Whole:
    """A test on the trace: `has_root`, `span_count > 8`, `root.http.status >= 500`."""

    text: str


@record
class Same:
    """One span passes all of the parts."""

    parts: tuple[Cond, ...]


@record
class Each:
    """The trace passes all of the parts, perhaps on different spans."""

    parts: tuple[Cond, ...]


@record
class Some:
    """It passes one of the parts."""

    parts: tuple[Cond, ...]


@record
class Non:
    """The trace (or, inside `Same`, the span) does not pass it."""

    inner: Cond


@record
class Every:
    """Every trace."""


@record
class Open:
    """What is not said yet: `about` is the question's subject, e.g. "slow", `words` the user's."""

    about: str
    words: str
    start: int = part(default=0, compare=False)
    end: int = part(default=0, compare=False)


Cond: TypeAlias = Test | Whole | Same | Each | Some | Non | Every | Open

EVERY: Final = Every()
# Where a description is about spans and about the trace: what may share a span.
_SPAN: Final = (Test,)


def same(parts: Iterable[Cond]) -> Cond:
    """Return that one span passes all `parts`; what is about the trace is asked of the trace."""
    flat: dict[Cond, None] = {}
    for one in parts:
        flat.update(dict.fromkeys(one.parts if isinstance(one, Same) else (one,)))
    flat.pop(EVERY, None)
    _settle(flat)
    on_span = [one for one in flat if is_on_span(one)]
    others = [one for one in flat if not is_on_span(one)]
    if len(on_span) > 1:
        return each([Same(tuple(on_span)), *others])
    return each([*on_span, *others])


def each(parts: Iterable[Cond]) -> Cond:
    """Return that the trace passes all `parts`."""
    flat: dict[Cond, None] = {}
    for one in parts:
        flat.update(dict.fromkeys(one.parts if isinstance(one, Each) else (one,)))
    flat.pop(EVERY, None)
    _settle(flat)
    if not flat:
        return EVERY
    return next(iter(flat)) if len(flat) == 1 else Each(tuple(flat))


def _settle(flat: dict[Cond, None]) -> None:
    """Leave out `slow` where the same words give the duration: "slow ones (over 2 s)"."""
    if any(_is_long(one) for one in flat):
        for one in [one for one in flat if isinstance(one, Open) and one.about == "slow"]:
            del flat[one]


def _is_long(one: Cond) -> bool:
    """Whether it asks for a duration above something."""
    match one:
        case Test(text):
            return text.startswith("duration >")
        case Same(parts) | Each(parts):
            return any(map(_is_long, parts))
        case _:
            return False


def some(parts: Iterable[Cond]) -> Cond:
    """Return that it passes one of `parts`."""
    flat: dict[Cond, None] = {}
    for one in parts:
        flat.update(dict.fromkeys(one.parts if isinstance(one, Some) else (one,)))
    if EVERY in flat:
        return EVERY
    return next(iter(flat)) if len(flat) == 1 else Some(tuple(flat))


def non(inner: Cond) -> Cond:
    """Return that it does not pass `inner`."""
    return inner.inner if isinstance(inner, Non) else Non(inner)


def is_on_span(one: Cond) -> bool:
    """Whether it is about one span, so that it can share the span with others."""
    match one:
        case Test():
            return True
        case Some(parts) | Same(parts):
            return all(map(is_on_span, parts))
        case Open(about):
            return about != "success"
        case Non() | Whole() | Each() | Every():
            return False
        case _:
            assert_never(one)


def opens_of(one: Cond) -> tuple[Open, ...]:
    """Return what is open in it."""
    match one:
        case Open():
            return (one,)
        case Same(parts) | Each(parts) | Some(parts):
            return tuple(found for inner in parts for found in opens_of(inner))
        case Non(inner):
            return opens_of(inner)
        case Test() | Whole() | Every():
            return ()
        case _:
            assert_never(one)


def filled(one: Cond, filling: dict[Open, Cond]) -> Cond:
    """Return it with what was open put in."""
    match one:
        case Open():
            return filling.get(one, one)
        case Same(parts):
            return same(filled(inner, filling) for inner in parts)
        case Each(parts):
            return each(filled(inner, filling) for inner in parts)
        case Some(parts):
            return some(filled(inner, filling) for inner in parts)
        case Non(inner):
            return non(filled(inner, filling))
        case Test() | Whole() | Every():
            return one
        case _:
            assert_never(one)


def with_tests(one: Cond, change: Callable[[Test], Test]) -> Cond:
    """Return it with each test changed."""
    match one:
        case Test():
            return change(one)
        case Same(parts):
            return Same(tuple(with_tests(inner, change) for inner in parts))
        case Each(parts):
            return Each(tuple(with_tests(inner, change) for inner in parts))
        case Some(parts):
            return Some(tuple(with_tests(inner, change) for inner in parts))
        case Non(inner):
            return Non(with_tests(inner, change))
        case Whole() | Every() | Open():
            return one
        case _:
            assert_never(one)


def fields_of(one: Cond) -> frozenset[str]:
    """Return the fields it reads, as far as tests know theirs."""
    match one:
        case Test(field=field, text=text):
            return frozenset({field or text})
        case Whole(text):
            return frozenset({text.split(" ", 1)[0]})
        case Same(parts) | Each(parts) | Some(parts):
            return frozenset().union(*map(fields_of, parts))
        case Non(inner):
            return fields_of(inner)
        case Every() | Open():
            return frozenset()
        case _:
            assert_never(one)


def is_never(one: Cond) -> bool:
    """Whether one span would have to have two values of one field."""
    match one:
        case Same(parts):
            tests = [part for part in parts if isinstance(part, Test) and part.values]
            return any(
                left.field == right.field and not set(left.values) & set(right.values)
                for left, right in combinations(tests, 2)
            ) or any(map(is_never, parts))
        case Each(parts) | Some(parts):
            return any(map(is_never, parts))
        case Non(inner):
            return is_never(inner)
        case Test() | Whole() | Every() | Open():
            return False
        case _:
            assert_never(one)


def match_text(one: Cond) -> str:
    """Return it as a match of the language. Nothing may be open in it."""
    return _text(one)


def _text(one: Cond) -> str:
    match one:
        case Every():
            return "true"
        case Test(text) if _is_less(text):
            return f"none({_more(text)})"
        case Test(text):
            return f"any({text})" if " != " in text or " not " in text else text
        case Whole(text):
            return text
        case Same():
            return f"any({_span_text(one)})"
        case Each(parts):
            return " && ".join(_operand(inner) for inner in parts)
        case Some(parts) if any(
            isinstance(inner, Test) and _is_less(inner.text) for inner in parts
        ):
            return " || ".join(_or_operand(inner) for inner in parts)
        case Some(parts):
            merged = _merged(parts)
            if merged is not None:
                return merged
            return " || ".join(_or_operand(inner) for inner in parts)
        case Non(inner):
            return _negative(inner)
        case Open():
            return "false"
        case _:
            assert_never(one)


def _operand(one: Cond) -> str:
    """Return it as a part of `&&`: quantified, so that nothing is bare."""
    match one:
        case Test(text) if not _is_less(text):
            return f"any({text})"
        case Some() if is_on_span(one):
            return f"any({_span_text(one)})"
        case Some():
            return f"({_text(one)})"
        case _:
            return _text(one)


def _is_less(text: str) -> bool:
    """Whether it asks for a short time: of a trace this means that no span took longer."""
    return text.startswith("duration <")


def _more(text: str) -> str:
    return text.replace("<=", ">", 1) if "<=" in text else text.replace("<", ">=", 1)


def _negative(one: Cond) -> str:
    match one:
        case Every():
            return "false"
        case Whole(text):
            return f"!{text}" if re_is_plain(text) else f"!({text})"
        case Test(text) if _is_less(text):
            return _more(text)
        case Test() | Same():
            return f"none({_span_text(one)})"
        case Some(parts) if is_on_span(one):
            return f"none({_span_text(Some(parts))})"
        case Some(parts):
            return " && ".join(_operand(non(inner)) for inner in parts)
        case Each(parts):
            return " || ".join(_or_operand(non(inner)) for inner in parts)
        case Non(inner):
            return _text(inner)
        case Open():
            return "false"
        case _:
            assert_never(one)


def _or_operand(one: Cond) -> str:
    text = _text(one)
    return f"({text})" if isinstance(one, Non | Each) and " && " in text else text


def re_is_plain(text: str) -> bool:
    """Whether `!` may stand before it as it is."""
    return " " not in text


def _span_text(one: Cond) -> str:
    match one:
        case Test(text):
            return text
        case Same(parts):
            return " && ".join(
                f"({_span_text(inner)})" if isinstance(inner, Some) and _merged(inner.parts) is None
                else _span_text(inner)
                for inner in parts
            )  # fmt: skip
        case Some(parts):
            return _merged(parts) or " || ".join(_span_text(inner) for inner in parts)
        case Non(inner):
            return f"!({_span_text(inner)})"
        case _:
            return _text(one)


def _merged(parts: tuple[Cond, ...]) -> str | None:
    """Return tests of one field for some values as one test, None where they are not such."""
    values: list[str] = []
    field = ""
    for one in parts:
        if not isinstance(one, Test) or not one.values or (field and one.field != field):
            return None
        field = one.field
        values += [value for value in one.values if value not in values]
    return f"{field} in [{', '.join(values)}]" if len(values) > 1 else None

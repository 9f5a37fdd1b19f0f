"""What "those two services", "its", "the former" stand for: what was named before.

Owns: what a text has named so far, which of it a reference is of. Must not know: the chart.
Truth: docs/intent.md; where two things might be meant, or none, it stands for nothing: it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from nectarc.offline.phrases import Rate
from nectarc.offline.selectors import (
    EVERY,
    Cond,
    Each,
    Non,
    Open,
    Same,
    Some,
    Test,
    Whole,
    each,
    fields_of,
    non,
    same,
    some,
)
from nectarc.records import record, replace

_REF: Final = "ref."
BELOW: Final = "ref.below"
_SMALLER: Final = re.compile(r"\b(?:smaller|fewer|less)\b", re.IGNORECASE)
# What may be said of what a place names, and names nothing by itself.
_QUALITIES: Final = frozenset(
    {"duration", "http.status", "error", "rpc.grpc.status_code", "span_count", "exception.type"}
)
_NOUNS: Final = {
    "service": "service", "services": "service", "app": "service", "apps": "service",
    "route": "http.route", "routes": "http.route", "endpoint": "http.route",
    "endpoints": "http.route", "path": "http.route", "paths": "http.route",
}  # fmt: skip
_COUNTS: Final = {"two": 2, "both": 2, "three": 3, "four": 4}
_ORDINALS: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "former": 0,
                    "latter": -1}  # fmt: skip
_POINTS: Final = frozenset({"that", "this", "same", "said"})
_OWNERS: Final = frozenset({"its", "their", "there", "it", "they", "theirs"})


def reference(words: str, start: int, end: int) -> Open:
    """Return what stands for something that was named before, by the words that were said."""
    return Open(f"{_REF}{words.lower()}", words, start, end)


def references_in(cond: Cond) -> tuple[Open, ...]:
    """Return the references in it."""
    match cond:
        case Open(about):
            return (cond,) if about.startswith(_REF) else ()
        case Same(parts) | Each(parts) | Some(parts):
            return tuple(one for inner in parts for one in references_in(inner))
        case Non(inner):
            return references_in(inner)
        case _:
            return ()


@record
class Named:
    """What a clause names: places of one field, each a test of one value. is_plain: no more."""

    tests: tuple[Test, ...]
    is_plain: bool


class Told:
    """What was spoken of, clause by clause."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._clauses: list[Cond] = []
        self._alike: list[Cond] = []

    def note(self, cond: Cond) -> None:
        """Take in what a clause is about."""
        cond = spread(cond)
        self._alike = [cond]
        if not self._clauses or self._clauses[-1] != cond:
            self._clauses.append(cond)

    def join(self, before: list[Cond]) -> None:
        """Take the last clause as one of several of which the same was said: "their" is of all."""
        self._alike = [*before, *self._alike]

    @property
    def alike(self) -> list[Cond]:
        """The last clause, and those before it of which the same was said."""
        return list(self._alike)

    def forget(self) -> None:
        """Forget all: what was said before is no longer so."""
        self._clauses.clear()

    def meant_by(self, one: Open, *, is_other: bool = False) -> Cond | None:
        """Return what a reference stands for; None where that is not plain.

        is_other: it is said of what is left of it, so of no part that was spoken of.
        """
        words = [
            word.removesuffix("'s").removesuffix("s'")
            for word in one.about.removeprefix(_REF).split()
        ]
        fields = {_NOUNS[word] for word in words if word in _NOUNS}
        nth = [_ORDINALS[word] for word in words if word in _ORDINALS]
        count = next((_COUNTS[word] for word in words if word in _COUNTS), 0)
        if nth:
            return self._counted(
                nth[0], count or 1, fields, is_pair=not {"former", "latter"}.isdisjoint(words)
            )
        if count:
            return self._all_of(count, fields)
        named = self._last(fields)
        is_of_place = is_other or bool(fields) or not _OWNERS.isdisjoint(words)
        if named is None or not (named.is_plain or is_of_place):
            return self._all_of(2, fields) if "either" in words else None
        if not _OWNERS.isdisjoint(words) and self._may_be_of_service(named):
            return None
        size = len(named.tests)
        if not {"its", "it"}.isdisjoint(words) or not _POINTS.isdisjoint(words):
            return named.tests[0] if size == 1 else None
        if size == 1 and not _OWNERS.isdisjoint(words):
            # "errors of a; the same for b; their other traffic": of b alone, or of both?
            return named.tests[0] if self._is_alone(named.tests[0]) else self._row(named)
        if size == 1:
            return self._all_of(2, fields) if "either" in words else None
        row = next((one for one in self._groups() if one[0].field == named.tests[0].field), ())
        # "/a at 10 %, /b and /c at 5 %; errors of those": of two of them, or of all three?
        return some(named.tests) if len(row) == size else None

    def _may_be_of_service(self, named: Named) -> bool:
        """Whether a service was named before a route: "errors of a; drop /ping; its other ..."."""
        fields = {one.field for clause in self._clauses[:-1] for one in tests_in(clause)}
        return named.tests[0].field == "http.route" and "service" in fields

    def _row(self, named: Named) -> Cond | None:
        """Read "their" behind "errors of a; the same for b": of both."""
        rows = [named_by(one) for one in self._alike]
        tests = [test for row in rows if row is not None for test in row.tests]
        group = next((one for one in self._groups() if one[0].field == named.tests[0].field), ())
        is_whole = len(rows) > 1 and None not in rows and set(tests) == set(group)
        return some(tests) if is_whole else None

    def _is_alone(self, one: Test) -> bool:
        return all(row[0].field != one.field for row in self._groups())

    def _last(self, fields: set[str]) -> Named | None:
        named = named_by(self._clauses[-1]) if self._clauses else None
        if named is None or (fields and {named.tests[0].field} != fields):
            return None
        return named

    def _all_of(self, count: int, fields: set[str]) -> Cond | None:
        """Read "those two services": the last clause names as many, or all of the text do."""
        named = self._last(fields)
        if named is not None and len(named.tests) == count:
            return some(named.tests)
        groups = [one for one in self._groups() if not fields or {one[0].field} == fields]
        return some(groups[0]) if len(groups) == 1 and len(groups[0]) == count else None

    def _counted(self, nth: int, count: int, fields: set[str], *, is_pair: bool) -> Cond | None:
        """Read "the latter", "the third", "the first two": of the one row that was named."""
        groups = [one for one in self._groups() if not fields or {one[0].field} == fields]
        has_qualities = any(_is_pair_of_qualities(one) for one in self._clauses)
        if len(groups) != 1 or has_qualities:
            return None
        row = groups[0]
        if is_pair and len(row) != 2:
            return None
        meant = row[nth : nth + count] if nth >= 0 else row[-count:]
        is_part = len(meant) == count < len(row)
        return some(meant) if is_part else None

    def _groups(self) -> list[tuple[Test, ...]]:
        """Return the rows of two things or more that the text has named, by their field."""
        found: dict[str, dict[str, Test]] = {}
        for clause in self._clauses:
            for one in tests_in(clause):
                if one.field not in _QUALITIES or one.field == "http.status":
                    found.setdefault(one.field, {})[one.text] = one
        return [tuple(row.values()) for row in found.values() if len(row) > 1]


def named_by(cond: Cond) -> Named | None:
    """Return the places that a clause names; None where it names none, or something else too."""
    tests: dict[str, Test] = {}
    for one in tests_in(cond):
        if one.field not in _QUALITIES:
            tests[one.text] = one
    if len({one.field for one in tests.values()}) != 1 or not _is_settled(cond):
        return None
    is_plain = fields_of(cond) == {next(iter(tests.values())).field} and not _has_open(cond)
    return Named(tuple(tests.values()), is_plain)


def _is_settled(cond: Cond) -> bool:
    """Whether what it holds beside places are qualities, and nothing is negated."""
    match cond:
        case Same(parts) | Each(parts) | Some(parts):
            return all(map(_is_settled, parts))
        case Non(inner):
            return not any(one.field not in _QUALITIES for one in tests_in(inner))
        case Open(about):
            return about in ("error", "slow", "success")
        case Test(field=field):
            return field in _QUALITIES or _is_value(cond)
        case Whole(text):
            return text.startswith("span_count")
        case _:
            return False


def _has_open(cond: Cond) -> bool:
    match cond:
        case Open():
            return True
        case Same(parts) | Each(parts) | Some(parts):
            return any(map(_has_open, parts))
        case Non():
            return True
        case _:
            return False


def tests_in(cond: Cond) -> Iterator[Test]:
    """Yield its tests."""
    match cond:
        case Test():
            yield cond
        case Same(parts) | Each(parts) | Some(parts):
            for inner in parts:
                yield from tests_in(inner)
        case Non(inner):
            yield from tests_in(inner)
        case _:
            return


def _is_pair_of_qualities(cond: Cond) -> bool:
    """Whether it names errors and slow ones side by side: "the former" may be the errors."""
    match cond:
        case Some(parts):
            kinds = {_quality(one) for one in parts} - {""}
            return len(kinds) > 1 or any(map(_is_pair_of_qualities, parts))
        case Same(parts) | Each(parts):
            return any(map(_is_pair_of_qualities, parts))
        case _:
            return False


def _quality(cond: Cond) -> str:
    match cond:
        case Open(about):
            return about
        case Test(field=field) if field in _QUALITIES:
            return "slow" if field == "duration" else "error"
        case Same(parts) | Each(parts):
            return next((found for found in map(_quality, parts) if found), "")
        case _:
            return ""


def below(cond: Cond, words: str) -> Cond | None:
    """Return of which traces it asks for long ones: EVERY, or a place; None for what does not.

    words: "smaller ones" are those with fewer spans.
    """
    parts = cond.parts if isinstance(cond, Same | Each) else (cond,)
    about = "span_count >" if _SMALLER.search(words) else "duration >"
    lengths = [one for one in parts if isinstance(one, Test | Whole) and one.text.startswith(about)]
    others = [one for one in parts if one not in lengths]
    if len(lengths) != 1 or not all(map(is_place, others)):
        return None
    return same(others) if others else EVERY


def put_for(cond: Cond, old: Cond, new: Cond) -> Cond | None:
    """Return `cond` with `new` where it names `old`; None where it does not, or names more."""
    cond, new = spread(cond), spread(new)
    if old not in set(_places(cond)) or place_of(new) != new:
        return None
    if any(
        fields_of(one) & (fields_of(old) | fields_of(new)) for one in set(_places(cond)) - {old}
    ):
        return None
    if fields_of(new) & (fields_of(cond) - fields_of(old)):
        return None
    return _swapped(cond, old, new)


def _swapped(cond: Cond, old: Cond, new: Cond) -> Cond:
    if cond == old:
        return new
    match cond:
        case Same(parts):
            return same(_swapped(one, old, new) for one in parts)
        case Each(parts):
            return each(_swapped(one, old, new) for one in parts)
        case Some(parts):
            return some(_swapped(one, old, new) for one in parts)
        case Non(inner):
            return non(_swapped(inner, old, new))
        case _:
            return cond


def place_of(cond: Cond) -> Cond | None:
    """Return the one place that it names, perhaps a row of values; None without one."""
    found = set(_places(spread(cond)))
    return found.pop() if len(found) == 1 else None


def _places(cond: Cond) -> Iterator[Cond]:
    if is_place(cond):
        yield cond
        return
    match cond:
        case Same(parts) | Each(parts) | Some(parts):
            for inner in parts:
                yield from _places(inner)
        case Non(inner):
            yield from _places(inner)
        case Test(field=field) if field not in _QUALITIES:
            yield cond
        case _:
            return


def names_place(cond: Cond, place: Cond) -> bool:
    """Whether it is of that place, perhaps of a part of it: POSTs there."""
    return place in set(_places(spread(cond)))


def place_alike(cond: Cond, other: Cond) -> Cond | None:
    """Return the one place in `cond` that is of the same kind as `other`, a route for a route."""
    found = {one for one in _places(spread(cond)) if fields_of(one) == fields_of(other)}
    return found.pop() if len(found) == 1 else None


def place_shared(conds: Iterable[Cond]) -> Cond | None:
    """Return the one place that all of them are of, beside what else they name."""
    found = [set(_places(spread(one))) for one in conds]
    shared = set.intersection(*found) if found else set()
    return shared.pop() if len(shared) == 1 else None


def spread(cond: Cond) -> Cond:
    """Return it with each test of several values as one test a value."""
    match cond:
        case Test(field=field, values=values) if len(values) > 1 and " in [" in cond.text:
            return some(Test(f"{field} == {one}", field, (one,)) for one in values)
        case Same(parts):
            return Same(tuple(map(spread, parts)))
        case Each(parts):
            return Each(tuple(map(spread, parts)))
        case Some(parts):
            return some(map(spread, parts))
        case Non(inner):
            return non(spread(inner))
        case _:
            return cond


def is_place(cond: Cond) -> bool:
    """Whether it asks for values of one field that says where a trace belongs."""
    cond = spread(cond)
    parts = cond.parts if isinstance(cond, Some) else (cond,)
    return len(fields_of(cond)) == 1 and all(
        isinstance(one, Test) and one.field not in _QUALITIES and _is_value(one) for one in parts
    )


def _is_value(one: Test) -> bool:
    is_prefix = one.field == "http.route" and " starts_with " in one.text
    return is_prefix or (len(one.values) == 1 and " == " in one.text)


def in_relation(rate: Rate, before: Rate | None) -> Rate | None:
    """Return "half of that" as a share; None where there is no share that it is of."""
    if before is None or before.kind != "share" or before.about:
        return None
    share = before.share * rate.share
    if not 0 < share <= 1:
        return None
    return replace(rate, kind="share", share=share, about="")

"""The values that a test may compare a field with.

Owns: which fit the type, examples from the traffic, durations near it. Must not know: the protocol.
Truth: docs/language.md, section 3 (the table of types); nectarc/corpus/schema.py (`examples`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from http import HTTPStatus
from typing import Final, NamedTuple

from nectarc.corpus.schema import FieldStats
from nectarc.ir.nodes import FieldType
from nectarc.semantics.sampler_parameters import go_duration
from nectarc.semantics.types import UNIT_NS
from nectarc_lsp.features.completion.insertion import quoted_literal

STATUS: Final = frozenset({"http.status", "http.response.status_code", "http.status_code"})
_COMMON_STATUS: Final = (200, 400, 401, 403, 404, 408, 429, 500, 502, 503, 504)
# A longer example was cut, and is no value.
CUT_LENGTH: Final = 80
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_TYPED_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?(?=[a-z]*$)")
_LADDER: Final = tuple(
    step * 10**power for power in range(6, 13) for step in (1, 2, 5)
)  # 1 ms to 5000 s, in nanoseconds
_USUAL: Final = (100_000_000, 500_000_000, 1_000_000_000, 5_000_000_000, 30_000_000_000)
_UNITS: Final = ("ms", "s", "m", "h", "us", "ns")
_COUNTS: Final = ("10", "50", "100", "500", "1000")


class Value(NamedTuple):
    """A literal as a match writes it, and where it comes from."""

    written: str
    why: str = ""


def values_for(
    type_: FieldType | None,
    names: Sequence[str],
    stats: Sequence[FieldStats],
    operator: str,
    prefix: str,
) -> Iterator[Value]:
    """Yield literals that fit, the likeliest first.

    names: the span fields that are read.  stats: what the traffic holds in them.
    prefix: what is typed, which says the number of a duration.
    """
    examples = list(dict.fromkeys(text for one in stats for text in one.examples))
    if type_ is None:
        type_ = _guessed(stats)
    if "contains" in operator or operator in {"starts_with", "ends_with", "matches"}:
        yield from _texts(examples, operator)
    elif type_ is FieldType.BOOL:
        yield from (Value("true"), Value("false"))
    elif type_ is FieldType.STRING:
        yield from _texts(examples, operator)
    elif type_ in UNIT_NS:
        yield from _durations(type_, examples, prefix)
    elif type_ is not None:
        yield from _numbers(examples, is_status=not STATUS.isdisjoint(names))
    else:
        yield from (Value("true"), Value("false"))


def counts() -> Iterator[Value]:
    """Yield numbers of spans."""
    return (Value(one) for one in _COUNTS)


def _guessed(stats: Sequence[FieldStats]) -> FieldType | None:
    """Return the type of most of the traffic's values."""
    found: dict[str, int] = {}
    for one in stats:
        for kind, count in one.types.items():
            found[kind] = found.get(kind, 0) + count
    most = max(found, key=lambda kind: found[kind], default="")
    return {
        "bool": FieldType.BOOL,
        "int": FieldType.INT,
        "float": FieldType.FLOAT,
        "string": FieldType.STRING,
    }.get(most)


def _texts(examples: Sequence[str], operator: str) -> Iterator[Value]:
    for text in examples:
        if len(text) >= CUT_LENGTH or not text:
            continue
        if operator == "matches":
            text = f"^{re.escape(text)}$".replace(r"\-", "-").replace(r"\/", "/")  # noqa: PLW2901
        yield Value(quoted_literal(text), "in your corpus")


def _numbers(examples: Sequence[str], *, is_status: bool) -> Iterator[Value]:
    found = [text for text in examples if _NUMBER.fullmatch(text)]
    found.sort(key=Fraction)
    yield from (Value(text, _status_words(text, is_status) or "in your corpus") for text in found)
    if is_status:
        rest = (str(one) for one in _COMMON_STATUS)
        yield from (Value(one, _status_words(one, is_status)) for one in rest if one not in found)


def _status_words(text: str, is_status: bool) -> str:  # noqa: FBT001 - one answer for both
    if not is_status:
        return ""
    try:
        return HTTPStatus(int(text)).phrase
    except ValueError:
        return ""


def _durations(type_: FieldType, examples: Sequence[str], prefix: str) -> Iterator[Value]:
    typed = _TYPED_NUMBER.match(prefix)
    if typed is not None:
        yield from (Value(f"{typed[0]}{unit}") for unit in _UNITS)
        return
    unit = UNIT_NS[type_]
    seen = [Fraction(text) * unit for text in examples if _NUMBER.fullmatch(text)]
    seen = [one for one in seen if one > 0]
    if not seen:
        yield from (Value(go_duration(one)) for one in _USUAL)
        return
    low, high = min(seen) / 2, max(seen) * 10
    near = [one for one in _LADDER if low <= one <= high][-12:]
    yield from (Value(go_duration(one), "near your corpus") for one in near or _USUAL)

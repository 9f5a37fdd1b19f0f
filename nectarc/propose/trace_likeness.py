"""How alike two traces are, and what a match reads on one, in words.

Owns: the measure and the words. Must not know: policies, corpora.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.evaluate.values import text_of
from nectarc.ir.nodes import Field, TraceExpr
from nectarc.ir.walk import fields_of
from nectarc.report.words import duration_words
from nectarc.semantics.types import UNIT_NS
from nectarc.trace import Trace, Value

_FACTS_MAX: Final = 3
_TEXT_MAX: Final = 40
_SPANS_MAX: Final = 200
# A difference in what the match reads counts less than any other: it is what is to be shown.
_ASKED_COST: Final = 1
_OTHER_COST: Final = 10


def nearest(trace: Trace, others: Sequence[Trace], match: TraceExpr) -> Trace | None:
    """Return the one of `others` that differs in as little as possible; the first of several."""
    asked = frozenset(name for field in fields_of(match) for name in field.spellings)
    own = _items(trace)
    return min(others, key=lambda one: _distance(own, _items(one), asked), default=None)


def facts_of(trace: Trace, matches: Sequence[TraceExpr]) -> Iterator[str]:
    """Yield what the fields that are asked for hold: `duration up to 5.2 s`, `no error`."""
    fields = dict.fromkeys(field for match in matches for field in fields_of(match))
    facts = [(_fact(trace, field), field) for field in fields]
    present = [fact for fact, _ in facts if fact]
    absent = [f"no {field.name}" for fact, field in facts if not fact]
    yield from dict.fromkeys((*present, *absent)[:_FACTS_MAX])


def _items(trace: Trace) -> Counter[tuple[str, str]]:
    """Count (field, value as text) over the spans, of a large trace over the first ones."""
    return Counter(
        (name, text_of(value))
        for span in trace.spans[:_SPANS_MAX]
        for name, value in span.fields.items()
    )


def _distance(
    one: Counter[tuple[str, str]], other: Counter[tuple[str, str]], asked: frozenset[str]
) -> int:
    gone, come = one - other, other - one
    return sum(
        count * (_ASKED_COST if name in asked else _OTHER_COST)
        for items in (gone, come)
        for (name, _), count in items.items()
    )


def _fact(trace: Trace, field: Field) -> str:
    """Return what the spans hold in a field, "" where none has it."""
    values: list[tuple[str, Value]] = []
    for span in trace.spans:
        name = next((one for one in field.spellings if one in span.fields), None)
        if name is not None:
            values.append((name, span.fields[name]))
    numbers = [
        (name, value)
        for name, value in values
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if numbers:
        name, largest = max(numbers, key=lambda pair: pair[1])
        several = "up to " if len({value for _, value in numbers}) > 1 else ""
        return f"{name} {several}{_number_words(field, largest)}"
    texts = list(dict.fromkeys((name, _shortened(text_of(value))) for name, value in values))
    if not texts:
        return ""
    more = f" and {len(texts) - 2} more" if len(texts) > 2 else ""
    return f"{texts[0][0]} {', '.join(text for _, text in texts[:2])}{more}"


def _number_words(field: Field, value: float) -> str:
    if field.type in UNIT_NS:
        # Four digits tell enough of a length of time: nobody reads nanoseconds.
        return duration_words(float(f"{value:.4g}"), field.type)
    return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _TEXT_MAX else text[: _TEXT_MAX - 1] + "…"

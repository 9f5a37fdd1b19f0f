"""What the traffic looks like, in a few hundred lines that hold no value that must stay here.

Owns: the summary's shape. Must not know: which values may be sent (`redaction`), the prompt.
Truth: nectarc/corpus/schema.py; docs/intent.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from nectarc.claude.public_values import is_coded, is_public
from nectarc.claude.redaction import Redactor, number_shown
from nectarc.claude.requests import Ask, Json
from nectarc.trace import Trace, Value

FIELDS_MAX: Final = 120
VALUES_MAX: Final = 12
# Fields that tell a sampler nothing, and would fill the prompt.
_BOOKKEEPING: Final = (
    "trace.", "telemetry.", "library.", "meta.", "span.num_", "host.", "process.", "resource.",
    "scope.", "otel.",
)  # fmt: skip
_QUANTILES: Final = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0))


def summary_of(ask: Ask, redactor: Redactor) -> dict[str, Json]:
    """Return the summary: size, fields by frequency with types, share, values or quantiles."""
    schema = ask.vocabulary.schema
    spans = [span.fields for trace in ask.traces for span in trace.spans]
    names = [name for name in redactor.names if not name.startswith(_BOOKKEEPING)][:FIELDS_MAX]
    fields: dict[str, Json] = {}
    for name in names:
        values = [fields_of[name] for fields_of in spans if name in fields_of]
        fields[name] = _field(name, values, ask, redactor)
    return {
        "traces": 0 if schema is None else schema.trace_count,
        "spans": 0 if schema is None else schema.span_count,
        "fields": fields,
        "fields_not_listed": len(redactor.names) - len(names),
        "fields_withheld": redactor.withheld,
    }


def _field(name: str, values: Sequence[Value], ask: Ask, redactor: Redactor) -> dict[str, Json]:
    schema = ask.vocabulary.schema
    stats = None if schema is None else schema.fields.get(name)
    entry: dict[str, Json] = {"types": list(ask.vocabulary.fields.get(name, ()))}
    if stats is not None and schema is not None and schema.span_count:
        entry["of_spans"] = _share(stats.spans / schema.span_count)
        entry["distinct"] = _rounded(stats.cardinality)
    known = redactor.known_values(name)
    # The most frequent, and of the others those that the words may be about.
    listed = [
        _value(name, value, redactor)
        for number, value in enumerate(known)
        if number < VALUES_MAX or redactor.is_marked(value)
    ]
    if not known:
        # Codes of a standard are the same whether they come as numbers or as text.
        public = Counter(value for value in values if is_public(name, value) and value is not None)
        listed = [_plain(value) for value, _ in public.most_common(VALUES_MAX)]
    if listed:
        entry["values"] = _distinct(listed)
    numbers = [float(one) for one in values if isinstance(one, (int, float))]
    numbers = [one for one in numbers if one == one]  # noqa: PLR0124 - NaN has no place in an order
    if numbers and not listed and not is_coded(name):
        entry |= _quantiles(numbers)
    return entry


def _value(field: str, value: str, redactor: Redactor) -> Json:
    shown = redactor.shown(field, value)
    alias = redactor.alias(value)
    if alias is None or shown != alias.name:
        return str(shown)
    marks: dict[str, Json] = {}
    if alias.is_probe:
        marks["health_check"] = True
    if alias.words:
        marks["holds"] = list(alias.words)
    return {"value": alias.name, **marks} if marks else alias.name


def _quantiles(numbers: list[float]) -> dict[str, Json]:
    numbers.sort()
    last = len(numbers) - 1
    return {key: number_shown(numbers[round(part * last)]) for key, part in _QUANTILES}


def _share(share: float) -> str:
    percent = 100 * share
    return "under 1 %" if percent < 1 else f"{percent:.0f} %"


def _rounded(count: int) -> Json:
    return count if count <= 20 else number_shown(float(count))


def _distinct(values: Iterable[object]) -> Json:
    found: list[Json] = []
    for value in values:
        if value not in found and isinstance(value, (str, int, float, bool, dict)):
            found.append(value)
    return found


def trace_shown(
    trace: Trace, redactor: Redactor, exact: Sequence[float] = (), *, is_whole: bool = False
) -> dict[str, Json]:
    """Return a trace as it may be sent: no id, spans in order of arrival, the root marked.

    exact: numbers that Claude knows. is_whole: bookkeeping fields are shown, too.
    """
    root = trace.root
    spans: list[Json] = []
    repeated = 0
    for span in trace.spans:
        fields: dict[str, Json] = {
            name: _plain(redactor.shown(name, value, exact))
            for name, value in span.fields.items()
            if redactor.is_name_sent(name) and (is_whole or not name.startswith(_BOOKKEEPING))
        }
        entry: dict[str, Json] = {"root": span is root, "fields": fields}
        if spans and spans[-1] == entry:
            repeated += 1
        else:
            spans.append(entry)
    shown: dict[str, Json] = {"span_count": len(trace.spans), "spans": spans}
    return shown | ({"spans_like_their_neighbour": repeated} if repeated else {})


def _plain(value: Value) -> Json:
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)

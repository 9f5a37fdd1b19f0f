"""Small vocabularies and questions for the tests of what is said to Claude."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nectarc.claude.redaction import Redactor, redactor_of
from nectarc.claude.requests import Ask
from nectarc.corpus.schema import CorpusSchema, FieldStats
from nectarc.intent.vocabulary import Vocabulary
from nectarc.trace import Fields, Span, Trace, Value


def trace_of(*spans: Fields, trace_id: str = "t") -> Trace:
    """Return a trace whose first span is the root."""
    return Trace(trace_id, tuple(Span(one, number == 0) for number, one in enumerate(spans)))


def vocabulary_of_traces(traces: Sequence[Trace]) -> Vocabulary:
    """Return the vocabulary of traces, as an ingested corpus of few values gives it."""
    found: dict[str, dict[Value, None]] = {}
    spans = [span for trace in traces for span in trace.spans]
    for span in spans:
        for name, value in span.fields.items():
            found.setdefault(name, {})[value] = None
    fields = {
        name: FieldStats(
            {_type(next(iter(values))): len(spans)},
            sum(name in span.fields for span in spans),
            len(traces),
            len(values),
            tuple(str(value) for value in values)[:5],
        )
        for name, values in sorted(found.items())
    }
    schema = CorpusSchema(fields, len(spans), len(traces))
    texts = {
        name: tuple(value for value in values if isinstance(value, str))
        for name, values in found.items()
    }
    return Vocabulary(
        fields={name: tuple(schema.types(name)) for name in schema.names()},
        values={name: values for name, values in texts.items() if 0 < len(values) <= 200},
        schema=schema,
    )


def asked(text: str, *traces: Trace, **more: object) -> tuple[Ask, Redactor]:
    """Return a question about these traces and its redactor; `more`: parts of `Ask`."""
    ask = Ask(text=text, vocabulary=vocabulary_of_traces(traces), traces=traces, **more)  # type: ignore[arg-type]  # parts of a record by name
    return ask, redactor_of(ask)


def _type(value: Value) -> str:
    if isinstance(value, bool):
        return "bool"
    return {int: "int", float: "float", str: "string"}.get(type(value), "other")


SHOP: Mapping[str, Value] = {
    "service.name": "checkout",
    "http.route": "/cart/{id}",
    "http.response.status_code": 503,
    "http.request.method": "POST",
    "duration_ms": 5210.5,
    "tenant.id": "acme-corp",
    "error": True,
}

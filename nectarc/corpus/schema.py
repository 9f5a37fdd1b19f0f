# ruff: noqa: PTH118, PTH123, PTH202 - the checker imports this module, and pathlib costs 8 ms of its start-up
"""What a corpus looks like, field by field: the small summary beside its traces.

Owns: `CorpusSchema`, how it is counted, written and read. Must not know: trace files, policies.
Truth: docs/language.md, section 3 (a corpus never changes what a policy means). The checker imports
this module, so it imports little.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from nectarc.records import record
from nectarc.trace import Trace, Value

SCHEMA_FILE: Final = "schema.json"
TRACES_FILE: Final = "traces.jsonl"
SCHEMA_VERSION: Final = 1
CARDINALITY_MAX: Final = 1000
_EXAMPLES_MAX: Final = 5
_EXAMPLE_LENGTH_MAX: Final = 80


@record
class FieldStats:
    """One field over all spans of a corpus.

    types:       spans by type: "bool", "int", "float", "string", "null", "other".
    spans:       spans that have it. traces: traces with such a span.
    cardinality: distinct values, counted up to CARDINALITY_MAX.
    examples:    a few values as text, shortened, in order of first occurrence.
    """

    types: Mapping[str, int]
    spans: int
    traces: int
    cardinality: int
    examples: tuple[str, ...]


@record
class CorpusSchema:
    """All fields of a corpus by name, sorted, and its size."""

    fields: Mapping[str, FieldStats]
    span_count: int
    trace_count: int

    def names(self) -> Collection[str]:
        """Return the names of all fields that occur."""
        return self.fields.keys()

    def cardinality(self, name: str) -> int | None:
        """Return how many distinct values the field has, None where it never occurs.

        CARDINALITY_MAX means that many or more.
        """
        stats = self.fields.get(name)
        return None if stats is None else stats.cardinality

    def types(self, name: str) -> Collection[str]:
        """Return the types of its values, the most frequent first; empty if it never occurs."""
        stats = self.fields.get(name)
        return () if stats is None else sorted(stats.types, key=lambda t: (-stats.types[t], t))


class _Counting:
    """The running counts of one field."""

    __slots__ = ("examples", "spans", "traces", "types", "values")

    def __init__(self) -> None:
        self.types: Counter[str] = Counter()
        self.spans = 0
        self.traces = 0
        self.values: set[tuple[str, object]] = set()
        self.examples: list[str] = []

    def add(self, value: Value) -> None:
        kind = type_name(value)
        self.types[kind] += 1
        self.spans += 1
        if len(self.values) < CARDINALITY_MAX:
            key = (kind, _identity(value))
            if key not in self.values:
                self.values.add(key)
                if len(self.examples) < _EXAMPLES_MAX:
                    self.examples.append(str(value)[:_EXAMPLE_LENGTH_MAX])

    def stats(self) -> FieldStats:
        return FieldStats(
            dict(sorted(self.types.items())),
            self.spans,
            self.traces,
            len(self.values),
            tuple(self.examples),
        )


def _identity(value: Value) -> object:
    """Return something small and hashable that is equal for equal values only (almost surely)."""
    if isinstance(value, str):
        return value if len(value) <= _EXAMPLE_LENGTH_MAX else hash(value)
    return value if isinstance(value, int | float | None) else repr(value)


def type_name(value: Value) -> str:
    """Name the type of a value; what Refinery compares as text only is "other"."""
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case str():
            return "string"
        case _:
            return "other"


def schema_of(traces: Iterable[Trace]) -> CorpusSchema:
    """Count the fields of the traces; one pass, bounded memory a field."""
    counts: dict[str, _Counting] = {}
    span_count = trace_count = 0
    for trace in traces:
        trace_count += 1
        span_count += len(trace.spans)
        seen: set[str] = set()
        for span in trace.spans:
            for name, value in span.fields.items():
                if name not in counts:
                    counts[name] = _Counting()
                counts[name].add(value)
            seen.update(span.fields)
        for name in seen:
            counts[name].traces += 1
    fields = {name: counts[name].stats() for name in sorted(counts)}
    return CorpusSchema(fields, span_count, trace_count)


def schema_text(schema: CorpusSchema, *, traces_bytes: int) -> str:
    """Return the text of `schema.json` for a trace file of that size."""
    record = {
        "version": SCHEMA_VERSION,
        "traces_bytes": traces_bytes,
        "traces": schema.trace_count,
        "spans": schema.span_count,
        "fields": {
            name: {
                "types": dict(stats.types),
                "spans": stats.spans,
                "traces": stats.traces,
                "cardinality": stats.cardinality,
                "examples": list(stats.examples),
            }
            for name, stats in schema.fields.items()
        },
    }
    return json.dumps(record, indent=1, sort_keys=True) + "\n"


def read_schema(path: str) -> CorpusSchema | None:
    """Read the schema of the corpus folder `path`.

    None where there is none, it is damaged, or the trace file beside it has another size than
    when it was counted: a wrong schema is worse than none.
    """
    try:
        with open(os.path.join(path, SCHEMA_FILE), encoding="utf-8") as file:
            record = json.load(file)
        if record["version"] != SCHEMA_VERSION:
            return None
        if record["traces_bytes"] != os.path.getsize(os.path.join(path, TRACES_FILE)):
            return None
        fields = {
            str(name): FieldStats(
                {str(kind): int(count) for kind, count in entry["types"].items()},
                int(entry["spans"]),
                int(entry["traces"]),
                int(entry["cardinality"]),
                tuple(str(example) for example in entry["examples"]),
            )
            for name, entry in record["fields"].items()
        }
        return CorpusSchema(fields, int(record["spans"]), int(record["traces"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None

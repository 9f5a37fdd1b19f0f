# ruff: noqa: PTH118, PTH123, PTH202 - the checker imports this module, and pathlib costs 8 ms of its start-up
"""What a corpus looks like, field by field: the small summary beside its traces.

Owns: `CorpusSchema`, how it is counted, written and read. Must not know: trace files, policies.
Truth: docs/language.md, section 3 (a corpus never changes what a policy means). The checker imports
this module, so it imports little.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from typing import Final

from nectarc.records import record

SCHEMA_FILE: Final = "schema.json"
MANIFEST_FILE: Final = "corpus.json"
# The store of nectarc 0.1, which the next ingest takes over.
TRACES_FILE: Final = "traces.jsonl"
SCHEMA_VERSION: Final = 2
_OLD_VERSION: Final = 1


@record
class FieldStats:
    """One field over all spans of a corpus.

    types:       spans by type: "bool", "int", "float", "string", "null", "other".
    spans:       spans that have it. traces: traces with such a span.
    cardinality: distinct values, exact up to a thousand, above that within some per cent.
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
        """Return about how many distinct values the field has, None where it never occurs."""
        stats = self.fields.get(name)
        return None if stats is None else stats.cardinality

    def types(self, name: str) -> Collection[str]:
        """Return the types of its values, the most frequent first; empty if it never occurs."""
        stats = self.fields.get(name)
        return () if stats is None else sorted(stats.types, key=lambda t: (-stats.types[t], t))


def schema_text(schema: CorpusSchema, *, generation: str) -> str:
    """Return the text of `schema.json` for the corpus whose manifest names that generation."""
    record = {
        "version": SCHEMA_VERSION,
        "generation": generation,
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

    None where there is none, it is damaged, or the manifest beside it is of another generation
    than what was counted: a wrong schema is worse than none.
    """
    try:
        with open(os.path.join(path, SCHEMA_FILE), encoding="utf-8") as file:
            record = json.load(file)
        if not _is_of_its_corpus(record, path):
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


def _is_of_its_corpus(record: Mapping[str, object], path: str) -> bool:
    if record["version"] == _OLD_VERSION:
        return record["traces_bytes"] == os.path.getsize(os.path.join(path, TRACES_FILE))
    with open(os.path.join(path, MANIFEST_FILE), encoding="utf-8") as file:
        generation: object = json.load(file)["generation"]
    return record["version"] == SCHEMA_VERSION and record["generation"] == generation

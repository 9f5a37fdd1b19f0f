"""Which form a file of traces has, told from its content.

Owns: the forms read today and the words for those that are not. Must not know: what is in a trace.
Truth: ../shared/data/README.md (what the formats look like in the wild).
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from nectarc.corpus.otlp_json import Json

FORMS_READ: Final = (
    "OTLP JSON (a request, one request a line, Jaeger's v3 wrapper), OTLP protobuf (`.pb`) and "
    "typed trace lines, each also gzipped"
)
TRACE_SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".pb", ".binpb")
GZIP_SUFFIX: Final = ".gz"
GZIP_MAGIC: Final = b"\x1f\x8b"


class Form(Enum):
    """The forms of one JSON record that are read."""

    OTLP = "OTLP JSON"
    JAEGER_V3 = "Jaeger's v3 wrapper of OTLP JSON"
    TYPED = "typed trace line"


def form_of(document: Json) -> Form | str:
    """Return the form of a decoded JSON record, or the words for what it looks like instead."""
    if isinstance(document, dict):
        return _form_of_object(document)
    if isinstance(document, list):
        return _form_of_list(document)
    return "a bare JSON value"


def _form_of_object(members: dict[str, Json]) -> Form | str:
    if "resourceSpans" in members:
        return Form.OTLP
    result = members.get("result")
    if isinstance(result, dict) and "resourceSpans" in result:
        return Form.JAEGER_V3
    if isinstance(members.get("spans"), list) and "id" in members:
        return Form.TYPED
    return _looks_like_object(members)


_MARKS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({"resourceLogs"}), "OTLP logs"),
    (frozenset({"resourceMetrics"}), "OTLP metrics"),
    (frozenset({"resource_spans"}), "OTLP JSON with proto names (`resource_spans`)"),
    (frozenset({"batches"}), "a Tempo trace (`batches`)"),
    (frozenset({"traceID", "spans"}), "Jaeger JSON"),
    (frozenset({"traceID", "spanID"}), "Jaeger spans"),
    (frozenset({"traceId", "spanId", "traceGroup"}), "OpenSearch Data Prepper spans"),
    (frozenset({"trace.trace_id"}), "Honeycomb events"),
    (frozenset({"traceId", "id", "annotations", "binaryAnnotations"}), "Zipkin v1 JSON"),
    (frozenset({"traceId", "id"}), "Zipkin JSON"),
    (frozenset({"traceId", "spanId"}), "flat spans in JSON"),
    (frozenset({"trace_id", "span_id"}), "flat spans in JSON"),
)


def _looks_like_object(members: dict[str, Json]) -> str:
    for marks, words in _MARKS:
        if marks <= members.keys():
            return words
    inner = members.get("data")
    if isinstance(inner, dict):
        return "Honeycomb events" if "trace.trace_id" in inner else "JSON events"
    if isinstance(inner, list) and inner and isinstance(inner[0], dict):
        return "Jaeger JSON" if "traceID" in inner[0] else "JSON of another kind"
    return "JSON of another kind"


def _form_of_list(items: list[Json]) -> Form | str:
    if not items:
        return "an empty JSON list"
    first = items[0]
    if isinstance(first, list):
        return "Zipkin JSON (a list of traces)"
    if isinstance(first, dict):
        words = form_of(first)
        if isinstance(words, Form):
            return f"a list of {words.value} records, which go one a line, without the list"
        return words
    return "a JSON list"


_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3\x00", "SQLite"),
)


def looks_like_bytes(head: bytes) -> str:
    """Return the words for a file that is neither JSON nor OTLP protobuf."""
    for magic, words in _MAGIC:
        if head.startswith(magic):
            return words
    if b"\x00" in head:
        return "binary data"
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end < len(head) - 4:
            return "text that is not UTF-8, or binary data"
        text = head[: error.start].decode("utf-8")
    lines = text.splitlines()
    if len(lines) > 1 and lines[0].count(",") >= 2 and lines[0].count(",") == lines[1].count(","):
        return "CSV"
    if text.lstrip().startswith("<"):
        return "XML or HTML"
    return "text that is not JSON"

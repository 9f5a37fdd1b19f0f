"""Which form a record of a trace file has, told from its content.

Owns: the forms that are read, the envelopes around records, the words for what is not read.
Must not know: how a form is read. Truth: ../shared/data/README.md (the formats in the wild).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

from nectarc.corpus.otlp_json_text import Json, Members

FORMS_READ: Final = (
    "OTLP (JSON, JSON lines, protobuf), Jaeger (query API, Elasticsearch), Zipkin (v2, v1), "
    "Honeycomb events, Data Prepper documents, flat spans in JSON, CSV tables (`--csv-map`) and "
    "typed trace lines, each also with `.gz` or `.zst`"
)
TRACE_SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".pb", ".binpb")
PROTOBUF_SUFFIXES: Final = (".pb", ".binpb")
PACKED_SUFFIXES: Final = (".gz", ".zst")


def plain_name(name: str) -> str:
    """Return the file name without the suffix of a packer."""
    for suffix in PACKED_SUFFIXES:
        name = name.removesuffix(suffix)
    return name


class Form(Enum):
    """The forms of one JSON record that are read."""

    OTLP = "OTLP JSON"
    JAEGER_V3 = "Jaeger's v3 wrapper of OTLP JSON"
    TYPED = "typed trace line"
    JAEGER_TRACE = "Jaeger trace"
    JAEGER_SPAN = "Jaeger span"
    ZIPKIN_V2 = "Zipkin v2 span"
    ZIPKIN_V1 = "Zipkin v1 span"
    HONEYCOMB_BATCH = "Honeycomb event of a batch"
    HONEYCOMB_FLAT = "Honeycomb event"
    DATA_PREPPER = "Data Prepper span"
    FLAT = "flat span"
    BULK_INDEX = "index line of an Elasticsearch bulk request"


def items_of(document: Json) -> Iterable[tuple[str, Json]] | None:
    """Return the records inside an envelope, with their paths; None where there is no envelope."""
    if isinstance(document, list):
        return ((f"[{index}]", item) for index, item in enumerate(document))
    if not isinstance(document, dict):
        return None
    inner = document.get("data")
    if isinstance(inner, list):
        return ((f"data[{index}]", item) for index, item in enumerate(inner))
    hits = document.get("hits")
    if isinstance(hits, dict) and isinstance(hits.get("hits"), list):
        found = hits["hits"]
        assert isinstance(found, list)
        return ((f"hits.hits[{index}]", item) for index, item in enumerate(found))
    if isinstance(document.get("_source"), dict):
        return (("_source", document["_source"]),)
    return None


def form_of(document: Json) -> Form | str:
    """Return the form of a decoded JSON record, or the words for what it looks like instead."""
    if isinstance(document, dict):
        return _form_of_object(document)
    return "a JSON list" if isinstance(document, list) else "a bare JSON value"


def holds_records(document: Json) -> bool:
    """Say whether the document is a record, or an envelope that begins with one."""
    items = items_of(document)
    if items is None:
        return isinstance(form_of(document), Form)
    return any(holds_records(item) for _, item in list(items)[:1])


def _form_of_object(members: Members) -> Form | str:
    if "resourceSpans" in members:
        return Form.OTLP
    result = members.get("result")
    if isinstance(result, dict) and "resourceSpans" in result:
        return Form.JAEGER_V3
    if isinstance(members.get("spans"), list):
        if "traceID" in members:
            return Form.JAEGER_TRACE
        if "id" in members:
            return Form.TYPED
    if isinstance(members.get("data"), dict) and _is_event(members):
        return Form.HONEYCOMB_BATCH
    return _form_of_span(members) or _looks_like_object(members)


def _is_event(members: Members) -> bool:
    data = members["data"]
    is_traced = isinstance(data, dict) and not data.keys().isdisjoint({"trace.trace_id", "traceId"})
    return is_traced or not members.keys().isdisjoint({"time", "samplerate"})


_DATA_PREPPER_MARKS: Final = frozenset({"traceGroup", "durationInNanos"})
_ZIPKIN_V2_MARKS: Final = frozenset({"kind", "tags", "localEndpoint", "remoteEndpoint", "shared"})


def _form_of_span(members: Members) -> Form | None:
    names = members.keys()
    if "trace.trace_id" in names:
        return Form.HONEYCOMB_FLAT
    if {"traceID", "spanID"} <= names:
        return Form.JAEGER_SPAN
    if {"traceId", "spanId"} <= names:
        return Form.FLAT if names.isdisjoint(_DATA_PREPPER_MARKS) else Form.DATA_PREPPER
    if {"trace_id", "span_id"} <= names:
        return Form.FLAT
    if {"traceId", "id"} <= names:
        return Form.ZIPKIN_V1 if _is_zipkin_v1(members) else Form.ZIPKIN_V2
    if len(names) == 1 and _is_bulk_index(members):
        return Form.BULK_INDEX
    return None


def _is_zipkin_v1(members: Members) -> bool:
    """Tell v1, whose annotations name their endpoints, from v2, whose span does."""
    if "binaryAnnotations" in members:
        return True
    annotations = members.get("annotations")
    if not isinstance(annotations, list) or not members.keys().isdisjoint(_ZIPKIN_V2_MARKS):
        return False
    return any(isinstance(one, dict) and "endpoint" in one for one in annotations)


def _is_bulk_index(members: Members) -> bool:
    ((name, inner),) = members.items()
    return (
        name in {"index", "create"}
        and isinstance(inner, dict)
        and all(key.startswith("_") or key == "routing" for key in inner)
    )


_MARKS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({"resourceLogs"}), "OTLP logs"),
    (frozenset({"resourceMetrics"}), "OTLP metrics"),
    (frozenset({"resource_spans"}), "OTLP JSON with proto names (`resource_spans`)"),
    (frozenset({"batches"}), "a Tempo trace (`batches`)"),
    (frozenset({"traceId"}), "a span without an id"),
    (frozenset({"traceID"}), "a Jaeger span without an id"),
)


def _looks_like_object(members: Members) -> str:
    for marks, words in _MARKS:
        if marks <= members.keys():
            return words
    if isinstance(members.get("data"), dict):
        return "JSON events"
    return "JSON of another kind"


_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3\x00", "SQLite"),
)
_DELIMITERS: Final = ",;\t"


def delimiter_of(head: bytes) -> str | None:
    """Return what parts the cells of a table, None where the text is no table."""
    first = head.split(b"\n", 1)[0].strip(b"\r\xef\xbb\xbf")
    if b"\x00" in head or not first or first[:1] in b"<{[":
        return None
    try:
        line = first.decode("utf-8")
    except UnicodeDecodeError:
        return None
    best = max(_DELIMITERS, key=line.count)
    return best if line.count(best) >= 2 else None


def looks_like_bytes(head: bytes) -> str:
    """Return the words for a file that is neither JSON nor a table nor OTLP protobuf."""
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
    if text.lstrip().startswith("<"):
        return "XML or HTML"
    return "text that is not JSON"

"""Trace lines that keep every value's Go type: the format of the shared vectors.

Owns: the tagged objects of ../shared/vectors/README.md, both ways. Must not know: OTLP, rules.
Fails with `TypedTraceError`; the caller that reads a file turns it into a finding.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Final

from nectarc.evaluate.values import INT64_MAX, INT64_MIN, float_text, parse_float
from nectarc.trace import ROOT_FIELD, Float32, Span, Trace, Uint64, Value

_UINT64_MAX: Final = 2**64 - 1


class TypedTraceError(ValueError):
    """The record is no typed trace line; the message says which part of it is not."""


def decode_trace(record: object) -> Trace:
    """Read `{"id", "root", "spans"}`; with `"meta": true` each span gets `meta.refinery.root`."""
    if not isinstance(record, Mapping):
        raise TypedTraceError("a trace is an object with `id`, `root` and `spans`")
    trace_id, root, spans = record.get("id"), record.get("root"), record.get("spans")
    if not isinstance(trace_id, str):
        raise TypedTraceError("`id` is the trace id as a string")
    if not isinstance(spans, list) or not spans:
        raise TypedTraceError("`spans` is a list of at least one object")
    if root is not None and (
        not isinstance(root, int) or isinstance(root, bool) or not 0 <= root < len(spans)
    ):
        raise TypedTraceError("`root` is null or the index of the root span")
    has_meta = record.get("meta") is True
    return Trace(
        trace_id,
        tuple(
            Span(_decode_fields(span, is_root=has_meta and i == root, has_meta=has_meta), i == root)
            for i, span in enumerate(spans)
        ),
    )


def encode_trace(trace: Trace) -> dict[str, object]:
    """Write `trace` so that `decode_trace` gives an equal one (of several roots the last stays)."""
    root = max((i for i, span in enumerate(trace.spans) if span.is_root), default=None)
    has_meta = all(span.fields.get(ROOT_FIELD) is (i == root) for i, span in enumerate(trace.spans))
    record: dict[str, object] = {"id": trace.trace_id, "root": root}
    if has_meta:
        record["meta"] = True
    record["spans"] = [
        {
            name: encode_value(value)
            for name, value in span.fields.items()
            if not (has_meta and name == ROOT_FIELD)
        }
        for span in trace.spans
    ]
    return record


def decode_value(record: object) -> Value:
    """Read one value: plain JSON, or a tagged object `{"f"|"u"|"f32"|"bytes"|"m": ...}`."""
    match record:
        case None | bool() | str() | float():
            return record
        case int():
            if not INT64_MIN <= record <= INT64_MAX:
                raise TypedTraceError(f"{record} is no int64 (write an unsigned one as `u`)")
            return record
        case list():
            return tuple(map(decode_value, record))
        case dict() if len(record) == 1:
            ((tag, content),) = record.items()
            return _decode_tagged(str(tag), content)
        case _:
            raise TypedTraceError("a value is plain JSON or an object with one tag")


def encode_value(value: Value) -> object:
    """Write one value; `decode_value` reads it back with its type."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return {"f": float_text(value)}
        case Uint64():
            return {"u": str(value.value)}
        case Float32():
            return {"f32": float_text(value.value)}
        case bytes():
            return {"bytes": base64.b64encode(value).decode("ascii")}
        case Mapping():
            return {"m": {name: encode_value(item) for name, item in value.items()}}
        case Sequence():
            return list(map(encode_value, value))


def _decode_fields(record: object, *, is_root: bool, has_meta: bool) -> dict[str, Value]:
    if not isinstance(record, Mapping):
        raise TypedTraceError("a span is an object of fields")
    fields = {str(name): decode_value(value) for name, value in record.items()}
    if has_meta:
        fields[ROOT_FIELD] = is_root
    return fields


def _decode_tagged(tag: str, content: object) -> Value:
    if tag == "m" and isinstance(content, Mapping):
        return {str(name): decode_value(item) for name, item in content.items()}
    if not isinstance(content, str):
        raise TypedTraceError(f"the content of `{tag}` has a wrong type")
    if tag in ("f", "f32"):
        number = parse_float(content)
        if number is None:
            raise TypedTraceError(f"`{content}` is no float")
        return number if tag == "f" else Float32(number)
    if tag == "u":
        if not content.isdecimal() or not content.isascii() or int(content) > _UINT64_MAX:
            raise TypedTraceError(f"`{content}` is no uint64")
        return Uint64(int(content))
    if tag == "bytes":
        try:
            return base64.b64decode(content, validate=True)
        except binascii.Error:
            raise TypedTraceError("`bytes` holds no base64") from None
    raise TypedTraceError(f"`{tag}` is no tag of a value")

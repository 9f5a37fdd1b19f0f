"""Trace files -> arrivals: the spans of one record, by trace, in file order.

Owns: opening, which reader a file gets, where a bad record stands. Must not know: the store.
Truth: ../shared/design/product.md, "Conventions" (bad records are counted and shown, never silently
lost). What each format becomes is told in docs/formats.md.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from nectarc.corpus.arrivals import (
    Arrival,
    BadRecord,
    Read,
    Untraced,
    event_arrivals,
    request_arrivals,
)
from nectarc.corpus.formats import (
    data_prepper,
    flat_spans,
    honeycomb,
    jaeger,
    zipkin_v1,
    zipkin_v2,
)
from nectarc.corpus.formats.csv_map import CsvMap
from nectarc.corpus.formats.csv_table import read_table
from nectarc.corpus.formats.parts import FormatError
from nectarc.corpus.forms import (
    FORMS_READ,
    PROTOBUF_SUFFIXES,
    Form,
    delimiter_of,
    form_of,
    holds_records,
    items_of,
    looks_like_bytes,
    plain_name,
)
from nectarc.corpus.json_records import JsonMistake, JsonRecord, read_records
from nectarc.corpus.otlp import OtlpError, Request
from nectarc.corpus.otlp_events import Event
from nectarc.corpus.otlp_json import Json, read_json
from nectarc.corpus.otlp_json_text import Members
from nectarc.corpus.otlp_protobuf import read_protobuf
from nectarc.corpus.stored_trace import StoredTraceError, read_stored
from nectarc.corpus.unpacking import GZIP_MAGIC, ZSTD_MAGIC, Unpacked
from nectarc.files import STDIN, STDIN_NAME, unreadable

__all__ = ["Arrival", "BadRecord", "Read", "Untraced", "read_file"]

_HEAD_BYTES: Final = 65_536
# The tag of field 1 (resource_spans) with a length: every OTLP request in protobuf starts so.
_PROTOBUF_START: Final = b"\x0a"


def read_file(path: str, csv_map: CsvMap | None = None) -> Iterator[Read]:
    """Yield what `path` (`-` is standard input) holds; never raises for what a user may name.

    csv_map: what the columns of tables mean; without it a table's header must be a known one.
    """
    name = STDIN_NAME if path == STDIN else path
    if "\0" in path:
        yield unreadable(name, OSError("no file has such a name"))
        return
    try:
        if path == STDIN:
            yield from _read_packed(_standard_input(), name, csv_map)
        else:
            with Path(path).open("rb") as file:
                yield from _read_packed(file, name, csv_map)
    except OSError as error:
        yield unreadable(name, error)


def _standard_input() -> io.BufferedReader:
    stream = sys.stdin.buffer
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(io.BytesIO(stream.read()), _HEAD_BYTES)


def _read_packed(file: io.BufferedReader, name: str, csv_map: CsvMap | None) -> Iterator[Read]:
    # `peek` takes nothing; it may return few bytes, but none only at the end.
    head = file.peek(_HEAD_BYTES)
    magic = next((magic for magic in (GZIP_MAGIC, ZSTD_MAGIC) if head.startswith(magic)), None)
    if magic is None:
        yield from _read_plain(file, name, csv_map)
        return
    unpacked = Unpacked(file, magic)
    stream: io.BufferedReader = io.BufferedReader(unpacked, _HEAD_BYTES)
    if not stream.peek(_HEAD_BYTES) and unpacked.damage:
        pass  # nothing at all came out: the damage is all there is to say
    else:
        yield from _read_plain(stream, name, csv_map)
    if unpacked.damage:
        problem = f"the compressed data is damaged ({unpacked.damage})"
        yield BadRecord("NEC423", name, 0, problem)


def _read_plain(stream: io.BufferedReader, name: str, csv_map: CsvMap | None) -> Iterator[Read]:
    head = stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]
    start = head.lstrip().removeprefix(b"\xef\xbb\xbf").lstrip()
    is_named_protobuf = plain_name(name).endswith(PROTOBUF_SUFFIXES)
    if start.startswith((b"{", b"[")) and not is_named_protobuf:
        yield from _read_json_file(stream, name)
    elif is_named_protobuf or head.startswith(_PROTOBUF_START):
        yield from _read_protobuf_file(stream, name, head)
    elif not start:
        yield BadRecord("NEC421", name, 0, "the file is empty", f"nectarc reads {FORMS_READ}")
    elif (delimiter := delimiter_of(head)) is not None:
        yield from read_table(stream, name, delimiter, csv_map)
    else:
        yield _unknown(name, 0, looks_like_bytes(head))


def _unknown(name: str, line: int, words: str) -> BadRecord:
    return BadRecord("NEC421", name, line, f"looks like {words}", f"nectarc reads {FORMS_READ}")


def _read_protobuf_file(stream: io.BufferedReader, name: str, head: bytes) -> Iterator[Read]:
    try:
        request = read_protobuf(stream.read())
    except OtlpError as error:
        if plain_name(name).endswith(PROTOBUF_SUFFIXES):
            yield BadRecord("NEC420", name, 0, str(error))
        else:
            yield _unknown(name, 0, looks_like_bytes(head))
        return
    yield from request_arrivals(request)


def _read_json_file(stream: io.BufferedReader, name: str) -> Iterator[Read]:
    """Read JSON records; if not even the first is a trace, the file is of another kind."""
    is_known = False
    for record in read_records(stream, holds_records):
        if isinstance(record, JsonMistake):
            where = f"{record.place}: " if record.place else ""
            yield BadRecord("NEC422", name, record.line, where + record.problem)
            is_known = True  # what follows is judged record by record
            continue
        for place, document in _unwrapped(record.place, record.document):
            form = form_of(document)
            if isinstance(form, Form):
                is_known = True
                yield from _record_arrivals(
                    document, form, JsonRecord(document, record.line, place), name
                )
            elif is_known:
                where = f"{place}: " if place else ""
                yield BadRecord("NEC422", name, record.line, f"{where}looks like {form}")
            else:
                yield _unknown(name, 0 if record.line == 1 else record.line, form)
                return


def _unwrapped(place: str, document: Json) -> Iterator[tuple[str, Json]]:
    """Yield the records of an envelope, with their paths; envelopes may lie in one another."""
    pending = [(place, document)]
    while pending:
        here, one = pending.pop()
        items = items_of(one)
        if items is None:
            yield here, one
            continue
        inner = [(_joined(here, path), item) for path, item in items]
        pending.extend(reversed(inner))


def _joined(outer: str, inner: str) -> str:
    return f"{outer}{inner}" if inner.startswith("[") or not outer else f"{outer}.{inner}"


_Requests: TypeAlias = Callable[[Members], Iterator[Request | FormatError]]
_Events: TypeAlias = Callable[[Members], Iterator[Event | FormatError]]
_REQUESTS: Final[dict[Form, _Requests]] = {
    Form.JAEGER_TRACE: jaeger.trace_requests,
    Form.JAEGER_SPAN: jaeger.span_requests,
    Form.ZIPKIN_V2: zipkin_v2.span_requests,
    Form.ZIPKIN_V1: zipkin_v1.span_requests,
    Form.DATA_PREPPER: data_prepper.span_requests,
    Form.FLAT: flat_spans.span_requests,
}
_EVENTS: Final[dict[Form, _Events]] = {
    Form.HONEYCOMB_BATCH: honeycomb.batch_events,
    Form.HONEYCOMB_FLAT: honeycomb.flat_events,
}


def _record_arrivals(document: Json, form: Form, record: JsonRecord, name: str) -> Iterator[Read]:
    where = f"{record.place}: " if record.place else ""

    def bad(code: str, problem: str) -> BadRecord:
        return BadRecord(code, name, record.line, where + problem)

    try:
        if form in {Form.OTLP, Form.JAEGER_V3, Form.TYPED}:
            yield from _own_arrivals(document, form)
        elif isinstance(document, dict) and form in _REQUESTS:
            for found in _REQUESTS[form](document):
                if isinstance(found, FormatError):
                    yield bad("NEC422", f"no {form.value}: {found}")
                else:
                    yield from request_arrivals(found)
        elif isinstance(document, dict) and form in _EVENTS:
            for event in _EVENTS[form](document):
                if isinstance(event, FormatError):
                    yield bad("NEC422", f"no {form.value}: {event}")
                else:
                    yield from event_arrivals((event,))
    except OtlpError as error:
        yield bad("NEC420", f"Refinery refuses this request: {error}")
    except RecursionError:
        yield bad("NEC420", "a value is nested too deeply")
    except StoredTraceError as error:
        yield bad("NEC422", str(error))


def _own_arrivals(document: Json, form: Form) -> Iterator[Arrival | Untraced]:
    if form is Form.TYPED:
        stored = read_stored(document)
        yield Arrival(
            stored.trace.trace_id,
            stored.trace.spans,
            stored.start_time_ns,
            stored.sample_rate,
            rate_is_of_root=True,
            source=stored.source,
        )
        return
    inner = document.get("result") if isinstance(document, dict) else None
    yield from request_arrivals(read_json(inner if form is Form.JAEGER_V3 else document))

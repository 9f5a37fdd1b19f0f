"""Trace files -> arrivals: the spans of one record, by trace, in file order.

Owns: opening, unzipping, line by line streaming, where a bad record stands.
Must not know: the store. Truth: ../shared/design/product.md, "Conventions" (bad records are counted
and shown, never silently lost).
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Protocol, TypeAlias

from nectarc.codes import finding
from nectarc.corpus.forms import (
    FORMS_READ,
    GZIP_MAGIC,
    GZIP_SUFFIX,
    TRACE_SUFFIXES,
    Form,
    form_of,
    looks_like_bytes,
)
from nectarc.corpus.otlp import OtlpError, Request
from nectarc.corpus.otlp_events import events_of
from nectarc.corpus.otlp_json import Json, read_json
from nectarc.corpus.otlp_json_text import DECODER, decode_json, with_plain_escapes
from nectarc.corpus.otlp_protobuf import read_protobuf
from nectarc.corpus.stored_trace import StoredTraceError, read_stored
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN, STDIN_NAME, unreadable
from nectarc.records import record
from nectarc.source import SourceSpan
from nectarc.trace import Span

_HEAD_BYTES: Final = 65_536
_PROTOBUF_SUFFIXES: Final = TRACE_SUFFIXES[3:]
# The tag of field 1 (resource_spans) with a length: every OTLP request in protobuf starts so.
_PROTOBUF_START: Final = b"\x0a"


@record
class BadRecord:
    """A record, or a whole file, that was left out.

    line: from 1; 0 means the whole file. problem: one line, for people.
    """

    code: str
    file: str
    line: int
    problem: str
    help: str = ""

    def diagnostic(self) -> Diagnostic:
        """Return the finding; its place is the file, since a corpus is no source text."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return finding(
            self.code,
            SourceSpan(self.file, 0, 0),
            f"`{place}`: {self.problem}",
            why=_WHY[self.code],
            help=self.help,
        )


_WHY: Final = {
    "NEC420": "what Refinery cannot read, it cannot sample: these spans are not in the corpus",
    "NEC421": "no trace of this file can be checked against a policy",
    "NEC422": "a proof or a report over this corpus says nothing about traces that are not in it",
    "NEC423": "the rest of the file is not in the corpus",
}


class Arrival(NamedTuple):
    """Spans of one trace that came together, in order.

    time_ns: the earliest start among them, 0 = none told. rate: spans that each stands for.
    rate_is_of_root: the rate was set on the trace's root.
    source: the file that the trace was read from first, "" = the one being read.
    """

    trace_id: str
    spans: tuple[Span, ...]
    time_ns: int
    rate: float
    rate_is_of_root: bool
    source: str = ""


class Untraced(NamedTuple):
    """So many events without a trace id: Refinery sends them on without a decision."""

    events: int


Read: TypeAlias = Arrival | Untraced | BadRecord | Diagnostic


def read_file(path: str) -> Iterator[Read]:
    """Yield what `path` (`-` is standard input) holds; never raises for what a user may name."""
    name = STDIN_NAME if path == STDIN else path
    if "\0" in path:
        yield unreadable(name, OSError("no file has such a name"))
        return
    try:
        if path == STDIN:
            yield from _read_stream(_standard_input(), name)
        else:
            with io.BufferedReader(io.FileIO(path), _HEAD_BYTES) as file:
                yield from _read_stream(file, name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield BadRecord("NEC423", name, 0, f"the compressed data is damaged ({error})")
    except OSError as error:
        yield unreadable(name, error)


class _Stream(Protocol):
    """What is needed of a buffered reader, a zipped one included."""

    def read(self, size: int = -1, /) -> bytes: ...
    def peek(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, /) -> int: ...
    def __iter__(self) -> Iterator[bytes]: ...


def _standard_input() -> _Stream:
    stream = sys.stdin.buffer
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(io.BytesIO(stream.read()), _HEAD_BYTES)


def _read_stream(file: _Stream, name: str) -> Iterator[Read]:
    stream = file
    # `peek` takes nothing; it may return few bytes, but none only at the end.
    head = stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]
    if head.startswith(GZIP_MAGIC):
        stream = gzip.GzipFile(fileobj=file, mode="rb")
        head = stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]
    start = head.lstrip().removeprefix(b"\xef\xbb\xbf").lstrip()
    suffix_holder = name.removesuffix(GZIP_SUFFIX)
    if suffix_holder.endswith(_PROTOBUF_SUFFIXES) or (
        head.startswith(_PROTOBUF_START) and not start.startswith((b"{", b"["))
    ):
        yield from _read_protobuf_file(stream, name, head)
    elif not start:
        yield BadRecord("NEC421", name, 0, "the file is empty", f"nectarc reads {FORMS_READ}")
    elif start.startswith((b"{", b"[")):
        yield from _read_text(stream, name)
    else:
        yield _unknown(name, 0, looks_like_bytes(head))


def _unknown(name: str, line: int, words: str) -> BadRecord:
    return BadRecord(
        "NEC421",
        name,
        line,
        f"looks like {words}",
        f"nectarc reads {FORMS_READ}; other forms later",
    )


def _read_protobuf_file(stream: _Stream, name: str, head: bytes) -> Iterator[Read]:
    try:
        request = read_protobuf(stream.read())
    except OtlpError as error:
        if name.removesuffix(GZIP_SUFFIX).endswith(_PROTOBUF_SUFFIXES):
            yield BadRecord("NEC420", name, 0, str(error))
        else:
            yield _unknown(name, 0, looks_like_bytes(head))
        return
    yield from _request_arrivals(request)


def _read_text(stream: _Stream, name: str) -> Iterator[Read]:
    """Read JSON lines, or else JSON documents that span lines."""
    number = 0
    for raw in stream:
        number += 1
        if not raw.strip():
            continue
        raw = raw.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901 - the same line
        document = _decode(raw)
        if isinstance(document, _Undecodable):
            # Not one record a line, it seems: the first line is the start of a longer document.
            rest = raw + stream.read()
            yield from _read_documents(rest, name, first_line=number, undecodable=document)
            return
        form = form_of(document)
        if isinstance(form, str):
            yield _unknown(name, 0 if number == 1 else number, form)
            return
        yield from _record_arrivals(document, form, name, number)
        yield from _read_lines(stream, name, number)
        return


def _read_lines(lines: Iterable[bytes], name: str, number: int) -> Iterator[Read]:
    """Read one record a line; `number` lines came before."""
    for raw in lines:
        number += 1
        if not raw.strip():
            continue
        document = _decode(raw)
        if isinstance(document, _Undecodable):
            yield BadRecord("NEC422", name, number, document.problem)
            continue
        form = form_of(document)
        if isinstance(form, str):
            yield BadRecord("NEC422", name, number, f"looks like {form}")
            continue
        yield from _record_arrivals(document, form, name, number)


class _Undecodable(NamedTuple):
    """Bytes that are no JSON; `line` counts from 0 within them."""

    problem: str
    line: int


def _decode(raw: bytes) -> Json | _Undecodable:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start)
        return _Undecodable(f"not UTF-8: byte 0x{raw[error.start]:02x}", line)
    try:
        document: Json = decode_json(text)
    except json.JSONDecodeError as error:
        return _Undecodable(_json_problem(error), error.lineno - 1)
    except (ValueError, RecursionError) as error:
        return _Undecodable(_json_problem(error), 0)
    return document


def _json_problem(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        words = error.msg[:1].lower() + error.msg[1:]
        return f"not JSON: {words} in column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "a number is too long"


def _read_documents(
    data: bytes, name: str, *, first_line: int, undecodable: _Undecodable
) -> Iterator[Read]:
    """Read one JSON document after another; `undecodable` is what the first line alone gave.

    If not even the first is JSON, but some later line is a record, the file holds lines, and its
    first one is bad.
    """
    try:
        text = with_plain_escapes(data.decode("utf-8"))
    except UnicodeDecodeError:
        text = ""
    position = _skip_blanks(text, 0)
    is_first = True
    while position < len(text):
        line = first_line + text.count("\n", 0, position)
        try:
            document, position = DECODER.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            if is_first:
                break
            at = error.lineno - 1 if isinstance(error, json.JSONDecodeError) else 0
            yield BadRecord("NEC422", name, first_line + at, _json_problem(error))
            return
        form = form_of(document)
        if isinstance(form, str):
            yield _unknown(name, 0 if is_first else line, form)
            return
        yield from _record_arrivals(document, form, name, line)
        position = _skip_blanks(text, position)
        is_first = False
    if is_first:
        yield from _read_broken(data, name, first_line, undecodable)


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def _read_broken(
    data: bytes, name: str, first_line: int, undecodable: _Undecodable
) -> Iterator[Read]:
    """Tell lines with a bad first one from one bad document."""
    lines = data.split(b"\n")
    if any(_is_record(line) for line in lines[1:]):
        yield BadRecord("NEC422", name, first_line, undecodable.problem)
        yield from _read_lines(lines[1:], name, first_line)
        return
    whole = _decode(data)
    if isinstance(whole, _Undecodable):
        yield BadRecord("NEC422", name, first_line + whole.line, whole.problem)


def _is_record(line: bytes) -> bool:
    document = _decode(line) if line.lstrip().startswith(b"{") else None
    return isinstance(document, dict) and isinstance(form_of(document), Form)


def _record_arrivals(document: Json, form: Form, name: str, line: int) -> Iterator[Read]:
    try:
        match form:
            case Form.TYPED:
                stored = read_stored(document)
                yield Arrival(
                    stored.trace.trace_id,
                    stored.trace.spans,
                    stored.start_time_ns,
                    stored.sample_rate,
                    rate_is_of_root=True,
                    source=stored.source,
                )
            case Form.OTLP:
                yield from _request_arrivals(read_json(document))
            case Form.JAEGER_V3:
                inner = document.get("result") if isinstance(document, dict) else None
                yield from _request_arrivals(read_json(inner))
    except OtlpError as error:
        yield BadRecord("NEC420", name, line, f"Refinery refuses this request: {error}")
    except RecursionError:
        yield BadRecord("NEC420", name, line, "a value is nested too deeply")
    except StoredTraceError as error:
        yield BadRecord("NEC422", name, line, str(error))


def _request_arrivals(request: Request) -> Iterator[Arrival | Untraced]:
    for events in events_of(request):
        by_trace: dict[str, list[int]] = {}
        for index, event in enumerate(events):
            by_trace.setdefault(event.trace_id, []).append(index)
        for trace_id, indexes in by_trace.items():
            if not trace_id:
                yield Untraced(len(indexes))
                continue
            group = [events[index] for index in indexes]
            times = [event.time_ns for event in group if event.time_ns > 0]
            yield Arrival(
                trace_id,
                tuple(event.as_span() for event in group),
                min(times, default=0),
                group[-1].weight,
                rate_is_of_root=any(event.root for event in group),
            )

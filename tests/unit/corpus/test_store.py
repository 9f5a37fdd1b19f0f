"""The corpus on disk: what is read, what is left out and told, what survives a failure."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from nectarc.corpus.gathering import Progress
from nectarc.corpus.store import Corpus, read_corpus, read_traces
from nectarc.trace import Float32, Span, Uint64


def _span(trace: str = "01", span: str = "02", **members: object) -> dict[str, Any]:
    return {"traceId": trace * 16, "spanId": span * 8, "name": "work", **members}


def _request(*spans: dict[str, Any]) -> dict[str, Any]:
    return {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}


def _lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def _write(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def _problems(result: Corpus) -> list[tuple[str, str]]:
    return [(found.code, found.headline) for found in result.diagnostics()]


# --- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("one.json", json.dumps(_request(_span()))),
        ("pretty.json", json.dumps(_request(_span()), indent=2)),
        ("bom.json", "\ufeff" + json.dumps(_request(_span()), indent=2)),
        ("lines.jsonl", _lines(_request(_span())) + "\n"),
        ("jaeger.json", json.dumps({"result": _request(_span())})),
        ("lines.jsonl.gz", gzip.compress(_lines(_request(_span())).encode())),
        ("crlf.jsonl", _lines(_request(_span())).replace("\n", "\r\n")),
        ("noname", json.dumps(_request(_span()))),
        ("request.pb", bytes.fromhex("0a20121e121c0a10" + "01" * 16 + "12080202020202020202")),
    ],
    ids=lambda case: case if isinstance(case, str) and len(case) < 20 else "",
)
def test_every_form_is_told_by_its_content(tmp_path: Path, name: str, content: str | bytes) -> None:
    corpus = read_corpus(_write(tmp_path, name, content))

    assert _problems(corpus) == []
    (stored,) = corpus.traces
    assert stored.trace.trace_id == "01" * 16
    assert stored.trace.spans[0].fields["trace.span_id"] == "02" * 8
    assert stored.trace.root is stored.trace.spans[0]


def test_spans_of_a_trace_gather_in_file_order_with_start_and_rate(tmp_path: Path) -> None:
    rate = [{"key": "sampleRate", "value": {"intValue": "20"}}]
    late = _span(span="0a", parentSpanId="0b" * 8, startTimeUnixNano="900", attributes=rate)
    other = _span(trace="05")
    root = _span(span="0b", startTimeUnixNano="300", attributes=rate)
    path = _write(tmp_path, "t.jsonl", _lines(_request(late), _request(other, root)))

    first, second = read_corpus(path).traces

    ids = [span.fields["trace.span_id"] for span in first.trace.spans]
    assert ids == ["0a" * 8, "0b" * 8]
    assert (first.start_time_ns, first.sample_rate, first.source) == (300, 20.0, path)
    assert (second.start_time_ns, second.sample_rate) == (0, 1.0)


def test_typed_lines_keep_their_types_and_what_they_lack(tmp_path: Path) -> None:
    record = {"id": "t", "root": 0, "spans": [{"a": {"u": "5"}, "b": {"f32": "1.5"}, "c": None}]}

    (stored,) = read_corpus(_write(tmp_path, "t.jsonl", _lines(record))).traces

    assert stored.trace.spans == (Span({"a": Uint64(5), "b": Float32(1.5), "c": None}, True),)


def test_bad_lines_are_located_and_the_rest_is_kept(tmp_path: Path) -> None:
    good = [_lines(_request(_span(trace=trace))).encode() for trace in ("01", "02", "03", "04")]
    bad_time = _lines(_request(_span(startTimeUnixNano=5))).encode()
    content = good[0] + b'{"resourceSp\n' + good[1] + b"\xff\xfe{}\n" + good[2] + bad_time + good[3]
    content += b'{"data": 1}\n{"id": "x", "spans": []}\n[[' + b"[" * 100_000

    corpus = read_corpus(_write(tmp_path, "t.jsonl", content))

    assert len(corpus.traces) == 4
    places = [(record.code, record.line) for record in corpus.read.bad_records]
    assert places == [
        ("NEC422", 2),
        ("NEC422", 4),
        ("NEC420", 6),
        ("NEC422", 8),
        ("NEC422", 9),
        ("NEC422", 10),
    ]
    assert "t.jsonl:6`: Refinery refuses this request: resourceSpans[0]" in _problems(corpus)[2][1]


def test_a_bad_first_line_does_not_hide_the_others(tmp_path: Path) -> None:
    content = '{"resourceSpans": [{"cut\n' + _lines(_request(_span()))

    corpus = read_corpus(_write(tmp_path, "t.jsonl", content))

    assert len(corpus.traces) == 1
    assert [record.line for record in corpus.read.bad_records] == [1]


def test_a_truncated_document_is_located_where_it_breaks(tmp_path: Path) -> None:
    text = json.dumps(_request(_span()), indent=2)[:-20]

    corpus = read_corpus(_write(tmp_path, "t.json", text))

    (record,) = corpus.read.bad_records
    assert (record.code, record.line) == ("NEC422", text.count("\n") + 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b'{"data":[{"a":"b"}]}', "JSON of another kind"),
        (b'[{"traceId":"a","name":"c"}]', "a span without an id"),
        (b"[[{}]]", "JSON of another kind"),
        (b'{"resourceLogs":[]}', "OTLP logs"),
        (b'{"data":{"a":"b"}}', "JSON events"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x7fELF\x00\x00", "binary data"),
        (b"\xff\xfe\xfd\xfc\xfb\xfa\xf9", "not UTF-8"),
        (b"hello", "text that is not JSON"),
        (b"\n\x00\x01\x02 not a message", "binary data"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' + b"9" * 5000 + b"}", "too long"),
    ],
)
def test_other_content_is_named_and_never_raises(
    tmp_path: Path, content: bytes, words: str
) -> None:
    corpus = read_corpus(_write(tmp_path, "t", content))

    assert corpus.traces == ()
    (found,) = corpus.diagnostics()
    assert words in found.headline
    is_json_at_least = words in {"nested too deeply", "too long"}
    assert found.code == ("NEC422" if is_json_at_least else "NEC421")
    assert found.why


def test_broken_protobuf_is_a_refused_request(tmp_path: Path) -> None:
    corpus = read_corpus(_write(tmp_path, "t.pb", b"\x0a\x7f123"))

    assert [code for code, _ in _problems(corpus)] == ["NEC420"]


def test_a_cut_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    lines = "".join(_lines(_request(_span(trace=f"{n:02x}"))) for n in range(1, 200))
    whole = gzip.compress(lines.encode(), compresslevel=0)

    corpus = read_corpus(_write(tmp_path, "t.jsonl.gz", whole[: len(whole) // 2]))

    assert 0 < len(corpus.traces) < 199
    assert "NEC423" in [code for code, _ in _problems(corpus)]


@pytest.mark.parametrize("name", ["missing.json", "no*match.json", "a\0b"])
def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path, name: str) -> None:
    corpus = read_corpus(f"{tmp_path}/{name}")

    assert [code for code, _ in _problems(corpus)] == ["NEC400"]


def test_folders_globs_and_standard_input_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "a/deep/one.json", json.dumps(_request(_span(trace="01"))))
    _write(tmp_path, "a/two.jsonl", _lines(_request(_span(trace="02"))))
    _write(tmp_path, "a/README.md", "not traces")
    _write(tmp_path, "a/.hidden.json", "not read")
    _write(tmp_path, "b1.json", json.dumps(_request(_span(trace="03"))))
    stdin = io.TextIOWrapper(io.BytesIO(_lines(_request(_span(trace="04"))).encode()))
    monkeypatch.setattr(sys, "stdin", stdin)

    corpus = read_traces([str(tmp_path / "a"), str(tmp_path / "b?.json"), "-"])

    assert [stored.trace.trace_id[:2] for stored in corpus.traces] == ["01", "02", "03", "04"]
    assert corpus.read.skipped == (str(tmp_path / "a" / "README.md"),)
    assert corpus.traces[3].source == "<stdin>"


def test_a_request_without_spans_says_that_there_is_no_trace(tmp_path: Path) -> None:
    corpus = read_corpus(_write(tmp_path, "t.json", '{"resourceSpans": []}'))

    assert [code for code, _ in _problems(corpus)] == ["NEC425"]


def test_events_without_a_trace_id_are_counted_apart(tmp_path: Path) -> None:
    path = _write(tmp_path, "t.json", json.dumps(_request({"name": "lost"}, _span())))

    corpus = read_corpus(path)

    assert (len(corpus.traces), corpus.read.untraced) == (1, 1)


def test_progress_is_told_by_file(tmp_path: Path) -> None:
    path = _write(tmp_path, "t.jsonl", _lines(_request(*[_span()] * 1500)))
    told: list[Progress] = []

    read_corpus(path, progress=told.append)

    assert told[0] == Progress(path, 0)
    assert told[-1].spans >= 1000

"""Documents of any size and in any state: every record before and after a mistake is kept."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.unit.corpus.format_files import Found, read, read_bytes


def _span(number: int, **members: object) -> dict[str, Any]:
    return {"traceId": "1" * 32, "id": f"{number:x}", "name": "work", **members}


def _spans(count: int) -> list[dict[str, Any]]:
    return [_span(number) for number in range(1, count + 1)]


def _otlp(count: int) -> dict[str, Any]:
    return {
        "resourceSpans": [
            {"scopeSpans": [{"spans": [{"traceId": "1" * 32, "spanId": f"{n:016x}"}]}]}
            for n in range(1, count + 1)
        ]
    }


def _ids(found: Found) -> list[int]:
    return [int(str(one), 16) for one in found.values("trace.span_id")]


@pytest.mark.parametrize("indent", [None, 1])
def test_a_list_cut_in_half_keeps_its_first_half(tmp_path: Path, indent: int | None) -> None:
    text = json.dumps(_spans(100), indent=indent)

    found = read_bytes(tmp_path, text[: len(text) // 2])

    assert 45 <= len(found.spans) <= 50
    ((code, line, problem),) = found.bad
    assert code == "NEC422"
    assert line == text[: len(text) // 2].count("\n") + 1
    assert problem.startswith(f"[{len(found.spans)}]: ")


def test_a_request_cut_in_half_keeps_its_first_resources(tmp_path: Path) -> None:
    text = json.dumps(_otlp(20))

    found = read_bytes(tmp_path, text[: len(text) // 2])

    assert _ids(found) == list(range(1, len(found.spans) + 1))
    assert 8 <= len(found.spans) <= 10
    assert [code for code, _, _ in found.bad] == ["NEC422"]


@pytest.mark.parametrize(
    "broken",
    [
        '{"traceId": "1", "id": tru}',
        '{"traceId": "1", id: "2"}',
        '{"traceId": "1" "id": "2"}',
        '{"traceId": "\t", "id": [1, 2}',
        "tru",
        '{"id": "\udcff"}',
    ],
)
def test_a_broken_item_does_not_hide_the_ones_after_it(tmp_path: Path, broken: str) -> None:
    first, *rest = (json.dumps(span) for span in _spans(5))
    text = "[\n" + ",\n".join([first, broken, *rest]) + "\n]"

    found = read_bytes(tmp_path, text.encode("utf-8", "surrogateescape"))

    assert _ids(found) == [1, 2, 3, 4, 5]
    assert [(code, line) for code, line, _ in found.bad] == [("NEC422", 3)]
    assert found.bad[0][2].startswith("[1]: not ")


def test_half_a_character_in_an_escape_is_read_as_refinery_reads_it(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, '[\n{"traceId":"1","id":"1","name":"\\ud800"}]')

    assert found.values("name") == ["\\ud800"]


def test_documents_one_after_another(tmp_path: Path) -> None:
    text = json.dumps(_spans(2), indent=1) + "\n" + json.dumps({"data": []}, indent=1)

    assert len(read_bytes(tmp_path, text + json.dumps(_spans(3), indent=1)).spans) == 5


def test_a_large_document_is_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nectarc.corpus.json_records._WHOLE_CHARS_MAX", 10_000)
    monkeypatch.setattr("nectarc.corpus.json_records._LINE_BYTES_MAX", 1_000)
    monkeypatch.setattr("nectarc.corpus.json_window._BLOCK_BYTES", 100)
    jaeger = {
        "total": 0,
        "data": [
            {
                "traceID": f"{n:x}",
                "processes": {"p": {"serviceName": "\u00e4", "tags": []}},
                "spans": [{"traceID": f"{n:x}", "spanID": "1", "processID": "p"}],
            }
            for n in range(1, 300)
        ],
        "errors": None,
    }
    hits = {"took": 1, "hits": {"total": 9, "hits": [{"_source": span} for span in _spans(300)]}}

    for indent in (None, 2):
        found = read_bytes(tmp_path, json.dumps(jaeger, indent=indent, ensure_ascii=False))
        assert (found.bad, len(found.traces)) == ([], 299)
        assert set(found.values("service.name")) == {"\u00e4"}
        found = read_bytes(tmp_path, json.dumps(hits, indent=indent))
        assert (found.bad, _ids(found)) == ([], list(range(1, 301)))
        found = read_bytes(tmp_path, json.dumps(_otlp(300), indent=indent))
        assert (found.bad, _ids(found)) == ([], list(range(1, 301)))
        found = read_bytes(tmp_path, json.dumps({"result": _otlp(300)}, indent=indent))
        assert (found.bad, _ids(found)) == ([], list(range(1, 301)))


@pytest.mark.parametrize(
    "text", ['{"data": [', '{"data"', '{"data": 5', '{"a": 1, 2}', "{", "[", '[{"a":', '{"hits": {']
)
def test_a_document_that_breaks_off_at_once_is_one_finding(tmp_path: Path, text: str) -> None:
    found = read_bytes(tmp_path, text)

    assert [code for code, _, _ in found.bad] == ["NEC422"]


def test_lines_with_a_broken_first_one(tmp_path: Path) -> None:
    lines = "\r\n".join(['{"traceId": "1", "id', *(json.dumps(span) for span in _spans(3000))])

    found = read_bytes(tmp_path, lines)

    assert len(found.spans) == 3000
    assert [(code, line) for code, line, _ in found.bad] == [("NEC422", 1)]


def test_records_of_another_kind_among_known_ones_are_told(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, json.dumps([_span(1), {"x": 1}, 5, _span(2)]))

    assert _ids(found) == [1, 2]
    assert [problem for _, _, problem in found.bad] == [
        "[1]: looks like JSON of another kind",
        "[2]: looks like a bare JSON value",
    ]


# --- packed --------------------------------------------------------------------------------------


def _lines(count: int) -> bytes:
    return "".join(json.dumps(span) + "\n" for span in _spans(count)).encode()


def test_zstd_and_gzip_in_several_parts(tmp_path: Path) -> None:
    zstd = zstandard.ZstdCompressor()
    data = _lines(300)
    for packed in (
        zstd.compress(data),
        zstd.compress(data[:1000]) + zstd.compress(data[1000:]),
        gzip.compress(data[:1000]) + gzip.compress(data[1000:]) + b"\0" * 512,
    ):
        found = read_bytes(tmp_path, packed, "t.jsonl.zst")
        assert (found.bad, len(found.spans)) == ([], 300)


@pytest.mark.parametrize("kind", ["gzip", "zstd", "list"])
def test_damaged_data_keeps_what_came_before(tmp_path: Path, kind: str) -> None:
    data = json.dumps(_spans(50_000)).encode() if kind == "list" else _lines(50_000)
    packed = gzip.compress(data) if kind != "zstd" else zstandard.ZstdCompressor().compress(data)

    found = read_bytes(tmp_path, packed[: len(packed) * 3 // 4])

    assert 1_000 < len(found.spans) < 50_000
    assert ("NEC423", 0) in [(code, line) for code, line, _ in found.bad]


@pytest.mark.parametrize("data", [b"\x1f\x8b", b"\x1f\x8b\x08" + b"\xff" * 50, b"\x28\xb5\x2f\xfd"])
def test_nothing_but_damage_is_one_finding(tmp_path: Path, data: bytes) -> None:
    assert [code for code, _, _ in read_bytes(tmp_path, data).bad] == ["NEC423"]


def test_a_packed_file_with_nothing_in_it_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "t.json.gz"
    path.write_bytes(gzip.compress(b""))

    assert [code for code, _, _ in read(path).bad] == ["NEC421"]

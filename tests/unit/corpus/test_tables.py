"""Tables of spans: maps of columns, rows and their mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from nectarc.corpus.formats.csv_map import CsvMap, find_map, parse_csv_map, ready_made_maps
from nectarc.diagnostic import Diagnostic
from tests.unit.corpus.format_files import Found, read

_HEADER = "trace,span,parent,svc,op,begin,took,failed,code,note\n"
_MAP = (
    "trace_id=trace,span_id=span,parent_id=parent,roots=none|-,service=svc,name=op,start=begin,"
    "duration=took,unit=ms,error=failed,ints=code"
)


def _map(text: str) -> CsvMap:
    found = parse_csv_map(text)
    assert isinstance(found, CsvMap), found
    return found


def _read(folder: Path, content: str, columns: str = _MAP) -> Found:
    path = folder / "t.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return read(path, _map(columns))


def test_a_row_becomes_a_span(tmp_path: Path) -> None:
    found = _read(tmp_path, _HEADER + "T,S,-,shop,GET,1000,2.5,True,503,\n")

    (span,) = found.spans
    assert span.is_root
    assert found.arrivals[0].time_ns == 1_000_000_000
    fields = span.fields
    assert (fields["trace.trace_id"], fields["trace.span_id"], fields["name"]) == ("T", "S", "GET")
    assert (fields["service.name"], fields["duration_ms"], fields["code"]) == ("shop", 2.5, 503)
    assert (fields["error"], fields["status_code"]) == (True, 2)
    assert fields.keys().isdisjoint({"note", "trace", "failed", "trace.parent_id", "begin"})


def test_bad_rows_are_located_and_the_rest_is_kept(tmp_path: Path) -> None:
    rows = [
        'T,A,none,shop,"two\nlines",1,1,no,1,x',
        "T,B,A,shop,GET,soon,1,no,1,",
        "T,C,A,shop",
        "T,,A,shop,GET,1,1,no,1,",
        "T,D,A,shop,GET,1,1,no,many,",
        ",E,A,shop,GET,1,1,no,1,",
        "",
        "T,F,A,shop,GET,1,1e999999999,no,1,",
        "T,G,A,shop,GET,-5,1,no,1,",
        "T,H,A,shop,GET,,,,,",
    ]

    found = _read(tmp_path, _HEADER + "\n".join(rows) + "\n")

    assert found.values("trace.span_id") == ["A", "H"]
    assert found.untraced == 1
    assert [(code, line) for code, line, _ in found.bad] == [
        ("NEC422", line) for line in (4, 5, 6, 7, 10, 11)
    ]
    assert "4 cells instead of 10" in found.bad[1][2]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_a_byte_order_mark(tmp_path: Path, delimiter: str) -> None:
    content = "\ufeff" + (_HEADER + "T,S,,shop,GET,1,1,0,7,n\r\n").replace(",", delimiter)

    assert _read(tmp_path, content).values("note") == ["n"]


def test_bytes_that_are_no_utf8_are_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(_HEADER.encode() + b"T,S,,sh\xffop,GET,1,1,0,7,n\nT,U,,shop,G,1,1,0,7,\n")

    found = read(path, _map(_MAP))

    assert found.values("trace.span_id") == ["U"]
    assert found.bad == [("NEC422", 2, "no span: not UTF-8: byte 0xff")]


def test_a_quote_that_never_ends_does_not_eat_the_memory(tmp_path: Path) -> None:
    rows = "T,S,,shop,GET,1,1,0,7,n\n" * 20_000

    found = _read(tmp_path, _HEADER + 'T,"S,,shop\n' + rows)

    assert found.bad[0][:2] == ("NEC422", 2)
    assert "field limit" in found.bad[0][2]
    assert len(found.spans) > 10_000


def test_a_table_with_unknown_columns_asks_for_a_map(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(_HEADER + "T,S,,shop,GET,1,1,0,7,n\n")

    assert [(code, line) for code, line, _ in read(path).bad] == [("NEC435", 1)]


def test_a_map_for_another_table_names_the_columns_missing(tmp_path: Path) -> None:
    found = _read(tmp_path, _HEADER, "trace_id=trace,span_id=SPAN,name=op")

    assert found.bad == [("NEC435", 1, "the table has no column `SPAN`")]


def test_a_ready_made_map_is_known_by_the_header(tmp_path: Path) -> None:
    header = "TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,X\n"
    rows = "t,a,root,front-end-7d9f8b6c5d-x2x9k,op,5,1000005,1\nt,b,a,db-0,op,6,6,\n"
    path = tmp_path / "t.csv"
    path.write_text(header + rows)

    found = read(path)

    assert found.bad == []
    assert found.values("service.name") == ["front-end", "db-0"]
    assert found.values("k8s.pod.name") == ["front-end-7d9f8b6c5d-x2x9k", "db-0"]
    assert [span.is_root for span in found.spans] == [True, False]
    assert found.values("X") == ["1", None]


def test_ready_made_maps_are_named_and_found_by_their_columns() -> None:
    assert set(ready_made_maps()) == {"nezha", "skywalking"}
    for name, one in ready_made_maps().items():
        assert _map(name) == one == find_map([*one.columns, "more"])
    assert find_map(["TraceID"]) is None


def test_a_map_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(
        'trace_id = "t"\nspan_id = "s"\nkind = "k"\nkinds = { In = "server" }\nstart = "at"\n'
        'unit = "iso"\nbools = ["b"]\nfloats = ["f"]\nrenamed = { f = "load" }\nignored = ["no"]\n'
    )

    found = _read(tmp_path, "t,s,k,at,b,f,no\n1,2,In,1970-01-01T00:00:01Z,yes,1.5,9\n", str(path))

    fields = found.spans[0].fields
    assert (fields["span.kind"], fields["b"], fields["load"]) == ("server", True, 1.5)
    assert found.arrivals[0].time_ns == 10**9
    assert "no" not in fields


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("nesha", "NEC436", "did you mean `nezha`?"),
        ("trace_id=a", "NEC436", "needs `span_id`"),
        ("trace_id=a,span_id=b,servise=c", "NEC436", "did you mean `service`?"),
        ("trace_id=a,span_id", "NEC436", "is not of the form `key=column`"),
        ("trace_id=a,span_id=b,unit=h", "NEC436", "must be one of"),
        ("trace_id=a,span_id=b,service_pattern=(", "NEC436", "no regular expression"),
        ("trace_id=a,span_id=b,service_pattern=x", "NEC436", "needs a group"),
        ("trace_id=a,span_id=b,kinds=c", "NEC436", "must be a table"),
        ("missing.toml", "NEC400", "missing.toml"),
    ],
)
def test_mistakes_in_a_map_are_told(text: str, code: str, words: str) -> None:
    found = parse_csv_map(text)

    assert isinstance(found, Diagnostic)
    assert found.code == code
    assert words in f"{found.headline} {found.help}"


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text("trace_id =")

    found = parse_csv_map(str(path))

    assert isinstance(found, Diagnostic)
    assert "is no TOML" in found.headline

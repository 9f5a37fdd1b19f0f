"""What `nectarc ingest` draws on a terminal while it reads, and what is left there afterwards."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.process import ROOT, SHOP, run
from tests.shared_data import SHARED, requires_shared

NEZHA = SHARED / "data" / "traces" / "nezha" / "nezha_online-boutique_2022-08-22_spans.csv.gz"
# Carriage return, clear to the end of the line.
CLEAR = "\r\x1b[K"


def _on_terminal(cwd: Path, *words: str) -> tuple[int, str]:
    """Run nectarc with its stderr on a terminal; return its status and what was drawn there."""
    import pty  # noqa: PLC0415 - not on Windows

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "nectarc.cli.main", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    drawn = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # Linux says so where nobody has the other end any more
            break
        if not piece:
            break
        drawn += piece
    os.close(ours)
    return process.wait(timeout=60), drawn.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
def test_a_terminal_shows_the_file_and_the_speed_and_nothing_stays(tmp_path: Path) -> None:
    status, drawn = _on_terminal(
        tmp_path, "ingest", str(SHOP / "corpus"), "--into", str(tmp_path / "c")
    )

    assert status == 0
    shown = drawn.split(CLEAR)
    assert any(
        re.fullmatch(r"reading \S.*: [\d,]+ spans, [\d,]+ a second", line) for line in shown
    ), drawn
    assert any("shop" in line or "corpus" in line for line in shown)
    assert drawn.endswith(CLEAR), "the last line is cleared"
    assert "\n" not in drawn
    assert [path.name for path in (tmp_path / "c").iterdir() if path.name.startswith(".")] == []


@requires_shared
def test_a_raw_table_with_a_known_header_is_a_corpus(tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415 - here only

    with gzip.open(NEZHA, "rt", newline="") as packed:
        rows = [row for _, row in zip(range(2000), csv.reader(packed), strict=False)]
    with gzip.open(tmp_path / "nezha.csv.gz", "wt", newline="") as made:
        csv.writer(made).writerows(rows)
    run("init", "shop", cwd=tmp_path)

    ran = run("explain", "policy.toon", "--corpus", "../nezha.csv.gz", cwd=tmp_path / "shop")

    assert ran.status in (0, 1), ran.err
    traces = {row[rows[0].index("TraceID")] for row in rows[1:]}
    assert f"{len(traces):,}" in ran.out + ran.err
    assert "NEC435" not in ran.err

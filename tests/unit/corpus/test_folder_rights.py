"""Folders that the user may not write, or not even enter, are findings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nectarc.corpus.ingesting import ingest


def _traces(folder: Path, first: int, end: int) -> str:
    path = folder / f"{first}.jsonl"
    lines = [f'{{"id":"{n:032x}","root":0,"spans":[{{"name":"GET"}}]}}' for n in range(first, end)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.mark.skipif(os.name != "posix", reason="needs users")
def test_a_folder_that_cannot_be_written_is_a_finding(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    ingest([_traces(tmp_path, 0, 5)], corpus)
    path = _traces(tmp_path, 5, 9)
    program = f"""
import os
from nectarc.corpus.ingesting import ingest
if os.getuid() == 0: os.setuid(65534)
report = ingest([{path!r}], {str(corpus)!r})
print(report.is_stored, report.traces, *(found.code for found in report.diagnostics()))
"""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and "pytest" in str(folder):
            folder.chmod(0o755)  # pytest lets nobody else in
    corpus.chmod(0o555)

    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    corpus.chmod(0o755)
    assert ran.stdout.split() == ["False", "5", "NEC403"], ran.stderr


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs root, to be another")
def test_a_folder_that_may_not_be_entered_is_a_finding(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o700)
    path = _traces(tmp_path, 0, 1)
    program = f"""
import os
from nectarc.corpus.ingesting import ingest
os.setuid(65534)
report = ingest([{path!r}], {str(shut / "corpus")!r})
print(report.is_stored, *(found.code for found in report.diagnostics()))
"""

    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert ran.stdout.split()[0] == "False", ran.stderr
    assert "NEC403" in ran.stdout

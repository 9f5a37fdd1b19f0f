"""What is laid aside during an ingest is its own: no other process finds, reuses or removes it."""

from __future__ import annotations

import errno
import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import pytest

from nectarc.corpus import spill, store_writer
from nectarc.corpus.gathering import Progress
from nectarc.corpus.ingesting import ingest
from nectarc.corpus.store import CorpusStore, open_traces, read_corpus
from nectarc.corpus.store_manifest import HeldFolder, Manifest, leftovers, temporary_name

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs locks of folders")


def _traces(folder: Path, name: str, first: int, end: int) -> str:
    spans = [{"name": "GET", "n": 1}, {"name": "SELECT"}]
    lines = (
        json.dumps({"id": f"{number:032x}", "root": 0, "spans": spans}) + "\n"
        for number in range(first, end)
    )
    path = folder / name
    path.write_text("".join(lines))
    return str(path)


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let arrivals go to disk soon, into many partitions."""
    monkeypatch.setattr(store_writer, "PARTITION_SPANS", 5)
    monkeypatch.setattr(spill.Spill.__init__, "__kwdefaults__", {"shift": 0, "held_max": 40})


class _Disk(io.FileIO):
    """A temporary file on a disk with a fault."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(path, "w+b")
        self._fault = fault

    def write(self, data: object, /) -> int:
        if self._fault == "full":
            raise OSError(errno.ENOSPC, "No space left on device")
        assert isinstance(data, memoryview)
        return super().write(data[:7] if self._fault == "piecemeal" else data)

    def read(self, size: int | None = -1, /) -> bytes:
        if self._fault == "piecemeal":
            size = min(5, size or 5)
        data = super().read(size) or b""
        if self._fault == "cut":
            return data[: len(data) // 2] if len(data) > 1 else b""
        return data[:-1] + b"?" if self._fault == "damaged" else data


@pytest.fixture
def _faulty_disk(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def make(**_options: object) -> IO[bytes]:
        return _Disk(tmp_path / "spilled", request.param)

    monkeypatch.setattr(tempfile, "TemporaryFile", make)


@pytest.mark.parametrize(
    ("_faulty_disk", "words"),
    [
        ("full", "No space left on device"),
        ("cut", "cannot be read back as it was written"),
        ("damaged", "cannot be read back as it was written"),
    ],
    indirect=["_faulty_disk"],
)
@pytest.mark.usefixtures("_faulty_disk")
def test_a_fault_of_the_disk_is_a_finding_and_changes_nothing(tmp_path: Path, words: str) -> None:
    corpus = tmp_path / "corpus"
    assert ingest([_traces(tmp_path, "1.jsonl", 0, 10)], corpus).is_stored
    before = {path.name: path.read_bytes() for path in corpus.iterdir()}

    report = ingest([_traces(tmp_path, "2.jsonl", 10, 200)], corpus)
    (found,) = report.diagnostics()

    assert (found.code, report.is_stored, report.traces) == ("NEC403", False, 10)
    assert words in found.headline.replace("no space", "No space")
    assert {path.name: path.read_bytes() for path in corpus.iterdir()} == before


@pytest.mark.parametrize("_faulty_disk", ["piecemeal"], indirect=True)
@pytest.mark.usefixtures("_faulty_disk")
def test_a_file_that_takes_and_gives_few_bytes_at_once_is_no_fault(tmp_path: Path) -> None:
    report = ingest([_traces(tmp_path, "1.jsonl", 0, 60)], tmp_path / "corpus")

    assert (report.is_stored, report.traces, report.spans) == (True, 60, 120)


@pytest.mark.parametrize("_faulty_disk", ["damaged"], indirect=True)
@pytest.mark.usefixtures("_faulty_disk")
def test_raw_exports_on_a_faulty_disk_are_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nectarc.corpus.store.HELD_SPANS", 10)

    with open_traces(_traces(tmp_path, "1.jsonl", 0, 100)) as store:
        assert [found.code for found in store.diagnostics()] == ["NEC403"]


def test_the_corpus_may_be_replaced_while_an_ingest_runs(tmp_path: Path) -> None:
    """The spilled file of the first was made anew, with its end only, where the second worked."""
    corpus = tmp_path / "corpus"
    second = _traces(tmp_path, "2.jsonl", 500, 600)
    is_replaced = False

    def replace_it(progress: Progress) -> None:
        nonlocal is_replaced
        if progress.spans >= 1000 and not is_replaced:
            is_replaced = True
            shutil.rmtree(corpus)
            assert ingest([second], corpus).is_stored

    first = ingest([_traces(tmp_path, "1.jsonl", 0, 1000)], corpus, progress=replace_it)

    assert is_replaced
    assert (first.is_stored, [found.code for found in first.diagnostics()]) == (False, ["NEC427"])
    assert CorpusStore.open(str(corpus)).trace_count == 100
    assert len(read_corpus(corpus).traces) == 100
    assert not [path.name for path in corpus.iterdir() if path.name.startswith(".")]


def test_the_folder_of_a_live_ingest_is_no_leftover(tmp_path: Path) -> None:
    path = tmp_path / temporary_name("0123456789ab")
    held = HeldFolder(path)

    while_open = leftovers(str(tmp_path), Manifest())
    held.close()

    assert while_open == ()
    assert leftovers(str(tmp_path), Manifest()) == (path,)


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    paths = [_traces(tmp_path, f"{n}.jsonl", 1000 * n, 1000 * n + 1000) for n in range(2)]
    program = """
import sys
from nectarc.corpus import spill, store_writer
from nectarc.corpus.ingesting import ingest
spill.Spill.__init__.__kwdefaults__["held_max"] = 40
store_writer.PARTITION_SPANS = 50
while True:
    report = ingest([sys.argv[1]], sys.argv[2])
    codes = [found.code for found in report.diagnostics()]
    assert codes == ([] if report.is_stored else ["NEC427"]), codes
    if report.is_stored:
        break
"""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, path, str(corpus)], stderr=subprocess.PIPE, text=True
        )
        for path in paths
    ]

    errors = [process.communicate()[1] for process in running]

    assert errors == ["", ""]
    assert CorpusStore.open(str(corpus)).trace_count == 2000
    assert {one.trace.trace_id for one in read_corpus(corpus).traces} == {
        f"{number:032x}" for number in range(2000)
    }

"""Files changed at random: a finding or a trace for each, never an exception, never silence."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Final

import pytest

from tests.shared_data import SHARED, requires_shared
from tests.unit.corpus.format_files import read

pytestmark = requires_shared

_TRACES: Final = SHARED / "data" / "traces"
_SIZE_MAX: Final = 120_000
_PIECES: Final = (
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"null", b"1e999", b"-1", b"true", b"\xff", b"\n",
    b"9" * 30, b'"\\ud800"', b"\\", b"[]", b"{}", b"0", b'""', b"\x00", b"NaN", b"\xf0\x9f", b";",
)  # fmt: skip


def _small_files() -> list[Path]:
    files = sorted(path for path in _TRACES.rglob("*") if path.is_file())
    return [path for path in files if path.stat().st_size < _SIZE_MAX]


def _nezha_start() -> bytes:
    path = _TRACES / "nezha" / "nezha_train-ticket_2023-01-29_spans.csv.gz"
    with gzip.open(path) as file:
        return file.read(20_000)


def _changed(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(5):
            case 0:
                del changed[at:]
            case 1:
                del changed[at : at + chance.randint(1, 20)]
            case 2:
                changed[at:at] = chance.choice(_PIECES)
            case 3:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                begin = chance.randrange(len(changed) + 1)
                changed[at:at] = changed[begin : begin + chance.randint(1, 200)]
    return bytes(changed)


def _check(folder: Path, seeds: range) -> None:
    files = _small_files()
    contents = [(path.suffix, path.read_bytes()) for path in files] + [(".csv", _nezha_start())]
    for seed in seeds:
        chance = random.Random(seed)
        suffix, content = chance.choice(contents)
        data = _changed(content, chance)
        if chance.random() < 0.1:
            data = _changed(gzip.compress(data), chance)
        path = folder / f"t{suffix}"
        path.write_bytes(data)

        found = read(path)

        assert found.arrivals or found.bad or found.untraced or _holds_nothing(data), seed
        assert not found.problems, seed


def _holds_nothing(data: bytes) -> bool:
    """Say whether no trace is what the file really says: no item, no row, an empty message."""
    return len(data) < 200 or data.count(b"\n") == 0 or b'"data": []' in data


def test_changed_files_are_read_without_an_exception(tmp_path: Path) -> None:
    _check(tmp_path, range(200))


@pytest.mark.fuzz
def test_many_changed_files_are_read_without_an_exception(tmp_path: Path) -> None:
    _check(tmp_path, range(1_000, 3_000))

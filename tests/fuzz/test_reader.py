"""Random bytes, truncated and mutated policies: no exception, no hang, no runaway memory.

`make fuzz` runs them for NECTARC_FUZZ_SECONDS (300) from NECTARC_SEED on; the ordinary tests run
the first inputs of one seed. An input that fails is written to a file, whose name is printed.
"""

from __future__ import annotations

import os
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

import pytest

from tests.fuzz.hostile_policies import hostile_input, save, seeds
from tests.fuzz.whole_chain import run_chain

_ORDINARY: Final = 300
_GROWTH_MAX: Final = 256 * 1024 * 1024
_KINDS_SHOWN: Final = 20


class Run:
    """The counts of one run, and one input for each kind of failure."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.counts: Counter[str] = Counter()
        self.failures: dict[str, str] = {}
        self._folder = folder

    def take(self, places: Iterable[int]) -> None:
        """Run the inputs at `places`."""
        for place in places:
            data = hostile_input(self.seed, place)
            try:
                self.counts[run_chain(data, self._folder / "policy.toon")] += 1
            except Exception as error:  # noqa: BLE001 - each kind of failure is reported once
                self._failed(place, data, error)

    def _failed(self, place: int, data: bytes, error: Exception) -> None:
        self.counts["failed"] += 1
        where = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
        if kind not in self.failures:
            path = save(data, self._folder / "failed", f"seed-{self.seed}-place-{place}")
            self.failures[kind] = f"{kind}, {path}: {str(error)[:300]}"

    def told(self) -> str:
        """Return the counts as a line."""
        counts = ", ".join(f"{number} {name}" for name, number in sorted(self.counts.items()))
        return f"seed {self.seed}: {sum(self.counts.values())} inputs: {counts}"


def test_seeds_themselves_pass(tmp_path: Path) -> None:
    some = seeds()[::4]  # all of them go through the compiler in tests/vectors

    counts = Counter(run_chain(text.encode(), tmp_path / "policy.toon") for text in some)

    assert counts["compiled"] >= 3, counts


def test_broken_policies_get_findings_not_exceptions(tmp_path: Path) -> None:
    run = Run(20261122, tmp_path)

    run.take(range(_ORDINARY))

    assert list(run.failures.values()) == []
    assert run.counts["wrong"] > _ORDINARY // 3, run.told()
    assert run.counts["compiled"] + run.counts["refused"] > _ORDINARY // 10, run.told()


@pytest.mark.fuzz
def test_minutes_of_broken_policies_get_findings_not_exceptions(tmp_path: Path) -> None:
    seconds = float(os.environ.get("NECTARC_FUZZ_SECONDS", "300"))
    run = Run(int(os.environ.get("NECTARC_SEED", "0")), tmp_path)
    run.take(range(200))  # caches fill before memory is measured
    before = _memory_max()
    end = time.monotonic() + seconds

    place = 200
    while time.monotonic() < end:
        run.take(range(place, place + 50))
        place += 50

    growth = _memory_max() - before
    sys.stderr.write(f"{run.told()}; memory grew by {growth >> 20} MiB\n")
    assert list(islice(run.failures.values(), _KINDS_SHOWN)) == []
    assert growth <= _GROWTH_MAX


def _memory_max() -> int:
    """Return the most memory that the process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

"""Fair timing on a machine that does other things, too: interleaved runs, medians.

Owns: how things are timed. Must not know: what they are.
"""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple


class Spent(NamedTuple):
    """Seconds: of the clock on the wall, and of the processor (user and system)."""

    wall: float
    processor: float


def time_in_turns(jobs: Mapping[str, Callable[[], Spent]], runs: int) -> dict[str, Spent]:
    """Run each of `jobs` once for the caches, then all of them in turns; return their medians."""
    for job in jobs.values():
        job()
    spent: dict[str, list[Spent]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            spent[name].append(job())
    return {name: Spent(*map(median, zip(*all_, strict=True))) for name, all_ in spent.items()}


def process(words: Sequence[str], folder: Path) -> Callable[[], Spent]:
    """Return a job: the whole process `words` in `folder`, with warm caches of bytecode."""
    unwanted = {"PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME"}
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}

    def job() -> Spent:
        before, start = _children(), time.perf_counter()
        subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True)
        return Spent(time.perf_counter() - start, _children() - before)

    return job


def call(function: Callable[[], object]) -> Callable[[], Spent]:
    """Return a job: one call in this process, its garbage collected beforehand."""

    def job() -> Spent:
        gc.collect()
        before, start = time.process_time(), time.perf_counter()
        function()
        return Spent(time.perf_counter() - start, time.process_time() - before)

    return job


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

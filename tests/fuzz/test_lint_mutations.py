"""Ten thousand broken rules files: a verdict each, no exception, in bounded time.

`make fuzz` runs them from NECTARC_SEED on; the ordinary tests run the first of one seed. An input
that fails is written to a file, whose name is printed.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pytest

from nectarc.lint.context import LintContext
from nectarc.lint.main_config_traps import config_findings
from nectarc.lint.run import lint_rules
from nectarc.refinery.inputs import RulesInput, read_rules_files
from nectarc.refinery.located import locate
from nectarc.refinery.read_main_config import read_main_config
from nectarc.refinery.releases import RELEASES
from nectarc.source import NOWHERE, SourceText
from tests.fuzz.broken_rules import CONFIG, broken_config, broken_rules, seeds

_ORDINARY: Final = 400
_MANY: Final = 10_000
_SECONDS_MAX: Final = 10.0  # of one input, on a busy machine; most take milliseconds


class Run:
    """The counts of one run, and one input for each kind of failure."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.counts: Counter[str] = Counter()
        self.failures: dict[str, str] = {}
        self.slowest = 0.0
        self._folder = folder

    def take(self, places: Iterable[int]) -> None:
        """Lint the inputs at `places`."""
        for place in places:
            name, data = broken_rules(self.seed, place)
            inputs = [(name, data)]
            if place % 10 == 0:
                other, more = broken_rules(self.seed, place + 1)
                inputs.append((f"second-{other}", more))
            begin = time.monotonic()
            try:
                self.counts[lint(inputs, broken_config(self.seed, place))] += 1
            except Exception as error:  # noqa: BLE001 - each kind of failure is reported once
                where = traceback.extract_tb(error.__traceback__)[-1]
                kind = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
                self._failed(kind, str(error), place, name, data)
            taken = time.monotonic() - begin
            self.slowest = max(self.slowest, taken)
            if taken > _SECONDS_MAX:
                self._failed("slow", f"{taken:.1f} s", place, name, data)

    def _failed(self, kind: str, words: str, place: int, name: str, data: bytes) -> None:
        self.counts["failed"] += 1
        if kind not in self.failures:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"seed-{self.seed}-place-{place}-{Path(name).name}"
            path.write_bytes(data)
            self.failures[kind] = f"{kind}, {path}: {words[:300]}"

    def told(self) -> str:
        """Return the counts as a line."""
        counts = ", ".join(f"{number} {name}" for name, number in sorted(self.counts.items()))
        total = sum(self.counts.values())
        return f"seed {self.seed}: {total} files: {counts}; slowest {self.slowest:.2f} s"


def lint(inputs: Sequence[tuple[str, bytes]], configuration: str = CONFIG) -> str:
    """Lint one set of rules and return the verdict: "accepted" or "refused"; check what it says."""
    read = read_rules_files(inputs)
    loaded = read.loaded
    config, problems = read_main_config(SourceText.of("refinery.yaml", configuration))
    assert config is not None or problems
    release = RELEASES["2.9" if len(configuration) % 3 else "3.2"]
    context = LintContext(text=read.text, release=release, config=config)
    found = [*read.findings, *lint_rules(loaded, context), *problems]
    if config is not None and loaded.rules is not None and loaded.tree is not None:
        found += config_findings(config, locate(loaded.rules, loaded.tree))

    assert loaded.is_accepted == (loaded.rules is not None) == (not loaded.errors)
    assert loaded.is_accepted or found, "refused without a word"
    check_places(read)
    sizes = {text.file: len(text.text) for text in read.texts}
    for one in found:
        assert one.headline
        assert "\n" not in one.headline
        assert "\n" not in one.label
        size = sizes.get(one.source.file, len(configuration))
        assert one.source == NOWHERE or 0 <= one.source.start <= one.source.end <= size + 1, one
        for fix in one.fixes:
            assert read.text is not None, "a fix of what cannot be edited"
            for edit in fix.edits:
                assert edit.source.file == read.text.file
                assert 0 <= edit.source.start <= edit.source.end <= size, one
    return "accepted" if loaded.is_accepted else "refused"


def check_places(read: RulesInput) -> None:
    for part, text in zip(read.parts, read.texts, strict=True):
        assert part.text is text
    assert read.verdict.hash == read.loaded.hash


def test_seeds_themselves_get_a_verdict() -> None:
    counts = Counter(lint([("rules.yaml", text.encode())]) for text in seeds()[:40])

    assert counts["accepted"] >= 1, counts


def test_broken_rules_files_get_a_verdict_not_an_exception(tmp_path: Path) -> None:
    run = Run(20261123, tmp_path)

    run.take(range(_ORDINARY))

    assert list(run.failures.values()) == []
    assert run.counts["refused"] > _ORDINARY // 3, run.told()
    assert run.counts["accepted"] > _ORDINARY // 20, run.told()


@pytest.mark.fuzz
def test_ten_thousand_broken_rules_files_get_a_verdict(tmp_path: Path) -> None:
    run = Run(int(os.environ.get("NECTARC_SEED", "0")), tmp_path)

    run.take(range(_MANY))

    sys.stderr.write(f"{run.told()}\n")
    assert list(run.failures.values()) == []

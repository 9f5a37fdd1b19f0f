"""`nectarc diff` on rules that people have: its first screen, and the forms that it reads."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.process import ROOT, run, write
from tests.e2e.test_diff import POLICY, RULES, V2
from tests.shared_data import requires_shared


@requires_shared
def test_the_first_screen_shows_one_trace_that_is_lost_and_one_that_is_gained(
    tmp_path: Path,
) -> None:
    files = V2 / "raas-hnytest_2024-07.yaml", V2 / "raas-hnytest_2025-08.yaml"

    first = run("diff", *files, cwd=tmp_path).out.splitlines()
    whole = run("diff", *files, "--all", cwd=tmp_path).out.splitlines()

    assert len(first) <= 25
    marks = [line.split(" such as:")[0] for line in first if line.startswith(("- ", "+ "))]
    assert marks == [
        "- Traces with an error (`http.status >= 500`) that were kept and are dropped now,",
        "+ Traces that were dropped and are kept now,",
    ]
    assert first[-1] == "… and 7 more kinds; --all shows each with its rules and a trace"
    assert sum(1 for line in whole if line == "   For example:") == 10


@requires_shared
def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
    shown = page.partition("```console\n")[2].partition("```\n")[0]
    command, _, printed = shown.partition("\n")

    words = [V2 / word if word.endswith(".yaml") else word for word in command.split()[3:]]

    assert run("diff", *words, cwd=tmp_path).out == printed


@requires_shared
def test_neighbours_of_a_real_history_fit_the_first_screen(tmp_path: Path) -> None:
    history = sorted(V2.glob("instantdb_*.yaml"))

    for before, after in pairwise(history):
        ran = run("diff", before, after, cwd=tmp_path)
        assert ran.status in (0, 1)
        assert len(ran.out.splitlines()) <= 25
        assert ("such as:" in ran.out) == (ran.status == 1)


HELM: Final = "image: {tag: 3.2.2}\nrules:\n" + "".join(
    f"  {line}\n" for line in RULES.splitlines()
)
CONFIG_MAP: Final = "kind: ConfigMap\ndata:\n  rules.yaml: |\n" + "".join(
    f"    {line}\n" for line in RULES.splitlines()
)
JSON: Final = (
    '{"RulesVersion": 2, "Samplers": {"__default__": {"DeterministicSampler": {"SampleRate": 1}}}}'
)


@pytest.mark.parametrize(
    ("name", "text"),
    [("values.yaml", HELM), ("map.yml", CONFIG_MAP), ("rules.json", JSON), ("rules.YAML", RULES)],
)
def test_rules_are_read_in_whatever_they_are_wrapped(name: str, text: str, tmp_path: Path) -> None:
    write(tmp_path, name, text)
    write(tmp_path, "rules.yaml", RULES)
    write(tmp_path, "t.jsonl", '{"id": "1", "spans": [{"a": 1}], "root": 0}\n')

    files = run("diff", name, "rules.yaml", cwd=tmp_path)
    piped = run("diff", "-", "rules.yaml", cwd=tmp_path, stdin=text.encode())
    replayed = run("replay", name, "--traces", "t.jsonl", cwd=tmp_path)

    assert (files.status, piped.status, replayed.status) == (0, 0, 0), files.err + replayed.err
    assert replayed.out.startswith("1  deterministic/always")


def test_a_policy_from_stdin_is_still_a_policy(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", POLICY)

    assert run("diff", "-", "policy.toon", cwd=tmp_path, stdin=POLICY.encode()).status == 0


def test_rules_of_refinery_1_are_read_as_what_they_are_in_2_and_that_is_said(
    tmp_path: Path,
) -> None:
    write(tmp_path, "old.toml", 'Sampler = "DeterministicSampler"\n# SampleRate = 2\n')
    write(tmp_path, "rules.yaml", RULES)
    write(tmp_path, "t.jsonl", '{"id": "1", "spans": [{"a": 1}], "root": 0}\n')

    ran = run("diff", "old.toml", "rules.yaml", cwd=tmp_path)
    replayed = run("replay", "old.toml", "--traces", "t.jsonl", cwd=tmp_path)

    assert (ran.status, replayed.status) == (0, 0)
    for one in (ran, replayed):
        assert "old.toml holds rules of Refinery 1" in one.err
        assert "`nectarc import` says what that changes" in one.err


def test_rules_of_refinery_1_that_cannot_be_read_are_named_so_with_what_to_do(
    tmp_path: Path,
) -> None:
    write(tmp_path, "old.toml", 'Sampler = "DynamicSampler"\nSampleRate = 0\n')
    write(tmp_path, "rules.yaml", RULES)

    ran = run("diff", "old.toml", "rules.yaml", cwd=tmp_path)

    assert ran.status == 2
    assert "NEC543" in ran.err
    assert "nectarc import" in ran.err
    assert "its `SampleRate` is below 1" in ran.err

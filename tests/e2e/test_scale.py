"""Two worker processes over a partitioned corpus: the same bytes as one process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from nectarc.corpus.store import CorpusStore
from nectarc.evaluate.policy import decide
from nectarc.files import read_text
from nectarc.ir.nodes import Policy
from nectarc.ir.text import parse_expr
from nectarc.prove.budget import Traffic, estimate_flow
from nectarc.prove.corpus_decisions import Asked, decide_corpus
from nectarc.scale.on_dask import Client, dask_decisions, dask_tally, local_client
from nectarc.scale.tally import tally_json
from nectarc.scale.tallying import tally_corpus
from nectarc.source import SourceText
from tests.e2e.process import ROOT, SHOP
from tests.shared_data import SHARED
from tests.unit.testing.policies import checked

# `nectarc ingest` as it is, but with partitions so small that a small corpus has several.
INGEST: Final = """
import sys
from nectarc.corpus import store_writer
store_writer.PARTITION_SPANS = 400
from nectarc.cli.main import main
sys.exit(main(["ingest", *sys.argv[1:]]))
"""
RAW: Final = (
    SHOP / "corpus",
    SHARED / "data" / "traces" / "dataprepper",
    SHARED / "data" / "traces" / "jaeger-json" / "deathstarbench_social-network_14traces.json.gz",
)
ARRAYS: Final = ("rules", "holds", "is_allowed", "span_counts", "weights", "start_ns")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a corpus of several partitions, in which some weights are no whole numbers."""
    into = tmp_path_factory.mktemp("scale") / "corpus"
    paths = [str(path) for path in RAW if path.exists()]
    ran = subprocess.run(
        [sys.executable, "-c", INGEST, *paths, "--into", str(into), "--sample", "250"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return into


@pytest.fixture(scope="module")
def policy() -> Policy:
    text = read_text(str(SHOP / "policy.toon"))
    assert isinstance(text, SourceText)
    return checked(text.text).policy


@pytest.fixture(scope="module")
def client() -> Iterator[Client[Any]]:
    with local_client(2) as found:
        yield found


def _asked(policy: Policy) -> Asked:
    return Asked(lists=(policy,), exprs=(parse_expr("any(exists error)"), parse_expr("has_root")))


@pytest.mark.parametrize("engine", ["plain", "kernels"])
def test_two_workers_give_the_same_bytes_as_one_process(
    engine: str,
    folder: Path,
    policy: Policy,
    client: Any,  # noqa: ANN401 - Dask has no types
) -> None:
    if engine == "kernels":
        # Workers with numba at hand use it for the smallest of partitions.
        client.run(__import__, "numba")
    store, asked = CorpusStore.open(str(folder)), _asked(policy)
    assert len(store.partitions()) >= 2

    tally = dask_tally(store, asked, client)
    decisions = dask_decisions(store, asked, client)

    modules = client.run(_has_numba)
    assert len(modules) == 2
    assert os.getpid() not in {pid for pid, _ in modules.values()}
    assert {has_numba for _, has_numba in modules.values()} == {engine == "kernels"}
    assert tally_json(tally).encode() == tally_json(tally_corpus(store, asked)).encode()
    expected = decide_corpus(store, asked)
    for name in ARRAYS:
        assert getattr(decisions, name).tobytes() == getattr(expected, name).tobytes()
    traces = [stored.trace for stored in store.iter_traces()]
    assert decisions.rules[0].tolist() == [decide(policy, trace) for trace in traces]
    assert tally.whole.total.traces == len(traces) == store.trace_count
    assert any(weight % 1 for weight in decisions.weights.tolist())


def test_the_budget_of_a_cluster_is_that_of_one_process(
    folder: Path, policy: Policy, client: Client[Any]
) -> None:
    store, asked = CorpusStore.open(str(folder)), Asked(lists=(policy,))

    found = estimate_flow(policy, dask_decisions(store, asked, client), Traffic())

    assert found is not None
    assert found == estimate_flow(policy, decide_corpus(store, asked), Traffic())


def test_a_file_that_workers_find_damaged_is_told(
    folder: Path, policy: Policy, client: Client[Any], tmp_path: Path
) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    store = CorpusStore.open(str(tmp_path))
    assert store.diagnostics() == ()
    lost = min(tmp_path.glob("*.parquet"))
    lost.unlink()

    tally = dask_tally(store, Asked(lists=(policy,)), client)

    assert [one.code for one in store.diagnostics()] == ["NEC426"]
    assert list(tally.problems) == list(store.diagnostics())
    assert str(lost) in tally.problems[0].headline
    assert tally.whole.total.traces < store.trace_count


def test_the_example_prints_the_same_from_a_running_cluster(
    client: Any,  # noqa: ANN401 - Dask has no types
) -> None:
    here = _example("--json")
    there = _example("--json", "--scheduler", client.scheduler.address)

    assert here.startswith('{"window_s":10,"whole":{"total":{"traces":300,"spans":1514,')
    assert there == here


def test_the_example_says_what_is_kept() -> None:
    words = _example()

    assert words.startswith(
        "300 traces, 1,514 events\n  keep-errors: decides 14 traces, keeps 83 of"
    )
    assert "traces with an error: " in words


def _example(*words: str) -> str:
    ran = subprocess.run(
        [sys.executable, "examples/scale.py", SHOP / "policy.toon", SHOP / "corpus", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _has_numba() -> tuple[int, bool]:
    return os.getpid(), "numba" in sys.modules

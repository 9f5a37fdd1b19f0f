"""`nectarc ingest` as a process: what it says, and what is in the folder afterwards."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.process import SHOP, run, write


def test_a_sample_says_what_it_drew_and_how_to_read_the_corpus(tmp_path: Path) -> None:
    ran = run(
        "ingest", SHOP / "corpus", "--into", "c", "--sample", "40", "--seed", "3", cwd=tmp_path
    )

    assert ran.status == 0, ran.err
    assert "drawn: 40 of 300 new traces, from " in ran.out
    assert "the corpus is a reservoir of 40 of 300 traces" in ran.out
    assert "c: 40 traces, " in ran.out


def test_an_export_that_was_sampled_upstream_says_so(tmp_path: Path) -> None:
    record = {"id": "a", "root": None, "spans": [{"x": 1}], "rate": 10}
    write(tmp_path, "t.jsonl", json.dumps(record) + "\n")

    text = run("ingest", "t.jsonl", "--into", "c", cwd=tmp_path).out
    found = json.loads(
        run("ingest", "t.jsonl", "--into", "c", "--format", "json", cwd=tmp_path).out
    )

    assert "the corpus is sampled upstream at 1 in 10: each trace counts" in text
    assert found["sampling"] == "sampled upstream at 1 in 10"


def test_a_sample_of_nothing_is_wrong_use(tmp_path: Path) -> None:
    ran = run("ingest", "t.jsonl", "--sample", "0", cwd=tmp_path)

    assert ran.status == 2
    assert "at least 1" in ran.err


def test_a_wrong_csv_map_is_told_before_anything_is_read(tmp_path: Path) -> None:
    ran = run("ingest", "t.csv", "--csv-map", "span_id=B", "--into", "c", cwd=tmp_path)

    assert ran.status == 2
    assert "NEC436" in ran.err
    assert not (tmp_path / "c").exists()


def test_doctor_and_replay_read_the_store(tmp_path: Path) -> None:
    run("init", "shop", cwd=tmp_path)
    shop = tmp_path / "shop"
    run("ingest", SHOP / "corpus", cwd=shop)

    doctor = run("doctor", cwd=shop)
    replay = run("replay", "policy.toon", "--traces", "corpus", cwd=shop)

    assert "`corpus`: 300 traces" in doctor.out
    assert replay.status == 0
    assert len(replay.out.splitlines()) == 300

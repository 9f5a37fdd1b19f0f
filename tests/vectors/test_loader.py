"""The verdict on whole rules files, as the real Refinery's loader gave it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nectarc.refinery.loader import LoadResult, load_rules
from tests.shared_data import SHARED, read_vectors, requires_shared

_VERDICT = ("accepted", "hash", "first_decision", "stage", "errors")


def _load(record: dict[str, Any]) -> LoadResult:
    if "text" in record:
        return load_rules(record["text"], record.get("ext", "yaml"))
    path = SHARED / "data" / "rules" / record["file"]
    return load_rules(path.read_bytes(), path.suffix.removeprefix("."))


def _sorted(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Refinery's errors come in the random order of Go's maps."""
    return sorted(errors, key=lambda error: json.dumps(error, sort_keys=True))


def _verdict(result: LoadResult) -> dict[str, Any]:
    if result.is_accepted:
        return {
            "accepted": True,
            "hash": result.hash,
            "first_decision": dict(result.first_decision),
        }
    errors = [
        {"kind": error.kind}
        | {
            name: getattr(error, name)
            for name in ("target", "rule", "condition", "line")
            if getattr(error, name) is not None
        }
        for error in result.errors
    ]
    return {"accepted": False, "stage": result.stage, "errors": _sorted(errors)}


@requires_shared
@pytest.mark.parametrize(
    "vectors", ["loader_files.jsonl", "loader_traps.jsonl", "loader_mutations.jsonl"]
)
def test_verdicts_are_those_of_refinery(vectors: str) -> None:
    for record in read_vectors(vectors):
        expected = {name: record[name] for name in _VERDICT if name in record}
        if "errors" in expected:
            expected["errors"] = _sorted(expected["errors"])

        assert _verdict(_load(record)) == expected, record.get("file") or record["text"]


@requires_shared
def test_every_refusal_has_a_place_and_words() -> None:
    for record in read_vectors("loader_mutations.jsonl"):
        for error in _load(record).errors:
            source = error.diagnostic.source
            assert 0 <= source.start <= source.end <= len(record["text"])
            assert error.diagnostic.help, error

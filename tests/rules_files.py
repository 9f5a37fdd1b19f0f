"""What the vector tests of rules share: reading files of the shared data, outcomes as records."""

from __future__ import annotations

import functools

from nectarc.evaluate.refinery_rules import Outcome, ProcessExit
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import RulesFile
from tests.shared_data import SHARED, read_vectors


@functools.cache
def _parts() -> dict[tuple[str, str], str]:
    """Return the text of each rules file that is a part of another file."""
    records = read_vectors("loader_files.jsonl")
    return {(r["file"], r["part"]): r["text"] for r in records if "part" in r}


@functools.cache
def shared_rules(file: str, part: str | None) -> RulesFile:
    """Load a rules file of the shared data that Refinery accepts."""
    data = _parts()[file, part] if part else (SHARED / "data" / "rules" / file).read_bytes()
    loaded = load_rules(data, file=file)
    assert loaded.rules is not None, loaded.errors
    return loaded.rules


def outcome_record(outcome: Outcome | ProcessExit) -> dict[str, object]:
    """Return `outcome` in the form of the shared vectors."""
    assert isinstance(outcome, Outcome), outcome
    record: dict[str, object] = {
        "rule": outcome.rule,
        "rate": outcome.rate,
        "keep": outcome.keep,
        "reason": outcome.reason,
    }
    return record | ({"key": outcome.key} if outcome.key else {})

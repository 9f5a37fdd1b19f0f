"""Every policy of the vectors checks without an error and decides as recorded."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from nectarc.corpus.typed_trace import decode_trace
from nectarc.diagnostic import Severity
from nectarc.evaluate.policy import decide
from nectarc.semantics.check import check
from tests.policy_trees import policy_tree
from tests.shared_data import SHARED, read_vectors, requires_shared


def _records(file: str) -> list[Any]:
    if not (SHARED / "vectors" / file).is_file():
        return []
    return [pytest.param(record, id=record["name"]) for record in read_vectors(file)]


@requires_shared
@pytest.mark.parametrize(
    "record", [*_records("policies.jsonl"), *_records("policies_hostile.jsonl")]
)
def test_policy_checks_and_decides_as_recorded(record: dict[str, Any]) -> None:
    policy, diagnostics = check(policy_tree(record["policy"], record["name"]))

    assert [one for one in diagnostics if one.severity is Severity.ERROR] == []
    assert policy is not None
    traces = [decode_trace(trace) for trace in record["traces"]]
    decided = [policy.rules[decide(policy, trace)].name for trace in traces]
    assert decided == record["decides"]


@requires_shared
def test_all_policies_of_the_vectors_are_read() -> None:
    counts = Counter(
        {file: len(_records(file)) for file in ("policies.jsonl", "policies_hostile.jsonl")}
    )

    assert counts == {"policies.jsonl": 49, "policies_hostile.jsonl": 40}

"""The judge of intents, itself judged: reference policies are right, spoiled ones are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nectarc.importing.records import FieldRow
from nectarc.intent.drafts import Draft, DraftRule
from nectarc.intent.policy_text import body_text
from nectarc.records import replace
from tests.intents.judging import Answer, judge_answer
from tests.intents.records import Intended, Wanted, read_intents, trace_of
from tests.shared_data import SHARED, requires_shared

_FILE = SHARED / "data" / "intents.jsonl"


def _rows() -> list[dict[str, Any]]:
    if not _FILE.exists():
        return []
    rows = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["kind"] == "clear"]


def _draft(policy: dict[str, Any]) -> Draft:
    fields = [FieldRow(row["name"], row["type"], tuple(row["from"])) for row in policy["fields"]]
    rules = [
        DraftRule(
            name=rule["name"],
            description="",
            match=rule["match"],
            action=rule["action"],
            priority=rule["priority"],
        )
        for rule in policy["rules"]
    ]
    return Draft(name="p", rules=tuple(rules), fields=tuple(fields))


def _intended(name: str) -> Intended:
    return next(one for one in read_intents(_FILE) if one.id == name)


@requires_shared
@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["id"])
def test_a_reference_policy_is_right(row: dict[str, Any]) -> None:
    answer = Answer("policy", body_text(_draft(row["policy"])))

    assert judge_answer(_intended(row["id"]), answer).outcome == "right"


@requires_shared
@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["id"])
def test_a_policy_that_drops_all_is_wrong(row: dict[str, Any]) -> None:
    draft = _draft(row["policy"])
    spoiled = replace(draft, rules=(replace(draft.rules[-1], match="true", action="drop"),))

    judgement = judge_answer(_intended(row["id"]), Answer("policy", body_text(spoiled)))

    assert judgement.outcome == "wrong"


@requires_shared
def test_silence_is_judged_by_kind() -> None:
    ask, refuse, clear = _intended("s-047"), _intended("s-058"), _intended("s-003")

    assert judge_answer(ask, Answer("ask", "How slow is slow?")).outcome == "right"
    assert judge_answer(ask, Answer("ask", "What?")).outcome == "asked"
    assert judge_answer(ask, Answer("policy", "")).outcome == "wrong"
    assert judge_answer(refuse, Answer("refuse", "No.")).outcome == "right"
    assert judge_answer(refuse, Answer("ask", "What?")).outcome == "asked"
    assert judge_answer(clear, Answer("ask", "What?")).outcome == "asked"
    assert judge_answer(clear, Answer("policy", "rules[0]:")).outcome == "wrong"
    # German may be answered with the policy or with a question.
    assert judge_answer(_intended("s-019"), Answer("ask", "German?")).outcome == "right"


def test_shorthand_of_traces() -> None:
    trace = trace_of('status=503 ms=12 route=/x ; service=a status=500 noerror ; plan="a b" x=1.5')

    root, second, third = trace.spans
    assert root.is_root
    assert not second.is_root
    assert root.fields["error"] is True
    assert root.fields["url.path"] == "/x"
    assert second.fields == {"service.name": "a", "http.status_code": 500}
    assert third.fields == {"plan": "a b", "x": 1.5}
    assert trace_of("noroot ms=1").root is None


def test_alternatives_of_a_case(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    case = ["ms=1", "throughput 50 fields service | keep"]
    path.write_text(json.dumps({"id": "x", "kind": "clear", "intent": "-", "cases": [case]}))

    (intended,) = read_intents(path)

    throughput, keep = intended.cases[0].accepted
    assert (throughput.kind, throughput.number) == ("throughput", 50)
    assert "root.service.name" in throughput.groups[0]
    assert keep == Wanted("keep")

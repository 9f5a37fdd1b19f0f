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
from tests.intents import insertion
from tests.intents.insertion import tried, variants_of
from tests.intents.judging import NONSENSE, Answer, is_pointed, judge_answer, offline, process
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


_BODY = """nectar_policy{version,name,rules}:
  1
  p
  rules[2]{name,description,match,action,priority}:
    first,"",error == true,keep,100
    rest,"",true,%s,0
"""


_GOAL = "goal_throughput_per_sec: 50"


def _one(tmp_path: Path, **row: object) -> Intended:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({"id": "x", "kind": "clear", "intent": "-", **row}))
    (intended,) = read_intents(path)
    return intended


@pytest.mark.parametrize(
    ("action", "expected", "outcome"),
    [
        ("sample(0.05)", "sample 20", "right"),
        ("sample(1/20)", "sample 20 | keep", "right"),
        ("sample(1/21)", "sample 20", "wrong"),
        ("keep", "sample 1", "right"),
        ("sample(1/1)", "keep", "right"),
        ("sample(1/1)", "sample 1", "right"),
        ("keep", "drop", "wrong"),
        ("drop", "keep | drop", "right"),
        (
            f"ema_throughput({_GOAL}, fields: [service.name])",
            "throughput 50 fields service",
            "right",
        ),
        (
            f"total_throughput({_GOAL}, fields: [root.service.name])",
            "throughput 50 fields service",
            "right",
        ),
        (
            f"windowed_throughput({_GOAL}, fields: [service.name])",
            "throughput 51 fields service",
            "wrong",
        ),
        (f"ema_throughput({_GOAL}, fields: [http.route])", "throughput 50 fields service", "wrong"),
        (f"ema_throughput({_GOAL}, fields: [url.path])", "throughput 50 fields route", "right"),
        (
            "ema_dynamic(goal_sample_rate: 50, fields: [service.name])",
            "throughput 50 fields service",
            "wrong",
        ),
        (
            "ema_dynamic(goal_sample_rate: 50, fields: [service.name])",
            "adaptive 50 fields service",
            "right",
        ),
        (
            "dynamic(sample_rate: 50, fields: [http.route, service])",
            "adaptive 50 fields service,route",
            "right",
        ),
        (
            "dynamic(sample_rate: 50, fields: [service.name])",
            "adaptive 50 fields service,route",
            "wrong",
        ),
    ],
)
def test_actions(tmp_path: Path, action: str, expected: str, outcome: str) -> None:
    intended = _one(tmp_path, cases=[["error ms=1", "keep"], ["ms=1", expected]])
    quoted = f'"{action}"' if "," in action else action

    judgement = judge_answer(intended, Answer("policy", _BODY % quoted))

    assert judgement.outcome == outcome, judgement.why
    assert "no policy" not in judgement.why


def test_one_wrong_case_makes_a_policy_wrong(tmp_path: Path) -> None:
    right = ["ms=1", "sample 20"]
    wrong = ["status=404 ms=1", "keep"]
    answer = Answer("policy", _BODY % "sample(1/20)")

    assert judge_answer(_one(tmp_path, cases=[right]), answer).outcome == "right"
    judgement = judge_answer(_one(tmp_path, cases=[right, wrong]), answer)
    assert judgement.outcome == "wrong"
    assert "404" in judgement.why


def test_other_answers_that_are_as_good(tmp_path: Path) -> None:
    asked, refused = Answer("ask", "Which?"), Answer("refuse", "No.")
    unproven = Answer("unproven", "...")

    plain = _one(tmp_path, cases=[])
    assert judge_answer(plain, refused).outcome == "refused"
    may_ask = _one(tmp_path, cases=[], may_ask=True)
    assert judge_answer(may_ask, asked).outcome == "right"
    assert judge_answer(may_ask, refused).outcome == "refused"
    may_refuse = _one(tmp_path, kind="ask", mentions=["rate"], may_refuse=True)
    assert judge_answer(may_refuse, refused).outcome == "right"
    assert judge_answer(may_refuse, asked).outcome == "asked"
    assert judge_answer(may_refuse, unproven).outcome == "refused"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("5xx always. rest 10%", "policy"),
        ("- keep the important ones\n- drop the rest", "ask"),
        ("page me on 5xx", "refuse"),
    ],
)
def test_the_command_answers_as_the_engine_in_here(text: str, kind: str) -> None:
    assert process(text).kind == kind
    assert offline(text).kind == kind


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what does `hey` mean in `hey keep the weird ones`: which traces, by service?", False),
        ("what makes a trace `weird`: which traces, by service?", True),
        ("WEIRD how?", True),
        ("what does `keep` mean: which traces, by service?", False),
    ],
)
def test_an_echo_is_no_pointed_question(tmp_path: Path, question: str, *, expected: bool) -> None:
    asks = _one(
        tmp_path, kind="ask", intent="hey keep the weird ones", mentions=["weird", "service"]
    )
    control = "what does `flarb` mean in `flarb the wug`: which traces, by service?"

    assert judge_answer(asks, Answer("ask", question)).outcome in ("right", "asked")
    assert is_pointed(asks, question, control) is expected


def test_nonsense_is_asked_about() -> None:
    assert offline(NONSENSE).kind == "ask"


def test_variants_have_the_word_at_each_place() -> None:
    found = [text for text, word in variants_of("keep 5xx") if word == "not"]

    assert found == ["not keep 5xx", "keep not 5xx", "keep 5xx not"]


def test_a_variant_that_says_something_else_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        "original": Answer("policy", _BODY % "sample(1/20)"),
        "same": Answer("policy", _BODY % "sample(0.05)"),
        "changed": Answer("policy", _BODY % "drop"),
        "asked": Answer("ask", "What?"),
    }
    monkeypatch.setattr(insertion, "offline", answers.__getitem__)
    insertion.policy_of.cache_clear()

    found = {text: tried("original", text, "not").outcome for text in answers if text != "original"}

    insertion.policy_of.cache_clear()
    assert found == {text: text for text in found}

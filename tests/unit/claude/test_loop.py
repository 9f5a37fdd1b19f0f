"""The rounds with Claude: repaired, given up, asked, refused; the judge decides, not Claude."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nectarc.claude.client import Answered
from nectarc.claude.exchanges import Recorder, Replayer
from nectarc.claude.failures import ClaudeFailure
from nectarc.claude.loop import Ended, LoopOptions, Settled, propose_with_claude
from nectarc.claude.requests import Ask, Request, parameters_of
from nectarc.intent.judging import Setting
from nectarc.intent.records import Asks, Refuses
from tests.unit.claude.answers import DROP, INTENT, KEEP, answer, changed, some

ASK = Ask(text=INTENT)


class Script:
    """A sender that answers from a list."""

    def __init__(self, answers: Sequence[str | ClaudeFailure]) -> None:
        """Answer so, in order."""
        self.answers = list(answers)
        self.requests: list[Request] = []

    def send(self, request: Request) -> Answered | ClaudeFailure:
        """Return the next answer."""
        self.requests.append(request)
        found = self.answers.pop(0)
        if isinstance(found, ClaudeFailure):
            return found
        return Answered(text=found, model="m", tokens_in=10, tokens_out=5)

    def count(self, request: Request) -> int | None:
        """Return some number."""
        return len(request.messages)


def _run(*answers: str | ClaudeFailure, max_rounds: int = 3) -> tuple[Ended, Script, list[str]]:
    script, told = Script(answers), list[str]()
    options = LoopOptions(max_rounds=max_rounds, progress=told.append)
    return propose_with_claude(ASK, Setting(), script, options), script, told


def _drops_errors() -> str:
    """Return an answer whose policy drops what the intent keeps, in front of it."""
    whole = answer()
    rule = {
        "name": "drop-probes",
        "description": "",
        "of": some("http.route", "==", "/healthz"),
        "do": DROP,
        "priority": 99,
    }
    whole["policy"]["rules"].insert(0, rule)
    return json.dumps(whole)


def test_a_right_answer_is_proven_at_once() -> None:
    ended, script, told = _run(json.dumps(answer()))

    assert isinstance(ended, Settled)
    assert ended.judged.is_proven
    assert (ended.spent.rounds, ended.spent.tokens_in, ended.spent.model) == (1, 10, "m")
    assert len(script.requests) == 1
    assert told[0].startswith("sending 1 tokens")


def test_an_unsafe_draft_is_caught_and_repaired_by_its_counterexample() -> None:
    ended, script, told = _run(_drops_errors(), json.dumps(answer()))

    assert isinstance(ended, Settled)
    assert ended.judged.is_proven
    assert ended.spent.rounds == 2
    (_, assistant, repair) = script.requests[1].messages
    assert assistant.text == _drops_errors()
    assert "drop-probes" in repair.text
    assert "http.status" in repair.text
    shown = json.loads(repair.text.split("<failures>")[1].split("</failures>")[0])
    assert any(one["counterexample"] for one in shown)
    assert any("round 1: not proven, `drop-probes`" in words for words in told)


def test_an_answer_that_cannot_be_read_is_sent_back() -> None:
    ended, script, _ = _run("{", changed("policy/rules/0/of", 5), json.dumps(answer()))

    assert isinstance(ended, Settled)
    assert ended.judged.is_proven
    assert "could not be used" in script.requests[1].messages[-1].text
    assert "could not be used" in script.requests[2].messages[-1].text


def test_the_rounds_end_and_the_best_attempt_stays_refused() -> None:
    worse: dict[str, Any] = json.loads(_drops_errors())
    worse["policy"]["rules"][-1]["do"] = KEEP
    ended, script, _ = _run(json.dumps(worse), _drops_errors(), max_rounds=2)

    assert isinstance(ended, Settled)
    assert not ended.judged.is_proven
    assert ended.notes == ("after 2 rounds nothing was proven",)
    assert ended.judged.draft.rules[-1].action != "keep"  # the better one
    assert len(script.requests) == 2


def test_repetition_ends_the_rounds() -> None:
    ended, script, _ = _run(_drops_errors(), _drops_errors(), json.dumps(answer()), max_rounds=9)

    assert isinstance(ended, Settled)
    assert not ended.judged.is_proven
    assert ended.notes == ("Claude gave the same answer again",)
    assert len(script.requests) == 2


def test_nothing_readable_is_a_failure() -> None:
    ended, _, _ = _run("no", "never", max_rounds=2)

    assert isinstance(ended, ClaudeFailure)
    assert ended.kind == "no-policy"


def test_a_failure_on_the_way_leaves_the_best_attempt() -> None:
    failure = ClaudeFailure(kind="timeout", message="too slow", help="wait")
    first, _, _ = _run(failure)
    later, _, _ = _run(_drops_errors(), failure)

    assert first == failure
    assert isinstance(later, Settled)
    assert not later.judged.is_proven
    assert later.notes == ("too slow",)


def test_a_schema_that_is_too_large_is_made_smaller() -> None:
    refusal = ClaudeFailure(
        kind="bad-request", message="the compiled grammar is too large", help="-"
    )
    ended, script, _ = _run(refusal, json.dumps(answer()))

    assert isinstance(ended, Settled)
    assert script.requests[0].schema
    assert not script.requests[1].schema


def test_questions_and_refusals_end_the_rounds() -> None:
    question = {"id": "slow", "words": "How slow?", "choices": [], "about": ""}
    asked, _, _ = _run(changed("questions", [question]))
    refused, _, _ = _run(
        changed("refusal", {"reason": "This is alerting.", "instead": ["Use triggers."]})
    )

    assert isinstance(asked, Asks), asked
    assert isinstance(refused, Refuses), refused


def test_an_exchange_is_recorded_and_replayed(tmp_path: Path) -> None:
    folder = str(tmp_path / "made" / "here")
    recorder = Recorder(Script([_drops_errors(), json.dumps(answer())]), folder)
    options = LoopOptions()
    recorded = propose_with_claude(ASK, Setting(), recorder, options)
    before = {path.name: path.read_bytes() for path in Path(folder).iterdir()}

    replayed = propose_with_claude(ASK, Setting(), Replayer(folder), options)

    assert isinstance(recorded, Settled)
    assert isinstance(replayed, Settled)
    assert replayed.judged.text == recorded.judged.text
    assert sorted(before) == ["001.json", "002.json"]
    again = Recorder(Script([_drops_errors(), json.dumps(answer())]), folder)
    propose_with_claude(ASK, Setting(), again, options)
    assert {path.name: path.read_bytes() for path in Path(folder).iterdir()} == before


def test_a_replay_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    recorder = Recorder(Script([json.dumps(answer())]), str(tmp_path))
    request = _request()
    recorder.send(request)

    other = Request(
        model="another",
        system=request.system,
        messages=request.messages,
        schema=request.schema,
        max_tokens=request.max_tokens,
    )
    assert parameters_of(other) != parameters_of(request)
    changed_request = Replayer(str(tmp_path)).send(other)
    beyond = Replayer(str(tmp_path))
    assert isinstance(beyond.send(request), Answered)
    missing = beyond.send(request)
    (tmp_path / "001.json").write_text("{")
    damaged = Replayer(str(tmp_path)).send(request)

    assert isinstance(changed_request, ClaudeFailure)
    assert "`model` was" in changed_request.message
    assert isinstance(missing, ClaudeFailure)
    assert "no exchange 2" in missing.message
    assert isinstance(damaged, ClaudeFailure)
    assert "cannot be read" in damaged.message


def test_failures_are_replayed_too(tmp_path: Path) -> None:
    failure = ClaudeFailure(kind="overloaded", message="busy", help="wait")
    Recorder(Script([failure]), str(tmp_path)).send(_request())

    assert Replayer(str(tmp_path)).send(_request()) == failure


def _request() -> Request:
    script = Script([json.dumps(answer())])
    propose_with_claude(ASK, Setting(), script, LoopOptions())
    return script.requests[0]

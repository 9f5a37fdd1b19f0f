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


def test_a_schema_that_was_refused_is_not_sent_again() -> None:
    refusal = ClaudeFailure(kind="bad-request", message="invalid schema", help="-")
    ended, script, _ = _run(refusal, _drops_errors(), json.dumps(answer()))

    assert isinstance(ended, Settled)
    assert ended.judged.is_proven
    assert [bool(one.schema) for one in script.requests] == [True, False, False]


def _without_slow() -> dict[str, Any]:
    """Return an answer that is proven, and says nothing of `checkout over 5 seconds`."""
    whole = answer()
    del whole["intent"]["clauses"][1]
    del whole["policy"]["rules"][1]
    return whole


def test_words_that_an_answer_leaves_out_are_sent_back() -> None:
    ended, script, told = _run(json.dumps(_without_slow()), json.dumps(answer()))

    assert isinstance(ended, Settled)
    assert ended.judged.is_proven
    assert len(ended.intent.clauses) == 3
    assert "`checkout over 5 seconds`" in script.requests[1].messages[-1].text
    assert "round 1: no clause speaks of `checkout over 5 seconds`" in told


def test_words_that_stay_left_out_are_asked_about_though_all_is_proven() -> None:
    once = json.dumps(_without_slow())
    again, script, _ = _run(once, once)
    last, _, _ = _run(once, max_rounds=1)

    assert isinstance(again, Asks)
    assert len(script.requests) == 2
    (question,) = again.questions
    assert question.id == "left-out"
    assert "`checkout over 5 seconds`" in question.words
    assert [INTENT[begin:end] for begin, end in again.not_understood] == ["checkout over 5 seconds"]
    assert last == again


def test_an_answer_to_what_was_left_out_settles_it() -> None:
    def ended(reply: str) -> Ended:
        ask = Ask(text=INTENT, answers=(("left-out", reply),))
        script = Script([json.dumps(_without_slow())])
        return propose_with_claude(ask, Setting(), script, LoopOptions())

    ignored, other = ended("ignore them"), ended("as you think")

    assert isinstance(ignored, Settled)
    assert ignored.judged.is_proven
    assert ignored.notes == ()
    assert isinstance(other, Settled)
    assert other.notes == ("no clause of Claude's reading speaks of `checkout over 5 seconds`",)


def test_what_is_left_out_and_what_fails_are_said_together() -> None:
    unsafe = json.loads(_drops_errors())
    del unsafe["intent"]["clauses"][1]
    ended, script, _ = _run(json.dumps(unsafe), json.dumps(answer()))

    assert isinstance(ended, Settled)
    said = script.requests[1].messages[-1].text
    assert "`checkout over 5 seconds`" in said
    assert '"counterexample"' in said


def test_an_order_that_is_obeyed_cannot_lose_errors_even_when_it_quotes_the_user() -> None:
    obeyed = answer()
    for row in (obeyed["intent"]["clauses"][0], obeyed["policy"]["rules"][0]):
        row["do"] = DROP
    ended, script, _ = _run(json.dumps(obeyed), json.dumps(obeyed))

    assert isinstance(ended, Settled)
    assert not ended.judged.is_proven
    assert "every trace with `http.status >= 500` is kept" in {
        one.claim for one in ended.judged.failures
    }
    assert '"counterexample"' in script.requests[1].messages[-1].text


def test_a_new_description_is_no_new_answer() -> None:
    described = json.loads(_drops_errors())
    described["policy"]["rules"][0] |= {"description": "Now it is right", "priority": 77}
    ended, script, _ = _run(_drops_errors(), json.dumps(described), json.dumps(answer()))

    assert isinstance(ended, Settled)
    assert ended.notes == ("Claude gave the same answer again",)
    assert len(script.requests) == 2


def test_of_attempts_that_fail_as_often_the_one_that_keeps_errors_is_shown() -> None:
    promised = json.loads(_drops_errors())
    promised["policy"]["rules"][0]["priority"] = 29  # below what keeps errors
    promised["intent"]["promises"] = [
        {
            "name": name,
            "words": "Keep all",
            "of": some("http.route", "==", route),
            "require": "keep",
        }
        for name, route in (("one", "/healthz"), ("two", "/ping"))
    ]
    keeps_errors = json.dumps(promised)
    first, _, _ = _run(_drops_errors(), keeps_errors, max_rounds=2)
    second, _, _ = _run(keeps_errors, _drops_errors(), max_rounds=2)
    worse, _, _ = _run(_drops_errors(), max_rounds=1)

    assert isinstance(first, Settled)
    assert isinstance(second, Settled)
    assert isinstance(worse, Settled)
    assert len(first.judged.failures) == len(worse.judged.failures)
    assert first.judged == second.judged
    assert "errors" not in {one.name for one in first.judged.failures}
    assert "errors" in {one.name for one in worse.judged.failures}


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

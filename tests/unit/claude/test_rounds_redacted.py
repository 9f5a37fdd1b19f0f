"""Through all rounds, what is sent holds no value of the corpus, and a repair comes out right."""

from __future__ import annotations

import json
from typing import Any

from nectarc.claude.client import Answered
from nectarc.claude.failures import ClaudeFailure
from nectarc.claude.loop import LoopOptions, Settled, propose_with_claude
from nectarc.claude.requests import Request
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.intent.judging import Setting
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.evidence import Evidence
from nectarc.records import record
from tests.unit.claude.answers import ALL, DROP, KEEP, answer, one_in, some
from tests.unit.claude.corpus_of_words import SHOP, asked, trace_of

_INTENT = "Drop the noisy tenant. Keep every error, 1% of the rest"
_VALUES = ("acme-corp", "acme", "checkout", "/cart/{id}", "cart", "jane.doe")


@record(frozen=False)
class _Script:
    """Stands for Claude: gives prepared answers, and keeps what it was sent."""

    answers: list[str]
    sent: list[Request]

    def send(self, request: Request) -> Answered | ClaudeFailure:
        self.sent.append(request)
        return Answered(text=self.answers[len(self.sent) - 1])

    def count(self, request: Request) -> int | None:
        return len(request.schema)


def _clause(name: str, words: str, of: object, do: object, origin: str = "words") -> object:
    return {"name": name, "words": words, "of": of, "do": do, "origin": origin, "wins": ""}


def _drafted(*, drop_priority: int, name: str = "drop-tenant-1") -> str:
    noisy, errors = some("tenant.id", "==", "tenant-1"), some("http.status", ">=", "500")
    whole: Any = answer()
    whole["intent"]["clauses"] = [
        _clause("keep-errors", "Keep every error", errors, KEEP),
        _clause("drop-noisy", "Drop the noisy tenant", noisy, DROP),
        _clause("rest", "1% of the rest", ALL, one_in(100)),
    ]
    rows = [
        ("keep-errors", errors, KEEP, 50),
        (name, noisy, DROP, drop_priority),
        ("rest", ALL, one_in(100), 0),
    ]
    whole["policy"]["rules"] = [
        {"name": rule, "description": "", "of": of, "do": do, "priority": priority}
        for rule, of, do, priority in rows
    ]
    return json.dumps(whole)


def _run(*answers: str, max_rounds: int = 3) -> tuple[object, list[Request]]:
    trace = trace_of(SHOP, {"service.name": "checkout", "user": "jane.doe"})
    ask, _ = asked(_INTENT, trace)
    setting = Setting(
        vocabulary=ask.vocabulary,
        evidence=Evidence(
            corpus=TracesInMemory((CorpusTrace(trace),)),
            must_keep=TracesInMemory((CorpusTrace(trace),)),
        ),
    )
    script = _Script(list(answers), [])
    ended = propose_with_claude(ask, setting, script, LoopOptions(max_rounds=max_rounds))
    return ended, script.sent


def _our_words(requests: list[Request]) -> str:
    """Return what is sent besides the fixed prefix, which no corpus changes."""
    assert len({request.system for request in requests}) == 1
    return "".join(one.text + request.schema for request in requests for one in request.messages)


def test_an_unsafe_draft_is_repaired_through_the_counterexample() -> None:
    ended, sent = _run(_drafted(drop_priority=90), _drafted(drop_priority=10))

    assert isinstance(ended, Settled)
    assert ended.judged.is_proven, ended.judged.failures
    assert [rule.match for rule in ended.judged.draft.rules][1] == "tenant.id == 'acme-corp'"
    assert len(sent) == 2
    repair = sent[1].messages[-1].text
    assert '"counterexample"' in repair
    assert '"rule":"drop-tenant-1"' in repair
    assert "tenant-1" in repair


def test_no_round_sends_a_value_of_the_corpus() -> None:
    broken = _drafted(drop_priority=90).replace('"drop-tenant-1"', '"rest"')
    ended, sent = _run(broken, _drafted(drop_priority=90), _drafted(drop_priority=10))

    assert isinstance(ended, Settled)
    assert ended.judged.is_proven
    assert len(sent) == 3
    body = _our_words(sent)
    assert [value for value in _VALUES if value in body] == []


def test_a_draft_that_stays_unsafe_is_never_proven() -> None:
    ended, sent = _run(
        _drafted(drop_priority=90),
        _drafted(drop_priority=80, name="noise"),
        _drafted(drop_priority=70, name="other"),
    )

    assert isinstance(ended, Settled)
    assert not ended.judged.is_proven
    assert len(sent) == 3
    assert [value for value in _VALUES if value in _our_words(sent)] == []

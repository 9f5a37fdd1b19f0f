"""A wish alone: the rest of the policy is not asked about, other questions are not answered."""

from __future__ import annotations

from nectarc.claude.client import Answered
from nectarc.claude.requests import Ask, Request
from nectarc.intent.records import Asks
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.propose.single_clauses import read_by_claude, read_offline
from tests.unit.claude.answers import answer, changed

WORDS = SafetyWords()


def test_the_rest_is_not_asked_about() -> None:
    found = read_offline("keep requests over 5 seconds", Vocabulary(), WORDS)

    assert isinstance(found, tuple)
    ((clause,),) = [one.intent.clauses for one in found]
    assert (clause.what, clause.name) == ("duration > 5s", "keep-slow")


def test_the_rest_may_be_the_wish() -> None:
    found = read_offline("sample everything else at 1%", Vocabulary(), WORDS)

    assert isinstance(found, tuple)
    ((clause,),) = [one.intent.clauses for one in found]
    assert clause.is_rest


def test_what_is_open_stays_open() -> None:
    found = read_offline("keep slow requests", Vocabulary(), WORDS)

    assert isinstance(found, Asks)
    assert [one.id for one in found.questions] == ["slow"]


class _Claude:
    """Gives one answer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.requests: list[Request] = []

    def send(self, request: Request) -> Answered:
        self.requests.append(request)
        return Answered(text=self.text)

    def count(self, request: Request) -> int | None:
        raise AssertionError(request)


def test_claude_is_asked_once_and_only_quoted_clauses_count() -> None:
    intent = "checkout over 5 seconds"
    clauses = answer()["intent"]["clauses"]
    kept = [clauses[0] | {"words": "", "origin": "policy"}, clauses[1]]
    kept.append(clauses[2] | {"words": "", "origin": "policy"})
    claude = _Claude(changed("intent/clauses", kept))

    found = read_by_claude(Ask(text=intent, policy="version: 1\n"), claude, "shop")

    assert isinstance(found, tuple)
    assert [[one.name for one in wanted.intent.clauses] for wanted in found] == [
        ["keep-slow-checkout"]
    ]
    assert len(claude.requests) == 1


def test_an_answer_that_leaves_words_out_counts_for_nothing() -> None:
    clauses = answer()["intent"]["clauses"]
    claude = _Claude(changed("intent/clauses", [clauses[2]]))
    ask = Ask(text="sample everything else at 1%, and never lose a payment", policy="version: 1\n")

    assert read_by_claude(ask, claude, "shop") == ()

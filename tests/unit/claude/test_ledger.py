"""Which of the user's words a reading leaves out: each is quoted, a filler, or named."""

from __future__ import annotations

import json

import pytest

from nectarc.claude.answer import Answer, read_answer
from nectarc.claude.ledger import excerpts, words_left_out
from nectarc.claude.redaction import redactor_of
from nectarc.claude.requests import Ask
from nectarc.claude.worked_examples import WORKED_EXAMPLES
from nectarc.intent.records import Clause, Intent, KeepAll, Promise


def _left(text: str, *quoted: str, origin: str = "words", budget: float | None = None) -> list[str]:
    """Return what is left out of `text` by clauses that quote these words."""
    clauses = tuple(
        Clause(wanted=KeepAll(), what="true", name=f"c{number}", words=words, origin=origin)
        for number, words in enumerate(quoted)
    )
    intent = Intent(text=text, clauses=clauses, budget_per_second=budget)
    return [text[begin:end] for begin, end in words_left_out(intent)]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Keep all errors, 1% of the rest.", ("Keep all errors", "1% of the rest")),
        ("Please keep errors and then 5% of the rest", ("KEEP ERRORS", "5% of the rest")),
        ("Keep errors and slow calls, drop probes", ("Keep ... slow calls", "errors", "probes")),
        ("keep \u201cgold\u201d\n  tenants!", ('keep "gold" tenants',)),
        ("Behalte Fehler und 1 % vom Rest", ("behalte Fehler", "1 % vom Rest")),
        ("保留所有错误\n其余采样1%", ("保留所有错误", "其余采样1%")),
        ("", ()),
    ],
)
def test_what_is_quoted_is_not_left_out(text: str, quoted: tuple[str, ...]) -> None:
    assert _left(text, *quoted) == []


@pytest.mark.parametrize(
    ("text", "quoted", "left"),
    [
        ("Keep errors and slow ones, 1% of all", "Keep errors", "slow ones, 1% of all"),
        ("do not keep probes", "keep probes", "do not"),
        ("keep errors, but only in production", "keep errors", "only in production"),
        ("never drop errors", "drop errors", "never"),
        ("keep errors and GET", "keep errors", "GET"),
        ("keep errors and 99", "keep errors", "99"),
    ],
)
def test_what_nothing_quotes_is_left_out(text: str, quoted: str, left: str) -> None:
    assert _left(text, quoted) == [left]


def test_stretches_stand_apart_and_fillers_at_their_ends_are_not_named() -> None:
    text = "Please note gold users, keep errors, and also drop the noisy probes then"

    assert _left(text, "keep errors") == ["note gold users", "noisy probes"]
    assert excerpts(text, ((7, 11), (12, 22))) == "`note`, `gold users`"


def test_promises_and_asides_quote_too() -> None:
    intent = Intent(
        text="Probes are noisy. Keep errors. Never lose a payment.",
        clauses=(Clause(wanted=KeepAll(), what="true", name="c", words="Keep errors"),),
        promises=(Promise(name="p", when="true", require="keep", words="Never lose a payment"),),
        asides=("Probes are noisy",),
    )

    assert words_left_out(intent) == ()


@pytest.mark.parametrize("origin", ["policy", "safety"])
def test_what_was_there_before_quotes_nothing_of_this_sentence(origin: str) -> None:
    assert _left("keep gold", "keep gold", origin=origin) == ["gold"]


@pytest.mark.parametrize(
    "said", ["at most 1,500 events a second", "at most 1.5k events/s", "1500 events a second"]
)
def test_a_budget_is_a_number_of_the_intent(said: str) -> None:
    text = f"keep errors, {said}"

    assert _left(text, "keep errors", budget=1500.0) == []
    assert _left(text, "keep errors", budget=70.0) != []
    assert _left(text, "keep errors") != []


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("the plan is in customer.plan", []),
        ("plan means customer.plan", []),
        ("the plan is in customer.tier", ["plan is in customer.tier"]),
        ("customer.plan", ["customer.plan"]),
        ("and customer.plan is 7", ["customer.plan is 7"]),
    ],
)
def test_a_definition_is_used_by_what_reads_the_field(said: str, left: list[str]) -> None:
    text = f"keep gold, {said}"
    what = "root.customer.plan == 'gold'"
    clause = Clause(wanted=KeepAll(), what=what, name="gold", words="keep gold")

    places = words_left_out(Intent(text=text, clauses=(clause,)))

    assert [text[begin:end] for begin, end in places] == left


@pytest.mark.parametrize("number", range(len(WORKED_EXAMPLES)))
def test_no_example_that_claude_is_shown_leaves_words_out(number: int) -> None:
    example = WORKED_EXAMPLES[number]
    text = example.request["intent"]
    assert isinstance(text, str)
    ask = Ask(text=text)

    read = read_answer(json.dumps(example.answer), ask, redactor_of(ask))

    if isinstance(read, Answer):  # the others ask or refuse
        assert words_left_out(read.intent) == ()

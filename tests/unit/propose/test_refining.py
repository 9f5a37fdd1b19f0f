"""Going on from a policy: read anew while it is as proposed, added to once people changed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest

from nectarc.checking import check_text
from nectarc.evaluate.policy import decide
from nectarc.intent.drafts import Draft, DraftRule
from nectarc.intent.judging import Setting, judge
from nectarc.intent.policy_text import body_text, read_head, without_head
from nectarc.intent.records import (
    Asks,
    Clause,
    DropAll,
    FieldRow,
    Intent,
    KeepAll,
    KeepOneIn,
    Promise,
    Question,
    Reading,
    Refuses,
    Understood,
)
from nectarc.propose.carrying import carried_over
from nectarc.propose.outcomes import Drafted, Used
from nectarc.propose.proposals import Proposal, Reader, drafted_by, proposal_of
from nectarc.records import replace
from nectarc.scaffold.project_texts import POLICY
from nectarc.source import SourceText
from nectarc.trace import Span, Trace

ERRORS: Final = Clause(wanted=KeepAll(), what="http.status >= 500", name="keep-errors")
SLOW: Final = Clause(
    wanted=KeepAll(), what="any(service == 'checkout' && duration > 2s)", name="keep-slow"
)
PROBES: Final = Clause(
    wanted=DropAll(), what="any(method == 'GET' && http.route == '/healthz')", name="drop-probes"
)
CARTS: Final = Clause(wanted=KeepOneIn(5), what="service == 'cart'", name="carts")
REST: Final = Clause(wanted=KeepOneIn(100, "1%"), what="true", name="rest")
METHOD: Final = FieldRow("method", "string", ("http.request.method", "http.method"))


def _reader(*clauses: Clause, seen: list[str] | None = None) -> Reader:
    """Read every text as these clauses; safety's errors in front, as an engine has it."""

    def read(text: str, _answers: Mapping[str, str]) -> Reading:
        if seen is not None:
            seen.append(text)
        fields = (METHOD,) if PROBES in clauses else ()
        return Understood(intent=Intent(text=text, clauses=clauses, fields=fields))

    return read


def _proposal(read: Reader, text: str, old: SourceText | None = None) -> Proposal:
    drafted = drafted_by(read, text, {}, Setting(), old=old)
    assert isinstance(drafted, Drafted)
    return proposal_of(drafted, Setting(), old)


def _file(text: str) -> SourceText:
    return SourceText.of("policy.toon", text)


def _decided_by(text: str, **fields: str | int | bool) -> str:
    policy = check_text(_file(text)).policy
    assert policy is not None
    named = {name.replace("__", "."): value for name, value in fields.items()}
    return policy.rules[decide(policy, Trace("t", (Span(named, is_root=True),)))].name


def test_a_policy_as_proposed_is_read_anew_with_the_new_sentence() -> None:
    seen: list[str] = []
    first = _proposal(_reader(ERRORS, REST), "keep all errors, 1% of the rest")

    second = _proposal(_reader(ERRORS, SLOW, REST, seen=seen), "also slow ones", _file(first.text))

    assert seen == ["keep all errors, 1% of the rest.\nalso slow ones"]
    head = read_head(second.text)
    assert head is not None
    assert head.intent == ("keep all errors, 1% of the rest", "also slow ones")
    assert head.is_as_made
    assert second.is_proven


def test_a_policy_without_a_head_gets_the_new_rules_before_what_they_win_over() -> None:
    proposal = _proposal(_reader(ERRORS, SLOW, PROBES, CARTS, REST), "...", _file(POLICY))

    assert proposal.is_proven
    assert read_head(proposal.text) is None
    assert proposal.text.startswith("nectar_policy{")
    policy = proposal.judged.checked.policy
    assert policy is not None
    assert [rule.name for rule in policy.rules] == [
        "keep-errors-2", "keep-slow-2", "keep-errors", "keep-slow", "drop-probes", "carts",
        "sample-rest",
    ]  # fmt: skip


def test_the_old_rest_and_the_projects_safety_stay() -> None:
    safety = replace(ERRORS, origin="safety")

    proposal = _proposal(_reader(safety, SLOW, REST), "also slow ones", _file(POLICY))

    policy = proposal.judged.checked.policy
    assert policy is not None
    assert [rule.name for rule in policy.rules] == [
        "keep-slow-2", "keep-errors", "keep-slow", "sample-rest",
    ]  # fmt: skip
    assert [one.name for one in proposal.intent.clauses] == ["keep-slow-2"]
    (said,) = proposal.said
    assert said.about is not None
    assert said.about.rule == "keep-slow-2"


OWN: Final = """\
# Mine.
version: 1
name: shop

fields[1]{name,type,from}:
  plan,string,app.plan

# These pay.
rules[3]{name,match,action,priority}:
  paying,plan == 'gold',keep,2
  # The others.
  cheap,plan == 'free',sample(1/50),1
  rest,true,sample(1/10),0

invariants[1]{name,when,require}:
  paying,plan == 'gold',keep

tests[1]:
  - name: gold is kept
    expect: paying
    spans[1]{app.plan}:
      gold
"""


def test_comments_tests_fields_and_invariants_of_the_file_survive() -> None:
    proposal = _proposal(_reader(ERRORS, CARTS, REST), "...", _file(OWN))

    text = without_head(proposal.text)
    assert proposal.is_proven
    for line in OWN.splitlines():
        if not line.startswith(("rules", "  paying,plan", "  cheap", "  rest")):
            assert line in text.splitlines()
    assert _decided_by(text, app__plan="gold", http__status_code=500) == "keep-errors"
    assert _decided_by(text, app__plan="gold", service__name="cart") == "paying"
    assert _decided_by(text, app__plan="free", service__name="cart") == "carts"
    assert _decided_by(text, app__plan="free") == "cheap"
    assert _decided_by(text, name="x") == "rest"


def test_what_a_changed_proposal_was_made_from_stays_in_its_head() -> None:
    first = _proposal(_reader(ERRORS, REST), "keep errors")
    changed = _file(first.text.replace("sample(0.01)", "sample(0.02)"))

    proposal = _proposal(_reader(ERRORS, SLOW, REST), "also slow ones", changed)

    head = read_head(proposal.text)
    assert head is not None
    assert head.intent == ("keep errors", "also slow ones")
    assert not head.is_as_made
    assert "sample(0.02)" in proposal.text


def test_a_rule_that_the_new_ones_replace_is_told_and_no_failure() -> None:
    same = replace(PROBES, what="duration > 5s", name="drop-slow", wanted=KeepAll())

    proposal = _proposal(_reader(same, REST), "keep slow ones", _file(POLICY))

    assert proposal.is_proven
    (note,) = proposal.notes
    assert "rule `keep-slow` can never decide a trace any more" in note


def test_a_budget_is_set_where_it_stands_or_below_the_name() -> None:
    def read(text: str, _answers: Mapping[str, str]) -> Reading:
        return Understood(intent=Intent(text=text, clauses=(ERRORS, REST), budget_per_second=500.0))

    assert "  production-sampling\n  500\n" in _proposal(read, "...", _file(POLICY)).text
    assert "name: shop\nbudget_per_second: 500\n" in _proposal(read, "...", _file(OWN)).text


def test_a_name_that_the_file_reads_otherwise_is_refused() -> None:
    old = _file(
        OWN.replace("plan,string,app.plan", "method,string,app.method")
        .replace("plan ==", "method ==")
        .replace("app.plan", "app.method")
    )

    refused = drafted_by(_reader(PROBES, REST), "...", {}, Setting(), old=old)

    assert isinstance(refused, Refuses)
    assert "`method`" in refused.reason


def test_a_policy_with_mistakes_is_not_added_to() -> None:
    refused = drafted_by(_reader(SLOW, REST), "...", {}, Setting(), old=_file("rules[1]:\n"))

    assert isinstance(refused, Refuses)


def test_places_of_questions_are_in_the_new_sentence() -> None:
    first = _proposal(_reader(ERRORS, REST), "keep errors")

    def read(text: str, _answers: Mapping[str, str]) -> Reading:
        place = (text.index("odd"), text.index("odd") + 3)
        question = Question(id="odd", words="what is `odd`?", places=((0, 4), place))
        return Asks(questions=(question,), not_understood=(place,))

    asks = drafted_by(read, "the odd ones", {}, Setting(), old=_file(first.text))

    assert isinstance(asks, Asks)
    assert asks.questions[0].places == ((4, 7),)
    assert asks.not_understood == ((4, 7),)


@pytest.mark.parametrize("priorities", [(2, 1, 0), (1, 1, 0), (1000, 999, 0), (5, 0, -5)])
def test_there_is_always_room(priorities: tuple[int, int, int]) -> None:
    text = OWN
    for name, priority in zip(("gold',keep,2", "1/50),1", "1/10),0"), priorities, strict=True):
        text = text.replace(name, f"{name[:-1]}{priority}")

    proposal = _proposal(_reader(ERRORS, PROBES, CARTS, REST), "...", _file(text))

    policy = proposal.judged.checked.policy
    assert policy is not None
    assert [rule.name for rule in policy.rules] == [
        "keep-errors", "paying", "drop-probes", "carts", "cheap", "rest",
    ]  # fmt: skip
    numbers = [rule.priority for rule in policy.rules]
    assert len(set(numbers)) == len(numbers) or priorities == (1, 1, 0)


def test_a_promise_of_the_refinement_is_asked_and_written() -> None:
    def read(text: str, _answers: Mapping[str, str]) -> Reading:
        promise = Promise(name="paying", when="http.status >= 500", require="keep")
        return Understood(intent=Intent(text=text, clauses=(ERRORS, REST), promises=(promise,)))

    proposal = _proposal(read, "never lose an error", _file(OWN))

    assert "  paying-2,http.status >= 500,keep\n" in proposal.text
    assert proposal.is_proven


def test_a_draft_of_another_engine_keeps_the_tests_and_comments_of_the_file() -> None:
    rows = (
        DraftRule(name="paying", description="", match="plan == 'gold'", action="keep"),
        DraftRule(name="errors", description="", match="http.status >= 500", action="keep"),
        DraftRule(name="rest", description="", match="true", action="sample(1/10)"),
    )
    plan = (FieldRow("plan", "string", ("app.plan",)),)
    for draft in (Draft(name="p", rules=rows, fields=plan), Draft(name="p", rules=rows[1:])):
        judged = judge(draft, (), Setting())
        drafted = Drafted(
            intent=Intent(text="also errors", clauses=()),
            judged=judged,
            used=Used(engine="claude"),
        )

        proposal = proposal_of(drafted, Setting(), _file(OWN))

        assert proposal.text.startswith("# Mine.\n")
        if draft.fields:
            assert "tests[1]:\n  - name: gold is kept\n    expect: paying\n" in proposal.text
            assert not check_text(_file(proposal.text)).has_errors
            assert proposal.notes == ()
        else:  # no rule is called `paying` any more
            assert "tests" not in proposal.text
            assert "do not fit the new rules" in proposal.notes[0]


def test_tests_fit_into_a_record_too() -> None:
    policy = OWN[: OWN.index("fields")] + OWN[OWN.index("tests") :]
    policy = policy.replace(
        "# Mine.\n", "# Mine.\nrules[1]{name,match,action,priority}:\n  paying,true,keep,0\n"
    )
    draft = Draft(
        name="p", rules=(DraftRule(name="paying", description="", match="true", action="keep"),)
    )

    text, notes = carried_over(_file(policy), body_text(draft))

    assert notes == ()
    assert text.startswith("# Mine.\nnectar_policy{version,name,rules,tests}:\n")
    assert not check_text(_file(text)).has_errors

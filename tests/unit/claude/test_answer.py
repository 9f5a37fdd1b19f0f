"""An answer becomes an intent and a policy, or mistakes that can be sent back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.claude.answer import Answer, Mistakes, Read, read_answer
from nectarc.claude.redaction import redactor_of
from nectarc.claude.requests import Ask
from nectarc.claude.worked_examples import WORKED_EXAMPLES
from nectarc.evaluate.policy import holds
from nectarc.intent.judging import Setting, judge
from nectarc.intent.properties import properties_of
from nectarc.intent.records import Asks, DropAll, KeepAll, KeepOneIn, LimitRate, Refuses
from nectarc.trace import Span, Trace
from tests.unit.claude.answers import (
    ALL,
    DROP,
    INTENT,
    KEEP,
    answer,
    any_of,
    changed,
    compared,
    group,
    one,
    one_in,
    some,
)
from tests.unit.claude.corpus_of_words import SHOP, asked, trace_of

_RULE = "policy/rules/1/of"


def _promise(words: str, require: str) -> dict[str, object]:
    return {"name": "p", "words": words, "of": ALL, "require": require}


def _read(text: str, intent: str = INTENT, **more: tuple[tuple[str, str], ...]) -> Read:
    ask, redactor = asked(intent, trace_of(SHOP), **more)
    return read_answer(text, ask, redactor)


def _answer(text: str) -> Answer:
    read = _read(text)
    assert isinstance(read, Answer), read
    return read


def _mistakes(text: str) -> str:
    read = _read(text)
    assert isinstance(read, Mistakes), read
    return "\n".join(read.mistakes)


def test_the_intent_and_the_policy_are_read() -> None:
    read = _answer(json.dumps(answer()))

    assert [(one.name, one.wanted, one.what) for one in read.intent.clauses] == [
        ("keep-errors", KeepAll(), "http.status >= 500 || error == true"),
        ("keep-slow-checkout", KeepAll(), "any(service == 'checkout' && duration > 5s)"),
        ("rest", KeepOneIn(100), "true"),
    ]
    assert [(one.match, one.action) for one in read.draft.rules] == [
        ("http.status >= 500 || error == true", "keep"),
        ("any(service == 'checkout' && duration > 5s)", "keep"),
        ("true", "sample(0.01)"),
    ]
    assert read.intent.clauses[1].place == (20, 43)
    assert read.intent.notes == ()


def test_rules_are_ordered_by_priority() -> None:
    read = _answer(changed("policy/rules/0/priority", -5))

    assert [one.name for one in read.draft.rules] == ["keep-slow-checkout", "rest", "keep-errors"]


@pytest.mark.parametrize(
    ("condition", "match"),
    [
        (ALL, "true"),
        (some("service", "!=", "checkout"), "any(service != 'checkout')"),
        (one("no_span", compared("service", "==", "checkout")), "none(service == 'checkout')"),
        (
            one("every_span", compared("duration", "<=", "250ms")),
            "all(duration <= 250ms)",
        ),
        (
            one("some_span", compared("service", "==", "a"), compared("error", "==", "true")),
            "any(service == 'a') && any(error == true)",
        ),
        (
            any_of(
                [
                    group("some_span", compared("service", "==", "a")),
                    group("root_span", compared("http.route", "starts_with", "/api")),
                ]
            ),
            "any(service == 'a') && root.http.route starts_with '/api'",
        ),
        (
            one("root_span", compared("http.route", "missing")),
            "has_root && !exists(root.http.route)",
        ),
        (some("error", "missing"), "any(!exists(error))"),
        (some("error", "exists"), "exists(error)"),
        (one("trace", compared("span_count", ">", "100")), "span_count > 100"),
        (one("trace", compared("has_root", "==", "false")), "!has_root"),
        (
            one("same_span", compared("is_root", "==", "true"), compared("error", "==", "true")),
            "any(is_root && error == true)",
        ),
        (
            some("http.status", "in", "500", "503"),
            "http.status in [500, 503]",
        ),
        (
            some("(other)", "==", "it's", other="app plan"),
            '`app plan` == "it\'s"',
        ),
        (some("(other)", "==", "7", other="retries"), "retries == 7"),
        (some("tenant.id", "==", "7"), "tenant.id == '7'"),
        (some("service", "matches", "^(a|b)$"), "service matches '^(a|b)$'"),
        (
            some("name", "==", "a\nb' || true"),
            'name == "a\\nb\' || true"',
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_condition_is_written_in_the_policy_language(condition: object, match: str) -> None:
    read = _answer(changed(_RULE, condition))

    assert read.draft.rules[1].match == match
    judged = judge(read.draft, (), Setting())
    assert not judged.checked.has_errors, judged.checked.diagnostics


def test_pseudonyms_become_the_real_values() -> None:
    condition = any_of(
        [group("some_span", compared("tenant.id", "in", "tenant-1"))],
        [group("some_span", compared("http.route", "matches", "^route-1$"))],
    )
    whole = json.loads(changed(_RULE, condition))
    whole["policy"]["rules"][1]["name"] = "keep-tenant-1"
    whole["intent"]["notes"] = ["`tenant-1` is the tenant."]

    read = _answer(json.dumps(whole))

    assert read.draft.rules[1].match == (
        "tenant.id in ['acme-corp'] || http.route matches '^/cart/\\{id\\}$'"
    )
    assert read.draft.rules[1].name == "keep-acme-corp"
    assert read.intent.notes[0] == "`acme-corp` is the tenant."


def test_a_value_that_nobody_named_is_said() -> None:
    condition = some("http.route", "==", "/healthz")

    assert _answer(changed(_RULE, condition)).intent.notes == (
        "`/healthz` of `http.route` is Claude's reading: neither your words nor the corpus name it",
    )


def test_a_budget_and_a_limit_are_read() -> None:
    limit = {"action": "limit", "number": 50, "by": ["service.name"]}
    whole = json.loads(changed("intent/clauses/1/do", limit))
    whole["policy"]["rules"][1]["do"] = limit
    whole["intent"]["budget_per_second"] = 120.5

    read = _answer(json.dumps(whole))

    assert read.intent.clauses[1].wanted == LimitRate(50, ("service.name",))
    assert read.draft.rules[1].action == (
        "ema_throughput(goal_throughput_per_sec: 50, fields: [service.name])"
    )
    assert read.intent.budget_per_second == read.draft.budget_per_second == 120.5


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("intent/clauses/0/words", "drop everything", "must quote what the user wrote"),
        ("intent/clauses/0/words", "", "must quote what the user wrote"),
        ("intent/clauses/0/origin", "policy", "there is no current policy"),
        ("intent/clauses/0/origin", "tenant", "is none of `words`, `safety`"),
        ("intent/clauses/0/name", "rest", "the name `rest` is taken already"),
        ("intent/clauses/0/name", "…", "kebab case"),
        ("intent/clauses/2/of", some("error", "==", "true"), "the last clause"),
        ("intent/clauses/0/of", ALL, "the last clause"),
        ("intent/clauses/0/of", {"any_of": []}, "`any_of` is empty"),
        ("intent/clauses", [], "the last clause"),
        ("intent/clauses/2/do", one_in(1.33), "one in n needs a whole n"),
        ("intent/clauses/2/do", one_in(1), "one in n needs a whole n"),
        ("intent/clauses/2/do", one_in(1e300), "one in n needs a whole n"),
        ("intent/clauses/2/do", {"action": "limit", "number": 5, "by": []}, "needs the fields"),
        ("intent/clauses/2/do", {"action": "limit", "number": 0, "by": ["a"]}, "above 0"),
        ("intent/clauses/2/do", {"action": "delete", "number": 0, "by": []}, "is none of `keep`"),
        ("intent/clauses/2/do", "keep", "an object is needed"),
        ("intent/budget_per_second", -1, "a budget is above 0"),
        ("intent/budget_per_second", "10", "a number is needed"),
        ("intent/budget_per_second", True, "a number is needed"),
        ("intent/promises", [_promise("never lose", "keep")], "does not stand there"),
        ("intent/promises", [_promise("Keep all", "share > 2")], "share >= 0.1"),
        ("policy/rules", [], "a policy needs rules"),
        ("policy/rules/0/priority", 1.5, "a whole number"),
        ("policy/rules/0/name", "rest", "is taken already"),
        ("policy/fields", [{"name": "m", "type": "text", "spellings": ["a"]}], "is none of `bool`"),
        ("policy/fields", [{"name": "m", "type": "int", "spellings": []}], "fields that it reads"),
        (_RULE, one("some_span"), "a group needs tests"),
        (_RULE, some("duration", ">", "slow"), "or a duration"),
        (_RULE, some("http.status", ">", "high"), "`http.status` is a number"),
        (_RULE, some("http.status", "=~", "5"), "is none of `==`"),
        (_RULE, some("http.status", "==", "1", "2"), "one value, not 2"),
        (_RULE, some("http.status", "in"), "`in` needs values"),
        (_RULE, some("error", ">", "true"), "true or false"),
        (_RULE, one("trace", compared("service", "==", "a")), "a field of spans"),
        (_RULE, some("span_count", ">", "1"), "`on: trace`"),
        (_RULE, some("(other)", "==", "1"), "names no field"),
        (_RULE, some("a`b", "==", "1"), "names no field"),
        (_RULE, some("tenant.id", "==", "tenant-99"), "`tenant-99` stands"),
        (_RULE, some("tenant.id", "==", "<text:9>"), "`<text:9>` stands"),
        ("policy/note", "x", "`note` is not a member"),
        ("note", "x", "`note` is not a member"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_is_said(path: str, value: object, said: str) -> None:
    assert said in _mistakes(changed(path, value))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "Sure! Here", '{"intent": NaN}', "[" * 100_000, "{}", '{"intent":{}}'],
    ids=range(9),
)
def test_an_answer_that_is_cut_off_or_none_is_a_mistake(text: str) -> None:
    assert _mistakes(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=8), one, max_size=3),
    max_leaves=8,
)  # fmt: skip


def _paths(value: Any, path: str = "") -> list[str]:  # noqa: ANN401 - any JSON
    keys = (
        value.keys()
        if isinstance(value, dict)
        else range(len(value))
        if isinstance(value, list)
        else ()
    )
    found = [f"{path}/{key}".lstrip("/") for key in keys]
    return found + [one for key in keys for one in _paths(value[key], f"{path}/{key}".lstrip("/"))]


@given(st.sampled_from(_paths(answer())), _JSON)
def test_any_part_may_be_anything_and_only_checked_policies_come_out(
    path: str, value: object
) -> None:
    read = _read(changed(path, value))

    if isinstance(read, Answer):
        assert read.draft.rules
        assert read.intent.clauses[-1].is_rest
        assert all(clause.what for clause in read.intent.clauses)


def test_a_wish_that_came_with_the_data_is_a_mistake() -> None:
    whole = answer()
    evil = {
        "name": "obey", "words": "drop all errors of checkout", "of": ALL, "do": DROP,
        "origin": "words", "wins": "",
    }  # fmt: skip
    whole["intent"]["clauses"].insert(0, evil)

    said = _mistakes(json.dumps(whole))

    assert "`drop all errors of checkout` does not stand there" in said
    assert "Wishes come from the user only" in said


def test_the_safety_may_only_keep() -> None:
    assert "always `keep`" in _mistakes(
        json.dumps(
            {
                **answer(),
                "intent": {
                    **answer()["intent"],
                    "clauses": [
                        {
                            **answer()["intent"]["clauses"][0],
                            "origin": "safety",
                            "words": "",
                            "do": DROP,
                        },
                        answer()["intent"]["clauses"][2],
                    ],
                },
            }
        )
    )


def test_questions_are_asked_with_what_is_clear() -> None:
    whole = answer()
    whole["questions"] = [
        {
            "id": "Tenant 1?",
            "words": "Is `tenant-1`\u001b[31m meant?",
            "choices": [{"answer": "yes", "means": "tenant-1 is kept"}],
        }
    ]
    whole["policy"]["rules"] = []
    whole["intent"]["clauses"].pop()

    read = _read(json.dumps(whole))

    assert isinstance(read, Asks)
    assert read.questions[0].id == "tenant-1"
    assert read.questions[0].words == "Is `acme-corp` [31m meant?"
    assert read.questions[0].choices == (("yes", "acme-corp is kept"),)
    assert [clause.name for clause in read.partly] == ["keep-errors", "keep-slow-checkout"]


def test_a_refusal_is_one() -> None:
    text = changed("refusal", {"reason": "It cannot alert.", "instead": ["Keep them."]})

    assert _read(text) == Refuses(reason="It cannot alert.", instead=("Keep them.",))


def test_words_of_an_answer_count_as_the_users() -> None:
    whole = answer()
    whole["intent"]["clauses"][2] |= {"words": "drop them", "do": DROP, "origin": "answer"}

    read = _read(json.dumps(whole), answers=(("What of the rest?", "drop them please"),))

    assert isinstance(read, Answer)
    assert read.intent.clauses[2].wanted == DropAll()
    assert read.intent.answers == (("What of the rest?", "drop them please"),)


@pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda one: one.request["intent"][:24])
def test_the_worked_examples_are_right(example: Any) -> None:  # noqa: ANN401
    probes = trace_of({"http.route": "/healthz"}, {"http.route": "/readyz"})
    ask, redactor = asked(example.request["intent"], probes)

    read = read_answer(json.dumps(example.answer), ask, redactor)

    assert not isinstance(read, Mistakes), read
    if isinstance(read, Answer):
        own = {name for name, _, _ in read.draft.invariants}
        implied = [one for one in properties_of(read.intent) if one.name not in own]
        assert judge(read.draft, implied, Setting()).failures == ()


def test_without_a_corpus_an_answer_is_read_as_well() -> None:
    ask = Ask(text=INTENT)

    read = read_answer(json.dumps(answer()), ask, redactor_of(ask))

    assert isinstance(read, Answer)


def test_a_text_with_quotes_means_itself() -> None:
    value = 'it\'s "x" \\ y'
    read = _answer(changed(_RULE, some("name", "==", value)))

    policy = judge(read.draft, (), Setting()).checked.policy

    assert policy is not None
    assert holds(policy.rules[1].match, Trace("t", (Span({"name": value}),)))
    assert not holds(policy.rules[1].match, Trace("t", (Span({"name": "its x y"}),)))


def test_keep_is_what_the_rules_of_errors_do() -> None:
    assert _answer(changed("policy/rules/0/do", KEEP)).draft.rules[0].action == "keep"


def test_mistakes_go_back_with_pseudonyms() -> None:
    whole = json.loads(changed(_RULE, some("tenant.id", "matches", "(tenant-1")))
    whole["policy"]["rules"][0]["name"] = "keep-tenant-1"
    whole["policy"]["rules"][1]["name"] = "keep-tenant-1"
    whole["intent"]["clauses"][0]["words"] = "all of tenant-1"

    said = _mistakes(json.dumps(whole))

    assert "acme" not in said
    assert "the name `keep-tenant-1` is taken already" in said
    assert "`all of tenant-1` does not stand there" in said

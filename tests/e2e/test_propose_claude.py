"""`propose --engine claude` over a socket: written when proven, refused with why, never guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.proposing import CLAUDE, KEY, RIGHT, Shop, turn, unsafe
from tests.messages_server import MODEL, Reply
from tests.unit.claude.answers import INTENT, answer, changed, some

NOW = (("retry-after", "0"),)


@pytest.fixture
def shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shop:
    """Return a project with the example's traffic, and no policy yet."""
    return Shop(tmp_path / "shop", monkeypatch, capsys)


def test_a_proven_policy_is_written_under_its_intent(shop: Shop) -> None:
    talk = shop.propose([RIGHT], *CLAUDE)

    assert talk.ran.status == 0, talk.said
    assert f"Claude ({MODEL})" in talk.ran.out
    text = shop.policy.read_text()
    assert text.startswith(f"# intent: {json.dumps(INTENT)}\n# proposed by nectarc, claude {MODEL}")
    assert "duration > 5s" in text
    (request,) = talk.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert INTENT in turn(request, -1)
    assert KEY not in json.dumps(request.body)
    assert shop.run("check").status == 0
    assert shop.run("prove").status == 0


def test_an_invalid_policy_is_sent_back_and_repaired(shop: Shop) -> None:
    invalid = changed("policy/rules/0/of", some("duration", ">", "five"))

    talk = shop.propose([invalid, RIGHT], *CLAUDE)

    assert talk.ran.status == 0, talk.said
    assert len(talk.requests) == 2
    assert turn(talk.requests[1], -2) == invalid
    assert "could not be used" in turn(talk.requests[1], -1)
    assert "five" in turn(talk.requests[1], -1)
    assert "in 2 rounds" in talk.ran.out


def test_an_unsafe_policy_is_repaired_through_the_counterexample(shop: Shop) -> None:
    talk = shop.propose([unsafe(), RIGHT], *CLAUDE)

    assert talk.ran.status == 0, talk.said
    assert "drop-probes" not in shop.policy.read_text()
    repair = turn(talk.requests[1], -1)
    failures: Any = json.loads(repair.split("<failures>")[1].split("</failures>")[0])
    assert failures[0]["rule"] == "drop-probes"
    (span,) = failures[0]["counterexample"]["spans"]
    assert span["fields"] == {"http.route": "/healthz", "http.status": 500}
    (near,) = failures[0]["passes_nearby"]["spans"]
    assert near["fields"]["http.route"] != "/healthz"


def test_what_is_never_proven_is_shown_with_why_and_not_written(shop: Shop) -> None:
    before = shop.files()

    talk = shop.propose([unsafe(), unsafe("/ping"), unsafe("/ready")], *CLAUDE)

    assert talk.ran.status == 1
    assert len(talk.requests) == 3
    assert shop.files() == before
    assert talk.ran.out == ""
    assert "NOT PROVEN: nothing was written" in talk.ran.err
    assert 'clause 1, "Keep all errors": some of these are lost' in talk.ran.err
    assert "The refused policy:" in talk.ran.err


def test_force_writes_it_with_the_findings_in_its_head(shop: Shop) -> None:
    talk = shop.propose([unsafe()] * 2, *CLAUDE, "--force")

    assert talk.ran.status == 1
    assert "not proven" in talk.ran.err
    head = shop.policy.read_text().split("nectar_policy")[0]
    assert '# NOT PROVEN: clause 1, "Keep all errors": some of these are lost' in head
    assert shop.run("check").status == 0
    assert shop.run("prove").status == 1


def test_a_question_of_claude_is_asked_and_its_answer_sent(shop: Shop) -> None:
    choices = [{"answer": "5s", "means": "above 5 seconds"}]
    asks = changed("questions", [{"id": "slow", "words": "How slow?", "choices": choices}])
    before = shop.files()

    asked = shop.propose([asks], *CLAUDE)
    answered = shop.propose([RIGHT], *CLAUDE, "--answer", "slow=5 seconds")

    assert asked.ran.status == 1
    assert "How slow?" in asked.ran.err
    assert "--answer slow=5s" in asked.ran.err
    assert before == {name: data for name, data in shop.files().items() if name in before}
    assert answered.ran.status == 0
    assert "5 seconds" in turn(answered.requests[0], -1)
    assert '# answer: ["slow", "5 seconds"]' in shop.policy.read_text()


def test_a_refusal_says_why_and_what_can_be_done(shop: Shop) -> None:
    refusal = {"reason": "Alerts are no sampling.", "instead": ["Use triggers of Honeycomb."]}

    talk = shop.propose([changed("refusal", refusal)], *CLAUDE)

    assert talk.ran.status == 1
    assert "Alerts are no sampling." in talk.ran.err
    assert "- Use triggers of Honeycomb." in talk.ran.err
    assert not shop.policy.exists()


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ([Reply(RIGHT, stop="max_tokens")], "cut off after 16,000 tokens"),
        ([Reply("", stop="refusal")], "Claude declined"),
        ([Reply(status=401, message="invalid x-api-key")], "does not know the key"),
        ([Reply(status=403, message="no")], "may not do this (403)"),
        ([Reply(status=404, message="model: nope")], "has no model"),
        ([Reply(status=429, message="slow", headers=(("retry-after", "3600"),))], "in 3600 s"),
        ([Reply(status=529, message="Overloaded", headers=NOW)] * 3, "is overloaded (529)"),
        ([Reply(status=500, message="oh", headers=NOW)] * 3, "failed (500)"),
        ([Reply(status=400, message="credit balance")], "refuses the request (400)"),
        ([Reply(RIGHT, breaks="type")], "not the Messages API"),
        ([Reply(RIGHT, breaks="json")], "not the Messages API"),
        ([Reply("no JSON"), Reply("no JSON")], "could not be used"),
    ],
    ids=[
        "cut", "declined", "wrong-key", "forbidden", "no-model", "rate", "overloaded", "server",
        "bad-request", "html", "damaged", "unreadable",
    ],
)  # fmt: skip
def test_when_claude_fails_nothing_changes_and_the_way_on_is_said(
    shop: Shop, replies: list[Reply], words: str
) -> None:
    before = shop.files()

    talk = shop.propose(replies, *CLAUDE)

    assert talk.ran.status == 2
    assert len(talk.requests) == len(replies)
    assert words in " ".join(talk.ran.err.split())
    assert talk.ran.err.startswith("nectarc: ")
    assert talk.ran.out == ""
    assert shop.files() == before


def test_an_overload_that_passes_is_waited_for(shop: Shop) -> None:
    busy = Reply(status=529, message="Overloaded", headers=NOW)

    talk = shop.propose([busy, RIGHT], *CLAUDE)

    assert talk.ran.status == 0, talk.said
    assert len(talk.requests) == 2


def test_a_connection_that_drops_in_the_midst_is_tried_again(shop: Shop) -> None:
    talk = shop.propose([Reply(RIGHT, breaks="midst"), RIGHT], *CLAUDE)

    assert talk.ran.status == 0, talk.said
    assert len(talk.requests) == 2


def test_words_that_claude_leaves_out_are_asked_about_and_the_answer_goes_on(shop: Shop) -> None:
    whole = answer()
    del whole["intent"]["clauses"][1]
    del whole["policy"]["rules"][1]
    forgetful = json.dumps(whole)

    asked = shop.propose([forgetful, forgetful], *CLAUDE)
    files = shop.files()
    settled = shop.propose([forgetful], *CLAUDE, "--answer", "left-out=ignore them")

    assert asked.ran.status == 1
    assert "Not understood: `checkout over 5 seconds`" in asked.ran.err
    assert "--answer 'left-out=ignore them'" in asked.ran.err
    assert "policy.toon" not in files
    assert settled.ran.status == 0, settled.said


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ANTHROPIC_BASE_URL", "http://[", "`ANTHROPIC_BASE_URL` is no address of the web"),
        ("HTTP_PROXY", "foo:bar", "no connection can be set up"),
        ("SSL_CERT_FILE", "/nowhere.pem", "no connection can be set up"),
    ],
)
def test_an_environment_that_cannot_work_is_said(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    url = value if name == "ANTHROPIC_BASE_URL" else "http://198.51.100.1"

    ran = shop.run("propose", INTENT, *CLAUDE, key=KEY, url=url)

    assert ran.status == 2
    assert words in " ".join(ran.err.split())
    assert not shop.policy.exists()


def test_without_a_key_or_a_network_it_is_said(shop: Shop) -> None:
    no_key = shop.run("propose", INTENT, *CLAUDE)
    bad_url = shop.run("propose", INTENT, *CLAUDE, key=KEY, url="ftp://x")

    assert (no_key.status, bad_url.status) == (2, 2)
    assert "`ANTHROPIC_API_KEY` is not set" in no_key.err
    assert "--engine offline" in no_key.err
    assert "`ANTHROPIC_BASE_URL` is no address of the web" in " ".join(bad_url.err.split())
    assert not shop.policy.exists()


def test_a_wrong_key_is_in_no_output_and_no_file(shop: Shop) -> None:
    said = f"invalid x-api-key: {KEY}"

    talk = shop.propose([Reply(status=401, message=said)], *CLAUDE, "--record", "runs", "-v")

    assert talk.ran.status == 2  # `Shop.run` looks for the key in what was said
    assert not [name for name, data in shop.files().items() if KEY.encode() in data]


def test_a_recorded_run_is_replayed_without_a_network(shop: Shop) -> None:
    first = shop.propose([unsafe(), RIGHT], *CLAUDE, "--record", "runs")
    written = shop.policy.read_bytes()
    shop.policy.unlink()

    again = shop.run("propose", INTENT, "--replay", "runs")

    assert (first.ran.status, again.status) == (0, 0)
    assert again.out == first.ran.out
    assert shop.policy.read_bytes() == written
    assert not [name for name, data in shop.files().items() if KEY.encode() in data]


def test_a_replay_of_another_intent_is_refused(shop: Shop) -> None:
    shop.propose([RIGHT], *CLAUDE, "--record", "runs")

    other = shop.run("propose", "keep everything", "--replay", "runs")
    nothing = shop.run("propose", INTENT, "--replay", "nowhere")
    offline = shop.run("propose", INTENT, "--replay", "runs", "--engine", "offline")

    assert (other.status, nothing.status, offline.status) == (2, 2, 2)
    assert "the request differs from the recorded one" in other.err
    assert "holds no exchange 1" in nothing.err
    assert "`--record` and `--replay` are of exchanges with Claude" in offline.err


def test_auto_reads_offline_where_claude_cannot_be_reached(shop: Shop) -> None:
    intent = "Keep all errors, sample everything else at 1%"

    talk = shop.propose([Reply(status=401, message="who?")], intent=intent)

    assert talk.ran.status == 0, talk.said
    assert "the offline engine reads it" in talk.ran.err
    assert "Read by the offline engine" in talk.ran.out
    assert "proposed by nectarc, offline" in shop.policy.read_text()


def test_auto_takes_claude_where_there_is_a_key(shop: Shop) -> None:
    talk = shop.propose([RIGHT])

    assert talk.ran.status == 0, talk.said
    assert len(talk.requests) == 1
    assert "Read by Claude" in talk.ran.out


def test_the_model_comes_from_the_option_else_the_manifest(shop: Shop) -> None:
    manifest = shop.path / "nectar.toml"
    manifest.write_text(manifest.read_text() + '\n[propose]\nmodel = "claude-of-manifest"\n')

    by_manifest = shop.propose([RIGHT], *CLAUDE)
    by_option = shop.propose([RIGHT], *CLAUDE, "--model", "claude-of-option")

    assert by_manifest.requests[0].body["model"] == "claude-of-manifest"
    assert by_option.requests[0].body["model"] == "claude-of-option"


def test_max_rounds_bounds_the_rounds(shop: Shop) -> None:
    talk = shop.propose([unsafe(), RIGHT], *CLAUDE, "--max-rounds", "1")

    assert talk.ran.status == 1
    assert len(talk.requests) == 1


@pytest.mark.parametrize(
    ("replies", "status", "outcome"),
    [
        ([RIGHT], 0, "proposed"),
        ([unsafe(), unsafe()], 1, "unproven"),
        ([changed("questions", [{"id": "a", "words": "What?", "choices": []}])], 1, "asks"),
        ([changed("refusal", {"reason": "No.", "instead": []})], 1, "refused"),
        ([Reply(status=401)], 2, "failed"),
    ],
    ids=["proposed", "unproven", "asks", "refused", "failed"],
)
def test_json_tells_every_outcome(
    shop: Shop, replies: list[Reply | str], status: int, outcome: str
) -> None:
    talk = shop.propose(replies, *CLAUDE, "--format", "json")

    told: Any = json.loads(talk.ran.out)
    assert (talk.ran.status, told["outcome"]) == (status, outcome)
    assert told.get("written") == ("policy.toon" if outcome == "proposed" else None)
    assert shop.policy.exists() == (outcome == "proposed")


def test_json_keeps_every_claim_that_fails(shop: Shop) -> None:
    talk = shop.propose([unsafe()] * 2, *CLAUDE, "--format", "json")

    told: Any = json.loads(talk.ran.out)
    checks = {one["name"]: one["verdict"] for one in told["checks"]}
    assert [one["check"] for one in told["failures"]] == [
        name for name, verdict in checks.items() if verdict == "REFUTED"
    ]
    assert all(one["claim"] and one["counterexample"] for one in told["failures"])

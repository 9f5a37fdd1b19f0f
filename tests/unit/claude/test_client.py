"""The client against a real socket: every way in which the API answers, or does not."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import Final

import pytest

from nectarc.claude.client import Answered, ClientOptions, claude_client
from nectarc.claude.failures import ClaudeFailure
from nectarc.claude.requests import Block, Message, Request
from tests.messages_server import MODEL, MessagesServer, Reply

KEY: Final = "sk-ant-test-key-that-must-not-be-shown"
REQUEST: Final = Request(
    model="claude-x",
    system=(Block("You are asked.", is_cached=True),),
    messages=(Message("user", "Keep errors."),),
    schema='{"type":"object"}',
    max_tokens=1000,
)
LONG: Final = "a long answer, " * 200


class Run:
    """One run of the client: what came of it, what was sent, waited and told."""

    def __init__(
        self, replies: Sequence[Reply], *, is_streamed: bool, timeout_s: float = 5
    ) -> None:
        """Send one request to a server that answers so."""
        self.waited: list[float] = []
        self.told: list[str] = []
        options = ClientOptions(
            sleep=self.waited.append,
            progress=self.told.append if is_streamed else None,
            timeout_s=timeout_s,
        )
        with MessagesServer(replies).running() as server:
            client = claude_client(
                {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": server.url}, options
            )
            assert not isinstance(client, ClaudeFailure)
            self.answer = client.send(REQUEST)
            self.count = client.count(REQUEST)
            self.requests = server.requests

    @property
    def failure(self) -> ClaudeFailure:
        """What went wrong."""
        assert isinstance(self.answer, ClaudeFailure), self.answer
        assert KEY not in repr(self.answer)
        assert self.answer.help
        return self.answer


both = pytest.mark.parametrize("is_streamed", [True, False], ids=["stream", "json"])


@both
def test_an_answer(*, is_streamed: bool) -> None:
    run = Run([Reply(LONG)], is_streamed=is_streamed)

    assert run.answer == Answered(
        text=LONG, model=MODEL, tokens_in=3100, tokens_out=50, cached=3000
    )
    (sent,) = run.requests
    assert KEY in (sent.headers.get("x-api-key", "") + sent.headers.get("authorization", ""))
    assert sent.body["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert sent.body["output_config"]["format"]["type"] == "json_schema"
    assert bool(sent.body.get("stream")) is is_streamed
    assert run.count is not None
    assert any("characters" in words for words in run.told) is is_streamed


@both
@pytest.mark.parametrize(
    ("status", "kind", "word"),
    [
        (400, "bad-request", "refuses"),
        (401, "wrong-key", "does not know the key"),
        (403, "forbidden", "may not"),
        (404, "no-model", "claude-x"),
        (413, "too-large", "larger"),
    ],
)
def test_errors_that_do_not_pass(status: int, kind: str, word: str, *, is_streamed: bool) -> None:
    run = Run([Reply(status=status, message="so it is")], is_streamed=is_streamed)

    assert run.failure.kind == kind
    assert word in run.failure.message
    assert "so it is" in run.failure.message
    assert len(run.requests) == 1
    assert run.waited == []


@both
@pytest.mark.parametrize(
    ("status", "kind"), [(500, "server-error"), (503, "server-error"), (529, "overloaded")]
)
def test_errors_that_may_pass_are_tried_again(status: int, kind: str, *, is_streamed: bool) -> None:
    reply = Reply(status=status, message="busy")

    passing = Run([reply, reply, Reply("done")], is_streamed=is_streamed)
    lasting = Run([reply] * 9, is_streamed=is_streamed)

    assert isinstance(passing.answer, Answered)
    assert passing.waited == [1.0, 4.0]
    assert lasting.failure.kind == kind
    assert "(asked 3 times)" in lasting.failure.message
    assert len(lasting.requests) == 3
    again = [words for words in passing.told if "trying again" in words]
    assert [words.rpartition("; ")[2] for words in again] == (
        ["trying again in 1 s", "trying again in 4 s"] if is_streamed else []
    )


@both
def test_a_rate_limit_is_waited_for_where_it_is_short(*, is_streamed: bool) -> None:
    short = Reply(status=429, message="slow down", headers=(("retry-after", "7"),))
    long = Reply(status=429, message="slow down", headers=(("retry-after", "3600"),))

    waited = Run([short, Reply("done")], is_streamed=is_streamed)
    given_up = Run([long], is_streamed=is_streamed)

    assert isinstance(waited.answer, Answered)
    assert waited.waited == [7.0]
    assert given_up.failure.kind == "rate-limit"
    assert "3600 s" in given_up.failure.message
    assert given_up.waited == []


@pytest.mark.parametrize(
    ("said", "waited"),
    [
        ("0.5", [0.5, 0.5]),
        ("nan", [1.0, 4.0]),
        ("inf", [1.0, 4.0]),
        ("-5", [1.0, 4.0]),
        ("soon", [1.0, 4.0]),
        ("Wed, 21 Oct 2099 07:28:00 GMT", []),
    ],
)
def test_retry_after_in_every_form(said: str, waited: list[float]) -> None:
    run = Run(
        [Reply(status=429, message="m", headers=(("retry-after", said),))] * 3, is_streamed=False
    )

    assert run.failure.kind == "rate-limit"
    assert run.waited == waited


@both
@pytest.mark.parametrize("stop", ["tool_use", "pause_turn"])
def test_a_stop_that_nothing_asked_for_is_no_answer(stop: str, *, is_streamed: bool) -> None:
    run = Run([Reply('{"half":', stop=stop)], is_streamed=is_streamed)

    assert run.failure.kind == "malformed"
    assert f"`{stop}`" in run.failure.message


@both
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply("half an ans", stop="max_tokens"), "max-tokens"),
        (Reply("", stop="refusal"), "declined"),
        (Reply(LONG, breaks="type"), "malformed"),
        (Reply(LONG, breaks="json"), "malformed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_answers_that_are_none(reply: Reply, kind: str, *, is_streamed: bool) -> None:
    run = Run([reply] * 3, is_streamed=is_streamed)

    assert run.failure.kind == kind


@both
@pytest.mark.parametrize("breaks", ["before", "midst"])
def test_a_dropped_connection(breaks: str, *, is_streamed: bool) -> None:
    passing = Run([Reply(LONG, breaks=breaks), Reply("done")], is_streamed=is_streamed)
    lasting = Run([Reply(LONG, breaks=breaks)] * 3, is_streamed=is_streamed)

    assert isinstance(passing.answer, Answered)
    assert lasting.failure.kind in ("dropped", "no-network")


def test_an_overload_in_the_midst_of_a_stream() -> None:
    run = Run([Reply(LONG, breaks="event"), Reply("done")], is_streamed=True)

    assert isinstance(run.answer, Answered)


@both
def test_a_body_that_cannot_be_unpacked(*, is_streamed: bool) -> None:
    run = Run([Reply("x", breaks="packed")], is_streamed=is_streamed)

    assert run.failure.kind == "malformed"
    assert len(run.requests) == 1


@pytest.mark.parametrize(
    ("kind_said", "kind", "tries"),
    [
        ("rate_limit_error", "rate-limit", 3),
        ("api_error", "server-error", 3),
        ("authentication_error", "wrong-key", 1),
        ("of_the_future", "server-error", 3),
    ],
)
def test_an_error_in_the_midst_of_a_stream_is_what_its_type_says(
    kind_said: str, kind: str, tries: int
) -> None:
    reply = Reply(LONG, breaks="event", message=f"oh {KEY}", kind=kind_said)

    run = Run([reply] * 3, is_streamed=True)

    assert run.failure.kind == kind
    assert "oh (your key)" in run.failure.message
    assert len(run.requests) == tries


def test_a_piece_of_no_block_is_no_answer() -> None:
    run = Run([Reply(LONG, breaks="index")], is_streamed=True)

    assert run.failure.kind == "malformed"
    assert "no whole message" in run.failure.message


@both
def test_an_answer_without_its_bill_is_an_answer(*, is_streamed: bool) -> None:
    run = Run([Reply("done", usage={})], is_streamed=is_streamed)

    assert isinstance(run.answer, Answered)
    assert (run.answer.text, run.answer.tokens_in, run.answer.cached) == ("done", 0, 0)


@both
def test_no_answer_in_time(*, is_streamed: bool) -> None:
    run = Run([Reply("late", delay_s=0.5)] * 3, is_streamed=is_streamed, timeout_s=0.1)

    assert run.failure.kind == "timeout"


def test_nobody_listens() -> None:
    options = ClientOptions(sleep=lambda _: None)
    client = claude_client(
        {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/api"}, options
    )
    assert not isinstance(client, ClaudeFailure)

    answer = client.send(REQUEST)

    assert isinstance(answer, ClaudeFailure)
    assert answer.kind == "no-network"
    assert "127.0.0.1:9" in answer.message
    assert client.count(REQUEST) is None


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({}, "no-key"),
        ({"ANTHROPIC_API_KEY": "  "}, "no-key"),
        ({"ANTHROPIC_API_KEY": "schlüssel"}, "wrong-key"),
        ({"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "nowhere"}, "malformed"),
        ({"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://["}, "malformed"),
        ({"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://h:x/"}, "malformed"),
        ({"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://h:99999"}, "malformed"),
        ({"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://h/\x7f"}, "malformed"),
    ],
)
def test_what_is_wrong_before_anything_is_sent(environment: dict[str, str], kind: str) -> None:
    client = claude_client(environment, ClientOptions(sleep=lambda _: None))

    assert isinstance(client, ClaudeFailure)
    assert client.kind == kind


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP_PROXY", "foo:bar"),
        ("ALL_PROXY", "ftp://x"),
        ("SSL_CERT_FILE", "/nowhere/at/all.pem"),
    ],
)
def test_proxies_and_certificates_that_cannot_be_used(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaints: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda one: complaints.append(repr(one.object)))
    monkeypatch.setenv(name, value)

    client = claude_client(
        {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://198.51.100.1"},
        ClientOptions(sleep=lambda _: None),
    )
    gc.collect()

    assert isinstance(client, ClaudeFailure)
    assert client.kind == "no-network"
    assert name in client.help
    # Nothing half made complains when it is cleaned up.
    assert not [one for one in complaints if "Httpx" in one]


def test_a_password_in_the_address_is_not_shown() -> None:
    address = "http://user:pa55word@127.0.0.1:9"
    with_host = claude_client(
        {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": address},
        ClientOptions(sleep=lambda _: None),
    )
    without = claude_client(
        {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "user:pa55word@host"},
        ClientOptions(sleep=lambda _: None),
    )
    assert not isinstance(with_host, ClaudeFailure)

    answer = with_host.send(REQUEST)

    assert isinstance(answer, ClaudeFailure)
    assert "`127.0.0.1:9`" in answer.message
    assert "pa55word" not in repr(answer) + repr(without)


def test_a_path_before_the_api() -> None:
    with MessagesServer([Reply("done")], has_count=False).running() as server:
        environment = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": f"{server.url}/proxy/"}
        client = claude_client(environment, ClientOptions(sleep=lambda _: None))
        assert not isinstance(client, ClaudeFailure)

        assert isinstance(client.send(REQUEST), Answered)
        assert client.count(REQUEST) is None
        assert server.requests[0].path == "/proxy/v1/messages"

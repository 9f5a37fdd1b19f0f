"""Recordings: their bytes, damage of every kind, and folders that cannot be written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nectarc.claude.client import Answered
from nectarc.claude.exchanges import Recorder, Replayer
from nectarc.claude.failures import ClaudeFailure
from nectarc.claude.requests import Block, Message, Request
from nectarc.records import record, replace

REQUEST = Request(
    model="claude-x",
    system=(Block("You are asked.", is_cached=True),),
    messages=(Message("user", "Behalte Fehler <&> \u2028"),),
    schema='{"type":"object"}',
    max_tokens=1000,
)
ANSWER = Answered(text="gut \u2028", model="m", tokens_in=3, tokens_out=2, cached=1)


@record
class _Always:
    """A sender with one answer."""

    def send(self, request: Request) -> Answered | ClaudeFailure:
        """Give it."""
        del request
        return ANSWER

    def count(self, request: Request) -> int | None:
        """Return some number."""
        del request
        return 7


def _recorded(folder: Path, *requests: Request) -> None:
    recorder = Recorder(_Always(), str(folder))
    for request in requests:
        assert recorder.send(request) == ANSWER


def _failure(folder: Path, request: Request = REQUEST) -> ClaudeFailure:
    found = Replayer(str(folder)).send(request)
    assert isinstance(found, ClaudeFailure), found
    assert found.kind == "replay"
    assert "--record DIR" in found.help
    return found


def test_the_same_run_has_the_same_bytes_and_no_time(tmp_path: Path) -> None:
    other = replace(REQUEST, messages=(*REQUEST.messages, Message("assistant", "x")))
    _recorded(tmp_path / "a", REQUEST, other)
    _recorded(tmp_path / "b", REQUEST, other)

    one, two = ((tmp_path / name / "002.json").read_bytes() for name in "ab")

    assert one == two
    content: Any = json.loads(one)
    assert list(content) == ["version", "request", "answer"]
    assert content["request"]["messages"][1] == {"role": "assistant", "content": "x"}
    replayer = Replayer(str(tmp_path / "a"))
    assert [replayer.send(REQUEST), replayer.send(other)] == [ANSWER, ANSWER]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (replace(REQUEST, model="claude-y"), '`model` was `"claude-x"`'),
        (replace(REQUEST, max_tokens=9), "`max_tokens` was `1000` and is `9`"),
        (replace(REQUEST, messages=(*REQUEST.messages, Message("user", "b"))), "`messages[1]`"),
        (replace(REQUEST, system=(Block("You are asked.", is_cached=False),)), "cache_control"),
        (replace(REQUEST, schema=""), "`output_config`"),
    ],
    ids=["model", "tokens", "turn", "cache", "schema"],
)  # fmt: skip
def test_the_first_difference_is_named(tmp_path: Path, changed: Request, words: str) -> None:
    _recorded(tmp_path, REQUEST)

    assert words in _failure(tmp_path, changed).message


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"version": 2}', b"[" * 100_000,
        b'{"version": 1}',
    ],
    ids=["empty", "cut", "list", "null", "bytes", "version", "deep", "bare"],
)  # fmt: skip
def test_a_damaged_file_is_named(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "001.json").write_bytes(damage)

    assert "001.json" in _failure(tmp_path).message


@pytest.mark.parametrize(
    "answer",
    [
        None, [], {}, {"text": 5}, {"failure": "timeout"},
        {"failure": "x", "message": 1, "help": ""},
        {"text": "t", "model": "m", "tokens_in": True, "tokens_out": 1, "cached": 1},
        {"text": "t", "model": "m", "tokens_in": 1, "tokens_out": 1.5, "cached": 1},
    ],
)  # fmt: skip
def test_a_damaged_answer_is_named(tmp_path: Path, answer: object) -> None:
    _recorded(tmp_path, REQUEST)
    path = tmp_path / "001.json"
    content: Any = json.loads(path.read_text(encoding="utf-8"))
    content["answer"] = answer
    path.write_text(json.dumps(content))

    assert "its answer cannot be read" in _failure(tmp_path).message


def test_a_folder_that_is_a_file_cannot_be_recorded_into(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")

    found = Recorder(_Always(), str(tmp_path / "file")).send(REQUEST)

    assert isinstance(found, ClaudeFailure)
    assert found.kind == "record"
    assert (tmp_path / "file").read_text() == "mine"


def test_tokens_are_counted_only_where_something_is_sent(tmp_path: Path) -> None:
    assert Recorder(_Always(), str(tmp_path)).count(REQUEST) == 7
    assert Replayer(str(tmp_path)).count(REQUEST) is None

"""`nectarc demo`: from a sentence to a report, without a key and a network, and with Claude."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

from nectarc.cli.demo import SENTENCE
from tests.e2e.process import Ran, run, write
from tests.e2e.proposing import KEY
from tests.messages_server import MessagesServer, Reply
from tests.unit.claude.answers import ALL, ERRORS, KEEP, answer, changed, one_in, some

# A proxy that is not there: whatever asks the network fails.
NOWHERE = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")


def _demo(cwd: Path, *words: str, key: str = "", url: str = "", **more: str) -> Ran:
    environment = {"ANTHROPIC_API_KEY": key, "ANTHROPIC_BASE_URL": url, **more}
    return run("demo", *words, cwd=cwd, environment=environment)


def _right() -> str:
    """Return the answer to the demo's own sentence."""
    made: Any = answer()
    rows = [
        ("keep-errors", "Keep all errors", ERRORS, KEEP),
        ("keep-slow", "slow requests over 5 seconds", some("duration", ">", "5s"), KEEP),
        ("rest", "sample everything else at 1%", ALL, one_in(100)),
    ]
    made["intent"]["clauses"] = [
        {"name": name, "words": words, "of": of, "do": do, "origin": "words", "wins": ""}
        for name, words, of, do in rows
    ]
    made["policy"]["rules"] = [
        {"name": name, "description": words, "of": of, "do": do, "priority": -number}
        for number, (name, words, of, do) in enumerate(rows)
    ]
    return json.dumps(made)


def test_it_works_without_a_key_and_a_network_and_names_what_it_made(tmp_path: Path) -> None:
    ran = _demo(tmp_path, **NOWHERE)

    assert ran.status == 0, ran.err
    commands = [shlex.split(line[2:]) for line in ran.out.splitlines() if line.startswith("$ ")]
    assert [words[1] for words in commands if words[0] == "nectarc"] == [
        "init", "propose", "prove", "compile", "explain", "explain",
    ]  # fmt: skip
    assert ["nectarc", "propose", SENTENCE] in commands
    folder = tmp_path / "nectarc-demo"
    named = re.findall(r"(?:is|are) (nectarc-demo/[\w.]+[a-z])", ran.out)
    assert named == [f"nectarc-demo/{one}" for one in ("waggle.html", "policy.toon", "rules.yaml")]
    assert all((tmp_path / one).is_file() for one in named)
    page = (folder / "waggle.html").read_text()
    assert page.lower().startswith("<!doctype html>")
    assert len(page) < 1_000_000
    for words in ("5 PROVED", "2 HOLDS"):
        assert words in ran.out
    assert "\033" not in ran.out


def test_what_it_made_is_a_project_like_any_other(tmp_path: Path) -> None:
    folder = tmp_path / "nectarc-demo"
    assert _demo(tmp_path, "--quiet").status == 0

    assert run("prove", cwd=folder).status == 0
    assert run("verify", cwd=folder).status == 0
    policy = (folder / "policy.toon").read_text()
    assert policy.startswith(f"# intent: {json.dumps(SENTENCE)}\n")
    assert "duration > 5s" in policy
    assert "sample(0.01)" in policy


def test_it_never_writes_into_a_folder_that_is_in_use(tmp_path: Path) -> None:
    write(tmp_path, "mine/notes.txt", "mine")

    ran = _demo(tmp_path, "mine")

    assert ran.status == 2
    assert "`mine` is there already" in ran.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_with_a_key_claude_reads_the_sentence(tmp_path: Path) -> None:
    with MessagesServer([Reply(_right())]).running() as server:
        ran = _demo(tmp_path, "with-claude", key=KEY, url=server.url)
        (request,) = server.requests

    assert ran.status == 0, ran.err
    assert "Read by Claude" in ran.out
    assert SENTENCE in json.dumps(request.body["messages"])
    assert "proposed by nectarc, claude" in (tmp_path / "with-claude/policy.toon").read_text()
    assert KEY not in ran.out + ran.err


def test_with_a_wrong_key_it_still_works(tmp_path: Path) -> None:
    with MessagesServer([Reply(status=401, message="no such key")]).running() as server:
        ran = _demo(tmp_path, key=KEY, url=server.url)

    assert ran.status == 0, ran.err
    assert "the offline engine reads it" in ran.err
    assert (tmp_path / "nectarc-demo" / "waggle.html").is_file()


def test_it_ends_where_claude_asks_and_says_so(tmp_path: Path) -> None:
    asks = changed("questions", [{"id": "slow", "words": "How slow?", "choices": []}])
    with MessagesServer([Reply(asks)]).running() as server:
        ran = _demo(tmp_path, key=KEY, url=server.url)

    assert ran.status == 1
    assert "How slow?" in ran.err
    assert "the demo ends here" in ran.err
    assert "$ nectarc prove" not in ran.out


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    write(tmp_path, "file", "")

    ran = _demo(tmp_path, "file/inside")

    assert ran.status == 2
    assert "file/inside" in ran.err

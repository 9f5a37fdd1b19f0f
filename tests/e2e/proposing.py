"""`nectarc propose` against a server that plays Claude, over a real socket.

Commands run in this process, since the SDK alone takes two seconds to load; the network, the files
and the environment are real. What a process adds is in `test_propose_terminal.py`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from nectarc.cli.main import main
from tests.e2e.process import SHOP, Ran
from tests.messages_server import MessagesServer, Received, Reply
from tests.unit.claude.answers import DROP, INTENT, answer, some

KEY: Final = "sk-ant-test-0123456789"
CLAUDE: Final = ("--engine", "claude")
RIGHT: Final = json.dumps(answer())
_TRACES: Final = 40


class Talk(NamedTuple):
    """What a command left behind, and what the server was sent."""

    ran: Ran
    requests: list[Received]

    @property
    def said(self) -> str:
        """All that a person reads."""
        return self.ran.out + self.ran.err


class Shop:
    """A project made of the example, and a person who types commands there."""

    def __init__(
        self, path: Path, patch: pytest.MonkeyPatch, screen: pytest.CaptureFixture[str]
    ) -> None:
        """Stand in a copy of the example, without its policy and without a key."""
        shutil.copytree(SHOP, path, ignore=shutil.ignore_patterns("policy.toon", "*.py"))
        # Fewer traces than the example has: these tests are about the command, and run it often.
        traces = path / "corpus" / "traces.jsonl"
        lines = traces.read_text(encoding="utf-8").splitlines(keepends=True)
        traces.write_text("".join(lines[:_TRACES]), encoding="utf-8")
        self.path = path
        self._patch, self._screen = patch, screen
        patch.chdir(path)
        for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN"):
            patch.delenv(name, raising=False)

    def run(self, *words: str, key: str = "", url: str = "") -> Ran:
        """Run `nectarc words...`."""
        for name, value in (("ANTHROPIC_API_KEY", key), ("ANTHROPIC_BASE_URL", url)):
            if value:
                self._patch.setenv(name, value)
            else:
                self._patch.delenv(name, raising=False)
        self._screen.readouterr()
        status = main(list(words))
        ran = Ran(status, *self._screen.readouterr())
        assert "Traceback" not in ran.err, ran.err
        if key:
            assert key not in ran.out + ran.err
        return ran

    def propose(self, replies: Sequence[Reply | str], *words: str, intent: str = INTENT) -> Talk:
        """Propose `intent`; the server gives these replies in order."""
        script = [one if isinstance(one, Reply) else Reply(one) for one in replies]
        with MessagesServer(script).running() as server:
            ran = self.run("propose", intent, *words, key=KEY, url=server.url)
            return Talk(ran, server.requests)

    @property
    def policy(self) -> Path:
        """Where the policy is written."""
        return self.path / "policy.toon"

    def files(self) -> dict[str, bytes]:
        """Return every file of the project with its bytes."""
        found = (path for path in self.path.rglob("*") if path.is_file())
        return {str(path.relative_to(self.path)): path.read_bytes() for path in found}


def unsafe(route: str = "/healthz") -> str:
    """Return an answer whose policy drops, in front of all, what the intent keeps."""
    whole = answer()
    rule = {
        "name": "drop-probes",
        "description": "",
        "of": some("http.route", "==", route),
        "do": DROP,
        "priority": 99,
    }
    whole["policy"]["rules"].insert(0, rule)
    return json.dumps(whole)


def body_of(requests: Sequence[Received]) -> str:
    """Return what was sent besides the prompt's fixed beginning, which no corpus changes."""
    own: list[dict[str, Any]] = [
        {name: value for name, value in one.body.items() if name != "system"} for one in requests
    ]
    return json.dumps(own, ensure_ascii=False)


def turn(request: Received, number: int) -> str:
    """Return the text of a turn of the conversation, -1 the last."""
    content: object = request.body["messages"][number]["content"]
    assert isinstance(content, str)
    return content

"""`propose` at a terminal: prompts, the line of progress, colours, ^C and ^D."""

from __future__ import annotations

import os
import select
import signal
import struct
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.process import ROOT
from tests.e2e.proposing import KEY, RIGHT
from tests.messages_server import MessagesServer, Reply
from tests.unit.claude.answers import INTENT, changed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")

CLEAR: Final = "\r\x1b[K"
WIDTH: Final = 80
_PATIENCE_S: Final = 60.0


class Terminal:
    """A process on a terminal of its own, 80 columns wide."""

    def __init__(self, folder: Path, words: tuple[str, ...], more: Mapping[str, str]) -> None:
        """Start `nectarc words...` there."""
        import fcntl  # noqa: PLC0415 - not on Windows
        import pty  # noqa: PLC0415
        import termios  # noqa: PLC0415

        self.drawn = ""
        unset = ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "NO_COLOR")
        kept = {name: value for name, value in os.environ.items() if name not in unset}
        environment = {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm", **more}
        program = [sys.executable, "-m", "nectarc.cli.main", *words]
        self.process, self._descriptor = pty.fork()
        if not self.process:
            try:
                os.chdir(folder)
                os.execve(sys.executable, program, environment)
            finally:
                os._exit(99)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("4H", 50, WIDTH, 0, 0))

    def until(self, words: str) -> str:
        """Wait for words on the screen; return what came up to there since the last wait."""
        before = len(self.drawn)
        deadline = time.monotonic() + _PATIENCE_S
        while words not in self.drawn[before:]:
            assert time.monotonic() < deadline, f"`{words}` never came: {self.drawn}"
            assert self._read(), f"ended without `{words}`: {self.drawn}"
        return self.drawn[before:]

    def type(self, keys: str) -> None:
        """Type keys."""
        os.write(self._descriptor, keys.encode())

    def end(self) -> int:
        """Wait for the end and return the exit status."""
        while self._read():
            pass
        os.close(self._descriptor)
        _, status = os.waitpid(self.process, 0)
        self.drawn = self.drawn.replace("\r\n", "\n")
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._descriptor], [], [], _PATIENCE_S)
        assert ready, f"nothing came any more: {self.drawn}"
        try:
            piece = os.read(self._descriptor, 65_536)
        except OSError:  # Linux says so where nobody has the other end any more
            return False
        self.drawn += piece.decode(errors="replace")
        return bool(piece)


@contextmanager
def _at(folder: Path, *words: str, **more: str) -> Iterator[Terminal]:
    terminal = Terminal(folder, ("propose", *words), more)
    try:
        yield terminal
    except BaseException:
        os.kill(terminal.process, signal.SIGKILL)
        raise


def test_questions_are_asked_one_by_one_and_the_answers_are_used(tmp_path: Path) -> None:
    with _at(tmp_path, "keep errors and slow requests") as terminal:
        first = terminal.until("> ")
        terminal.type("5s\n")
        second = terminal.until("\n> ")
        terminal.type("1%\n")
        status = terminal.end()

    assert status == 0, terminal.drawn
    assert "slow" in first
    assert "rest" in second
    text = (tmp_path / "policy.toon").read_text()
    assert "duration > 5s" in text
    assert "sample(0.01)" in text
    assert '# answer: ["slow", "5s"]' in text


def test_a_choice_is_taken_by_its_number(tmp_path: Path) -> None:
    choices = [{"answer": "2s", "means": "short"}, {"answer": "5s", "means": "long"}]
    asks = changed("questions", [{"id": "slow", "words": "how slow?", "choices": choices}])
    with (
        MessagesServer([Reply(asks), Reply(RIGHT)]).running() as server,
        _at(tmp_path, INTENT, ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=server.url) as terminal,
    ):
        asked = terminal.until("\n> ")
        terminal.type("2\n")
        status = terminal.end()

    assert status == 0, terminal.drawn
    assert "How slow?\r\n  1. 2s: short\r\n  2. 5s: long\r\n> " in asked
    assert '# answer: ["slow", "5s"]' in (tmp_path / "policy.toon").read_text()


@pytest.mark.parametrize("keys", ["\n", "\x04"], ids=["an empty line", "^D"])
def test_who_gives_up_gets_the_questions_and_no_file(tmp_path: Path, keys: str) -> None:
    with _at(tmp_path, "keep slow requests") as terminal:
        terminal.until("\n> ")
        terminal.type(keys)
        status = terminal.end()

    assert status == 1
    assert "Nothing was written" in terminal.drawn
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_at_a_prompt_leaves_the_files_whole(tmp_path: Path) -> None:
    with _at(tmp_path, "keep slow requests") as terminal:
        terminal.until("\n> ")
        terminal.type("\x03")
        status = terminal.end()

    assert status == 130
    assert "Traceback" not in terminal.drawn
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_while_claude_thinks_ends_at_once(tmp_path: Path) -> None:
    with MessagesServer([Reply(RIGHT, delay_s=20)]).running() as server:
        began = time.monotonic()
        with _at(
            tmp_path, INTENT, ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=server.url
        ) as terminal:
            terminal.until("round 1 of 3: asking")
            began = time.monotonic()
            terminal.type("\x03")
            status = terminal.end()
        took = time.monotonic() - began

    assert status == 130
    assert took < 15
    assert "Traceback" not in terminal.drawn
    assert terminal.drawn.rstrip().endswith("^C") or terminal.drawn.endswith(CLEAR)
    assert list(tmp_path.iterdir()) == []


def test_claudes_progress_is_one_line_that_goes_away(tmp_path: Path) -> None:
    with MessagesServer([Reply(RIGHT)]).running() as server:
        with _at(
            tmp_path, INTENT, ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=server.url
        ) as terminal:
            status = terminal.end()
        (request,) = server.requests

    assert status == 0, terminal.drawn
    assert request.body["stream"] is True
    line, result = terminal.drawn.rsplit(CLEAR, 1)
    assert "\n" not in line
    assert any("Claude has written" in one for one in line.split(CLEAR))
    assert result.startswith("Read by Claude")
    assert KEY not in terminal.drawn


def test_a_refinement_shows_its_diff_in_colours_within_the_width(tmp_path: Path) -> None:
    with _at(tmp_path, "keep all errors, 1% of everything else") as terminal:
        assert terminal.end() == 0, terminal.drawn

    with _at(tmp_path, "--refine", "keep all traces slower than 3 seconds") as coloured:
        status = coloured.end()

    assert status == 0, coloured.drawn
    added = [line for line in coloured.drawn.splitlines() if "duration > 3s" in line]
    assert added
    assert all(line.startswith("\x1b[32m+") and line.endswith("\x1b[0m") for line in added)
    said = coloured.drawn.split("--- before")[0]
    assert max(map(len, said.splitlines())) <= WIDTH


def test_no_color_is_heeded(tmp_path: Path) -> None:
    with _at(tmp_path, "keep all errors, 1% of everything else") as terminal:
        assert terminal.end() == 0, terminal.drawn

    with _at(tmp_path, "--refine", "keep everything over 3s", NO_COLOR="1") as plain:
        plain.end()

    assert "\x1b[3" not in plain.drawn

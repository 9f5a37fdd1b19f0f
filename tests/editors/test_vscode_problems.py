"""The problem matcher of the extension's tasks, on what the command line really prints."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.editors.vscode_tools import EXTENSION, NECTARC

BROKEN = """version: 1
rules[3]{name,match,action,priority}:
  errors,http.statu >== 500,kep,20
  slow,duration > 5,keep,10
  rest,duraton > 1,sample(0.01),0
"""
LOSES = """version: 1
rules[2]{name,match,action,priority}:
  errors,http.status >= 500,sample(1/2),20
  rest,true,sample(1/100),0
"""
Finding = tuple[str, str, str, str, int, int]  # severity, code, message, file, line, column
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def matched(text: str) -> Iterator[Finding]:
    """Do what VS Code does: a line of the first pattern, the next line of the second."""
    contributes = json.loads((EXTENSION / "package.json").read_text())["contributes"]
    (patterns,) = contributes["problemPatterns"]
    first, second = (re.compile(one["regexp"]) for one in patterns["patterns"])
    lines = text.replace("\r", "").splitlines()
    for line, following in pairwise(lines):
        head = first.match(line)
        place = second.match(following) if head else None
        if head and place:
            severity, code, message = head.groups()
            file, number, column = place.groups()
            yield severity, code, message, file, int(number), int(column)


@pytest.mark.parametrize(
    ("words", "text"), [("check", BROKEN), ("compile", BROKEN), ("prove", LOSES)]
)
def test_every_finding_is_matched(words: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "policy.toon").write_text(text)
    said = nectarc(words, "policy.toon", cwd=tmp_path)
    machine = nectarc(
        "check" if words == "compile" else words, "policy.toon", "--format", "json", cwd=tmp_path
    )

    found = list(matched(said))

    assert found
    if words != "prove":
        assert sorted(found) == sorted(
            (one["severity"], one["code"], one["message"], one["file"], one["line"], one["column"])
            for one in json.loads(machine)
        )


def test_a_terminal_with_colours_is_matched_too(tmp_path: Path) -> None:
    (tmp_path / "policy.toon").write_text(BROKEN)
    plain = list(matched(nectarc("check", "policy.toon", cwd=tmp_path)))

    main, terminal = pty.openpty()
    with subprocess.Popen(
        [NECTARC, "check", "policy.toon"],
        cwd=tmp_path,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    ) as running:
        os.close(terminal)
        said = b"".join(read_all(main))
        running.wait(60)

    assert b"\x1b[" in said
    assert list(matched(_COLOURS.sub("", said.decode()))) == plain


def read_all(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other end is closed
            return
        if not piece:
            return
        yield piece


def nectarc(*words: str, cwd: Path) -> str:
    done = subprocess.run(
        [NECTARC, *words], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout + done.stderr

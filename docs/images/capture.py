# ruff: noqa: INP001 - a script beside its picture, in no package
"""Make demo.svg: the main parts of `make demo`, captured from a real terminal.

    pip install rich
    PATH=.venv/bin:$PATH python docs/images/capture.py

Rich is no dependency of the project: nothing but this picture needs it.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE: Final = Path(__file__).resolve().parent
SHOP: Final = HERE.parent.parent / "examples" / "shop"
COLUMNS: Final = 100
THEME: Final = TerminalTheme(
    (24, 26, 31),
    (208, 212, 220),
    [
        (60, 64, 72),
        (240, 113, 120),
        (158, 206, 106),
        (229, 192, 103),
        (97, 160, 239),
        (198, 120, 221),
        (86, 182, 194),
        (208, 212, 220),
    ],
    [
        (120, 126, 138),
        (255, 135, 140),
        (178, 226, 126),
        (245, 210, 125),
        (125, 180, 250),
        (215, 145, 235),
        (110, 205, 215),
        (255, 255, 255),
    ],
)
SENTENCE: Final = "Keep all errors and slow requests over 5 seconds, sample everything else at 1%"
SHOWN: Final = (
    f'nectarc propose "{SENTENCE}"',
    "nectarc compile",
    "nectarc verify",
)


def main() -> None:
    """Run the commands in a fresh copy of the shop and write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "shop"
        _quietly("nectarc", "init", "--quiet", str(project), cwd=Path(folder))
        _quietly("nectarc", "ingest", str(SHOP / "corpus"), cwd=project)
        _quietly("nectarc", "ingest", "--must-keep", str(SHOP / "incidents"), cwd=project)
        console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
        for command in SHOWN:
            console.print(Text(f"$ {command}", style="bold bright_white"))
            shown = _in_terminal(command, project).rstrip()
            if shown:
                console.print(Text.from_ansi(shown))
            console.print()
    svg = console.export_svg(title="nectarc, from `make demo`", theme=THEME)
    # Pictures load nothing from elsewhere: the fonts of the reader's machine do.
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    fonts = "ui-monospace, Menlo, Consolas, DejaVu Sans Mono"
    svg = svg.replace("Fira Code", fonts).replace("arial", f"arial, {fonts}")
    (HERE / "demo.svg").write_text(_named_once(svg), encoding="utf-8")


def _quietly(*command: str, cwd: Path) -> None:
    program = shutil.which(command[0])
    assert program is not None, f"put {command[0]} on the PATH"
    subprocess.run([program, *command[1:]], cwd=cwd, check=True, capture_output=True)  # noqa: S603


def _in_terminal(command: str, cwd: Path) -> str:
    """Run `command` in a pseudo-terminal of COLUMNS and return what it shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(  # noqa: S602 - commands of this file
        command, shell=True, cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ):
        os.close(theirs)
        parts: list[bytes] = []
        try:
            while part := os.read(ours, 65536):
                parts.append(part)
        except OSError:  # Linux says EIO when the other side is closed
            sys.stderr.write(f"{command}: captured\n")
    os.close(ours)
    return b"".join(parts).decode("utf-8").replace("\r\n", "\n")


def _named_once(svg: str) -> str:
    """Give the picture's classes the same name each time."""
    return re.sub(r"terminal-\d+", "demo", svg)


if __name__ == "__main__":
    main()

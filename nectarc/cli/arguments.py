"""Arguments: what every command takes, and help for those who mistype.

Owns: the parser class, common options, suggestions. Must not know: any command.
"""

from __future__ import annotations

import argparse
import os
from typing import Final, NoReturn

from nectarc.spelling import nearest

_COLUMNS: Final = 80


class UsageError(Exception):
    """The command line makes no sense; the words say why and what to write (exit status 2)."""


class _Help(argparse.HelpFormatter):
    """argparse's help, which is told the width: to find it, argparse would import shutil, 3 ms."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width())


class Parser(argparse.ArgumentParser):
    """argparse's parser, which here raises instead of ending the process, and suggests."""

    def __init__(self, prog: str, description: str) -> None:
        """Make the parser of one command; options are written out in full."""
        super().__init__(prog, description=description, formatter_class=_Help, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Turn argparse's complaint into one of ours."""
        prefix = "unrecognized arguments: "
        if message.startswith(prefix):
            word = message.removeprefix(prefix).split(" ", 1)[0]
            name = word.split("=", 1)[0]
            options = [option for action in self._actions for option in action.option_strings]
            message = f"`{self.prog}` takes no `{name}`"
            meant = nearest(name, options) if word.startswith("-") else None
            if meant:
                message += f": did you mean `{meant}`?"
        usage = self.format_usage().strip()
        raise UsageError(f"{message}\n{usage}\n(`{self.prog} --help` says more)")


def add_common(
    parser: argparse.ArgumentParser, *, formats: tuple[str, ...] = ("text", "json")
) -> None:
    """Add the options that every command takes; the first format is the default."""
    group = parser.add_argument_group("common options")
    group.add_argument(
        "--format",
        choices=formats,
        default=formats[0],
        help="text is for people",
    )
    group.add_argument("-q", "--quiet", action="store_true", help="only results, no messages")
    group.add_argument("-v", "--verbose", action="store_true", help="say more on stderr")


def _width() -> int:
    """Return the width of help as argparse has it: COLUMNS, the terminal, or 80; less two."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns) - 2
    try:
        return (os.get_terminal_size().columns or _COLUMNS) - 2
    except OSError:
        return _COLUMNS - 2

"""Which engine the command line asks for, and its progress on a terminal.

Owns: the options, the line that is redrawn. Must not know: engines.
"""

from __future__ import annotations

import argparse
import os
import time
from typing import Final

from nectarc.claude.client import Progress
from nectarc.claude.requests import Allowed
from nectarc.cli.arguments import UsageError
from nectarc.cli.console import Console
from nectarc.project import Project
from nectarc.propose.engines import EngineOptions

_CLEAR: Final = "\r\x1b[K"


def engine_options(
    arguments: argparse.Namespace, project: Project, console: Console
) -> EngineOptions:
    """Return who the command line, the manifest or the environment asks for."""
    name = arguments.engine or project.propose_engine
    if name == "offline" and (arguments.replay or arguments.record):
        raise UsageError("`--record` and `--replay` are of exchanges with Claude: leave one out")

    def note(words: str) -> None:
        clear(console)
        console.message(words)

    return EngineOptions(
        name=name,
        environment=os.environ,
        sleep=time.sleep,
        tell=_progress(console),
        note=note,
        model=arguments.model or "",
        max_rounds=arguments.max_rounds or 0,
        allowed=Allowed(all_values=arguments.allow_values, fields=frozenset(arguments.allow_field)),
        wants_claude=bool(arguments.replay or arguments.record or arguments.show_prompt),
        recording=arguments.record or "",
        replay=arguments.replay or "",
    )


def clear(console: Console) -> None:
    """Clear the line of progress."""
    if _has_progress(console):
        console.err.write(_CLEAR)


def _has_progress(console: Console) -> bool:
    return not console.is_quiet and console.err.isatty()


def _progress(console: Console) -> Progress | None:
    """Return what redraws one line on a terminal; nothing in a pipe."""
    if not _has_progress(console):
        return None

    def redraw(words: str) -> None:
        console.err.write(_CLEAR + words)
        console.err.flush()

    return redraw

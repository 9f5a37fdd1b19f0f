"""A line of progress on a terminal; nothing in a pipe."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nectarc.cli.console import Console
from nectarc.render.counting import counted

if TYPE_CHECKING:  # it brings NumPy and Arrow, which only a corpus needs
    from nectarc.corpus.gathering import OnProgress, Progress

_CLEAR = "\r\x1b[K"
_NAME_MAX = 50


@contextmanager
def progress_line(console: Console) -> Iterator[OnProgress | None]:
    """Give a callback that redraws one line on stderr, and clear the line at the end."""
    if console.is_quiet or not console.err.isatty():
        yield None
        return

    start = time.monotonic()

    def redraw(progress: Progress) -> None:
        name = progress.file
        shown = name if len(name) <= _NAME_MAX else f"...{name[3 - _NAME_MAX :]}"
        speed = progress.spans / max(0.001, time.monotonic() - start)
        done = counted(progress.spans, "span")
        console.err.write(f"{_CLEAR}reading {shown}: {done}, {speed:,.0f} a second")
        console.err.flush()

    try:
        yield redraw
    finally:
        console.err.write(_CLEAR)

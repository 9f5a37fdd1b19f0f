"""How wide a report may be."""

from __future__ import annotations

import os
from typing import Final, TextIO

from nectarc.report.tables import WIDTH

_WIDTH_MIN: Final = 60
_WIDTH_MAX: Final = 140


def width_of(stream: TextIO) -> int:
    """Return the width of a terminal within reason, and one fixed width for everything else."""
    if not stream.isatty():
        return WIDTH
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return WIDTH
    return max(_WIDTH_MIN, min(columns, _WIDTH_MAX))

"""What the process that suggests does: proposals and inline suggestions, one job after the other.

Owns: which job goes where. Must not know: processes, the protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from nectarc_lsp.background.suggesting_jobs import ProposeJob, Told, WarmUp
from nectarc_lsp.background.suggesting_propose import proposed
from nectarc_lsp.background.suggesting_traffic import Traffic


class Suggester:
    """All that one process keeps between jobs. tell: is told what goes on."""

    def __init__(self, tell: Callable[[Told], None]) -> None:
        """Start with nothing open."""
        self._tell = tell
        self._traffic = Traffic()

    def found(self, job: object) -> object:
        """Do a job."""
        assert isinstance(job, ProposeJob | WarmUp)
        match job:
            case ProposeJob():
                return proposed(job, self._traffic, self._tell)
            case WarmUp():
                return None
            case _:
                assert_never(job)

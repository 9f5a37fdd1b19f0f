"""What the process that suggests does: proposals and inline suggestions, one job after the other.

Owns: which job goes where. Must not know: processes, the protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from nectarc.offline.grammar import grammar
from nectarc_lsp.background.suggesting_inline import Inline
from nectarc_lsp.background.suggesting_jobs import ProposeJob, SuggestJob, Told, WarmUp
from nectarc_lsp.background.suggesting_propose import proposed
from nectarc_lsp.background.suggesting_traffic import Traffic


class Suggester:
    """All that one process keeps between jobs. tell: is told what goes on."""

    def __init__(self, tell: Callable[[Told], None]) -> None:
        """Start with nothing open."""
        self._tell = tell
        self._traffic = Traffic()
        self._inline = Inline(self._traffic, tell)

    def found(self, job: object) -> object:
        """Do a job."""
        assert isinstance(job, ProposeJob | SuggestJob | WarmUp)
        match job:
            case ProposeJob():
                return proposed(job, self._traffic, self._tell)
            case SuggestJob():
                return self._inline.suggested(job)
            case WarmUp():
                grammar()
                return None
            case _:
                assert_never(job)

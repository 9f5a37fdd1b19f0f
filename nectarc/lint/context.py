"""What a lint may know besides the rules themselves.

Owns: the record. Must not know: any check.
"""

from __future__ import annotations

from nectarc.records import record
from nectarc.refinery.main_config import MainConfig
from nectarc.refinery.releases import NEWEST, Release
from nectarc.source import SourceText


@record(kw_only=True)
class LintContext:
    """For which Refinery the rules are, and the text they stand in.

    text:   of the file that the places point into; None where it is no text. No text: no fixes.
    config: the main configuration, None when it was not given: then nothing may be said that only
            it can tell.
    """

    text: SourceText | None
    release: Release = NEWEST
    config: MainConfig | None = None

    @property
    def span_limit(self) -> int:
        """Spans at which a trace is decided; 0: the release has no limit of its own."""
        return self.release.span_limit if self.config is None else self.config.span_limit

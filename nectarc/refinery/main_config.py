"""What Refinery's main configuration tells about rules: limits, times, modes.

Owns: the record and its defaults. Must not know: YAML (see `read_main_config`).
Truth: ../shared/reference/refinery-semantics.md, 5.3, 5.7, 5.10.
"""

from __future__ import annotations

from collections.abc import Mapping

from nectarc.records import part, record
from nectarc.source import SourceSpan


@record(kw_only=True)
class MainConfig:
    """The settings that rules depend on, defaults filled in.

    file: its name. Times in seconds. stress_mode: "never", "always", "monitor". stress_rate: one in
    so many is kept under stress relief. trace_names, parent_names: fields with these ids.
    unknown: settings that an environment variable fills in (`Traces.SpanLimit`): they have their
             defaults here, and nothing may be said of them. An unknown span limit is 0: none.
    places:  of the settings that are written, by the same names.
    """

    file: str
    span_limit: int = 32_000
    trace_timeout_s: float = 60.0
    send_delay_s: float = 2.0
    is_dry_run: bool = False
    stress_mode: str = "never"
    stress_rate: int = 100
    trace_names: tuple[str, ...] = ("trace.trace_id", "traceId")
    parent_names: tuple[str, ...] = ("trace.parent_id", "parentId")
    dataset_prefix: str = ""
    unknown: frozenset[str] = frozenset()
    places: Mapping[str, SourceSpan] = part(default_factory=dict, compare=False, repr=False)

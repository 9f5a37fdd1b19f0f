"""What each Refinery release that rules can be compiled for rejects or reads differently, as data.

Owns: the table of targets. Truth: ../shared/reference/refinery-semantics.md, sections 1.2 and 10.
"""

from __future__ import annotations

from typing import Final

from nectarc.records import record


@record(kw_only=True)
class Target:
    """A family of releases with one meaning.

    refinery:         the release whose recorded decisions the evaluators are checked against.
    special_prefixes: names that begin so mean something else in a condition (2.9).
    hidden_fields:    names that conditions cannot read reliably (2.10).
    """

    name: str
    refinery: str
    special_prefixes: tuple[str, ...]
    hidden_fields: tuple[str, ...]


TARGETS: Final = {
    "refinery-3": Target(
        name="refinery-3",
        refinery="3.2.2",
        special_prefixes=("root.", "?."),
        # Readable or not depending on the path a span took (2.10); the checker refuses them first.
        hidden_fields=("trace.parent_id", "trace.trace_id", "parentId", "traceId"),
    ),
}

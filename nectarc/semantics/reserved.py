"""Fields that a policy must not name: Refinery hides them or treats them specially.

Owns: the table and what to write instead. Must not know: policies, diagnostics.
Truth: ../shared/reference/refinery-semantics.md, 2.9 and 2.10; docs/language.md, section 3.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Reserved(NamedTuple):
    """Why a name is refused, and what to write instead."""

    why: str
    instead: str


_HIDDEN: Final = (
    "Refinery shows this field or hides it depending on the path a span came by, so the same "
    "trace would be decided differently on two nodes"
)
_LATE: Final = "Refinery fills this field only after the decision, so rules never see it"

_NAMES: Final[dict[str, Reserved]] = {
    "trace.parent_id": Reserved(_HIDDEN, "`is_root` inside a quantifier, or `has_root`"),
    "parentId": Reserved(_HIDDEN, "`is_root` inside a quantifier, or `has_root`"),
    "trace.trace_id": Reserved(_HIDDEN, "nothing: a trace id says nothing about a trace"),
    "traceId": Reserved(_HIDDEN, "nothing: a trace id says nothing about a trace"),
    "meta.trace_id": Reserved(_HIDDEN, "nothing: a trace id says nothing about a trace"),
    "meta.refinery.root": Reserved(
        "Refinery sets this field itself", "`is_root` inside a quantifier, or `has_root`"
    ),
    "meta.span_count": Reserved(_LATE, "`span_count`"),
    "meta.span_event_count": Reserved(_LATE, "`span_count`, which counts events and links, too"),
    "meta.span_link_count": Reserved(_LATE, "`span_count`, which counts events and links, too"),
    "meta.event_count": Reserved(_LATE, "`span_count`"),
    "meta.stressed": Reserved(_LATE, "nothing: under stress Refinery reads no rules"),
}


def reserved(name: str) -> Reserved | None:
    """Return why the span field `name` (without a `root.` that means the root) is refused."""
    found = _NAMES.get(name)
    if found is not None:
        return found
    if name.startswith("root."):
        return Reserved(
            "Refinery reads every name that begins with `root.` from the root span",
            f"`root.` before the name of the field, without backticks around both: `{name}`",
        )
    if name.startswith("?."):
        return Reserved(
            "Refinery keeps names that begin with `?.` for values of its own", "`span_count`"
        )
    if name.startswith("meta.refinery."):
        return Reserved("Refinery sets this field itself", "a field that the sender sets")
    return None

"""A policy as rows, before it is text: what the derivation and Claude both yield.

Owns: `Draft`, `DraftRule`, and the draft of an intent. Must not know: properties, proofs, TOON.
Truth: docs/intent.md; docs/language.md, 2.
"""

from __future__ import annotations

from nectarc.intent.records import FieldRow, Intent
from nectarc.records import record


@record(kw_only=True)
class DraftRule:
    """A row of `rules`, cells as text of the language."""

    name: str
    description: str
    match: str
    action: str
    priority: int


@record(kw_only=True)
class Draft:
    """A policy's rows; `invariants` rows are (name, when, require)."""

    name: str
    rules: tuple[DraftRule, ...]
    fields: tuple[FieldRow, ...] = ()
    invariants: tuple[tuple[str, str, str], ...] = ()
    budget_per_second: float | None = None


def draft_of(intent: Intent, name: str) -> Draft:
    """Return the policy that `intent` asks for: a rule a clause, in the intent's order."""
    raise NotImplementedError

"""What the checker is told besides the policy.

Owns: `CheckOptions` and the interface of a corpus schema. Must not know: how a corpus is stored.
Truth: docs/language.md, section 3 (a corpus never changes what a policy means).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, Protocol

from nectarc.source import SourceText
from nectarc.toon.document import Document


class CorpusSchema(Protocol):
    """What the user's traffic looks like, field by field."""

    def names(self) -> Collection[str]:
        """Return the names of all fields that occur."""

    def cardinality(self, name: str) -> int | None:
        """Return how many distinct values the field has, None where that is not known."""

    def types(self, name: str) -> Collection[str]:
        """Return the types of its values: "bool", "int", "float", "string", "null", "other"."""


class CheckOptions(NamedTuple):
    """Options of a check.

    schema:   the traffic, None without a corpus.
    document: the TOON document that the policy was read from, for fixes that add rows.
    text:     its text, for fixes; without it diagnostics have fewer fixes.
    """

    schema: CorpusSchema | None = None
    document: Document | None = None
    text: SourceText | None = None

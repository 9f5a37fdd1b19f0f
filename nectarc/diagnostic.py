"""Findings about a user's text, as data.

Owns: what a diagnostic is made of. Must not know: how any renderer shows it, which stage made it.
Truth: ../shared/design/product.md, "Conventions"; docs/language.md, section 8.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from nectarc.records import part, record
from nectarc.source import SourceSpan


class Severity(Enum):
    """How much a finding matters. `ERROR` and `WARNING` are findings; `HINT` never fails a run."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@record
class Label:
    """Words about another place: "first named here"."""

    source: SourceSpan
    text: str


@record
class Edit:
    """Replace the text of `source` by `text` (an empty span inserts)."""

    source: SourceSpan
    text: str


@record
class Fix:
    """What to write instead. `is_safe`: the policy's meaning stays, or there was no meaning yet."""

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool = False


@record(kw_only=True)
class Diagnostic:
    """One finding.

    headline: what is wrong: lower case, no final period, user text in backticks, one line.
    label:    what is wrong right here, shown under the underlined source ("" = no more to say).
    why:      why it matters for sampling ("" = the headline says it).
    help:     what to write instead ("" = a fix says it).
    """

    code: str
    severity: Severity
    headline: str
    source: SourceSpan
    label: str = ""
    why: str = ""
    help: str = ""
    related: tuple[Label, ...] = ()
    fixes: tuple[Fix, ...] = part(default=())


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Say whether something stands in the way of a result."""
    return any(one.severity is Severity.ERROR for one in diagnostics)


class InternalError(Exception):
    """A defect of nectarc itself; only `cli` and `lsp` catch it (exit status 3)."""

"""What one check carries along: findings, the fields table, what has been said already.

Owns: `Context`, the only mutable thing of the checker. Must not know: any rule of the language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix, Label, Severity
from nectarc.semantics.options import CheckOptions
from nectarc.source import SourceSpan
from nectarc.syntax.ast import FieldName, FieldRow

if TYPE_CHECKING:
    from nectarc.semantics.fields import FieldTable


class Context:
    """State of one check.

    uses: every field name that a match reads, in order, with the spellings it stands for.
    """

    __slots__ = ("diagnostics", "fields", "options", "rows", "uses")

    def __init__(self, options: CheckOptions, rows: tuple[FieldRow, ...]) -> None:
        """Start a check of a policy with these rows of `fields`."""
        self.options = options
        self.rows = rows
        self.diagnostics: list[Diagnostic] = []
        self.fields: FieldTable
        self.uses: list[tuple[FieldName, tuple[str, ...]]] = []

    def report(  # noqa: PLR0913 - a diagnostic has so many parts
        self,
        code: str,
        source: SourceSpan,
        headline: str,
        *,
        label: str = "",
        why: str = "",
        help: str = "",  # noqa: A002 - the word that Diagnostic has
        related: tuple[Label, ...] = (),
        fixes: tuple[Fix, ...] = (),
        severity: Severity | None = None,
    ) -> None:
        """Add a finding with the registered severity of its code."""
        self.diagnostics.append(
            finding(
                code,
                source,
                headline,
                label=label,
                why=why,
                help=help,
                related=related,
                fixes=fixes,
                severity=severity,
            )
        )

    def raw(self, source: SourceSpan) -> str:
        """Return the file's text at `source`, "" without the text."""
        text = self.options.text
        return text.text[source.start : source.end] if text is not None else ""

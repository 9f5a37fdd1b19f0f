"""Checking one policy, from its text to the decision list.

Owns: the order of the stages. Must not know: where texts come from, who shows the findings.
"""

from __future__ import annotations

from nectarc.diagnostic import Diagnostic, Severity, has_errors
from nectarc.ir.nodes import Policy
from nectarc.records import record
from nectarc.semantics.check import check_policy
from nectarc.semantics.options import CheckOptions, CorpusSchema
from nectarc.semantics.policy_parts import CheckedPolicy, Invariant
from nectarc.source import SourceText
from nectarc.syntax import ast
from nectarc.syntax.policy import parse_policy
from nectarc.toon import read
from nectarc.toon.document import Document


@record
class Checked:
    """A policy as far as it could be read, and everything there is to say about it.

    document: its TOON.  written: its syntax tree.  policy: the decision list that it means.
    """

    document: Document
    written: ast.Policy | None
    policy: Policy | None
    invariants: tuple[Invariant, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        """Whether the policy may not be compiled."""
        return has_errors(self.diagnostics)


def check_text(text: SourceText, schema: CorpusSchema | None = None) -> Checked:
    """Read, parse and check the policy `text`."""
    document, toon_findings = read(text)
    written, syntax_findings = parse_policy(document, text.file)
    found = (*toon_findings, *syntax_findings)
    if written is None:
        return Checked(document, None, None, (), found)
    options = CheckOptions(schema=schema, document=document, text=text)
    return joined(document, written, found, check_policy(written, options))


def joined(
    document: Document,
    written: ast.Policy,
    read: tuple[Diagnostic, ...],
    meant: CheckedPolicy,
) -> Checked:
    """Put together what the stages made of one text; `read`: what was found before its meaning."""
    found = (*read, *_apart_from(read, meant.diagnostics))
    return Checked(document, written, meant.policy, meant.invariants, found)


def _apart_from(errors: tuple[Diagnostic, ...], later: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """Leave out hints about text that was not read as it stands: one mistake, one message."""
    places = [one.source for one in errors if one.severity is Severity.ERROR]
    return [
        one
        for one in later
        if one.severity is not Severity.HINT
        or not any(place.start <= one.source.start < place.end for place in places)
    ]

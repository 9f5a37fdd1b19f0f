"""Checking one policy, from its text to the decision list.

Owns: the order of the stages. Must not know: where texts come from, who shows the findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nectarc import ir, semantics, syntax, toon
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.semantics.options import CheckOptions, CorpusSchema
from nectarc.source import SourceText
from nectarc.syntax import ast

_OURS: Final = frozenset({"rules", "nectar_policy"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A policy as far as it could be read, and everything there is to say about it.

    document: its TOON.  written: its syntax tree.  policy: the decision list that it means.
    """

    document: toon.Document
    written: ast.Policy | None
    policy: ir.Policy | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        """Whether the policy may not be compiled."""
        return any(one.severity is Severity.ERROR for one in self.diagnostics)


def check_text(text: SourceText, schema: CorpusSchema | None = None) -> Checked:
    """Read, parse and check the policy `text`."""
    document, diagnostics = toon.read(text)
    found = list(diagnostics)
    written, diagnostics = syntax.parse_policy(document, text.file)
    found += diagnostics
    policy = None
    if written is not None:
        options = CheckOptions(schema=schema, document=document, text=text)
        policy, diagnostics = semantics.check(written, options)
        found += diagnostics
    return Checked(document, written, policy, tuple(found))


def is_policy(document: toon.Document) -> bool:
    """Whether a TOON file that no manifest names is ours (docs/language.md, section 1)."""
    root = document.root
    return isinstance(root, toon.Object) and any(one.key.text in _OURS for one in root.entries)

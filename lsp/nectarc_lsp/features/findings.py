"""All that is to be shown of a document: from its text, from the worker, from other documents.

Owns: which findings belong where, their tags. Must not know: the protocol, how they are found.
INVARIANT: a finding is shown in the document that it is about, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nectarc.diagnostic import Diagnostic
from nectarc_lsp.database.view import Kind, View

# What can never fire or says nothing: editors show it faded.
UNNECESSARY: Final = frozenset(
    {"NEC211", "NEC214", "NEC454", "NEC526", "NEC580", "NEC581", "NEC582"}
)


def shown(view: View, policies: Iterable[View] = ()) -> tuple[Diagnostic, ...]:
    """Return what is wrong in `view`.

    policies: open ones, whose proofs may say something of the manifest, where `view` is that.
    """
    found = [*view.findings, *_learnt(view, view.text.file)]
    if view.kind is Kind.RULES and view.knowledge is not None:
        found = list(view.knowledge.findings)  # the same lints, and those that need proofs
    if view.kind is Kind.MANIFEST:
        for one in policies:
            found += about_file(one, view.text.file)
    return tuple(dict.fromkeys(found))


def about_file(policy: View, file: str) -> tuple[Diagnostic, ...]:
    """Return what a policy has to do with in another file."""
    found = (*policy.findings, *_learnt(policy, file))
    return tuple(one for one in found if one.source.file == file)


def _learnt(view: View, file: str) -> tuple[Diagnostic, ...]:
    known = () if view.knowledge is None else view.knowledge.findings
    return tuple(one for one in known if one.source.file == file)


def other_files(policy: View) -> tuple[str, ...]:
    """Return the other files that a policy's findings are about."""
    known = () if policy.knowledge is None else policy.knowledge.findings
    files = (one.source.file for one in (*policy.findings, *known))
    return tuple(dict.fromkeys(file for file in files if file != policy.text.file and file))

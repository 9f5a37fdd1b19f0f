"""What the editor's open file is to nectarc: a policy of ours, or none of our business.

Owns: "ours" (docs/language.md, section 1). Must not know: the protocol.
"""

from __future__ import annotations

import os

from nectarc.checking import check_text
from nectarc.diagnostic import Diagnostic
from nectarc.project import find_manifest, read_project
from nectarc.source import SourceText
from nectarc.syntax import is_policy_document


def findings(text: SourceText) -> tuple[Diagnostic, ...]:
    """Check `text`; nothing to say about a TOON file that is no policy."""
    checked = check_text(text)
    if is_policy_document(checked.document) or is_named(text.file):
        return checked.diagnostics
    return ()


def is_named(path: str) -> bool:
    """Whether the manifest of the file's project names it as a policy."""
    folder = os.path.dirname(path)
    manifest = find_manifest(folder) if os.path.isdir(folder) else None
    project = read_project(manifest).project if manifest is not None else None
    if project is None:
        return False
    named = {os.path.realpath(one.policy) for one in project.environments}
    return os.path.realpath(path) in named

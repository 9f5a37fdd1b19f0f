"""Where a proposal goes, and what stands there: a hand-written policy is never lost unasked.

Owns: which file. Must not know: engines, what a policy means.
"""

from __future__ import annotations

import os

from nectarc.cli.arguments import UsageError
from nectarc.cli.console import Console
from nectarc.diagnostic import Diagnostic
from nectarc.project import Project
from nectarc.propose.place import SeveralPolicies, policy_path
from nectarc.records import record
from nectarc.source import SourceText


@record
class Place:
    """The file of the policy. old: what stands there, None where nothing does."""

    path: str
    old: SourceText | None


def place_of(file: str | None, project: Project | None, console: Console) -> Place | Diagnostic:
    """Return the policy's place: `file`, or the only or the default policy of the project."""
    path = file or policy_path(project)
    if isinstance(path, SeveralPolicies):
        raise UsageError(f"{path.words}:\nname the one to write with `-o FILE`")
    if not os.path.lexists(path):
        return Place(path, None)
    old = console.read(path)
    return old if isinstance(old, Diagnostic) else Place(path, old)

"""Where a proposal goes, and what stands there: a hand-written policy is never lost unasked.

Owns: which file, whether it may be written over. Must not know: engines, what a policy means.
"""

from __future__ import annotations

import os

from nectarc.cli.arguments import UsageError
from nectarc.cli.console import Console
from nectarc.diagnostic import Diagnostic
from nectarc.intent.policy_text import is_as_made
from nectarc.project import DEFAULT_TARGET, POLICY_NAME, Project
from nectarc.records import record
from nectarc.scaffold.project_texts import POLICY
from nectarc.source import SourceText


@record
class Place:
    """The file of the policy. old: what stands there, None where nothing does."""

    path: str
    old: SourceText | None


def place_of(file: str | None, project: Project | None, console: Console) -> Place | Diagnostic:
    """Return the policy's place: `file`, or the only or the default policy of the project."""
    path = file or _path(project)
    if not os.path.lexists(path):
        return Place(path, None)
    old = console.read(path)
    return old if isinstance(old, Diagnostic) else Place(path, old)


def _path(project: Project | None) -> str:
    if project is None:
        return POLICY_NAME
    policies = {one.target: one.policy for one in project.environments}
    if len(set(policies.values())) == 1:
        return next(iter(policies.values()))
    if DEFAULT_TARGET in policies:
        return policies[DEFAULT_TARGET]
    named = ", ".join(f"`{policy}`" for policy in dict.fromkeys(policies.values()))
    raise UsageError(
        f"the project has several policies ({named}) and no `{DEFAULT_TARGET}`:\n"
        "name the one to write with `-o FILE`"
    )


def is_free(place: Place) -> bool:
    """Whether nobody's work is lost with what stands there: nothing, what `init` or we wrote."""
    old = place.old
    return old is None or old.text == POLICY or is_as_made(old.text)

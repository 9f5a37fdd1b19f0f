"""Which policies a command works on: the files named, or those of the project.

Owns: finding the project from the command line. Must not know: what is done with the policies.
"""

from __future__ import annotations

import os

from nectarc.cli.console import Console
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN
from nectarc.project import (
    POLICY_NAME,
    Project,
    ProjectReading,
    find_manifest,
    find_project,
    project_of_policy,
    read_project,
)
from nectarc.records import record, replace


@record
class Chosen:
    """The policies to work on, in order and once each, and what was wrong on the way to them.

    is_whole: they are all that the project has.
    """

    project: Project | None
    policies: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    is_whole: bool = True


def choose_policies(files: list[str], console: Console) -> Chosen:
    """Return the policies named, with the project of the first; or those of the project here."""
    reading = _reading(files)
    console.know([reading.manifest])
    if files:
        return Chosen(reading.project, tuple(dict.fromkeys(files)), reading.diagnostics)
    project = reading.project
    policies = tuple(dict.fromkeys(one.policy for one in project.environments)) if project else ()
    return Chosen(project, policies, reading.diagnostics)


def choose_project(file: str | None, console: Console, output: str | None = None) -> Chosen:
    """Return the project here; with `file`, a project of that policy under the settings here.

    output: where the rules of a policy without a manifest go: its lock lies beside them, where
            `verify` looks for it.
    """
    reading = _reading([file] if file else [])
    console.know([reading.manifest])
    project = reading.project
    is_whole = True
    if project is not None and file is not None:
        narrowed = _narrowed(project, file)
        is_whole = _is_all(project, narrowed, file)
        if project.manifest is None and output is not None:
            narrowed = _moved(narrowed, os.path.dirname(output))
        project = narrowed
    policies = tuple(dict.fromkeys(one.policy for one in project.environments)) if project else ()
    return Chosen(project, policies, reading.diagnostics, is_whole)


def _reading(files: list[str]) -> ProjectReading:
    if not files:
        return find_project("")
    start = "" if files[0] == STDIN else os.path.dirname(files[0])
    manifest = find_manifest(start) if os.path.isdir(start or ".") else None
    if manifest is not None:
        return read_project(manifest)
    return ProjectReading(project_of_policy(files[0]), ())


def _narrowed(project: Project, file: str) -> Project:
    """Return `project` with the policy `file` alone: its own targets, else `__default__`."""
    single = project_of_policy(file).environments
    own = tuple(one for one in project.environments if _is_same(one.policy, file))
    return replace(project, environments=own or single)


def _moved(project: Project, root: str) -> Project:
    lock = os.path.join(root, os.path.basename(project.lock))
    return replace(project, root=root, lock=lock)


def _is_all(project: Project, narrowed: Project, file: str) -> bool:
    if project.manifest is None:
        return os.path.basename(file) == POLICY_NAME  # which alone is a project
    return project.environments == narrowed.environments


def _is_same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)

"""Whether a rules file is what the lock promises, and the lock is of these policies."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from nectarc.cli.arguments import add_common
from nectarc.cli.console import Console, status_of
from nectarc.cli.environments import lock_beside
from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.files import read_bytes, read_text
from nectarc.lock import LockedHashes, parse_lock, sha256_of
from nectarc.project import Project, find_manifest, find_project, read_project
from nectarc.source import SourceSpan, SourceText


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "rules", nargs="?", metavar="RULES", help="a rules file; without it, the project's output"
    )
    parser.add_argument("--lock", metavar="FILE", help="the lock to compare with")
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Compare hashes; say which file is not what it should be."""
    project, problems = _project(arguments.rules)
    if project is None:
        console.findings(problems, to_result=True)
        return status_of(problems)
    rules: str = arguments.rules or project.output
    lock = arguments.lock or _lock_of(rules, project)
    found = list(_findings(rules, lock, project))
    if console.is_json or found:
        console.findings(found, to_result=True)
    if not found:
        console.message(f"{rules}: is what {lock} promises, and the policies are unchanged")
    return status_of(found)


def _project(rules: str | None) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """Return the project here; a rules file needs none, its lock lies beside it."""
    if rules is None:
        reading = find_project("")
        return reading.project, reading.diagnostics
    manifest = find_manifest(os.path.dirname(rules))
    project = read_project(manifest).project if manifest is not None else None
    root = os.path.dirname(rules)
    return project or Project(root=root, lock=os.path.join(root, Project(root="").lock)), ()


def _lock_of(rules: str, project: Project) -> str:
    beside = lock_beside(rules)
    is_own = os.path.realpath(rules) == os.path.realpath(project.output)
    return beside if not is_own and os.path.isfile(beside) else project.lock


def _findings(rules: str, path: str, project: Project) -> Iterator[Diagnostic]:
    data = read_bytes(rules)
    lock = read_text(path)
    if isinstance(data, Diagnostic):
        yield data
    if isinstance(lock, Diagnostic):
        yield lock
        return
    locked = parse_lock(lock.text)
    if isinstance(locked, str):
        yield _not_a_lock(path, locked)
        return
    if isinstance(data, bytes) and _sha256(data) != locked.rules_sha256:
        yield _other_rules(rules, path)
    yield from _changed_policies(locked, path, project)


def _sha256(data: bytes) -> str:
    """Return the hash of a file as the lock writes it; other bytes than UTF-8 equal none."""
    return sha256_of(data.decode("utf-8", errors="replace"))


def _changed_policies(locked: LockedHashes, path: str, project: Project) -> Iterator[Diagnostic]:
    """Yield policies that changed since; one that is not here at all is somebody else's business.

    Where rules are deployed, there is often no policy beside them.
    """
    for policy, sha256 in dict.fromkeys(locked.policies):
        text = read_text(os.path.join(project.root, policy))
        if isinstance(text, SourceText) and sha256_of(text.text) != sha256:
            yield finding(
                "NEC412",
                SourceSpan(text.file, 0, 0),
                f"`{text.file}` changed since `{path}` was written",
                why="the rules that Refinery runs are those of the old policy",
                help="run `nectarc compile`",
            )


def _other_rules(rules: str, lock: str) -> Diagnostic:
    return finding(
        "NEC411",
        SourceSpan(rules, 0, 0),
        f"`{rules}` is not what `{lock}` promises",
        why="rules that were edited, or compiled from something else, may drop what should be kept",
        help="run `nectarc compile`; put changes into the policy",
    )


def _not_a_lock(path: str, reason: str) -> Diagnostic:
    return finding(
        "NEC413",
        SourceSpan(path, 0, 0),
        f"`{path}` cannot be read as a lock: {reason}",
        why="without it nobody can say what these rules were compiled from",
        help="run `nectarc compile`, which writes a new one",
    )

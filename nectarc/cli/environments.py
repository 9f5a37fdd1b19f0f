"""The environments of a run: each Refinery target with its policy, read and checked.

Owns: what `compile`, `prove` and `explain` have in common. Must not know: what they do with it.
"""

from __future__ import annotations

import os

from nectarc.checking import Checked, check_text
from nectarc.cli.console import Console
from nectarc.cli.policies import choose_project
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.pipeline import Source
from nectarc.project import Project
from nectarc.records import record
from nectarc.source import SourceText


@record
class Opened:
    """The project and the policies that could be read.

    found: what is wrong so far, the policies' own findings not among it.
    is_all: these are all environments of the project.
    """

    project: Project | None
    manifest: SourceText | None
    sources: tuple[Source, ...]
    found: tuple[Diagnostic, ...]
    is_all: bool

    @property
    def is_readable(self) -> bool:
        """Whether nothing stands in the way of going on."""
        return self.project is not None and not has_errors(self.found)


def open_environments(file: str | None, console: Console, *, output: str | None = None) -> Opened:
    """Read the project here, or `file` alone under the settings of its project.

    output: where the rules will go, if that is said.
    """
    chosen = choose_project(file, console, output)
    found = list(chosen.diagnostics)
    project = chosen.project
    texts: dict[str, SourceText] = {}
    for path in chosen.policies:
        text = console.read(path)
        if isinstance(text, Diagnostic):
            found.append(text)
        else:
            texts[path] = text
    sources = tuple(
        Source(one.target, texts[one.policy], path_in_project(one.policy, project))
        for one in (project.environments if project is not None else ())
        if one.policy in texts
    )
    manifest = console.texts.get(project.manifest) if project and project.manifest else None
    return Opened(project, manifest, sources, tuple(found), chosen.is_whole)


def check_sources(opened: Opened) -> tuple[tuple[Source, Checked], ...]:
    """Check each policy; the same text for two targets once."""
    checked: dict[str, Checked] = {}
    for source in opened.sources:
        if source.text.file not in checked:
            checked[source.text.file] = check_text(source.text)
    return tuple((source, checked[source.text.file]) for source in opened.sources)


def path_in_project(path: str, project: Project | None) -> str:
    """Return `path` as a lock names it: from the project's folder, with forward slashes."""
    root = project.root if project is not None else ""
    return os.path.relpath(path, root or ".").replace(os.sep, "/")


def lock_beside(output: str) -> str:
    """Return the lock of rules that are not the project's own: `eu.lock` beside `eu.yaml`."""
    return os.path.splitext(output)[0] + ".lock"

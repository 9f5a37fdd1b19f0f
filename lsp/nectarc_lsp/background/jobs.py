"""What the worker processes are asked, and what they answer.

Owns: the records that are sent, and whether an answer is about what is there now.
Must not know: processes, the protocol.
"""

from __future__ import annotations

import hashlib
import os
from typing import Final

from nectarc.project import Project
from nectarc.records import record
from nectarc.source import SourceText
from nectarc_lsp.database.knowledge import Knowledge, Progress
from nectarc_lsp.database.view import View

_FILES_MAX: Final = 1_000


@record(kw_only=True)
class Subject:
    """A policy as it is at one moment, with all that answers about it rest on.

    digest: of all of it, and of the files of the corpus.
    """

    uri: str
    path: str
    text: str
    project: Project
    manifest: SourceText | None
    digest: str


@record(kw_only=True)
class Job:
    """Find out what `stage` is about. known: what the stages before have found."""

    number: int
    stage: Progress
    subject: Subject
    known: Knowledge | None


@record(kw_only=True)
class CommandJob:
    """Run a command of the server: `name` is a function of `background.commands`."""

    number: int
    name: str
    subject: Subject
    argument: object = None


@record
class Answer:
    """The answer to the job with this number. is_last: the process ends with it."""

    number: int
    found: object
    is_last: bool = False


@record
class Failure:
    """A defect: the job with this number ended without an answer."""

    number: int
    reason: str
    is_last: bool = False


def subject_of(view: View) -> Subject | None:
    """Return what there is to ask of a view; None where nothing can be proven."""
    checked = view.checked
    if checked is None or checked.has_errors or checked.policy is None or view.project is None:
        return None
    return bare_subject(view)


def bare_subject(view: View) -> Subject | None:
    """Return the subject of any policy whose manifest can be read."""
    project = view.project
    if project is None:
        return None
    stamps = (*stamps_of(project.corpus), *stamps_of(project.must_keep))
    manifest = view.manifest.text if view.manifest is not None else ""
    rests_on = "\0".join((view.text.file, view.text.text, manifest, repr(stamps)))
    return Subject(
        uri=view.uri,
        path=view.text.file,
        text=view.text.text,
        project=project,
        manifest=view.manifest,
        digest=hashlib.sha256(rests_on.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def stamps_of(folder: str) -> tuple[tuple[str, int, int], ...]:
    """Say what the files of a corpus are like; a file alone is a corpus, too."""
    try:
        if not os.path.isdir(folder):
            found = os.stat(folder)
            return ((folder, found.st_mtime_ns, found.st_size),)
        with os.scandir(folder) as entries:
            stamps = sorted(
                (one.name, one.stat().st_mtime_ns, one.stat().st_size) for one in entries
            )
        return tuple(stamps[:_FILES_MAX])
    except (OSError, ValueError):
        return ()

"""Which files the user's paths name: files, folders, globs, standard input.

Owns: the walk, and what of a folder is no trace file. Must not know: what files hold.
Truth: ../shared/design/product.md (`ingest`).
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from nectarc.corpus.forms import TRACE_SUFFIXES, plain_name
from nectarc.corpus.schema import MANIFEST_FILE, SCHEMA_FILE, TRACES_FILE
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN, unreadable


class TraceFiles(NamedTuple):
    """Files in order. skipped: files of a folder whose names are not those of trace files."""

    files: list[str]
    skipped: list[str]
    problems: list[Diagnostic]


def find_trace_files(paths: Sequence[str]) -> TraceFiles:
    """Find the files that `paths` name; a corpus folder gives its trace file only."""
    found = TraceFiles([], [], [])
    for path in paths:
        if path == STDIN or "\0" in path:
            found.files.append(path)
        elif glob.has_magic(path) and not Path(path).exists():
            _add_glob(path, found)
        else:
            _add_path(Path(path), path, found)
    return found


def _add_glob(pattern: str, found: TraceFiles) -> None:
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - absolute patterns, too
    if not matches:
        found.problems.append(unreadable(pattern, FileNotFoundError(2, "no file matches")))
    for match in matches:
        _add_path(Path(match), match, found)


def _add_path(path: Path, name: str, found: TraceFiles) -> None:
    if path.is_dir():
        _add_folder(path, found)
    else:
        found.files.append(name)


def _add_folder(folder: Path, found: TraceFiles) -> None:
    names = sorted(_listing(folder, found))
    if MANIFEST_FILE in names:
        found.files.append(str(folder))  # a corpus, which is read as a whole
        return
    if {TRACES_FILE, SCHEMA_FILE} <= set(names):
        found.files.append(str(folder / TRACES_FILE))
        return
    for name in names:
        path = folder / name
        if name.startswith("."):
            continue
        if path.is_dir():
            _add_folder(path, found)
        elif plain_name(name).endswith(TRACE_SUFFIXES):
            found.files.append(str(path))
        else:
            found.skipped.append(str(path))


def _listing(folder: Path, found: TraceFiles) -> Iterator[str]:
    try:
        yield from (path.name for path in folder.iterdir())
    except OSError as error:
        found.problems.append(unreadable(str(folder), error))

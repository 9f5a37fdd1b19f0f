"""Manifests and corpora around the documents, read again when they change.

Owns: which project a document belongs to, and the cache of what the disk said.
Must not know: the protocol. Truth: ../shared/design/language.md, section 1.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Final

from nectarc.corpus.schema import MANIFEST_FILE, SCHEMA_FILE, CorpusSchema, read_schema
from nectarc.project import (
    MANIFEST_NAME,
    ProjectReading,
    find_manifest,
    parse_project,
    project_of_policy,
    read_project,
)
from nectarc.source import SourceText

Stamp = tuple[int, int] | None
_SCHEMA_FILES: Final = (SCHEMA_FILE, MANIFEST_FILE)


class Projects:
    """The projects that documents are in. `open_texts`: what editors hold, by path."""

    def __init__(self, open_texts: Callable[[], Mapping[str, str]]) -> None:
        """Start with nothing read."""
        self._open_texts = open_texts
        self._readings: dict[str, tuple[Stamp | str, ProjectReading]] = {}
        self._alone: dict[str, ProjectReading] = {}
        self._counted: dict[str, CorpusSchema] = {}
        self._schemas: dict[str, tuple[tuple[Stamp, ...], CorpusSchema | None]] = {}

    def of(self, path: str) -> ProjectReading:
        """Return the project of the file `path`; its open manifest counts as it stands."""
        folder = os.path.dirname(path)
        if not os.path.isabs(path) or not os.path.isdir(folder):
            return self._alone_of(path)
        manifest = self._manifest_above(os.path.abspath(folder))
        return self._alone_of(path) if manifest is None else self.read(manifest)

    def _manifest_above(self, folder: str) -> str | None:
        """Return the nearest manifest, of those that an editor holds and never saved, too."""
        found = find_manifest(folder)
        saved = None if found is None else os.path.abspath(found)
        above = (one for one in self._open_texts() if _is_manifest_above(one, folder))
        return max((one for one in (saved, *above) if one is not None), key=len, default=None)

    def read(self, manifest: str) -> ProjectReading:
        """Read one manifest, or return what was read while nothing has changed."""
        shown = self._open_texts().get(manifest)
        stamp = shown if shown is not None else stamp_of(manifest)
        known = self._readings.get(manifest)
        if known is not None and known[0] == stamp:
            return known[1]
        if shown is not None:
            reading = parse_project(SourceText.of(manifest, shown))
        else:
            reading = read_project(manifest)
        self._readings[manifest] = (stamp, reading)
        return reading

    def _alone_of(self, path: str) -> ProjectReading:
        """Return the project of a policy without a manifest; the same object each time."""
        if path not in self._alone:
            self._alone[path] = ProjectReading(project_of_policy(path), ())
        return self._alone[path]

    def schema(self, corpus: str) -> CorpusSchema | None:
        """Return the fields of the corpus in that folder; None where there is none."""
        stamps = tuple(stamp_of(os.path.join(corpus, name)) for name in _SCHEMA_FILES)
        known = self._schemas.get(corpus)
        if known is not None and known[0] == stamps:
            return known[1]
        schema = read_schema(corpus) if stamps[0] is not None else self._counted.get(corpus)
        self._schemas[corpus] = (stamps, schema)
        return schema

    def learn(self, corpus: str, schema: CorpusSchema) -> None:
        """Take what was counted in a folder of traces that has no summary."""
        if self._counted.get(corpus) != schema:
            self._counted[corpus] = schema
            self._schemas.pop(corpus, None)


def _is_manifest_above(path: str, folder: str) -> bool:
    around, name = os.path.split(path)
    inside = os.path.join(folder, "")
    return name == MANIFEST_NAME and inside.startswith(os.path.join(around, ""))


def stamp_of(path: str) -> Stamp:
    """Return what changes when a file is written; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size

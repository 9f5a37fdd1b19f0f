"""The documents, and a `View` of each as it is now.

Owns: open texts, when a view is made anew. Must not know: the protocol, how slow things are found.
INVARIANT: a view is of the newest text, and its knowledge is about that very text. The trees of a
view move with the text (nectarc/live): who waits for something takes the view anew afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Final

from nectarc.diagnostic import Diagnostic
from nectarc.files import read_text
from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.live.checking import LiveCheck
from nectarc.project import ProjectReading
from nectarc.records import record, replace
from nectarc.refinery.inputs import read_rules_files
from nectarc.safety import check_safety
from nectarc.source import SourceText
from nectarc_lsp.database.kinds import is_ours, kind_by_name
from nectarc_lsp.database.knowledge import Knowledge
from nectarc_lsp.database.projects import Projects, Stamp, stamp_of
from nectarc_lsp.database.view import Kind, View

# Files that are not open and whose views are kept until they change.
_FILES_MAX: Final = 256


@record(frozen=False)
class _Open:
    uri: str
    path: str
    version: int | None
    text: str
    live: LiveCheck
    view: View | None = None
    rests_on: tuple[object, ...] = ()


class Database:
    """All documents that an editor has open, and files beside them."""

    def __init__(self) -> None:
        """Start with no document."""
        self._open: dict[str, _Open] = {}
        self._files: dict[str, tuple[Stamp, tuple[object, ...], View]] = {}
        self.projects = Projects(self._texts)
        self.rules_files: tuple[str, ...] = ()

    def update(self, uri: str, path: str, version: int | None, text: str) -> None:
        """Take the text of a document as it is now; the view is made when it is asked for."""
        known = self._open.get(uri)
        live = known.live if known is not None and known.path == path else LiveCheck()
        self._open[uri] = _Open(uri, path, version, text, live)

    def close(self, uri: str) -> None:
        """Forget what an editor no longer holds."""
        self._open.pop(uri, None)

    def uris(self) -> tuple[str, ...]:
        """Return the open documents, in order of opening."""
        return tuple(self._open)

    def view(self, uri: str) -> View | None:
        """Return the view of an open document."""
        document = self._open.get(uri)
        if document is None:
            return None
        rests_on = self._rests_on(document.path)
        if document.view is None or not _same(rests_on, document.rests_on):
            text = SourceText.of(document.path, document.text)
            document.view = self._made(uri, document.version, text, document.live)
            document.rests_on = rests_on
        return document.view

    def view_of_file(self, uri: str, path: str) -> View | None:
        """Return the view of a file: as it is open, else as it is on disk; None if unreadable."""
        if uri in self._open:
            return self.view(uri)
        stamp = stamp_of(path)
        rests_on = self._rests_on(path)
        known = self._files.pop(uri, None)
        if known is None or known[0] != stamp or not _same(known[1], rests_on):
            text = read_text(path)
            if isinstance(text, Diagnostic):
                return None
            made = self._made(uri, None, text, LiveCheck())
            known = stamp, rests_on, made
        self._files[uri] = known
        if len(self._files) > _FILES_MAX:
            self._files.pop(next(iter(self._files)))
        return known[2]

    def learn(self, uri: str, text: str, knowledge: Knowledge) -> bool:
        """Add what the worker found out about `text`; False where the document has moved on."""
        document = self._open.get(uri)
        view = self.view(uri)
        if document is None or view is None or document.text != text:
            return False
        if knowledge.schema is not None and view.project is not None:
            self.projects.learn(view.project.corpus, knowledge.schema)
            view = self.view(uri)  # with the schema: other findings, the same text
            assert view is not None  # it is still open
        document.view = replace(view, knowledge=knowledge)
        return True

    def policies(self, folder: str) -> Iterator[str]:
        """Yield the paths of policies, manifests and rules below a folder, sorted."""
        for here, folders, files in os.walk(folder):
            folders[:] = sorted(name for name in folders if not _is_skipped(name))
            for name in sorted(files):
                if kind_by_name(name, "") is not Kind.OTHER:
                    yield os.path.join(here, name)

    def _texts(self) -> Mapping[str, str]:
        return {one.path: one.text for one in self._open.values()}

    def _rests_on(self, path: str) -> tuple[object, ...]:
        """Return what else a view is made from: other objects mean another view."""
        reading = self.projects.of(path)
        project = reading.project
        schema = None if project is None else self.projects.schema(project.corpus)
        return reading, schema, self.rules_files

    def _made(self, uri: str, version: int | None, text: SourceText, live: LiveCheck) -> View:
        kind = kind_by_name(text.file, text.text, self.rules_files)
        reading = self.projects.of(text.file)
        bare = View(
            uri=uri,
            version=version,
            text=text,
            kind=kind,
            project=reading.project,
            manifest=reading.manifest,
        )
        match kind:
            case Kind.POLICY:
                return self._policy(bare, live)
            case Kind.MANIFEST:
                project = reading.project
                schema = None if project is None else self.projects.schema(project.corpus)
                return replace(bare, schema=schema, findings=_of_manifest(reading))
            case Kind.RULES:
                rules = read_rules_files([(text.file, text.text.encode())])
                traps = lint_rules(rules.loaded, LintContext(text=rules.text), proves=False)
                findings = tuple(dict.fromkeys((*rules.findings, *traps)))
                return replace(bare, rules=rules, findings=findings)
            case Kind.OTHER:
                return bare

    def _policy(self, bare: View, live: LiveCheck) -> View:
        project = bare.project
        schema = None if project is None else self.projects.schema(project.corpus)
        checked = live.check(bare.text, schema)
        if not is_ours(checked.document, bare.text, project):
            return replace(bare, kind=Kind.OTHER)
        return replace(bare, schema=schema, checked=checked, findings=checked.diagnostics)


def _of_manifest(reading: ProjectReading) -> tuple[Diagnostic, ...]:
    if reading.project is None or reading.manifest is None:
        return reading.diagnostics
    return (*reading.diagnostics, *check_safety(reading.project, reading.manifest).diagnostics)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name in {"node_modules", "__pycache__", "dist", "build"}

"""Commands that read and write files as `nectarc` does: compile, the waggle report, import.

Owns: their answers as JSON. Must not know: how anything is made.
What is on the disk counts; of texts that are not saved it is said that they do not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from lsprotocol import types

from nectarc.diagnostic import Diagnostic
from nectarc.files import read_text
from nectarc.project import POLICY_NAME, Project
from nectarc.records import record
from nectarc_lsp.background.programs import Ran, run_nectarc
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.markdown import paragraphs
from nectarc_lsp.handlers.presenting import Presenter
from nectarc_lsp.handlers.session import NectarcServer, path_of

_FINE: Final = 0


@record
class _Finding:
    """A finding of `--format json`."""

    severity: str
    message: str
    place: str
    why: str

    @property
    def words(self) -> str:
        """A line of Markdown."""
        why = f": {self.why}" if self.why else ""
        return f"- {self.severity}, {self.place}: {self.message}{why}"


class FileCommands:
    """The commands. Each takes the arguments as the client sent them."""

    def __init__(self, server: NectarcServer, show: Presenter) -> None:
        """Take what they need."""
        self._server = server
        self._show = show

    async def compile(self, arguments: Sequence[object]) -> dict[str, object]:
        """[uri]: write what `nectarc compile` writes in the project of that policy."""
        view = self._view(arguments)
        project = None if view is None else view.project
        if view is None or project is None:
            return self._compiled((), (), "This is no policy of a project that can be read.")
        folder = project.root
        if project.manifest is not None or os.path.basename(view.text.file) == POLICY_NAME:
            words, lock = [], project.lock
        else:
            words = [view.text.file, "-o", project.output]
            lock = os.path.splitext(project.output)[0] + ".lock"
        ran = await run_nectarc("compile", *words, "--format", "json", folder=folder)
        found = _findings(_loaded(ran))
        text = ran.err.strip() or _first(found, "nothing was compiled")
        written = (project.output, lock) if ran.status == _FINE else ()
        unsaved = self._unsaved((*_inputs(project), view.text.file))
        return self._compiled(written, found, text, unsaved)

    async def show_waggle(self, arguments: Sequence[object]) -> dict[str, object]:
        """[uri]: the report about a policy, or a rules file, as it is in the editor."""
        uri = _word(arguments, 0)
        view = self._server.database.view_of_file(uri, path_of(uri)) if uri else None
        if view is None or view.kind not in (Kind.POLICY, Kind.RULES):
            self._tell("there is nothing to report on: this is no policy and no rules file")
            return {"html": ""}
        path = view.text.file
        is_saved = self._is_saved(view)
        ran = await run_nectarc(
            "explain",
            path if is_saved else "-",
            "--format",
            "html",
            folder=_folder_of(path),
            given=None if is_saved else view.text.text,
        )
        if not ran.out:
            self._tell(_last_line(ran.err) or "the report could not be made")
        elif not self._server.presents:
            await self._show.page("waggle.html", ran.out, is_external=True)
        return {"html": ran.out}

    async def import_rules(self, arguments: Sequence[object]) -> dict[str, object]:
        """[uri, folder or null]: a project with policies that decide as the rules do, proven."""
        path = path_of(_word(arguments, 0))
        given = _word(arguments, 1)
        folder = path_of(given) if given else f"{os.path.splitext(path)[0]}-policies"
        ran = await run_nectarc(
            "import", path, "-o", folder, "--format", "json", folder=_folder_of(path)
        )
        answer = _loaded(ran)
        written = _texts(answer.get("written")) if isinstance(answer, dict) else ()
        found = _findings(answer.get("findings") if isinstance(answer, dict) else answer)
        policies = [one for one in written if one.endswith(".toon")]
        opened = Path(policies[0]).as_uri() if policies else ""
        message = paragraphs(
            (
                f"Wrote {len(written)} files to `{folder}`." if written else "Nothing was written.",
                *self._unsaved((path,)),
                "\n".join(_summaries(answer)),
                "\n".join(one.words for one in found),
            )
        )
        if not self._server.presents:
            await self._imported(opened, found, message)
        return {"files": list(written), "open": opened, "message": message}

    async def _imported(self, opened: str, found: Sequence[_Finding], message: str) -> None:
        if opened:
            await self._show.document(opened)
            self._show.message(message.partition("\n")[0])
        else:
            self._tell(_first(found, message))

    def _compiled(
        self,
        written: Sequence[str],
        found: Sequence[_Finding],
        text: str,
        unsaved: Iterable[str] = (),
    ) -> dict[str, object]:
        page = paragraphs((text, *unsaved, "\n".join(one.words for one in found)))
        if not self._server.presents:
            kind = types.MessageType.Info if written else types.MessageType.Error
            self._show.message("\n".join((text, *unsaved)), kind)
        return {
            "written": [os.path.abspath(one) for one in written],
            "diagnostics": len(found),
            "text": page,
        }

    def _view(self, arguments: Sequence[object]) -> View | None:
        uri = _word(arguments, 0)
        view = self._server.database.view_of_file(uri, path_of(uri)) if uri else None
        return view if view is not None and view.kind is Kind.POLICY else None

    def _unsaved(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Say which of these files stand otherwise in the editor."""
        wanted = {os.path.realpath(one) for one in paths}
        names: list[str] = []
        for uri in self._server.database.uris():
            view = self._server.database.view(uri)
            if view is None or os.path.realpath(view.text.file) not in wanted:
                continue
            if not self._is_saved(view):
                names.append(f"`{os.path.basename(view.text.file)}`")
        if not names:
            return ()
        return (f"What is not saved of {', '.join(names)} is not in it.",)

    @staticmethod
    def _is_saved(view: View) -> bool:
        saved = read_text(view.text.file)
        return not isinstance(saved, Diagnostic) and saved.text == view.text.text

    def _tell(self, text: str) -> None:
        if not self._server.presents:
            self._show.message(text, types.MessageType.Error)


def _folder_of(path: str) -> str:
    folder = os.path.dirname(path)
    return folder if os.path.isdir(folder) else ""


def _inputs(project: Project) -> tuple[str, ...]:
    manifest = () if project.manifest is None else (project.manifest,)
    return (*manifest, *(one.policy for one in project.environments))


def _loaded(ran: Ran) -> object:
    try:
        found: object = json.loads(ran.out)
    except ValueError:
        return None
    return found


def _findings(loaded: object) -> tuple[_Finding, ...]:
    if not isinstance(loaded, list):
        return ()
    return tuple(
        _Finding(
            severity=str(one.get("severity", "")),
            message=str(one.get("message", "")),
            place=f"{one.get('file', '')}:{one.get('line', '')}",
            why=str(one.get("why", "")),
        )
        for one in loaded
        if isinstance(one, dict)
    )


def _summaries(answer: object) -> list[str]:
    """Return what became of each target."""
    targets = answer.get("targets") if isinstance(answer, dict) else None
    return [
        f"- `{one.get('target', '')}`: {one.get('summary', '')}, {one.get('proof', '')}"
        for one in (targets if isinstance(targets, list) else ())
        if isinstance(one, dict)
    ]


def _first(found: Sequence[_Finding], otherwise: str) -> str:
    errors = (one.message for one in found if one.severity == "error")
    return next(errors, otherwise)


def _texts(found: object) -> tuple[str, ...]:
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""


def _word(arguments: Sequence[object], place: int) -> str:
    found = arguments[place] if len(arguments) > place else None
    return found if isinstance(found, str) else ""

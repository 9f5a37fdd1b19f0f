"""`nectarc.server.propose`: a policy from a sentence, returned, or written where that is asked for.

Owns: which file is meant, questions, writing. Must not know: engines, proofs.
Truth: docs/editor-claude.md; docs/propose.md. Nothing is written that is not proven, and nothing
over what has changed meanwhile, or what people wrote (unless it is refined).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from typing import Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from nectarc.diagnostic import Diagnostic, Edit
from nectarc.files import read_text, write_atomically
from nectarc.project import POLICY_NAME, ProjectReading
from nectarc.propose.place import SeveralPolicies, is_free, policy_path
from nectarc.records import part, record, replace
from nectarc.source import SourceText
from nectarc_lsp.background.suggesting_jobs import Proposed, ProposeJob, Reader, Told
from nectarc_lsp.background.suggesting_process import DefectError, SuggestingProcess
from nectarc_lsp.database.view import Kind
from nectarc_lsp.features.markdown import plain
from nectarc_lsp.handlers.edits import uri_of, workspace_edit
from nectarc_lsp.handlers.session import NectarcServer, path_of
from nectarc_lsp.handlers.suggesting_progress import StoppedError, with_progress

_ROUNDS_MAX: Final = 8
_TEXT_MAX: Final = 1_000_000


@record(kw_only=True)
class _Asked:
    """What the client wants."""

    uri: str
    sentence: str
    refine: bool = False
    write: bool = False
    replace: bool = False
    engine: str = "auto"
    answers: tuple[tuple[str, str], ...] = part(default=())


@record(kw_only=True)
class _Place:
    """The policy's file. old: its text as it is now, None where there is none."""

    path: str
    old: SourceText | None
    reading: ProjectReading


async def propose(
    server: NectarcServer, arguments: Sequence[object], token: int | str | None = None
) -> dict[str, object]:
    """Answer the command; what the client shows itself is only returned."""
    asked = _read(arguments)
    if asked is None:
        return _record(_failed("say what to keep, in plain English"), None)
    place = _place_of(server, asked.uri)
    if isinstance(place, str):
        return await _shown(server, _failed(place), None)
    hindered = _hindrance(asked, place)
    if hindered is not None:
        return await _shown(server, _failed(hindered), place.path)
    try:
        found = await _converse(server, asked, place, token)
    except StoppedError:
        return _record(_failed("it was stopped; nothing was written"), place.path)
    except DefectError as error:
        return await _shown(server, _failed(f"{error}; please report it"), place.path)
    written: str | None = None
    if asked.write and found.state == "proposed" and found.text is not None:
        refused = await _written(server, place, found.text)
        if refused is not None:
            found = replace(found, state="failed", message=refused)
        else:
            written = place.path
    return await _shown(server, found, place.path, written)


async def _converse(
    server: NectarcServer, asked: _Asked, place: _Place, token: int | str | None
) -> Proposed:
    """Ask the engine; what it asks goes to the user where the client does not do that itself."""
    project = place.reading.project
    job = ProposeJob(
        sentence=asked.sentence,
        answers=asked.answers,
        project=project,
        old=place.old,
        refine=asked.refine,
        reader=Reader(engine=asked.engine, share_values=server.settings.share_values),
    )
    process = SuggestingProcess()
    try:
        for _ in range(_ROUNDS_MAX):
            found = await _asked_of(server, process, job, token)
            if found.state != "asks" or server.presents:
                return found
            answers = await _answers(server, found)
            if answers is None:
                return found
            job, token = replace(job, answers=(*job.answers, *answers)), None
        return found
    finally:
        process.kill()


async def _asked_of(
    server: NectarcServer, process: SuggestingProcess, job: ProposeJob, token: int | str | None
) -> Proposed:
    async def work(tell: object) -> object:
        assert callable(tell)

        def told(one: Told) -> None:
            tell(one.words)

        return await process.ask(job, told)

    found = await with_progress(server, token, "nectarc: proposing", work)
    assert isinstance(found, Proposed)
    return found


async def _answers(server: NectarcServer, found: Proposed) -> tuple[tuple[str, str], ...] | None:
    """Ask the user one question after the other; None where one is left open."""
    answers: list[tuple[str, str]] = []
    for name, words, choices in found.questions:
        if not choices:
            return None
        titles = {f"{one}: {means}": one for one, means in choices}
        chosen = await server.window_show_message_request_async(
            types.ShowMessageRequestParams(
                type=types.MessageType.Info,
                message=f"{words[:1].upper()}{words[1:]}",
                actions=[types.MessageActionItem(title=one) for one in titles],
            )
        )
        if chosen is None or chosen.title not in titles:
            return None
        answers.append((name, titles[chosen.title]))
    return tuple(answers)


def _read(arguments: Sequence[object]) -> _Asked | None:
    """Return what the arguments say; None without a sentence."""
    uri, sentence, options = (*arguments, None, None, None)[:3]
    if not isinstance(uri, str) or not isinstance(sentence, str) or not sentence.strip():
        return None
    known = options if isinstance(options, Mapping) else {}
    given = known.get("answers")
    answers = given.items() if isinstance(given, Mapping) else ()
    engine = known.get("engine")
    return _Asked(
        uri=uri,
        sentence=sentence.strip()[:_TEXT_MAX],
        refine=known.get("refine") is True,
        write=known.get("write") is True,
        replace=known.get("replace") is True,
        engine=engine if engine in ("claude", "offline") else "auto",
        answers=tuple((str(name), str(text).strip()) for name, text in answers),
    )


def _place_of(server: NectarcServer, uri: str) -> _Place | str:
    """Return the policy that a document or folder stands for; why there is none, in words."""
    path = path_of(uri)
    view = server.database.view(uri)
    is_policy = path.endswith(".toon") if view is None else view.kind is Kind.POLICY
    if not is_policy and view is not None and path.endswith(".toon") and not view.text.text.strip():
        is_policy = True
    if not is_policy:
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        reading = server.database.projects.of(os.path.join(folder, POLICY_NAME))
        if reading.project is None:
            return _first(reading)
        chosen = policy_path(reading.project)
        if isinstance(chosen, SeveralPolicies):
            return f"{chosen.words}: open the one to write"
        path = chosen
    else:
        reading = server.database.projects.of(path)
        if reading.project is None:
            return _first(reading)
    old = _text(server, path)
    if isinstance(old, Diagnostic):
        return old.headline
    return _Place(path=path, old=old, reading=reading)


def _first(reading: ProjectReading) -> str:
    return next((one.headline for one in reading.diagnostics), "`nectar.toml` cannot be read")


def _text(server: NectarcServer, path: str) -> SourceText | Diagnostic | None:
    """Return the text of a policy as the editor has it, else as it is on disk; None for none."""
    uri = uri_of(server, path)
    view = None if uri is None else server.database.view(uri)
    if view is not None:
        return view.text if view.text.text.strip() else None
    return read_text(path) if os.path.lexists(path) else None


def _hindrance(asked: _Asked, place: _Place) -> str | None:
    """Say why nothing is asked: an engine may cost money."""
    if asked.refine and place.old is None:
        return f"there is no policy at `{place.path}` to refine: propose a new one"
    if asked.write and not asked.refine and not asked.replace and not is_free(place.old):
        return (
            f"`{place.path}` was written by hand, and nothing was changed: refine it (`refine`),"
            " or write over it (`replace`)"
        )
    return None


async def _written(server: NectarcServer, place: _Place, text: str) -> str | None:
    """Write the policy where the editor has it, else to the file; or say why not."""
    now = _text(server, place.path)
    before = None if place.old is None else place.old.text
    if isinstance(now, Diagnostic) or (None if now is None else now.text) != before:
        return f"`{place.path}` has changed meanwhile: nothing was written, propose it again"
    uri = uri_of(server, place.path)
    view = None if uri is None else server.database.view(uri)
    if view is None:
        refused = await asyncio.to_thread(write_atomically, place.path, text)
        return None if refused is None else refused.headline
    everything = view.text.span(0, len(view.text.text))
    edit = workspace_edit(server, [Edit(everything, text)])
    if edit is None:
        return f"`{place.path}` cannot be edited"
    try:
        answer = await server.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(edit=edit, label="Propose")
        )
    except JsonRpcException as error:
        return f"the editor does not take the policy: {error.message}"
    if not answer.applied:
        return f"the editor does not take the policy: {answer.failure_reason or 'no reason given'}"
    return None


async def _shown(
    server: NectarcServer, found: Proposed, path: str | None, written: str | None = None
) -> dict[str, object]:
    """Show the outcome where the client does not, and return it."""
    if not server.presents:
        first = plain(found.message).strip().split("\n\n")[0]
        words = found.verdict or first
        if found.questions:
            words = found.questions[0][1]
        is_fine = found.state == "proposed"
        done = f"wrote {written}: " if written else ""
        server.window_show_message(
            types.ShowMessageParams(
                type=types.MessageType.Info if is_fine else types.MessageType.Warning,
                message=f"{done}{words}",
            )
        )
    return _record(found, path, written)


def _failed(reason: str) -> Proposed:
    return Proposed(state="failed", message=f"{reason[:1].upper()}{reason[1:]}.")


def _record(found: Proposed, path: str | None, written: str | None = None) -> dict[str, object]:
    return {
        "state": found.state,
        "text": found.text,
        "message": found.message,
        "questions": [
            {
                "id": name,
                "question": words,
                "choices": [{"answer": one, "meaning": means} for one, means in choices],
            }
            for name, words, choices in found.questions
        ],
        "verdict": found.verdict,
        "diff": found.diff,
        "path": path,
        "written": written,
    }

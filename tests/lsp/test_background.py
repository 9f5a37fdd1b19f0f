"""What the server finds out while people type, as an editor is told."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.bench.varied_policy import varied_policy
from tests.e2e.process import ROOT
from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP, Opened, patiently

_DEAD = SHOP.replace("duration > 5s", "http.status == 503")
_SETTLED = frozenset({"proved", "refuted", "unknown", "errors"})


async def state_of(document: Opened, *wanted: str) -> Any:  # noqa: ANN401 - pygls' own object
    """Wait for the next such proof state of this version of the document."""
    while True:
        told = await patiently(document.client.wait_for_notification("nectarc/proofState"))
        if told.uri == document.uri and told.version == document.version and told.state in wanted:
            return told


@pytest.mark.asyncio
async def test_a_policy_is_proven_without_being_asked(open_document: OpenDocument) -> None:
    document = open_document(SHOP)

    told = await state_of(document, *_SETTLED)

    assert told.state == "proved"
    assert told.headline == "3 PROVED for every trace"
    assert "| PROVED | every trace is decided by a rule | every trace |" in told.detail


@pytest.mark.asyncio
async def test_a_dead_rule_is_faded_and_says_who_shadows_it(open_document: OpenDocument) -> None:
    document = open_document(_DEAD)

    found: list[types.Diagnostic] = []
    while not found:
        found = [one for one in await document.published() if one.code == "NEC454"]

    (dead,) = found
    assert list(dead.tags or ()) == [types.DiagnosticTag.Unnecessary]
    assert document.at(dead.range).startswith("keep-slow")
    assert dead.related_information is not None
    assert [document.at(one.location.range)[:11] for one in dead.related_information] == [
        "keep-errors"
    ]


@pytest.mark.asyncio
async def test_the_finding_goes_with_the_text_that_it_was_about(
    open_document: OpenDocument,
) -> None:
    document = open_document(_DEAD)
    while not any(one.code == "NEC454" for one in await document.published()):
        pass

    document.change(SHOP)

    assert await document.published() == []
    assert (await state_of(document, *_SETTLED)).state == "proved"


@pytest.mark.asyncio
async def test_each_edit_is_checked_and_proven_anew(open_document: OpenDocument) -> None:
    document = open_document(SHOP)
    await state_of(document, *_SETTLED)

    document.change(_DEAD)

    assert (await state_of(document, "checking")).state == "checking"
    assert (await state_of(document, "proving")).state == "proving"
    assert (await state_of(document, *_SETTLED)).state == "refuted"


@pytest.mark.asyncio
async def test_a_policy_with_errors_is_not_proven(open_document: OpenDocument) -> None:
    document = open_document(SHOP.replace(">= 500", ">="))

    told = await state_of(document, *_SETTLED)

    assert told.state == "errors"
    assert told.headline == "nothing is proven while the policy has errors"


@pytest.mark.asyncio
async def test_a_document_that_is_closed_has_no_state(open_document: OpenDocument) -> None:
    document = open_document(SHOP)
    await state_of(document, *_SETTLED)

    document.client.text_document_did_close(
        types.DidCloseTextDocumentParams(text_document=document.identifier)
    )

    told = await patiently(document.client.wait_for_notification("nectarc/proofState"))
    assert (told.uri, told.state) == (document.uri, "none")


@pytest.mark.asyncio
async def test_the_corpus_is_asked_what_the_policy_keeps(
    open_document: OpenDocument, tmp_path: Path
) -> None:
    for name in ("nectar.toml", "corpus", "incidents"):
        (tmp_path / name).symlink_to(ROOT / "examples" / "shop" / name)
    document = open_document(SHOP)

    told = await state_of(document, *_SETTLED)
    while "of the corpus" not in told.detail:
        told = await state_of(document, *_SETTLED)

    assert "events per second are kept" in told.detail


@pytest.mark.asyncio
async def test_proofs_can_be_switched_off_and_on(open_document: OpenDocument) -> None:
    document = open_document(SHOP)
    await state_of(document, *_SETTLED)

    configure(document, {"proofs": {"enabled": False}})
    off = await patiently(document.client.wait_for_notification("nectarc/proofState"))
    configure(document, {"proofs": {"enabled": True}})

    assert off.state == "none"
    assert (await state_of(document, *_SETTLED)).state == "proved"


@pytest.mark.asyncio
async def test_what_takes_long_shows_its_progress_and_can_be_stopped(
    open_document: OpenDocument,
) -> None:
    document = open_document(varied_policy(200))
    progress = types.PROGRESS
    told = await patiently(document.client.wait_for_notification(progress))

    document.client.window_work_done_progress_cancel(
        types.WorkDoneProgressCancelParams(token=told.token)
    )

    stopped = await state_of(document, "none")
    assert stopped.headline == "stopped; the next edit starts it again"
    document.change(SHOP)
    assert (await state_of(document, *_SETTLED)).state == "proved"


def configure(document: Opened, settings: dict[str, object]) -> None:
    document.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(settings={"nectarc": settings})
    )


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc")
@pytest.mark.asyncio
async def test_workers_that_are_killed_do_not_end_the_server(open_document: OpenDocument) -> None:
    document = open_document(SHOP)
    await state_of(document, *_SETTLED)
    for pid in _workers(document):
        os.kill(pid, signal.SIGKILL)

    document.change(_DEAD)

    assert (await state_of(document, "refuted")).headline.startswith("REFUTED: ")


def _workers(document: Opened) -> list[int]:
    """Return the worker processes of the server that this client talks to."""
    server = document.client._server  # noqa: SLF001 - pygls names it nowhere else
    assert server is not None
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    found = [int(one) for one in children.read_text(encoding="ascii").split()]
    assert found
    return found

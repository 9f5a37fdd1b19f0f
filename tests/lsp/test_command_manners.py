"""How commands of the server behave: progress of the client's own, cancelling, what is shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bench.varied_policy import varied_policy
from tests.lsp.session import SHOP
from tests.lsp.test_lenses import with_corpus
from tests.lsp.wire import CAPABILITIES, DIAGNOSTICS, RefusedError, Wire

_COMMAND = (sys.executable, "-m", "nectarc_lsp")
_SHOWS = {"window": {"showDocument": {"support": True}, "workDoneProgress": True}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """Return a client that shows documents."""
    folder = tmp_path_factory.mktemp("commands")
    with Wire(_COMMAND, folder, capabilities={**CAPABILITIES, **_SHOWS}) as wire:
        yield wire


@pytest.fixture
def shows(server: Wire, tmp_path: Path) -> Wire:
    """Return that client, with a project of one policy."""
    (tmp_path / "policy.toon").write_text(SHOP)
    server.served.clear()
    return server


def run(wire: Wire, name: str, *arguments: object, **more: object) -> int:
    """Begin a command and return the number of the request."""
    params = {"command": f"nectarc.server.{name}", "arguments": list(arguments), **more}
    return wire.begin("workspace/executeCommand", params)


def shown(wire: Wire) -> list[dict[str, Any]]:
    """Return what the client was asked to show."""
    return [one["params"] for one in wire.served if one["method"] == "window/showDocument"]


def test_progress_goes_to_the_token_that_the_client_made(shows: Wire, tmp_path: Path) -> None:
    uri = (tmp_path / "policy.toon").as_uri()
    told: list[str] = []

    def is_the_answer(message: dict[str, Any]) -> bool:
        if message.get("method") == "$/progress" and message["params"]["token"] == "mine":
            told.append(message["params"]["value"]["kind"])
        return message.get("id") == number and "method" not in message

    number = run(shows, "prove", uri, workDoneToken="mine")
    answer = shows.wait_for(is_the_answer)

    assert answer["result"]["state"] == "proved"
    assert (told[0], told[-1]) == ("begin", "end")
    assert not [one for one in shows.served if one["method"] == "window/workDoneProgress/create"]


def test_a_cancelled_command_ends_and_writes_nothing(shows: Wire, tmp_path: Path) -> None:
    uri = (tmp_path / "policy.toon").as_uri()
    number = run(shows, "compile", uri)
    shows.notify("$/cancelRequest", {"id": number})

    with pytest.raises(RefusedError, match="-32800"):
        shows.answer(number)

    assert shows.answer(run(shows, "prove", uri))["state"] == "proved"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["policy.toon"]


def test_the_stop_sign_of_the_progress_ends_a_command(shows: Wire, tmp_path: Path) -> None:
    (tmp_path / "policy.toon").write_text(varied_policy(60))  # so much that there is time to stop
    uri = (tmp_path / "policy.toon").as_uri()
    number = run(shows, "compile", uri, workDoneToken=7)
    shows.wait_for(lambda one: one.get("method") == "$/progress")
    shows.notify("window/workDoneProgress/cancel", {"token": 7})

    assert shows.answer(number) is None
    assert sorted(one.name for one in tmp_path.iterdir()) == ["policy.toon"]


def test_what_a_client_does_not_present_itself_is_shown_as_a_document(
    shows: Wire, tmp_path: Path
) -> None:
    uri = (tmp_path / "policy.toon").as_uri()

    rules = shows.answer(run(shows, "showRules", uri, "keep-slow"))
    page = shows.answer(run(shows, "showCounterexample", uri, "keep-slow"))

    first, second = shown(shows)
    assert first["uri"].endswith("/rules.yaml")
    assert first["selection"]["start"]["line"] == rules["line"] > 0
    assert Path(first["uri"].removeprefix("file://")).read_text() == rules["text"]
    assert page["text"] in Path(second["uri"].removeprefix("file://")).read_text()


def test_files_are_named_from_the_project(shows: Wire, tmp_path: Path) -> None:
    with_corpus(tmp_path)
    text = SHOP.replace(">= 500,keep", ">= 500,sample(1/20)")
    uri = (tmp_path / "policy.toon").as_uri()
    document = {"uri": uri, "languageId": "toon", "version": 1, "text": text}
    shows.notify("textDocument/didOpen", {"textDocument": document})

    def tells_of_incidents(one: dict[str, Any]) -> bool:
        return one.get("method") == DIAGNOSTICS and "NEC451" in str(one["params"])

    told = shows.wait_for(tells_of_incidents)["params"]["diagnostics"]
    proof = shows.answer(run(shows, "prove", uri))

    words = [one["message"] for one in told] + [str(one) for one in proof["checks"]]
    assert "of `incidents/2026-03-02-payments-outage.jsonl`" in str(words)
    assert not [one for one in [*words, proof["text"]] if str(tmp_path) in one]
    shows.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_the_report_opens_in_the_program_for_such_files(shows: Wire, tmp_path: Path) -> None:
    answer = shows.answer(run(shows, "showWaggle", (tmp_path / "policy.toon").as_uri()))

    assert answer["html"].lstrip().lower().startswith("<!doctype html")
    (document,) = shown(shows)
    assert document["external"] is True
    assert document["uri"].endswith(".html")


def test_where_no_document_can_be_shown_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "policy.toon").write_text(SHOP)
    with Wire(_COMMAND, tmp_path) as wire:
        number = run(wire, "showRules", (tmp_path / "policy.toon").as_uri())
        said = wire.wait_for(lambda one: one.get("method") == "window/showMessage")
        assert wire.answer(number)["text"].startswith("RulesVersion")

    assert said["params"]["message"].endswith("rules.yaml")


@pytest.mark.parametrize("name", ["prove", "showRules", "runTests", "compile", "applyFixAll"])
def test_a_command_without_its_document_is_no_defect(shows: Wire, name: str) -> None:
    shows.answer(run(shows, name))
    shows.answer(run(shows, name, 5, {"x": []}))

    assert shows.process.poll() is None


def test_an_unknown_command_is_refused(shows: Wire) -> None:
    with pytest.raises(RefusedError, match=r"no command `nectarc\.server\.nothing`"):
        shows.answer(run(shows, "nothing"))

"""`nectarc.server.propose` and `nectarc.server.newProject` as an editor runs them."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from nectarc.scaffold.project_texts import POLICY
from tests.e2e.process import SHOP as EXAMPLE
from tests.lsp.session import SHOP
from tests.lsp.suggesting import KEY, editor
from tests.messages_server import MODEL, MessagesServer, Reply
from tests.unit.claude.answers import INTENT, answer, changed

PROPOSE = "nectarc.server.propose"
NEW = "nectarc.server.newProject"
SENTENCE = "Keep all errors and requests over 5 seconds, sample everything else at 1%"
VALUES = ("trace-values", "checkout", "frontend")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a copy of the example with less traffic, without its policy."""
    folder = tmp_path / "shop"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("policy.toon", "*.py"))
    traces = folder / "corpus" / "traces.jsonl"
    lines = traces.read_text(encoding="utf-8").splitlines(keepends=True)
    traces.write_text("".join(lines[:40]), encoding="utf-8")
    return folder


@pytest.mark.asyncio
async def test_a_proven_policy_is_returned_and_nothing_is_written(shop: Path) -> None:
    async with editor(shop) as here:
        found = await here.command(PROPOSE, shop.as_uri(), SENTENCE)

    assert found["state"] == "proposed", found["message"]
    assert "duration > 5s" in found["text"]
    assert "PROVED for every trace" in found["verdict"]
    assert "Read by the offline engine" in found["message"]
    assert "| PROVED |" in found["message"]
    assert (found["diff"], found["written"]) == (None, None)
    assert not (shop / "policy.toon").exists()


@pytest.mark.asyncio
async def test_a_closed_policy_is_written_to_its_file(shop: Path) -> None:
    async with editor(shop) as here:
        found = await here.command(PROPOSE, shop.as_uri(), SENTENCE, {"write": True})

    assert found["written"] == str(shop / "policy.toon")
    assert (shop / "policy.toon").read_text(encoding="utf-8") == found["text"]


@pytest.mark.asyncio
async def test_an_open_policy_is_edited_in_the_editor_and_not_on_disk(shop: Path) -> None:
    (shop / "policy.toon").write_text(SHOP, encoding="utf-8")
    options = {"refine": True, "write": True}
    async with editor(shop) as here:
        document = here.open(SHOP)
        found = await here.command(
            PROPOSE, document.uri, "also keep all traces of the service inventory", options
        )

        assert found["state"] == "proposed", found["message"]
        assert document.text == found["text"] != SHOP
        assert "keep-errors" in document.text
        assert (shop / "policy.toon").read_text(encoding="utf-8") == SHOP
        assert "\n+" in found["diff"]


@pytest.mark.asyncio
async def test_what_people_wrote_is_not_written_over(shop: Path) -> None:
    mine = SHOP.replace("production-sampling", "mine").replace("5s", "7s")
    (shop / "policy.toon").write_text(mine, encoding="utf-8")
    async with editor(shop) as here:
        found = await here.command(PROPOSE, shop.as_uri(), SENTENCE, {"write": True})

    assert found["state"] == "failed"
    assert "was written by hand" in found["message"]
    assert (shop / "policy.toon").read_text(encoding="utf-8") == mine


@pytest.mark.asyncio
async def test_questions_are_returned_and_answers_taken(shop: Path) -> None:
    sentence = "keep all errors and slow requests, 1% of the rest"
    async with editor(shop) as here:
        asked = await here.command(PROPOSE, shop.as_uri(), sentence)
        answers = {one["id"]: "2s" for one in asked["questions"]}
        found = await here.command(PROPOSE, shop.as_uri(), sentence, {"answers": answers})

    assert asked["state"] == "asks"
    assert asked["text"] is None
    assert all(one["question"].endswith("?") for one in asked["questions"])
    assert found["state"] == "proposed", found["message"]


@pytest.mark.asyncio
async def test_a_client_that_shows_nothing_itself_is_told(shop: Path) -> None:
    async with editor(shop, presents=False, kind="neovim") as here:
        sentence = "keep all errors and slow requests, 1% of the rest"
        asked = await here.command(PROPOSE, shop.as_uri(), sentence, {"write": True})
        told = list(here.messages)
        found = await here.command(PROPOSE, shop.as_uri(), SENTENCE, {"write": True})

        assert asked["state"] == "asks"
        assert any("slow" in one for one in told)
        assert found["state"] == "proposed", found["message"]
        assert any("wrote" in one and "PROVED" in one for one in here.messages)


@pytest.mark.asyncio
async def test_claude_is_asked_with_pseudonyms_and_its_words_are_streamed(shop: Path) -> None:
    with MessagesServer([Reply(json.dumps(answer()))]).running() as claude:
        async with editor(shop, url=claude.url) as here:
            found = await here.command(PROPOSE, shop.as_uri(), INTENT, token="here")

            assert found["state"] == "proposed", found["message"]
            assert f"Read by Claude ({MODEL})" in found["message"]
            reports = [
                one.message  # type: ignore[attr-defined]  # what `_is_report` asks
                for told in here.client.progress_reports.values()
                for one in told
                if _is_report(one)
            ]
            assert any(one.startswith("Claude has written") for one in reports)
    (request,) = claude.requests
    sent = json.dumps(request.body["messages"])
    corpus = (shop / "corpus" / "traces.jsonl").read_text(encoding="utf-8")
    assert "checkout-api" in corpus or "checkout" in corpus
    assert KEY not in sent
    private = {value for value in _private_values(corpus) if value not in INTENT}  # the user's own
    assert private
    for value in private:
        assert value not in sent, value


@pytest.mark.asyncio
async def test_without_network_the_offline_engine_reads_and_says_so(shop: Path) -> None:
    with MessagesServer([Reply(status=401)]).running() as claude:
        async with editor(shop, url=claude.url) as here:
            found = await here.command(PROPOSE, shop.as_uri(), SENTENCE)

    assert found["state"] == "proposed"
    assert "the offline engine reads it" in found["message"]


@pytest.mark.asyncio
async def test_cancelling_ends_the_call(shop: Path) -> None:
    with MessagesServer([Reply(json.dumps(answer()), delay_s=30)]).running() as claude:
        async with editor(shop, url=claude.url) as here:
            params = types.ExecuteCommandParams(
                command=PROPOSE, arguments=[shop.as_uri(), INTENT, {"write": True}]
            )
            asking = asyncio.ensure_future(here.client.workspace_execute_command_async(params))
            async with asyncio.timeout(60):
                while not claude.requests:  # noqa: ASYNC110 - the server is in another thread
                    await asyncio.sleep(0.05)
            number = next(iter(here.client.protocol._request_futures))  # noqa: SLF001 - its id
            here.client.cancel_request(types.CancelParams(id=number))
            with pytest.raises((JsonRpcException, asyncio.CancelledError)):
                await asyncio.wait_for(asking, 10)
            assert await here.command(PROPOSE, shop.as_uri(), " ") is not None
    assert not (shop / "policy.toon").exists()


@pytest.mark.asyncio
async def test_a_refusal_and_a_question_of_claude_are_told(shop: Path) -> None:
    refusal = {"reason": "Alerts are no sampling.", "instead": ["Use triggers."]}
    choices = [{"answer": "5s", "means": "above 5 seconds"}]
    asks = changed("questions", [{"id": "slow", "words": "How slow?", "choices": choices}])
    replies = [Reply(changed("refusal", refusal)), Reply(asks)]
    with MessagesServer(replies).running() as claude:
        async with editor(shop, url=claude.url) as here:
            refused = await here.command(PROPOSE, shop.as_uri(), INTENT)
            asked = await here.command(PROPOSE, shop.as_uri(), INTENT)

    assert (refused["state"], refused["text"]) == ("refused", None)
    assert "- Use triggers." in refused["message"]
    assert asked["questions"] == [
        {
            "id": "slow",
            "question": "How slow?",
            "choices": [{"answer": "5s", "meaning": "above 5 seconds"}],
        }
    ]


@pytest.mark.asyncio
async def test_a_new_project_is_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    async with editor(tmp_path) as here:
        made = await here.command(NEW, folder.as_uri(), {"example": False})
        again = await here.command(NEW, folder.as_uri(), {"example": False})

    assert made["open"] == (folder / "policy.toon").as_uri()
    assert (folder / "policy.toon").read_text(encoding="utf-8") == POLICY
    assert str(folder / "nectar.toml") in made["files"]
    assert (again["files"], again["open"]) == ([], None)
    assert "never overwrites" in again["message"]


@pytest.mark.asyncio
async def test_a_new_project_with_the_example_has_its_traces(tmp_path: Path) -> None:
    async with editor(tmp_path, presents=False) as here:
        made = await here.command(NEW, (tmp_path / "new").as_uri(), {"example": True})

        assert (tmp_path / "new" / "corpus" / "traces.jsonl").stat().st_size > 1000
        assert [one.uri for one in here.client.shown_documents] == [made["open"]]


def _is_report(value: object) -> bool:
    return isinstance(value, types.WorkDoneProgressReport)


def _private_values(corpus: str) -> set[str]:
    """Return the values of the corpus that people recognise themselves by."""
    values: set[str] = set()
    for line in corpus.splitlines():
        for name, value in _pairs(json.loads(line)):
            if name in ("service.name", "customer.id", "tenant.id", "http.route"):
                values.add(value)
    return values


def _pairs(node: object) -> list[tuple[str, str]]:
    if isinstance(node, list):
        return [pair for one in node for pair in _pairs(one)]
    if not isinstance(node, dict):
        return []
    value = node.get("value")
    found = [pair for one in node.values() for pair in _pairs(one)]
    if "key" in node and isinstance(value, dict) and "stringValue" in value:
        found.append((str(node["key"]), str(value["stringValue"])))
    return found

"""Inline completion as an editor asks for it: off, then checked, marked, cached, cancellable."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any, Final

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from nectarc.formatting import format_text
from nectarc.source import SourceText
from tests.e2e.process import SHOP as EXAMPLE
from tests.lsp.session import Opened, edited, patiently
from tests.lsp.suggesting import Editor, editor
from tests.messages_server import MessagesServer, Reply
from tests.unit.claude.answers import DROP, KEEP, answer, some

ON: Final = {"inlineCompletion": {"enabled": True}}
OFFLINE: Final = {"inlineCompletion": {"enabled": True, "engine": "offline"}}
CLAUDE: Final = {"inlineCompletion": {"enabled": True, "engine": "claude"}}
POLICY: Final = """\
version: 1
name: shop
rules[3]{name,description,match,action,priority}:
  keep-errors,All errors,http.status >= 500,keep,100
  keep-slow,Slow ones,duration > 5s,keep,90
  rest,Everything else,true,sample(1/100),0
"""
WISH: Final = "keep status 404"
ROW: Final = "http.status == 404,keep,10"
SECRET: Final = "zq-billing"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a copy of the example with less traffic and a value that nobody has typed."""
    folder = tmp_path / "shop"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("policy.toon", "*.py"))
    traces = folder / "corpus" / "traces.jsonl"
    lines = traces.read_text(encoding="utf-8").splitlines(keepends=True)
    planted = "".join(lines[:40]).replace('"stringValue":"frontend"', f'"stringValue":"{SECRET}"')
    traces.write_text(planted.replace('"frontend"', f'"{SECRET}"'), encoding="utf-8")
    return folder


async def ask(
    here: Editor, document: Opened, *, is_asked: bool = True
) -> types.InlineCompletionList | None:
    """Ask for suggestions at the document's cursor."""
    return await patiently(begin(here, document, is_asked=is_asked))


def begin(here: Editor, document: Opened, *, is_asked: bool = True) -> asyncio.Future[Any]:
    """Ask, and wait for nothing."""
    kinds = types.InlineCompletionTriggerKind
    params = types.InlineCompletionParams(
        text_document=document.identifier,
        position=document.cursor,
        context=types.InlineCompletionContext(
            trigger_kind=kinds.Invoked if is_asked else kinds.Automatic
        ),
    )
    waiting = here.client.text_document_inline_completion_async(params)
    return asyncio.ensure_future(waiting)


def accepted(document: Opened, item: types.InlineCompletionItem) -> str:
    """Return the document with an item in it."""
    assert item.range is not None
    assert isinstance(item.insert_text, str)
    return edited(document, [types.TextEdit(item.range, item.insert_text)])


def reply(match: object, action: object = None, words: str = WISH) -> Reply:
    """Return Claude's answer that has one clause, and its rule in front of the policy's."""
    whole = answer()
    row = {"name": "keep-not-found", "of": match, "do": KEEP if action is None else action}
    clause = {**row, "words": words, "origin": "words", "wins": ""}
    rule = {**row, "description": words, "priority": 95}
    rest = whole["intent"]["clauses"][-1] | {"words": "", "origin": "policy"}
    whole["intent"]["clauses"] = [clause, rest]
    whole["policy"]["rules"] = [rule, whole["policy"]["rules"][-1]]
    return Reply(json.dumps(whole))


RIGHT: Final = reply(some("http.status", "==", "404"))


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["visual-studio-code", "neovim"])
async def test_clients_are_told_that_there_are_suggestions(tmp_path: Path, kind: str) -> None:
    async with editor(tmp_path, kind=kind) as here:
        assert here.agreed.inline_completion_provider


@pytest.mark.asyncio
async def test_it_is_off_until_it_is_turned_on(tmp_path: Path) -> None:
    with MessagesServer([RIGHT]).running() as claude:
        async with editor(tmp_path, url=claude.url) as here:
            document = here.open(f"{POLICY}  # {WISH}‸\n")

            assert await ask(here, document) is None
    assert claude.requests == []


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["visual-studio-code", "neovim"])
async def test_a_comment_becomes_a_row_and_the_count_follows(tmp_path: Path, kind: str) -> None:
    async with editor(tmp_path, settings=OFFLINE, kind=kind) as here:
        document = here.open(f"{POLICY}  # {WISH}‸\n")
        await document.published()
        found = await ask(here, document)
        assert found is not None
        (item,) = found.items
        assert item.command is not None
        assert "PROVED for every trace" in item.command.title
        assert "from `rest` to `keep-" in item.command.title

        document.change(accepted(document, item))
        await here.command(item.command.command, *(item.command.arguments or ()))

        assert document.text.startswith(POLICY.replace("[3]", "[4]"))
        assert f"# {WISH}\n  keep-status,{WISH},{ROW}\n" in document.text
        while await document.published():
            pass


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        (f"  # {WISH}\n  ‸\n", f"keep-status,{WISH},{ROW}"),
        (f"  # {WISH}\n‸\n", f"  keep-status,{WISH},{ROW}"),
        (f"  keep-404,{WISH},‸\n", ROW),
        (f"  keep-404,{WISH},http.st‸\n", ROW.removeprefix("http.st")),
        (f"  keep-404,{WISH}‸\n", f",{ROW}"),
        (f"  keep-404,{WISH},http.status == 404,‸\n", "keep,10"),
        (f"  keep-404,{WISH},‸,keep,50\n", "http.status == 404"),
        ("  keep-status-404‸\n", f",{WISH},{ROW}"),
    ],
    ids=["blank", "margin", "match", "half-match", "description", "action", "cell", "name"],
)
async def test_the_rest_of_a_row(tmp_path: Path, typed: str, rest: str) -> None:
    async with editor(tmp_path, settings=OFFLINE) as here:
        found = await ask(here, here.open(POLICY + typed))

    assert found is not None
    assert [one.insert_text for one in found.items] == [rest]


LIST: Final = """\
version: 1
name: shop
rules[2]:
  - name: keep-errors
    description: All errors
    match: http.status >= 500
    action: keep
    priority: 100
  - name: rest
    match: true
    action: sample(1/100)
    priority: 0
"""
ITEM: Final = "match: http.status == 404\n    action: keep\n    priority: 10"


ENDS: Final = "action: keep\n    priority: 5"
ITEMS: Final = (
    (f"  # {WISH}‸\n", f"\n  - name: keep-status\n    description: {WISH}\n    {ITEM}"),
    (f"  # {WISH}\n  ‸\n", f"- name: keep-status\n    description: {WISH}\n    {ITEM}"),
    ("  - name: keep-status-404‸\n", f"\n    description: {WISH}\n    {ITEM}"),
    (f"  - name: a\n    description: {WISH}‸\n", f"\n    {ITEM}"),
    (f"  - name: a\n    description: {WISH}\n    match: ‸\n", ITEM.removeprefix("match: ")),
    (
        f"  - name: a\n    description: {WISH}\n    match: http.st‸\n    {ENDS}\n",
        "atus == 404",
    ),
)


@pytest.mark.asyncio
async def test_items_of_a_list(tmp_path: Path) -> None:
    async with editor(tmp_path, settings=OFFLINE) as here:
        for number, (typed, rest) in enumerate(ITEMS):
            document = here.open(LIST + typed, f"policy{number}.toon")
            found = await ask(here, document)
            assert found is not None
            (item,) = found.items
            assert item.insert_text == rest
            assert item.command is not None
            document.change(accepted(document, item))
            await here.command(item.command.command, *(item.command.arguments or ()))

            assert document.text.startswith(LIST.replace("[2]", "[3]"))
            written = SourceText.of("policy.toon", document.text)
            assert format_text(written).text == document.text


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "typed",
    [
        "  # probes are noisy\n  ‸\n",
        f"  keep-404,{WISH},http.status == 405‸\n",
        f'  keep-404,{WISH},"http‸\n',
        "# keep status 404‸\n",
        "  # keep requests over 9 seconds‸\n",
    ],
    ids=["no-wish", "contradicts", "quoted", "outside", "done-already"],
)
async def test_nothing_is_suggested(tmp_path: Path, typed: str) -> None:
    async with editor(tmp_path, settings=OFFLINE) as here:
        found = await ask(here, here.open(POLICY + typed))

    assert not (found and found.items)


@pytest.mark.asyncio
async def test_an_invariant_is_suggested_only_when_it_holds(tmp_path: Path) -> None:
    policy = f"{POLICY}invariants[1]{{name,when,require}}:\n  errors,http.status >= 500,keep\n"
    async with editor(tmp_path, settings=OFFLINE) as here:
        held = await ask(here, here.open(f"{policy}  # never lose requests over 9s‸\n"))
        refuted = await ask(
            here, here.open(f"{policy}  # never lose requests over 2s‸\n", "b.toon")
        )
        state = await here.state()

    assert held is not None
    assert refuted is not None
    assert [one.insert_text for one in held.items] == ["\n  never-lose-slow,duration > 9s,keep"]
    assert not refuted.items
    assert state["state"] == "refused"
    assert "REFUTED" in state["reason"]
    assert "duration_ms = 2001" in state["reason"]


@pytest.mark.asyncio
async def test_what_would_lose_errors_is_not_shown_and_why_is_told(shop: Path) -> None:
    # Above all others, as it stands in the file, it would take failed traces from `keep-errors`.
    policy = POLICY.replace("  keep-errors", "  # drop health checks of /healthz‸\n  keep-errors")
    words = "drop health checks of /healthz"
    bad = reply(some("http.route", "==", "/healthz"), DROP, words)
    with MessagesServer([bad]).running() as claude:
        async with editor(shop, settings=CLAUDE, url=claude.url) as here:
            found = await ask(here, here.open(policy))
            state = await here.state()

    # Below `keep-errors` it loses none: there it is suggested, and nowhere else.
    assert found is not None
    (item,) = found.items
    assert item.insert_text == f"\n  keep-not-found,{words},http.route == '/healthz',drop,10"
    assert state["state"] == "proven"
    assert "now dropped" in state["verdict"]


@pytest.mark.asyncio
async def test_what_breaks_a_proof_wherever_it_stands_is_refused(shop: Path) -> None:
    policy = POLICY + (
        "invariants[1]{name,when,require}:\n  orders,http.route == '/orders',share >= 0.01\n"
    )
    words = "drop all of /orders"
    text = policy.replace("  rest,", f"  # {words}‸\n  rest,")
    bad = reply(some("http.route", "==", "/orders"), DROP, words)
    with MessagesServer([bad]).running() as claude:
        async with editor(shop, settings=CLAUDE, url=claude.url) as here:
            found = await ask(here, here.open(text))
            state = await here.state()

    assert found is not None
    assert not found.items
    assert (state["state"], state["text"]) == ("refused", None)
    assert "REFUTED: invariant `orders`" in state["reason"]
    assert "http.route = '/orders'" in state["reason"].replace('"', "'")


@pytest.mark.asyncio
async def test_what_is_open_is_told(tmp_path: Path) -> None:
    async with editor(tmp_path, settings=OFFLINE) as here:
        found = await ask(here, here.open(f"{POLICY}  # keep slow requests‸\n"))
        told = await here.state()

    assert found is not None
    assert not found.items
    assert told["state"] == "asks"
    assert "threshold" in told["reason"]


@pytest.mark.asyncio
async def test_no_value_of_the_corpus_is_sent_unless_it_is_shared(shop: Path) -> None:
    text = f"{POLICY}  # {WISH}‸\n"
    shared = {**CLAUDE, "claude": {"shareValues": True}}
    with MessagesServer([RIGHT, RIGHT]).running() as claude:
        async with editor(shop, settings=CLAUDE, url=claude.url) as here:
            found = await ask(here, here.open(text))
        async with editor(shop, settings=shared, url=claude.url) as here:
            await ask(here, here.open(text))

    assert found is not None
    assert [one.insert_text for one in found.items] == [f"\n  keep-not-found,{WISH},{ROW}"]
    private, public = (json.dumps(one.body["messages"]) for one in claude.requests)
    assert SECRET in (shop / "corpus" / "traces.jsonl").read_text(encoding="utf-8")
    assert SECRET not in private
    assert SECRET in public
    assert "exemplar" not in private or '"exemplar_traces\\":[]' in private


@pytest.mark.asyncio
async def test_the_same_question_is_asked_once_and_another_policy_is_another(shop: Path) -> None:
    text = f"{POLICY}  # {WISH}‸\n"
    with MessagesServer([RIGHT, RIGHT]).running() as claude:
        async with editor(shop, settings=CLAUDE, url=claude.url) as here:
            document = here.open(text)
            first = await ask(here, document)
            again = await ask(here, document)
            asked = len(claude.requests)
            document.change(text.replace("5s", "6s"))
            await ask(here, document)

    assert first == again
    assert asked == 1
    assert len(claude.requests) == 2


@pytest.mark.asyncio
async def test_the_newest_question_wins_and_typing_asks_nothing(shop: Path) -> None:
    with MessagesServer([RIGHT]).running() as claude:
        async with editor(shop, settings=CLAUDE, url=claude.url) as here:
            document = here.open(f"{POLICY}  # keep stat‸\n")
            typed = []
            for end in range(len("keep stat"), len(WISH) + 1):
                document.change(f"{POLICY}  # {WISH[:end]}‸\n")
                typed.append(begin(here, document, is_asked=False))
            answers = [await patiently(one) for one in typed]

    assert answers[:-1] == [None] * (len(answers) - 1)
    assert len(answers[-1].items) == 1
    assert len(claude.requests) == 1


@pytest.mark.asyncio
async def test_cancelling_ends_the_call_and_nothing_waits_for_it(shop: Path) -> None:
    slow = Reply(RIGHT.text, delay_s=30)
    with MessagesServer([slow, RIGHT]).running() as claude:
        async with editor(shop, settings=CLAUDE, url=claude.url) as here:
            document = here.open(f"{POLICY}  # {WISH}‸\n")
            before = set(here.client.protocol._request_futures)  # noqa: SLF001
            asking = begin(here, document)
            async with asyncio.timeout(60):
                while not claude.requests:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            # The event loop is free while Claude is waited for.
            hover = types.HoverParams(
                text_document=document.identifier, position=document.position_of("duration", 2)
            )
            assert await asyncio.wait_for(here.client.text_document_hover_async(hover), 5)
            (number,) = set(here.client.protocol._request_futures) - before  # noqa: SLF001
            here.client.cancel_request(types.CancelParams(id=number))
            with pytest.raises((JsonRpcException, asyncio.CancelledError)):
                await asyncio.wait_for(asking, 10)
            found = await asyncio.wait_for(begin(here, document), 20)

    assert len(found.items) == 1


@pytest.mark.asyncio
async def test_a_wrong_key_is_silent_and_the_offline_engine_reads(
    shop: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with MessagesServer([Reply(status=401), Reply(status=401)]).running() as claude:
        async with editor(shop, settings=ON, url=claude.url) as here:
            document = here.open(f"{POLICY}  # {WISH}‸\n")
            found = await ask(here, document)
            document.change(f"{POLICY}  # {WISH} ‸\n")
            await ask(here, document)
            shown = here.messages
        async with editor(shop, settings=CLAUDE, url=claude.url) as here:
            silent = await ask(here, here.open(f"{POLICY}  # {WISH}‸\n"))

    assert found is not None
    assert len(found.items) == 1
    assert shown == []
    assert silent is not None
    assert not silent.items
    logged = capfd.readouterr().err
    assert logged.count("no suggestion of Claude") == 2, logged

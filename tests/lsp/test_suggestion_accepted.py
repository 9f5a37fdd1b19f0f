"""What else is written when a suggestion is taken: the fields that its rule reads."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from lsprotocol import types

from nectarc.checking import check_text
from nectarc.source import SourceText
from tests.lsp.session import Opened
from tests.lsp.suggesting import Editor, editor
from tests.lsp.test_inline_completion import OFFLINE, POLICY, accepted, ask

_WISH: Final = "  # keep all POST requests‸\n"
_TABLE: Final = "fields[1]{name,type,from}:\n  plan,string,customer.plan\n"
_LIST: Final = "fields[1]:\n  - name: plan\n    type: string\n    from: customer.plan\n"


def _fields(text: str) -> dict[str, tuple[str, ...]]:
    written = check_text(SourceText.of("policy.toon", text)).written
    assert written is not None
    return {row.name.text: tuple(one.text for one in row.spellings) for row in written.fields}


async def _taken(here: Editor, document: Opened) -> types.Command:
    """Take the one suggestion at the cursor, as editors do; return its command."""
    found = await ask(here, document)
    assert found is not None
    (item,) = found.items
    document.change(accepted(document, item))
    assert item.command is not None
    await here.command(item.command.command, *(item.command.arguments or ()))
    return item.command


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["visual-studio-code", "neovim"])
@pytest.mark.parametrize("declared", ["", _TABLE, _LIST])
async def test_the_fields_that_a_rule_reads_are_declared_when_it_is_taken(
    tmp_path: Path, declared: str, kind: str
) -> None:
    head, _, rules = POLICY.partition("rules")
    text = f"{head}{declared}rules{rules}"
    async with editor(tmp_path, settings=OFFLINE, kind=kind) as here:
        document = here.open(text + _WISH)
        command = await _taken(here, document)
        again = await here.command(command.command, *(command.arguments or ()))
        after = document.text

    assert "declares `method` (http.request.method or http.method)" in command.title
    assert "PROVED for every trace" in command.title
    assert again is None
    checked = check_text(SourceText.of("policy.toon", after))
    assert not checked.has_errors
    assert [one.headline for one in checked.diagnostics] == []
    known = {"method": ("http.request.method", "http.method")}
    assert _fields(after) == ({"plan": ("customer.plan",)} | known if declared else known)


@pytest.mark.asyncio
async def test_a_field_that_is_declared_is_not_declared_again(tmp_path: Path) -> None:
    declared = "fields[1]{name,type,from}:\n  method,string,http.method\n"
    head, _, rules = POLICY.partition("rules")
    async with editor(tmp_path, settings=OFFLINE) as here:
        document = here.open(f"{head}{declared}rules{rules}{_WISH}")
        command = await _taken(here, document)

    assert "declares" not in command.title
    assert _fields(document.text) == {"method": ("http.method",)}


@pytest.mark.asyncio
async def test_what_a_client_sends_back_wrongly_declares_nothing(tmp_path: Path) -> None:
    async with editor(tmp_path, settings=OFFLINE) as here:
        document = here.open(POLICY)
        for wrong in ("method", [["method"]], [[1, "string", "x"]], {"name": "x"}, None):
            await here.command("nectarc.server.suggestionAccepted", document.uri, wrong)

    assert document.text == POLICY

"""Code actions as an editor gets them."""

from __future__ import annotations

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient

from tests.lsp.conftest import OpenDocument
from tests.lsp.session import Opened, edited, patiently

HEAD = "version: 1\nname: p\nrules[2]{name,match,action,priority}:\n"


async def actions(document: Opened, *only: str) -> list[types.CodeAction]:
    """Ask at the cursor."""
    asked = document.client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=document.identifier,
            range=types.Range(document.cursor, document.cursor),
            context=types.CodeActionContext(diagnostics=[], only=list(only) or None),
        )
    )
    found = await patiently(asked)
    return [one for one in found or [] if isinstance(one, types.CodeAction)]


async def resolved(client: LanguageClient, action: types.CodeAction) -> types.CodeAction:
    return await patiently(client.code_action_resolve_async(action))


def after(document: Opened, action: types.CodeAction) -> str:
    """Return the text after an action, whose edit is in the form that the client can take."""
    assert action.edit is not None
    capabilities = document.client.capabilities
    assert capabilities is not None
    workspace = capabilities.workspace
    assert workspace is not None
    assert workspace.workspace_edit is not None
    if workspace.workspace_edit.document_changes:
        assert action.edit.changes is None
        (change,) = action.edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.uri == document.uri
        assert change.text_document.version == document.version
        edits = [
            types.TextEdit(range=one.range, new_text=one.new_text)
            for one in change.edits
            if not isinstance(one, types.SnippetTextEdit)
        ]
    else:
        assert action.edit.document_changes is None
        ((uri, listed),) = (action.edit.changes or {}).items()
        assert uri == document.uri
        edits = list(listed)
    return edited(document, edits)


@pytest.mark.asyncio
async def test_a_fix_comes_with_what_it_mends(open_document: OpenDocument) -> None:
    document = open_document(HEAD + "  \U0001f41d,http.status ‸= 500,keep,2\n  rest,true,drop,1\n")

    (fix,) = await actions(document, "quickfix")

    assert fix.is_preferred
    assert [one.code for one in fix.diagnostics or []] == ["NEC042"]
    assert after(document, fix) == document.text.replace("= 500", "== 500")


@pytest.mark.asyncio
async def test_both_readings_are_offered(open_document: OpenDocument) -> None:
    document = open_document(HEAD + "  a,error ‸&& slow,keep,2\n  rest,true,drop,1\n")

    found = await actions(document, "quickfix")

    assert len(found) == 2
    assert not any(one.is_preferred for one in found)
    assert any("any(error && slow)" in after(document, one) for one in found)


@pytest.mark.asyncio
async def test_fix_all_is_worked_out_when_it_is_asked_for_or_chosen(
    open_document: OpenDocument,
) -> None:
    text = HEAD + "  a,http.status = 500 and error = true‸,keep,2\n  rest,true,drop,1\n"
    document = open_document(text)

    (on_save,) = await actions(document, "source.fixAll")
    (chosen,) = [one for one in await actions(document) if one.kind == "source.fixAll.nectarc"]

    assert chosen.edit is None
    chosen = await resolved(document.client, chosen)
    assert after(document, chosen) == after(document, on_save)
    assert "http.status == 500 && error == true" in after(document, on_save)


@pytest.mark.asyncio
async def test_an_action_for_an_older_text_is_refused(open_document: OpenDocument) -> None:
    document = open_document(HEAD + "  a,http.status = 500‸,keep,2\n  rest,true,drop,1\n")
    (chosen,) = [one for one in await actions(document) if one.kind == "source.fixAll.nectarc"]
    document.change(document.text.replace("500", "501"))

    with pytest.raises(Exception, match="the text has changed"):
        await resolved(document.client, chosen)


@pytest.mark.asyncio
async def test_the_effect_of_a_move_is_proven_and_told(open_document: OpenDocument) -> None:
    document = open_document(HEAD + "  rest,true,drop,5\n  l‸ate,http.status >= 500,keep,1\n")

    found = await actions(document, "quickfix")

    (gone,) = [one for one in found if one.title.startswith("remove rule `late`")]
    assert "changes nothing, proven" in gone.title
    (moved,) = [one for one in found if one.title.startswith("move `late` above `rest`")]
    moved = await resolved(document.client, moved)
    assert "from `rest` to `late` (dropped, now kept)" in moved.title
    text = after(document, moved)
    assert text.index("late") < text.index("rest")


@pytest.mark.asyncio
async def test_all_is_fixed_by_command(open_document: OpenDocument) -> None:
    document = open_document(HEAD + "  a,http.status = 500,keep,2\n  rest,true,drop,1\n")
    client = document.client
    taken: list[types.ApplyWorkspaceEditParams] = []

    @client.feature(types.WORKSPACE_APPLY_EDIT)  # type: ignore[untyped-decorator]  # pygls
    def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        taken.append(params)
        return types.ApplyWorkspaceEditResult(applied=True)

    command = types.ExecuteCommandParams(
        command="nectarc.server.applyFixAll", arguments=[document.uri]
    )
    await patiently(client.workspace_execute_command_async(command))

    assert len(taken) == 1
    assert "==" in after(document, types.CodeAction(title="", edit=taken[0].edit))


@pytest.mark.asyncio
async def test_a_rules_file_can_be_imported(open_document: OpenDocument) -> None:
    text = (
        "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules:\n"
        "        - Name: a‸\n          SampleRate: 1\n          Conditions:\n"
        "            - Field: http.status_code\n              Operator: '>='\n"
        "              Value: 500\n"
    )
    document = open_document(text, "rules.yaml", "yaml")

    asked = document.client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=document.identifier,
            range=types.Range(document.cursor, document.cursor),
            context=types.CodeActionContext(diagnostics=[]),
        )
    )
    found = await patiently(asked)

    # lsprotocol reads an action with a command as that command; what it holds is the server's.
    (imported,) = [one for one in found or [] if one.title == "import as policy"]
    assert "nectarc.server.importRules" in str(imported.command)
    assert document.uri in str(imported.command)

"""Findings, pushed to clients that do not ask for them.

Owns: what is pushed when. Must not know: how findings are found.
INVARIANT: what is pushed carries the version that it is about, and is about the newest text; a
client that asks (handlers/pull_diagnostics.py) is not told unasked.
"""

from __future__ import annotations

import asyncio

from lsprotocol import types

from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.findings import other_files, shown
from nectarc_lsp.handlers.convert import to_diagnostic
from nectarc_lsp.handlers.edits import uri_of
from nectarc_lsp.handlers.session import NectarcServer, path_of


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    waiting: set[str] = set()
    others: dict[str, set[str]] = {}  # by policy: the URIs of files that it said something about

    def publish_waiting() -> None:
        for uri in sorted(waiting):
            waiting.discard(uri)
            _push(server, uri, others)

    def view_changed(uri: str) -> None:
        if can_pull(server):
            return
        # Edits that came in one go are read before this runs: the last of them is checked, once.
        if not waiting:
            asyncio.get_running_loop().call_soon(publish_waiting)
        waiting.add(uri)

    def closed(uri: str) -> None:
        waiting.discard(uri)
        if can_pull(server):
            return
        _tell(server, uri, None, [])
        for other in others.pop(uri, ()):
            _push_other(server, other)

    server.on_view.append(view_changed)
    server.on_knowledge.append(view_changed)
    server.on_close.append(closed)


def can_pull(server: NectarcServer) -> bool:
    """Say whether the client asks for findings, and can be told when to ask again.

    One that cannot would never show what a proof finds out later.
    """
    document, workspace = server.capabilities.text_document, server.capabilities.workspace
    if document is None or document.diagnostic is None:
        return False
    can = workspace.diagnostics if workspace is not None else None
    return can is not None and can.refresh_support is True


def converted(server: NectarcServer, view: View) -> list[types.Diagnostic]:
    """Return all that is to be shown of a document, in the client's terms."""
    return [
        to_diagnostic(one, view.text, view.uri, server.encoding, server.text_of)
        for one in shown(view, open_policies(server, view))
    ]


def open_policies(server: NectarcServer, view: View) -> tuple[View, ...]:
    """Return the open policies that may say something about `view`, a manifest."""
    if view.kind is not Kind.MANIFEST:
        return ()
    found = (server.policy(uri) for uri in server.database.uris())
    return tuple(one for one in found if one is not None)


def _push(server: NectarcServer, uri: str, others: dict[str, set[str]]) -> None:
    view = server.database.view(uri)
    if view is None:
        return
    _tell(server, uri, view.version, converted(server, view))
    if view.kind is not Kind.POLICY:
        return
    now = {found for file in other_files(view) if (found := uri_of(server, file)) is not None}
    for other in sorted(now | others.get(uri, set())):
        _push_other(server, other)
    others[uri] = now


def _push_other(server: NectarcServer, uri: str) -> None:
    """Show in a manifest, open or not, what the open policies have to do with it."""
    view = server.database.view_of_file(uri, path_of(uri))
    if view is None:
        _tell(server, uri, None, [])
    elif view.version is not None or shown(view, open_policies(server, view)) != view.findings:
        _tell(server, uri, view.version, converted(server, view))
    else:
        _tell(server, uri, None, [])


def _tell(
    server: NectarcServer, uri: str, version: int | None, found: list[types.Diagnostic]
) -> None:
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=found)
    )

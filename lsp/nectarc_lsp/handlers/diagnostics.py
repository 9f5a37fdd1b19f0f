"""Findings: pushed to clients that wait for them, given to those that ask.

Owns: which findings are shown when. Must not know: how they are found.
INVARIANT: what is pushed carries the version that it is about, and is about the newest text.
"""

from __future__ import annotations

import asyncio

from lsprotocol import types

from nectarc.diagnostic import Diagnostic
from nectarc_lsp.database.view import View
from nectarc_lsp.handlers.convert import to_diagnostic
from nectarc_lsp.handlers.session import NectarcServer


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    waiting: set[str] = set()

    def publish_waiting() -> None:
        for uri in sorted(waiting):
            waiting.discard(uri)
            _push(server, uri)

    def view_changed(uri: str) -> None:
        # Edits that came in one go are read before this runs: the last of them is checked, once.
        if not waiting:
            asyncio.get_running_loop().call_soon(publish_waiting)
        waiting.add(uri)

    def closed(uri: str) -> None:
        waiting.discard(uri)
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=[])
        )

    server.on_view.append(view_changed)
    server.on_knowledge.append(view_changed)
    server.on_close.append(closed)


def shown(view: View) -> tuple[Diagnostic, ...]:
    """Return all that is known to be wrong: from the text, and from the worker if it is done."""
    learnt = view.knowledge.findings if view.knowledge is not None else ()
    here = [one for one in learnt if one.source.file == view.text.file]
    return tuple(dict.fromkeys((*view.findings, *here)))


def _push(server: NectarcServer, uri: str) -> None:
    view = server.database.view(uri)
    if view is None:
        return
    found = [
        to_diagnostic(one, view.text, uri, server.encoding, server.text_of) for one in shown(view)
    ]
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri=uri, version=view.version, diagnostics=found)
    )

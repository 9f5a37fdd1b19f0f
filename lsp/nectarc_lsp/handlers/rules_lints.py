"""Lints of rules files that need proofs: asked for after a pause, from a process behind the server.

Owns: when they are asked. Must not know: what they are.
"""

from __future__ import annotations

import asyncio

from nectarc_lsp.background.asking import Asking, NoAnswerError
from nectarc_lsp.background.commands import LINT_RULES
from nectarc_lsp.background.jobs import bare_subject
from nectarc_lsp.database.kinds import may_hold_rules
from nectarc_lsp.database.knowledge import Knowledge
from nectarc_lsp.database.view import Kind
from nectarc_lsp.handlers.session import LOG, NectarcServer, path_of


def register(server: NectarcServer) -> None:
    """Install the handlers."""
    asking = Asking("rules lints")
    waiting: dict[str, asyncio.Task[None]] = {}
    again: set[str] = set()

    async def lint(uri: str) -> None:
        again.add(uri)
        while uri in again:
            again.discard(uri)
            await asyncio.sleep(server.settings.proofs_delay)
            if uri in again:
                continue  # the text has moved on meanwhile
            view = server.database.view(uri)
            is_asked = view is not None and view.kind is Kind.RULES and view.knowledge is None
            subject = bare_subject(view) if view is not None and is_asked else None
            if subject is None:
                continue
            try:
                found = await asking.ask(LINT_RULES, subject)
            except NoAnswerError as problem:
                LOG.warning("lints of %s: %s", uri, problem)
                continue
            if isinstance(found, Knowledge) and server.database.learn(uri, subject.text, found):
                for told in server.on_knowledge:
                    told(uri)

    def changed(uri: str) -> None:
        # The document itself is looked at later: edits that come in one go are checked once.
        if not server.settings.proofs or not may_hold_rules(path_of(uri)):
            return
        task = waiting.get(uri)
        if task is not None and not task.done():
            again.add(uri)
            return
        waiting[uri] = asyncio.get_running_loop().create_task(lint(uri))

    def closed(uri: str) -> None:
        again.discard(uri)
        task = waiting.pop(uri, None)
        if task is not None:
            task.cancel()

    server.on_view.append(changed)
    server.on_close.append(closed)
    server.on_exit.append(asking.close)

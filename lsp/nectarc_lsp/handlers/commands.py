"""`workspace/executeCommand`: which commands there are, patience, and defects.

Owns: the table. Must not know: what a command does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Final, TypeAlias

from nectarc_lsp.background.asking import Asking, NoAnswerError
from nectarc_lsp.handlers.command_files import FileCommands
from nectarc_lsp.handlers.command_proofs import ProofCommands
from nectarc_lsp.handlers.convert import to_range
from nectarc_lsp.handlers.new_project_command import new_project
from nectarc_lsp.handlers.presenting import Presenter
from nectarc_lsp.handlers.propose_command import propose
from nectarc_lsp.handlers.protocol import clients_token
from nectarc_lsp.handlers.session import LOG, NectarcServer, handles, path_of
from nectarc_lsp.handlers.suggesting_progress import StoppedError, with_progress

_Work: TypeAlias = "Coroutine[object, object, object]"
_Command: TypeAlias = "Callable[[Sequence[object]], _Work]"
TESTS: Final = "nectarc/tests"
_PREFIX: Final = "nectarc.server."
_SLOW_SECONDS: Final = 1.0


def register(server: NectarcServer) -> None:
    """Install the commands."""
    show = Presenter(server)
    asking = Asking("commands")
    server.on_exit.append(asking.close)
    proofs = ProofCommands(server, asking, show)
    files = FileCommands(server, show)
    _install(server, "prove", proofs.prove, show, "proving")
    _install(server, "runTests", proofs.run_tests, show, "running the tests")
    _install(server, "showRules", proofs.show_rules, show, "making the Refinery rules")
    _install(server, "showCounterexample", proofs.show_counterexample, show, "looking for a trace")
    _install(server, "compile", files.compile, show, "compiling")
    _install(server, "showWaggle", files.show_waggle, show, "making the report")
    _install(server, "importRules", files.import_rules, show, "importing the rules")
    _install_tests(server)
    # These two have progress of their own.
    _install(server, "propose", lambda given: propose(server, given), show)
    _install(server, "newProject", lambda given: new_project(server, given), show)


def _install_tests(server: NectarcServer) -> None:
    """Install the request for the tests that a policy has, for who lists them."""

    @handles(server, TESTS)
    def tests(params: object) -> list[dict[str, object]]:
        # A request of our own arrives as an object with the attributes that were sent.
        uri = getattr(getattr(params, "textDocument", None), "uri", None)
        view = server.database.view_of_file(uri, path_of(uri)) if isinstance(uri, str) else None
        checked = None if view is None else view.checked
        if view is None or checked is None or checked.written is None:
            return []
        return [
            {
                "name": one.name.text,
                "range": to_range(one.name.source, view.text, server.encoding),
                "expect": one.expect.text,
            }
            for one in checked.written.tests
        ]


def _install(
    server: NectarcServer, name: str, command: _Command, show: Presenter, title: str = ""
) -> None:
    async def run(ls: NectarcServer, *arguments: object) -> object:
        # pygls hands the server to whatever could take one.
        try:
            if not title:
                return await command(arguments)
            return await _with_patience(ls, f"nectarc: {title}", command(arguments))
        except StoppedError:
            return None
        except NoAnswerError as error:
            show.failure(f"nectarc has no answer: {error}")
            return None
        except Exception:  # noqa: BLE001 - a defect of one command must not end the server
            LOG.exception("a defect of nectarc in %s; please report it", name)
            show.failure(f"`{name}` failed: a defect of nectarc, its log says more")
            return None

    server.command(_PREFIX + name)(run)


async def _with_patience(server: NectarcServer, title: str, work: _Work) -> object:
    """Await `work`; what takes long shows its progress, where the client does not do that.

    Where the client made a token for it, that tells how it goes from the beginning.
    """
    token = clients_token()
    task = asyncio.ensure_future(work)
    try:
        if token is None:
            await asyncio.wait({task}, timeout=None if server.presents else _SLOW_SECONDS)
        if task.done():
            return task.result()

        async def rest(_tell: Callable[[str], None]) -> object:
            return await task

        return await with_progress(server, token, title, rest)
    finally:
        task.cancel()

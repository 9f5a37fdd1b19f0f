"""The server object: the database, what the client can do, and a guard around every handler.

Owns: `NectarcServer`, `handles`. Must not know: any feature.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from nectarc import __version__
from nectarc.records import part, record
from nectarc.source import SourceText
from nectarc_lsp.database.database import Database
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.handlers.protocol import Protocol

_P = TypeVar("_P")
_R = TypeVar("_R")
LOG = logging.getLogger("nectarc")


@record(kw_only=True)
class Settings:
    """The client's settings (section `nectarc`), with their defaults.

    proofs_delay: seconds after the last edit.    rules_files: globs of YAML files that are rules.
    """

    inline_completion: bool = False
    inline_engine: str = "auto"
    share_values: bool = False
    proofs: bool = True
    proofs_delay: float = 0.3
    code_lens: bool = True
    inlay_hints: bool = True
    rules_files: tuple[str, ...] = part(default=())


class NectarcServer(LanguageServer):
    """pygls' server with our state. `presents`: the client shows the outcome of commands itself."""

    def __init__(self) -> None:
        """Start with no document."""
        super().__init__("nectarc", __version__, protocol_cls=Protocol)
        self.database = Database()
        self.settings = Settings()
        self.presents = False
        self.on_settings: list[Callable[[], None]] = []
        self.on_initialize: list[Callable[[], None]] = []  # the client's capabilities are known
        self.on_initialized: list[Callable[[], Awaitable[None]]] = []
        self.on_view: list[Callable[[str], None]] = []  # called with the URI of a changed document
        self.on_close: list[Callable[[str], None]] = []
        self.on_knowledge: list[Callable[[str], None]] = []
        self.on_exit: list[Callable[[], None]] = []

    def report_server_error(
        self, error: Exception, source: type[PyglsError | JsonRpcException]
    ) -> None:
        """Log what goes wrong outside of our handlers; a message box would stop people's work.

        Some clients change a document after they have closed it, which pygls takes for an error.
        What a request was refused for is told to who asked.
        """
        if isinstance(error, JsonRpcException) and source is FeatureRequestError:
            return
        LOG.warning("%s: %s: %s", source.__name__, type(error).__name__, error)

    @property
    def encoding(self) -> str:
        """The client's unit of columns: "utf-8", "utf-16" or "utf-32"."""
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    @property
    def capabilities(self) -> types.ClientCapabilities:
        """What the client can do."""
        return self.client_capabilities

    def view(self, uri: str) -> View | None:
        """Return the document as it is now; None where it is not open or none of our business."""
        view = self.database.view(uri)
        return None if view is None or view.kind is Kind.OTHER else view

    def policy(self, uri: str) -> View | None:
        """Return an open policy; None for anything else."""
        view = self.database.view(uri)
        return view if view is not None and view.kind is Kind.POLICY else None

    def text_of(self, path: str, uri: str) -> SourceText | None:
        """Return the text of another file that a place points into."""
        view = self.database.view_of_file(uri, path)
        return None if view is None else view.text


def path_of(uri: str) -> str:
    """Return the path of a document; its URI where it has none (untitled)."""
    return (to_fs_path(uri) if uri.startswith("file:") else None) or uri


def handles(
    server: NectarcServer, method: str, options: object = None
) -> Callable[[Callable[[_P], _R]], Callable[[_P], _R]]:
    """Register the function as the handler of `method`.

    A defect in it is logged, answered with null, and never ends the server. A refusal that the user
    should read is raised as a `JsonRpcException`. An `async def` may be cancelled by the client.
    """

    def register(function: Callable[[_P], _R]) -> Callable[[_P], _R]:
        server.feature(method, options)(guarded(function, method))
        return function

    return register


def guarded(function: Callable[[_P], _R], name: str) -> Callable[[_P], object]:
    """Return the function with a guard: what it raises is logged, and the answer is None."""
    if inspect.iscoroutinefunction(function):

        async def answer_later(params: _P) -> object:
            try:
                return await cast("Awaitable[object]", function(params))
            except (asyncio.CancelledError, JsonRpcException):
                raise
            except Exception:
                LOG.exception("a defect of nectarc in %s; please report it", name)
                return None

        return answer_later

    def answer(params: _P) -> object:
        try:
            return function(params)
        except JsonRpcException:
            raise
        except Exception:
            LOG.exception("a defect of nectarc in %s; please report it", name)
            return None

    return answer

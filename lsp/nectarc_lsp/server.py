"""The language server: all handlers, on one connection.

Owns: which features there are, and how a client connects. Must not know: the language.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from importlib import import_module
from typing import BinaryIO, Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from nectarc_lsp.handlers.session import NectarcServer, handles

# Each is a module of `handlers` with `register(server)`.
FEATURES: Final = (
    "documents",
    "settings",
    "diagnostics",
    "pull_diagnostics",
    "watching",
    "actions",
    "rename",
    "navigation",
    "background",
    "rules_lints",
    "lenses",
    "inlays",
    "completion",
    "signature",
    "formatting",
    "hover",
    "tokens",
    "symbols",
    "folding",
    "selection",
    "links",
    "commands",
    "inline_completion",
)


def make_server() -> NectarcServer:
    """Return a server with every feature."""
    server = NectarcServer()

    @handles(server, types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options
        server.presents = isinstance(options, dict) and options.get("presents") is True
        for told in server.on_initialize:
            told()

    for name in FEATURES:
        import_module(f"nectarc_lsp.handlers.{name}").register(server)
    return server


def serve(address: tuple[str, int] | None = None) -> None:
    """Serve one client: on stdin and stdout, or on a TCP address. Logs go to stderr."""
    # A policy of 200 rules is ten thousand objects that live as long as the document: to look at
    # all of them again and again costs more than to check an edit.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_no_refusal)
    server = make_server()
    if address is None:
        server.start_io(*_own_streams())
    else:
        server.start_tcp(*address)


def _is_no_refusal(logged: logging.LogRecord) -> bool:
    """Leave out what users are told in words: pygls would log it as a defect."""
    kind = logged.exc_info[0] if logged.exc_info else None
    return kind is None or not issubclass(kind, JsonRpcException)


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return stdin and stdout for the protocol alone: what else is printed goes to stderr."""
    reading, writing = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")

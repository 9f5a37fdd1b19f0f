"""The language server, for editors: on stdin and stdout, or on a TCP port."""

from __future__ import annotations

import argparse
from typing import Final

from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINE, Console

_PORT_MAX: Final = 65535
_LOOPBACK: Final = "127.0.0.1"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--stdio", action="store_true", help="stdin and stdout (the default)")
    where.add_argument(
        "--tcp", metavar="[HOST:]PORT", help="listen there for one editor; HOST is this machine"
    )
    add_common(parser, formats=("text",))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Serve until the editor says goodbye."""
    address = None if arguments.tcp is None else _address(arguments.tcp)
    from nectarc_lsp.server import serve

    if address is not None:
        console.message(f"listening on {address[0]}:{address[1]}")
    serve(address)
    return FINE


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) <= _PORT_MAX:
        raise UsageError(f"`--tcp` takes a port, as `--tcp 2087` or `--tcp 127.0.0.1:2087`: {text}")
    return host or _LOOPBACK, int(port)

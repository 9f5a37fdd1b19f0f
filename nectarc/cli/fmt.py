"""Canonical layout of policies: indents, counts, quotes; comments stay."""

from __future__ import annotations

import argparse

from nectarc.cli.arguments import add_common
from nectarc.cli.console import FINDINGS, Console, status_of
from nectarc.cli.policies import choose_policies
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN, write_atomically
from nectarc.formatting import format_text


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="policies; without any, those of the project; `-` formats stdin to stdout",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file would change"
    )
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Format files in place, or say which would change."""
    chosen = choose_policies(arguments.files, console)
    found = [] if arguments.files else list(chosen.diagnostics)
    changes = 0
    for path in chosen.policies:
        text = console.read(path)
        if isinstance(text, Diagnostic):
            found.append(text)
            continue
        formatted, diagnostics = format_text(text)
        found += diagnostics
        if path == STDIN and not arguments.check:
            console.result(text.text if formatted is None else formatted)
        elif formatted is not None and formatted != text.text:
            changes += 1
            if arguments.check:
                console.message(f"{path}: would be formatted")
            else:
                _write(path, formatted, found, console)
    console.findings(found, to_result=console.is_json and STDIN not in arguments.files)
    status = status_of(found)
    return FINDINGS if status == 0 and arguments.check and changes else status


def _write(path: str, text: str, found: list[Diagnostic], console: Console) -> None:
    refused = write_atomically(path, text)
    if refused is not None:
        found.append(refused)
    else:
        console.message(f"{path}: formatted")

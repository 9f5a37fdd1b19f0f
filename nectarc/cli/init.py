"""Start a project: manifest, policy, corpus, Makefile, CI workflow; never overwrites a file."""

from __future__ import annotations

import argparse
import os

from nectarc.cli.arguments import add_common
from nectarc.cli.console import FINDINGS, FINE, WRONG_USE, Console
from nectarc.cli.scaffold import project_files
from nectarc.cli.shipped import shipped_folder
from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.files import read_text, unreadable, unwritable, write_atomically
from nectarc.source import SourceSpan

_EXAMPLE = "examples/shop"
_TRACE_BYTES_MAX = 64 * 1024 * 1024


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("folder", metavar="DIR", help="the project's folder; made if missing")
    parser.add_argument(
        "--example", action="store_true", help="with the bundled shop: its traces and policy"
    )
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Write the files of a new project, or none of them."""
    folder: str = arguments.folder
    files = project_files(os.path.basename(os.path.abspath(folder)) or "sampling")
    if arguments.example:
        refused = _add_example(files)
        if refused is not None:
            console.findings([refused], to_result=console.is_json)
            return WRONG_USE
    in_the_way = [name for name in files if os.path.lexists(os.path.join(folder, name))]
    if in_the_way:
        console.findings([_in_the_way(folder, in_the_way)], to_result=console.is_json)
        console.message(f"nothing was written to `{folder}`")
        return FINDINGS
    for name, text in files.items():
        path = os.path.join(folder, name)
        refused = _make_folder(path) or write_atomically(path, text)
        if refused is not None:
            console.findings([refused], to_result=console.is_json)
            return WRONG_USE
        console.message(f"wrote {path}")
    console.findings([], to_result=console.is_json)
    console.message(_next_steps(folder, has_example=arguments.example))
    return FINE


def _in_the_way(folder: str, names: list[str]) -> Diagnostic:
    named = ", ".join(f"`{name}`" for name in names)
    return finding(
        "NEC409",
        SourceSpan(os.path.join(folder, names[0]), 0, 0),
        f"`{folder}` already has {named}, and `init` never overwrites a file",
        why="half a new project beside half an old one would sample by rules that nobody chose",
        help="start in a new folder, or move these files away first",
    )


def _make_folder(path: str) -> Diagnostic | None:
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder or ".", exist_ok=True)
    except OSError as error:
        return unwritable(folder, error)
    return None


def _add_example(files: dict[str, str]) -> Diagnostic | None:
    """Replace the empty corpus and the policy of `files` by those of the bundled shop."""
    source = shipped_folder(_EXAMPLE)
    found: list[str] = []
    for part in ("corpus", "incidents"):
        for folder, _, names in sorted(os.walk(os.path.join(source, part))):
            found += [os.path.relpath(os.path.join(folder, name), source) for name in sorted(names)]
    if not found:
        return unreadable(source, FileNotFoundError(2, "the example is not shipped here"))
    for name in [*found, "policy.toon"]:
        text = read_text(os.path.join(source, name), bytes_max=_TRACE_BYTES_MAX)
        if isinstance(text, Diagnostic):
            return text
        files[name.replace(os.sep, "/")] = text.text
    return None


def _next_steps(folder: str, *, has_example: bool) -> str:
    ingest = "" if has_example else "  nectarc ingest YOUR-TRACES.json   # OTLP JSON\n"
    return f"\nnext:\n  cd {folder}\n{ingest}  nectarc check\n  nectarc prove\n  nectarc compile"

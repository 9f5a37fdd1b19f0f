"""Start a project: manifest, policy, corpus, Makefile, CI workflow; never overwrites a file."""

from __future__ import annotations

import argparse

from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINDINGS, FINE, WRONG_USE, Console, status_of
from nectarc.diagnostic import Diagnostic
from nectarc.project import POLICY_NAME
from nectarc.scaffold.beginning import EXAMPLE, beginning, name_of
from nectarc.scaffold.new_files import in_the_way, write_new_files
from nectarc.shipped import shipped_folder

_KEPT = "imported"  # the folder of the rules file that a project was made from


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("folder", metavar="DIR", help="the project's folder; made if missing")
    parser.add_argument(
        "--example", action="store_true", help="with the bundled shop: its traces and policy"
    )
    parser.add_argument(
        "--from",
        dest="rules",
        metavar="FILE",
        help="with policies that decide as these Refinery rules do; see `nectarc import`",
    )
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Write the files of a new project, or none of them."""
    folder: str = arguments.folder
    if arguments.example and arguments.rules is not None:
        raise UsageError("`--example` and `--from` are two beginnings: choose one")
    example = shipped_folder(EXAMPLE) if arguments.example else None
    files = beginning(folder, example=example)
    if isinstance(files, Diagnostic):
        console.findings([files], to_result=console.is_json)
        return WRONG_USE
    if arguments.rules is not None:
        return _begin_with_rules(arguments.rules, files, folder, console)
    _, refused = _write(files, folder, console)
    console.findings([refused] if refused else [], to_result=console.is_json)
    if refused is not None:
        return status_of([refused])
    console.message(_next_steps(folder, has_example=arguments.example))
    return FINE


def _write(
    files: dict[str, str], folder: str, console: Console
) -> tuple[tuple[str, ...], Diagnostic | None]:
    """Write all files and say so; or none of them, and return why."""
    refused = in_the_way(folder, files, "init")
    written: tuple[str, ...] = ()
    if refused is None:
        written, refused = write_new_files(folder, files)
    for path in written:
        console.message(f"wrote {path}")
    if refused is not None:
        console.message(f"nothing was written to `{folder}`")
    return written, refused


def _begin_with_rules(rules: str, files: dict[str, str], folder: str, console: Console) -> int:
    """Put the policies imported from `rules` in place of the sample, and keep that file beside."""
    from nectarc.cli.import_ import project_of
    from nectarc.cli.import_report import json_report, report
    from nectarc.cli.imported import import_files

    imported = import_files([rules], None, console)
    if not console.is_json:
        report(imported, console)
    written: tuple[str, ...] = ()
    refused: Diagnostic | None = None
    if imported.is_writable:
        del files[POLICY_NAME]
        made, note = project_of(imported, name_of(folder))
        files |= made
        kept = {**imported.originals, **imported.converted}
        files |= {f"{_KEPT}/{name}": text for name, text in kept.items()}
        written, refused = _write(files, folder, console)
        if note and written:
            console.message(f"{note}\n")
    if console.is_json:
        console.result(json_report(imported, console, written, refused))
    else:
        console.findings([refused] if refused else [], to_result=False)
    if not written:
        return WRONG_USE if imported.unread or _is_unwritable(refused) else FINDINGS
    (original,) = imported.converted or imported.originals
    is_equal = imported.is_unconditional and imported.is_whole
    console.message(_next_steps_imported(folder, original if is_equal else None))
    return FINE if imported.is_whole else FINDINGS


def _is_unwritable(refused: Diagnostic | None) -> bool:
    return refused is not None and status_of([refused]) == WRONG_USE


def _next_steps(folder: str, *, has_example: bool) -> str:
    ingest = "" if has_example else "  nectarc ingest YOUR-TRACES.json   # OTLP JSON\n"
    return f"\nnext:\n  cd {folder}\n{ingest}  nectarc check\n  nectarc prove\n  nectarc compile"


def _next_steps_imported(folder: str, original: str | None) -> str:
    """Say how to go on; `original`: the rules that those of the project are equal to."""
    compared = f"  nectarc diff {_KEPT}/{original} rules.yaml\n" if original else ""
    return (
        f"\nnext:\n  cd {folder}\n"
        f"  nectarc compile                  # the policies to rules.yaml\n{compared}"
        "  nectarc ingest YOUR-TRACES.json  # OTLP JSON\n"
        "  nectarc prove"
    )

"""Refinery rules as policies that decide alike, proven; to stdout, or as a project."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import Final

from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import WRONG_USE, Console, status_of
from nectarc.cli.import_report import json_report, report
from nectarc.cli.imported import Imported, import_files
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN
from nectarc.importing.project import compiles_to, manifest_text
from nectarc.importing.records import ImportAssumption
from nectarc.importing.writing import comment_line
from nectarc.ir.nodes import FieldType
from nectarc.project import ASSUMPTIONS, DEFAULT_TARGET, MANIFEST_NAME
from nectarc.refinery.lowered import AssumptionKind
from nectarc.scaffold.new_files import in_the_way, write_new_files
from nectarc.semantics.conventions import conventional_type

_FLAT: Final = "flat"  # that no field holds a map is what `diff` takes for granted, too


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="Refinery rules: YAML, JSON, Helm values, a ConfigMap, Refinery 1's TOML or YAML;"
        " `-` is stdin; several are merged as Refinery merges them",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        help="write a project there: a manifest and a policy for each target; without it, the"
        " policies go to stdout",
    )
    parser.add_argument("--target", metavar="NAME", help="import this one; without it, all")
    parser.add_argument(
        "--unproven",
        action="store_true",
        help="write policies that could be neither proven nor refuted, too",
    )
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Import, prove, write: nothing unless every policy is proven, or `--unproven`."""
    if arguments.files.count(STDIN) > 1:
        raise UsageError("stdin can be read once only: name the other file")
    if arguments.output is not None and arguments.target not in (None, DEFAULT_TARGET):
        raise UsageError(
            f"a project needs a policy for `{DEFAULT_TARGET}`: leave out `--target`, or `-o`"
        )
    imported = import_files(arguments.files, arguments.target, console)
    is_written = imported.is_writable or (arguments.unproven and bool(imported.policies))
    written: tuple[str, ...] = ()
    note = ""
    refused: Diagnostic | None = None
    if is_written and arguments.output is not None:
        files, note = project_of(imported, _project_name(arguments.output))
        refused = in_the_way(arguments.output, files, "import")
        if refused is None:
            written, refused = write_new_files(arguments.output, files)
    if console.is_json:
        console.result(json_report(imported, console, written, refused))
    else:
        if is_written and arguments.output is None:
            console.result(_printed(imported))
        report(imported, console)
        if note and written:
            console.message(f"{note}\n")
        console.findings([refused] if refused else [], to_result=False)
        if not imported.unread:
            console.message(_ending(arguments, imported, written, is_written=is_written))
    if imported.unread:
        return WRONG_USE
    return status_of([refused] if refused else imported.refusals)


def project_of(imported: Imported, name: str) -> tuple[dict[str, str], str]:
    """Return path and text of the manifest and the policies; and what compiling them will show."""
    compiles = compiles_to(imported.policies)
    manifest = manifest_text(
        name,
        ", ".join(imported.originals),
        imported.policies,
        compiles.assume,
        imported.comments,
    )
    files = {one.file: one.text for one in imported.policies}
    return {MANIFEST_NAME: manifest} | files, compiles.note


def _printed(imported: Imported) -> str:
    """Return the only policy as it is; several with a line above each that names it."""
    if len(imported.policies) == 1:
        return imported.policies[0].text
    return "\n".join(
        comment_line(f"--- {one.target}: {one.file} ---") + "\n" + one.text
        for one in imported.policies
    )


def _project_name(folder: str) -> str:
    return os.path.basename(os.path.abspath(folder)) or "sampling"


def _ending(
    arguments: argparse.Namespace, imported: Imported, written: tuple[str, ...], *, is_written: bool
) -> str:
    """Say what is where now, and what to do next."""
    if not is_written:
        return "nothing was written"
    if arguments.output is None:
        return "`nectarc import -o DIR` writes a project" + (
            " with these policies" if len(imported.policies) > 1 else " with it"
        )
    if not written:
        return f"nothing was written to `{arguments.output}`"
    rules = os.path.join(arguments.output, "rules.yaml")
    return (
        f"wrote {', '.join(written)}\n\nnext:\n"
        f"  (cd {arguments.output} && nectarc check && nectarc compile)"
        f"{_comparing(arguments.files, rules, imported)}"
    )


def _comparing(files: Sequence[str], rules: str, imported: Imported) -> str:
    """Return how to see that the compiled `rules` decide as the file, where `diff` can tell.

    `diff` takes for granted what it is told; without the import's assumptions it may show traces
    that they rule out.
    """
    if len(files) != 1 or STDIN in files or not imported.is_whole:
        return ""
    assumptions = [one for target in imported.targets for one in target.assumptions]
    if not all(map(_is_known_to_diff, assumptions)):
        return (
            "\n\nThat the policies decide as the rules was proven above, under assumptions that"
            " `nectarc diff`\ndoes not know; it may show traces that they rule out"
        )
    is_told = any(one.kind != _FLAT for one in assumptions)
    assumed = f" --assume {','.join(ASSUMPTIONS)}" if is_told else ""
    return f"\n  nectarc diff {files[0]} {rules}{assumed}"


def _is_known_to_diff(assumption: ImportAssumption) -> bool:
    """Say whether `nectarc diff` of two rules files can take it for granted.

    Rules declare no types: there, a field's type is the conventional one.
    """
    if assumption.kind == AssumptionKind.TYPES.value:
        usual = conventional_type(assumption.field)
        assumed = FieldType(assumption.type)
        return usual is not None and (usual == assumed or (usual.is_number and assumed.is_number))
    return assumption.kind == _FLAT or assumption.kind in ASSUMPTIONS

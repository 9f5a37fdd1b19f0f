"""Parse, types and lints of policies, and of the manifest; `--fix` applies safe fixes."""

from __future__ import annotations

import argparse
import os

from nectarc.checking import check_text
from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import Console, has_colour, status_of
from nectarc.cli.policies import Chosen, choose_policies
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN, write_atomically
from nectarc.fixes import settle_text
from nectarc.semantics.options import CorpusSchema
from nectarc.source import SourceText


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="policies (`-` is stdin); without any, those of the project and its manifest",
    )
    parser.add_argument("--fix", action="store_true", help="apply the safe fixes to the files")
    add_common(parser, formats=("text", "json", "sarif", "github", "junit"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Check, report, and say by the exit status whether there are errors or warnings."""
    if arguments.fix and STDIN in arguments.files:
        raise UsageError("`--fix` writes files, and `-` is none: name the file to fix")
    chosen = choose_policies(arguments.files, console)
    found = [*chosen.diagnostics, *_safety_findings(chosen, console)]
    schema = _schema(chosen)
    checked = 0
    for path in chosen.policies:
        text = console.read(path)
        if isinstance(text, Diagnostic):
            found.append(text)
            continue
        checked += 1
        found += _fixed(text, schema, console) if arguments.fix else _findings(text, schema)
    console.findings(found, to_result=True)
    _summarise(found, checked, chosen, console)
    return status_of(found)


def _findings(text: SourceText, schema: CorpusSchema | None) -> tuple[Diagnostic, ...]:
    return check_text(text, schema).diagnostics


def _schema(chosen: Chosen) -> CorpusSchema | None:
    """Return what the corpus knows of its fields, when it was counted; never counts itself."""
    project = chosen.project
    if project is None or not os.path.isdir(project.corpus):
        return None
    from nectarc.corpus.schema import read_schema

    return read_schema(project.corpus)


def _safety_findings(chosen: Chosen, console: Console) -> tuple[Diagnostic, ...]:
    """Check the manifest's own matches, where it has some; the defaults are known to be good."""
    project = chosen.project
    manifest = console.texts.get(project.manifest) if project and project.manifest else None
    if project is None or manifest is None or "safety" not in manifest.text:
        return ()
    from nectarc.safety import check_safety

    return check_safety(project, manifest).diagnostics


def _fixed(
    text: SourceText, schema: CorpusSchema | None, console: Console
) -> tuple[Diagnostic, ...]:
    """Apply safe fixes until none is left, write the file once, return what remains to say."""
    settled = settle_text(text, lambda one: _findings(one, schema))
    for fix in settled.applied:
        console.message(f"{text.file}: {fix.title}")
    if settled.text is text:
        return settled.diagnostics
    refused = write_atomically(text.file, settled.text.text)
    if refused is not None:
        return (refused,)
    count = len(settled.applied)
    console.know([settled.text])
    console.message(f"{text.file}: {count} {'fix' if count == 1 else 'fixes'} applied")
    return settled.diagnostics


def _summarise(found: list[Diagnostic], checked: int, chosen: Chosen, console: Console) -> None:
    if console.form != "text":
        return
    from nectarc.render.terminal import render_summary

    files = checked + (1 if chosen.project and chosen.project.manifest else 0)
    line = render_summary(found, files, use_colour=has_colour(console.err))
    console.message(line.rstrip("\n"))

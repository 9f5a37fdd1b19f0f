"""A policy to Refinery rules that decide the same, and the lock that says what came from what."""

from __future__ import annotations

import argparse
from typing import Final

from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINDINGS, FINE, Console, status_of
from nectarc.cli.depfile import depfile_text
from nectarc.cli.environments import Opened, lock_beside, open_environments
from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.files import read_text, write_atomically
from nectarc.ir.nodes import Policy
from nectarc.pipeline import Compiled, compile_sources, options_of
from nectarc.project import Project
from nectarc.records import record
from nectarc.refinery.rules import RulesConfig
from nectarc.render.counting import counted
from nectarc.render.kubernetes import render_configmap, render_helm_values
from nectarc.source import SourceSpan, SourceText

STDOUT: Final = "-"


@record
class _Outputs:
    """Where things go. `output` "-" is stdout; `lock` None: no lock is written."""

    output: str
    lock: str | None
    depfile: str | None


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="one policy, to stdout unless `-o`; without it, the whole project to its output",
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="write here; `-` is stdout")
    parser.add_argument(
        "--locked", action="store_true", help="fail when the lock would change; leave it alone"
    )
    parser.add_argument(
        "--depfile", metavar="FILE", help="write what the output depends on, for make"
    )
    parser.add_argument(
        "--emit",
        choices=("rules", "ir", "helm", "configmap"),
        default="rules",
        help="rules (default), the decision list, Helm values, or a ConfigMap; all but rules to"
        " stdout unless `-o`",
    )
    parser.add_argument(
        "--approximate",
        choices=("keep-more",),
        help="where no rules are exact, take rules that keep a superset",
    )
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Compile, compare with the lock if asked, then write: nothing at all unless all is well."""
    output = arguments.output if arguments.output != STDOUT else None
    opened = open_environments(arguments.file, console, output=output)
    project = opened.project
    if project is None or not opened.is_readable:
        console.findings(opened.found, to_result=console.is_json)
        return status_of(opened.found)
    outputs = _outputs(arguments, project, is_all=opened.is_all)
    is_result = console.is_json and outputs.output != STDOUT
    keep_more = arguments.approximate is not None
    compiled = compile_sources(opened.sources, options_of(project, keep_more=keep_more))
    found = [*opened.found, *compiled.diagnostics]
    if compiled.rules is None or compiled.lock is None:
        console.findings(found, to_result=is_result)
        return status_of(found) or FINDINGS
    if arguments.locked:
        found += _lock_findings(outputs.lock or project.lock, compiled.lock)
    refused = None if has_errors(found) else _write(arguments, opened, compiled, outputs, console)
    if refused is not None:
        found.append(refused)
    console.findings(found, to_result=is_result)
    if has_errors(found):
        return status_of(found)
    console.message(_success(opened, compiled, outputs))
    return FINE


def _outputs(arguments: argparse.Namespace, project: Project, *, is_all: bool) -> _Outputs:
    """Say where things go: a single policy goes to stdout, and never into the project's lock.

    One policy of several under the project's lock would make `verify` refuse the project's rules.
    """
    is_rules = arguments.emit == "rules"
    default = project.output if arguments.file is None and is_rules else STDOUT
    output = arguments.output or default
    lock = project.lock if is_all else lock_beside(output)
    if arguments.depfile is not None and output == STDOUT:
        raise UsageError("`--depfile` says what a file depends on: name the file with `-o FILE`")
    has_lock = is_rules and output != STDOUT
    return _Outputs(output, lock if has_lock else None, arguments.depfile)


def _write(
    arguments: argparse.Namespace,
    opened: Opened,
    compiled: Compiled,
    outputs: _Outputs,
    console: Console,
) -> Diagnostic | None:
    """Write output, lock and depfile, in this order; return why one of them could not be."""
    text = _emitted(arguments.emit, compiled)
    if outputs.output == STDOUT:
        console.result(text)
    else:
        refused = write_atomically(outputs.output, text)
        if refused is not None:
            return refused
    if outputs.lock is not None and compiled.lock is not None and not arguments.locked:
        refused = write_atomically(outputs.lock, compiled.lock)
        if refused is not None:
            return refused
    if outputs.depfile is None:
        return None
    manifest = [opened.manifest.file] if opened.manifest is not None else []
    inputs = [*manifest, *(source.text.file for source in opened.sources)]
    return write_atomically(outputs.depfile, depfile_text(outputs.output, inputs))


def _emitted(form: str, compiled: Compiled) -> str:
    rules = compiled.rules or ""
    match form:
        case "ir":
            from nectarc.ir.text import print_policy

            return "\n".join(print_policy(policy) for policy in _policies(compiled))
        case "helm":
            return render_helm_values(rules)
        case "configmap":
            return render_configmap(rules)
        case _:
            return rules


def _policies(compiled: Compiled) -> list[Policy]:
    found = (one.checked.policy for one in compiled.environments)
    return list(dict.fromkeys(policy for policy in found if policy is not None))


def _lock_findings(path: str, lock: str) -> tuple[Diagnostic, ...]:
    """Compare the lock file with what it would become."""
    current = read_text(path)
    if isinstance(current, SourceText) and current.text == lock:
        return ()
    is_missing = isinstance(current, Diagnostic)
    state = "is not there or cannot be read" if is_missing else "would change"
    return (
        finding(
            "NEC410",
            SourceSpan(path, 0, 0),
            f"`{path}` {state}, and `--locked` forbids to write it",
            why="the rules that were reviewed are not those that this policy compiles to now",
            help="run `nectarc compile` without `--locked`, look at the difference, commit both",
        ),
    )


def _success(opened: Opened, compiled: Compiled, outputs: _Outputs) -> str:
    samplers = compiled.file.samplers if compiled.file is not None else {}
    rules = sum(len(one.rules) if isinstance(one, RulesConfig) else 1 for one in samplers.values())
    name = "stdout" if outputs.output == STDOUT else outputs.output
    policies = ", ".join(dict.fromkeys(source.text.file for source in opened.sources))
    said = f"{name}: {counted(rules, 'rule')} for {counted(len(samplers), 'target')}"
    lowerings = [one.lowering for one in compiled.environments if one.lowering is not None]
    is_exact = all(one.is_exact for one in lowerings)
    relation = "deciding as the policy" if is_exact else "keeping no less than the policy"
    taken = sum(len(one.lowered.assumptions) for one in lowerings if one.lowered is not None)
    scope = (
        f"for every trace that meets {counted(taken, 'assumption')}" if taken else "for every trace"
    )
    lock = f"; {outputs.lock}" if outputs.lock is not None else ""
    return f"{said} from {policies}, PROVED: {relation} {scope}{lock}"

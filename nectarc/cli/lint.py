"""What Refinery will do with rules files, before it sees them: its verdict, and their traps."""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Sequence

from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import DEFECT, Console, has_colour, status_of
from nectarc.cli.installed import find_program
from nectarc.cli.lint_looking import is_stdin, is_writable_kind, read_config, read_inputs
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.files import write_atomically
from nectarc.fixes import safe_fixes
from nectarc.lint.fixing import settle, unified
from nectarc.lint.looking import Looked, Wanted, look, targets_of
from nectarc.records import record, replace
from nectarc.refinery.releases import NEWEST, RELEASES

# What the shell cannot know of its own defects: Refinery itself says otherwise.
_DISAGREES = "NEC596"


@record(frozen=False)
class _Run:
    """One run. found: about no rules: files that cannot be read, the main configuration."""

    arguments: argparse.Namespace
    console: Console
    wanted: Wanted
    found: list[Diagnostic]
    looked: list[Looked]

    def all_found(self) -> list[Diagnostic]:
        """Return each finding once: of several files, each says the same of one configuration."""
        of_rules = (one for looked in self.looked for one in looked.found)
        return list(dict.fromkeys([*self.found, *of_rules]))


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="Refinery rules, also inside Helm values or a ConfigMap; `-` is stdin",
    )
    parser.add_argument(
        "--merge",
        action="store_true",
        help="the files are one set of rules, merged in order as Refinery merges several `-r`",
    )
    parser.add_argument(
        "--refinery",
        choices=tuple(RELEASES),
        default=NEWEST.name,
        help=f"the release that the rules are for; {NEWEST.name}",
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="Refinery's main configuration, for what only it tells (limits, times, dry run)",
    )
    parser.add_argument("--target", metavar="NAME", help="say only what concerns this target")
    parser.add_argument(
        "--no-hints", action="store_true", help="only errors and warnings: what fails a run"
    )
    parser.add_argument("--fix", action="store_true", help="apply the safe fixes to the files")
    parser.add_argument(
        "--diff", action="store_true", help="show what `--fix` would change, and write nothing"
    )
    parser.add_argument(
        "--refinery-binary",
        metavar="PATH",
        help="the `refinery` whose `--validate` is asked as well; without it, that on PATH",
    )
    parser.add_argument(
        "--no-refinery", action="store_true", help="do not ask an installed `refinery`"
    )
    add_common(parser, formats=("text", "json", "sarif", "github", "junit"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Lint each file; status 1 with errors or warnings, 3 where Refinery itself disagrees."""
    _check_use(arguments)
    # Trees of rules hold no cycles, and the process ends soon: nothing is to be looked for.
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        return _lint(arguments, console)
    finally:
        if is_collecting:
            gc.enable()


def _lint(arguments: argparse.Namespace, console: Console) -> int:
    state = _looked(arguments, console)
    if arguments.diff:
        for changed in _settled(state):
            console.result(changed.diff)
    elif arguments.fix:
        _write(state)
    if not arguments.diff:
        _ask_refinery(state)
    for one in state.looked:
        console.know(one.rules.texts)
    found = state.all_found()
    if arguments.format == "text":
        _show_text(state, found)
    else:
        console.findings(found, to_result=True)
    if any(one.code == _DISAGREES for one in found):
        return DEFECT
    return status_of(found)


def _check_use(arguments: argparse.Namespace) -> None:
    if sum(map(is_stdin, arguments.files)) > 1:
        raise UsageError("stdin can be one file only")
    if arguments.fix and not arguments.diff:
        for path in arguments.files:
            if not is_writable_kind(path) and not os.path.isdir(path):
                raise UsageError(
                    f"`--fix` writes files, and `{path}` is none: name the file, or add `--diff`"
                )
    if arguments.merge and (arguments.fix or arguments.diff):
        raise UsageError("`--fix` and `--diff` take files one by one: leave out `--merge`")
    if arguments.diff and arguments.format != "text":
        raise UsageError("`--diff` prints a diff: leave out `--format`")
    program = arguments.refinery_binary
    if program is not None and not (os.path.isfile(program) and os.access(program, os.X_OK)):
        raise UsageError(f"`{program}` is no program that could be asked")


def _looked(arguments: argparse.Namespace, console: Console) -> _Run:
    """Read and lint everything."""
    wanted = Wanted(
        release=RELEASES[arguments.refinery],
        target=arguments.target,
        has_hints=not arguments.no_hints,
    )
    found: list[Diagnostic] = []
    if arguments.config is not None:
        config, problems = read_config(arguments.config, wanted.release, console)
        wanted = replace(wanted, config=config)
        found += (one for one in problems if wanted.has_hints or one.severity is not Severity.HINT)
    inputs, unreadable = read_inputs(arguments.files)
    found += unreadable
    groups = [inputs] if arguments.merge and inputs else [(one,) for one in inputs]
    looked = [look(group, wanted) for group in groups]
    _check_target(arguments.target, looked)
    return _Run(arguments, console, wanted, found, looked)


def _check_target(target: str | None, looked: Sequence[Looked]) -> None:
    """Refuse a target that no file has: nothing would be said, which looks like praise."""
    if target is None or not looked:
        return
    lists = [targets_of(one.rules.loaded) for one in looked]
    names = list(dict.fromkeys(name for one in lists for name in one or ()))
    if target not in names and None not in lists:
        from nectarc.spelling import nearest

        meant = nearest(target, names)
        listed = ", ".join(f"`{name}`" for name in names)
        suggestion = f"did you mean `{meant}`?" if meant else f"there are {listed}"
        raise UsageError(f"no file has a target `{target}`: {suggestion}")


@record(kw_only=True)
class _Changed:
    """A file that fixes change. index: in what was looked at."""

    index: int
    after: Looked
    titles: tuple[str, ...]
    diff: str


def _settled(state: _Run) -> list[_Changed]:
    """Repair each file as far as safe fixes do; nothing is written."""
    changed: list[_Changed] = []
    for index, before in enumerate(state.looked):
        after, applied = settle(before, lambda name, data: look([(name, data)], state.wanted))
        if after is not before:
            ((name, data),) = before.inputs
            diff = unified(name, data.decode("utf-8"), after.inputs[0][1].decode("utf-8"))
            titles = tuple(fix.title for fix in applied)
            changed.append(_Changed(index=index, after=after, titles=titles, diff=diff))
    return changed


def _write(state: _Run) -> None:
    """Write the files that fixes change, once all are known, and look at those from then on."""
    for changed in _settled(state):
        ((name, data),) = changed.after.inputs
        refused = write_atomically(name, data.decode("utf-8"))
        if refused is not None:
            state.found.append(refused)
            continue
        for title in changed.titles:
            state.console.message(f"{name}: fixed: {title}")
        state.looked[changed.index] = changed.after


def _ask_refinery(state: _Run) -> None:
    """Ask the installed Refinery about each set of rules; where it disagrees, that is found."""
    if state.arguments.no_refinery:
        return
    program = state.arguments.refinery_binary or find_program("refinery")
    if program is None:
        return
    from nectarc.cli.refinery_program import Answer, compare, disagreement

    # Who named the program wants to know why it was of no use; one that happens to be there is not
    # worth words.
    tell = state.console.message if state.arguments.refinery_binary else state.console.detail
    for index, one in enumerate(state.looked):
        comparison = compare(program, one.inputs, one.rules, state.wanted.release)
        names = ", ".join(part.file for part in one.rules.parts)
        if comparison.answer is Answer.DISAGREES:
            problem = disagreement(program, comparison, one.rules)
            state.looked[index] = replace(one, found=(*one.found, problem))
        elif comparison.answer is Answer.AGREES:
            tell(f"{names}: `{program}` {comparison.version} agrees")
        else:
            tell(f"{names}: `{program}` was not compared with: {comparison.words}")
            if comparison.is_final:
                return


def _show_text(state: _Run, found: Sequence[Diagnostic]) -> None:
    """Show what was found of no rules, then each set of rules: the verdict, its findings."""
    console, arguments = state.console, state.arguments
    from nectarc.report.lint_text import render_findings, verdict_line, what_next

    def show(diagnostics: Sequence[Diagnostic]) -> None:
        colour = has_colour(console.out)
        verbose = console.is_verbose
        console.result(
            render_findings(diagnostics, console.texts, is_verbose=verbose, use_colour=colour)
        )

    if arguments.diff:  # stdout is a patch
        console.findings(state.found, to_result=False)
        _summarise(state, found)
        return
    show(state.found)
    shown = set(state.found)
    for one in state.looked:
        fresh = [each for each in one.found if each not in shown]
        shown.update(fresh)
        if fresh or not console.is_quiet:
            line = verdict_line(one.rules, state.wanted.release, use_colour=has_colour(console.out))
            console.result(line + ("\n" if fresh else ""))
        show(fresh)
    _summarise(state, found)
    fixable = [
        one.inputs[0][0]
        for one in state.looked
        if one.rules.text is not None
        and is_writable_kind(one.inputs[0][0])
        and safe_fixes(one.found)
    ]
    for line in what_next(found, fixable, is_verbose=console.is_verbose):
        console.message(line)


def _summarise(state: _Run, found: Sequence[Diagnostic]) -> None:
    from nectarc.render.terminal import render_summary

    console = state.console
    files = sum(len(one.inputs) for one in state.looked)
    console.message(render_summary(found, files, use_colour=has_colour(console.err)).rstrip("\n"))

"""The entry point: which command, its exit status, and the manners of a process.

Owns: the list of commands, exit statuses, interrupts, broken pipes, defects.
Must not know: what a command does. Truth: ../shared/design/product.md, "Conventions".
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

from nectarc.cli.console import (
    BROKEN_PIPE,
    DEFECT,
    FINE,
    INTERRUPTED,
    WRONG_USE,
    Console,
    console_of_process,
)

# Each command is a module of this package with `configure(parser)` and `run(arguments, console)`.
COMMANDS: Final = {
    "demo": "the main job on a bundled project: from a sentence to proven rules and a report",
    "init": "start a project: manifest, policy, Makefile, CI workflow",
    "ingest": "load trace exemplars into the corpus",
    "propose": "a policy from plain English, proven before it is shown",
    "lint": "what Refinery will do with a rules file: its verdict, and the traps in it",
    "import": "Refinery rules to policies that decide the same, proven",
    "check": "parse, types, lints; `--fix` applies safe fixes",
    "fmt": "canonical layout of policies",
    "compile": "a policy to Refinery rules that decide the same",
    "verify": "is a rules file what the lock promises?",
    "test": "the policy's tests: which rule decides each trace, and what they cover",
    "diff": "what a change does to your traces, proven, with example traces",
    "replay": "what a policy or a rules file decides, trace by trace",
    "prove": "the proofs for all traces, and the checks on the corpus",
    "explain": "what is kept, what is lost, what is proven: text, Markdown, JSON, HTML",
    "lsp": "the language server, for editors",
    "explain-code": "the page of a diagnostic's code",
    "doctor": "is everything here that nectarc needs?",
    "version": "versions of nectarc, the language and its target",
}
# The command `import` is a word that Python keeps.
_MODULES: Final = {"import": "import_"}
# What a person wants who names a file and no command.
_COMMAND_OF_FILE: Final = {".yaml": "lint", ".yml": "lint", ".toon": "check"}
_LEADING: Final = frozenset({"-q", "--quiet", "-v", "--verbose"})


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status (0 to 3, 130 interrupted, 141 broken pipe)."""
    words = sys.argv[1:] if argv is None else argv
    console = console_of_process()
    try:
        status = _run(words, console)
        console.out.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the shell around everything; our defects end here
        return _report_defect(error, console, words)
    return status


def _run(words: list[str], console: Console) -> int:
    leading = words[: _leading_count(words)]
    rest = words[len(leading) :]
    if not rest or rest[0] in ("-h", "--help", "help"):
        console.result(_overview())
        return FINE if rest else WRONG_USE
    if rest[0] in ("-V", "--version"):
        rest = ["version"]
    name = rest[0]
    if name not in COMMANDS:
        console.err.write(_no_such_command(name))
        return WRONG_USE
    return _run_command(name, [*rest[1:], *leading], console)


def _run_command(name: str, words: list[str], console: Console) -> int:
    from nectarc.cli.arguments import Parser, UsageError

    module = import_module(f"nectarc.cli.{_MODULES.get(name, name.replace('-', '_'))}")
    parser = Parser(f"nectarc {name}", COMMANDS[name])
    try:
        module.configure(parser)
        arguments = parser.parse_args(words)
        console.form = getattr(arguments, "format", "text")
        console.is_json = console.form == "json"
        console.is_quiet = arguments.quiet
        console.is_verbose = arguments.verbose
        status: int = module.run(arguments, console)
    except UsageError as error:
        console.err.write(f"nectarc: {error}\n")
        return WRONG_USE
    except SystemExit as ending:  # argparse's own --help
        return int(ending.code or 0)
    return status


def _leading_count(words: list[str]) -> int:
    count = 0
    while count < len(words) and words[count] in _LEADING:
        count += 1
    return count


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = "".join(f"  {name.ljust(width)}  {what}\n" for name, what in COMMANDS.items())
    return (
        "usage: nectarc COMMAND [OPTIONS]\n\n"
        "The compiler for trace-sampling policies: text to Refinery rules that decide the same.\n\n"
        f"commands:\n{lines}\n"
        "You have Refinery rules already? Start with `nectarc lint rules.yaml`; then\n"
        "`nectarc import rules.yaml` shows them as a policy.\n\n"
        "`nectarc COMMAND --help` says more. Exit status: 0 fine, 1 findings, 2 wrong use or\n"
        "unreadable input, 3 a defect of nectarc.\n"
    )


def _no_such_command(name: str) -> str:
    from shlex import quote

    from nectarc.spelling import nearest

    if name.startswith("-"):
        return f"nectarc: `{name}` stands before a command; `nectarc --help` lists the commands\n"
    for suffix, command in _COMMAND_OF_FILE.items():
        if name.endswith(suffix):
            return f"nectarc: `{name}` is no command: try `nectarc {command} {quote(name)}`\n"
    meant = nearest(name, COMMANDS)
    suggestion = f"did you mean `nectarc {meant}`?" if meant else "`nectarc --help` lists them"
    return f"nectarc: there is no command `{name}`: {suggestion}\n"


def _silence_stdout() -> None:
    """Point stdout at nothing, so that Python's own flush at the end says nothing either."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report_defect(error: Exception, console: Console, words: list[str]) -> int:
    from nectarc import __version__

    if isinstance(error, OSError) and console.out.closed:
        return BROKEN_PIPE
    python = ".".join(map(str, sys.version_info[:3]))
    console.err.write(
        "nectarc: this is a defect of nectarc, not of your policy\n"
        f"  what happened: {type(error).__name__}: {error}\n"
        f"  command:       nectarc {' '.join(words)}\n"
        f"  versions:      nectarc {__version__}, python {python}, {sys.platform}\n"
        "Nothing was written. Please report these lines to nectarc's maintainers, with the policy\n"
        "and the traceback that `--verbose` adds.\n"
    )
    if "-v" in words or "--verbose" in words:
        import traceback

        console.err.write("".join(traceback.format_exception(error)))
    return DEFECT


if __name__ == "__main__":
    sys.exit(main())

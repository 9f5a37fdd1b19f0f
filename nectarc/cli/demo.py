"""The main job on the bundled shop, from a sentence to a report, each step as one types it."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINDINGS, FINE, Console, has_colour

SENTENCE: Final = "Keep all errors and slow requests over 5 seconds, sample everything else at 1%"
REPORT: Final = "waggle.html"
_FOLDER: Final = "nectarc-demo"
# What is said before each command, and the command. The first runs outside the folder it makes.
_STEPS: Final = (
    ("Say what to keep. Nothing is written that is not proven.", ("propose", SENTENCE)),
    ("Proofs for every possible trace, checks on this traffic.", ("prove",)),
    ("The rules that Refinery runs, proven to decide the same.", ("compile",)),
    ("What they keep, what they lose, what it costs.", ("explain",)),
    ("The same as a page for everyone else.", ("explain", "-o", REPORT)),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "folder",
        nargs="?",
        default=_FOLDER,
        metavar="DIR",
        help=f"a folder that is not there yet; {_FOLDER}",
    )
    add_common(parser, formats=("text",))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run every step; stop at the first that cannot work, with its status."""
    from nectarc.cli.main import main

    folder: str = arguments.folder
    if os.path.lexists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise UsageError(
            f"`{folder}` is there already, and the demo writes a project of its own:\n"
            f"name another folder (`nectarc demo DIR`), or delete that one"
        )
    _announce(
        console,
        "A project with real traces of five services, and of an incident.",
        ("init", "--quiet", "--example", folder),
    )
    status = main(["init", "--quiet", "--example", folder])
    if status != FINE:
        return status
    _show_command(console, ("cd", folder), is_ours=False)
    with _inside(folder):
        for words, command in _STEPS:
            _announce(console, words, command)
            status = main(list(command))
            if status > FINDINGS:
                return status
            if status == FINDINGS and command[0] == "propose":
                # What follows would be about the policy that `init` wrote, not about the sentence.
                console.err.write(
                    "nectarc: the demo ends here, as nothing was proposed; in"
                    f" {shlex.quote(folder)} you can go on by hand\n"
                )
                return status
    console.out.write(
        f"\nThe report is {os.path.join(folder, REPORT)}: open it in a browser.\n"
        f"The policy is {os.path.join(folder, 'policy.toon')}, the rules are"
        f" {os.path.join(folder, 'rules.yaml')}.\n"
        f'Yours to play with: cd {shlex.quote(folder)}; nectarc propose --refine "..."\n'
    )
    return FINE


@contextmanager
def _inside(folder: str) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _announce(console: Console, words: str, command: tuple[str, ...]) -> None:
    console.out.write(f"\n{_bold(console, f'# {words}')}\n")
    _show_command(console, command)


def _show_command(console: Console, command: tuple[str, ...], *, is_ours: bool = True) -> None:
    said = shlex.join(("nectarc", *command) if is_ours else command)
    console.out.write(f"{_bold(console, f'$ {said}')}\n")
    console.out.flush()


def _bold(console: Console, words: str) -> str:
    return f"\033[1m{words}\033[0m" if has_colour(console.out) else words

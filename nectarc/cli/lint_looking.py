"""Reading what `lint` looks at: rules and the main configuration.

Owns: bytes from the disk. Must not know: output, what is said of rules.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from nectarc.cli.console import Console
from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN, STDIN_NAME, read_bytes
from nectarc.records import replace
from nectarc.refinery.main_config import MainConfig
from nectarc.refinery.releases import Release
from nectarc.source import SourceSpan


def read_config(
    path: str, release: Release, console: Console
) -> tuple[MainConfig | None, tuple[Diagnostic, ...]]:
    """Read the main configuration; None with the reason where it cannot be used."""
    text = console.read(path)
    if isinstance(text, Diagnostic):
        return None, (text,)
    from nectarc.refinery.read_main_config import read_main_config

    return read_main_config(text, release)


def read_inputs(
    files: Sequence[str],
) -> tuple[tuple[tuple[str, bytes], ...], tuple[Diagnostic, ...]]:
    """Read each file once; return those that could be read, and why others could not."""
    inputs: list[tuple[str, bytes]] = []
    problems: list[Diagnostic] = []
    for path in dict.fromkeys(STDIN if is_stdin(file) else file for file in files):
        data = _folder(path) if os.path.isdir(path) else read_bytes(path)
        if isinstance(data, Diagnostic):
            problems.append(_too_large(data) if data.code == "NEC402" else data)
        else:
            inputs.append((STDIN_NAME if path == STDIN else path, data))
    return tuple(inputs), tuple(problems)


def is_stdin(path: str) -> bool:
    """Say whether `path` is standard input, by any of its names."""
    return path in (STDIN, "/dev/stdin")


def is_writable_kind(path: str) -> bool:
    """Say whether fixes can be written to `path`: what is there is a file, and no pipe."""
    return (
        not is_stdin(path)
        and path != STDIN_NAME
        and (os.path.isfile(path) or not os.path.exists(path))
    )


def _too_large(one: Diagnostic) -> Diagnostic:
    """Say of a file that is too large what it is not: rules, where a reader speaks of policies."""
    return replace(
        one,
        headline=one.headline.replace("which no policy is", "which no rules file is"),
        help="check that this is the file you meant",
    )


def _folder(path: str) -> Diagnostic:
    pattern = _pattern(path)
    return finding(
        "NEC400",
        SourceSpan(path, 0, 0),
        f"`{path}` cannot be read: it is a folder",
        help="there is no YAML in it: name the rules files"
        if pattern is None
        else f"name the rules files in it, e.g. `nectarc lint {pattern}`",
    )


def _pattern(folder: str) -> str | None:
    """Return a shell's pattern that meets YAML in `folder` or right below; None without any."""
    from glob import escape, iglob
    from shlex import quote

    for below in ("*.yaml", "*.yml", "*/*.yaml", "*/*.yml"):
        if next(iglob(os.path.join(escape(folder), below)), None) is not None:
            return os.path.join(quote(folder), below)
    return None

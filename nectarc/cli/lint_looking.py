"""Reading what `lint` looks at: rules, the main configuration, and what is said of them.

Owns: bytes from the disk, which findings were asked for. Must not know: output, fixes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from nectarc.cli.console import Console
from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.files import STDIN, STDIN_NAME, read_bytes
from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.records import record, replace
from nectarc.refinery.inputs import RulesInput, read_rules_files
from nectarc.refinery.loader import LoadResult
from nectarc.refinery.located import locate
from nectarc.refinery.main_config import MainConfig
from nectarc.refinery.releases import Release
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping
from nectarc.source import SourceSpan


@record(kw_only=True)
class Wanted:
    """What was asked for: the release, its main configuration, which findings are shown."""

    release: Release
    config: MainConfig | None = None
    target: str | None = None
    has_hints: bool = True


@record(kw_only=True)
class Looked:
    """One set of rules: its inputs as named bytes, and what is said of them."""

    inputs: tuple[tuple[str, bytes], ...]
    rules: RulesInput
    found: tuple[Diagnostic, ...]


def look(inputs: Sequence[tuple[str, bytes]], wanted: Wanted) -> Looked:
    """Read and lint one set of rules; what `wanted` leaves out is not in `found`."""
    rules = read_rules_files(inputs)
    context = LintContext(text=rules.text, release=wanted.release, config=wanted.config)
    found = [*rules.findings, *lint_rules(rules.loaded, context)]
    if wanted.config is not None:
        found += _of_config(wanted.config, rules.loaded)
    chosen = tuple(
        one
        for one in dict.fromkeys(found)
        if (wanted.has_hints or one.severity is not Severity.HINT)
        and concerns(one, rules.loaded, wanted.target)
    )
    return Looked(inputs=tuple(inputs), rules=rules, found=chosen)


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


def targets_of(loaded: LoadResult) -> tuple[str, ...] | None:
    """Return the names under `Samplers`, in order; None where they cannot be read."""
    entries = _entries(loaded)
    return None if entries is None else tuple(entry.key.text for entry in entries)


def _of_config(config: MainConfig, loaded: LoadResult) -> tuple[Diagnostic, ...]:
    from nectarc.lint.main_config_traps import config_findings

    rules, tree = loaded.rules, loaded.tree
    located = locate(rules, tree) if rules is not None and tree is not None else None
    return config_findings(config, located)


def concerns(one: Diagnostic, loaded: LoadResult, target: str | None) -> bool:
    """Say whether `one` stands in `target`, in no target at all, or is an error.

    A refused file is refused for all of its targets, and a process that ends decides none.
    """
    if target is None or one.severity is Severity.ERROR:
        return True
    inside = [entry for entry in _entries(loaded) or () if _is_in(one.source, entry)]
    return not inside or any(entry.key.text == target for entry in inside)


def _is_in(place: SourceSpan, entry: YamlEntry) -> bool:
    start, end = entry.key.source.start, max(entry.key.source.end, entry.value.source.end)
    return place.file == entry.key.source.file and start <= place.start < end


def _entries(loaded: LoadResult) -> tuple[YamlEntry, ...] | None:
    samplers = loaded.tree.get("Samplers") if loaded.tree is not None else None
    return samplers.entries if isinstance(samplers, YamlMapping) else None


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

"""Is everything here that nectarc needs? Versions, parser tables, the project, its corpus."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from importlib import metadata
from typing import Final

from nectarc import __version__
from nectarc.cli.arguments import add_common
from nectarc.cli.console import FINDINGS, FINE, Console
from nectarc.codes import CODES
from nectarc.project import find_project
from nectarc.records import record
from nectarc.render.counting import counted
from nectarc.shipped import shipped_folder

PYTHON_MIN: Final = (3, 11)
# Distribution, the module that must load, the one version that fits and what of it is used.
_NEEDED: Final = (
    ("lark", "lark", "1.3.1", "the parser tables are"),
    ("pyyaml", "yaml", None, ""),
    ("google-re2", "re2", None, ""),
    ("opentelemetry-proto", "opentelemetry.proto.trace.v1.trace_pb2", None, ""),
    ("python-sat", "pysolvers", "1.9.dev17", "the calls of the solver are"),
    ("numpy", "numpy", None, ""),
    ("numba", "numba", None, ""),
    ("pyarrow", "pyarrow", None, ""),
    ("zstandard", "zstandard", None, ""),
    ("anthropic", "anthropic", None, ""),
    ("vl-convert-python", "vl_convert", None, ""),
)
_OPTIONAL: Final = (("pygls", "pygls", "the language server"),)
_NO_TRACE: Final = "NEC425"
_GRAMMARS: Final = ("toon", "match", "action")


@record
class Finding:
    """One thing looked at. `is_good` None: not there, and not needed."""

    name: str
    is_good: bool | None
    words: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_common(parser)


def run(_arguments: argparse.Namespace, console: Console) -> int:
    """Look at everything; status 1 when something needed is missing."""
    checks: tuple[Callable[[], list[Finding]], ...] = (
        _python,
        _packages,
        _tables,
        _pages,
        _project,
        _programs,
    )
    found = [finding for check in checks for finding in check()]
    if console.is_json:
        rows = [{"name": one.name, "good": one.is_good, "what": one.words} for one in found]
        console.result(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    else:
        width = max(len(one.name) for one in found)
        mark = {True: "ok", False: "BAD", None: "-"}
        for one in found:
            console.result(f"{mark[one.is_good]:4}{one.name.ljust(width)}  {one.words}\n")
    return FINDINGS if any(one.is_good is False for one in found) else FINE


def _python() -> list[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    return [
        Finding("nectarc", True, f"{__version__}, {os.path.dirname(shipped_folder('docs'))}"),
        Finding("python", sys.version_info[:2] >= PYTHON_MIN, f"{version}, {sys.executable}"),
    ]


def _packages() -> list[Finding]:
    found: list[Finding] = []
    for name, module, exact, what in _NEEDED:
        version = _version(name, module)
        is_good = version is not None and exact in (None, version)
        wanted = f"=={exact}" if exact else ""
        words = version or f"missing: `pip install '{name}{wanted}'`"
        if version is not None and not is_good:
            words = f"{version}, but {what} of {exact}: `pip install {name}=={exact}`"
        found.append(Finding(name, is_good, words))
    for name, module, user in _OPTIONAL:
        version = _version(name, module)
        found.append(
            Finding(
                name,
                None if version is None else True,
                version or f"not here; only {user} needs it: `pip install 'nectarc[lsp]'`",
            )
        )
    return found


def _version(name: str, module: str) -> str | None:
    try:
        importlib.import_module(module)
        return metadata.version(name)
    except (ImportError, metadata.PackageNotFoundError):
        return None


def _tables() -> list[Finding]:
    from nectarc.grammars import load_parser

    for name in _GRAMMARS:
        try:
            load_parser(name)
        except Exception as error:  # noqa: BLE001 - a damaged pickle may raise anything
            return [Finding("parser tables", False, f"{name}: {error}; install nectarc again")]
    return [Finding("parser tables", True, f"{len(_GRAMMARS)} grammars load")]


def _pages() -> list[Finding]:
    folder = shipped_folder("docs/codes")
    missing = [code for code in CODES if not os.path.exists(os.path.join(folder, f"{code}.md"))]
    words = f"no page for {', '.join(missing[:5])}" if missing else f"{len(CODES)} codes"
    return [Finding("pages of codes", not missing, words)]


def _project() -> list[Finding]:
    reading = find_project("")
    project = reading.project
    if project is None:
        is_missing = any(one.code == "NEC407" for one in reading.diagnostics)
        words = "none here: `nectarc init DIR` starts one"
        if not is_missing:
            words = reading.diagnostics[0].headline
        return [Finding("project", None if is_missing else False, words)]
    targets = ", ".join(one.target for one in project.environments)
    count = len(reading.diagnostics)
    words = f"{project.manifest or project.environments[0].policy}, targets: {targets}"
    if count:
        words += f"; {counted(count, 'finding')}: `nectarc check` shows them"
    found = [Finding("project", not count, words)]
    found += [
        Finding("policy", False, f"`{one.policy}` is not there")
        for one in project.environments
        if not os.path.isfile(one.policy)
    ]
    return [*found, _corpus("corpus", project.corpus), _corpus("must keep", project.must_keep)]


def _corpus(name: str, folder: str) -> Finding:
    from nectarc.corpus.store import open_traces

    if not os.path.isdir(folder):
        return Finding(name, None, f"`{folder}` is not there: `nectarc ingest PATH` makes it")
    with open_traces(folder) as store:
        problems = store.diagnostics()
        if not store.trace_count and all(one.code == _NO_TRACE for one in problems):
            return Finding(name, None, f"`{folder}` holds no traces yet: `nectarc ingest PATH`")
        words = f"`{folder}`: {counted(store.trace_count, 'trace')}"
        if store.sampling_words:
            words += f", {store.sampling_words}"
    if problems:
        words += f", {counted(len(problems), 'problem')}: {problems[0].headline}"
    return Finding(name, not problems, words)


def _programs() -> list[Finding]:
    node = shutil.which("node")
    words = node or "not here; only nectarc's own tests need it"
    return [Finding("node", True if node else None, words)]

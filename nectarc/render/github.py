"""Findings as workflow commands of GitHub Actions: annotations beside the lines of a pull request.

Owns: the commands and their escapes. Must not know: who found what. Pure.
Truth: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.render.terminal import sort_key
from nectarc.source import SourceText

_LEVELS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.HINT: "notice",
}


def render_github(diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> str:
    """Return a line for each finding, in the order of their places."""
    return "".join(_command(one, texts) for one in sorted(diagnostics, key=sort_key))


def _command(one: Diagnostic, texts: Mapping[str, SourceText]) -> str:
    place = ""
    text = texts.get(one.source.file)
    if text is not None:
        start = text.position(one.source.start)
        end = text.position(max(one.source.start, one.source.end))
        place = f"file={_property(one.source.file)},line={start.line},endLine={end.line},"
        if start.line == end.line:  # GitHub refuses columns across lines
            place += f"col={start.column},endColumn={end.column},"
    elif one.source.file:
        place = f"file={_property(one.source.file)},"
    words = "\n".join(part for part in (one.headline, one.why, one.help) if part)
    return f"::{_LEVELS[one.severity]} {place}title={one.code}::{_data(words)}\n"


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")

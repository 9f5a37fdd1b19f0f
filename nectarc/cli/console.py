"""Where a command speaks: results on stdout, messages on stderr, colours on terminals only.

Owns: streams, `--format`, `--quiet`, `--verbose`, exit statuses. Must not know: any command.
Truth: ../shared/design/product.md, "Conventions".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import Final, TextIO

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.files import STDIN_NAME, UNREADABLE, read_lossy, read_text
from nectarc.records import part, record
from nectarc.source import SourceText

FINE: Final = 0
FINDINGS: Final = 1
WRONG_USE: Final = 2
DEFECT: Final = 3
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141


@record(frozen=False)
class Console:
    """The streams of one run, and the texts that its findings point into."""

    out: TextIO
    err: TextIO
    is_json: bool = False
    form: str = "text"
    is_quiet: bool = False
    is_verbose: bool = False
    texts: dict[str, SourceText] = part(default_factory=dict)

    def result(self, text: str) -> None:
        """Write a part of the result to stdout, as it is."""
        self.out.write(text)

    def message(self, text: str) -> None:
        """Say something about the run on stderr, a line, unless `--quiet`."""
        if not self.is_quiet:
            self.err.write(text + "\n")

    def detail(self, text: str) -> None:
        """Say something that only `--verbose` wants to know."""
        if self.is_verbose:
            self.err.write(text + "\n")

    def read(self, path: str) -> SourceText | Diagnostic:
        """Read a user's text and remember it for showing places in it."""
        text = read_text(path)
        if isinstance(text, SourceText):
            self.texts[text.file] = text
            self.detail(f"read {text.file}: {len(text.line_starts)} lines")
        return text

    def know(self, texts: Iterable[SourceText | None]) -> None:
        """Remember texts that something else has read."""
        self.texts.update((text.file, text) for text in texts if text is not None)

    def findings(self, diagnostics: Sequence[Diagnostic], *, to_result: bool) -> None:
        """Show findings: as the result (stdout, in the chosen format) or as messages (stderr)."""
        self._find_texts(diagnostics)
        rendered = self._in_form(diagnostics) if to_result else None
        if rendered is not None:
            self.out.write(rendered)
            return
        shown = [
            one
            for one in diagnostics
            if to_result or not self.is_quiet or one.severity is not Severity.HINT
        ]
        if not shown:
            return
        from nectarc.render.terminal import render_diagnostics

        stream = self.out if to_result else self.err
        stream.write(render_diagnostics(shown, self.texts, use_colour=has_colour(stream)))

    def _in_form(self, diagnostics: Sequence[Diagnostic]) -> str | None:
        """Return findings in the form for tools that was asked for; None for people."""
        match self.form:
            case "json":
                from nectarc.render.json import render_json

                return render_json(diagnostics, self.texts)
            case "sarif":
                from nectarc import __version__
                from nectarc.render.sarif import render_sarif
                from nectarc.shipped import page_of

                return render_sarif(diagnostics, self.texts, version=__version__, page_of=page_of)
            case "github":
                from nectarc.render.github import render_github

                return render_github(diagnostics, self.texts)
            case "junit":
                from nectarc.render.junit import finding_suites, render_junit

                return render_junit(finding_suites(diagnostics, self.texts))
            case _:
                return None

    def _find_texts(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Read again, lossily, what findings point into and nobody has read as text."""
        for one in diagnostics:
            file = one.source.file
            if one.code == "NEC401" and file not in self.texts and file != STDIN_NAME:
                self.know([read_lossy(file)])


def status_of(diagnostics: Iterable[Diagnostic]) -> int:
    """Return the exit status that findings ask for: 2 unreadable, 1 errors or warnings, else 0."""
    status = FINE
    for one in diagnostics:
        if one.code in UNREADABLE:
            return WRONG_USE
        if one.severity is not Severity.HINT:
            status = FINDINGS
    return status


def has_colour(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that wants colours (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def console_of_process() -> Console:
    """Return the console of this process; UTF-8 with LF, whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return Console(out=sys.stdout, err=sys.stderr)

"""What every input goes through: reading, checking, compiling, fixing, formatting, showing.

Owns: the stages, their laws, the limits of time. Must not know: where inputs come from.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from nectarc.checking import check_text
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.files import read_lossy, read_text
from nectarc.fixes import apply_fixes, safe_fixes
from nectarc.formatting import format_text
from nectarc.pipeline import CompileOptions, Source, compile_sources
from nectarc.render.json import render_json
from nectarc.render.terminal import render_diagnostics
from nectarc.source import SourceText
from nectarc.toon import read

CPU_SECONDS_MAX: Final = 10
# Every stage may be asked to look at each finding; a thousand findings show no more than fifty do.
_SHOWN_MAX: Final = 50


class Hang(Exception):  # noqa: N818 - it names what happened
    """A stage took more processor time than any policy of this size may."""


def run_chain(data: bytes, file: Path) -> str:
    """Take `data` through all stages; return how far it came, for counting.

    fails: whatever a stage raises; Hang; AssertionError where a law does not hold.
    """
    file.write_bytes(data)
    with processor_limit(CPU_SECONDS_MAX):
        text = read_text(str(file))
        if isinstance(text, Diagnostic):
            lossy = read_lossy(str(file))
            _show([text], lossy or SourceText.of(str(file), ""))
            return "unreadable"
        compiled = compile_sources([Source("__default__", text, "policy.toon")], CompileOptions())
        _show(compiled.diagnostics, text)
        _fix(compiled.diagnostics, text)
        _format(text)
        if compiled.rules is not None:
            return "compiled"
        return "refused" if compiled.environments[0].checked.policy is not None else "wrong"


@contextmanager
def processor_limit(seconds: int) -> Iterator[None]:
    """Raise Hang when the block has used so much processor time: a slow machine is no hang."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Hang(f"more than {seconds} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _show(found: list[Diagnostic] | tuple[Diagnostic, ...], text: SourceText) -> None:
    """Every place lies in the text; both renderers can show it."""
    end = len(text.text)
    for one in found:
        places = (one.source, *(label.source for label in one.related))
        assert all(0 <= place.start <= place.end <= end for place in places), one
        assert one.headline, one
        assert "\n" not in one.headline, one
    texts = {text.file: text}
    some = found[:_SHOWN_MAX]
    render_diagnostics(some, texts, use_colour=True).encode()
    render_json(some, texts).encode()


def _fix(found: tuple[Diagnostic, ...], text: SourceText) -> None:
    """Every fix can be applied, and what it leaves can be read and checked."""
    end = len(text.text)
    for fix in [fix for one in found for fix in one.fixes][:_SHOWN_MAX]:
        assert fix.title
        assert all(0 <= edit.source.start <= edit.source.end <= end for edit in fix.edits), fix
    apply_fixes(text, [fix for one in found[:_SHOWN_MAX] for fix in one.fixes[:1]])
    mended, applied = apply_fixes(text, safe_fixes(found))
    if applied:
        check_text(SourceText.of(text.file, mended))


def _format(text: SourceText) -> None:
    """Formatting keeps what a readable text says, and formats its own result to itself."""
    formatted = format_text(text).text
    if formatted is None:
        return
    canonical = SourceText.of(text.file, formatted)
    _, found = read(canonical)
    assert not any(one.severity is Severity.ERROR for one in found), formatted
    assert format_text(canonical).text == formatted
    before = check_text(text)
    if not before.has_errors:
        assert check_text(canonical).policy == before.policy, formatted

"""Formatting one policy, from its text to its canonical text.

Owns: what is mended on the way. Must not know: where texts come from.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from nectarc.diagnostic import Diagnostic, has_errors
from nectarc.fixes import apply_fixes, safe_fixes
from nectarc.source import SourceText
from nectarc.syntax.format import format_policy
from nectarc.toon import read

_ROUNDS_MAX: Final = 20


class Formatted(NamedTuple):
    """The canonical text, or None and why the text cannot be read."""

    text: str | None
    diagnostics: tuple[Diagnostic, ...] = ()


def format_text(text: SourceText) -> Formatted:
    """Format the policy `text`; what the reader can mend without a choice is mended first.

    That is indents and counts; a text with other errors keeps them and is not formatted.
    """
    document, diagnostics = read(text)
    for _ in range(_ROUNDS_MAX):
        mended, applied = apply_fixes(text, safe_fixes(diagnostics))
        if not applied or mended == text.text:
            break
        text = SourceText.of(text.file, mended)
        document, diagnostics = read(text)
    if has_errors(diagnostics):
        return Formatted(None, tuple(diagnostics))
    formatted, problems = format_policy(document)
    return Formatted(None if has_errors(problems) else formatted, tuple(problems))

"""Reading in tests: the codes, places and fixes of a text."""

from __future__ import annotations

from nectarc.diagnostic import Diagnostic, Edit
from nectarc.source import SourceText
from nectarc.toon import Value, read, to_value


def diagnostics_of(text: str) -> tuple[Diagnostic, ...]:
    """Read `text`; return what is wrong with it."""
    return read(SourceText.of("a.toon", text))[1]


def codes_of(text: str) -> list[str]:
    """Return the codes of the mistakes in `text`, in its order."""
    return [diagnostic.code for diagnostic in diagnostics_of(text)]


def marked(text: str) -> list[tuple[str, str]]:
    """Return the code of each mistake with the text that it underlines."""
    return [(d.code, text[d.source.start : d.source.end]) for d in diagnostics_of(text)]


def value_of(text: str) -> Value:
    """Return what `text` decodes to, as far as it can be read."""
    return to_value(read(SourceText.of("a.toon", text))[0].root)


def fixed(text: str) -> str:
    """Apply the fixes of all mistakes in `text` at once."""
    edits = [edit for d in diagnostics_of(text) for fix in d.fixes[:1] for edit in fix.edits]
    return apply(text, edits)


def apply(text: str, edits: list[Edit]) -> str:
    """Replace from the end to the beginning."""
    for edit in sorted(set(edits), key=lambda edit: edit.source.start, reverse=True):
        text = text[: edit.source.start] + edit.text + text[edit.source.end :]
    return text

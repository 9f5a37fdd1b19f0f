"""Places, findings and edits in the protocol's terms, and back.

Owns: lines from 0, columns in the units that the client asked for. Must not know: any feature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from lsprotocol import types

from nectarc.diagnostic import Diagnostic, Edit, Severity
from nectarc.source import SourceSpan, SourceText
from nectarc_lsp.features.code_pages import page_address
from nectarc_lsp.features.findings import UNNECESSARY

_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}
# The text of another file, by its path and URI: for places that point out of the document.
Others = Callable[[str, str], SourceText | None]


def to_diagnostic(
    found: Diagnostic, text: SourceText, uri: str, encoding: str, others: Others | None = None
) -> types.Diagnostic:
    """Return the finding as an editor shows it: headline, why, help, one under the other."""
    parts = [found.headline, found.label, found.why, found.help]
    return types.Diagnostic(
        range=to_range(found.source, text, encoding),
        message="\n".join(part for part in parts if part),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=types.CodeDescription(href=page_address(found.code)),
        source="nectarc",
        related_information=list(_related(found, text, uri, encoding, others)),
        tags=[types.DiagnosticTag.Unnecessary] if found.code in UNNECESSARY else None,
    )


def _related(
    found: Diagnostic, text: SourceText, uri: str, encoding: str, others: Others | None
) -> Iterable[types.DiagnosticRelatedInformation]:
    for label in found.related:
        place = location(label.source, text, uri, encoding, others)
        if place is not None:
            yield types.DiagnosticRelatedInformation(location=place, message=label.text)


def location(
    source: SourceSpan, text: SourceText, uri: str, encoding: str, others: Others | None = None
) -> types.Location | None:
    """Return a place in the document, or in another file that can be read."""
    if source.file == text.file:
        return types.Location(uri=uri, range=to_range(source, text, encoding))
    if others is None or not Path(source.file).is_absolute():
        return None
    other_uri = Path(source.file).as_uri()
    other = others(source.file, other_uri)
    if other is None:
        return None
    return types.Location(uri=other_uri, range=to_range(source, other, encoding))


def to_edits(edits: Iterable[Edit], text: SourceText, encoding: str) -> list[types.TextEdit]:
    """Return edits of `text`; those of other files are left out."""
    return [
        types.TextEdit(range=to_range(one.source, text, encoding), new_text=one.text)
        for one in edits
        if one.source.file == text.file
    ]


def to_range(source: SourceSpan, text: SourceText, encoding: str) -> types.Range:
    """Return the place in the client's units."""
    return types.Range(
        start=to_position(source.start, text, encoding),
        end=to_position(max(source.start, source.end), text, encoding),
    )


def to_position(offset: int, text: SourceText, encoding: str) -> types.Position:
    """Return `offset` as line and column from 0."""
    position = text.position(offset)
    match encoding:
        case "utf-32":
            column = position.column - 1
        case "utf-8":
            column = len(text.line(position.line)[: position.column - 1].encode())
        case _:
            column = position.column_utf16 - 1
    return types.Position(line=position.line - 1, character=column)


def to_offset(position: types.Position, text: SourceText, encoding: str) -> int:
    """Return the offset of a client's position; beyond a line it is the line's end."""
    if position.line >= len(text.line_starts):
        return len(text.text)
    start = text.line_starts[position.line]
    line = text.line(position.line + 1)
    if line.isascii() or encoding == "utf-32":
        return start + min(position.character, len(line))
    units = 0
    for index, character in enumerate(line):
        if units >= position.character:
            return start + index
        units += len(character.encode()) if encoding == "utf-8" else 1 + (ord(character) > 0xFFFF)
    return start + len(line)


def to_span(place: types.Range, text: SourceText, encoding: str) -> SourceSpan:
    """Return the source span of a client's range."""
    return text.span(to_offset(place.start, text, encoding), to_offset(place.end, text, encoding))


def whole(text: SourceText, encoding: str) -> types.Range:
    """Return the range of all of `text`."""
    return to_range(text.span(0, len(text.text)), text, encoding)

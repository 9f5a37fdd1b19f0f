"""Places and findings in the protocol's terms.

Owns: lines from 0, columns in the units that the client asked for. Must not know: any feature.
"""

from __future__ import annotations

from lsprotocol import types

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.source import SourceSpan, SourceText

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}


def to_diagnostic(found: Diagnostic, text: SourceText, uri: str, encoding: str) -> types.Diagnostic:
    """Return the finding as an editor shows it: headline, why, help, one under the other."""
    parts = [found.headline, found.why, found.help]
    related = [
        types.DiagnosticRelatedInformation(
            location=types.Location(uri=uri, range=to_range(label.source, text, encoding)),
            message=label.text,
        )
        for label in found.related
        if label.source.file == text.file
    ]
    return types.Diagnostic(
        range=to_range(found.source, text, encoding),
        message="\n".join(part for part in parts if part),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        source="nectarc",
        related_information=related,
    )


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


def whole(text: SourceText, encoding: str) -> types.Range:
    """Return the range of all of `text`."""
    return to_range(text.span(0, len(text.text)), text, encoding)

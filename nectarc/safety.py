"""The matches of the manifest's `[safety]`: checked with a policy's names, placed in the manifest.

Owns: turning places in a match's text into places in `nectar.toml`. Must not know: provers.
Truth: docs/language.md, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.diagnostic import Diagnostic, Edit, Fix, Label
from nectarc.ir.nodes import TraceExpr
from nectarc.project import Project
from nectarc.records import record, replace
from nectarc.semantics.check import check_match
from nectarc.semantics.options import CheckOptions, CorpusSchema
from nectarc.source import SourceSpan, SourceText
from nectarc.syntax.ast import FieldRow, InvalidExpr
from nectarc.syntax.parser import parse_match_text


@record
class CheckedSafety:
    """What `error` and `critical` mean, None after an error; and the findings."""

    error: TraceExpr | None
    critical: TraceExpr | None
    diagnostics: tuple[Diagnostic, ...]


def check_safety(
    project: Project,
    manifest: SourceText | None,
    fields: tuple[FieldRow, ...] = (),
    schema: CorpusSchema | None = None,
) -> CheckedSafety:
    """Check both matches; `fields` are the rows that a policy declares."""
    options = CheckOptions(schema=schema)
    found: list[Diagnostic] = []
    matches: list[TraceExpr | None] = []
    for text, source in (
        (project.safety_error, project.safety_error_source),
        (project.safety_critical, project.safety_critical_source),
    ):
        file = manifest.file if manifest is not None else ""
        expr, problems = parse_match_text(text, file)
        match = None
        if not isinstance(expr, InvalidExpr):
            match, checked = check_match(expr, fields, options)
            problems += checked
        matches.append(match)
        found += (_placed(one, text, source, manifest) for one in problems)
    return CheckedSafety(matches[0], matches[1], tuple(dict.fromkeys(found)))


def _placed(
    finding: Diagnostic, text: str, value: SourceSpan, manifest: SourceText | None
) -> Diagnostic:
    """Move a finding from the match's own text to where the match stands in the manifest.

    A value with escapes has no such places: the whole of it is shown, and fixes are left out.
    """
    written = manifest.text[value.start : value.end] if manifest is not None else ""
    is_plain = len(written) > 1 and written[1:-1] == text and written[0] == written[-1]
    if not is_plain:
        return replace(finding, source=value, related=(), fixes=())
    quote = written[0]
    start = value.start + 1

    def moved(source: SourceSpan) -> SourceSpan:
        return SourceSpan(value.file, start + source.start, start + source.end)

    return replace(
        finding,
        source=moved(finding.source),
        related=tuple(Label(moved(one.source), one.text) for one in finding.related),
        fixes=tuple(
            Fix(fix.title, tuple(Edit(moved(one.source), one.text) for one in fix.edits))
            for fix in _writable(finding.fixes, quote, len(text))
        ),
    )


def _writable(fixes: tuple[Fix, ...], quote: str, length: int) -> Iterator[Fix]:
    """Yield the fixes that change the match only, by what may stand in its quotes as it is."""
    for fix in fixes:
        if all(
            quote not in edit.text and "\\" not in edit.text and edit.source.end <= length
            for edit in fix.edits
        ):
            yield fix

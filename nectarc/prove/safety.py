"""The `[safety]` table of a project as matches.

Owns: what `error`, `critical` and `errors` ask together. Must not know: any trace.
Truth: docs/language.md, section 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.diagnostic import Diagnostic
from nectarc.project import Project
from nectarc.prove.evidence import Safety, SafetyMatch
from nectarc.semantics.check import check_match
from nectarc.source import SourceSpan
from nectarc.syntax.ast import FieldRow, Requirement
from nectarc.syntax.parser import parse_match
from nectarc.toon.document import Scalar


def read_safety(
    project: Project, fields: Sequence[FieldRow] = ()
) -> tuple[Safety | None, tuple[Diagnostic, ...]]:
    """Read the matches of `[safety]`, with the names that a policy's `fields` declares.

    None, with errors among the findings, when `error` or `critical` cannot be read. Where
    `critical` is the same text as `error`, as by default, it asks for no more than `errors` does.
    """
    error, found = _read(project.safety_error, project.safety_error_source, fields)
    critical: SafetyMatch | None = None
    if project.safety_critical != project.safety_error:
        critical, more = _read(project.safety_critical, project.safety_critical_source, fields)
        found = (*found, *more)
        if critical is None:
            return None, found
    if error is None:
        return None, found
    errors = Requirement.NOT_DROP if project.safety_errors == "not drop" else Requirement.KEEP
    return Safety(error, critical, errors), found


def _read(
    text: str, source: SourceSpan, fields: Sequence[FieldRow]
) -> tuple[SafetyMatch | None, tuple[Diagnostic, ...]]:
    # The place of a manifest's value has its quotes; the text starts behind the first.
    inside = SourceSpan(source.file, source.start + 1, source.end - 1) if source.file else source
    expr, syntax_findings = parse_match(Scalar(value=text, text=text, source=inside))
    checked = check_match(expr, tuple(fields))
    found = (*syntax_findings, *checked.diagnostics)
    match = checked.match
    return (None if match is None else SafetyMatch(match, text, source)), found

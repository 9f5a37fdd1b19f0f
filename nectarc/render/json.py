"""Diagnostics as JSON, for tools.

Owns: the shape of product.md: a list of `code`, `severity`, `message`, `file`, `line`, `column`,
`end_line`, `end_column`, `related`, `fix`, with `why` and `help` besides. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from nectarc.diagnostic import Diagnostic, Fix
from nectarc.render.terminal import sort_key
from nectarc.source import SourceSpan, SourceText

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def render_json(diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> str:
    """Render findings in the order of their places; lines and columns count from 1, code points."""
    return json.dumps(findings_json(diagnostics, texts), indent=2, ensure_ascii=False) + "\n"


def findings_json(diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> list[Json]:
    """Return the findings as JSON values, for a result that holds more than findings."""
    return [_finding(one, texts) for one in sorted(diagnostics, key=sort_key)]


def _finding(diagnostic: Diagnostic, texts: Mapping[str, SourceText]) -> Json:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.headline,
        **_place(diagnostic.source, texts),
        "why": diagnostic.why,
        "help": diagnostic.help,
        "related": [
            {**_place(label.source, texts), "message": label.text} for label in diagnostic.related
        ],
        "fix": _fix(diagnostic.fixes, texts),
    }


def _place(source: SourceSpan, texts: Mapping[str, SourceText]) -> dict[str, Json]:
    text = texts.get(source.file)
    if text is None:
        return {"file": source.file, "line": 1, "column": 1, "end_line": 1, "end_column": 1}
    start, end = text.position(source.start), text.position(max(source.start, source.end))
    return {
        "file": source.file,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def _fix(fixes: tuple[Fix, ...], texts: Mapping[str, SourceText]) -> Json:
    """Return the first fix, the other readings beside it as `alternatives`."""
    if not fixes:
        return None
    first, *others = (_one_fix(fix, texts) for fix in fixes)
    return {**first, "alternatives": list(others)}


def _one_fix(fix: Fix, texts: Mapping[str, SourceText]) -> dict[str, Json]:
    return {
        "title": fix.title,
        "safe": fix.is_safe,
        "edits": [{**_place(edit.source, texts), "text": edit.text} for edit in fix.edits],
    }

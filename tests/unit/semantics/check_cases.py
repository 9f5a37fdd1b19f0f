"""Small policies for the tests of the checker, and what the checker says of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nectarc.diagnostic import Diagnostic, Fix, Severity
from nectarc.fixes import apply_fixes
from nectarc.ir import nodes as ir
from nectarc.semantics.check import check, check_match
from nectarc.semantics.options import CheckOptions
from nectarc.source import SourceText
from nectarc.syntax.parser import parse_match
from tests.policy_trees import cell, field_rows, policy_tree

REST = {"name": "rest", "match": "true", "action": "keep", "priority": 0}


class Schema:
    """A corpus schema of fields with their types and counts of values."""

    def __init__(self, fields: Mapping[str, tuple[Sequence[str], int]]) -> None:
        self._fields = fields

    def names(self) -> Collection[str]:
        return self._fields.keys()

    def cardinality(self, name: str) -> int | None:
        return self._fields[name][1] if name in self._fields else None

    def types(self, name: str) -> Collection[str]:
        return self._fields[name][0] if name in self._fields else ()


def rule(
    match: str, action: str = "keep", name: str = "rule", priority: int = 10
) -> dict[str, Any]:
    return {"name": name, "match": match, "action": action, "priority": priority}


def findings(
    *rules: Mapping[str, Any],
    schema: Schema | None = None,
    fields: Sequence[Mapping[str, Any]] = (),
    budget_per_second: float | None = None,
) -> tuple[Diagnostic, ...]:
    """Return what the checker says of these rules and a fallback."""
    data = {"rules": [*rules, REST], "fields": fields, "budget_per_second": budget_per_second}
    return check(policy_tree(data), CheckOptions(schema=schema))[1]


def codes(
    *rules: Mapping[str, Any],
    schema: Schema | None = None,
    fields: Sequence[Mapping[str, Any]] = (),
    budget_per_second: float | None = None,
) -> list[str]:
    """Return the codes of the findings, hints included, by place."""
    found = findings(*rules, schema=schema, fields=fields, budget_per_second=budget_per_second)
    return [one.code for one in found]


def match_findings(
    text: str, fields: Sequence[Mapping[str, Any]] = ()
) -> tuple[ir.TraceExpr | None, tuple[Diagnostic, ...]]:
    """Check one match with its text at hand, so that fixes have edits."""
    expr, problems = parse_match(cell(text))
    assert not problems, problems
    options = CheckOptions(text=SourceText.of("p", text))
    return check_match(expr, field_rows(fields), options)


def meaning(text: str, fields: Sequence[Mapping[str, Any]] = ()) -> ir.TraceExpr:
    """Return what a match without errors means."""
    match, diagnostics = match_findings(text, fields)
    assert [one for one in diagnostics if one.severity is Severity.ERROR] == []
    assert match is not None
    return match


def applied(text: str, fix: Fix) -> str:
    """Return `text` with the edits of a fix done."""
    changed, done = apply_fixes(SourceText.of(fix.edits[0].source.file, text), [fix])
    assert done == (fix,)
    return changed


def fixed_texts(text: str, code: str) -> list[str]:
    """Return what each fix of the one finding `code` makes of the match `text`."""
    found = [one for one in match_findings(text)[1] if one.code == code]
    assert len(found) == 1, found
    return [applied(text, fix) for fix in found[0].fixes]

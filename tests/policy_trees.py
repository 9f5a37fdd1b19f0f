"""Syntax trees of policies given as data, without TOON: cells stand alone, places into their text.

The vectors of policies.jsonl are such data, and tests of the checker need few lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nectarc.diagnostic import Diagnostic
from nectarc.source import NOWHERE, SourceSpan
from nectarc.syntax import ast
from nectarc.syntax.parser import parse_action, parse_match, parse_require
from nectarc.toon.document import Scalar


def cell(text: str, value: float | None = None) -> Scalar:
    """Return a cell that is a whole file of its own."""
    return Scalar(
        value=text if value is None else value, text=text, source=SourceSpan("p", 0, len(text))
    )


def rule_tree(row: Mapping[str, Any]) -> tuple[ast.Rule, tuple[Diagnostic, ...]]:
    """Return a row of `rules` and what its syntax lacks."""
    match, problems = parse_match(cell(row["match"]))
    action, more = parse_action(cell(row["action"]))
    rule = ast.Rule(
        name=cell(row["name"]),
        description=None,
        match=match,
        match_cell=cell(row["match"]),
        action=action,
        action_cell=cell(row["action"]),
        priority=row["priority"],
        priority_cell=cell(str(row["priority"]), row["priority"]),
        source=NOWHERE,
    )
    return rule, (*problems, *more)


def field_rows(rows: Sequence[Mapping[str, Any]]) -> tuple[ast.FieldRow, ...]:
    """Return the rows of `fields`."""
    return tuple(
        ast.FieldRow(
            name=cell(row["name"]),
            type=cell(row["type"]),
            spellings=tuple(cell(name) for name in row["from"]),
            source=NOWHERE,
        )
        for row in rows
    )


def invariant_row(name: str, when: str, require: str) -> ast.InvariantRow:
    """Return a row of `invariants`."""
    return ast.InvariantRow(
        name=cell(name),
        when=parse_match(cell(when))[0],
        when_cell=cell(when),
        require=parse_require(cell(require))[0],
        source=NOWHERE,
    )


def policy_tree(data: Mapping[str, Any], name: str = "policy") -> ast.Policy:
    """Return the tree of a policy of the vectors; its cells must have no syntax errors."""
    rules: list[ast.Rule] = []
    for row in data["rules"]:
        rule, problems = rule_tree(row)
        assert not problems, problems
        rules.append(rule)
    return ast.Policy(
        version=1,
        name=cell(name),
        budget_per_second=data.get("budget_per_second"),
        rules=tuple(rules),
        rules_source=NOWHERE,
        fields=field_rows(data.get("fields", ())),
        source=NOWHERE,
    )

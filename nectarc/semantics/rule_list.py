"""A rule with what its cells mean: what the lints look at.

Owns: the record. Must not know: any lint.
"""

from __future__ import annotations

from typing import NamedTuple

from nectarc.ir import nodes as ir
from nectarc.source import SourceSpan
from nectarc.syntax import ast


class CheckedRule(NamedTuple):
    """A rule as written, its match and action as meant; None where an error stands."""

    rule: ast.Rule
    match: ir.TraceExpr | None
    action: ir.Action | None

    @property
    def action_source(self) -> SourceSpan:
        """Return the place of the action."""
        return self.rule.action.source if self.rule.action is not None else self.rule.source

    @property
    def priority_source(self) -> SourceSpan:
        """Return the place of the priority."""
        cell = self.rule.priority_cell
        return cell.source if cell is not None else self.rule.source

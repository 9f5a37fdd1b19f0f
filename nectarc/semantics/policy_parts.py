"""What a checked policy has besides its decision list: invariants.

Owns: the records. Must not know: how they are proven or run.
Truth: docs/language.md, section 2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from nectarc.diagnostic import Diagnostic
from nectarc.ir.nodes import Policy, TraceExpr
from nectarc.records import part, record
from nectarc.source import NOWHERE, SourceSpan
from nectarc.syntax.ast import Requirement


@record(kw_only=True)
class Invariant:
    """For every trace that `when` holds of, the kept share must be as required.

    share: the bound of AT_LEAST and AT_MOST, 0 <= share <= 1; None for KEEP and NOT_DROP.
    """

    name: str
    when: TraceExpr
    requirement: Requirement
    share: Fraction | None = None
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


class CheckedPolicy(NamedTuple):
    """What a check found out. `policy` is None where errors leave no decision list."""

    policy: Policy | None
    invariants: tuple[Invariant, ...]
    diagnostics: tuple[Diagnostic, ...]

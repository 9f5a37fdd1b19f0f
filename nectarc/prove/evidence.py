"""What a policy is checked against: traffic, the project's safety matches, its own invariants.

Owns: what comes in. Must not know: any question.
Truth: docs/language.md, section 1 (`[corpus]`, `[safety]`, `[traffic]`).
"""

from __future__ import annotations

from collections.abc import Callable

from nectarc.ir.nodes import Policy, TraceExpr
from nectarc.prove.corpus_decisions import TracesInMemory, TraceSource
from nectarc.records import part, record
from nectarc.refinery.lowered import Lowered
from nectarc.semantics.policy_parts import Invariant
from nectarc.source import NOWHERE, SourceSpan, SourceText
from nectarc.syntax import ast
from nectarc.syntax.ast import Requirement


@record(kw_only=True)
class Evidence:
    """What is known of the traffic.

    corpus:            trace exemplars; without any when there are none.
    must_keep:         incident traces that may never be lost.
    traces_per_second: what the manifest says, None when it leaves that to the corpus.
    presampled:        how the corpus was sampled, e.g. `sampled upstream at 1 in 10`; "" if it
                       is whole.
    root:              what the names of files of traces leave out, as `/home/me/shop/`.
    """

    corpus: TraceSource = part(default=TracesInMemory(()))
    must_keep: TraceSource = part(default=TracesInMemory(()))
    traces_per_second: float | None = None
    presampled: str = ""
    root: str = ""


@record
class SafetyMatch:
    """A match of the manifest: what it means, its text, where it stands."""

    match: TraceExpr
    text: str
    source: SourceSpan = NOWHERE


@record
class Safety:
    """The `[safety]` table.

    errors:   what is asked for `error` traces: KEEP or NOT_DROP.
    critical: traces that must be kept, every one; None when it is the same match as `error`.
    """

    error: SafetyMatch
    critical: SafetyMatch | None = None
    errors: Requirement = Requirement.KEEP


@record(kw_only=True)
class Questions:
    """What is asked of a policy besides what is asked of all.

    budget_per_second: of the policy, kept events per second; None when it sets none.
    lowered:           the policy's Refinery rules; None where there are none, or none exact.
    """

    safety: Safety | None = None
    invariants: tuple[Invariant, ...] = ()
    budget_per_second: float | None = None
    lowered: Lowered | None = None


@record
class Written:
    """The policy as its author wrote it, for fixes.

    recheck: reads and checks a changed text; None when it has errors.
    """

    tree: ast.Policy
    text: SourceText
    recheck: Callable[[SourceText], Policy | None]


@record
class ProveOptions:
    """seed: of the bootstrap."""

    seed: int = 0

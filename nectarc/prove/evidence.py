"""The traces that a policy is checked on, each with the rule that decides it.

Owns: what comes in, deciding every trace once. Must not know: any question.
Truth: docs/language.md, section 1 (`[corpus]`, `[safety]`, `[traffic]`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundaries import plan_boundaries
from nectarc.evaluate.policy import decide
from nectarc.ir.nodes import Policy, Rule, TraceExpr
from nectarc.records import record
from nectarc.refinery.lowered import Lowered
from nectarc.semantics.policy_parts import Invariant
from nectarc.source import NOWHERE, SourceSpan, SourceText
from nectarc.syntax import ast
from nectarc.syntax.ast import Requirement
from nectarc.trace import Trace


@record(kw_only=True)
class Evidence:
    """What is known of the traffic.

    corpus:            trace exemplars; empty when there are none.
    must_keep:         incident traces that may never be lost.
    traces_per_second: what the manifest says, None when it leaves that to the corpus.
    """

    corpus: Sequence[CorpusTrace] = ()
    must_keep: Sequence[CorpusTrace] = ()
    traces_per_second: float | None = None


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
    """How much is built. About 40 microseconds a trace and rule."""

    bounded_limit: int = 2000
    seed: int = 0


@record
class Decided:
    """A trace and the index of the rule that decides it. `stored` is None for a built one."""

    trace: Trace
    rule: int
    stored: CorpusTrace | None = None


@record
class Ground:
    """Everything that questions are asked of."""

    policy: Policy
    corpus: tuple[Decided, ...]
    must_keep: tuple[Decided, ...]
    bounded: tuple[Decided, ...]
    is_exhaustive: bool
    skipped: tuple[str, ...]

    def rule(self, decided: Decided) -> Rule:
        """Return the rule that decides."""
        return self.policy.rules[decided.rule]


def ground_of(
    policy: Policy, questions: Iterable[TraceExpr], evidence: Evidence, options: ProveOptions
) -> Ground:
    """Decide every trace of the corpus, and as many built ones as `options` says.

    The built ones come from the tests of the policy and of the questions. Three quarters are such
    as OpenTelemetry senders make, and stand first, so that a counterexample is a likely one; the
    others have wrong types, null and NaN, too.
    """
    exprs = (*(rule.match for rule in policy.rules), *questions)
    usual = plan_boundaries(exprs, assume=Assume.usual(exprs))
    hostile = plan_boundaries(exprs)
    usual_limit = options.bounded_limit * 3 // 4
    built = [
        *usual.traces(usual_limit, options.seed),
        *hostile.traces(options.bounded_limit - usual_limit, options.seed + 1),
    ]
    return Ground(
        policy,
        tuple(_decided(policy, stored) for stored in evidence.corpus),
        tuple(_decided(policy, stored) for stored in evidence.must_keep),
        tuple(Decided(trace, decide(policy, trace)) for trace in built),
        usual.is_exhaustive(usual_limit),
        hostile.skipped,
    )


def _decided(policy: Policy, stored: CorpusTrace) -> Decided:
    return Decided(stored.trace, decide(policy, stored.trace), stored)

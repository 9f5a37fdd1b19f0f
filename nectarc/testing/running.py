"""Running cases: which rule decides each trace, by the policy and by its compiled rules.

Owns: pass and fail. Must not know: layout, files.
Truth: the two plain evaluators; docs/language.md, section 6 (rules decide as the policy does).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from nectarc.diagnostic import InternalError
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.policy import decide
from nectarc.evaluate.refinery_rules import Decider, ProcessExit, compile_target
from nectarc.ir.nodes import Policy
from nectarc.records import record
from nectarc.refinery.lowered import Lowered
from nectarc.refinery.rules import RulesConfig
from nectarc.testing.cases import Case
from nectarc.trace import Trace


class Rules(Enum):
    """What the compiled rules said of a trace. A disagreement is a defect of ours and raises."""

    AGREE = "agree"
    OUTSIDE = "outside their assumptions"
    NOT_COMPILED = "not compiled"


@record
class TraceResult:
    """The index of the rule that decided `trace`, and what the compiled rules said."""

    trace: Trace
    decided: int
    rules: Rules


@record
class CaseResult:
    """What became of one case. `failed`: the traces that another rule decided."""

    case: Case
    results: tuple[TraceResult, ...]
    failed: tuple[TraceResult, ...]

    @property
    def is_pass(self) -> bool:
        """Whether there was a trace, and all were decided as expected."""
        return bool(self.results) and not self.failed


def run_cases(
    policy: Policy, cases: Sequence[Case], lowered: Lowered | None
) -> tuple[CaseResult, ...]:
    """Run `cases`. `lowered`: the exact rules of `policy`, None where there are none.

    Raises InternalError where policy and rules differ on a trace that meets the assumptions.
    """
    runner = _Runner(policy, lowered)
    return tuple(runner.run(case) for case in cases)


class _Runner:
    """The policy and its rules, prepared once."""

    def __init__(self, policy: Policy, lowered: Lowered | None) -> None:
        self.policy = policy
        self.lowered = lowered
        self.rules: Decider | None = None
        if lowered is not None and isinstance(lowered.sampler, RulesConfig):
            self.rules = compile_target(lowered.sampler)
        self.assume = Assume.of(lowered.assumptions) if lowered is not None else Assume()

    def run(self, case: Case) -> CaseResult:
        """Decide every trace of `case`."""
        results = tuple(self._decided(trace) for trace in case.traces)
        failed = tuple(one for one in results if self.policy.rules[one.decided].name != case.expect)
        return CaseResult(case, results, failed)

    def _decided(self, trace: Trace) -> TraceResult:
        index = decide(self.policy, trace)
        return TraceResult(trace, index, self._by_rules(trace, self.policy.rules[index].name))

    def _by_rules(self, trace: Trace, expected: str) -> Rules:
        if self.lowered is None:
            return Rules.NOT_COMPILED
        if not self.assume.allows_trace(trace):
            return Rules.OUTSIDE
        if self.rules is None:
            return Rules.AGREE  # a sole `deterministic` rule: there is nothing to choose
        outcome = self.rules(trace)
        rule = None if isinstance(outcome, ProcessExit) else outcome.rule
        actual = None if rule is None else self.lowered.origins[rule].rule
        if actual != expected:
            raise InternalError(
                f"the compiled rules decide `{actual}` and the policy `{expected}`"
                f" for trace {trace.trace_id}"
            )
        return Rules.AGREE

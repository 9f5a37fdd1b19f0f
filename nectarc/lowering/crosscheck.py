"""Run policy and rules side by side, by the plain evaluators, before rules are written.

Owns: the comparison. Must not know: how the rules came about. A difference is our defect.
Truth: docs/language.md, section 6 (exact or refused).
"""

from __future__ import annotations

from typing import Final

from nectarc.diagnostic import InternalError
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.policy import decide
from nectarc.evaluate.refinery_rules import ProcessExit, compile_target
from nectarc.ir.nodes import Policy
from nectarc.records import record
from nectarc.refinery.lowered import Lowered
from nectarc.refinery.rules import DeterministicConfig
from nectarc.trace import Trace

TRACES: Final = 300
# Plain evaluators take their time, and a proof stands beside them: long lists get fewer traces.
_DECISIONS_MAX: Final = 20_000


@record
class CrossCheck:
    """How many traces were decided alike; a difference raises."""

    traces: int


def cross_check(policy: Policy, lowered: Lowered, *, traces: int = TRACES) -> CrossCheck:
    """Decide boundary traces by `policy` and by its rules. Raises InternalError when they differ.

    The traces are built from the boundary classes of the tests of both, all types of values
    included, but for those that the recorded assumptions exclude.
    """
    if isinstance(lowered.sampler, DeterministicConfig):
        return CrossCheck(0)
    decide_rules = compile_target(lowered.sampler)
    assume = Assume.of(lowered.assumptions)
    count = 0
    limit = min(traces, max(50, _DECISIONS_MAX // len(policy.rules)))
    for trace in boundary_traces(policy, lowered.sampler, assume=assume, limit=limit):
        count += 1
        expected = policy.rules[decide(policy, trace)].name
        outcome = decide_rules(trace)
        rule = None if isinstance(outcome, ProcessExit) else outcome.rule
        actual = None if rule is None else lowered.origins[rule].rule
        if actual != expected:
            raise InternalError(_difference(policy, trace, expected, actual))
    return CrossCheck(count)


def _difference(policy: Policy, trace: Trace, expected: str, actual: str | None) -> str:
    spans = "; ".join(str(dict(span.fields)) for span in trace.spans)
    return (
        f"the rules of policy `{policy.name}` decide `{actual}` where the policy decides"
        f" `{expected}`, on a trace with the spans {spans}"
    )

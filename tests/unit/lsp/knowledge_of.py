"""What a worker would say of the policies of these tests: figures made up, verdicts asked for.

Owns: `share_of`, `known_of`. Must not know: features.
"""

from __future__ import annotations

from nectarc.ir.nodes import Sample
from nectarc.prove.verdicts import CheckResult, Counterexample, Verdict
from nectarc.records import replace
from nectarc.trace import Span, Trace
from nectarc_lsp.database.knowledge import Knowledge, Progress, RuleKnowledge, Share

TRACES = 200


def share_of(traces: int, events: float, kept: float | None) -> Share:
    """Return the share of a rule that decides so many of 200 traces and 1,000 events."""
    return Share(
        traces=traces,
        of_traces=TRACES,
        weight=float(traces),
        of_weight=float(TRACES),
        events=events,
        of_events=1_000.0,
        kept_traces=None if kept is None else traces * kept,
        kept_events=None if kept is None else events * kept,
    )


def known_of(*rules: RuleKnowledge, checks: tuple[CheckResult, ...] = ()) -> Knowledge:
    """Return knowledge of these rules with all stages done."""
    return Knowledge(
        digest="", progress=Progress.LOWERED, rules=rules, checks=checks, corpus_traces=TRACES
    )


def check_of(name: str, verdict: Verdict, *, rule: str = "") -> CheckResult:
    """Return a check; with `rule`, a trace of status 503 that this rule decides refutes it."""
    found = CheckResult(name=name, claim=f"the claim of {name}", verdict=verdict)
    if not rule:
        return found
    trace = Trace("1", (Span({"http.status": 503}),))
    shown = Counterexample(trace=trace, spans=1, rule=rule, action=Sample(100))
    return replace(found, counterexample=shown)

"""What a report's verdicts say at the policy's own lines.

Owns: NEC450, NEC452, NEC453, NEC457, NEC458. Must not know: how anything was checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label
from nectarc.ir.nodes import Policy
from nectarc.prove.critical import RareFailure
from nectarc.prove.evidence import Questions, Safety
from nectarc.prove.ground import Ground
from nectarc.prove.shares import action_words
from nectarc.prove.verdicts import CRITICAL, ERRORS, INVARIANT, CheckResult, Verdict
from nectarc.render.counting import counted
from nectarc.source import NOWHERE, SourceSpan

# A corpus is asked for these; without one there is nothing to find fault with.
_OF_CORPUS: Final = frozenset({"budget", "assumptions"})


def claim_findings(
    checks: Sequence[CheckResult], questions: Questions, policy: Policy
) -> Iterator[Diagnostic]:
    """Return an error for each refuted claim, at the rule that decides the counterexample."""
    asked_at = {f"{INVARIANT}{one.name}": one.source for one in questions.invariants}
    safety = questions.safety
    if safety is not None:
        asked_at[ERRORS] = safety.error.source
        asked_at[CRITICAL] = safety.critical.source if safety.critical else NOWHERE
    for check in checks:
        shown = check.counterexample
        if check.verdict is not Verdict.REFUTED or check.name not in asked_at or shown is None:
            continue
        yield finding(
            "NEC452" if check.name.startswith(INVARIANT) else "NEC450",
            _rule_source(policy, shown.rule),
            f"not so: {check.claim}",
            label=action_words(shown.action),
            why=f"{check.reason}; the report of `prove` shows such a trace",
            help="match these traces in a rule above, or change what is asked",
            related=_asked_here(asked_at[check.name]),
        )


def budget_findings(checks: Sequence[CheckResult], policy: Policy) -> Iterator[Diagnostic]:
    """Return a warning when the budget is refuted."""
    for check in checks:
        if check.name == "budget" and check.verdict is Verdict.REFUTED:
            yield finding(
                "NEC453",
                _first_source(policy),
                f"the budget is exceeded: {check.reason}",
                why=f"the policy says that {check.claim}",
                help="sample the rules that keep most (see `nectarc explain`), or raise"
                " `budget_per_second`",
            )


def rare_findings(
    rare: Sequence[RareFailure], ground: Ground, safety: Safety | None
) -> Iterator[Diagnostic]:
    """Return a warning about rare failures that may be lost.

    Not in a project that says what is critical: there they are listed only.
    """
    lost = [one for one in rare if one.lost]
    if not lost or safety is None or safety.critical is not None:
        return
    first = lost[0]
    rule = ground.policy.rules[first.rule]
    example = ground.corpus.fetch(first.example).trace
    ways = "1 rare failure" if len(lost) == 1 else f"{len(lost)} rare failures"
    yield finding(
        "NEC457",
        rule.source,
        f"{ways} of the corpus may be lost: {first.words}",
        label=action_words(rule.action),
        why=f"{counted(first.traces, 'trace')} of the corpus"
        f" {'shows' if first.traces == 1 else 'show'} it, e.g. {example.trace_id}; what is rare and"
        " fails is what an engineer will look for",
        help="keep such traces, mark them with `nectarc ingest --must-keep`, or say in `[safety]"
        " critical` what is critical",
    )


def unknown_findings(checks: Sequence[CheckResult], policy: Policy) -> Iterator[Diagnostic]:
    """Return a warning for each question about all traces that has no answer."""
    for check in checks:
        is_open = check.verdict is Verdict.UNKNOWN and check.name not in _OF_CORPUS
        if is_open or (check.verdict is Verdict.HOLDS and check.reason.startswith("no proof")):
            yield finding(
                "NEC458",
                _first_source(policy),
                f"neither proven nor refuted: {check.claim}",
                why=check.reason,
                help="ask with fewer or simpler text tests on one field",
            )


def _asked_here(source: SourceSpan) -> tuple[Label, ...]:
    """Point at what is asked; a default stands nowhere, its place is empty."""
    return (Label(source, "asked here"),) if source.file and source.end > source.start else ()


def _first_source(policy: Policy) -> SourceSpan:
    return policy.rules[0].source if policy.rules else NOWHERE


def _rule_source(policy: Policy, name: str) -> SourceSpan:
    return next((rule.source for rule in policy.rules if rule.name == name), NOWHERE)

"""What `prove` says of a policy, for the report: each verdict with what it is about.

Owns: how open questions are settled. Must not know: layout, how anything was checked.
Truth: ../shared/design/product.md: a verdict says its scope in the same breath.
"""

from __future__ import annotations

from typing import Final

from nectarc.diagnostic import Severity
from nectarc.prove.verdicts import CheckResult, ProveReport, Verdict
from nectarc.report.prove_text import about_words, counterexample_lines, headline
from nectarc.waggle.records import Proof, Proofs

_LOAD: Final = "load recorded traces, `nectarc ingest FILE...`, and run this again"
_RATE: Final = "set `traces_per_second` under `[traffic]` in nectar.toml"
# How to have asked what was not asked, by the name in front of its reason.
_ASK: Final = {
    "errors": 'write what an error is: `[safety] error = "http.status >= 500"` in nectar.toml',
    "refinery-rules": "`nectarc compile` says why, and what to write instead",
    "budget": "give the policy a `budget_per_second`",
}
_SPANS_WIDTH: Final = 92


def proofs_of(report: ProveReport) -> Proofs:
    """Return the report of `prove`, in words."""
    assumed = bool(report.assumptions)
    return Proofs(
        headline=headline(report),
        checks=tuple(_proof(check, report, has_assumptions=assumed) for check in report.checks),
        assumptions=report.assumptions,
        not_asked=tuple(_not_asked(words) for words in report.not_asked),
        findings=sum(one.severity is not Severity.HINT for one in report.findings),
    )


def _proof(check: CheckResult, report: ProveReport, *, has_assumptions: bool) -> Proof:
    is_open = check.verdict is Verdict.UNKNOWN
    return Proof(
        name=check.name,
        verdict=check.verdict,
        claim=check.claim,
        about=about_words(check, has_assumptions=has_assumptions),
        reason=check.reason,
        settle=_settle(check, report) if is_open else "",
        counterexample=tuple(counterexample_lines(check, width=_SPANS_WIDTH)),
    )


def _settle(check: CheckResult, report: ProveReport) -> str:
    if check.name == "budget":
        return _RATE if report.corpus.traces else _LOAD
    if report.corpus.traces:
        return "a recorded trace under `tests` settles single cases; `nectarc prove` says more"
    return _LOAD


def _not_asked(words: str) -> str:
    name = words.split(":", 1)[0]
    return f"{words}; {_ASK[name]}" if name in _ASK else words

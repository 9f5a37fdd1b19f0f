"""What a check found, and how far it looked.

Owns: the records. Must not know: how anything is checked or shown.
Truth: ../shared/design/product.md, "A verdict says its scope in the same breath". The word PROVED
is reserved for a prover that looks at all traces; nothing here does.
"""

from __future__ import annotations

from enum import Enum

from nectarc.diagnostic import Diagnostic
from nectarc.ir.nodes import Action
from nectarc.records import part, record
from nectarc.trace import Trace


class Verdict(Enum):
    """HOLDS: on all traces of the scope. REFUTED: on the trace shown. SKIPPED: not looked."""

    HOLDS = "HOLDS"
    REFUTED = "REFUTED"
    SKIPPED = "SKIPPED"


@record
class Scope:
    """What was looked at.

    corpus:        traces of the corpus that the claim is about.
    bounded:       traces built around the boundaries of the tests that it is about.
    is_structural: it follows from the form of the policy; the counts do not matter.
    """

    corpus: int = 0
    bounded: int = 0
    is_structural: bool = False


@record
class Counterexample:
    """A trace on which a claim fails, replayed after it was made small.

    trace:   what is left after dropping spans and fields that do not matter.
    origin:  the id of the corpus trace it came from, "" for one built around boundaries.
    file:    where that trace was read from, "" if not known.
    spans:   how many spans the original has.
    rule:    the rule that decides it, with `action`.
    """

    trace: Trace
    origin: str
    file: str
    spans: int
    rule: str
    action: Action


@record(kw_only=True)
class CheckResult:
    """One question and its answer.

    name:    short and stable, for tables and JSON: "errors", "invariant cheap-probes".
    claim:   what is claimed, a sentence without its full stop.
    reason:  what happens instead (REFUTED), why nothing was looked at (SKIPPED), how it was
             computed (the budget); "" when the claim says it all.
    failing: corpus traces on which the claim fails.
    """

    name: str
    claim: str
    verdict: Verdict
    scope: Scope = part(default=Scope())
    reason: str = ""
    failing: int = 0
    counterexample: Counterexample | None = None


@record(kw_only=True)
class ProveReport:
    """All answers about one policy.

    corpus_traces:  how many there were.  bounded_traces: how many were built.
    is_exhaustive:  those hold every combination, on up to two spans, of what the tests tell apart.
    skipped:        what no trace could be built for.
    findings:       for the exit status and the editor; each refuted check has one.
    """

    policy: str
    checks: tuple[CheckResult, ...]
    findings: tuple[Diagnostic, ...]
    corpus_traces: int
    bounded_traces: int
    is_exhaustive: bool
    skipped: tuple[str, ...] = ()

    @property
    def is_refuted(self) -> bool:
        """Whether some check is."""
        return any(check.verdict is Verdict.REFUTED for check in self.checks)

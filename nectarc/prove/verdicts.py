"""What a check found, and about which traces.

Owns: the records. Must not know: how anything is checked or shown.
Truth: ../shared/design/product.md, "A verdict says its scope in the same breath".
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from nectarc.diagnostic import Diagnostic
from nectarc.ir.nodes import Action
from nectarc.records import part, record
from nectarc.trace import Trace

if TYPE_CHECKING:  # it brings NumPy and Arrow, which `diff` without a corpus need not
    from nectarc.prove.critical import RareFailure


# What stands for no more of the traffic than this is rare.
RARE_SHARE: Final = 0.01


# Names of checks: the two of `[safety]`, and what stands before an invariant's name.
ERRORS: Final = "errors"
CRITICAL: Final = "critical"
INVARIANT: Final = "invariant "


class Verdict(Enum):
    """PROVED: for every trace. REFUTED: by a trace. HOLDS: on the corpus. UNKNOWN: not answered."""

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    HOLDS = "HOLDS"
    UNKNOWN = "UNKNOWN"


@record(kw_only=True)
class Sample:
    """The traces of the corpus that a claim is about.

    traces:  how many there are. weight: how many real traces they stand for.
    failing: on how many of them the claim fails.
    upper:   with 95 % confidence at most this share of such traffic fails; None where the claim is
             about these traces only, where some fail, or where there are none.
    """

    traces: int
    weight: float
    failing: int = 0
    upper: float | None = None


@record(kw_only=True)
class Counterexample:
    """A trace on which a claim fails, replayed by the plain evaluators after it was made small.

    trace:    what is left after dropping spans and fields that do not matter.
    origin:   the id of the corpus trace it came from, "" for one that the prover made.
    file:     where that trace was read from, "" if not known.
    spans:    how many spans the original has.
    rule:     the rule that decides it, with `action`.
    expected: a rule that would do what is asked, for a test; "" if the policy has none.
    asked:    span fields that the policy's rules read.
    """

    trace: Trace
    origin: str = ""
    file: str = ""
    spans: int
    rule: str
    action: Action
    expected: str = ""
    asked: frozenset[str] = frozenset()


@record(kw_only=True)
class CheckResult:
    """One question and its answer.

    name:     short and stable, for tables and JSON: "errors", "invariant cheap-probes".
    claim:    what is claimed, a sentence without its full stop.
    reason:   what happens instead (REFUTED), why there is no answer (UNKNOWN) or no proof (HOLDS),
              how it was computed (the budget); "" when the claim says it all.
    sample:   the corpus's part in it, None where the corpus was not asked.
    is_about_rules: the answer is under the assumptions of the Refinery rules.
    figures:  numbers for programs, by name (docs/prove.md, "JSON").
    """

    name: str
    claim: str
    verdict: Verdict
    reason: str = ""
    sample: Sample | None = None
    counterexample: Counterexample | None = None
    is_about_rules: bool = False
    figures: tuple[tuple[str, float], ...] = ()


@record(kw_only=True)
class CorpusSummary:
    """The corpus of a run. presampled: how it was sampled, "" if it is whole."""

    traces: int = 0
    spans: int = 0
    weight: float = 0.0
    presampled: str = ""


@record(kw_only=True)
class ProveReport:
    """All answers about one policy.

    findings:    for the exit status and the editor; each refuted check has one.
    assumptions: what the Refinery rules take for granted, in words.
    rare:        what the corpus shows as rare and failing.
    not_asked:   checks that the project gives no reason for, in words.
    """

    policy: str
    checks: tuple[CheckResult, ...]
    findings: tuple[Diagnostic, ...]
    corpus: CorpusSummary = part(default=CorpusSummary())
    assumptions: tuple[str, ...] = ()
    rare: tuple[RareFailure, ...] = ()
    not_asked: tuple[str, ...] = ()

    @property
    def is_refuted(self) -> bool:
        """Whether some check is."""
        return any(check.verdict is Verdict.REFUTED for check in self.checks)

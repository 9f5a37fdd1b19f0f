"""What questions about one policy are asked of: all traces, and the decided corpus.

Owns: both answers' raw material, and counterexamples from either. Must not know: any question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

import numpy as np

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.policy import decide
from nectarc.ir.nodes import Keep, Policy
from nectarc.ir.walk import fields_of
from nectarc.logic.decision_list import DecisionList
from nectarc.logic.questions import Answer
from nectarc.prove.confidence import upper_bound
from nectarc.prove.corpus_decisions import Bools, Decisions
from nectarc.prove.verdicts import Counterexample, Sample
from nectarc.records import record
from nectarc.trace import Trace


class Asks(Protocol):
    """What answers questions about all traces: a `Prover`, or verdicts kept through edits."""

    def find(
        self, decided: Mapping[int, Collection[int | None]], when: Sequence[int] = ()
    ) -> Answer:
        """Look for a trace that one of these entries decides, and these conditions hold of."""

    def explain_dead(self, list_index: int, entry: int) -> tuple[int, ...]:
        """Return the fewest entries above that leave `entry` no trace."""


@record(kw_only=True)
class Ground:
    """Everything that questions are asked of.

    prover:   over the list of `policy` (position 0) and the conditions of the claims, by position.
    corpus:   decisions of `policy` (row 0) and `holds` of the same claims, then of others.
    must_keep: decisions of `policy` on the marked traces.
    root:      as in `Evidence`.
    """

    policy: Policy
    rules: DecisionList
    prover: Asks
    corpus: Decisions
    must_keep: Decisions
    root: str = ""

    def deciding(self, is_wanted: Callable[[int], bool], decisions: Decisions) -> Bools:
        """Say of each trace whether a rule with a wanted index decides it. (traces,)."""
        wanted = [is_wanted(index) for index in range(len(self.policy.rules))]
        # One more for a list without a fallback, whose traces Refinery keeps.
        found: Bools = np.array([*wanted, False], np.bool_)[decisions.rules[0]]
        return found

    def is_keep(self, rule: int) -> bool:
        """Say whether the rule keeps every trace that it decides."""
        return isinstance(self.policy.rules[rule].action, Keep)

    def file_of(self, stored: CorpusTrace) -> str:
        """Return the file that a trace was read from, as people of the project name it."""
        return stored.source.removeprefix(self.root) if self.root else stored.source

    def shown(
        self, trace: Trace, expected: str = "", stored: CorpusTrace | None = None
    ) -> Counterexample:
        """Return `trace` with the rule that decides it; `stored` is what it was cut down from."""
        rule = self.policy.rules[decide(self.policy, trace)]
        return Counterexample(
            trace=trace,
            origin=stored.trace.trace_id if stored is not None else "",
            file=self.file_of(stored) if stored is not None else "",
            spans=len((stored.trace if stored is not None else trace).spans),
            rule=rule.name,
            action=rule.action,
            expected=expected,
            asked=frozenset(
                name
                for one in self.policy.rules
                for field in fields_of(one.match)
                for name in field.spellings
            ),
        )


def smallest(decisions: Decisions, is_one: Bools) -> CorpusTrace:
    """Fetch the trace with the fewest spans of those marked; there must be one."""
    indices = np.flatnonzero(is_one)
    return decisions.fetch(int(indices[np.argmin(decisions.span_counts[indices])]))


def sample_of(decisions: Decisions, is_asked: Bools, is_failing: Bools) -> Sample:
    """Count the traces that are asked, and those of them that fail."""
    weights = decisions.weights[is_asked]
    failing = int((is_asked & is_failing).sum())
    return Sample(
        traces=len(weights),
        weight=float(weights.sum()),
        failing=failing,
        upper=None if failing else upper_bound(weights),
    )

"""What of a corpus each rule of a policy decides, however large the corpus is.

Owns: the sums, by weight. Must not know: layout. Truth: ../shared/design/product.md (`explain`).
"""

from __future__ import annotations

import numpy as np

from nectarc.ir.nodes import Policy
from nectarc.prove.corpus_decisions import Asked, TraceSource, decide_corpus
from nectarc.report.explain import RuleCounts


def count_rules(policy: Policy, source: TraceSource, presampled: str = "") -> RuleCounts:
    """Count traces and events by the rule that decides; each trace as often as it weighs."""
    decisions = decide_corpus(source, Asked(lists=(policy,)))
    rules = decisions.rules[0].astype(np.int64)
    weights, count = decisions.weights, len(policy.rules)
    events = weights * decisions.span_counts
    return RuleCounts(
        corpus_traces=len(decisions),
        traces=tuple(np.bincount(rules, weights, count).tolist()),
        events=tuple(np.bincount(rules, events, count).tolist()),
        is_weighted=bool((weights != 1).any()),
        presampled=presampled,
    )

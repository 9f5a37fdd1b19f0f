"""What a corpus covers of a policy, however large it is.

Owns: counting by columns. Must not know: what counts as covered, layout.
"""

from __future__ import annotations

import numpy as np

from nectarc.ir.nodes import Policy
from nectarc.prove.corpus_decisions import Asked, TraceSource, decide_corpus
from nectarc.testing.coverage import Coverage, counted_coverage, questions_of


def coverage_of_corpus(policy: Policy, source: TraceSource) -> Coverage:
    """Count as `coverage_of` does, partition by partition."""
    questions = questions_of(policy)
    asked = Asked(lists=(policy,), exprs=tuple(one.expr for one in questions))
    decisions = decide_corpus(source, asked)
    rules = decisions.rules[0].astype(np.int64)
    counts: list[int] = np.bincount(rules, minlength=len(policy.rules)).tolist()
    reached: list[int] = []
    true: list[int] = []
    for question, holds in zip(questions, decisions.holds, strict=True):
        is_asked = rules >= question.rule
        reached.append(int(is_asked.sum()))
        true.append(int((is_asked & (holds != question.is_negated)).sum()))
    return counted_coverage(policy, questions, counts, reached, true)

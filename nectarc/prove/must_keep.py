"""The traces that somebody marked: each must be kept, always.

Owns: the question and its findings. Must not know: where marked traces lie.
Truth: ../shared/design/product.md (`ingest --must-keep`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from nectarc.codes import finding
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.diagnostic import Diagnostic, InternalError
from nectarc.evaluate.policy import decide, holds
from nectarc.prove.ground import Ground
from nectarc.prove.shares import action_words
from nectarc.prove.trace_names import describe_trace
from nectarc.prove.verdicts import CheckResult, Sample, Verdict
from nectarc.render.counting import counted

_LISTED_MAX: Final = 20


def check_must_keep(ground: Ground) -> tuple[CheckResult, tuple[Diagnostic, ...]]:
    """Ask it of every marked trace; there must be some. The claim is about these traces only."""
    marked = ground.must_keep
    is_lost = ~ground.deciding(ground.is_keep, marked)
    lost = int(is_lost.sum())
    traces = "trace is" if len(marked) == 1 else "traces are"
    claim = f"the {len(marked):,} must-keep {traces} kept"
    sample = Sample(traces=len(marked), weight=float(marked.weights.sum()), failing=lost)
    asked = CheckResult(name="must-keep", claim=claim, verdict=Verdict.HOLDS, sample=sample)
    if not lost:
        return asked, ()
    shown = marked.fetch_all(np.flatnonzero(is_lost)[:_LISTED_MAX].tolist())
    first = shown[0]
    if ground.is_keep(decide(ground.policy, first.trace)):
        raise InternalError(f"trace {first.trace.trace_id} is not lost")
    # As it is: what makes an incident one is not for us to drop.
    example = ground.shown(first.trace, _expected(ground, first), first)
    may = "1 may be lost" if lost == 1 else f"{lost:,} may be lost"
    refuted = CheckResult(
        name=asked.name,
        claim=claim,
        verdict=Verdict.REFUTED,
        reason=f"{may}: trace {first.trace.trace_id} ({describe_trace(first.trace)}):"
        f" rule `{example.rule}` {action_words(example.action)}",
        sample=sample,
        counterexample=example,
    )
    return refuted, tuple(_findings(ground, shown, lost))


def _findings(ground: Ground, shown: Sequence[CorpusTrace], lost: int) -> Iterator[Diagnostic]:
    for stored in shown:
        rule = ground.policy.rules[decide(ground.policy, stored.trace)]
        where = f" of `{ground.file_of(stored)}`" if stored.source else ""
        others = lost - len(shown)
        more = f"; {counted(others, 'further marked trace')} may be lost" if others else ""
        yield finding(
            "NEC451",
            rule.source,
            f"must-keep trace {stored.trace.trace_id}{where} may be lost",
            label=action_words(rule.action),
            why=f"it is an incident trace ({describe_trace(stored.trace)}); the next one like it"
            f" would be missing when it is needed{more}",
            help="add a rule above that matches and keeps such traces",
        )


def _expected(ground: Ground, stored: CorpusTrace) -> str:
    keeping = [rule for i, rule in enumerate(ground.policy.rules) if ground.is_keep(i)]
    matching = (rule.name for rule in keeping if holds(rule.match, stored.trace))
    return next(matching, keeping[0].name if keeping else "")

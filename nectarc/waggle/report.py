"""The waggle report, put together.

Owns: which parts there are. Must not know: files, layout.
Truth: ../shared/design/product.md (`explain`); docs/explain.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from nectarc.prove.corpus_decisions import TracesInMemory, TraceSource
from nectarc.prove.flow import recording_of
from nectarc.prove.verdicts import ProveReport
from nectarc.records import part, record, replace
from nectarc.waggle.cascade import Counted, count, kept_in_all, rule_reports
from nectarc.waggle.census import Census, ExampleReader, take_census
from nectarc.waggle.intervals import WORDS
from nectarc.waggle.ledger import ledger_of
from nectarc.waggle.proofs import proofs_of
from nectarc.waggle.records import Amount, CorpusFacts, LintCount, TargetReport, Timeline, Waggle
from nectarc.waggle.subjects import Subject
from nectarc.waggle.summary import summary_of
from nectarc.waggle.timeline import NO_SPAN, NO_TIMES, load_of, timeline_of


@record(kw_only=True)
class Asked:
    """A subject, and what else is known of it.

    proofs: of a policy.  lint: of a rules file.  budget: events a second that the policy sets.
    """

    subject: Subject
    proofs: ProveReport | None = None
    lint: LintCount | None = None
    budget: float | None = None


@record(kw_only=True)
class Traffic:
    """The corpus that is counted in.

    path: as the user or the project names it.  presampled: how it was sampled, "" if it is whole.
    traces_per_second: of the user's own traffic, None where the corpus's times are to tell.
    seed: of the bootstrap.
    """

    source: TraceSource = part(default=TracesInMemory(()))
    path: str = ""
    presampled: str = ""
    traces_per_second: float | None = None
    seed: int = 0


_NO_TRAFFIC: Final = Traffic()


def build_waggle(asked: Sequence[Asked], traffic: Traffic = _NO_TRAFFIC, *, version: str) -> Waggle:
    """Report on every subject; the corpus is read once for all of them."""
    census = take_census([one.subject.decided for one in asked], traffic.source)
    reader = ExampleReader(census)
    corpus = _corpus_facts(census, traffic)
    reports: list[TargetReport] = []
    for number, one in enumerate(asked):
        counted = count(
            one.subject,
            census,
            reader,
            number=number,
            traces_per_second=traffic.traces_per_second,
        )
        reports.append(_report(one, counted, traffic, corpus))
    words = WORDS if corpus.traces else ""
    return Waggle(version=version, corpus=corpus, reports=tuple(reports), interval_words=words)


def _report(asked: Asked, counted: Counted, traffic: Traffic, corpus: CorpusFacts) -> TargetReport:
    subject, sums = asked.subject, counted.sums
    rules = rule_reports(counted)
    kept, of_traces, of_events = kept_in_all(sums, counted.shares)
    timeline = _timeline(asked, counted, traffic) if corpus.traces else None
    if timeline is not None and timeline.buckets:
        no_timeline = ""
    elif timeline is not None:
        no_timeline = NO_SPAN
    else:
        no_timeline = NO_TIMES if corpus.traces else "there is no corpus"
    report = TargetReport(
        title=subject.name,
        is_policy=subject.is_policy,
        file=subject.file,
        digest=subject.digest,
        targets=subject.targets,
        summary=(),
        rules=rules,
        total=Amount(
            traces=int(sums.traces.sum()),
            weight=float(sums.weights.sum()),
            events=float(sums.spans.sum()),
        ),
        kept=kept,
        kept_traces=of_traces,
        kept_events=of_events,
        ledger=ledger_of(rules, counted),
        timeline=timeline,
        no_timeline=no_timeline,
        proofs=None if asked.proofs is None else proofs_of(asked.proofs),
        lint=asked.lint,
        sampler=subject.sampler,
        refused=subject.refused,
        assumptions=subject.assumptions,
        notes=counted.shares.notes,
    )
    return replace(report, summary=summary_of(report, corpus))


def _timeline(asked: Asked, counted: Counted, traffic: Traffic) -> Timeline | None:
    return timeline_of(
        load_of(counted),
        traces_per_second=traffic.traces_per_second,
        budget=asked.budget,
        notes=counted.shares.notes,
        seed=traffic.seed,
    )


def _corpus_facts(census: Census, traffic: Traffic) -> CorpusFacts:
    decisions = census.decisions
    times = decisions.start_ns[decisions.start_ns > 0]
    return CorpusFacts(
        path=traffic.path,
        traces=len(decisions),
        spans=int(decisions.span_counts.sum()),
        weight=float(decisions.weights.sum()),
        is_weighted=bool(np.any(decisions.weights != 1)),
        presampled=traffic.presampled,
        start_ns=int(times.min()) if len(times) else 0,
        end_ns=int(times.max()) if len(times) else 0,
        seconds=recording_of(decisions.start_ns).seconds,
    )

"""Small policies and corpora, and their reports, for tests of the waggle report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.ir.nodes import Policy
from nectarc.ir.text import parse_policy_text
from nectarc.pipeline import CompileOptions, lower_policy
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.evidence import Evidence, Questions
from nectarc.prove.prover import prove
from nectarc.records import record
from nectarc.refinery.loader import load_rules
from nectarc.trace import ROOT_FIELD, Span, Trace, Value
from nectarc.waggle.records import TargetReport, Waggle
from nectarc.waggle.report import Asked, Traffic, build_waggle
from nectarc.waggle.subjects import Origin, Subject, subject_of_policy, subject_of_target

SEED = parse_policy_text(
    """
    policy "shop"
    rule "keep-errors" -> keep about "All 5xx"
      when any(number http.status[http.status|http.status_code]:int >= 500.0)
    rule "probes" -> drop
      when any(string http.route[http.route]:string == "/healthz")
    rule "slow" -> sample(1/2)
      when root number duration[duration_ms]:duration_ms > 5000.0 && span_count > 1
    rule "rest" -> sample(1/100) when true
    """
)
SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


@record
class InParts:
    """A corpus of two parts."""

    traces: tuple[CorpusTrace, ...]

    def partitions(self) -> tuple[TracesInMemory, ...]:
        """Return both."""
        half = len(self.traces) // 2
        return TracesInMemory(self.traces[:half]), TracesInMemory(self.traces[half:])


def trace(trace_id: str, *spans: Mapping[str, Value]) -> Trace:
    """Return a trace whose first span is its root."""
    return Trace(
        trace_id,
        tuple(Span({**fields, ROOT_FIELD: i == 0}, i == 0) for i, fields in enumerate(spans)),
    )


def stored(
    trace_id: str, *spans: Mapping[str, Value], rate: float = 1.0, second: float | None = None
) -> CorpusTrace:
    """Return a trace of a corpus. second: since the start of the recording, None = not known."""
    start = 0 if second is None else START + round(second * SECOND)
    return CorpusTrace(trace(trace_id, *spans), start, rate)


def subject(policy: Policy = SEED, *, is_lowered: bool = True) -> Subject:
    """Return a policy as what is explained."""
    lowered = lower_policy(policy, CompileOptions()).lowered if is_lowered else None
    origin = Origin(file="policy.toon", digest="ab" * 32)
    return subject_of_policy(policy, lowered, origin=origin, targets=("__default__",))


def rules_subject(text: str, target: str = "__default__") -> Subject:
    """Return a target of a rules file as what is explained."""
    loaded = load_rules(text)
    assert loaded.rules is not None, loaded.errors
    return subject_of_target(target, loaded.rules.samplers[target], Origin(file="rules.yaml"))


def waggle(
    traces: Sequence[CorpusTrace],
    asked: Subject | None = None,
    *,
    budget: float | None = None,
    traces_per_second: float | None = None,
    presampled: str = "",
) -> Waggle:
    """Return the report of one subject, SEED's where none is named; proven if it is a policy."""
    about = asked or subject()
    corpus = InParts(tuple(traces))
    proofs = None
    if isinstance(about.decided, Policy):
        questions = Questions(budget_per_second=budget)
        evidence = Evidence(corpus=corpus, traces_per_second=traces_per_second)
        proofs = prove(about.decided, questions, evidence)
    traffic = Traffic(
        source=corpus, path="corpus", presampled=presampled, traces_per_second=traces_per_second
    )
    one = Asked(subject=about, proofs=proofs, budget=budget)
    return build_waggle([one], traffic, version="0.0")


def report(
    traces: Sequence[CorpusTrace], asked: Subject | None = None, *, budget: float | None = None
) -> TargetReport:
    """Return the only report of `waggle`."""
    (found,) = waggle(traces, asked, budget=budget).reports
    return found


ERROR = stored(
    "error1",
    {"service.name": "web", "http.route": "/cart", "duration_ms": 900.5},
    {"service.name": "cart", "http.status_code": 503},
    {"service.name": "db"},
)
PROBE = stored("probe1", {"service.name": "web", "http.route": "/healthz", "http.status": 200})
FINE = stored("fine1", {"service.name": "web", "http.route": "/cart", "http.status": 200})
QUIET_ERROR = stored(
    "quiet1",
    {"service.name": "web", "http.route": "/cart", "http.status": 200},
    {"service.name": "payments", "error": True},
)

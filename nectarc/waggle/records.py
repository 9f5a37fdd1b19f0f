"""The waggle report as data: what is kept and why, what is lost, what is proven, what will run.

Owns: the records. Must not know: how anything was counted, any form of output.
Truth: ../shared/design/product.md (`explain`); docs/explain.md.
All texts are plain: `code` is in backticks, and nothing is escaped. Whoever renders them escapes
for his form; names, values and descriptions may hold any character.
"""

from __future__ import annotations

from enum import Enum

from nectarc.compare.traffic import Example, Interval
from nectarc.prove.flow import Estimate, Peak
from nectarc.prove.verdicts import Verdict
from nectarc.records import part, record
from nectarc.refinery.lowered import Assumption

__all__ = ["Estimate", "Example", "Interval", "Peak", "Verdict"]


@record(kw_only=True)
class Amount:
    """Some traffic.

    traces: trace exemplars of the corpus.  weight: the real traces that they stand for.
    events: real events (spans, span events, links) of these.
    """

    traces: int = 0
    weight: float = 0.0
    events: float = 0.0


class Fate(Enum):
    """What a rule does with what it decides. BY_FLOW: a sampler whose share depends on the flow."""

    KEEP = "keep"
    DROP = "drop"
    SAMPLE = "sample"
    BY_FLOW = "by flow"


class Basis(Enum):
    """How the kept share of a rule is known.

    RULE: it is the rule's own.  GOAL_RATE: the sampler is taken to meet its goal sample rate.
    GOAL_FLOW: it is taken to meet its goal a second, on one Refinery node, at the corpus' flow.
    NOTHING: it may keep anything between none and all, and counts as keeping all.
    """

    RULE = "rule"
    GOAL_RATE = "goal rate"
    GOAL_FLOW = "goal per second"
    NOTHING = "nothing"


@record(kw_only=True)
class Kept:
    """What is kept of some traffic, on average over draws.

    traces, events: real ones; `value` is the estimate and low to high what it may be: of the rule
    where `basis` is NOTHING (0 to all), else equal to it.
    share: of the events, 0 to 1.
    """

    traces: Interval
    events: Interval
    share: float


@record(kw_only=True)
class RuleReport:
    """One rule, and its step of the cascade.

    number:      1 for the first; 0 for the traces that no rule matches.
    name:        "(no rule)" with number 0.  words: what it does, a sentence.
    action:      short: `keep`, `drop`, `1 in 100`, a sampler's kind.
    settings:    of a sampler, in words: "GoalSampleRate 10; key service.name"; "" else.
    one_in:      the real one in n of Refinery, None where there is none (dropped, by flow).
    share:       that the action aims to keep, 0 to 1; None where that depends on the flow.
    reaching:    what comes to this rule: what no rule above took.
    decided:     what it takes.  left: what is left for the next.
    of_traces, of_events: the share of all traffic that it decides, with its interval.
    kept:        of what it decides.  lost_events: real events, on average.
    examples:    traces that it decides, the smallest first; () if none.
    is_unused:   no trace of a corpus that is not empty comes to be decided by it.
    refinery:    Refinery rules that it becomes, each a YAML list item; () if it is not lowered.
    """

    number: int
    name: str
    description: str
    words: str
    action: str
    settings: str
    fate: Fate
    one_in: int | None
    share: float | None
    basis: Basis
    reaching: Amount
    decided: Amount
    left: Amount
    of_traces: Interval
    of_events: Interval
    kept: Kept
    lost_events: float
    examples: tuple[Example, ...] = ()
    is_unused: bool = False
    refinery: tuple[str, ...] = ()


@record(kw_only=True)
class LostGroup:
    """Traces of one kind of which some are lost.

    words:   `web GET /cart, status 200`.  service, operation, status: its parts, "" for none.
    fails:   some span of these fails.
    traffic: of this kind, kept traces among it.  lost_events, lost_traces: real ones, on average.
    share:   of its events that is lost, 0 to 1.
    rules:   that lose them, what loses most first.  examples: of the lost, smallest first.
    """

    words: str
    service: str
    operation: str
    status: str
    fails: bool
    traffic: Amount
    lost_traces: float
    lost_events: float
    share: float
    rules: tuple[str, ...]
    examples: tuple[Example, ...]


@record(kw_only=True)
class LostErrors:
    """Traces in which a span of `service` fails and that one rule does not always keep.

    service: "" without a name.  words: `payments fails: 12 traces, kept 1 in 100`.
    """

    service: str
    rule: str
    action: str
    words: str
    traffic: Amount
    lost_traces: float
    lost_events: float
    examples: tuple[Example, ...]


@record(kw_only=True)
class Ledger:
    """What is lost, on average over draws.

    events, traces: real ones.  of_events: the share of all events.
    by_rule:   of `RuleReport.lost_events`, where there are some: (rule, events), most first.
    groups:    by service, operation and status of the root span, most lost events first.
    groups_left, left_events: how many more groups there are, and the events that they lose.
    never:     groups of which nothing is kept, most events first; never_left: how many more.
    errors:    failing traces that may be lost, most first; errors_left: how many more.
    error_traces: real traces with a failing span.  error_kept: the share of them that is kept;
               None without one.
    """

    events: float = 0.0
    traces: float = 0.0
    of_events: float = 0.0
    by_rule: tuple[tuple[str, float], ...] = ()
    groups: tuple[LostGroup, ...] = ()
    groups_left: int = 0
    left_events: float = 0.0
    never: tuple[LostGroup, ...] = ()
    never_left: int = 0
    errors: tuple[LostErrors, ...] = ()
    errors_left: int = 0
    error_traces: float = 0.0
    error_kept: Interval | None = None


@record(kw_only=True)
class Bucket:
    """Some seconds of the corpus.

    start_ns: nanoseconds since 1970.  seconds: its length.
    arriving, kept: events a second.  after_break: the recording stood still before it.
    """

    start_ns: int
    seconds: float
    arriving: float
    kept: float
    after_break: bool = False


@record(kw_only=True)
class Timeline:
    """Events a second over the time of the corpus.

    bucket_s:  the usual length of a bucket.  scale: how much more comes a second than the corpus'
               own times say, where the manifest gives the rate; 1 else.
    budget:    events a second, None where the policy sets none.
    over:      buckets above the budget.  mean: with the interval of a bootstrap over the traces.
    basis:     what the numbers rest on.  notes: what had to be guessed.
    """

    buckets: tuple[Bucket, ...]
    bucket_s: float
    scale: float
    budget: float | None
    over: int
    mean: Estimate
    peaks: tuple[Peak, ...]
    basis: str
    notes: tuple[str, ...]


@record(kw_only=True)
class Proof:
    """One question of `prove` and its answer.

    name: short and stable.  claim: without its full stop.  about: the traces that it is about.
    reason: what happens instead, why there is no answer, how it was computed; "" if nothing.
    settle: how to get an answer, of UNKNOWN; "" else.
    counterexample: of REFUTED, lines for people; () else.
    """

    name: str
    verdict: Verdict
    claim: str
    about: str
    reason: str = ""
    settle: str = ""
    counterexample: tuple[str, ...] = ()


@record(kw_only=True)
class Proofs:
    """What `prove` says of a policy.

    headline: the verdicts with their scope, in sentences.
    assumptions: what the Refinery rules take for granted, in words.
    not_asked: checks that the project gives no reason for, with how to ask them.
    findings: how many errors and warnings `nectarc prove` shows.
    """

    headline: str
    checks: tuple[Proof, ...]
    assumptions: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    findings: int = 0

    def count(self, verdict: Verdict) -> int:
        """Return how many checks have this answer."""
        return sum(one.verdict is verdict for one in self.checks)


@record(kw_only=True)
class LintCount:
    """What `nectarc lint` says of a rules file. refused: why Refinery does not load it, "" else.

    command: that shows them.  traps: the headlines of the errors and warnings, each once.
    """

    errors: int
    warnings: int
    hints: int
    command: str
    refused: str = ""
    traps: tuple[str, ...] = ()


@record(kw_only=True)
class TargetReport:
    """The report of one policy, or of one target of a rules file.

    title:    the policy's name, or the target's.  is_policy: it is one, not a rules file.
    file:     as the user named it.  digest: SHA-256 of its bytes, hexadecimal.
    targets:  the Refinery targets (environments) that it decides for.
    summary:  two to five sentences for who reads nothing else.
    rules:    in the order of decision; the last has number 0 where traces reach no rule.
    total:    what comes in.  kept: of it.  kept_traces, kept_events: shares, with intervals.
    timeline: None where there is none, and `no_timeline` says why.
    proofs:   None of a rules file.  lint: None of a policy.
    sampler:  YAML of the whole target's sampler where it has no rules of its own; "" else.
    refused:  why there are no Refinery rules, "" where there are.
    assumptions: what the rules take for granted.  notes: what had to be guessed in the figures.
    """

    title: str
    is_policy: bool
    file: str
    digest: str
    targets: tuple[str, ...]
    summary: tuple[str, ...]
    rules: tuple[RuleReport, ...]
    total: Amount
    kept: Kept
    kept_traces: Interval
    kept_events: Interval
    ledger: Ledger
    timeline: Timeline | None = None
    no_timeline: str = ""
    proofs: Proofs | None = None
    lint: LintCount | None = None
    sampler: str = ""
    refused: str = ""
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()


@record(kw_only=True)
class CorpusFacts:
    """The corpus that everything was counted in; traces is 0 where there is none.

    path:       as the user or the project names it.  presampled: how it was sampled, "" if whole.
    is_weighted: some traces stand for more than themselves.
    start_ns, end_ns: of the first and the last trace with a time, 0 if there is none.
    seconds:    recorded, breaks left out; 0 where the times tell nothing.
    """

    path: str = ""
    traces: int = 0
    spans: int = 0
    weight: float = 0.0
    is_weighted: bool = False
    presampled: str = ""
    start_ns: int = 0
    end_ns: int = 0
    seconds: float = 0.0


@record(kw_only=True)
class Waggle:
    """The whole report. version: of nectarc. It holds no time of day, so that it can be repeated.

    interval_words: what the intervals are, a sentence; the same for all of them.
    """

    version: str
    corpus: CorpusFacts
    reports: tuple[TargetReport, ...] = part(default=())
    interval_words: str = ""

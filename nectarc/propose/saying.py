"""A reading, said back: each clause in plain words, what it decides, a trace for and one against.

Owns: the records, which traces are shown. Must not know: engines, terminals.
Truth: docs/intent.md, "Said back". Since a policy and its properties come from one reading, the
reading itself is what a person has to check; two traces that differ in little say it best.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from nectarc.checking import check_text
from nectarc.corpus.text_codes import text_codes
from nectarc.evaluate.policy import decide, holds
from nectarc.intent.drafts import draft_of
from nectarc.intent.judging import Judged
from nectarc.intent.near_traces import near_traces
from nectarc.intent.policy_text import body_text
from nectarc.intent.records import Clause, Intent, KeepAll
from nectarc.ir.nodes import Constant, Policy, Rule, TraceExpr
from nectarc.ir.walk import fields_of
from nectarc.logic.decision_list import list_of_policy
from nectarc.logic.questions import Found, Prover, reachable
from nectarc.logic.small_traces import made_small
from nectarc.propose.trace_likeness import facts_of, nearest
from nectarc.prove.corpus_decisions import Asked, DecidedPart, Decisions, Int64s, decide_corpus
from nectarc.prove.evidence import Evidence
from nectarc.prove.trace_names import describe_trace
from nectarc.records import part, record, replace
from nectarc.report.words import sentence
from nectarc.source import SourceText
from nectarc.trace import Trace

_FILE: Final = "policy.toon"
_REST: Final = "everything else"
_SERVICE: Final = "service.name"
_CANDIDATES_MAX: Final = 24


@record(kw_only=True)
class Shown:
    """A trace that says what a clause means.

    id:    of the corpus trace; "" for one that was made up, since no recorded one is like that.
    words: what it is, `checkout POST /cart, 12 spans`.
    facts: what the clause's match reads on it: `http.status_code 503`, `no error`.
    rule:  the clause that decides it, by its name.
    """

    trace: Trace
    id: str
    words: str
    facts: str
    rule: str


@record(kw_only=True)
class Said:
    """One clause, said back.

    words:  what it does, a sentence.
    wins:   why it stands where it stands; "" where that does not matter.
    traces: how many of the corpus it decides; weight: how many real traces these stand for;
    share:  that weight as a part of all, None without a corpus.
    about:  a trace that it decides, None where none could be found.
    other:  one near it that it is not about, None where there is none (the only clause).
    """

    clause: Clause
    words: str
    wins: str
    traces: int = 0
    weight: float = 0.0
    share: float | None = None
    about: Shown | None = None
    other: Shown | None = None


def said_back(intent: Intent, judged: Judged, evidence: Evidence) -> tuple[Said, ...]:
    """Say each clause back, in the order of precedence; reads the corpus once, some of it twice.

    Where the draft comes from elsewhere (Claude), the clauses are still what is said back: the
    policy is proven against them.
    """
    found = _rules_of(intent, judged)
    if found is None:
        return tuple(
            Said(clause=one, words=_unread_words(one), wins=one.wins) for one in intent.clauses
        )
    policy, indices = found
    wanted = tuple(rule.match for rule in policy.rules)
    services = _Services()
    asked = Asked(lists=(policy,), exprs=wanted, fields=(_SERVICE,))
    decisions = decide_corpus(evidence.corpus, asked, services.visit)
    looking = _Looking(
        policy=policy,
        decisions=decisions,
        services=services.of_traces(),
        prover=Prover((list_of_policy(policy),)),
        gone=_dead_rules(judged),
    )
    whole = float(decisions.weights.sum())
    said: list[Said] = []
    for index, clause in zip(indices, intent.clauses, strict=True):
        is_its = decisions.rules[0] == index
        weight = float(decisions.weights[is_its].sum())
        about, other = looking.examples(index)
        said.append(
            Said(
                clause=clause,
                words=rule_words(policy.rules[index]),
                wins=clause.wins,
                traces=int(is_its.sum()),
                weight=weight,
                share=weight / whole if whole else None,
                about=about,
                other=other,
            )
        )
    return tuple(said)


def one_line(rule: Rule) -> str:
    """Return a rule in one line: `keep-slow: keeps all traces in which ...`."""
    words = rule_words(rule)
    return f"{rule.name}: {words[0].lower()}{words[1:]}"


def rule_words(rule: Rule) -> str:
    """Return what a rule does as a sentence; names of fields without their spellings."""
    words = sentence(rule.match, rule.action)
    for field in fields_of(rule.match):
        several = ", ".join(field.spellings[:-1])
        spelt = f"{several} or {field.spellings[-1]}" if several else field.spellings[-1]
        words = words.replace(f"{field.name} ({spelt})", field.name)
    return words.replace("traces that no rule above matches", "other traces")


@record(frozen=False)
class _Services:
    """The service that a trace begins in, by numbers that hold over all parts."""

    known: dict[str, int] = part(default_factory=dict)
    found: list[Int64s] = part(default_factory=list)

    def visit(self, decided: DecidedPart) -> None:
        """Note one partition."""
        table = decided.table
        begins = table.offsets[:-1]
        rows = begins.copy()
        # Of several roots the last one is the trace's; a trace without one begins with its first.
        roots = np.flatnonzero(table.is_root)
        rows[np.searchsorted(table.offsets, roots, side="right") - 1] = roots
        services = text_codes(table, _SERVICE)
        numbers = [self.known.setdefault(text, len(self.known)) for text in services.texts]
        self.found.append(np.array([*numbers, -1], np.int64)[services.codes[rows]])

    def of_traces(self) -> Int64s:
        """Return the number of each trace's service, -1 for none."""
        return np.concatenate([np.empty(0, np.int64), *self.found])


@record(kw_only=True)
class _Looking:
    """Where examples are looked for.

    services: (traces,) a number for the service of each trace's root, or of its first span.
    gone:     names of rules that are known to decide nothing.
    """

    policy: Policy
    decisions: Decisions
    services: Int64s
    prover: Prover
    gone: frozenset[str]

    def examples(self, index: int) -> tuple[Shown | None, Shown | None]:
        """Return a trace that rule `index` decides, and one near it that it does not."""
        indices = np.flatnonzero(self.decisions.rules[0] == index)
        if not len(indices):
            return self._made(index)
        # The smallest is the easiest to look at; the first of these, for the same answer each time.
        counts = self.decisions.span_counts
        chosen = int(indices[np.argmin(counts[indices])])
        others = self._other_candidates(index, chosen)
        about, *rest = self.decisions.fetch_all([chosen, *others])
        match = self.policy.rules[index].match
        other = nearest(about.trace, [one.trace for one in rest], match)
        if other is None:
            return self._shown(about.trace, index), self._made_other(about.trace, index)
        return self._shown(about.trace, index), self._shown(other, index)

    def _other_candidates(self, index: int, chosen: int) -> list[int]:
        """Return traces that may be near `chosen`: of its service and size, not matched."""
        decisions = self.decisions
        is_other = ~decisions.holds[index]
        if not is_other.any():
            is_other = decisions.rules[0] != index
        indices = np.flatnonzero(is_other)
        away = np.abs(decisions.span_counts[indices] - decisions.span_counts[chosen])
        # Traces beside it in the corpus are in the partition that is read anyway.
        is_stranger = self.services[indices] != self.services[chosen]
        order = np.lexsort((np.abs(indices - chosen), away, is_stranger))
        found: list[int] = indices[order[:_CANDIDATES_MAX]].tolist()
        return found

    def _made(self, index: int) -> tuple[Shown | None, Shown | None]:
        """Make both traces up: the corpus has none that the rule decides."""
        if self.policy.rules[index].name in self.gone:
            return None, None
        answer = reachable(self.prover, 0, index)
        if not isinstance(answer, Found):
            return None, None
        small = made_small(answer.trace, lambda trace: decide(self.policy, trace) == index)
        return self._shown(small, index, is_made=True), self._made_other(small, index)

    def _made_other(self, trace: Trace, index: int) -> Shown | None:
        """Change one thing of `trace` so that the rule is not about it, or does not get it."""
        match = self.policy.rules[index].match
        exprs = [rule.match for rule in self.policy.rules]
        is_rest = match == Constant(True)
        spare = None
        for near in near_traces(trace, exprs if is_rest else [match, *exprs]):
            if decide(self.policy, near) != index:
                if is_rest or not holds(match, near):
                    return self._shown(near, index, is_made=True)
                spare = spare or near
        return None if spare is None else self._shown(spare, index, is_made=True)

    def _shown(self, trace: Trace, index: int, *, is_made: bool = False) -> Shown:
        rules = self.policy.rules
        deciding = rules[decide(self.policy, trace)]
        match = rules[index].match
        # What the rest is about is what others are not: those decide what is telling.
        read = deciding.match if match == Constant(True) else match
        return Shown(
            trace=trace,
            id="" if is_made else trace.trace_id,
            words=describe_trace(trace),
            facts="; ".join(_telling(trace, read, rules)),
            rule=deciding.name,
        )


def _telling(trace: Trace, match: TraceExpr, rules: Sequence[Rule]) -> Iterator[str]:
    if match != Constant(True):
        yield from facts_of(trace, (match,))
        return
    yield from facts_of(trace, tuple(rule.match for rule in rules))


def _rules_of(intent: Intent, judged: Judged) -> tuple[Policy, tuple[int, ...]] | None:
    """Return a policy, and the index in it of each clause's rule; None where none can be read.

    The judged policy where it says the clauses by name, maybe among rules that were there before;
    else the clauses as a policy of their own.
    """
    clauses = intent.clauses
    if not clauses or not clauses[-1].is_rest:
        clauses = (*clauses, Clause(wanted=KeepAll(), what="true", name=_REST))
    draft = draft_of(replace(intent, clauses=clauses), "intent")
    checked = check_text(SourceText.of(_FILE, body_text(draft)))
    own = checked.policy
    if own is None or checked.has_errors:
        return None
    count = len(intent.clauses)
    policy = judged.checked.policy
    places = {rule.name: index for index, rule in enumerate(policy.rules)} if policy else {}
    if policy is not None and all(rule.name in places for rule in own.rules[:count]):
        indices = tuple(places[rule.name] for rule in own.rules[:count])
        is_said = all(
            policy.rules[index].match == rule.match
            for index, rule in zip(indices, own.rules, strict=False)
        )
        if is_said and list(indices) == sorted(indices):
            return policy, indices
    return own, tuple(range(count))


def _dead_rules(judged: Judged) -> frozenset[str]:
    report = judged.report
    if report is None:
        return frozenset()
    found = (one.headline for one in report.findings if one.code == "NEC454")
    return frozenset(headline.split("`")[1] for headline in found)


def _unread_words(clause: Clause) -> str:
    return f"`{clause.name}` cannot be read: {clause.what}."

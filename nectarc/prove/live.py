"""What `prove` says of all traces, about a policy that is being edited: no corpus is asked.

Owns: which questions are watched through edits. Must not know: editors, how answers survive.
Truth: docs/prove.md; nectarc/prove/prover.py, whose answers and words these are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, TypeAlias

from nectarc.diagnostic import InternalError
from nectarc.ir.nodes import Policy
from nectarc.logic.decision_list import DecisionList, Effect, list_of_policy
from nectarc.logic.formula import Formula
from nectarc.logic.incremental import LiveVerdicts, Watch
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.questions import Answer, Impossible, Prover
from nectarc.prove.claims import Claim, check_claim, is_share_met
from nectarc.prove.corpus_decisions import Asked, TracesInMemory, decide_corpus
from nectarc.prove.evidence import Questions
from nectarc.prove.findings import claim_findings, unknown_findings
from nectarc.prove.ground import Ground
from nectarc.prove.prover import check_fallback
from nectarc.prove.questions import claims_of
from nectarc.prove.reach import DeadRule, check_reach, reach_findings
from nectarc.prove.verdicts import ProveReport
from nectarc.records import record, replace

_NOTHING: Final = TracesInMemory(())
# Of conditions, the last is dead: which of the others suffice for that.
_Explained: TypeAlias = "dict[tuple[Formula, ...], tuple[int, ...]]"
# Conditions that edits left behind make every later answer dearer; then all is asked afresh.
_LEFT_BEHIND_MAX: Final = 1_000


@record(kw_only=True)
class LiveReport:
    """The report, the rules that no trace gets to, and those of which it is not known."""

    report: ProveReport
    dead: tuple[DeadRule, ...]
    unsure: tuple[int, ...]


class LiveProofs:
    """The verdicts about one policy, kept through its edits."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self._live: LiveVerdicts | None = None
        self._claims: tuple[Claim, ...] = ()
        self._explained: _Explained = {}

    def report(self, policy: Policy, questions: Questions) -> LiveReport:
        """Ask what the last edit may have changed; cold, that is everything."""
        rules = list_of_policy(policy)
        claims = claims_of(questions)
        live = self._updated(rules, claims)
        asked = Asked(lists=(policy,), exprs=tuple(claim.when for claim in claims))
        nothing = decide_corpus(_NOTHING, asked)
        ground = Ground(
            policy=policy,
            rules=rules,
            prover=_Live(live, self._explained),
            corpus=nothing,
            must_keep=nothing,
        )
        checks = [check_fallback(ground)]
        checks += [check_claim(claim, number, ground) for number, claim in enumerate(claims)]
        checks = [replace(one, sample=None) for one in checks]
        reach, dead = check_reach(ground)
        checks.append(reach)
        findings = (
            *claim_findings(checks, questions, policy),
            *reach_findings(dead, policy),
            *unknown_findings(checks, policy),
        )
        report = ProveReport(policy=policy.name, checks=tuple(checks), findings=findings)
        return LiveReport(report=report, dead=dead, unsure=live.unsure())

    def _updated(self, rules: DecisionList, claims: tuple[Claim, ...]) -> LiveVerdicts:
        live = self._live
        is_kept = live is not None and claims == self._claims
        if live is None or not is_kept or live.remembered > _LEFT_BEHIND_MAX + len(rules.entries):
            watches = [Watch(formula_of(one.when), _breaking(one)) for one in claims]
            live = self._live = LiveVerdicts(rules, watches)
            self._claims = claims
            self._explained.clear()
        else:
            live.update(rules)
        return live


def _breaking(claim: Claim) -> Callable[[Effect], bool]:
    def is_broken(effect: Effect) -> bool:
        return not is_share_met(effect.low, effect.high, claim.requirement, claim.share)

    return is_broken


class _Live:
    """Live verdicts, asked as a `Prover` is: about one rule, no rule, or a claim."""

    def __init__(self, live: LiveVerdicts, explained: _Explained) -> None:
        self._live = live
        self._explained = explained

    def find(
        self, decided: Mapping[int, Collection[int | None]], when: Sequence[int] = ()
    ) -> Answer:
        """Return what is known. INVARIANT: with a claim, `decided` are the rules that break it."""
        if when:
            return self._live.watched(when[0])
        (entry,) = decided[0]
        return self._live.gap() if entry is None else self._live.reachable(entry)

    def explain_dead(self, list_index: int, entry: int) -> tuple[int, ...]:
        """Make the core of the proof as small as it goes, among the rules of the core alone."""
        answer = self._live.reachable(entry)
        if not isinstance(answer, Impossible):
            raise InternalError(f"entry {entry} is not dead")
        core = answer.core.get(list_index, ())
        entries = self._live.decisions.entries
        few = tuple(entries[i] for i in (*core, entry))
        key = tuple(one.when for one in few)
        if key not in self._explained:
            prover = Prover((replace(self._live.decisions, entries=few),))
            self._explained[key] = prover.explain_dead(0, len(core))
        return tuple(core[one] for one in self._explained[key])

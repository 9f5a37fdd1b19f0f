"""The question whether every rule can decide some trace.

Owns: the question. Must not know: how a model is searched. Truth: docs/language.md, section 5.
A rule that decided a trace needs no more search; for the others, the model search looks for a
trace that the rule matches and no earlier rule does.
"""

from __future__ import annotations

from nectarc.evaluate.policy import decide
from nectarc.ir.clauses import Clause, TooManyClausesError, clauses_of
from nectarc.ir.nodes import Policy
from nectarc.ir.walk import tests_of
from nectarc.prove.evidence import Ground
from nectarc.prove.verdicts import CheckResult, Scope, Verdict
from nectarc.regions.satisfy import Worlds


def check_reach(ground: Ground) -> tuple[CheckResult, tuple[int, ...]]:
    """Return the answer, and the indices of rules that can never decide."""
    policy = ground.policy
    deciding = {one.rule for one in (*ground.corpus, *ground.bounded)}
    waiting = [index for index in range(len(policy.rules)) if index not in deciding]
    dead: tuple[int, ...] = ()
    unsure: tuple[int, ...] = ()
    if waiting:
        dead, unsure = _search(policy, waiting)
    scope = Scope(len(ground.corpus), len(ground.bounded))
    claim = f"each of the {len(policy.rules)} rules decides some trace"
    verdict, reason = Verdict.HOLDS, ""
    if dead:
        verdict = Verdict.REFUTED
        reason = f"no trace gets to {_named(policy, dead)}: the rules above match all they match"
    elif unsure:
        verdict = Verdict.SKIPPED
        reason = f"no trace was found, and none excluded, for {_named(policy, unsure)}"
    return CheckResult(name="rules", claim=claim, verdict=verdict, scope=scope, reason=reason), dead


def _search(policy: Policy, waiting: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the rules that no trace gets to, and those for which that is not known."""
    try:
        clauses = [clauses_of(rule.match) for rule in policy.rules]
    except TooManyClausesError:
        return (), tuple(waiting)
    worlds = Worlds(test for rule in policy.rules for test in tests_of(rule.match))
    dead: list[int] = []
    unsure: list[int] = []
    for index in waiting:
        excluded: list[Clause] = [one for above in clauses[:index] for one in above]
        if not any(worlds.can_hold(clause, excluded) for clause in clauses[index]):
            dead.append(index)
            continue
        traces = (worlds.find_trace(clause, excluded) for clause in clauses[index])
        if not any(trace is not None and decide(policy, trace) == index for trace in traces):
            unsure.append(index)
    return tuple(dead), tuple(unsure)


def _named(policy: Policy, indices: tuple[int, ...]) -> str:
    names = ", ".join(f"`{policy.rules[index].name}`" for index in indices)
    return f"rule {names}" if len(indices) == 1 else f"rules {names}"

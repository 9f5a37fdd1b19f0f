"""The question whether every rule can decide some trace, and who shadows those that cannot.

Owns: the question. Must not know: how an answer is found. Truth: docs/language.md, section 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label
from nectarc.ir.nodes import Policy
from nectarc.logic.questions import Impossible, Unknown
from nectarc.prove.ground import Ground
from nectarc.prove.verdicts import CheckResult, Verdict
from nectarc.records import record

_NAMED_MAX: Final = 5


@record
class DeadRule:
    """A rule that no trace gets to.

    shadows: the rules above that leave it none, as few as suffice; () where its own match holds of
    no trace.
    """

    rule: int
    shadows: tuple[int, ...]


def check_reach(ground: Ground) -> tuple[CheckResult, tuple[DeadRule, ...]]:
    """Return the answer, and the rules that can never decide.

    A rule that decided a trace of the corpus needs no search.
    """
    policy = ground.policy
    deciding = set(np.unique(ground.corpus.rules[0]).tolist())
    dead: list[DeadRule] = []
    unsure: list[tuple[int, str]] = []
    for index in range(len(policy.rules)):
        if index in deciding:
            continue
        answer = ground.prover.find({0: (index,)})
        if isinstance(answer, Impossible):
            dead.append(DeadRule(index, ground.prover.explain_dead(0, index)))
        elif isinstance(answer, Unknown):
            unsure.append((index, answer.reason))
    verdict, reason = Verdict.PROVED, ""
    if dead:
        verdict = Verdict.REFUTED
        words = [_dead_words(one, policy) for one in dead[:_NAMED_MAX]]
        rest = len(dead) - len(words)
        reason = "; ".join([*words, f"and so it is with {rest:,} more"] if rest else words)
    elif unsure:
        verdict = Verdict.UNKNOWN
        reason = f"{_named(policy, [index for index, _ in unsure])}: {unsure[0][1]}"
    claim = f"each of the {len(policy.rules)} rules can decide some trace"
    result = CheckResult(name="rules", claim=claim, verdict=verdict, reason=reason)
    return result, tuple(dead)


def reach_findings(dead: Sequence[DeadRule], policy: Policy) -> Iterator[Diagnostic]:
    """Return a warning for each rule that can never decide."""
    for one in dead:
        rule = policy.rules[one.rule]
        above = _named(policy, one.shadows)
        verb = "matches" if len(one.shadows) == 1 else "together match"
        yield finding(
            "NEC454",
            rule.source,
            f"rule `{rule.name}` can never decide a trace",
            why=f"{above} above {verb} every trace that it matches"
            if one.shadows
            else "its match holds of no trace",
            help="raise its priority, change its match, or remove it",
            related=tuple(
                Label(policy.rules[index].source, "decides before it")
                for index in one.shadows
                if policy.rules[index].source.file
            ),
        )


def _dead_words(one: DeadRule, policy: Policy) -> str:
    name = policy.rules[one.rule].name
    if not one.shadows:
        return f"`{name}` matches no trace at all"
    verb = "matches" if len(one.shadows) == 1 else "match"
    return f"no trace gets to `{name}`: {_named(policy, one.shadows)} {verb} all that it matches"


def _named(policy: Policy, indices: Sequence[int]) -> str:
    names = ", ".join(f"`{policy.rules[index].name}`" for index in indices)
    return f"rule {names}" if len(indices) == 1 else f"rules {names}"

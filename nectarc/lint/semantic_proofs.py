"""Proofs about the rules of one target: what no trace does.

Owns: asking the prover as little as will do. Must not know: what is reported.
Truth: docs/prove.md; the lists are made by `nectarc/logic`, and so are all answers.

A rule that few of the rules above already leave no trace is dead below all of them. So a question
begins with the rules that were seen in the way, and takes up another one whenever the prover finds
a trace that the whole target decides otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from nectarc.lint.semantic_trials import Trials
from nectarc.logic.decision_list import DecisionList, Refused, list_of_rules
from nectarc.logic.formula import Formula, SomeSpan
from nectarc.logic.questions import EVERYTHING, Found, Impossible, Limits, Prover
from nectarc.logic.rules_formula import formula_of_condition, formula_of_rule
from nectarc.logic.universe import ALL_SORTS, Sort, Universe
from nectarc.records import replace
from nectarc.refinery.rules import Condition, Rule, RulesConfig
from nectarc.trace import ROOT_FIELD

_ADDED_SINGLY: Final = 12
# People wait for a lint; what takes longer is left unsaid.
_LIMITS: Final = Limits(rounds_max=400)
# What the reference says that OTLP traces hold (2.1): no null, no other kinds of values.
_FROM_OTLP: Final = ALL_SORTS - {Sort.NULL, Sort.OTHER}


class Proofs:
    """Questions to the prover about one target's rules."""

    def __init__(self, trials: Trials, unknown: list[str]) -> None:
        """Ask nothing yet. `unknown` takes what could not be answered."""
        self._trials = trials
        self._bare = [replace(rule, sampler=None) for rule in trials.rules]
        self._otlp = Universe({name: _FROM_OTLP for name in trials.names if name != ROOT_FIELD})
        self._unknown = unknown

    def dead(
        self, index: int, seen: Iterable[int], *, from_otlp: bool = False
    ) -> tuple[int, ...] | None:
        """Return the rules above that leave rule `index` no trace, none of them to spare.

        (): its own conditions do.   None: it has a trace, or it is not known.
        seen: rules above that were in the way of traces that were tried.
        """
        universe = self._otlp if from_otlp else EVERYTHING
        above = sorted(one for one in seen if one < index)
        while True:
            prover = Prover((self._list((*above, index)),), universe=universe, limits=_LIMITS)
            answer = prover.find({0: (len(above),)}, prefer_usual=False)
            if isinstance(answer, Impossible):
                return tuple(above[one] for one in prover.explain_dead(0, len(above)))
            if not isinstance(answer, Found):
                self._unknown.append(answer.reason)
                return None
            other = self._trials.decider(answer.trace, below=index)
            if other is None or other in above:
                return None
            above = self._more(above, other, index)

    def never(self, rule: Rule) -> bool:
        """Say whether `rule` matches no trace at all."""
        return self._is_impossible((formula_of_rule(rule),), (0,))

    def always(self, condition: Condition) -> bool:
        """Say whether some span of every trace meets `condition`."""
        return self._is_impossible((SomeSpan(formula_of_condition(condition)),), (~0,))

    def implies(self, rule: Rule, other: Rule) -> bool:
        """Say whether `other` matches every trace that `rule` matches."""
        return self._is_impossible((formula_of_rule(rule), formula_of_rule(other)), (0, ~1))

    def redundant(
        self,
        index: int,
        below: Sequence[int],
        seen: Iterable[int],
        is_alike: Callable[[int | None], bool],
    ) -> bool:
        """Say whether all that rule `index` decides would be treated alike without it.

        below:    the rules below that count.
        is_alike: whether a rule below, None for none, does the same to a trace.
        """
        others = [i for i, one in enumerate(below) if not is_alike(one)]
        others_or_none = [*others, *(() if is_alike(None) else (None,))]
        if not others_or_none:
            return True
        above = sorted(one for one in seen if one < index)
        while True:
            prover = Prover((self._list((*above, index)), self._list(below)), limits=_LIMITS)
            answer = prover.find({0: (len(above),), 1: others_or_none}, prefer_usual=False)
            if isinstance(answer, Impossible):
                return True
            if not isinstance(answer, Found):
                self._unknown.append(answer.reason)
                return False
            other = self._trials.decider(answer.trace, below=index)
            if other is None or other in above:
                return False
            above = self._more(above, other, index)

    def _more(self, above: list[int], other: int, index: int) -> list[int]:
        return list(range(index)) if len(above) >= _ADDED_SINGLY else sorted({*above, other})

    def _list(self, indices: Iterable[int]) -> DecisionList:
        made = list_of_rules(RulesConfig(rules=tuple(self._bare[i] for i in indices)), "")
        assert not isinstance(made, Refused), "rules without samplers are never refused"
        return made

    def _is_impossible(self, conditions: tuple[Formula, ...], when: tuple[int, ...]) -> bool:
        answer = Prover((), conditions, limits=_LIMITS).find({}, when, prefer_usual=False)
        if isinstance(answer, Impossible):
            return True
        if not isinstance(answer, Found):
            self._unknown.append(answer.reason)
        return False

"""Conditions and rules that could be deleted and nothing would change.

Owns: NEC581, NEC583, NEC584. Must not know: how anything is proven.
Truth: ../shared/reference/refinery-semantics.md, 3.1, 3.2. Every finding is a proof about all
traces; a trace that was tried only ever says that there is nothing to report.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label
from nectarc.lint.located_samplers import named, places, rule_in_words
from nectarc.lint.semantic_traces import Wanted, traces_showing
from nectarc.lint.semantic_trials import Trials
from nectarc.lint.semantic_words import condition_in_words, effect_in_words, effect_of
from nectarc.records import replace
from nectarc.refinery.located import LocatedCondition, LocatedRule
from nectarc.refinery.rules import Rule
from nectarc.trace import Trace

if TYPE_CHECKING:
    from nectarc.lint.semantic_proofs import Proofs
_OTHERS_TRIED: Final = 12


class SpareParts:
    """What is asked of the rules that decide some trace."""

    def __init__(
        self, located: tuple[LocatedRule, ...], trials: Trials, proofs: Callable[[], Proofs]
    ) -> None:
        """Ask nothing yet. `proofs` loads the prover."""
        self._located = located
        self._trials = trials
        self._proofs = proofs
        self._effects = [effect_of(rule) for rule in trials.rules]

    def conditions(self, index: int) -> Iterator[Diagnostic]:
        """Report the conditions of a rule that it does not need."""
        always = {
            i for i in range(len(self._located[index].conditions)) if self._is_always(index, i)
        }
        yield from (self._always(index, i) for i in sorted(always))
        left = [i for i in range(len(self._located[index].conditions)) if i not in always]
        for i in reversed(left):
            if len(left) > 1 and self._is_implied(index, i, left):
                left.remove(i)
                yield self._implied(index, i, left)

    def rule(self, index: int, found: Trace, dead: Collection[int]) -> Iterator[Diagnostic]:
        """Report a rule that could be deleted.

        found: a trace that it decides.   dead: rules that decide none, to be deleted first.
        """
        mine = self._effects[index]
        if not self._trials.rules[index].conditions:
            return  # a rule for all the rest says what the file means, even if it does nothing

        def otherwise(trace: Trace) -> int | None:
            return self._trials.decider(trace, skipping={index, *dead})

        def is_alike(other: int | None) -> bool:
            return mine == (effect_of(None) if other is None else self._effects[other])

        def with_the_dead(trace: Trace) -> int | None:
            return self._trials.decider(trace, skipping={index})

        if not (is_alike(otherwise(found)) and is_alike(with_the_dead(found))):
            return  # a rule that decides no trace may decide one once this rule is gone
        seen: set[int] = set()
        below = [i for i in range(index + 1, len(self._effects)) if i not in dead]

        def is_meant(trace: Trace) -> bool:
            return not (is_alike(otherwise(trace)) and is_alike(with_the_dead(trace)))

        def in_the_way(trace: Trace) -> int | None:
            other = otherwise(trace)
            return other if other is not None and is_alike(other) else None

        tried = self._trials.reaching(index, is_meant=is_meant, avoided=in_the_way, seen=seen)
        if tried is not None or self._is_taken_below(index, below, is_alike, is_meant):
            return
        everything = list(range(index + 1, len(self._effects)))
        if self._proofs().redundant(index, below, seen, is_alike) and (
            below == everything or self._proofs().redundant(index, everything, set(), is_alike)
        ):
            yield self._redundant(index, [self._located[i] for i in below if is_alike(i)])

    def _is_taken_below(
        self,
        index: int,
        below: Sequence[int],
        is_alike: Callable[[int | None], bool],
        is_meant: Callable[[Trace], bool],
    ) -> bool:
        """Try traces that a rule below asks for as well, and does something else with."""
        others = (i for i in below if not is_alike(i))
        return any(
            self._trials.reaching(index, self._trials.conditions(other), is_meant=is_meant)
            for other in islice(others, _OTHERS_TRIED)
        )

    def _is_always(self, index: int, at: int) -> bool:
        one = self._trials.conditions(index)[at]
        if one.is_root or not (one.on_missing or one.is_count):
            return False
        alone = self._trials.compiled(Rule(conditions=(one.condition,)))
        wanted = Wanted((), fails=(one,))
        if any(not alone(trace) for trace in traces_showing(wanted, marks_roots=True)):
            return False
        return self._proofs().always(one.condition)

    def _is_implied(self, index: int, at: int, left: list[int]) -> bool:
        """Say whether the rule matches the same traces without condition `at`."""
        every = self._trials.conditions(index)
        one = every[at]
        others = [every[i] for i in left if i != at]
        names = {place.name for place in one.places}
        if not one.on_missing and names and not one.is_root:
            # Without its fields a trace that the rule matches meets the others, and not this one.
            apart = all(names.isdisjoint(p.name for p in other.places) for other in others)
            if apart and not any(other.is_root for other in others):
                return False
        rule = self._trials.rules[index]
        without = replace(rule, conditions=tuple(other.condition for other in others), sampler=None)
        wanted = Wanted(tuple(others), fails=(one,), is_one_span=self._trials.is_one_span(index))
        weaker = self._trials.compiled(without)
        for trace in traces_showing(wanted, marks_roots=True):
            if weaker(trace) and not self._trials.matches(index, trace):
                return False
        return self._proofs().implies(without, replace(rule, sampler=None))

    def _always(self, index: int, at: int) -> Diagnostic:
        found = self._located[index].conditions[at]
        assert found.condition is not None, "a null entry ends the process"
        return finding(
            "NEC583",
            found.at("Operator"),
            f"{condition_in_words(found.condition)} holds of every trace",
            label="always true",
            why=f"it narrows nothing: {rule_in_words(self._located[index])} matches the same "
            "traces without it, whatever values their spans hold",
            help="write what is to be asked for, or delete the condition",
        )

    def _implied(self, index: int, at: int, left: list[int]) -> Diagnostic:
        one = self._located[index]
        found = one.conditions[at]
        assert found.condition is not None, "a null entry ends the process"
        others = self._implying(index, at, left)
        shown = named(tuple(_words(one.conditions[i]) for i in others))
        return finding(
            "NEC584",
            found.place,
            f"{condition_in_words(found.condition)} asks for nothing more: {shown} "
            f"{'says' if len(others) == 1 else 'say'} so already",
            label="follows from the others",
            why="the rule matches the same traces without it",
            help="delete it, unless it is there for the reader",
            related=tuple(Label(one.conditions[i].place, "says so") for i in others),
        )

    def _implying(self, index: int, at: int, left: list[int]) -> list[int]:
        needed = list(left)
        for candidate in left:
            rest = [i for i in needed if i != candidate]
            if rest and self._is_implied(index, at, [*rest, at]):
                needed = rest
        return needed

    def _redundant(self, index: int, below: Sequence[LocatedRule]) -> Diagnostic:
        one = self._located[index]
        does = effect_in_words(self._trials.rules[index])
        if below:
            rest = named(tuple(map(rule_in_words, below)))
            others = f"{'does' if len(below) == 1 else 'do'} {rest} below"
        else:
            others = "Refinery does where no rule matches"
        return finding(
            "NEC581",
            one.place,
            f"{rule_in_words(one)} changes nothing: it {does}, as {others}",
            label="could be deleted",
            why="without it, each of its traces would come to another rule, or to none, and fare "
            "the same",
            help="delete it, unless its name is there for the reader or for queries by reason",
            related=places(tuple(each.place for each in below), "does the same"),
        )


def _words(found: LocatedCondition) -> str:
    assert found.condition is not None, "a null entry ends the process"
    return condition_in_words(found.condition)

"""Rules that decide no trace, and conditions that no trace meets.

Owns: NEC580, NEC582, NEC585. Must not know: how anything is proven.
Truth: ../shared/reference/refinery-semantics.md, 3.1, 3.2, 8 (T50). Every finding is a proof about
all traces; a trace that was tried only ever says that there is nothing to report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label, Severity
from nectarc.lint.located_samplers import named, rule_in_words
from nectarc.lint.semantic_trials import Trials
from nectarc.lint.semantic_words import condition_in_words, effect_in_words, effect_of
from nectarc.records import replace
from nectarc.refinery.located import LocatedCondition, LocatedRule
from nectarc.refinery.rules import Condition, Rule

if TYPE_CHECKING:
    from nectarc.lint.semantic_proofs import Proofs

_LABELS_MAX: Final = 5


class DeadRules:
    """What is asked of the rules that no trace was found for."""

    def __init__(
        self, located: tuple[LocatedRule, ...], trials: Trials, proofs: Callable[[], Proofs]
    ) -> None:
        """Ask nothing yet."""
        self._located = located
        self._trials = trials
        self._proofs = proofs
        self.shadowed: dict[int, tuple[int, ...]] = {}

    def check(self, index: int, seen: set[int]) -> Iterator[Diagnostic]:
        """Report rule `index` if no trace is decided by it.

        What rules above take whole is kept in `shadowed`, with those, for `taken`.
        seen: rules above that were in the way of what was tried; each took a trace of this one.
        """
        one = self._located[index]
        never = [found for found in one.conditions if self._is_never(found, index)]
        if never:
            yield from (self._never(found, index) for found in never)
            return
        dead = self._dead(index, seen)
        if dead is None:
            dead = self._proofs().dead(index, seen, from_otlp=True)
            if dead is not None:
                yield self._unreached_by_otlp(index, dead)
        elif not dead:
            yield self._clash(index)
        elif len(dead) == 1 and self._is_same(dead[0], index):
            yield self._same(dead[0], index)
        else:
            self.shadowed[index] = dead

    def taken(self) -> Iterator[Diagnostic]:
        """Report the rules in `shadowed`: all that the same rules above take, in one finding."""
        alike: dict[tuple[int, ...], list[int]] = {}
        for index, shadows in self.shadowed.items():
            alike.setdefault(shadows, []).append(index)
        for shadows, found in alike.items():
            if len(found) == 1:
                yield self._shadowed(found[0], shadows)
            else:
                yield self._all_shadowed(found, shadows)

    def _rule(self, index: int) -> Rule:
        return self._trials.rules[index]

    def _dead(self, index: int, seen: set[int]) -> tuple[int, ...] | None:
        """Return the rules that leave this one no trace; (): it has none; None: there is one."""
        for above in sorted(seen):
            # It asks for a part of what this rule asks for, and took a trace of it.
            if _asks_for_a_part(self._rule(above), self._rule(index)):
                return (above,)
        return self._proofs().dead(index, seen)

    def _is_never(self, found: LocatedCondition, index: int) -> bool:
        alone = replace(self._rule(index), conditions=(found.condition,), sampler=None)
        one = self._trials.conditions(index)[found.index]
        return not self._trials.shows((one,), alone) and self._proofs().never(alone)

    def _is_same(self, above: int, index: int) -> bool:
        """Say whether the rule above asks for no more traces than the one that it leaves none."""
        wider, rule = self._rule(above), self._rule(index)
        if not wider.conditions or self._trials.differ(above, index):
            return False
        return _asks_for_a_part(rule, wider) or self._proofs().implies(wider, rule)

    def _never(self, found: LocatedCondition, index: int) -> Diagnostic:
        assert found.condition is not None, "a null entry ends the process"
        name = rule_in_words(self._located[index])
        return finding(
            "NEC582",
            found.at("Operator"),
            f"{condition_in_words(found.condition)} holds of no trace: {name} never decides one",
            label="never true",
            why="whatever values the spans of a trace hold, this test fails, and with it the rule",
            help="write what the rule is to ask for, or delete the rule",
            related=(Label(self._located[index].place, "this rule never fires"),),
        )

    def _clash(self, index: int) -> Diagnostic:
        one, rule = self._located[index], self._rule(index)
        needed = list(one.conditions)
        for candidate in reversed(one.conditions):
            rest = tuple(each for each in needed if each is not candidate)
            trial = replace(rule, conditions=tuple(each.condition for each in rest), sampler=None)
            if rest and self._proofs().never(trial):
                needed = list(rest)
        shown = named(tuple(condition_in_words(e.condition) for e in needed if e.condition))
        where = "of one span" if self._trials.is_one_span(index) else "of one trace"
        return finding(
            "NEC580",
            needed[-1].place,
            f"{rule_in_words(one)} never decides a trace: {shown} cannot hold together",
            label="excludes the others",
            why=f"all conditions of a rule must hold {where}, and these never do, whatever values "
            "its spans hold",
            help="delete the condition that is not meant, or make two rules of them",
            related=tuple(Label(each.place, "holds of other traces only") for each in needed[:-1])[
                :_LABELS_MAX
            ],
        )

    def _same(self, above: int, index: int) -> Diagnostic:
        first, one = self._located[above], self._located[index]
        mine, its = self._rule(index), self._rule(above)
        is_alike = effect_of(mine) == effect_of(its)
        outcome = (
            f"and does the same: it {effect_in_words(mine)}"
            if is_alike
            else f"which comes first and {effect_in_words(its)}; "
            f"this one, which {effect_in_words(mine)}, never does"
        )
        return finding(
            "NEC585",
            one.place,
            f"{rule_in_words(one)} asks for the same traces as {rule_in_words(first)}, {outcome}",
            label="never decides a trace",
            why="Refinery asks rules from the top, and the first that matches decides",
            help="delete one of the two" if is_alike else "delete the one that is not meant",
            related=(Label(first.place, "decides all of these traces"),),
        )

    def _shadowed(self, index: int, shadows: tuple[int, ...]) -> Diagnostic:
        one = self._located[index]
        above = [self._located[each] for each in shadows]
        shown = named(tuple(map(rule_in_words, above)))
        verb = "takes" if len(above) == 1 else "take"
        mine = effect_in_words(self._rule(index))
        does = tuple(dict.fromkeys(effect_in_words(self._rule(each)) for each in shadows))
        instead = (
            "they do the same to these traces"
            if set(does) == {mine}
            else f"what is written here ({rule_in_words(one)} {mine}) never happens, Refinery "
            f"{named(does)} instead"
        )
        return finding(
            "NEC580",
            one.place,
            f"{rule_in_words(one)} never decides a trace: {shown} above {verb} all that it asks "
            "for",
            label="never reached",
            why=f"the first rule that matches decides: {instead}",
            help=f"move it above {rule_in_words(above[0])}, or delete it",
            related=self._shadows(above, verb),
        )

    def _all_shadowed(self, found: list[int], shadows: tuple[int, ...]) -> Diagnostic:
        first = self._located[found[0]]
        above = [self._located[each] for each in shadows]
        shown = named(tuple(map(rule_in_words, above)))
        verb = "takes" if len(above) == 1 else "take"
        names = named(tuple(rule_in_words(self._located[each]) for each in found))
        others = tuple(Label(self._located[each].place, "never reached") for each in found[1:])
        return finding(
            "NEC580",
            first.place,
            f"{len(found)} rules never decide a trace: {shown} above {verb} all that they ask for",
            label="never reached",
            why=f"the first rule that matches decides, and {names} come later",
            help=f"move them above {rule_in_words(above[0])}, or delete them",
            related=(*self._shadows(above, verb), *others),
        )

    @staticmethod
    def _shadows(above: Sequence[LocatedRule], verb: str) -> tuple[Label, ...]:
        return tuple(Label(each.place, _shadow_words(each.rule, verb)) for each in above)[
            :_LABELS_MAX
        ]

    def _unreached_by_otlp(self, index: int, shadows: tuple[int, ...]) -> Diagnostic:
        one = self._located[index]
        above = tuple(Label(self._located[each].place, "decides first") for each in shadows)
        return finding(
            "NEC580",
            one.place,
            f"{rule_in_words(one)} decides no trace that OpenTelemetry sends",
            label="needs a null, or a value that OTLP does not have",
            why="only a field that holds null, an unsigned number, bytes or a list, as Honeycomb's "
            "own API sends them, leads here",
            help="write the rule for the values that come, or delete it",
            related=above[:_LABELS_MAX],
            severity=Severity.HINT,
        )


def _asks_for_a_part(wider: Rule, rule: Rule) -> bool:
    """Say whether `wider` plainly matches what `rule` matches: it has no condition of its own.

    Both formulas of the reference (3.1) are conjunctions, and what holds at one span holds in the
    trace; so it needs no prover.
    """
    if not wider.conditions:
        return True
    if wider.scope == "span" and rule.scope != "span":
        return False
    return {_told_apart(one) for one in wider.conditions} <= {
        _told_apart(one) for one in rule.conditions or ()
    }


def _told_apart(condition: Condition | None) -> tuple[object, ...]:
    """Return what is equal for equal conditions only: 1, 1.0 and true are three values."""
    assert condition is not None, "a null entry ends the process"
    one = condition
    return one.field, one.fields, one.operator, one.datatype, repr(one.value)


def _shadow_words(rule: Rule | None, verb: str) -> str:
    if rule is not None and not rule.conditions:
        return "matches every trace"
    return "takes its traces" if verb == "takes" else "takes some of its traces"

"""Traces tried on a target's rules: cheap answers to "is there a trace that ...?".

Owns: building small traces for conditions, and asking the plain evaluator who decides them.
Must not know: what is reported; proofs. A trace found here was decided by the evaluator; none found
says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from nectarc.evaluate.conditions import ValueTest, config_text
from nectarc.evaluate.refinery_rules import compile_rule
from nectarc.evaluate.values import text_of
from nectarc.lint.semantic_traces import Wanted, traces_showing
from nectarc.lint.semantic_values import AskedCondition, asked
from nectarc.records import replace
from nectarc.refinery.rules import Rule, RulesConfig
from nectarc.trace import ROOT_FIELD, Trace

_ROUNDS_MAX: Final = 24


class Trials:
    """The rules of one target, made ready to be tried. No rule and no condition may be null."""

    def __init__(self, sampler: RulesConfig) -> None:
        """Prepare little; rules are compiled when they are first asked."""
        self.rules: tuple[Rule, ...] = tuple(rule for rule in sampler.rules if rule is not None)
        self.is_nested = sampler.check_nested_fields
        self._asked: dict[int, tuple[AskedCondition, ...]] = {}
        self._tests: dict[int, Callable[[Trace], bool]] = {}
        self._by_text: dict[tuple[str, str], list[int]] = {}
        self._by_name: dict[str, list[tuple[int, ValueTest]]] = {}
        self._always: list[int] = []
        self.names = frozenset(
            place.name
            for index in range(len(self.rules))
            for one in self.conditions(index)
            for place in one.places
        )
        self._last: tuple[Trace | None, list[int]] = (None, [])
        for index in range(len(self.rules)):
            self._enter(index)
        self._names_of_texts = {name for name, _ in self._by_text}

    def conditions(self, index: int) -> tuple[AskedCondition, ...]:
        """Return the conditions of a rule that it looks at."""
        found = self._asked.get(index)
        if found is None:
            found = self._asked[index] = tuple(
                asked(one) for one in self.rules[index].conditions or () if one is not None
            )
        return found

    def is_one_span(self, index: int) -> bool:
        """Say whether a rule asks one span for all of its conditions."""
        return self.rules[index].scope == "span"

    def matches(self, index: int, trace: Trace) -> bool:
        """Say whether a rule matches."""
        test = self._tests.get(index)
        if test is None:
            test = self._tests[index] = self.compiled(self.rules[index])
        return test(trace)

    def compiled(self, rule: Rule) -> Callable[[Trace], bool]:
        """Prepare a rule that is not one of the target's, to be read as those are."""
        return compile_rule(rule, is_nested=self.is_nested)

    def decider(
        self, trace: Trace, *, skipping: Collection[int] = (), below: int | None = None
    ) -> int | None:
        """Return the first rule that matches, of those before `below`; None: none does."""
        end = len(self.rules) if below is None else below
        for index in self._possible(trace):
            if index >= end:
                return None
            if index not in skipping and self.matches(index, trace):
                return index
        return None

    @property
    def _marks_roots(self) -> bool:
        return ROOT_FIELD in self.names

    def reaching(
        self,
        index: int,
        more: tuple[AskedCondition, ...] = (),
        *,
        is_meant: Callable[[Trace], bool] | None = None,
        avoided: Callable[[Trace], int | None] | None = None,
        seen: set[int] | None = None,
    ) -> Trace | None:
        """Look for a trace that rule `index` decides and `is_meant` says yes to.

        more:    conditions that it is to meet besides.
        avoided: a rule besides those above that must not match, None for none.
        seen:    takes the rules that were in the way.
        """
        base = Wanted(self.conditions(index), more, is_one_span=self.is_one_span(index))
        for first in traces_showing(base, marks_roots=self._marks_roots):
            trace, wanted = first, base
            for _ in range(_ROUNDS_MAX):
                if not self.matches(index, trace):
                    break
                other = self.decider(trace, below=index)
                if other is None and avoided is not None:
                    other = avoided(trace)
                if other is None:
                    if is_meant is None or is_meant(trace):
                        return trace
                    break
                if seen is not None:
                    seen.add(other)
                around = self._around(other, index, wanted)
                if around is None:
                    break
                trace, wanted = around
        return None

    def shows(self, conditions: tuple[AskedCondition, ...], rule: Rule) -> bool:
        """Say whether a trace made for `conditions` matches `rule`, which is not the target's."""
        test = self.compiled(rule)
        wanted = Wanted(conditions, is_one_span=rule.scope == "span")
        return any(map(test, traces_showing(wanted, marks_roots=self._marks_roots)))

    def differ(self, index: int, other: int) -> bool:
        """Say whether a trace that is tried matches rule `index` and not `other`."""
        base = Wanted(self.conditions(index), is_one_span=self.is_one_span(index))
        wishes = [base, *(replace(base, fails=(one,)) for one in self.conditions(other))]
        return any(
            self.matches(index, trace) and not self.matches(other, trace)
            for wanted in wishes
            for trace in traces_showing(wanted, marks_roots=self._marks_roots)
        )

    def _around(self, other: int, index: int, wanted: Wanted) -> tuple[Trace, Wanted] | None:
        """Let one condition of the rule in the way fail."""
        for condition in self.conditions(other):
            stricter = replace(wanted, fails=(*wanted.fails, condition))
            for trace in traces_showing(stricter, marks_roots=self._marks_roots):
                if self.matches(index, trace) and not self.matches(other, trace):
                    return trace, stricter
        return None

    def _enter(self, index: int) -> None:
        """Note under what a trace must hold for the rule to match; see `_possible`."""
        rule = self.rules[index]
        if not self.is_nested and rule.conditions and rule.scope in ("", "trace", "span"):
            needed = [one for one in self.conditions(index) if one.places and not one.on_missing]
            for one in needed:
                text = _text_asked_for(one)
                if text is not None:
                    key = (one.places[0].name, text)
                    self._by_text.setdefault(key, []).append(index)
                    return
            for one in needed:
                for name in dict.fromkeys(place.name for place in one.places):
                    self._by_name.setdefault(name, []).append((index, one.holds))
                return
        self._always.append(index)

    def _possible(self, trace: Trace) -> list[int]:
        """Return, in order, all rules that could match `trace`, and others."""
        known, possible = self._last
        if known is trace:
            return possible
        found = set(self._always)
        for span in trace.distinct_spans:
            for name, value in span.fields.items():
                for index, holds in self._by_name.get(name, ()):
                    if holds(value):
                        found.add(index)
                if name in self._names_of_texts:
                    found.update(self._by_text.get((name, text_of(value)), ()))
        possible = sorted(found)
        self._last = (trace, possible)
        return possible


def _text_asked_for(one: AskedCondition) -> str | None:
    """Return the only text that the value of a condition can have, None where it can have more."""
    condition = one.condition
    is_text = isinstance(condition.value, str) and condition.datatype in ("", "string")
    is_one = condition.operator == "=" and len(one.places) == 1
    return config_text(condition.value) if is_text and is_one else None

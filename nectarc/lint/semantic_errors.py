"""Traces with errors that a target drops.

Owns: NEC586, NEC587. Must not know: proofs: every finding shows a trace that was decided so.
Truth: ../shared/design/language.md, section 2 (the default of `safety.error`);
../shared/reference/refinery-semantics.md, 6 (`error` is set on spans whose status is an error).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label
from nectarc.evaluate.conditions import compile_condition
from nectarc.lint.located_samplers import places, rule_in_words
from nectarc.lint.semantic_trials import Trials
from nectarc.lint.semantic_values import AskedCondition, asked
from nectarc.lint.semantic_words import is_dropping, is_keeping, trace_in_words
from nectarc.refinery.located import LocatedRule
from nectarc.refinery.rules import Condition
from nectarc.trace import Span, Trace, Value

_STATUS: Final = ("http.response.status_code", "http.status_code", "http.status")
_ERROR: Final = asked(Condition(field="error", operator="=", value=True))
_STATUS_ERRORS: Final = tuple(
    asked(Condition(field=name, operator=">=", value=500)) for name in _STATUS
)
_USUAL_STATUSES: Final = (500, 503, 599)
# By name: a value that says "error", and one that does not.
_TELLING: Final[dict[str, tuple[tuple[Value, Value], ...]]] = {
    "error": ((True, False), ("true", "false")),
    "status_code": ((2, 0), (2, 1)),
    "otel.status_code": (("ERROR", "OK"),),
    **dict.fromkeys(_STATUS, ((500, 200), ("500", "200"))),
}


class LostErrors:
    """What is asked of the rules that drop."""

    def __init__(self, located: tuple[LocatedRule, ...], trials: Trials) -> None:
        """Ask nothing yet."""
        self._located = located
        self._trials = trials
        self._keepers = [i for i, rule in enumerate(trials.rules)
                         if is_keeping(rule) and self._asks_for_errors(i)]  # fmt: skip
        count = len(trials.rules)
        self._kept_from = {
            error: next((i for i in range(count) if self._takes_all(i, error)), count)
            for error in (_ERROR, *_STATUS_ERRORS)
        }

    def check(self) -> Iterator[Diagnostic]:
        """Report the rules that drop a trace with an error."""
        shown: list[tuple[int, Trace]] = []
        for index, rule in enumerate(self._trials.rules):
            if not rule.drop or not is_dropping(rule):
                continue  # a rate that is missing or 0 has a finding of its own
            if self._narrows_nothing(index) and (late := self._late_keeper(index)) is not None:
                yield self._too_late(index, *late)
            elif (trace := self._error_dropped_by(index)) is not None:
                denying = self._denying(index)
                if denying is None:
                    shown.append((index, trace))
                else:
                    yield self._against_itself(index, denying, trace)
        if shown:
            yield self._dropped(shown)

    def drops_errors(self, index: int) -> bool:
        """Say whether rule `index` drops, and a trace with an error is among what it decides.

        A 5xx that OpenTelemetry's status does not call an error counts where the rule asks for it.
        """
        if not is_dropping(self._trials.rules[index]):
            return False
        trace = self._error_dropped_by(index)
        return trace is not None and (_holds(_ERROR)(trace) or self._asks_for_errors(index))

    def _asks_for_errors(self, index: int) -> bool:
        return any(
            not one.on_missing
            and any(
                one.holds(error) and not one.holds(good)
                for place in one.places
                for error, good in _TELLING.get(place.name, ())
            )
            for one in self._trials.conditions(index)
        ) or any(
            one.condition.operator == "exists" and "error" in one.condition.names
            for one in self._trials.conditions(index)
        )

    def _late_keeper(self, index: int) -> tuple[int, Trace] | None:
        """Return the first rule below that keeps errors, and a trace that `index` takes from it."""
        for keeper in self._keepers:
            if keeper > index:
                trace = self._trials.reaching(
                    index,
                    self._trials.conditions(keeper),
                    is_meant=partial(self._trials.matches, keeper),
                )
                if trace is not None:
                    return keeper, trace
        return None

    def _error_dropped_by(self, index: int) -> Trace | None:
        """Return a trace with an error that rule `index` decides: OpenTelemetry's own, or a 5xx."""
        errors = [one for one in (_ERROR, *_STATUS_ERRORS) if index <= self._kept_from[one]]
        if errors[:1] == [_ERROR]:
            found = self._trials.reaching(index, (_ERROR,), is_meant=_holds(_ERROR))
            if found is not None:
                return found
        traces = [
            self._trials.reaching(index, (one,), is_meant=_holds(one))
            for one in errors
            if one is not _ERROR
        ]
        return min((one for one in traces if one), key=_size, default=None)

    def _takes_all(self, index: int, error: AskedCondition) -> bool:
        """Say whether a rule takes every trace with this error, as far as usual values go."""
        conditions = self._trials.conditions(index)
        name = error.places[0].name
        known = _STATUS if name in _STATUS else (name,)
        asks_only_that = all(
            one.places and not one.on_missing and {p.name for p in one.places} <= set(known)
            for one in conditions
        ) and not any(place.is_root for one in conditions for place in one.places)
        return asks_only_that and all(
            self._trials.matches(index, Trace("", (Span({name: value}),)))
            for value in (_USUAL_STATUSES if name in _STATUS else (True,))
        )

    def _denying(self, index: int) -> int | None:
        """Return a condition that any span meets which is no error, or says nothing of it (T4)."""
        for at, one in enumerate(self._trials.conditions(index)):
            names = {place.name for place in one.places}
            telling = (pair for name in names for pair in _TELLING.get(name, ()))
            if one.on_missing and any(not one.holds(error) for error, _ in telling):
                return at
        return None

    def _dropped(self, shown: list[tuple[int, Trace]]) -> Diagnostic:
        index, trace = shown[0]
        others = len(shown) - 1
        more = f", and so {'does' if others == 1 else 'do'} {others} more" if others else ""
        return finding(
            "NEC586",
            self._located[index].place,
            f"{rule_in_words(self._located[index])} drops traces with errors{more}",
            label=f"drops {trace_in_words(trace)}",
            why="no rule above keeps such errors first; that may be meant, but the trace that "
            "would explain a failure is gone",
            help="if failures matter here, put a rule above that keeps them: `Field: error`, "
            "`Operator: '='`, `Value: true`, `SampleRate: 1`",
            related=places(
                tuple(self._located[i].place for i, _ in shown[1:]), "drops errors, too"
            ),
        )

    def _against_itself(self, index: int, at: int, trace: Trace) -> Diagnostic:
        one = self._located[index]
        return finding(
            "NEC587",
            one.conditions[at].at("Operator"),
            f"{rule_in_words(one)} asks for traces without errors, and drops traces with errors",
            label=f"drops {trace_in_words(trace)}",
            why="one span that is no error is enough; no condition says that none of them is one",
            help="put a rule above that keeps errors, and let this one drop the rest",
            related=(Label(one.place, "drops them"),),
        )

    def _too_late(self, index: int, keeper: int, trace: Trace) -> Diagnostic:
        one, late = self._located[index], self._located[keeper]
        return finding(
            "NEC587",
            one.place,
            f"{rule_in_words(one)} drops errors that {rule_in_words(late)} below would keep",
            label=f"drops {trace_in_words(trace)}",
            why="the first rule that matches decides: the rule that keeps errors is not asked",
            help=f"move {rule_in_words(late)} above {rule_in_words(one)}, unless these failures "
            "are to go",
            related=(Label(late.place, "asked too late for these"),),
        )

    def _narrows_nothing(self, index: int) -> bool:
        """Say whether a rule asks only for what spans lack, or for the trace's shape.

        What is dropped by what it has, a health check, may be meant to go even where it fails.
        """
        return all(
            one.on_missing or one.is_root or one.is_count for one in self._trials.conditions(index)
        )


def _holds(error: AskedCondition) -> Callable[[Trace], bool]:
    """Return the question whether some span is this error; one that says so in one way only."""
    test = compile_condition(error.condition)

    def is_error(trace: Trace) -> bool:
        return any(
            test(trace, trace.root, span)
            and all(one.holds(span.fields[one.places[0].name]) for one in _STATUS_ERRORS
                    if one.places[0].name in span.fields)
            for span in trace.distinct_spans
        )  # fmt: skip

    return is_error


def _size(trace: Trace) -> int:
    return sum(len(span.fields) for span in trace.spans)

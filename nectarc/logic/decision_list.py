"""Policies and Refinery's rules as one thing: formulas in order, each with what it does.

Owns: the record, both translations, when two effects are the same.
Must not know: solvers. Truth: docs/language.md, 5; ../shared/reference/refinery-semantics.md,
3.2, 3.3 and 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final, assert_never

from nectarc.evaluate.policy import decide, holds, share
from nectarc.evaluate.refinery_rules import Outcome, compile_rule, compile_target
from nectarc.evaluate.sampler_start import ProcessExit, first_rate, target_start_exit
from nectarc.ir import nodes
from nectarc.logic.formula import Formula
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.rules_formula import formula_of_rule
from nectarc.records import part, record, replace
from nectarc.refinery.durations import parse_duration
from nectarc.refinery.rules import (
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RuleSampler,
    RulesConfig,
    TargetSampler,
)
from nectarc.trace import Trace


@record
class Effect:
    """What happens to the traces that an entry decides.

    low, high: bounds of the share kept, 0 to 1.
    identity:  equal exactly where the effect is: kind, parameters and key fields of the sampler.
    """

    low: Fraction
    high: Fraction
    identity: str


@record
class Entry:
    """One entry: decides the traces that `when` holds of and no entry above decides."""

    label: str
    when: Formula
    effect: Effect


@record
class DecisionList:
    """Entries in the order of decision.

    default:      what happens where no entry matches; None: a policy, whose fallback is an entry.
    decide:       the plain evaluator: the index of the entry that decides, None: none.
    matches:      the plain evaluator of each entry: whether its own condition holds.
    assumes_flat: it sets `CheckNestedFields`, and the entries read fields flat all the same.
    """

    name: str
    entries: tuple[Entry, ...]
    default: Effect | None
    decide: Callable[[Trace], int | None] = part(compare=False, repr=False)
    matches: tuple[Callable[[Trace], bool], ...] = part(compare=False, repr=False)
    assumes_flat: bool = False

    def effect_of(self, entry: int | None) -> Effect | None:
        """Return the effect of an entry, of the default for None."""
        return self.default if entry is None else self.entries[entry].effect


@record
class Refused:
    """Rules that decide nothing: Refinery's process ends. `reason` is in the file's terms."""

    reason: str


_KEEP: Final = Effect(Fraction(1), Fraction(1), "keep")
_DROP: Final = Effect(Fraction(0), Fraction(0), "drop")


def list_of_policy(policy: nodes.Policy) -> DecisionList:
    """Return `policy` as a decision list, entry by rule."""
    return DecisionList(
        policy.name,
        tuple(
            Entry(rule.name, formula_of(rule.match), effect_of_action(rule.action))
            for rule in policy.rules
        ),
        None,
        lambda trace: _policy_entry(policy, trace),
        tuple(_holder(rule.match) for rule in policy.rules),
    )


def list_of_rules(sampler: TargetSampler, name: str) -> DecisionList | Refused:
    """Return the sampler of one target as a decision list, entry by rule.

    A sampler without rules is a list without entries. Refused: building it ends the process.
    """
    ended = target_start_exit(sampler)
    if ended is not None:
        return Refused(f"the process ends at the first trace: {ended.cause}")
    if not isinstance(sampler, RulesConfig):
        return DecisionList(name, (), effect_of_sampler(sampler), lambda _trace: None, ())
    rules = [rule for rule in sampler.rules if rule is not None]
    return DecisionList(
        name,
        tuple(Entry(rule.name, formula_of_rule(rule), effect_of_rule(rule)) for rule in rules),
        _KEEP,
        _rules_decider(rules),
        tuple(map(compile_rule, rules)),
        assumes_flat=sampler.check_nested_fields,
    )


def effect_of_action(action: nodes.Action) -> Effect:
    """Return the effect of a policy's action."""
    match action:
        case nodes.Keep():
            return _KEEP
        case nodes.Drop():
            return _DROP
        case nodes.Sample(one_in):
            return _one_in(one_in)
        case nodes.Deterministic(one_in):
            return _by_trace_id(one_in)
        case nodes.DynamicSampler(kind, parameters, field_list):
            return Effect(*share(action), _dynamic_identity(kind, parameters, field_list))
        case _:
            assert_never(action)


def effect_of_rule(rule: Rule) -> Effect:
    """Return what happens to a trace that `rule` decides (reference, 3.3)."""
    if rule.sampler is not None:
        return effect_of_sampler(rule.sampler)
    return _DROP if rule.drop or rule.sample_rate < 1 else _one_in(rule.sample_rate)


def effect_of_sampler(sampler: RuleSampler) -> Effect:
    """Return the effect of a sampler that can be built."""
    match sampler:
        case DeterministicConfig():
            return _by_trace_id(sampler.sample_rate)
        case DynamicConfig():
            rate = first_rate(sampler)
            if isinstance(rate, ProcessExit):
                return Effect(Fraction(0), Fraction(0), f"the process ends: {rate.cause}")
            identity = _dynamic_identity(sampler.kind, sampler.parameters, sampler.field_list)
            return Effect(Fraction(0), Fraction(1), identity)
        case EmptySampler():
            return Effect(Fraction(0), Fraction(0), "the process ends: no sampler is named")
        case _:
            assert_never(sampler)


def _one_in(rate: int) -> Effect:
    return _KEEP if rate == 1 else Effect(Fraction(1, rate), Fraction(1, rate), f"1 in {rate}")


def _by_trace_id(rate: int) -> Effect:
    if rate <= 1:
        return _KEEP
    kept = Fraction(1, rate)
    return Effect(kept, kept, f"1 in {rate} by trace id")


def _dynamic_identity(
    kind: str,
    parameters: tuple[tuple[str, int | float | bool | str], ...],
    field_list: tuple[str, ...],
) -> str:
    # A parameter that is zero is one that is not set; the key sorts its fields (reference, 4.3).
    given = sorted((name, _spelled(value)) for name, value in parameters if value not in (0, ""))
    return f"{kind} {given} {sorted(field_list)}"


def _spelled(value: float | str) -> str:
    """Return one text for equal values: `60s` is `1m`, 2.0 is 2."""
    if isinstance(value, str):
        duration = parse_duration(value)
        return repr(value) if duration is None else f"{duration} ns"
    return repr(int(value)) if isinstance(value, float) and value.is_integer() else repr(value)


def _holder(match: nodes.TraceExpr) -> Callable[[Trace], bool]:
    return lambda trace: holds(match, trace)


def _policy_entry(policy: nodes.Policy, trace: Trace) -> int | None:
    found = decide(policy, trace)
    return found if found < len(policy.rules) else None


def _rules_decider(rules: Sequence[Rule]) -> Callable[[Trace], int | None]:
    # Without samplers, which may end the process and then hide the rule; fields are read flat.
    bare = RulesConfig(rules=tuple(replace(rule, sampler=None) for rule in rules))
    outcome_of = compile_target(bare)

    def entry_of(trace: Trace) -> int | None:
        outcome = outcome_of(trace)
        assert isinstance(outcome, Outcome)
        return outcome.rule

    return entry_of

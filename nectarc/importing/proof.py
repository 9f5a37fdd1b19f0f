"""Whether the text of an imported policy decides as the rules, for every trace it is about.

Owns: the question, and what an import's own assumptions mean to it. Must not know: how rules were
translated; only `special` and `whole_guards`, which say what two of the assumptions mean, are
shared. Truth: docs/decisions/0013-import.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from nectarc.checking import check_text
from nectarc.evaluate.values import to_float
from nectarc.importing.actions import running_sampler, running_samplers
from nectarc.importing.conditions import whole_guards
from nectarc.importing.records import ImportAssumption, ImportedTarget
from nectarc.importing.special import Plain, is_parent_id, plain
from nectarc.ir import nodes
from nectarc.logic.decision_list import (
    DecisionList,
    Effect,
    Entry,
    Refused,
    list_of_policy,
    list_of_rules,
)
from nectarc.logic.formula import Formula, formula_holds
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.questions import (
    Difference,
    Impossible,
    Prover,
    Unknown,
    alike_by_effect,
    differ,
    reachable,
)
from nectarc.logic.rules_formula import formula_of_rule
from nectarc.logic.universe import universe_of
from nectarc.records import replace
from nectarc.refinery.rules import (
    ROOT_PREFIX,
    Condition,
    DynamicConfig,
    Rule,
    RulesConfig,
    TargetSampler,
)
from nectarc.source import SourceText
from nectarc.trace import ROOT_FIELD, Trace, Value

PROVEN: Final = "proven"
PROVEN_APART: Final = "proven apart from refused rules"
DIFFERENT: Final = "different"
UNKNOWN: Final = "unknown"
_EXCLUDED: Final = Effect(Fraction(0), Fraction(0), "a trace that the proof is not about")
_WHOLE_MAX: Final = float(2**53)


def prove_import(text: SourceText, imported: ImportedTarget) -> tuple[str, str]:
    """Compare the policy `text` with the rules it was imported from: the verdict, and the reason.

    The proof is about every trace that meets the import's assumptions and that no refused rule
    matches. The reason is "" where it is proven.
    """
    checked = check_text(text)
    if checked.policy is None or checked.has_errors:
        errors = [one for one in checked.diagnostics if one.severity.value == "error"]
        said = f"{errors[0].code}: {errors[0].headline}" if errors else "it has no rules"
        return DIFFERENT, f"the policy cannot be read: {said}"
    return prove_policy(checked.policy, imported)


def prove_policy(policy: nodes.Policy, imported: ImportedTarget) -> tuple[str, str]:
    """Compare a policy with the rules it was imported from, as `prove_import` does."""
    rules = list_of_rules(plain_sampler(imported), imported.target)
    if isinstance(rules, Refused):
        return UNKNOWN, f"the rules decide nothing: {rules.reason}"
    excluded = excluded_traces(imported)
    left = _with_excluded(list_of_policy(policy), excluded)
    right = _with_excluded(rules, excluded)
    prover = Prover((left, right), universe=universe_of(imported.assume))
    answer = differ(prover, 0, 1, alike_by_effect(left, right))
    if isinstance(answer, Unknown):
        return UNKNOWN, answer.reason
    if isinstance(answer, Difference):
        return DIFFERENT, _difference_words(answer, left, right)
    return (PROVEN_APART if imported.refused else PROVEN), ""


def live_rules(imported: ImportedTarget) -> frozenset[int]:
    """Return the rules that decide some trace that the import is about, or may decide one."""
    rules = list_of_rules(plain_sampler(imported), imported.target)
    if isinstance(rules, Refused):
        return frozenset()
    listed = _with_excluded(rules, _out_of_range(imported))
    offset = len(listed.entries) - len(rules.entries)
    prover = Prover((listed,), universe=universe_of(imported.assume))
    return frozenset(
        index
        for index in range(len(rules.entries))
        if not isinstance(reachable(prover, 0, index + offset), Impossible)
    )


def plain_sampler(imported: ImportedTarget) -> TargetSampler:
    """Return the rules as the proof reads them: samplers as they run, special names replaced."""
    sampler = imported.sampler
    if isinstance(sampler, DynamicConfig):
        return running_sampler(sampler)
    if not isinstance(sampler, RulesConfig):
        return sampler
    running = running_samplers(rule for rule in sampler.rules if rule is not None)
    return RulesConfig(rules=tuple(_plain_rule(rule) for rule, _ in running))


def excluded_traces(imported: ImportedTarget) -> tuple[Formula, ...]:
    """Return what holds of the traces that the proof leaves aside, types, null and NaN apart."""
    sampler = plain_sampler(imported)
    refused = {one.origin for one in imported.refused}
    rules = sampler.rules if isinstance(sampler, RulesConfig) else ()
    matched = [
        formula_of_rule(rule)
        for index, rule in enumerate(rules)
        if index in refused and rule is not None
    ]
    return (*matched, *_out_of_range(imported))


def allowed_traces(imported: ImportedTarget) -> Callable[[Trace], bool]:
    """Return whether a trace is one that the proof is about, prepared for many traces.

    It meets all that the import takes for granted, and no refused rule matches it.
    """
    excluded = excluded_traces(imported)

    def allows(trace: Trace) -> bool:
        return (
            imported.assume.allows_trace(trace)
            and all(_is_met(one, trace) for one in imported.assumptions)
            and not any(formula_holds(formula, trace) for formula in excluded)
        )

    return allows


def _is_met(assumption: ImportAssumption, trace: Trace) -> bool:
    name, spans = assumption.field, trace.distinct_spans
    match assumption.kind:
        case "flat":
            return not any(_holds_map(value) for span in spans for value in span.fields.values())
        case "not-sent":
            return not any(name in span.fields for span in spans)
        case "parent-ids" if name == ROOT_FIELD:
            return all(span.fields.get(name) is span.is_root for span in spans)
        case "parent-ids":
            return all(
                name not in span.fields if span.is_root else is_parent_id(span.fields.get(name))
                for span in spans
            )
        case "whole":
            return all(_is_whole(span.fields.get(name)) for span in spans)
        case _:
            return True  # of values alone: `Assume` has seen to it


def _is_whole(value: Value) -> bool:
    if value is None:
        return True
    number = to_float(value)
    return number is not None and number.is_integer() and abs(number) < _WHOLE_MAX


def _holds_map(value: Value) -> bool:
    return isinstance(value, Mapping | tuple)


def _plain_rule(rule: Rule) -> Rule:
    if rule.conditions is None:
        return rule
    return replace(rule, conditions=tuple(map(_plain_condition, rule.conditions)))


def _plain_condition(condition: Condition | None) -> Condition | None:
    found = plain(condition) if condition is not None else None
    return found.condition if isinstance(found, Plain) else condition


def _out_of_range(imported: ImportedTarget) -> tuple[Formula, ...]:
    """Return what holds of traces with numbers that "whole" rules out, as far as rules can tell."""
    fields = {one.field for one in imported.assumptions if one.kind == "whole"}
    sampler = imported.sampler
    found: dict[Formula, None] = {}
    for rule in sampler.rules if isinstance(sampler, RulesConfig) and fields else ():
        for condition in (rule.conditions if rule is not None else None) or ():
            for guard in whole_guards(condition) if condition is not None else ():
                for name in condition.names if condition is not None else ():
                    own = name.removeprefix(ROOT_PREFIX)
                    if own in fields:
                        asked = _about(guard, nodes.Field((own,), own))
                        found[formula_of(nodes.AnySpan(asked))] = None
    return tuple(found)


def _about(expr: nodes.SpanExpr, field: nodes.Field) -> nodes.SpanExpr:
    match expr:
        case nodes.SpanTest(test):
            return nodes.SpanTest(replace(test, field=field))
        case nodes.SpanNot(operand):
            return nodes.SpanNot(_about(operand, field))
        case nodes.SpanAnd(operands):
            return nodes.SpanAnd(tuple(_about(one, field) for one in operands))
        case nodes.SpanOr(operands):
            return nodes.SpanOr(tuple(_about(one, field) for one in operands))
        case _:
            return expr


def _with_excluded(listed: DecisionList, excluded: Sequence[Formula]) -> DecisionList:
    """Put entries for `excluded` above all others: both lists then decide such traces alike."""
    if not excluded:
        return replace(listed, assumes_flat=False)
    count = len(excluded)

    def decide(trace: Trace) -> int | None:
        for index, formula in enumerate(excluded):
            if formula_holds(formula, trace):
                return index
        found = listed.decide(trace)
        return None if found is None else found + count

    entries = tuple(Entry("", formula, _EXCLUDED) for formula in excluded)
    return DecisionList(
        listed.name,
        (*entries, *listed.entries),
        listed.default,
        decide,
        (*(_holder(formula) for formula in excluded), *listed.matches),
    )


def _holder(formula: Formula) -> Callable[[Trace], bool]:
    return lambda trace: formula_holds(formula, trace)


def _difference_words(found: Difference, left: DecisionList, right: DecisionList) -> str:
    spans = "; ".join(str(dict(one.fields)) for one in found.trace.distinct_spans)
    mine = "nothing" if found.left is None else f"`{left.entries[found.left].label}`"
    theirs = "nothing" if found.right is None else f"`{right.entries[found.right].label}`"
    return f"{mine} decides where the rules decide by {theirs}, on a trace with the spans {spans}"

"""The checker: from the syntax tree of a policy to its decision list.

Owns: the order of the checks. Must not know: TOON, Refinery's rules.
Truth: docs/language.md, sections 2 to 5. Goes past every error: a wrong rule is left out, and one
mistake gives one message.
"""

from __future__ import annotations

from itertools import chain, count
from typing import NamedTuple

from nectarc.diagnostic import Diagnostic, Fix, Label
from nectarc.ir import nodes as ir
from nectarc.semantics.actions import elaborate_action
from nectarc.semantics.constants import constant_value
from nectarc.semantics.context import Context
from nectarc.semantics.fields import check_field_rows
from nectarc.semantics.lints.deterministic import lint_deterministic
from nectarc.semantics.lints.goals import lint_goals
from nectarc.semantics.lints.key_cardinality import lint_key_cardinality
from nectarc.semantics.lints.priorities import lint_priorities
from nectarc.semantics.lints.shared_budgets import lint_shared_budgets
from nectarc.semantics.lints.spellings import lint_spellings
from nectarc.semantics.lints.traffic import lint_traffic
from nectarc.semantics.lints.unreachable import lint_unreachable
from nectarc.semantics.matches import elaborate_match
from nectarc.semantics.options import CheckOptions
from nectarc.semantics.policy_parts import CheckedPolicy, Invariant
from nectarc.semantics.policy_tests import check_tests
from nectarc.semantics.rule_list import CheckedRule
from nectarc.semantics.toon_edits import Cell, add_row
from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.syntax.ast import FieldName
from nectarc.toon.document import Scalar

_NO_OPTIONS = CheckOptions()


class CheckedMatch(NamedTuple):
    """What a single match means (None after an error), and the findings."""

    match: ir.TraceExpr | None
    diagnostics: tuple[Diagnostic, ...]


def check(
    policy: ast.Policy, options: CheckOptions = _NO_OPTIONS
) -> tuple[ir.Policy | None, tuple[Diagnostic, ...]]:
    """Return the decision list (None where errors leave none) and all findings, by place."""
    checked = check_policy(policy, options)
    return checked.policy, checked.diagnostics


class RuleMeaning(NamedTuple):
    """What one rule means by itself, what is wrong with it, and which fields its match reads.

    It rests on the rule, the rows of `fields` and the corpus schema, on nothing else.
    """

    checked: CheckedRule
    diagnostics: tuple[Diagnostic, ...]
    uses: tuple[tuple[FieldName, tuple[str, ...]], ...]


def check_policy(
    policy: ast.Policy,
    options: CheckOptions = _NO_OPTIONS,
    known: dict[int, RuleMeaning] | None = None,
) -> CheckedPolicy:
    """Check a whole policy: decision list, invariants, tests, lints.

    known: what rules mean, by their `id`; those that are missing are added, for the next check of
           a policy that holds the same rules.
    """
    context = Context(options, policy.fields)
    context.fields = check_field_rows(context)
    _check_unique([rule.name for rule in policy.rules], "rule", context)
    rules = [_meaning(rule, context, known) for rule in policy.rules]
    # Python's sort is stable: ties stay in file order.
    ordered = sorted(rules, key=lambda one: -one.rule.priority)
    has_fallback = _check_fallback(policy, ordered, context)
    invariants = _check_invariants(policy, context)
    check_tests(policy, ordered, context)
    _lint(policy, ordered, context)
    found = ir.Policy(
        name=policy.name.text if policy.name is not None else "",
        rules=tuple(built for one in ordered if (built := _build(one)) is not None),
    )
    return CheckedPolicy(
        policy=found if has_fallback else None,
        invariants=invariants,
        diagnostics=_by_place(context),
    )


def check_match(
    expr: ast.Expr, fields: tuple[ast.FieldRow, ...] = (), options: CheckOptions = _NO_OPTIONS
) -> CheckedMatch:
    """Check one match outside a policy (`[safety]` of the manifest), with a policy's `fields`.

    Findings about the rows of `fields` are left to the policy's own check.
    """
    context = Context(options, fields)
    context.fields = check_field_rows(context)
    context.diagnostics.clear()
    match = elaborate_match(expr, context)
    lint_spellings(context)
    lint_traffic(context)
    return CheckedMatch(match, _by_place(context))


def _by_place(context: Context) -> tuple[Diagnostic, ...]:
    return tuple(sorted(context.diagnostics, key=lambda one: (one.source, one.code)))


def _meaning(rule: ast.Rule, context: Context, known: dict[int, RuleMeaning] | None) -> CheckedRule:
    if known is None:
        return _check_rule(rule, context)
    meaning = known.get(id(rule))
    if meaning is not None:
        context.diagnostics.extend(meaning.diagnostics)
        context.uses.extend(meaning.uses)
        return meaning.checked
    said, used = len(context.diagnostics), len(context.uses)
    checked = _check_rule(rule, context)
    known[id(rule)] = RuleMeaning(
        checked, tuple(context.diagnostics[said:]), tuple(context.uses[used:])
    )
    return checked


def _check_rule(rule: ast.Rule, context: Context) -> CheckedRule:
    match = elaborate_match(rule.match, context)
    action = elaborate_action(rule.action, context) if rule.action is not None else None
    return CheckedRule(rule, match, action)


def _build(one: CheckedRule) -> ir.Rule | None:
    if one.match is None or one.action is None:
        return None
    rule = one.rule
    return ir.Rule(
        name=rule.name.text,
        match=one.match,
        action=one.action,
        priority=rule.priority,
        description=rule.description.text if rule.description is not None else "",
        source=rule.source,
    )


def _check_unique(names: list[Scalar], what: str, context: Context) -> None:
    first: dict[str, Scalar] = {}
    for name in names:
        earlier = first.setdefault(name.text, name)
        if earlier is not name and name.text:
            context.report(
                "NEC213",
                name.source,
                f"{what} `{name.text}` exists twice",
                why="the name is how reports, tests and Refinery tell them apart",
                help="give it another name",
                related=(Label(earlier.source, "first used here"),),
            )


def _check_fallback(policy: ast.Policy, rules: list[CheckedRule], context: Context) -> bool:
    """Report a policy without a fallback; say whether a decision list has one that is whole."""
    for one in rules:
        if isinstance(one.rule.match, ast.InvalidExpr):
            return _has_whole_fallback(rules)
        if one.match is not None and constant_value(one.match) is True:
            return _has_whole_fallback(rules)
    if not policy.rules:
        return False  # the reader has said that there are none
    lowest = min(rule.priority for rule in policy.rules)
    taken = {rule.name.text for rule in policy.rules}
    name = next(one for one in chain(["rest"], map("rest-{}".format, count(2))) if one not in taken)
    row: dict[str, Cell] = {
        "name": name,
        "match": "true",
        "action": "keep",
        "priority": min(0, lowest - 1),
    }
    edits = add_row(context.options, "rules", row)
    context.report(
        "NEC210",
        _section_head(policy.rules_source, context),
        "no rule matches the traces that all others leave",
        why="Refinery keeps every trace that no rule matches, at rate 1 and full cost",
        help=f"add a last rule: `{name},true,sample(1/100),{row['priority']}`",
        fixes=(Fix(f"add a rule `{name}` that keeps them, as Refinery would", edits, is_safe=True),)
        if edits
        else (),
    )
    return False


def _has_whole_fallback(rules: list[CheckedRule]) -> bool:
    return any(
        one.match is not None and one.action is not None and constant_value(one.match) is True
        for one in rules
    )


def _section_head(source: SourceSpan, context: Context) -> SourceSpan:
    """Return the first line of a section: a squiggle under a whole table shows nothing."""
    text = context.options.text
    if text is None:
        return source
    end = text.text.find("\n", source.start, source.end)
    return SourceSpan(source.file, source.start, end if end >= 0 else source.end)


def _check_invariants(policy: ast.Policy, context: Context) -> tuple[Invariant, ...]:
    _check_unique([row.name for row in policy.invariants], "invariant", context)
    found: list[Invariant] = []
    for row in policy.invariants:
        when = elaborate_match(row.when, context)
        if when is not None and row.require is not None:
            found.append(
                Invariant(
                    name=row.name.text,
                    when=when,
                    requirement=row.require.requirement,
                    share=row.require.share,
                    source=row.source,
                )
            )
    return tuple(found)


def _lint(policy: ast.Policy, rules: list[CheckedRule], context: Context) -> None:
    lint_unreachable(rules, context)
    lint_priorities(rules, context)
    lint_deterministic(rules, context)
    lint_shared_budgets(rules, context)
    lint_goals(policy.budget_per_second, rules, context)
    lint_key_cardinality(rules, context)
    lint_spellings(context)
    lint_traffic(context)

"""Why a policy cannot be said in Refinery's rules, and what near it can.

Owns: reasons and variants of a refusal. A variant is offered only when it compiles, can be true and
a trace is known on which it differs. Must not know: TOON.
Truth: docs/language.md, section 6 (last points).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix, Label
from nectarc.ir import nodes
from nectarc.ir.clauses import (
    Clause,
    ExistsSpan,
    HasRootLiteral,
    RootLiteral,
)
from nectarc.ir.nodes import Policy
from nectarc.lowering.arrange import TooLarge, TooLong, Work
from nectarc.lowering.forms import forms_of
from nectarc.lowering.lower import Unsayable
from nectarc.lowering.variants import Variant, variants_of
from nectarc.lowering.wording import match_text, trace_text
from nectarc.refinery.lowered import AssumptionKind

_VARIANTS_MAX: Final = 6
_QUESTIONS_MAX: Final = 10_000  # seconds; all variants of policies up to a dozen rules
_WHY: Final = (
    "a Refinery rule asks one span for everything, or any spans for single tests; it cannot mix"
    " the two"
)


def refusals(
    policy: Policy,
    found: Unsayable | TooLarge | TooLong,
    allowed: frozenset[AssumptionKind],
) -> tuple[Diagnostic, ...]:
    """Return one diagnostic for each rule that stands in the way."""
    if isinstance(found, TooLarge):
        rule = policy.rules[found.rule]
        return (
            finding(
                "NEC303",
                rule.match.source,
                f"the match of rule `{rule.name}` has too many alternatives",
                why="each alternative becomes a rule of its own in Refinery",
                help="split the rule, or ask with `in [...]` and with fewer `||` inside `&&`",
            ),
        )
    if isinstance(found, TooLong):
        rule = policy.rules[found.rule]
        return (
            finding(
                "NEC302",
                rule.match.source,
                f"{len(policy.rules)} policy rules become over {found.rules_min} Refinery rules",
                label="what this rule negates comes first, with copies of all rules below",
                why="each such negation may double the list, and Refinery tries rules one by one",
                help="put rules that decide what is negated above the negations",
            ),
        )
    work = Work(allowed, _QUESTIONS_MAX)
    return tuple(_refusal(policy, index, found, allowed, work) for index in found.culprits)


def _refusal(
    policy: Policy, index: int, found: Unsayable, allowed: frozenset[AssumptionKind], work: Work
) -> Diagnostic:
    rule = policy.rules[index]
    entry = next((e for e in found.entries if e.rule == index), found.entries[0])
    is_copy = entry.rule != index
    reason = _reason(entry.clause, allowed)
    why = _WHY
    related: tuple[Label, ...] = ()
    if is_copy:
        other = policy.rules[entry.rule]
        why = (
            f"what `{rule.name}` negates must come first and decide what the rules below would; for"
            f" `{other.name}` that takes {reason}"
        )
        related = (Label(other.match.source, "this rule is below the negation"),)
    others = tuple(dict.fromkeys(e.rule for e in found.entries if e.rule != index))
    variants = tuple(variants_of(policy, index, others, work))[:_VARIANTS_MAX]
    return finding(
        "NEC300",
        rule.match.source,
        f"no list of Refinery rules decides what rule `{rule.name}` asks",
        label=reason,
        why=why,
        help=_help(variants),
        related=related,
        fixes=tuple(_fix(policy, one) for one in variants),
    )


def _reason(clause: Clause, allowed: frozenset[AssumptionKind]) -> str:
    cubes = [lit.cube for lit in clause if isinstance(lit, ExistsSpan) and lit.is_positive]
    several = [cube for cube in cubes if len(cube) > 1]
    missing = _without_form(clause, allowed)
    if missing is not None:
        return f"`{missing}`, which no condition of Refinery says exactly"
    if any(isinstance(lit, ExistsSpan) and not lit.is_positive for lit in clause):
        return "a negation that the rules below it leave no place for"
    if len(several) > 1:
        return "two same-span conjunctions in one rule"
    if several:
        return "a same-span conjunction beside another span's test"
    return "a test that needs a guard on its own span beside another span's test"


def _without_form(clause: Clause, allowed: frozenset[AssumptionKind]) -> str | None:
    for literal in clause:
        match literal:
            case ExistsSpan(cube, _):
                for one in cube:
                    if one.test is not None and not forms_of(
                        one.test, allowed, is_positive=one.is_positive
                    ):
                        text = match_text(nodes.RootTest(one.test)).removeprefix("root.")
                        return text if one.is_positive else f"!({text})"
            case RootLiteral(test, is_positive):
                if not forms_of(test, allowed, is_positive=is_positive):
                    return f"!({match_text(nodes.RootTest(test))})"
            case HasRootLiteral():
                pass
    return None


def _help(variants: Sequence[Variant]) -> str:
    if not variants:
        return (
            "ask the root (`root.`) instead of any span, split the rule, or change its place;"
            " `--approximate keep-more` keeps a superset where one exists"
        )
    return "take one of the variants: each can be said, and decides the trace beside it otherwise"


def _fix(policy: Policy, variant: Variant) -> Fix:
    rule = policy.rules[variant.rule]
    edits = (Edit(rule.match.source, variant.text),) if variant.text is not None else ()
    example = trace_text(variant.example)
    title = f"{variant.title} (then `{variant.now}`, not `{variant.was}`, decides {example})"
    return Fix(title, edits)

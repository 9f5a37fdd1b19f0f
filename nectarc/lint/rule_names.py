"""Traps of a rule as a whole: names that tell nothing apart, conditions that are not there.

Owns: NEC536, NEC537. Must not know: rates, samplers.
Truth: ../shared/reference/refinery-semantics.md, 1.6, 3.1, 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Fix, Severity
from nectarc.lint.context import LintContext
from nectarc.lint.located_samplers import in_backticks, places, rule_in_words
from nectarc.refinery.located import LocatedRule, LocatedTarget, key_place
from nectarc.refinery.rules import DynamicConfig, Rule
from nectarc.refinery.yaml_edits import without_setting


def check_rules_as_wholes(target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    """Check the names of a target's rules, and lists of conditions that are empty."""
    yield from _names(target)
    for one in target.rules:
        if one.rule is not None and not one.rule.conditions:
            yield from _nothing_to_match(one, one.rule, context)


def _names(target: LocatedTarget) -> Iterator[Diagnostic]:
    reasons: dict[tuple[str, str, str], list[LocatedRule]] = {}
    for one in target.rules:
        if one.rule is not None:
            reasons.setdefault(_reason(one.rule), []).append(one)
    for (scope, name, _), rules in reasons.items():
        sources = tuple(one.place for one in rules)
        if not name:
            others = f" and {len(rules) - 1} more" if len(rules) > 1 else ""
            yield finding(
                "NEC536",
                sources[0],
                f"{rules[0].label}{others} of {in_backticks(target.name)} has no name"
                if not others
                else f"{rules[0].label}{others} of {in_backticks(target.name)} have no name",
                label=f"its traces say `rules/{scope}/` and no more",
                why="the name is how `meta.refinery.reason` tells which rule kept a trace",
                help="add `Name`, in words that say what the rule is for",
                related=places(sources[1:], "no name either", sources[0]),
            )
        elif len(rules) > 1:
            yield finding(
                "NEC536",
                sources[1],
                f"{in_backticks(name)} is the name of {len(rules)} rules of "
                f"{in_backticks(target.name)}",
                label="the same name",
                why="`meta.refinery.reason` then does not tell which of them kept a trace",
                help="give each rule a name of its own",
                related=places((sources[0], *sources[2:]), "the same name", sources[1]),
            )


def _reason(rule: Rule) -> tuple[str, str, str]:
    """Return what tells the reasons of two rules apart (reference, 3.3)."""
    kind = rule.sampler.kind if isinstance(rule.sampler, DynamicConfig) else ""
    return (rule.scope or "trace", rule.name, kind)


def _nothing_to_match(one: LocatedRule, rule: Rule, context: LintContext) -> Iterator[Diagnostic]:
    shown = rule_in_words(one)
    if rule.conditions is not None:
        drops = rule.sampler is None and (rule.drop or rule.sample_rate < 1)
        yield finding(
            "NEC537",
            one.at("Conditions"),
            f"{shown} {'drops' if drops else 'takes'} every trace that comes to it: "
            "`Conditions` is an empty list",
            label="matches always",
            why="a list without conditions holds for each trace; no rule after this one is asked",
            help="remove the rule, or write its conditions"
            if drops
            else "remove `Conditions` if the rule is to take the rest",
            fixes=() if drops else _removal(one, "Conditions", context),
            severity=Severity.WARNING if drops else None,
        )
    elif key_place(one.node, "Scope") is not None:
        yield finding(
            "NEC537",
            one.at("Scope"),
            f"`Scope: {rule.scope}` of {shown} changes nothing: the rule has no conditions",
            label=f"shows in the reason only: `rules/{rule.scope}/`",
            why="the scope says on which spans conditions are to hold together",
            help="remove `Scope`, or write the conditions that it is for",
        )


def _removal(one: LocatedRule, key: str, context: LintContext) -> tuple[Fix, ...]:
    if context.text is None or one.node is None:
        return ()
    edit = without_setting(context.text, one.node, key)
    return () if edit is None else (Fix(f"remove `{key}`", (edit,), is_safe=True),)

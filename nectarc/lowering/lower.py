"""Lower a decision list to a Refinery sampler, exactly, or say which rules cannot be said.

Owns: the pass from `ir.nodes.Policy` to `refinery.lowered.Lowered`. Pure.
Must not know: TOON, YAML. Truth: docs/language.md, section 6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from nectarc.ir import nodes
from nectarc.ir.nodes import Policy
from nectarc.lowering.arrange import Arrangement, TooLarge, TooLong, arrange
from nectarc.lowering.bodies import Body, live
from nectarc.lowering.order import Entry
from nectarc.lowering.realize import Realized, realize
from nectarc.records import record
from nectarc.refinery.lowered import Assumption, AssumptionKind, Lowered, Origin
from nectarc.refinery.rules import (
    Condition,
    DeterministicConfig,
    DynamicConfig,
    Rule,
    RulesConfig,
)


@record
class Unsayable:
    """What stands in the way.

    entries:  the clauses that Refinery cannot say, each with the rule that decides there.
    culprits: indices of policy rules whose match made them (negation copies what is below).
    """

    entries: tuple[Entry, ...]
    culprits: tuple[int, ...]


def lower(
    policy: Policy, allowed: frozenset[AssumptionKind]
) -> Lowered | Unsayable | TooLarge | TooLong:
    """Return rules that decide what `policy` decides on every trace that meets the assumptions.

    allowed: the assumptions that may be made; only those used are in the result.
    """
    sole = policy.rules[0].action
    if len(policy.rules) == 1 and isinstance(sole, nodes.Deterministic):
        origin = Origin(policy.rules[0].name)
        return Lowered(DeterministicConfig(sample_rate=sole.one_in), (origin,), ())
    arranged = arrange(policy, allowed)
    if not isinstance(arranged, Arrangement):
        return arranged
    return spell_out(policy, arranged.entries, allowed) or _unsayable(arranged)


def spell_out(
    policy: Policy, entries: Sequence[Entry], allowed: frozenset[AssumptionKind]
) -> Lowered | None:
    """Write the ordered clauses as rules; None when one of them cannot be said."""
    said = [one for entry in entries if (one := realize(entry.clause, allowed)) is not None]
    return _lowered(policy, entries, said) if len(said) == len(entries) else None


def _unsayable(arranged: Arrangement) -> Unsayable:
    can_say, needs_order = arranged.language.can_say, arranged.language.needs_order
    stuck = tuple(entry for entry in arranged.entries if not can_say(entry.clause))
    negating = {e.rule for e in arranged.flat if any(needs_order(lit) for lit in e.clause)}
    culprits: set[int] = set()
    for entry in stuck:
        # A copy is what a negation above asked for, so the rules that negate are named.
        culprits |= {entry.rule} if entry in arranged.flat else negating
    return Unsayable(stuck, tuple(sorted(culprits)))


def _lowered(policy: Policy, entries: Sequence[Entry], said: Sequence[Realized]) -> Lowered:
    kept = live([one.bodies for one in said])
    parts = Counter[int]()
    for entry, bodies in zip(entries, kept, strict=True):
        parts[entry.rule] += len(bodies)
    seen = Counter[int]()
    rules: list[Rule] = []
    origins: list[Origin] = []
    for entry, bodies in zip(entries, kept, strict=True):
        source = policy.rules[entry.rule]
        for body in bodies:
            seen[entry.rule] += 1
            origin = Origin(source.name, seen[entry.rule], parts[entry.rule])
            origins.append(origin)
            rules.append(_rule(source.action, _name(origin), body))
    assumptions = frozenset[Assumption]().union(*(one.assumptions for one in said))
    return Lowered(
        RulesConfig(rules=tuple(rules)), tuple(origins), tuple(sorted(assumptions, key=_order))
    )


def _name(origin: Origin) -> str:
    return origin.rule if origin.parts == 1 else f"{origin.rule} [{origin.part}/{origin.parts}]"


def _rule(action: nodes.Action, name: str, body: Body) -> Rule:
    scope = "span" if body.is_span_scope else ""
    conditions: tuple[Condition | None, ...] | None = body.conditions or None
    match action:
        case nodes.Keep():
            return Rule(name=name, scope=scope, conditions=conditions, sample_rate=1)
        case nodes.Drop():
            return Rule(name=name, scope=scope, conditions=conditions, drop=True)
        case nodes.Sample(one_in) | nodes.Deterministic(one_in):
            return Rule(name=name, scope=scope, conditions=conditions, sample_rate=one_in)
        case nodes.DynamicSampler(kind, parameters, field_list):
            sampler = DynamicConfig(kind=kind, parameters=parameters, field_list=field_list)
            return Rule(name=name, scope=scope, conditions=conditions, sampler=sampler)
        case _:
            assert_never(action)


def _order(assumption: Assumption) -> tuple[str, str, str]:
    return (assumption.kind, assumption.field, assumption.type)

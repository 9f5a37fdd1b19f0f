"""Lower a decision list to a Refinery sampler, exactly, or say which rules cannot be said.

Owns: the pass from `ir.nodes.Policy` to `refinery.lowered.Lowered`. Pure.
Must not know: TOON, YAML. Truth: docs/language.md, section 6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, assert_never

from nectarc.ir import nodes
from nectarc.ir.clauses import (
    Clause,
    CountLiteral,
    ExistsSpan,
    RootLiteral,
    TooManyClausesError,
    TraceLiteral,
    clauses_of,
)
from nectarc.ir.nodes import Policy, Test
from nectarc.ir.passes.merge_equalities import merge_equalities
from nectarc.lowering.bodies import Body, live
from nectarc.lowering.generalize import generalized
from nectarc.lowering.order import (
    Cost,
    Entry,
    Language,
    TooManyEntriesError,
    flatten,
    ordered,
)
from nectarc.lowering.peel import peeled
from nectarc.lowering.realize import Realized, realize, says_negation_plainly
from nectarc.records import record
from nectarc.refinery.lowered import Assumption, AssumptionKind, Lowered, Origin
from nectarc.refinery.rules import (
    Condition,
    DeterministicConfig,
    DynamicConfig,
    Rule,
    RulesConfig,
)
from nectarc.regions.satisfy import Worlds

# More rules than this many times the policy's, and than this many, are refused.
_GROWTH_MAX: Final = 8
_RULES_SMALL: Final = 40
# Peeling looks at each clause for each trace that it meets: beyond, a refusal would take minutes.
_PEELED_MAX: Final = 60


@record
class Arrangement:
    """A policy as clauses (`flat`), and the ordered clauses that decide alike (`entries`)."""

    flat: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    worlds: Worlds
    language: Language


@record
class Unsayable:
    """What stands in the way.

    entries:  the clauses that Refinery cannot say, each with the rule that decides there.
    culprits: indices of policy rules whose match made them (negation copies what is below).
    """

    entries: tuple[Entry, ...]
    culprits: tuple[int, ...]


@record
class TooLarge:
    """A match with too many alternatives: the index of its rule."""

    rule: int


@record
class TooLong:
    """A policy whose rules are many more than can be wanted: the index of the rule that does it.

    rules_min: they are more than that, by how much was not worth finding out.
    """

    rule: int
    rules_min: int


def can_be_said(policy: Policy, allowed: frozenset[AssumptionKind]) -> bool:
    """Say whether `lower` is sure to find rules for `policy`; cheaper, and no may be wrong."""
    arranged = _arrange(policy, allowed)
    return isinstance(arranged, Arrangement) and _all_sayable(arranged.entries, arranged.language)


def rules_limit(policy: Policy) -> int:
    """Return how many Refinery rules a policy may become (docs/language.md, section 6)."""
    return max(_RULES_SMALL, _GROWTH_MAX * len(policy.rules))


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


def arrange(policy: Policy, allowed: frozenset[AssumptionKind]) -> Arrangement | TooLarge | TooLong:
    """Order the clauses of `policy` so that all can be said, if they can, and as cheaply as found.

    Refusing takes longest: a list that peeling finds may be all there is.
    """
    first = _arrange(policy, allowed)
    if not isinstance(first, Arrangement):
        return first
    flat, entries, worlds, language = first.flat, first.entries, first.worlds, first.language
    if not _all_sayable(entries, language) and len(flat) <= _PEELED_MAX:
        entries = tuple(peeled(flat, entries, worlds, language) or entries)
    if _all_sayable(entries, language):
        entries = tuple(generalized(entries, flat, worlds, language))
    return Arrangement(flat, entries, worlds, language)


def _arrange(
    policy: Policy, allowed: frozenset[AssumptionKind]
) -> Arrangement | TooLarge | TooLong:
    alternatives: list[Sequence[Clause]] = []
    for index, rule in enumerate(policy.rules):
        try:
            alternatives.append(clauses_of(merge_equalities(rule.match)))
        except TooManyClausesError:
            return TooLarge(index)
    worlds = Worlds(tests_of(alternatives))
    flat = flatten(alternatives, worlds)
    language = language_of(allowed)
    try:
        # Twice the limit: what is above may yet make some of it needless.
        entries = ordered(flat, worlds, language, 2 * rules_limit(policy))
    except TooManyEntriesError as error:
        return TooLong(error.rule, rules_limit(policy))
    return Arrangement(tuple(flat), tuple(entries), worlds, language)


def _all_sayable(entries: Sequence[Entry], language: Language) -> bool:
    return all(language.can_say(entry.clause) for entry in entries)


def spell_out(
    policy: Policy, entries: Sequence[Entry], allowed: frozenset[AssumptionKind]
) -> Lowered | None:
    """Write the ordered clauses as rules; None when one of them cannot be said."""
    said = [one for entry in entries if (one := realize(entry.clause, allowed)) is not None]
    return _lowered(policy, entries, said) if len(said) == len(entries) else None


def language_of(allowed: frozenset[AssumptionKind]) -> Language:
    """Return what Refinery can say under `allowed` assumptions, with its cost; memoised."""
    memo: dict[Clause, Realized | None] = {}

    def said(clause: Clause) -> Realized | None:
        if clause not in memo:
            memo[clause] = realize(clause, allowed)
        return memo[clause]

    def cost(entries: Sequence[Entry]) -> Cost:
        found = [said(entry.clause) for entry in entries]
        known = [one for one in found if one is not None]
        bodies = [body for kept in live([one.bodies for one in known]) for body in kept]
        assumptions = frozenset[Assumption]().union(*(one.assumptions for one in known))
        conditions = sum(len(body.conditions) for body in bodies)
        return (len(found) - len(known), len(bodies), len(assumptions), conditions)

    def needs_order(literal: TraceLiteral) -> bool:
        match literal:
            case ExistsSpan(_, is_positive):
                return not is_positive
            case RootLiteral(_, False):
                return not says_negation_plainly(literal, allowed)
            case _:
                return False

    def can_negate(literal: TraceLiteral) -> bool:
        return isinstance(literal, RootLiteral) and said((literal,)) is not None

    return Language(cost, lambda clause: said(clause) is not None, needs_order, can_negate)


def tests_of(alternatives: Iterable[Sequence[Clause]]) -> Iterator[Test]:
    """Yield every test of the clauses."""
    for clauses in alternatives:
        for clause in clauses:
            for literal in clause:
                match literal:
                    case ExistsSpan(cube, _):
                        yield from (one.test for one in cube if one.test is not None)
                    case RootLiteral(test, _):
                        yield test
                    case CountLiteral():
                        pass


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

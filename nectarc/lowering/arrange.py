"""A policy as an ordered list of clauses that Refinery can say, as far as there is one.

Owns: which searches are tried, one after the other, and how far. Must not know: how clauses become
rules; `language_of` asks `realize`. Truth: docs/language.md, section 6;
docs/decisions/0003-lowering-by-clauses.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

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
from nectarc.lowering.bodies import live
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
from nectarc.refinery.lowered import Assumption, AssumptionKind
from nectarc.regions.satisfy import Worlds

# More rules than this many times the policy's, and than this many, are refused.
_GROWTH_MAX: Final = 8
_RULES_SMALL: Final = 40
# Peeling looks at each clause for each trace that it meets: beyond, a refusal would take minutes.
_PEELED_MAX: Final = 60
# What a list that grew too long is taken to have asked.
_WORK_OF_GIVING_UP: Final = 2000


@record
class Arrangement:
    """A policy as clauses (`flat`), and the ordered clauses that decide alike (`entries`)."""

    flat: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    worlds: Worlds
    language: Language


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


@record(frozen=False)
class Work:
    """What may be assumed, and how many questions of the model search may still be spent.

    Questions are time, but the same everywhere.
    """

    allowed: frozenset[AssumptionKind]
    left: int


def can_be_said(policy: Policy, work: Work) -> bool:
    """Say whether `lower` is sure to find rules for `policy`; cheaper, and no may be wrong.

    Takes what it asked from `work`; with none left the answer is no.
    """
    if work.left <= 0:
        return False
    arranged = _arrange(policy, work.allowed)
    if not isinstance(arranged, Arrangement):
        work.left -= _WORK_OF_GIVING_UP
        return False
    work.left -= arranged.worlds.questions
    return _all_sayable(arranged.entries, arranged.language)


def rules_limit(policy: Policy) -> int:
    """Return how many Refinery rules a policy may become (docs/language.md, section 6)."""
    return max(_RULES_SMALL, _GROWTH_MAX * len(policy.rules))


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

"""Negated quantifiers said by order: what is negated comes first and decides what the rest would.

Owns: the search for an ordered list of clauses without negated quantifiers that decides, rule by
rule, what the policy decides. Must not know: conditions; `Cost` says what can be said and how dear.
Truth: docs/language.md, section 6; ../shared/reference/proof-method.md, section 8 (guarded copy,
pruning, peeling).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, product
from math import prod
from typing import Final, TypeAlias

from nectarc.ir.clauses import (
    Clause,
    CountLiteral,
    ExistsSpan,
    SpanLiteral,
    TraceLiteral,
    conjoin,
    negated,
)
from nectarc.records import record
from nectarc.regions.satisfy import Worlds

_STYLES_MAX: Final = 32
_PRUNED_MAX: Final = 160
_GUARDS_MAX: Final = 16


class TooManyEntriesError(Exception):
    """The list got longer than anybody would take; `rule` is the policy rule that made it so."""

    def __init__(self, rule: int) -> None:
        """Remember the index of the rule."""
        super().__init__(rule)
        self.rule = rule


@record
class Entry:
    """A clause and the index of the policy rule that decides where it is the first to hold."""

    clause: Clause
    rule: int


# (clauses that cannot be said, rules, assumptions, conditions): less is better, in that order.
Cost: TypeAlias = tuple[int, int, int, int]
CostOf: TypeAlias = Callable[[Sequence[Entry]], Cost]
# Whether a literal must be said by order; True also where order is one of two ways.
NeedsOrder: TypeAlias = Callable[[TraceLiteral], bool]


@record
class Language:
    """What the target can say. `can_negate(l)`: a negated literal that order need not say."""

    cost: CostOf
    can_say: Callable[[Clause], bool]
    needs_order: NeedsOrder
    can_negate: Callable[[TraceLiteral], bool]


def flatten(alternatives: Sequence[Sequence[Clause]], worlds: Worlds) -> list[Entry]:
    """Return the policy as a list of clauses, without those that can never decide."""
    flat: list[Entry] = []
    for index, clauses in enumerate(alternatives):
        for clause in clauses:
            simple = _simplified(clause, worlds)
            if simple is not None and worlds.can_hold(simple, (e.clause for e in flat)):
                own = [e for e in flat if e.rule == index and _implies(e.clause, simple)]
                flat = [e for e in flat if e not in own]
                flat.append(Entry(simple, index))
    return flat


def ordered(
    flat: Sequence[Entry], worlds: Worlds, language: Language, entries_max: int
) -> list[Entry]:
    """Return a list that decides as `flat` does, with as few unsayable clauses as was found.

    Each negation may double what is below it. Raises TooManyEntriesError beyond `entries_max`.
    """
    below: list[Entry] = []
    end = len(flat)
    while end > 0:
        start = next(i for i in range(end) if flat[i].rule == flat[end - 1].rule)
        below = _prepend_all(flat[start:end], below, list(flat[:start]), worlds, language)
        if len(below) > max(entries_max, len(flat)):
            raise TooManyEntriesError(flat[start].rule)
        end = start
    if any(not language.can_say(entry.clause) for entry in below):
        below = _rescued(below, flat, worlds, language)
    return below


def _prepend_all(
    own: Sequence[Entry],
    below: list[Entry],
    context: list[Entry],
    worlds: Worlds,
    language: Language,
) -> list[Entry]:
    """Put the clauses of one rule above `below`: each with its guards, or all with one."""
    one_by_one = below
    for index in range(len(own) - 1, -1, -1):
        before = [*context, *own[:index]]
        one_by_one = _prepend(own[index], one_by_one, before, worlds, language)
    candidates = [one_by_one]
    for kept in _kept_apart(own, language):
        together = _with_one_guard(kept, [e for e in own if e not in kept], below, worlds, language)
        if together is not None:
            candidates.append(pruned(together, context, worlds))
    return min(candidates, key=language.cost)


def _kept_apart(own: Sequence[Entry], language: Language) -> Iterable[list[Entry]]:
    """Yield which clauses of a disjunction to leave as they are, the others sharing a guard."""
    # A disjunction of positive tests stays several rules, as people expect (docs/language.md, 6).
    if len(own) < 2 or not any(_is_negated(lit) for entry in own for lit in entry.clause):
        return
    yield []
    plain = [entry for entry in own if not any(map(language.needs_order, entry.clause))]
    if plain and len(plain) < len(own) - 1:
        yield plain


def _is_negated(literal: TraceLiteral) -> bool:
    return not isinstance(literal, CountLiteral) and not literal.is_positive


def _with_one_guard(
    plain: list[Entry],
    sharing: list[Entry],
    below: list[Entry],
    worlds: Worlds,
    language: Language,
) -> list[Entry] | None:
    """Say a disjunction by its complement: `!(a && b)` is b's and a's complement, then the rule."""
    common = tuple(lit for lit in sharing[0].clause if all(lit in e.clause for e in sharing))
    rests = [[lit for lit in entry.clause if lit not in common] for entry in sharing]
    if prod(map(len, rests)) > _GUARDS_MAX or any(map(language.needs_order, common)):
        return None
    complements = [
        simple
        for choice in product(*rests)
        if (simple := _simplified(conjoin(tuple(map(negated, choice))), worlds)) is not None
    ]
    if not all(map(language.can_say, complements)):
        return None
    guards: list[Entry] = []
    for complement in complements:
        for copy in below:
            merged = _simplified(conjoin(complement, copy.clause), worlds)
            if merged is not None:
                guards.append(Entry(merged, copy.rule))
    return [*plain, *guards, Entry(common, sharing[0].rule), *below]


def _prepend(
    entry: Entry, below: list[Entry], context: list[Entry], worlds: Worlds, language: Language
) -> list[Entry]:
    negatives = [literal for literal in entry.clause if language.needs_order(literal)]
    if not negatives:
        return [entry, *below]
    styles = [
        ("alone", "beside", "said") if language.can_negate(literal) else ("alone", "beside")
        for literal in negatives
    ]
    best: list[Entry] | None = None
    choices = list(product(*styles))[:_STYLES_MAX]
    told = Entry(conjoin(entry.clause, _implied(negatives, language)), entry.rule)
    for asked, choice in product(dict.fromkeys((entry, told)), choices):
        found = _with_guards(asked, below, dict(zip(negatives, choice, strict=True)), worlds)
        if len(found) > _PRUNED_MAX and best is not None:
            continue
        found = pruned(found, context, worlds)
        if best is None or language.cost(found) < language.cost(best):
            best = found
    assert best is not None
    return best


def _implied(negatives: Sequence[TraceLiteral], language: Language) -> Clause:
    """Return what follows since a trace has a span: `all(e)` says `any(e)`, which may be beside."""
    flipped = [
        ExistsSpan((SpanLiteral(lit.cube[0].test, not lit.cube[0].is_positive),), is_positive=True)
        for lit in negatives
        if isinstance(lit, ExistsSpan) and len(lit.cube) == 1
    ]
    return tuple(literal for literal in flipped if language.can_say((literal,)))


def _with_guards(
    entry: Entry, below: list[Entry], styles: dict[TraceLiteral, str], worlds: Worlds
) -> list[Entry]:
    kept = tuple(lit for lit in entry.clause if styles.get(lit, "said") == "said")
    guards: list[Entry] = []
    for literal, style in styles.items():
        if style == "said":
            continue
        beside = kept if style == "beside" else ()
        for copy in below:
            merged = _simplified(conjoin(beside, (negated(literal),), copy.clause), worlds)
            if merged is not None:
                guards.append(Entry(merged, copy.rule))
    return [*guards, Entry(kept, entry.rule), *below]


def pruned(entries: list[Entry], context: Sequence[Entry], worlds: Worlds) -> list[Entry]:
    """Remove what can never decide, and what the entries below would decide alike."""
    before = [entry.clause for entry in context]
    alive: list[Entry] = []
    for entry in entries:
        if worlds.can_hold(entry.clause, (*before, *(e.clause for e in alive))):
            alive.append(entry)
    index = 0
    while index < len(alive):
        if _is_redundant(index, alive, before, worlds):
            del alive[index]
        else:
            index += 1
    return alive


def _is_redundant(index: int, entries: list[Entry], before: list[Clause], worlds: Worlds) -> bool:
    entry = entries[index]
    above = [*before, *(e.clause for e in entries[:index])]
    between: list[Clause] = []
    for later in entries[index + 1 :]:
        if later.rule != entry.rule and worlds.can_hold(
            conjoin(entry.clause, later.clause), (*above, *between)
        ):
            return False
        between.append(later.clause)
    # Something below must decide at all: the list ends in a clause that is always true.
    return not worlds.can_hold(entry.clause, (*above, *between))


def _rescued(
    entries: list[Entry], flat: Sequence[Entry], worlds: Worlds, language: Language
) -> list[Entry]:
    """Replace what cannot be said by a weaker clause where the policy decides alike on it."""
    result = list(entries)
    for index, entry in enumerate(entries):
        if language.can_say(entry.clause):
            continue
        above = [e.clause for e in result[:index]]
        for weaker in weakenings(entry.clause):
            against = rule_against(weaker, entry.rule, above, flat, worlds)
            if against is None and language.can_say(weaker):
                result[index] = Entry(weaker, entry.rule)
                break
    return pruned(result, (), worlds)


def weakenings(clause: Clause) -> Iterable[Clause]:
    """Yield clauses that `clause` implies, the strongest first: spans split, literals dropped."""
    split: list[TraceLiteral] = []
    for literal in clause:
        if isinstance(literal, ExistsSpan) and literal.is_positive and len(literal.cube) > 1:
            split.extend(ExistsSpan((one,), is_positive=True) for one in literal.cube)
        else:
            split.append(literal)
    pool = tuple(dict.fromkeys((*clause, *split)))
    if len(pool) > 10:
        pool = pool[:10]
    for size in range(len(pool) - 1, 0, -1):
        yield from combinations(pool, size)


def rule_against(
    clause: Clause, rule: int, above: Sequence[Clause], flat: Sequence[Entry], worlds: Worlds
) -> int | None:
    """Return where in `flat` another rule decides a trace of `clause` that `above` leaves.

    None when the policy decides `rule` for all of them. The fallback is asked first: it is what
    most clauses that say too little run into.
    """
    earlier = [source.clause for source in flat]
    for index in _fallback_first(flat):
        source = flat[index]
        if source.rule != rule and worlds.can_hold(
            conjoin(clause, source.clause), (*above, *earlier[:index])
        ):
            return index
    return None


def sole_rule(
    clause: Clause, above: Sequence[Clause], flat: Sequence[Entry], worlds: Worlds
) -> int | None:
    """Return the rule that the policy decides for all traces of `clause` that `above` leaves.

    None when there are several such rules, or no such trace.
    """
    rules: set[int] = set()
    earlier = [source.clause for source in flat]
    for index in _fallback_first(flat):
        source = flat[index]
        if source.rule not in rules and worlds.can_hold(
            conjoin(clause, source.clause), (*above, *earlier[:index])
        ):
            rules.add(source.rule)
            if len(rules) > 1:
                return None
    return next(iter(rules), None)


def _fallback_first(flat: Sequence[Entry]) -> list[int]:
    return [len(flat) - 1, *range(len(flat) - 1)]


def _simplified(clause: Clause, worlds: Worlds) -> Clause | None:
    """Drop literals that the others imply; None when the clause can never hold."""
    if not worlds.can_hold(clause):
        return None
    kept = list(dict.fromkeys(_trimmed(literal, worlds) for literal in clause))
    for literal in reversed(list(kept)):
        others = [other for other in kept if other != literal]
        if len(kept) > 1 and not worlds.can_hold([*others, negated(literal)]):
            kept = others
    if len(kept) == 1 and not worlds.can_hold([negated(kept[0])]):
        kept = []
    return tuple(kept)


def _trimmed(literal: TraceLiteral, worlds: Worlds) -> TraceLiteral:
    """Drop tests of a cube that its other tests imply."""
    if not isinstance(literal, ExistsSpan):
        return literal
    cube = list(literal.cube)
    for one in reversed(literal.cube):
        others = tuple(other for other in cube if other != one)
        flipped = type(one)(one.test, not one.is_positive)
        if others and not worlds.cube_can_hold((*others, flipped)):
            cube = list(others)
    return ExistsSpan(tuple(cube), literal.is_positive)


def _implies(weak: Clause, strong: Clause) -> bool:
    """Say syntactically whether every trace of `weak` meets `strong`."""
    return set(strong) <= set(weak)

"""Negated quantifiers said by order: what is negated comes first and decides what the rest would.

Owns: the search for an ordered list of clauses without negated quantifiers that decides, rule by
rule, what the policy decides. Must not know: conditions; `Cost` says what can be said and how dear.
Truth: docs/language.md, section 6; ../shared/reference/proof-method.md, section 8 (guarded copy,
pruning, peeling).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, product
from typing import Final, TypeAlias

from nectarc.ir.clauses import Clause, ExistsSpan, TraceLiteral, conjoin, negated
from nectarc.records import record
from nectarc.regions.satisfy import Worlds

_STYLES_MAX: Final = 32
_PRUNED_MAX: Final = 160


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


def ordered(flat: Sequence[Entry], worlds: Worlds, language: Language) -> list[Entry]:
    """Return a list that decides as `flat` does, with as few unsayable clauses as was found."""
    below: list[Entry] = []
    for k in range(len(flat) - 1, -1, -1):
        below = _prepend(flat[k], below, list(flat[:k]), worlds, language)
    if any(not language.can_say(entry.clause) for entry in below):
        below = _rescued(below, flat, worlds, language)
    if any(not language.can_say(entry.clause) for entry in below):
        peeled = _peeled(flat, below, worlds, language)
        below = peeled if peeled is not None else below
    return below


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
    for choice in list(product(*styles))[:_STYLES_MAX]:
        found = _with_guards(entry, below, dict(zip(negatives, choice, strict=True)), worlds)
        if len(found) > _PRUNED_MAX and best is not None:
            continue
        found = pruned(found, context, worlds)
        if best is None or language.cost(found) < language.cost(best):
            best = found
    assert best is not None
    return best


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
            if language.can_say(weaker) and _decides(weaker, entry.rule, above, flat, worlds):
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


def _decides(
    clause: Clause, rule: int, above: Sequence[Clause], flat: Sequence[Entry], worlds: Worlds
) -> bool:
    """Say whether the policy decides `rule` for every trace of `clause` that `above` leaves."""
    earlier: list[Clause] = []
    for source in flat:
        if source.rule != rule and worlds.can_hold(
            conjoin(clause, source.clause), (*above, *earlier)
        ):
            return False
        earlier.append(source.clause)
    return True


def _peeled(
    flat: Sequence[Entry], attempt: Sequence[Entry], worlds: Worlds, language: Language
) -> list[Entry] | None:
    """Cover the policy with sayable clauses on each of which it decides one rule; None if stuck."""
    pool: dict[Clause, None] = {}
    for entry in (*attempt, *flat):
        positive = tuple(lit for lit in entry.clause if not language.needs_order(lit))
        for clause in (positive, *weakenings(positive)):
            pool[clause] = None
        for literal in entry.clause:
            if language.needs_order(literal):
                pool[(negated(literal),)] = None
    candidates = [clause for clause in pool if language.can_say(clause)][:400]
    rules = list(dict.fromkeys(entry.rule for entry in flat))
    peeled: list[Entry] = []
    while worlds.can_hold((), (e.clause for e in peeled)):
        above = [e.clause for e in peeled]
        found = next(
            (
                Entry(clause, rule)
                for clause in candidates
                if worlds.can_hold(clause, above)
                for rule in rules
                if _decides(clause, rule, above, flat, worlds)
            ),
            None,
        )
        if found is None:
            return None
        peeled.append(found)
    return pruned(peeled, (), worlds)


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

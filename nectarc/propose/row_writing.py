"""Rows of a policy's tables for what words want: the cells, and where a rule may stand.

Owns: cells by column, priorities. Must not know: engines, TOON, editors.
Truth: docs/language.md, 2; docs/intent.md, "Refining".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from nectarc.checking import Checked
from nectarc.intent.drafts import DraftRule
from nectarc.intent.properties import properties_of
from nectarc.intent.records import Clause, DropAll, Intent, KeepAll, Promise
from nectarc.ir.nodes import Policy
from nectarc.propose.merging import free_name, place_of, priority_at
from nectarc.syntax import ast

Row: TypeAlias = dict[str, str]
_STEP: Final = 10


def rule_rows(
    rules: Sequence[DraftRule], clauses: Sequence[Clause], checked: Checked, at: int
) -> Iterator[tuple[Row, ...]]:
    """Yield the rows with the priorities that they may have.

    First those of their place in the file, then those of their meaning: what is kept wins over
    what is dropped, that over what is sampled.
    rules, clauses: of the same wishes, in order.    at: the offset in the text where they stand.
    """
    written = checked.written
    taken = [] if written is None else [one.name.text for one in written.rules]
    names: list[str] = []
    for rule in rules:
        names.append(free_name(rule.name, (*taken, *names)))
    seen: set[tuple[int, ...]] = set()
    for places in _places(clauses, checked, at):
        numbers = _priorities(checked, clauses, places)
        if numbers is None or numbers in seen:
            continue
        seen.add(numbers)
        yield tuple(
            {
                "name": name,
                "description": rule.description,
                "match": rule.match,
                "action": rule.action,
                "priority": str(number),
            }
            for rule, name, number in zip(rules, names, numbers, strict=True)
        )


def invariant_rows(intent: Intent, checked: Checked) -> tuple[Row, ...]:
    """Return rows of `invariants`: what the user promises, or what the clauses make of a trace."""
    written = checked.written
    taken = [] if written is None else [one.name.text for one in written.invariants]
    rows: list[Row] = []
    for promise, name in _promised(intent):
        free = free_name(name, taken)
        taken.append(free)
        rows.append({"name": free, "when": promise.when, "require": promise.require})
    return tuple(rows)


def _promised(intent: Intent) -> Iterator[tuple[Promise, str]]:
    yield from ((one, one.name) for one in intent.promises)
    for clause in () if intent.promises else intent.clauses:
        for one in properties_of(Intent(text="", clauses=(clause,))):
            yield one, clause.name


def _places(clauses: Sequence[Clause], checked: Checked, at: int) -> Iterator[tuple[int, ...]]:
    """Yield for each clause the rule, by precedence, that it goes before."""
    policy, written = checked.policy, checked.written
    if policy is None or written is None:
        yield tuple(0 for _ in clauses)
        return
    order = [rule.name for rule in policy.rules]
    above = [one for one in written.rules if one.name.source.start < at]
    below = [one for one in written.rules if one.name.source.start >= at]
    here = order.index(below[0].name.text) if below else len(order)
    if above:
        here = max(order.index(one.name.text) + 1 for one in above) if not below else here
    yield tuple(here for _ in clauses)
    for is_last in (True, False):
        places = [_place(one, policy, is_last=is_last) for one in clauses]
        yield tuple(max(places[: number + 1]) for number in range(len(places)))


def _place(clause: Clause, policy: Policy, *, is_last: bool) -> int:
    """is_last: behind other rules that keep: it takes no traces from them."""
    if clause.is_rest:
        return len(policy.rules) - 1
    wanted = clause.wanted
    return place_of(DropAll() if is_last and isinstance(wanted, KeepAll) else wanted, policy)


def _priorities(
    checked: Checked, clauses: Sequence[Clause], places: Sequence[int]
) -> tuple[int, ...] | None:
    policy = checked.policy
    if policy is None:
        return _without_order(checked.written, clauses)
    old = [rule.priority for rule in policy.rules]
    found: list[int] = []
    for number, place in enumerate(places):
        before = sum(1 for other in places[:number] if other <= place)
        free = priority_at(old, place + before)
        if free is None:
            return None
        found.append(free)
        old.insert(place + before, free)
    return tuple(found)


def _without_order(written: ast.Policy | None, clauses: Sequence[Clause]) -> tuple[int, ...]:
    """Return priorities below all others: the policy is not whole yet, and has no order."""
    known = [] if written is None else [one.priority for one in written.rules]
    lowest = min(known, default=_STEP * (len(clauses) + 1))
    return tuple(
        0 if one.is_rest and lowest > 0 else lowest - _STEP * (number + 1)
        for number, one in enumerate(clauses)
    )

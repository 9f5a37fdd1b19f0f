"""Ordered clauses made as general as the policy allows: fewer conditions, and fewer clauses.

Owns: dropping literals and tests that what stands above or below makes needless. Must not know:
how the order came about. Truth: docs/language.md, section 6 (fewest rules, then assumptions, then
conditions); ../shared/reference/proof-method.md, section 8 (the peeling lemma says what is free).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nectarc.ir.clauses import Clause, ExistsSpan, TraceLiteral, conjoin, negated
from nectarc.lowering.order import Entry, Language, pruned, rule_against
from nectarc.regions.satisfy import Worlds


def generalized(
    entries: Sequence[Entry], flat: Sequence[Entry], worlds: Worlds, language: Language
) -> list[Entry]:
    """Return a list that decides as `flat` does and costs no more than `entries`, which does so.

    What has no effect on what is decided is dropped from each clause, from the first to the last.
    """
    result = list(entries)
    for index, entry in enumerate(entries):
        above = [one.clause for one in result[:index]]
        result[index] = _most_general(entry, above, flat, worlds, language)
    result = pruned(result, (), worlds)
    return result if language.cost(result) < language.cost(entries) else list(entries)


def _most_general(
    entry: Entry,
    above: Sequence[Clause],
    flat: Sequence[Entry],
    worlds: Worlds,
    language: Language,
) -> Entry:
    is_shrinking = True
    while is_shrinking:
        is_shrinking = False
        for weaker, gained in _steps(entry.clause):
            wider = Entry(weaker, entry.rule)
            if language.cost((wider,)) < language.cost((entry,)) and (
                rule_against(gained, entry.rule, above, flat, worlds) is None
            ):
                entry = wider
                is_shrinking = True
                break
    return entry


def _steps(clause: Clause) -> Iterator[tuple[Clause, Clause]]:
    """Yield the clauses with one literal or test less, each with a clause of what it gains."""
    for index in range(len(clause) - 1, -1, -1):
        rest = (*clause[:index], *clause[index + 1 :])
        yield rest, (*rest, negated(clause[index]))
    for index, literal in enumerate(clause):
        if isinstance(literal, ExistsSpan) and literal.is_positive and len(literal.cube) > 1:
            for place in range(len(literal.cube) - 1, -1, -1):
                cube = (*literal.cube[:place], *literal.cube[place + 1 :])
                wider: TraceLiteral = ExistsSpan(cube, is_positive=True)
                weaker = conjoin(clause[:index], (wider,), clause[index + 1 :])
                yield weaker, (*weaker, negated(literal))

"""Names of policy rules: unique, not empty, and the parts of one rule together again.

Owns: names, and which neighbours were one rule once. Must not know: matches.
Truth: docs/language.md, section 6 (`keep-errors [1/2]`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nectarc.refinery.rules import Rule

_PART: Final = re.compile(r"(.+) \[([1-9][0-9]*)/([1-9][0-9]*)\]", re.DOTALL)


def groups(rules: Sequence[Rule]) -> Iterator[tuple[str, range]]:
    """Yield each run of rules that become one, with its name ("" where it has none).

    A run is `x [1/k]` to `x [k/k]` side by side, of the same effect.
    """
    index = 0
    while index < len(rules):
        found = _PART.fullmatch(rules[index].name)
        if found is not None and found[2] == "1":
            name, parts = found[1], int(found[3])
            run = rules[index : index + parts]
            wanted = [f"{name} [{number}/{parts}]" for number in range(1, parts + 1)]
            is_whole = [one.name for one in run] == wanted
            if is_whole and parts > 1 and len({_effect(one) for one in run}) == 1:
                yield name, range(index, index + parts)
                index += parts
                continue
        yield rules[index].name, range(index, index + 1)
        index += 1


def unique_names(names: Iterable[tuple[str, int]]) -> list[str]:
    """Return names for rules: as they are, else with a number. names: with the rule's index."""
    given = list(names)
    taken = {name for name, _ in given if name.strip()}
    seen: set[str] = set()
    found: list[str] = []
    for name, index in given:
        wanted = name if name.strip() else f"rule {index + 1}"
        made, number = wanted, 1
        while made in seen or (made != name and made in taken):
            number += 1
            made = f"{wanted} ({number})"
        seen.add(made)
        found.append(made)
    return found


def _effect(rule: Rule) -> object:
    return (rule.sample_rate, rule.drop, rule.sampler)

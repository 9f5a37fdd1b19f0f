"""Something else done to what was said last: "no wait, keep 1 in 10 of those".

Owns: of which clauses that may be said. Must not know: the chart, other corrections.
Truth: docs/intent.md, "Corrections".
"""

from __future__ import annotations

from nectarc.offline.clauses import Said
from nectarc.offline.composition import Folding, Item
from nectarc.records import replace


def redone(telling: Folding, said: Said) -> bool:
    """Do what is said to what was said last; False where that is not certain."""
    if not said.is_it or (said.act is None and said.rate is None):
        return False
    last = telling.items[-1] if telling.items else None
    group = [one for one in telling.items if last is not None and one.start == last.start]
    if last is None or telling.loose is not None or any(_is_fixed(one) for one in group):
        return False
    if len({(one.act, one.rate) for one in group}) != 1 or said.is_only or said.is_too:
        return False
    telling.items = [
        replace(one, act=said.act, rate=said.rate) if one in group else one for one in telling.items
    ]
    return True


def _is_fixed(item: Item) -> bool:
    """Whether "it" cannot be this clause's traces, or more hangs on it."""
    return item.is_rest or item.is_exception or item.is_regardless or bool(item.by)

"""Something else done to what was said last: "no wait, keep 1 in 10 of those".

Owns: of which clauses that may be said. Must not know: the chart, other corrections.
Truth: docs/intent.md, "Corrections".
"""

from __future__ import annotations

from nectarc.offline.clauses import Said
from nectarc.offline.composition import Folding, Item
from nectarc.offline.phrases import Rate
from nectarc.records import replace


def redone(telling: Folding, said: Said) -> bool:
    """Do what is said to what was said last; False where that is not certain."""
    if said.refers == "both":
        return _both_redone(telling, said)
    is_act = said.act is not None and said.rate is None and not (said.refers or said.ellipsis)
    is_alone = is_act and not (said.is_same or said.is_alike or said.is_theirs or said.is_all)
    if not (said.is_it and said.rate is not None) and not is_alone:
        return False
    last = telling.items[-1] if telling.items else None
    group = [one for one in telling.items if last is not None and one.start == last.start]
    if last is None or telling.loose is not None or any(_is_fixed(one) for one in group):
        return False
    before = telling.items[-len(group) - 1] if len(telling.items) > len(group) else None
    if before is not None and (before.act, before.rate) == (last.act, last.rate):
        return False  # "drop /a. Drop /b. Hmm, keep them": both?
    if (said.act, said.rate) == (last.act, last.rate):
        return False  # "keep /a over 2 s. Hmm, keep all of it": all of /a?
    if len({(one.act, one.rate) for one in group}) != 1 or said.is_only or said.is_too:
        return False
    telling.items = [
        replace(one, act=said.act, rate=said.rate) if one in group else one for one in telling.items
    ]
    return True


def _both_redone(telling: Folding, said: Said) -> bool:
    """Read "no wait, both at 1%": of two clauses side by side, where no other goes before them."""
    last = telling.items[-2:]
    is_two = len(last) == 2 and len([one for one in telling.items if not one.is_rest]) == 2
    if not is_two or telling.loose is not None or any(map(_is_fixed, last)) or said.is_only:
        return False
    if said.rate is None and said.act is None:
        return False
    telling.items[-2:] = [replace(one, act=said.act, rate=said.rate) for one in last]
    return True


def rate_alone(said: Said) -> Rate | None:
    """Return the rate where nothing else is said anew: "no wait, 5%", not "both at 5%"."""
    is_bound = said.refers or said.is_same or said.is_alike or said.ellipsis or said.is_theirs
    return said.rate if said.act is None and not is_bound else None


def _is_fixed(item: Item) -> bool:
    """Whether "it" cannot be this clause's traces, or more hangs on it."""
    return item.is_rest or item.is_exception or item.is_regardless or bool(item.by)

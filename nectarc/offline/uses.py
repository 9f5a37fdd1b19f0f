"""Whether what the words define is used: a definition that no clause holds is a wish that is lost.

Owns: what counts as used. Must not know: how definitions were read. Truth: docs/intent.md, "The
ledger": what is said is in a clause, or asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.offline.composition import Composed, Item
from nectarc.offline.references import spread
from nectarc.offline.selectors import Cond, Each, Non, Same, Some, Test

# These have a meaning of their own, too: their definition narrows it where it is needed.
_OWN: Final = frozenset({"slow", "success", "error"})


def unused(composed: Composed, items: Sequence[Item]) -> str | None:
    """Return a name that the text defines and no clause of it needs; None where there is none.

    items: with what definitions say put in. A service that is named is a literal: the ledger's.
    """
    for name, cond in composed.definitions:
        is_service = isinstance(cond, Test) and cond.field == "service" and len(cond.values) == 1
        if name.endswith(":") or name in _OWN or is_service:
            continue
        whole = spread(cond)
        parts = whole.parts if isinstance(whole, Some) else (cond,)
        held = [one for item in items for one in (*_inside(item.cond), *_inside(spread(item.cond)))]
        if not any(_holds(one, cond) for one in held) and not all(
            any(_holds(one, part) for one in held) for part in parts
        ):
            return name
    return None


def _holds(node: Cond, cond: Cond) -> bool:
    """Whether `cond` is `node`, or a part of what was joined into it."""
    if node == cond:
        return True
    is_joined = isinstance(node, Same | Each | Some) and type(node) is type(cond)
    return is_joined and set(_parts(cond)) <= set(_parts(node))


def _inside(cond: Cond) -> Iterator[Cond]:
    yield cond
    for one in _parts(cond):
        yield from _inside(one)


def _parts(cond: Cond) -> tuple[Cond, ...]:
    match cond:
        case Same(parts) | Each(parts) | Some(parts):
            return parts
        case Non(inner):
            return (inner,)
        case _:
            return ()

"""What phrases of policies and tickets mean: probabilities, a method at a route, paths below one.

Owns: the functions of these aliases. Must not know: how clauses are put together.
Truth: grammar/intent.lark; docs/intent.md, "What words mean".
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from nectarc.intent.matches import string_literal
from nectarc.offline.grammar import Build, Leaf, Meaning
from nectarc.offline.meanings_tests import cond, equals, leaf, number_text, prefix
from nectarc.offline.phrases import Rate, Values
from nectarc.offline.selectors import Cond, Some, Test, same, some


def _probability(parts: tuple[Meaning, ...]) -> Meaning | None:
    """Read "a probability of 0.02": a share of one, so nothing above it."""
    one = leaf(parts, -1)
    share = Fraction(number_text(one))
    return Rate("share", f"a probability of {one.text}", share=share) if 0 < share <= 1 else None


def _method_at(parts: tuple[Meaning, ...]) -> Meaning:
    """Read "for GET /ping": one span has both."""
    name = next(str(one.value) for one in parts if isinstance(one, Leaf) and one.name == "METHOD")
    method = equals("method", Values((string_literal(name),), (name,)))
    return same([cond(method), cond(parts[-1])])


def _below_slash(one: Cond) -> Cond:
    """Read "the /.well-known/ paths": what begins so, where the path ends in a slash."""
    match one:
        case Test(values=(value,)) if value.endswith("/'") and len(value) > len("'/'"):
            return prefix(one)
        case Some(parts):
            return some(map(_below_slash, parts))
        case Test(field=field, values=values) if any(text.endswith("/'") for text in values):
            return some(_below_slash(Test(f"{field} == {text}", field, (text,))) for text in values)
        case _:
            return one


FORMAL: Final[Mapping[str, Build]] = {
    "rate_probability": _probability,
    "both_same_method": _method_at,
    "routes_below": lambda parts: _below_slash(cond(parts[0])),
}

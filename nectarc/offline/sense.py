"""Whether the slots of a clause make sense together: what is said twice, of two, or points back.

Owns: these tests. Must not know: the chart, the search. Truth: docs/intent.md.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from nectarc.offline.phrases import Act, Rate, Slot
from nectarc.offline.selectors import Cond, Some, Test

_PAIR: Final = 2


def is_pair(cond: Cond) -> bool:
    """Whether it is of two things, which "both" may stand for."""
    match cond:
        case Some(parts):
            return len(parts) == _PAIR and all(isinstance(one, Test) for one in parts)
        case Test(values=values):
            return len(values) == _PAIR
        case _:
            return False


def agrees(slot: Slot, act: Act | None, rate: Rate | None) -> bool:
    """Whether "(100%)" says again what was said: only then is it of no account."""
    said = rate.share if rate is not None else None
    if said is None and act is not None and act.kind in ("keep", "drop"):
        said = Fraction(act.kind == "keep")
    match slot.value:
        case Rate(kind="share", share=share):
            return share == said
        case Act(kind):
            return kind == ("keep" if said == 1 else "drop" if said == 0 else "")
        case _:
            return False


def points_back(kinds: list[str]) -> bool:
    """Whether a pronoun stands before a condition: "keep it when ..." is of what was said last."""
    return "it" in kinds and "if" in kinds and kinds.index("it") < kinds.index("if")

"""What a value space answers with: classes of values, images of predicates, conflicts.

Owns: the records between classes, encoding and search. Must not know: how they are computed.
Truth: ../shared/reference/proof-method.md, sections 2 to 4. A mask over classes has bit
`1 << i` for the class of index i.
"""

from __future__ import annotations

from typing import TypeAlias

from nectarc.evaluate.values import ValueOrMissing
from nectarc.logic.universe import Sort
from nectarc.records import record


@record
class ValueClass:
    """Values of one sort that no predicate tells apart, but for open languages (see Image).

    witness:  one of them; its truth in the open languages is whatever it is.
    is_usual: a sender of OpenTelemetry would produce such values for these predicates.
    """

    sort: Sort
    witness: ValueOrMissing
    is_usual: bool


@record
class Image:
    """What a predicate is over the classes.

    It holds on the classes of `sure`; on those of `open` it holds where language bit `bit` does
    (does not, if `is_negated`); on the others it fails. INVARIANT: `sure` and `open` are disjoint;
    `bit` is None, and `is_negated` False, exactly where `open` is 0. Predicates that say the same
    of every value have equal images wherever no two different languages are the same.
    """

    sure: int
    open: int
    bit: int | None
    is_negated: bool


@record
class Conflict:
    """Proof that no value of any class in the mask `classes` is in languages as `bits` says.

    bits: (bit, truth); what is left of the question after what the proof did not need was dropped.
    May be (): the classes of the mask are empty (does not happen: every class has a witness).
    """

    classes: int
    bits: tuple[tuple[int, bool], ...]


@record
class Unrealised:
    """It was not found out whether there is such a value."""

    reason: str


Realised: TypeAlias = "ValueOrMissing | Conflict | Unrealised"

"""Compare a value space with the plain meaning of its predicates at single values.

Owns: where a value has to be found. Must not know: where values come from.
"""

from __future__ import annotations

from collections.abc import Mapping

from nectarc.evaluate.values import ValueOrMissing
from nectarc.logic.predicates import Predicate, compile_predicate
from nectarc.logic.value_space import Conflict, Unrealised, ValueSpace


def truths_of(space: ValueSpace, value: ValueOrMissing) -> dict[Predicate, bool]:
    """Return what the plain evaluators say of a value."""
    return {predicate: compile_predicate(predicate)(value) for predicate in space.images}


def bits_on(
    space: ValueSpace, index: int, truths: Mapping[Predicate, bool]
) -> dict[int, bool] | None:
    """Return what the open bits have to be on a class for these truths; None: it has others."""
    bits: dict[int, bool] = {}
    for predicate, image in space.images.items():
        if image.open >> index & 1:
            assert image.bit is not None
            wanted = truths[predicate] is not image.is_negated
            if bits.setdefault(image.bit, wanted) is not wanted:
                return None
        elif bool(image.sure >> index & 1) is not truths[predicate]:
            return None
    return bits


def is_known(space: ValueSpace, value: ValueOrMissing) -> bool:
    """Say whether some class has a value with the truths of `value`; False: it was not found out.

    Fails where no class has one (the space missed the value) or a realised value has others.
    """
    truths = truths_of(space, value)
    is_doubtful = False
    for index in range(len(space.classes)):
        bits = bits_on(space, index, truths)
        answer = None if bits is None else space.realise(index, bits)
        if bits is None or isinstance(answer, Conflict):
            continue
        if not isinstance(answer, Unrealised):
            assert truths_of(space, answer) == truths, (value, answer)
            return True
        is_doubtful = True
    assert is_doubtful, f"no class has the truths of {value!r}"
    return False

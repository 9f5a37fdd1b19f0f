"""Value spaces against random values: proof-method.md, target 2, a million values and none missed.

`make fuzz` runs the million from NECTARC_SEED on, some five minutes.
"""

from __future__ import annotations

import os
import random
import sys

import pytest

from nectarc.logic.universe import ALL_SORTS, sort_of
from nectarc.logic.value_space import value_space
from tests.value_space_cases import random_predicates, random_value
from tests.value_space_checks import is_known

_FIELDS = 20_000
_VALUES = 50


@pytest.mark.fuzz
def test_a_million_values_are_in_classes() -> None:
    first = int(os.environ.get("NECTARC_SEED") or random.SystemRandom().randrange(2**32))
    sys.stderr.write(f"seed {first}\n")
    unknown = 0
    for seed in range(first, first + _FIELDS):
        rng = random.Random(seed)
        predicates = random_predicates(rng)
        space = value_space(predicates, ALL_SORTS)
        for _ in range(_VALUES):
            unknown += not is_known(space, random_value(rng, predicates))

    sys.stderr.write(f"{_FIELDS * _VALUES} values, {unknown} not found out\n")
    assert unknown < _FIELDS * _VALUES / 10_000


def test_values_of_some_fields_are_in_classes() -> None:
    rng = random.Random(0)
    for _ in range(30):
        predicates = random_predicates(rng)
        space = value_space(predicates, ALL_SORTS)

        assert {sort_of(one.witness) for one in space.classes} <= ALL_SORTS
        assert all(is_known(space, one.witness) for one in space.classes)

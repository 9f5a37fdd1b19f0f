r"""The shipped table of `\p{..}` against the installed google-re2."""

from __future__ import annotations

import subprocess
import sys
from random import Random
from typing import Final

import pytest

from nectarc.automata.language import LAST_CODE_POINT, SURROGATES, Ranges
from nectarc.automata.unicode_classes import class_names, unicode_class, unicode_version
from tests.shared_data import ROOT
from tools.build_unicode import members
from tools.build_unicode import names as names_of_re2
from tools.build_unicode import unicode_version as unicode_version_of_re2

_REBUILD: Final = "run `python -m tools.build_unicode`"
_CATEGORIES: Final = "CLMNPSZ"
# Each found by asking Go 1.26 and google-re2 for every code point; the decision lists them.
_NEWER_THAN_GO: Final = {*range(0x2FFC, 0x3000), 0x31EF, *range(0x2EBF0, 0x2EE5E)}


def test_the_names_and_the_version_are_those_of_re2() -> None:
    names = {*class_names(), *_CATEGORIES}

    assert names == set(names_of_re2()), _REBUILD
    assert unicode_version() == unicode_version_of_re2() == "15.1", _REBUILD
    assert len(names) > 190


def test_every_class_is_that_of_re2_at_all_its_ends_and_elsewhere() -> None:
    rng = Random(11)
    ends = {
        point
        for name in class_names()
        for first, last in unicode_class(name) or ()
        for point in (first - 1, first, last, last + 1)
    }
    points = sorted({*ends, *rng.sample(range(LAST_CODE_POINT), 3000), *_NEWER_THAN_GO} - {-1})
    kept = [p for p in points if p <= LAST_CODE_POINT and not SURROGATES[0] <= p <= SURROGATES[1]]

    for name in (*class_names(), *_CATEGORIES):
        ranges = unicode_class(name)
        assert ranges is not None
        known = _points(ranges)

        assert members(name, kept) == known & set(kept), f"{name}: {_REBUILD}"
    assert len(kept) > 9000


@pytest.mark.parametrize("name", ["L", "Han", "Lu"])
def test_some_classes_are_that_of_re2_at_every_code_point(name: str) -> None:
    assert members(name, range(LAST_CODE_POINT + 1)) == _points(unicode_class(name) or ())


def test_a_category_of_one_letter_is_the_union_of_its_parts() -> None:
    parts = [_points(unicode_class(f"N{kind}") or ()) for kind in "dlo"]

    assert _points(unicode_class("N") or ()) == set().union(*parts)
    assert unicode_class("Any") == ((0, LAST_CODE_POINT),)
    assert unicode_class("Klingon") is None
    assert unicode_class("X") is None


def test_the_table_is_read_only_for_patterns_that_name_a_class() -> None:
    code = (
        "import sys; from nectarc.automata.languages import regex; name = "
        "'nectarc.automata.unicode_classes'; regex(r'[a-z]+'); before = name in sys.modules; "
        "regex(r'\\pL'); sys.exit(before or name not in sys.modules)"
    )

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)

    assert ran.returncode == 0


def _points(ranges: Ranges) -> set[int]:
    return {point for first, last in ranges for point in range(first, last + 1)}

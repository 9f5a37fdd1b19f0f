"""Which patterns Refinery runs: those that both RE2 and Go's reader of its syntax take."""

from __future__ import annotations

import pytest

from nectarc.evaluate.conditions import compile_test
from nectarc.evaluate.patterns import compile_pattern, pattern_error
from nectarc.evaluate.policy import test_holds as is_true
from nectarc.ir.nodes import Field, StringOp, StringTest
from nectarc.refinery.rules import Condition


@pytest.mark.parametrize("pattern", ["", "^a.*b$", r"\\C", r"\Qa\C\E", r"[\d]+", "ü"])
def test_a_pattern_of_go_and_re2_is_taken(pattern: str) -> None:
    assert pattern_error(pattern) == ""


@pytest.mark.parametrize("pattern", ["(", "a{2000}", "(?=a)", r"\C", r"\Qa\E\C"])
def test_a_pattern_that_go_refuses_is_refused(pattern: str) -> None:
    assert pattern_error(pattern) != ""


def test_a_pattern_asks_the_bytes_of_a_text() -> None:
    assert compile_pattern("^.$").search("ü".encode()) is not None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param(r"\Q\C\E", r"a\Cb", True, id="any-byte-quoted-is-text"),
        pytest.param("^b", "ab", False, id="anchor"),
        pytest.param("(?i)AB", "xabx", True, id="searched-not-matched"),
    ],
)
def test_policy_and_rules_read_a_pattern_alike(pattern: str, text: str, *, expected: bool) -> None:
    test = StringTest(Field(("f",), "f"), StringOp.MATCHES, pattern)
    condition = Condition(field="f", operator="matches", value=pattern)

    assert is_true(test, text) is expected
    assert compile_test(condition)(text) is expected


def test_a_condition_with_a_pattern_that_go_refuses_never_holds() -> None:
    condition = Condition(field="f", operator="matches", value=r"\C")

    assert not compile_test(condition)("a")

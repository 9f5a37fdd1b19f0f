"""A row is compared with the policy without it: what it breaks, and what it takes."""

from __future__ import annotations

import pytest

from nectarc.checking import check_text
from nectarc.compare.change_effect import effect_of_change
from nectarc.project import Project
from nectarc.propose.row_checking import RowCheck
from nectarc.propose.row_counts import count_edits, with_counts
from nectarc.propose.row_effect import effect_of_rows
from nectarc.source import SourceText

BASE = """\
version: 1
name: shop
rules[3]{name,match,action,priority}:
  keep-errors,http.status >= 500,keep,100
  keep-slow,duration > 5s,keep,90
  rest,true,sample(1/100),0
invariants[1]{name,when,require}:
  orders,http.route == '/orders',share >= 0.01
"""


def _judged(row: str) -> tuple[str, str]:
    """Return verdict and reasons of a policy with one more rule, in front of the rest."""
    check = RowCheck(BASE, "policy.toon", Project(root=""), None, None)
    whole = BASE.replace("  rest,", f"  {row}\n  rest,")
    found = check.judged(whole, (row.split(",", maxsplit=1)[0],))
    assert found.text.count("rules[4]") == 1
    return found.verdict, "; ".join(found.reasons)


def test_a_row_that_breaks_nothing_says_what_it_takes() -> None:
    verdict, reasons = _judged("keep-404,http.status == 404,keep,10")

    assert reasons == ""
    assert verdict.startswith("4 PROVED for every trace; moves a trace with `http.status` 404")
    assert "from `rest` to `keep-404` (1 in 100, now kept)" in verdict


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("dead,duration > 9s,keep,10", "it changes nothing: what it asks for is done already"),
        ("no,duration > 9s,drop,10", "it changes nothing: what it asks for is done already"),
        ("all,duration > 4s,drop,95", "`keep-slow` could never decide: `all` leave it no trace"),
        (
            "lost,http.route == '/a',drop,110",
            "REFUTED: every trace with `http.status >= 500` is kept: not so",
        ),
        ("few,http.route == '/orders',sample(1/500),10", "REFUTED: invariant `orders`"),
        ("rest,http.status == 404,keep,10", "rest"),
        ("bad,duration >,keep,10", ""),
    ],
)
def test_a_row_that_breaks_something_says_what(row: str, reason: str) -> None:
    verdict, reasons = _judged(row)

    assert verdict == "" or reasons
    assert reasons
    assert reason in reasons


def test_a_policy_that_is_not_yet_whole_may_become_so() -> None:
    base = BASE.replace("  rest,true,sample(1/100),0\n", "")
    check = RowCheck(base, "policy.toon", Project(root=""), None, None)

    found = check.judged(BASE, ("rest",))

    assert found.reasons == ()
    assert "PROVED for every trace" in found.verdict


def test_counts_are_put_right_and_stay_where_they_are() -> None:
    wrong = BASE.replace("rules[3]", "rules[7]")

    assert with_counts(wrong, "policy.toon") == BASE
    assert count_edits(SourceText.of("policy.toon", BASE)) == ()


@pytest.mark.parametrize(
    "row",
    [
        "new,http.status == 404,keep,10",
        "new,http.route == '/a',drop,110",
        "new,duration > 2s,keep,95",
        "new,duration > 9s,keep,10",
        "new,service == 'a',sample(1/100),10",
    ],
)
def test_moves_are_those_that_any_change_is_asked_about(row: str) -> None:
    texts = (BASE, with_counts(BASE.replace("  rest,", f"  {row}\n  rest,"), "policy.toon"))
    before, after = (check_text(SourceText.of("policy.toon", one)).policy for one in texts)
    assert before is not None
    assert after is not None

    found = effect_of_rows(before, after, ("new",))

    any_change = effect_of_change(before, after)
    moved = {(one.before, one.after, one.was, one.now) for one in any_change.moves}
    assert {(one.before, one.after, one.was, one.now) for one in found.moves} == {
        one for one in moved if one[2] != one[3]
    }

"""`propose --refine` with Claude: what people wrote stays, what they asked for is changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.proposing import CLAUDE, RIGHT, Shop, turn
from tests.unit.claude.answers import ALL, DROP, ERRORS, INTENT, KEEP, answer, one_in, some

WISH = "drop health checks, and keep one in fifty of the rest"
# A person's own file: comments, a name of a field, an invariant, tests, an unusual order of rows.
MINE = """\
# Reviewed by Ana, 2026-02-11.
version: 1
name: payments-team
budget_per_second: 9000

fields[1]{name,type,from}:
  tier,string,user.tier

# The order matters here.
rules[4]{name,description,match,action,priority}:
  # Never touch these two.
  errors,Everything that fails,http.status >= 500 || error == true,keep,100
  gold,They pay for it,tier == 'gold',keep,70
  cheap,Nobody looks at them,tier == 'free',sample(1/200),60
  rest,All others,true,sample(0.01),0

invariants[1]{name,when,require}:
  gold-stays,tier == 'gold',keep

tests[1]:
  - name: gold is kept
    expect: gold
    spans[1]{user.tier}:
      gold
"""


@pytest.fixture
def shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shop:
    """Return a project whose policy people wrote."""
    made = Shop(tmp_path / "shop", monkeypatch, capsys)
    made.policy.write_text(MINE)
    return made


def _clause(name: str, words: str, of: object, do: object) -> dict[str, Any]:
    origin = "words" if words else "policy"
    return {"name": name, "words": words, "of": of, "do": do, "origin": origin, "wins": ""}


def _whole(*rows: tuple[str, str, object, object]) -> str:
    """Return an answer whose clauses and rules are these: (name, words, of, do)."""
    made: Any = answer()
    made["intent"]["clauses"] = [_clause(*row) for row in rows]
    made["policy"]["rules"] = [
        {"name": name, "description": words, "of": of, "do": do, "priority": 90 - number}
        for number, (name, words, of, do) in enumerate(rows)
    ]
    return json.dumps(made)


ERRORS_ROW = ("errors", "", ERRORS, KEEP)
GOLD = ("gold", "", some("tier", "==", "gold"), KEEP)
CHEAP = ("cheap", "", some("tier", "==", "free"), one_in(200))
PROBES = ("drop-probes", "drop health checks", some("http.route", "==", "/healthz"), DROP)
REST = ("rest", "keep one in fifty of the rest", ALL, one_in(50))


def test_a_policy_of_people_keeps_all_that_was_not_spoken_of(shop: Shop) -> None:
    talk = shop.propose(
        [_whole(ERRORS_ROW, GOLD, PROBES, CHEAP, REST)], *CLAUDE, "--refine", intent=WISH
    )

    assert talk.ran.status == 0, talk.said
    assert shop.policy.read_text() == (
        MINE.replace("rules[4]", "rules[5]").replace(
            "  rest,All others,true,sample(0.01),0\n",
            "  rest,keep one in fifty of the rest,true,sample(1/50),0\n"
            "  drop-probes,drop health checks,http.route == '/healthz',drop,65\n",
        )
    )
    assert shop.run("test").status == 0


def test_the_diff_is_shown_and_only_the_changes_are_in_it(shop: Shop) -> None:
    talk = shop.propose(
        [_whole(ERRORS_ROW, GOLD, PROBES, CHEAP, REST)], *CLAUDE, "--refine", intent=WISH
    )

    lines = talk.ran.out.splitlines()
    assert [line for line in lines if line.startswith("-") and line != "--- before"] == [
        "-rules[4]{name,description,match,action,priority}:",
        "-  rest,All others,true,sample(0.01),0",
    ]
    assert len([line for line in lines if line.startswith("+") and line != "+++ after"]) == 3


def test_print_shows_the_diff_and_writes_nothing(shop: Shop) -> None:
    talk = shop.propose(
        [_whole(ERRORS_ROW, GOLD, CHEAP, REST)], *CLAUDE, "--refine", "--print", intent=WISH
    )

    assert talk.ran.status == 0, talk.said
    assert shop.policy.read_text() == MINE
    assert talk.ran.out == MINE.replace(
        "All others,true,sample(0.01)", "keep one in fifty of the rest,true,sample(1/50)"
    )
    assert "+++ after" in talk.ran.err


def test_a_rule_that_claude_leaves_out_is_taken_out(shop: Shop) -> None:
    talk = shop.propose([_whole(ERRORS_ROW, GOLD, REST)], *CLAUDE, "--refine", intent=WISH)

    assert talk.ran.status == 0, talk.said
    text = shop.policy.read_text()
    assert "cheap" not in text
    assert "rules[3]" in text
    assert "# Never touch these two." in text


def test_another_order_is_written_as_priorities(shop: Shop) -> None:
    talk = shop.propose([_whole(GOLD, ERRORS_ROW, CHEAP, REST)], *CLAUDE, "--refine", intent=WISH)

    assert talk.ran.status == 0, talk.said
    text = shop.policy.read_text()
    assert "http.status >= 500 || error == true,keep,20\n" in text
    assert "tier == 'gold',keep,30\n" in text


def test_an_invariant_of_the_file_is_still_asked_and_repairs_the_draft(shop: Shop) -> None:
    free = ("gold", "drop health checks", some("tier", "==", "gold"), DROP)

    talk = shop.propose(
        [_whole(ERRORS_ROW, free, CHEAP, REST), _whole(ERRORS_ROW, GOLD, CHEAP, REST)],
        *CLAUDE,
        "--refine",
        intent=WISH,
    )

    assert talk.ran.status == 0, talk.said
    assert "gold-stays" in turn(talk.requests[1], -1)
    assert "tier == 'gold',keep,70" in shop.policy.read_text()


def test_a_test_of_the_file_that_no_longer_fits_goes_back_to_claude(shop: Shop) -> None:
    paying = ("paying", "", some("user.tier", "in", "gold", "silver"), KEEP)

    talk = shop.propose(
        [_whole(ERRORS_ROW, paying, CHEAP, REST), _whole(ERRORS_ROW, GOLD, CHEAP, REST)],
        *CLAUDE,
        "--refine",
        intent=WISH,
    )

    assert talk.ran.status == 0, talk.said
    assert "the person's policy does not take this" in turn(talk.requests[1], -1)
    assert shop.run("test").status == 0


def test_a_field_that_is_declared_otherwise_goes_back_to_claude(shop: Shop) -> None:
    other: Any = json.loads(_whole(ERRORS_ROW, GOLD, CHEAP, REST))
    row = {"name": "tier", "type": "string", "spellings": ["app.tier"]}
    other["policy"]["fields"] = [row]

    talk = shop.propose(
        [json.dumps(other), _whole(ERRORS_ROW, GOLD, CHEAP, REST)],
        *CLAUDE,
        "--refine",
        intent=WISH,
    )

    assert talk.ran.status == 0, talk.said
    assert "`fields` declare `tier` otherwise" in turn(talk.requests[1], -1)
    assert "tier,string,user.tier" in shop.policy.read_text()


def test_a_policy_with_mistakes_is_not_refined(shop: Shop) -> None:
    broken = MINE.replace("sample(0.01)", "sample(oops)")
    shop.policy.write_text(broken)

    talk = shop.propose([_whole(ERRORS_ROW, GOLD, REST)], *CLAUDE, "--refine", intent=WISH)

    assert talk.ran.status == 1
    assert "has mistakes" in talk.ran.err
    assert talk.requests == []
    assert shop.policy.read_text() == broken


def test_comments_and_descriptions_are_not_sent(shop: Shop) -> None:
    talk = shop.propose([_whole(ERRORS_ROW, GOLD, CHEAP, REST)], *CLAUDE, "--refine", intent=WISH)

    sent = turn(talk.requests[0], -1)
    assert "user.tier" in sent
    for own in ("Ana", "Never touch", "They pay for it", "gold is kept"):
        assert own not in sent


def test_what_was_proposed_is_refined_from_its_sentences(shop: Shop) -> None:
    shop.policy.unlink()
    shop.propose([RIGHT], *CLAUDE)

    rows = [
        (row["name"], row["words"], row["of"], row["do"]) for row in answer()["intent"]["clauses"]
    ]
    talk = shop.propose(
        [_whole(rows[0], PROBES, rows[1], rows[2])], *CLAUDE, "--refine", intent=WISH
    )

    assert talk.ran.status == 0, talk.said
    assert INTENT in turn(talk.requests[0], -1)
    head = shop.policy.read_text().split("nectar_policy")[0]
    assert [line for line in head.splitlines() if line.startswith("# intent:")] == [
        f"# intent: {json.dumps(INTENT)}",
        f"# intent: {json.dumps(WISH)}",
    ]
    assert shop.run("propose", WISH, "--engine", "offline").status != 2  # still free to write


def test_a_policy_of_people_is_not_written_over_unasked(shop: Shop) -> None:
    talk = shop.propose([RIGHT], *CLAUDE)
    told = shop.propose([RIGHT], *CLAUDE, "--format", "json")

    assert (talk.ran.status, told.ran.status) == (1, 1)
    assert "was written by hand, and nothing was changed" in talk.ran.err
    assert json.loads(told.ran.out)["kind"] == "hand-written"
    assert talk.requests == told.requests == []
    assert shop.policy.read_text() == MINE


def test_replace_writes_over_it_and_shows_the_change(shop: Shop) -> None:
    talk = shop.propose([RIGHT], *CLAUDE, "--replace")

    assert talk.ran.status == 0, talk.said
    assert "-# Reviewed by Ana, 2026-02-11." in talk.ran.out.splitlines()
    assert "payments-team" not in shop.policy.read_text()

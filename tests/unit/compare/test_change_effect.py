"""What an edit of a policy does to traces."""

from __future__ import annotations

from nectarc.checking import check_text
from nectarc.compare.change_effect import effect_of_change, effect_words
from nectarc.evaluate.policy import decide
from nectarc.ir.nodes import Policy
from nectarc.prove.verdicts import Verdict
from nectarc.source import SourceText

HEAD = "version: 1\nrules[{count}]{{name,match,action,priority}}:\n"


def policy(*rows: str) -> Policy:
    text = HEAD.format(count=len(rows)) + "".join(f"  {row}\n" for row in rows)
    found = check_text(SourceText.of("p", text)).policy
    assert found is not None
    return found


def test_a_rule_that_decides_nothing_may_go() -> None:
    before = policy("a,x > 1,keep,3", "b,x > 2,drop,2", "rest,true,drop,1")
    after = policy("a,x > 1,keep,3", "rest,true,drop,1")

    effect = effect_of_change(before, after)

    assert effect.verdict is Verdict.PROVED
    assert effect_words(effect) == "changes nothing: proven for every trace"


def test_what_moves_is_shown_by_a_trace_that_moves() -> None:
    before = policy("a,x > 1,keep,3", "b,x > 2,sample(1/5),2", "rest,true,drop,1")
    after = policy("b,x > 2,sample(1/5),4", "a,x > 1,keep,3", "rest,true,drop,1")

    effect = effect_of_change(before, after)

    assert effect.verdict is Verdict.REFUTED
    (move,) = effect.moves
    assert (move.before, move.after, move.was, move.now) == ("a", "b", "kept", "1 in 5")
    assert before.rules[decide(before, move.trace)].name == "a"
    assert after.rules[decide(after, move.trace)].name == "b"
    assert "from `a` to `b` (kept, now 1 in 5)" in effect_words(effect)


def test_another_action_of_the_same_rule_is_a_change() -> None:
    effect = effect_of_change(policy("rest,true,keep,1"), policy("rest,true,drop,1"))

    assert [(one.before, one.after) for one in effect.moves] == [("rest", "rest")]
    assert "within `rest` (kept, now dropped)" in effect_words(effect)

"""What each wanted thing becomes in the policy."""

from __future__ import annotations

import pytest

from nectarc.intent.drafts import action_text, draft_of
from nectarc.intent.policy_text import body_text
from nectarc.intent.records import (
    AdaptRate,
    Clause,
    DropAll,
    Intent,
    KeepAll,
    KeepOneIn,
    LimitRate,
    Wanted,
)


@pytest.mark.parametrize(
    ("wanted", "action"),
    [
        (KeepAll(), "keep"),
        (DropAll(), "drop"),
        (KeepOneIn(100, "1%"), "sample(0.01)"),
        (KeepOneIn(200, "0.5 percent"), "sample(0.005)"),
        (KeepOneIn(3, "33%"), "sample(0.33)"),
        (KeepOneIn(100, "one in a hundred"), "sample(1/100)"),
        (KeepOneIn(7), "sample(1/7)"),
        (KeepOneIn(10, "sample 1% of the 10% slowest"), "sample(1/10)"),
        (
            LimitRate(50.9, ("http.route", "user tier")),
            "ema_throughput(goal_throughput_per_sec: 50, fields: [http.route, `user tier`])",
        ),
        (
            LimitRate(0.5, ("root.http.route",)),
            "ema_throughput(goal_throughput_per_sec: 1, fields: [root.http.route])",
        ),
        (AdaptRate(20, ("name",)), "ema_dynamic(goal_sample_rate: 20, fields: [name])"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_each_wish_is_an_action(wanted: Wanted, action: str) -> None:
    assert action_text(wanted) == action


def test_rules_stand_in_the_order_of_the_clauses_with_room_between() -> None:
    intent = Intent(
        text="",
        clauses=(
            Clause(wanted=KeepAll(), what="error == true", name="a", words="keep\n errors "),
            Clause(wanted=KeepAll(), what="http.status >= 500", name="b", origin="safety"),
            Clause(wanted=KeepOneIn(100, "1%"), what="true", name="rest"),
        ),
        budget_per_second=250.0,
    )

    assert body_text(draft_of(intent, "shop")) == (
        "nectar_policy{version,name,budget_per_second,rules}:\n"
        "  1\n"
        "  shop\n"
        "  250\n"
        "  rules[3]{name,description,match,action,priority}:\n"
        "    a,keep errors,error == true,keep,100\n"
        '    b,"Errors are kept: the project\'s safety",http.status >= 500,keep,90\n'
        "    rest,Everything else,true,sample(0.01),0\n"
    )

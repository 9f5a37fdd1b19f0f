"""The lines above rules, sections and tests."""

from __future__ import annotations

import pytest

from nectarc.prove.verdicts import Verdict
from nectarc.records import replace
from nectarc_lsp.database.knowledge import Knowledge, Progress, Reach, RuleKnowledge
from nectarc_lsp.features.lenses import LensAction, lenses, rule_title
from tests.unit.lsp.knowledge_of import check_of, known_of, share_of
from tests.unit.lsp.views_of import knowing, texts, view_of

POLICY = """\
version: 1
name: shop
rules[3]{name,match,action,priority}:
  keep-errors,http.status >= 500,keep,100
  keep-slow,duration > 5s,sample(1/10),90
  rest,true,drop,0
invariants[1]{name,when,require}:
  slow-kept,duration > 60s,keep
tests[1]:
  - name: an error
    expect: keep-errors
    spans[1]{http.status}:
      503
"""


def shown(text: str, known: Knowledge | None = None) -> list[tuple[int, str]]:
    view = view_of(text)
    view = view if known is None else knowing(view, known)
    return [(view.text.position(one.source.start).line, one.title) for one in lenses(view)]


def test_without_knowledge_there_is_what_can_be_run() -> None:
    assert shown(POLICY) == [(3, "Prove"), (3, "Run 1 test"), (3, "Show rules"), (10, "Run")]


def test_each_rule_says_what_it_keeps_of_the_corpus() -> None:
    known = known_of(
        RuleKnowledge(name="keep-errors", reach=Reach.POSSIBLE, share=share_of(24, 100.0, 1.0)),
        RuleKnowledge(name="keep-slow", reach=Reach.POSSIBLE, share=share_of(1, 25.0, 0.1)),
        RuleKnowledge(name="rest", reach=Reach.POSSIBLE, share=share_of(175, 875.0, 0.0)),
    )

    assert [one for one in shown(POLICY, known) if one[0] in (4, 5, 6)] == [
        (4, "12 % of traces, keeps all 100 events"),
        (5, "0.5 % of traces, keeps 2.5 of 25 events"),
        (6, "88 % of traces, keeps 0 of 875 events"),
    ]


@pytest.mark.parametrize(
    ("known", "title"),
    [
        (
            RuleKnowledge(name="a", reach=Reach.NEVER, shadowed_by=("b",)),
            "never decides a trace: `b` above takes all of its traces",
        ),
        (
            RuleKnowledge(name="a", reach=Reach.NEVER, shadowed_by=("b", "c", "d")),
            "never decides a trace: `b`, `c`, 1 more above take all of its traces",
        ),
        (
            RuleKnowledge(name="a", reach=Reach.NEVER),
            "never decides a trace: its match holds of none",
        ),
        (
            RuleKnowledge(name="a", reach=Reach.POSSIBLE, share=share_of(0, 0.0, 1.0)),
            "none of the 200 traces of the corpus",
        ),
        (
            RuleKnowledge(name="a", reach=Reach.POSSIBLE, share=share_of(20, 50.0, None)),
            "10 % of traces, 50 events, kept as the traffic flows",
        ),
        (RuleKnowledge(name="a", reach=Reach.UNKNOWN), ""),
    ],
    ids=["shadowed", "shadowed by many", "match of none", "no trace", "by flow", "not known"],
)
def test_a_rule_is_told_by_what_is_known(known: RuleKnowledge, title: str) -> None:
    assert rule_title(known) == title


def test_a_refuted_invariant_leads_to_its_counterexample() -> None:
    checks = (
        check_of("invariant slow-kept", Verdict.REFUTED, rule="rest"),
        check_of("errors", Verdict.REFUTED, rule="keep-slow"),
        check_of("rules", Verdict.REFUTED),
    )
    view = knowing(view_of(POLICY), known_of(checks=checks))

    found = [one for one in lenses(view) if one.action is LensAction.SHOW_COUNTEREXAMPLE]

    assert [(one.subject, view.text.position(one.source.start).line) for one in found] == [
        ("errors", 5),
        ("invariant slow-kept", 8),
    ]
    assert found[0].title == "`errors` is REFUTED here: show counterexample"
    assert (3, "Prove (3 of 3 checks REFUTED)") in shown(POLICY, known_of(checks=checks))


def test_nothing_is_called_proved_before_all_is_known() -> None:
    known = known_of(checks=(check_of("errors", Verdict.PROVED),))

    assert shown(POLICY, known)[0] == (3, "Prove (1 PROVED)")
    assert shown(POLICY, replace(known, progress=Progress.VERDICTS))[0] == (3, "Prove")


def test_every_text_has_lenses_without_a_defect() -> None:
    for text in texts():
        view = view_of(text)
        found = lenses(view)
        assert [one.source.start for one in found] == sorted(one.source.start for one in found)
        assert all(one.source.end <= len(text) for one in found)

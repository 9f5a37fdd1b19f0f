"""What hovering says."""

from __future__ import annotations

from random import Random

import pytest

from nectarc.prove.verdicts import CheckResult, Verdict
from nectarc_lsp.database.knowledge import Knowledge, Progress, Reach, RuleKnowledge, Share
from nectarc_lsp.features.code_pages import page_address
from nectarc_lsp.features.hover import hover_at
from nectarc_lsp.features.markdown import plain
from tests.shared_data import requires_shared
from tests.unit.lsp.views_of import at_cursor, knowing, schema_of, texts, view_of

POLICY = """\
version: 1
budget_per_second: 100
rules[4]{name,match,action,priority}:
  errors,any(http.status >= 500 && !(tier == 'x')),keep,9
  keyed,took > 1m30s,"ema_dynamic(goal_sample_rate: 10, weight: 0.2, fields: [http.route])",5
  some,http.route matches '^/api',sample(0.03),4
  rest,true,keep,0
fields[1]{name,type,from}:
  took,duration_s,took.seconds
invariants[1]{name,when,require}:
  half,http.status >= 500,share >= 0.5
tests[2]:
  - name: errs
    expect: errors
    spans[1]{http.status}:
      503
  - name: fine
    expect: errors
    spans[1]{http.status}:
      200
"""
SCHEMA = schema_of(
    http__response__status_code=("int", 63, ("200", "503")), http__route=("string", 20, ("/",))
)


def hovered(before: str, after: str) -> tuple[str, str]:
    """Hover between two pieces of the policy; return the text of the place, and the words."""
    view, offset = at_cursor(POLICY.replace(before + after, before + "‸" + after, 1), schema=SCHEMA)
    found = hover_at(view, offset)
    assert found is not None
    return view.text.text[found.source.start : found.source.end], found.markdown


@pytest.mark.parametrize(
    ("before", "after", "place", "words"),
    [
        ("any(htt", "p.status", "http.status", "63 % of spans, int, 2 values: `200`, `503`"),
        ("any(htt", "p.status", "http.status", "`http.status`, `http.status_code`: on no span"),
        ("!(ti", "er", "tier", "Not in your corpus."),
        ("keyed,to", "ok", "took", "(declared in `fields`)"),
        ("keyed,to", "ok", "took", "Reads `took.seconds`."),
        ("an", "y(http", "any", "one and the same span"),
        ("500 &", "& !", "&&", "Both sides hold."),
        ("status >", "= 500 &&", ">=", "At least"),
        ("50", "0 &&", "500", "Internal Server Error"),
        ("1m3", "0s", "1m30s", "is 90 in the unit of `took` (s)"),
        ("ema_dy", "namic", "ema_dynamic", "`EMADynamicSampler`"),
        ("wei", "ght", "weight", "In Refinery: `Weight`, a number; default `0.5`."),
        ("goal_", "sample_rate", "goal_sample_rate", "it must be given"),
        ("route mat", "ches", "matches", "RE2"),
        ("0.0", "3", "0.03", "one in 33 (3 %), 1.01 % off"),
        ("keep,", "9", "9", "Before `keyed` (5)."),
        ("err", "ors,any", "errors", "rule 1 of 4, priority 9"),
        ("err", "ors,any", "errors", "Keeps all traces in which some span has http.status"),
        ("expect: err", "ors", "errors", "rule 1 of 4"),
        ("priority}:\n  errors,any(http.status >= 500 && !(tier == 'x')),ke", "ep", "keep", "kept"),
        ("rul", "es[4]", "rules", "The decision list"),
        ("name,mat", "ch", "match", "Which traces the rule decides"),
        ("took,dur", "ation_s", "duration_s", "Numbers of seconds"),
        ("took.se", "conds", "took.seconds", "read literally"),
        ("sha", "re >=", "share", "probability of being kept"),
        ("name: er", "rs", "errs", "Passes: `errors` decides it."),
        ("name: fi", "ne", "fine", "Fails: `rest` decides it."),
        ("spans[1]{http.st", "atus", "http.status", "literally"),
        ("ver", "sion", "version", "This nectarc reads 1."),
    ],
)
def test_hover_says_what_a_word_means(before: str, after: str, place: str, words: str) -> None:
    found_place, found_words = hovered(before, after)

    assert found_place == place
    assert words in found_words


def test_an_unknown_field_names_the_nearest_of_the_corpus() -> None:
    view, offset = at_cursor(POLICY.replace("tier ==", "http.rou‸tr =="), schema=SCHEMA)

    found = hover_at(view, offset)

    assert found is not None
    assert "Not in your corpus: did you mean `http.route`?" in found.markdown


def test_a_finding_is_told_with_its_page() -> None:
    view, offset = at_cursor(POLICY.replace("took > 1m30s", "servi‸ce > 1m30s"))

    found = hover_at(view, offset + len("ce > 1m"))

    assert found is not None
    assert f"[NEC105]({page_address('NEC105')}): " in found.markdown


def test_a_test_is_not_run_while_the_policy_has_errors() -> None:
    view, offset = at_cursor(POLICY.replace("took > 1m30s", "took >").replace("errs", "er‸rs"))

    found = hover_at(view, offset)

    assert found is not None
    assert "It cannot be run while the policy has errors." in found.markdown


def _known(rule: RuleKnowledge, *checks: CheckResult) -> Knowledge:
    return Knowledge(digest="", progress=Progress.LOWERED, rules=(rule,), checks=checks)


def test_a_rule_says_what_it_keeps_and_what_it_becomes_once_that_is_known() -> None:
    view, offset = at_cursor(POLICY.replace("errors,any", "err‸ors,any"))
    share = Share(
        traces=12,
        of_traces=400,
        weight=24.0,
        of_weight=800.0,
        events=50.0,
        of_events=1000.0,
        kept_traces=24.0,
        kept_events=50.0,
    )
    rule = RuleKnowledge(name="errors", share=share, refinery="- Name: errors\n  SampleRate: 1\n")

    found = hover_at(knowing(view, _known(rule)), offset)

    assert found is not None
    assert "Decides 3 % of your traffic (12 of 400 traces, 5 % of the events)" in found.markdown
    assert "```yaml\n- Name: errors\n  SampleRate: 1\n```" in found.markdown


def test_a_dead_rule_names_the_rules_above_it() -> None:
    view, offset = at_cursor(POLICY.replace("some,http", "so‸me,http"))
    rule = RuleKnowledge(name="some", reach=Reach.NEVER, shadowed_by=("errors", "keyed"))

    found = hover_at(knowing(view, _known(rule)), offset)

    assert found is not None
    assert "`errors` and `keyed` above together take all of its traces" in found.markdown


def test_an_invariant_and_the_budget_have_their_verdict() -> None:
    view, offset = at_cursor(POLICY.replace("half,http", "ha‸lf,http"))
    check = CheckResult(name="invariant half", claim="half is kept", verdict=Verdict.PROVED)
    budget = CheckResult(name="budget", claim="it fits", verdict=Verdict.HOLDS)
    known = knowing(view, _known(RuleKnowledge(name="rest"), check, budget))

    of_invariant = hover_at(known, offset)
    of_budget = hover_at(known, known.text.text.index("budget") + 3)

    assert of_invariant is not None
    assert "Proven for every trace: half is kept." in of_invariant.markdown
    assert of_budget is not None
    assert "Holds on your corpus: it fits." in of_budget.markdown


def test_plain_text_has_no_marks() -> None:
    told = plain("**a\\_b**: [NEC1](https://x/y)\n\n```toon\nx*y\n```")

    assert told == "a_b: NEC1 (https://x/y)\n\nx*y"


@requires_shared
def test_hover_answers_everywhere_in_whole_and_in_broken_policies() -> None:
    random = Random(0)
    for text in texts():
        view = view_of(text, schema=SCHEMA)
        for _ in range(50):
            offset = random.randrange(len(text) + 1)
            found = hover_at(view, offset)
            assert found is None or found.source.start <= offset <= found.source.end
            assert found is None or found.markdown

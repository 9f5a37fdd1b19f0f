"""The report for a terminal, as Markdown, and as JSON."""

from __future__ import annotations

import json
import re

import pytest

from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.ir.text import parse_policy_text
from nectarc.render.excerpt import cells
from nectarc.waggle.json_record import render_waggle_json
from nectarc.waggle.markdown import render_waggle_markdown
from nectarc.waggle.records import LintCount, Waggle
from nectarc.waggle.report import Asked, Traffic, build_waggle
from nectarc.waggle.screen import render_waggle_text
from tests.unit.waggle.worlds import (
    ERROR,
    FINE,
    PROBE,
    QUIET_ERROR,
    InParts,
    rules_subject,
    stored,
    subject,
    waggle,
)

CORPUS = [ERROR, *[PROBE] * 3, *[FINE] * 5, QUIET_ERROR]
EVIL = "a|b `x` <img src=x onerror=alert(1)> [l](javascript:1) **b** \x1b[31mred\x1b[0m \u202e\n# h"
HEAD = "RulesVersion: 2\nSamplers:\n  __default__:\n"
MANY = "\n".join(
    f'rule "r{i:03}" -> sample(1/{i + 2}) when any(string a[a]:string == "{i}")' for i in range(200)
)


def _evil() -> Waggle:
    text = """RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: NAME
          SampleRate: 10
          Conditions:
            - {Field: "f", Operator: "=", Value: NAME}
"""
    about = rules_subject(text.replace("NAME", json.dumps(EVIL)))
    lint = LintCount(errors=0, warnings=1, hints=0, command="nectarc lint x", traps=(EVIL,))
    traces: list[CorpusTrace] = [
        stored(EVIL, {"service.name": EVIL, "name": EVIL, "f": EVIL, "error": True})
    ] * 2
    return build_waggle(
        [Asked(subject=about, lint=lint)],
        Traffic(source=InParts(tuple(traces)), path=EVIL),
        version="0",
    )


@pytest.mark.parametrize("width", [60, 80, 96, 140])
@pytest.mark.parametrize("is_full", [False, True])
def test_text_fits_the_width(width: int, is_full: bool) -> None:  # noqa: FBT001 - a parameter
    for one in (waggle(CORPUS, budget=10), waggle([]), _evil()):
        text = render_waggle_text(one, width=width, is_full=is_full)

        lines = [line for line in text.splitlines() if not line.startswith("     ")]  # YAML
        assert max(map(cells, lines)) <= width


def test_short_text_says_what_is_kept_lost_and_proven() -> None:
    text = " ".join(render_waggle_text(waggle(CORPUS, budget=10)).split())

    assert "shop (policy.toon, for __default__)" in text
    assert "Counted over 10 corpus traces of `corpus`, 13 events." in text
    assert "1. keep-errors: All 5xx Keeps all traces in which some span has http.status" in text
    assert "Never kept: web /healthz, status 200 (3 traces)." in text
    assert "payments fails in 1 trace, kept 1 in 100 by `rest`, so about 0.99 traces" in text
    assert "PROVED every trace is decided by a rule every trace" in text
    assert "- Name:" not in text


def test_full_text_has_refinerys_rules_and_examples() -> None:
    text = render_waggle_text(waggle(CORPUS), is_full=True)

    assert "     - Name: probes\n       Drop: true\n" in text
    assert "e.g. error1  web /cart, 3 spans" in text


def test_of_200_rules_the_short_text_shows_those_that_decide_most() -> None:
    policy = parse_policy_text(f'policy "many"\n{MANY}\nrule "rest" -> keep when true')
    traces = [stored(f"t{i}", *([{"a": str(i % 50)}] * (1 + i % 50))) for i in range(200)]
    found = waggle(traces, subject(policy, is_lowered=False))

    text = render_waggle_text(found)

    assert "r049" in text
    assert "r150" not in text
    assert "… and 181 more rules with 36 % of the events" in text
    assert "r150" in render_waggle_text(found, is_full=True)


def test_a_presampled_corpus_says_so_beside_its_figures() -> None:
    found = waggle([stored("a", {"a": 1}, rate=10)], presampled="sampled upstream at 1 in 10")

    for text in (render_waggle_text(found), render_waggle_markdown(found)):
        assert "1 corpus trace, standing for 10" in " ".join(text.split())
        assert "The corpus is sampled upstream at 1 in 10: figures count each trace so." in (
            " ".join(text.split())
        )
    assert json.loads(render_waggle_json(found))["corpus_sampling"] == "sampled upstream at 1 in 10"


@pytest.mark.parametrize("is_full", [False, True])
def test_hostile_names_move_no_cursor(is_full: bool) -> None:  # noqa: FBT001 - a parameter
    text = render_waggle_text(_evil(), is_full=is_full)

    assert "\x1b" not in text
    assert "\u202e" not in text


def test_hostile_names_are_no_markup_in_markdown() -> None:
    text = render_waggle_markdown(_evil())

    assert "\x1b" not in text
    outside = re.sub(r"^(`{3,})[^\n]*\n.*?\n\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    plain = re.sub(r"(?<!\\)`[^`\n]*`", "", outside)
    assert re.findall(r"(?<!\\)<(?!/?(?:details|summary|sub)>)", plain) == []
    assert re.findall(r"(?<!\\)\[", plain) == []
    assert re.findall(r"(?<!\\)\*", plain) == []
    assert re.findall(r"^#+ h", outside, flags=re.MULTILINE) == []
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(counts) == 1, table


def test_a_code_block_ends_where_the_report_ends_it() -> None:
    about = rules_subject(
        "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules:\n"
        '        - Name: "````"\n          SampleRate: 3\n'
    )

    assert "`````yaml\n- Name: '````'\n" in render_waggle_markdown(waggle([FINE], about))


def test_markdown_has_the_cascade_and_the_rules() -> None:
    text = render_waggle_markdown(waggle(CORPUS))

    assert "| 1. keep-errors | keep | 13 | 23 % (" in text
    assert "```yaml\n- Name: keep-errors\n" in text
    assert text.startswith("# shop\n")


def test_json_keeps_the_keys_and_numbers_of_before() -> None:
    record = json.loads(render_waggle_json(waggle(CORPUS)))

    assert {"policy", "corpus_traces", "corpus_sampling", "traces", "events", "rules"} <= set(
        record
    )
    assert record["assumptions"] == []
    rest = record["rules"][3]
    assert (rest["traces"], rest["events"], rest["share"]) == (6, 7, 0.01)
    assert rest["events_kept"] == pytest.approx(0.07)
    assert rest["refinery"] == ["- Name: rest\n  SampleRate: 100\n"]


def test_json_says_by_flow_with_null_and_a_range() -> None:
    text = f"{HEAD}    EMAThroughputSampler: {{GoalThroughputPerSec: 5, FieldList: [a]}}\n"

    (rule,) = json.loads(render_waggle_json(waggle([FINE], rules_subject(text))))["rules"]

    assert (rule["share"], rule["events_kept"]) == (None, None)
    assert rule["kept"]["events"] == {"value": 1.0, "low": 0.0, "high": 1.0}
    assert rule["kept"]["known_by"] == "nothing"


def test_several_policies_are_an_object_by_file() -> None:
    one, other = (
        subject(),
        rules_subject(f"{HEAD}    DeterministicSampler: {{SampleRate: 2}}\n"),
    )
    both = build_waggle(
        [Asked(subject=one), Asked(subject=other)], Traffic(source=InParts((FINE,))), version="0"
    )

    record = json.loads(render_waggle_json(both))

    assert set(record) == {"policy.toon", "rules.yaml"}
    assert record["rules.yaml"]["kept"]["events"]["value"] == 0.5


def test_the_same_report_has_the_same_bytes() -> None:
    first, second = (
        [
            form(waggle(CORPUS, budget=3))
            for form in (render_waggle_text, render_waggle_markdown, render_waggle_json)
        ]
        for _ in range(2)
    )

    assert first == second


def test_what_is_unknown_says_how_to_settle_it() -> None:
    text = " ".join(render_waggle_text(waggle([], budget=10)).split())

    assert "UNKNOWN `budget`: load recorded traces, `nectarc ingest FILE...`" in text
    assert "not asked: errors: no `[safety]`; write what an error is" in text


def test_of_many_buckets_markdown_shows_those_of_which_most_is_kept() -> None:
    traces = [stored(f"t{i}", {"http.status": 500}, second=float(i)) for i in range(100)]
    busy = [stored(f"b{i}", {"http.status": 500}, second=57.25) for i in range(9)]

    text = render_waggle_markdown(waggle([*traces, *busy], budget=5))

    assert "<summary>99 buckets of 1 s, the 40 of which most is kept</summary>" in text
    assert re.search(r"\| 2023-11-14 22:14:17 \| 10 \| 10 \| over the budget \|", text)

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

import pytest

from nectarc.prove.verdicts import Verdict
from nectarc.records import replace
from nectarc.refinery.lowered import Assumption
from nectarc.waggle.html import render_html
from nectarc.waggle.records import (
    Basis,
    CorpusFacts,
    Interval,
    LintCount,
    Proof,
    Proofs,
    RuleReport,
    Waggle,
)
from nectarc.waggle.styles import page_style
from tests.unit.waggle.worlds import ERROR, FINE, PROBE, QUIET_ERROR, rules_subject, stored, waggle

_VOID: Final = {"meta", "link"}
_TRACES: Final = (
    ERROR,
    PROBE,
    FINE,
    QUIET_ERROR,
    *(stored(f"late{one}", {"service.name": "web"}, second=one) for one in range(30)),
)
_DYNAMIC: Final = """
RulesVersion: 2
Samplers:
  __default__:
    EMADynamicSampler: {GoalSampleRate: 10, FieldList: [http.route]}
"""
_THROUGHPUT: Final = """
RulesVersion: 2
Samplers:
  __default__:
    WindowedThroughputSampler: {GoalThroughputPerSec: 5, FieldList: [http.route]}
"""


class _Nesting(HTMLParser):
    """Checks that each element ends where it should."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.events: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events += [key for key, _ in attrs if key.startswith("on")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def _words(page: str) -> str:
    """Return what a reader sees of a page, in one line."""
    body = page[page.index("<body>") :]
    told = re.sub(r"<[^>]*>", " ", body).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", told).replace("&lt;", "<").replace("&gt;", ">").replace(" ,", ",")


def _with(**changes: object) -> Waggle:
    """Return the report of the seed's policy with some fields of it changed."""
    found = waggle(_TRACES, budget=100)
    return replace(found, reports=(replace(found.reports[0], **changes),))


def _proof(verdict: Verdict, **more: str | tuple[str, ...]) -> Proof:
    return Proof(name="errors", verdict=verdict, claim="errors are kept", about="a trace", **more)  # type: ignore[arg-type]  # a test's own


@pytest.fixture(scope="module")
def page() -> str:
    return render_html(waggle(_TRACES, budget=100))


def test_the_page_forbids_what_it_does_not_need(page: str) -> None:
    policy = (
        '<meta http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;;'
        " style-src &#x27;unsafe-inline&#x27;; img-src data:; base-uri &#x27;none&#x27;;"
        ' form-action &#x27;none&#x27;">'
    )

    assert page.startswith("<!doctype html>\n<html lang=")
    assert policy in page
    assert page.index(policy) < page.index("<style>")


def test_the_page_is_well_formed_and_runs_nothing(page: str) -> None:
    seen = _Nesting(page)

    assert (seen.wrong, seen.open, seen.events) == ([], [], [])
    assert "<script" not in page


def test_the_style_loads_nothing() -> None:
    style = page_style()

    assert re.findall(r"url\(([^)]*)\)", style) == ["#stripes"] * style.count("url(")
    assert "@import" not in style
    assert "/*" not in style
    assert "  " not in style


def test_the_same_report_gives_the_same_bytes(page: str) -> None:
    assert render_html(waggle(_TRACES, budget=100)) == page


def test_sections_come_in_the_order_a_reader_asks(page: str) -> None:
    assert re.findall(r'<h2 id="(\w+)">', page) == [
        "flow", "rules", "lost", "time", "proofs", "refinery", "about",
    ]  # fmt: skip


def test_a_refuted_check_is_the_headline_and_shows_its_trace() -> None:
    proofs = Proofs(
        headline="p: 1 REFUTED.",
        checks=(
            _proof(Verdict.REFUTED, reason="`rest` drops it", counterexample=("span 1", "span 2")),
            _proof(Verdict.PROVED),
        ),
    )

    words = _words(render_html(_with(proofs=proofs)))

    assert "Proofs 1 of 2 REFUTED" in words
    assert "✕ REFUTED by a trace Errors are kept . rest drops it" in words.replace(
        "kept.", "kept ."
    )
    assert "span 1 span 2" in words


def test_an_open_check_says_how_to_settle_it() -> None:
    proofs = Proofs(
        headline="p: 1 UNKNOWN.",
        checks=(_proof(Verdict.UNKNOWN, settle="load traces"),),
        not_asked=("budget: no budget is set",),
    )

    words = _words(render_html(_with(proofs=proofs)))

    assert "1 of 1 UNKNOWN" in words
    assert "? UNKNOWN not answered" in words
    assert "To settle it: load traces" in words
    assert "Not asked budget: no budget is set" in words


def test_verdicts_say_their_scope_beside_them() -> None:
    proofs = Proofs(headline="", checks=(_proof(Verdict.PROVED), _proof(Verdict.HOLDS)))

    words = _words(render_html(_with(proofs=proofs)))

    assert "2 of 2 pass 1 PROVED, 1 HOLDS. PROVED is for every trace" in words
    assert "HOLDS is of this corpus: 34 traces" in words


def test_what_refinery_would_not_load_is_said_first() -> None:
    lint = LintCount(errors=1, warnings=0, hints=0, command="nectarc lint a", refused="no `Rules`")

    words = _words(render_html(_with(proofs=None, lint=lint, is_policy=False)))

    assert "refused Refinery does not load it: no Rules" in words
    assert "Refinery rules" in words


def test_traps_are_listed_with_the_command_that_explains_them() -> None:
    lint = LintCount(
        errors=0, warnings=2, hints=1, command="nectarc lint a.yaml", traps=("one", "two")
    )

    words = _words(render_html(_with(proofs=None, lint=lint, is_policy=False)))

    assert "Traps in these rules 2 nectarc lint finds 0 errors and 2 warnings" in words
    assert "one two nectarc lint a.yaml says where" in words


def test_a_policy_that_is_not_lowered_says_why() -> None:
    found = _with(refused="`rest` has no n. Write `sample(1/3)`.")
    rules = tuple(replace(one, refinery=()) for one in found.reports[0].rules)
    report = replace(found.reports[0], rules=rules)

    words = _words(render_html(replace(found, reports=(report,))))

    assert "What Refinery will run Nothing yet. rest has no n. Write sample(1/3) ." in words


def test_very_long_rules_stand_in_the_page_once() -> None:
    found = _with()
    rules = tuple(
        replace(one, refinery=(f"- Name: {one.name}\n" + "  # long\n" * 10_000,))
        for one in found.reports[0].rules
    )
    report = replace(found.reports[0], rules=rules)

    page = render_html(replace(found, reports=(report,)))

    assert page.count("# long") == 10_000 * len(rules)
    assert "each rule above has its YAML" in page


def test_assumptions_have_a_section_of_their_own() -> None:
    words = _words(render_html(_with(assumptions=(Assumption("no-null", "http.route"),))))

    assert "What is taken for granted" in words
    assert "http.route is never null" in words


@pytest.mark.parametrize(
    ("text", "basis", "said"),
    [
        (_DYNAMIC, Basis.GOAL_RATE, "(taken to meet its goal sample rate)"),
        (_THROUGHPUT, Basis.GOAL_FLOW, "(taken to meet its goal a second, on one Refinery node)"),
    ],
)
def test_a_sampler_says_what_its_share_rests_on(text: str, basis: Basis, said: str) -> None:
    found = waggle(_TRACES, rules_subject(text))
    assert found.reports[0].rules[0].basis is basis

    words = _words(render_html(found))

    assert said in words
    assert "The sampler as YAML" in words


def test_an_open_share_is_an_upper_bound() -> None:
    found = _with()
    first, *rest = found.reports[0].rules
    opened = replace(first, basis=Basis.NOTHING)
    report = replace(found.reports[0], rules=(opened, *rest))

    words = _words(render_html(replace(found, reports=(report,))))

    assert "Events kept at most" in words


def test_several_reports_have_a_table_of_contents_and_ids_of_their_own() -> None:
    found = waggle(_TRACES, budget=100)
    (report,) = found.reports
    both = replace(found, reports=(report, replace(report, title="second")))

    page = render_html(both)

    assert '<nav aria-label="Policies and targets"' in page
    assert '<a href="#t2-top"><bdi>second</bdi></a>' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.count("<h1") == 1


def test_no_report_is_a_page_too() -> None:
    page = render_html(Waggle(version="0", corpus=CorpusFacts()))

    assert _Nesting(page).wrong == []
    assert "Nothing to report on" in page


def test_without_a_corpus_no_number_is_made_up() -> None:
    words = _words(render_html(waggle(())))

    assert "What is still unknown" in words
    assert "Events kept unknown" in words
    assert "nectarc ingest FILE..." in words
    assert "How traffic flows" not in words
    assert "Keeps 50 % of what it decides" in words  # the rule's own share needs no traffic


def test_a_rule_that_decides_nothing_says_so(page: str) -> None:
    assert "Decides no trace of this corpus." in _words(page)


def test_the_last_row_is_for_traces_that_no_rule_matches() -> None:
    found = waggle(_TRACES, rules_subject(_NO_DEFAULT))
    last = found.reports[0].rules[-1]
    assert isinstance(last, RuleReport)
    assert last.number == 0

    words = _words(render_html(found))

    assert "(no rule)" in words


_NO_DEFAULT: Final = """
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: web only
          SampleRate: 2
          Conditions: [{Field: http.route, Operator: "=", Value: /cart}]
"""


def test_a_share_without_a_range_claims_no_confidence() -> None:
    sure = Interval(1.0, 1.0, 1.0)

    words = _words(render_html(_with(kept_events=sure)))

    assert re.search(r"Events kept 100 % [\d.]+ of [\d,]+ events, from 34 corpus traces", words)

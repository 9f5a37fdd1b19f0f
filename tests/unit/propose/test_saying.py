"""A reading said back: words, figures of the corpus, one trace for and one against each clause."""

from __future__ import annotations

from typing import Final

from nectarc.checking import check_text
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.policy import decide
from nectarc.intent.drafts import Draft, DraftRule, draft_of
from nectarc.intent.judging import Setting, judge
from nectarc.intent.policy_text import body_text
from nectarc.intent.properties import properties_of
from nectarc.intent.records import Clause, DropAll, Intent, KeepAll, KeepOneIn
from nectarc.propose.saying import Said, one_line, said_back
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.prove.evidence import Evidence
from nectarc.source import SourceText
from nectarc.trace import Span, Trace, Value

ERRORS: Final = Clause(
    wanted=KeepAll(), what="http.status >= 500", name="errors", wins="errors are never dropped"
)
SLOW: Final = Clause(wanted=KeepAll(), what="duration > 5s", name="slow")
PROBES: Final = Clause(wanted=DropAll(), what="http.route == '/healthz'", name="probes")
REST: Final = Clause(wanted=KeepOneIn(100, "1%"), what="true", name="rest")
INTENT: Final = Intent(text="", clauses=(ERRORS, SLOW, PROBES, REST))


def _trace(name: str, *spans: dict[str, Value], weight: float = 1.0) -> CorpusTrace:
    return CorpusTrace(
        Trace(name, tuple(Span(fields, is_root=not at) for at, fields in enumerate(spans))),
        sample_rate=weight,
    )


def _call(service: str, route: str, status: int, ms: float) -> dict[str, Value]:
    return {
        "service.name": service,
        "http.route": route,
        "http.response.status_code": status,
        "duration_ms": ms,
    }


CORPUS: Final = (
    _trace("far-fine", _call("api", "/items", 200, 20.0)),
    _trace("shop-failed", _call("shop", "/cart", 503, 31.0), weight=3.0),
    _trace("shop-fine", _call("shop", "/cart", 200, 31.0), weight=5.0),
    _trace("shop-fine-long", _call("shop", "/cart", 200, 35.0), _call("api", "/items", 200, 9.0)),
    _trace("probe", _call("shop", "/healthz", 200, 1.0)),
)


def _said(intent: Intent, *traces: CorpusTrace, draft: Draft | None = None) -> tuple[Said, ...]:
    evidence = Evidence(corpus=TracesInMemory(traces))
    setting = Setting(evidence=evidence)
    judged = judge(draft or draft_of(intent, "p"), properties_of(intent), setting)
    return said_back(intent, judged, evidence)


def test_each_clause_is_said_with_what_it_decides() -> None:
    errors, slow, probes, rest = _said(INTENT, *CORPUS)

    assert errors.words == "Keeps all traces in which some span has http.status of at least 500."
    assert errors.wins == "errors are never dropped"
    assert (errors.traces, errors.weight) == (1, 3.0)
    assert errors.share == 3 / 11
    assert slow.words == "Keeps all traces in which some span has duration above 5 s."
    assert (slow.traces, slow.share) == (0, 0.0)
    assert (probes.traces, rest.traces) == (1, 3)
    assert rest.words == "Keeps 1 in 100 of the other traces."


def test_the_other_trace_differs_in_little() -> None:
    errors, _, probes, rest = _said(INTENT, *CORPUS)

    assert errors.about is not None
    assert errors.other is not None
    assert (errors.about.id, errors.other.id) == ("shop-failed", "shop-fine")
    assert errors.about.facts == "http.response.status_code 503"
    assert errors.other.facts == "http.response.status_code 200"
    assert errors.other.rule == "rest"
    assert errors.about.words == "shop /cart, 1 span"
    assert probes.about is not None
    assert probes.about.id == "probe"
    assert probes.other is not None
    assert probes.other.facts == "http.route /cart"
    assert rest.about is not None
    assert rest.about.rule == "rest"
    assert rest.other is not None
    assert rest.other.rule != "rest"


def test_traces_that_nobody_recorded_are_made_and_have_no_id() -> None:
    for said in (_said(INTENT, *CORPUS)[1], _said(INTENT)[1]):
        assert said.about is not None
        assert said.other is not None
        assert (said.about.id, said.other.id) == ("", "")
        assert said.about.rule == "slow"
        assert said.other.rule != "slow"
        assert said.about.facts == "duration_ms 5.001 s"
    assert _said(INTENT)[1].share is None


def test_a_made_pair_differs_in_one_field() -> None:
    for said in _said(INTENT):
        assert said.about is not None
        assert said.other is not None
        (one,), (other,) = said.about.trace.spans, said.other.trace.spans
        names = one.fields.keys() | other.fields.keys()
        assert sum(one.fields.get(name) != other.fields.get(name) for name in names) == 1


def test_what_another_engine_drafted_is_said_by_the_clauses() -> None:
    rules = (
        DraftRule(name="all-at-once", description="", match="duration > 1s", action="keep"),
        DraftRule(name="others", description="", match="true", action="drop"),
    )

    said = _said(INTENT, *CORPUS, draft=Draft(name="p", rules=rules))

    assert [one.clause.name for one in said] == ["errors", "slow", "probes", "rest"]
    assert said[0].traces == 1


def test_a_clause_that_cannot_be_read_is_said_as_it_stands() -> None:
    odd = Clause(wanted=KeepAll(), what="http.status >=", name="odd")

    said = _said(Intent(text="", clauses=(odd, REST)), *CORPUS)

    assert "http.status >=" in said[0].words
    assert said[0].about is None


def test_a_clause_that_no_trace_gets_to_shows_none() -> None:
    never = Clause(wanted=KeepAll(), what="http.status >= 503", name="never")

    said = _said(Intent(text="", clauses=(ERRORS, never, REST)), *CORPUS)

    assert said[1].traces == 0
    assert said[1].about is None


def test_one_line_names_the_rule() -> None:
    policy = check_text(SourceText.of("p.toon", body_text(draft_of(INTENT, "p")))).policy

    assert policy is not None
    assert one_line(policy.rules[2]) == (
        "probes: drops all traces in which some span has http.route equal to `/healthz`."
    )
    assert decide(policy, CORPUS[1].trace) == 0

"""Which traces are chosen for the prompt."""

from __future__ import annotations

from nectarc.claude.exemplars import CHOSEN_MAX, exemplars_of, some_traces
from nectarc.claude.requests import Ask
from nectarc.claude.summary import FIELDS_MAX, summary_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.prove.corpus_decisions import TracesInMemory
from nectarc.trace import Fields, Trace
from tests.unit.claude.corpus_of_words import asked, trace_of, vocabulary_of_traces


def _usual(number: int) -> Trace:
    return trace_of({"service.name": "api", "duration_ms": 20.0}, trace_id=f"usual{number}")


def _chosen(text: str, *rare: Trace) -> set[str]:
    traces = (*(_usual(number) for number in range(300)), *rare)
    ask = Ask(text=text, vocabulary=vocabulary_of_traces(traces), traces=traces)
    return {trace.trace_id for trace in exemplars_of(ask)}


_ERROR = trace_of({"service.name": "api", "duration_ms": 20.0, "error": True}, trace_id="error")
_SLOW = trace_of({"service.name": "api", "duration_ms": 9000.0}, trace_id="slow")
_NAMED = trace_of({"service.name": "shipping", "duration_ms": 20.0}, trace_id="named")
_OTHERS = [
    trace_of({"service.name": "api", f"odd.{letter}": 1}, trace_id=f"odd-{letter}")
    for letter in "abcdefgh"
]


def test_an_error_is_shown_where_the_words_speak_of_errors() -> None:
    assert "error" in _chosen("keep all failures", _ERROR, *_OTHERS)


def test_a_slow_trace_is_shown_where_the_words_speak_of_slowness() -> None:
    assert "slow" in _chosen("keep what takes over 2 seconds", _SLOW, *_OTHERS)


def test_a_trace_of_a_named_service_is_shown() -> None:
    assert "named" in _chosen("keep all of shipping", _NAMED, *_OTHERS)
    assert "named" not in _chosen("keep all of payments", *_OTHERS)


def test_there_are_few_and_each_of_its_own_shape() -> None:
    assert len(_chosen("keep all", *_OTHERS)) == CHOSEN_MAX
    assert len(_chosen("keep all")) == 1
    assert _chosen("keep all", *_OTHERS) == _chosen("keep all", *_OTHERS)


def test_a_trace_of_many_spans_is_left_out() -> None:
    many: list[Fields] = [{"service.name": "api"}] * 40

    assert "long" not in _chosen("keep all", trace_of(*many, trace_id="long"))


def test_traces_are_read_up_to_a_limit() -> None:
    traces = tuple(CorpusTrace(_usual(number)) for number in range(50))

    assert len(some_traces(TracesInMemory(traces), 20)) == 20
    assert some_traces(TracesInMemory(())) == ()


def test_a_corpus_of_many_fields_is_summed_up() -> None:
    wide: Fields = {
        f"app.f{chr(97 + number % 26)}{chr(97 + number // 26)}": 1 for number in range(300)
    }
    ask, redactor = asked("keep all", trace_of(wide))

    summary = summary_of(ask, redactor)

    assert isinstance(summary["fields"], dict)
    assert len(summary["fields"]) == FIELDS_MAX
    assert summary["fields_not_listed"] == 300 - FIELDS_MAX

"""Real rules files on traces near their limits and on real traces, as Refinery decided them."""

from __future__ import annotations

from collections import defaultdict

from nectarc.corpus.typed_trace import decode_trace, decode_value
from nectarc.evaluate.refinery_rules import compile_target, select_target
from nectarc.trace import ROOT_FIELD, Span, Trace
from tests.rules_files import outcome_record, shared_rules
from tests.shared_data import read_vectors, requires_shared


@requires_shared
def test_real_rules_decide_near_traces_as_refinery() -> None:
    for record in read_vectors("real_rules_near_traces.jsonl.gz"):
        rules = shared_rules(record["rules_file"], record.get("part"))
        decider = compile_target(select_target(rules, record["target"]))

        got = [outcome_record(decider(decode_trace(trace))) for trace in record["traces"]]

        assert got == record["outcomes"], record["rules_file"]


@requires_shared
def test_real_rules_decide_real_traces_as_refinery() -> None:
    traces = _traces_by_file()

    for record in read_vectors("real_rules_real_traces.jsonl.gz"):
        rules = shared_rules(record["rules_file"], record.get("part"))
        decider = compile_target(select_target(rules, record["target"]))
        got = {
            trace_id: outcome_record(decider(Trace(trace_id, tuple(spans))))
            for trace_id, spans in traces[record["trace_file"]].items()
        }

        assert got == record["outcomes"], (record["rules_file"], record["trace_file"])


def _traces_by_file() -> dict[str, dict[str, list[Span]]]:
    """Group Refinery's own events, which carry `meta.refinery.root` as in production."""
    traces: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for record in read_vectors("otlp_files.jsonl.gz"):
        for event in record.get("events", ()):
            fields = {name: decode_value(value) for name, value in event["fields"].items()}
            fields[ROOT_FIELD] = event["root"]
            traces[record["file"]][event["trace_id"]].append(Span(fields, event["root"]))
    return traces

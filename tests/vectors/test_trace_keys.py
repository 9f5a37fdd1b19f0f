"""Trace keys as the real Refinery built them, and the typed trace lines that carry them."""

from __future__ import annotations

import json

from nectarc.corpus.typed_trace import decode_trace, encode_trace
from nectarc.evaluate.trace_key import trace_key
from tests.shared_data import read_vectors, requires_shared


@requires_shared
def test_trace_keys_are_those_of_refinery() -> None:
    for record in read_vectors("trace_keys.jsonl"):
        key = trace_key(
            record["field_list"],
            decode_trace(record["trace"]),
            use_trace_length=record["use_trace_length"],
        )

        assert key == record["key"], record["field_list"]


@requires_shared
def test_typed_traces_survive_encoding() -> None:
    for record in read_vectors("trace_keys.jsonl"):
        encoded = encode_trace(decode_trace(record["trace"]))

        again = encode_trace(decode_trace(json.loads(json.dumps(encoded))))

        assert again == encoded
        assert encoded["root"] == record["trace"]["root"]

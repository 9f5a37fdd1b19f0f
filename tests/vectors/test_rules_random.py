"""Random rules on random traces, as the real Refinery decided them."""

from __future__ import annotations

from itertools import islice

import pytest

from nectarc.corpus.typed_trace import decode_trace
from nectarc.evaluate.refinery_rules import compile_target, select_target
from nectarc.refinery.loader import load_rules
from tests.rules_files import outcome_record
from tests.shared_data import read_vectors, requires_shared

_CHUNKS = 6


@requires_shared
@pytest.mark.parametrize("chunk", range(_CHUNKS))
def test_random_rules_decide_as_refinery(chunk: int) -> None:
    for record in islice(read_vectors("rules_random.jsonl"), chunk, None, _CHUNKS):
        loaded = load_rules(record["rules"])
        assert loaded.rules is not None, loaded.errors
        decider = compile_target(select_target(loaded.rules, record["target"]))

        got = [outcome_record(decider(decode_trace(trace))) for trace in record["traces"]]

        assert got == record["outcomes"], record["rules"]

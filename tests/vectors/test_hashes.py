"""The deterministic sampler and wyhash on trace ids, as Refinery computes them."""

from __future__ import annotations

from nectarc.evaluate.hashes import (
    STRESS_RELIEF_SEED,
    WORKER_SEED,
    deterministic_keeps,
    wyhash,
)
from tests.shared_data import read_vectors, requires_shared

_RATES = (1, 2, 3, 7, 10, 50, 100, 1000)


@requires_shared
def test_hashes_are_those_of_refinery() -> None:
    for record in read_vectors("hashes.jsonl"):
        trace_id = record["trace_id"]
        key = trace_id.encode()

        kept = [rate for rate in _RATES if deterministic_keeps(trace_id, rate)]

        assert kept == record["deterministic_keeps_at"], trace_id
        assert str(wyhash(key, STRESS_RELIEF_SEED)) == record["wyhash_stress"], trace_id
        assert str(wyhash(key, WORKER_SEED)) == record["wyhash_worker"], trace_id

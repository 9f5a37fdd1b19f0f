"""The names that a corpus knows."""

from __future__ import annotations

from pathlib import Path

from nectarc.corpus.store import open_traces
from nectarc.intent.vocabulary_of import vocabulary_of

SHOP = Path(__file__).parents[3] / "examples" / "shop" / "corpus"


def test_services_and_routes_of_the_shop_are_known_the_most_frequent_first() -> None:
    with open_traces(SHOP) as store:
        vocabulary = vocabulary_of(store)

    assert vocabulary.values["service.name"] == (
        "frontend", "checkout", "inventory", "payments", "emailer",
    )  # fmt: skip
    assert "/healthz" in vocabulary.values["http.route"]
    assert vocabulary.fields["duration_ms"][0] == "float"
    assert vocabulary.schema is not None
    assert vocabulary.schema.trace_count == 300


def test_ids_are_no_vocabulary() -> None:
    with open_traces(SHOP) as store:
        vocabulary = vocabulary_of(store)

    assert not [name for name in vocabulary.values if name.startswith("trace.")]

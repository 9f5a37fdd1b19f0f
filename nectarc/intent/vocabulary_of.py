"""The vocabulary of a corpus: its fields, and the values of fields that have few.

Owns: which fields' values are worth knowing, counting them. Must not know: engines.
Truth: docs/intent.md.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from nectarc.corpus.store import CorpusStore
from nectarc.corpus.text_codes import text_codes
from nectarc.intent.vocabulary import Vocabulary

# A field of more values than these is no vocabulary: ids, URLs with queries, messages.
_VALUES_MAX: Final = 200
_FIELDS_MAX: Final = 60
# Nobody speaks of a trace by its own id or that of another.
_IDS: Final = ("trace.", "span.id", "parent.id")
# Values that people name: these fields first, whatever else there is.
_FIRST: Final = (
    "service.name", "http.route", "url.path", "http.target", "http.request.method", "http.method",
    "deployment.environment", "deployment.environment.name", "name",
)  # fmt: skip


def vocabulary_of(store: CorpusStore) -> Vocabulary:
    """Return the names that the traces of `store` know; their columns are read once."""
    schema = store.schema()
    fields = {name: tuple(schema.types(name)) for name in schema.names()}
    small = [
        name
        for name in sorted(fields, key=_rank)
        if "string" in fields[name]
        and (schema.cardinality(name) or 0) <= _VALUES_MAX
        and not name.startswith(_IDS)
    ][:_FIELDS_MAX]
    counts: dict[str, Counter[str]] = {name: Counter() for name in small}
    for partition in store.partitions():
        table = partition.load(small)
        for name in small:
            found = text_codes(table, name)
            sizes = np.bincount(found.codes[found.codes >= 0], minlength=len(found.texts))
            counts[name].update(dict(zip(found.texts, sizes.tolist(), strict=True)))
    values = {
        name: tuple(
            text
            for text, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
            if count
        )
        for name, found in counts.items()
    }
    return Vocabulary(fields=fields, values=values, schema=schema)


def _rank(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)

"""What the engine makes of a text, without a corpus: for tests that compare clauses."""

from __future__ import annotations

from nectarc.intent.records import Reading, Understood
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.offline.engine import read_intent


def read(text: str) -> Reading:
    """Read `text`, with no answers given."""
    return read_intent(text, Vocabulary(), SafetyWords(), {})


def clauses_of(text: str) -> tuple[tuple[str, str], ...]:
    """Return what is done, and to which traces, as ("KeepOneIn 50", match); without the rest."""
    found = read(text)
    assert isinstance(found, Understood), found
    return tuple(
        (f"{type(one.wanted).__name__} {getattr(one.wanted, 'one_in', '')}".strip(), one.what)
        for one in found.intent.clauses
        if one.origin != "safety" and not one.is_rest
    )

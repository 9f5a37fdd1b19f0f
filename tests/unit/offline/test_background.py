"""What tells of circumstances is set aside and said back; what may ask for something is not."""

from __future__ import annotations

import pytest

from nectarc.intent.records import Asks, Understood
from nectarc.offline.background import without_background
from tests.unit.offline.readings import read

_WISH = "Keep errors, 2% of everything else."


@pytest.mark.parametrize(
    "told",
    [
        "The CFO saw the invoice and nearly fainted.",
        "I inherited this setup from Tom and he left in March.",
        "See the ticket OPS-1234 for background.",
        "Does that work for you?",
    ],
)
def test_background_is_cut_and_said_back(told: str) -> None:
    """Whether it stands in front or behind: the clauses are those of the wish alone."""
    alone = read(_WISH)
    assert isinstance(alone, Understood)
    for text in (f"{told} {_WISH}", f"{_WISH} {told}"):
        found = read(text)

        assert isinstance(found, Understood)
        wanted = [(one.wanted, one.what) for one in found.intent.clauses]
        assert wanted == [(one.wanted, one.what) for one in alone.intent.clauses]
        said = " ".join((*found.intent.notes, *found.intent.asides))
        assert told.split()[1].strip(".?,") in said


def test_what_the_next_sentence_points_back_to_is_no_background() -> None:
    """ "Keep those" would be of what was cut."""
    assert without_background("Our partners moved to Norway. Keep those. Rest 1%.") is None
    assert isinstance(read("Our partners moved to Norway. Keep those. Rest 1%."), Asks)


def test_a_reason_behind_a_wish_is_cut_but_no_other_wish() -> None:
    """Of people and what they do; "our partners only" narrows."""
    cut = without_background("Keep /pay, we learned that the hard way. Rest 1%.")

    assert cut is not None
    assert cut.text == "Keep /pay. Rest 1%."
    assert without_background("Keep /pay, our partners only. Rest 1%.") is None
    assert without_background("Keep /pay, we said ten percent. Rest 1%.") is None


def test_what_was_cut_is_counted_nowhere() -> None:
    """Each sign that is left knows where it stood in the author's text."""
    text = f"The CFO saw the invoice and fainted. {_WISH}"
    cut = without_background(text)

    assert cut is not None
    assert [text[one] for one in cut.origins] == list(cut.text)

r"""Notes of engineers, lists, turns of phrase: what each is read as, what is only near to one.

notes.jsonl: a text, and its clauses, each what is done and to which traces; looked through by a
person when they were written. notes_asked.txt: a text a line, `\\n` for line breaks, that must ask.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nectarc.intent.records import Understood
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.offline.alike import are_alike
from nectarc.offline.background import without_background
from nectarc.offline.engine import read_as_written
from nectarc.offline.mending import Mended
from nectarc.offline.notation import plainer
from tests.unit.offline.readings import read

_HERE = Path(__file__).parent
READ = [json.loads(line) for line in (_HERE / "notes.jsonl").read_text("utf-8").splitlines()]
_INTENTS = Path(__file__).parents[2] / "intents" / "data"
_WRITTEN = [
    json.loads(line)["intent"]
    for kind in ("building_*", "aside_[1234]")
    for file in sorted(_INTENTS.glob(f"{kind}.jsonl"))
    for line in file.read_text("utf-8").splitlines()
] + [one["text"] for one in READ]  # fmt: skip
_COMPARED_MIN = 40
ASKED = [
    line.replace("\\n", "\n")
    for line in (_HERE / "notes_asked.txt").read_text("utf-8").splitlines()
]
# Rows of signs that a careless pattern would take long over.
ROWS = (
    "-" * 500, "a_b_" * 50, "a.b." * 100, "... " * 500, "(" * 500, "|" * 900, " " * 3000 + "x",
    "x, " * 900, "aaaa-" * 600 + "service", "services: " + "a, " * 900, "keep a and b " * 200,
    "\n".join(["service a:"] + ["- errors all"] * 200), "/a " * 600, "1% " * 800,
)  # fmt: skip


def _clauses(text: str) -> list[list[str]]:
    found = read(text)
    assert isinstance(found, Understood), found
    return [
        [
            f"{type(one.wanted).__name__} "
            f"{getattr(one.wanted, 'one_in', '') or getattr(one.wanted, 'per_second', '')}".strip(),
            "REST" if one.is_rest else one.what,
        ]
        for one in found.intent.clauses
        if one.origin != "safety"
    ]


@pytest.mark.parametrize("case", READ, ids=lambda one: one["text"])
def test_a_note_is_read(case: dict[str, object]) -> None:
    assert _clauses(str(case["text"])) == case["clauses"]


@pytest.mark.parametrize("text", ASKED)
def test_what_is_nearly_a_note_is_not_read(text: str) -> None:
    assert not isinstance(read(text), Understood)


@pytest.mark.parametrize("text", READ, ids=lambda one: one["text"])
def test_what_is_said_back_stands_in_the_text(text: dict[str, object]) -> None:
    said = str(text["text"])
    found = read(said)

    assert isinstance(found, Understood)
    places = [one.place for one in found.intent.clauses if one.place is not None]
    assert all(0 <= start < end <= len(said) for start, end in places)


@pytest.mark.parametrize("text", ROWS, ids=lambda one: one[:12])
def test_rows_of_signs_come_to_an_end(text: str) -> None:
    """A pattern that tries every way to match never does."""
    found = plainer(without_background(text[:6000]) or Mended.of(text[:6000]))

    assert len(found.origins) == len(found.text)


def test_a_pattern_says_the_same_in_other_words() -> None:
    """What can be read as it is written means the same when it is put in plainer words.

    Patterns are only needed where a text cannot be read; here they are held against those that can.
    """
    compared = 0
    for text in _WRITTEN:
        found = read_as_written(text, Vocabulary(), SafetyWords(), {})
        for other in (plainer(Mended.of(text)), without_background(text)):
            if other is None or other.text == text or not isinstance(found, Understood):
                continue
            again = read_as_written(other.text, Vocabulary(), SafetyWords(), {})
            if isinstance(again, Understood):
                compared += 1
                assert are_alike(found.intent, again.intent), (text, other.text)

    assert compared > _COMPARED_MIN

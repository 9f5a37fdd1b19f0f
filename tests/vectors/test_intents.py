"""What the offline engine makes of intents in other people's words.

`../shared/data/intents.jsonl` and our own set (tests/intents/data): what is named `aside` was not
looked at by those who built the engine, but for aside_1 to 4, released to them later, and
a4-066 and a5-140, which came out wrong once (tests/intents/README.md).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.intents.insertion import WORDS, tried, variants_of
from tests.intents.judging import Judgement, judge_answer, offline
from tests.intents.records import Intended, read_intents
from tests.shared_data import ROOT, SHARED, requires_shared

OWN: Final = ROOT / "tests" / "intents" / "data"
SHARED_INTENTS: Final = SHARED / "data" / "intents.jsonl"
# `aside_1` was given to the builders when `aside_4` was written, 2 and 3 for `aside_5`; 4 later.
SEEN: Final = [*sorted(OWN.glob("building_*.jsonl")), *sorted(OWN.glob("aside_[1234].jsonl"))]
UNSEEN: Final = [file for file in sorted(OWN.glob("aside_*.jsonl")) if file not in SEEN]
# One in so many variants is tried here, of each word alike; `python -m tests.intents.insertion`
# tries all of a file.
_EVERY: Final = 11


def _judged(*files: Path) -> list[tuple[Intended, Judgement]]:
    found = [one for file in files for one in read_intents(file)]
    return [(one, judge_answer(one, offline(one.text))) for one in found]


def _counts(judged: list[tuple[Intended, Judgement]]) -> Counter[tuple[str, str]]:
    return Counter((one.kind, judgement.outcome) for one, judgement in judged)


def _wrong(judged: list[tuple[Intended, Judgement]]) -> list[str]:
    return [
        f"{one.id}: {one.text}\n{judgement.why}"
        for one, judgement in judged
        if judgement.outcome == "wrong"
    ]


@requires_shared
def test_the_shared_intents() -> None:
    judged = _judged(SHARED_INTENTS)
    counts = _counts(judged)

    assert _wrong(judged) == []
    assert counts["clear", "right"] >= 0.9 * 45
    others = [one for one in judged if one[0].kind != "clear"]
    named = sum(judgement.outcome == "right" for one, judgement in others if one.kind == "ask")
    assert named >= 0.6 * sum(one.kind == "ask" for one, _ in others)


def test_our_own_set_is_large_enough() -> None:
    assert sum(len(read_intents(file)) for file in (*SEEN, *UNSEEN)) >= 200


# The aim is half of the clear ones. What is reached stands here, so that it is not lost again: the
# sets are as hard as people write (tickets, corrections, references, typos).
@pytest.mark.parametrize(("files", "share"), [(SEEN, 0.5), (UNSEEN, 0.2)], ids=["seen", "unseen"])
def test_our_own_intents(files: list[Path], share: float) -> None:
    judged = _judged(*files)
    counts = _counts(judged)
    clear = sum(count for (kind, _), count in counts.items() if kind == "clear")

    assert _wrong(judged) == []
    assert counts["clear", "right"] >= share * clear


@requires_shared
def test_a_word_more_is_never_lost_to_another_policy() -> None:
    solved = [
        one
        for one in read_intents(SHARED_INTENTS)
        if one.kind == "clear" and judge_answer(one, offline(one.text)).outcome == "right"
    ]
    pairs = [(one.text, *variant) for one in solved for variant in variants_of(one.text)]
    sample = pairs[::_EVERY]
    found = Counter(tried(text, variant, word).outcome for text, variant, word in sample)

    assert {word for _, _, word in pairs} == set(WORDS)
    # All variants: 0.64 % (decision 0014); of so small a sample one or two more may be by chance.
    assert found["changed"] <= 0.015 * len(sample)


@pytest.mark.parametrize("words", ["", " ", "?", "keep", "1%", "\0", "keep " * 5000, "ключ " * 50])
def test_no_text_is_too_odd_for_an_answer(words: str) -> None:
    assert offline(words).kind in ("ask", "refuse")

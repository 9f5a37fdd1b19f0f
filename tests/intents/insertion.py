"""One meaningful word more, at every place of a solved intent: is it ever lost?

`python -m tests.intents.insertion FILE... [--sample N --seed S]` inserts each of `WORDS` at every
word's place into each clear intent that the engine gets right, asks again, and counts the variants
whose policy differs in meaning from the original's, with no question asked. Those are suspects:
the engine either read the new word (then the difference is right) or something else because of it.
It counts, too, the variants with the very same policy: there the word was taken for nothing.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from nectarc.checking import check_text
from nectarc.ir.nodes import Policy
from nectarc.logic.decision_list import list_of_policy
from nectarc.logic.questions import Difference, Prover, alike_by_effect, differ
from nectarc.source import SourceText
from tests.intents.judging import judge_answer, offline
from tests.intents.records import read_intents

WORDS: Final = ("not", "only", "recent", "internal")


class Variant(NamedTuple):
    """A variant and what came of it: "asked" (or refused), "same" or "changed"."""

    text: str
    word: str
    outcome: str


def variants_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield each variant with its word."""
    places = [match.start() for match in re.finditer(r"\S+", text)] + [len(text)]
    for place in places:
        for word in WORDS:
            before, after = text[:place], text[place:]
            yield f"{before}{word} {after}" if after else f"{before} {word}", word


def tried(text: str, variant: str, word: str) -> Variant:
    """Ask the engine for both; the original has a policy."""
    one, two = policy_of(text), policy_of(variant)
    if two is None:
        return Variant(variant, word, "asked")
    assert one is not None
    return Variant(variant, word, "same" if _alike(one, two) else "changed")


@cache
def policy_of(text: str) -> Policy | None:
    """Return the engine's policy; none where it asks or refuses. Each text is asked once."""
    answer = offline(text)
    if answer.kind != "policy":
        return None
    return check_text(SourceText.of("policy.toon", answer.text)).policy


def _alike(one: Policy, two: Policy) -> bool:
    left, right = list_of_policy(one), list_of_policy(two)
    prover = Prover((left, right))
    return not isinstance(differ(prover, 0, 1, alike_by_effect(left, right)), Difference)


def main() -> int:
    """Print the share of changed variants, and each of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, default=0, help="so many variants of all")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    jobs: list[tuple[str, str, str]] = []
    for intended in (one for path in arguments.files for one in read_intents(path)):
        if intended.kind != "clear":
            continue
        answer = offline(intended.text)
        if answer.kind != "policy" or judge_answer(intended, answer).outcome != "right":
            continue
        jobs += [(intended.text, *variant) for variant in variants_of(intended.text)]
    if arguments.sample and arguments.sample < len(jobs):
        jobs = random.Random(arguments.seed).sample(jobs, arguments.sample)
    counts: Counter[str] = Counter()
    by_word: Counter[tuple[str, str]] = Counter()
    for text, variant, word in jobs:
        found = tried(text, variant, word)
        counts[found.outcome] += 1
        by_word[word, found.outcome] += 1
        if found.outcome != "asked":
            sys.stdout.write(f"{found.outcome:8} {word:9} {variant!r}\n")
    for (word, outcome), count in sorted(by_word.items()):
        sys.stdout.write(f"{word:9} {outcome:8} {count:6}\n")
    whole = max(1, sum(counts.values()))
    for outcome, count in sorted(counts.items()):
        sys.stdout.write(f"{outcome:8} {count:6} {100 * count / whole:.2f} %\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

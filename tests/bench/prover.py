"""What proofs about 200 rules cost: cold, and after an edit.

Owns: the questions and the edits that are measured. Must not know: how anything is proven.
Aims (issue 4): fallback, errors and reachability of every rule together under 1 s, rules = policy
under 0.5 s, one edited rule at most 50 ms in 95 of 100 edits. The peer is our own reading and
checking of the same text, which no proof can do without.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from functools import partial
from random import Random
from statistics import median
from typing import Final

from nectarc.checking import check_text
from nectarc.ir.nodes import AnySpan, Field, FieldType, NumberOp, NumberTest, Policy, SpanTest
from nectarc.logic.decision_list import list_of_policy
from nectarc.logic.equivalence import ProvenAlike, prove_alike
from nectarc.logic.incremental import LiveVerdicts
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.questions import Found, Impossible, Prover, fallback_gap, reachable
from nectarc.lowering.lower import lower
from nectarc.pipeline import ALL_ASSUMPTIONS
from nectarc.records import replace
from nectarc.refinery.lowered import Lowered
from nectarc.source import SourceText
from tests.bench.policy_characters import CHARACTERS, policy_of
from tests.bench.varied_policy import varied_policy

_RULES: Final = 200
_SEEDS: Final = 3
_EDITS: Final = 100
_ERROR: Final = AnySpan(
    SpanTest(
        NumberTest(
            Field(("http.status", "http.response.status_code", "http.status_code"), "http.status",
                  FieldType.INT),
            NumberOp.GE,
            500.0,
        )
    )
)  # fmt: skip


def bench_prover() -> None:
    """Measure and print a line a character."""
    sys.stdout.write(
        f"\nproofs about {_RULES} rules, cold, medians of {_SEEDS} policies; milliseconds\n"
        f"{'':10}{'check':>8}{'safety':>8}{'x check':>8}{'rules = policy':>16}{'x check':>8}"
        f"{'edit median':>13}{'edit p95':>10}\n"
    )
    for character in (*CHARACTERS, "varied"):
        _bench_character(character)
    sys.stdout.write(
        "aims:             1000                     500                             50\n"
    )


def _bench_character(character: str) -> None:
    texts = [
        varied_policy(_RULES) if character == "varied" else policy_of(character, _RULES, seed)
        for seed in range(1 if character == "varied" else _SEEDS)
    ]
    checks: list[float] = []
    safeties: list[float] = []
    equals: list[float] = []
    edits: list[float] = []
    for number, text in enumerate(texts):
        source = SourceText.of("bench.toon", text)
        checks.append(_milliseconds(partial(check_text, source)))
        policy = check_text(source).policy
        assert policy is not None
        safeties.append(_milliseconds(partial(ask_safety, policy)))
        lowered = lower(policy, ALL_ASSUMPTIONS)
        assert isinstance(lowered, Lowered)
        equals.append(_milliseconds(partial(ask_alike, policy, lowered)))
        edits += _edits(policy, number)
    check, safety, equal = median(checks), median(safeties), median(equals)
    p95 = sorted(edits)[int(len(edits) * 0.95)]
    sys.stdout.write(
        f"{character:10}{check:8.0f}{safety:8.0f}{safety / check:8.1f}{equal:16.0f}"
        f"{equal / check:8.1f}{median(edits):13.1f}{p95:10.1f}\n"
    )


def ask_safety(policy: Policy) -> None:
    """Ask for a gap of the fallback, errors that may be lost, and a trace for every rule."""
    asked = list_of_policy(policy)
    prover = Prover((asked,), (formula_of(_ERROR),))
    assert isinstance(fallback_gap(prover), Impossible)
    losing = [i for i, entry in enumerate(asked.entries) if entry.effect.low < 1]
    assert isinstance(prover.find({0: losing}, (0,)), Found | Impossible)
    for index in range(len(asked.entries)):
        assert isinstance(reachable(prover, 0, index), Found | Impossible)


def ask_alike(policy: Policy, lowered: Lowered) -> None:
    """Ask whether the rules decide as the policy."""
    assert isinstance(prove_alike(policy, lowered), ProvenAlike)


def _edits(policy: Policy, seed: int) -> list[float]:
    """Change one rule after the other; return what bringing all verdicts up to date took."""
    random = Random(seed)
    session = LiveVerdicts(list_of_policy(policy))
    spent: list[float] = []
    for _ in range(_EDITS):
        policy = _edited(policy, random)
        changed = list_of_policy(policy)
        spent.append(_milliseconds(partial(session.update, changed)))
    return spent


def _edited(policy: Policy, random: Random) -> Policy:
    """Give one rule the match of another, or swap two neighbours: what editing looks like."""
    rules = list(policy.rules)
    one, two = random.sample(range(len(rules) - 1), 2)
    if random.random() < 0.3:
        one = min(one, len(rules) - 3)
        rules[one], rules[one + 1] = rules[one + 1], rules[one]
    else:
        rules[one] = replace(rules[one], match=rules[two].match)
    return replace(policy, rules=tuple(rules))


def _milliseconds(function: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    function()
    return (time.perf_counter() - start) * 1000

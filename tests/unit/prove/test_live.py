"""Proofs kept through edits say what proofs from nothing say."""

from __future__ import annotations

from random import Random

import pytest

from nectarc.checking import Checked, check_text
from nectarc.prove.evidence import Questions
from nectarc.prove.live import LiveProofs
from nectarc.prove.prover import prove
from nectarc.source import SourceText

_HEAD = "version: 1\nname: p\nrules[{}]{{name,match,action,priority}}:\n"
_TAIL = (
    "invariants[2]{name,when,require}:\n"
    "  errors-kept,http.status >= 500,keep\n"
    "  slow-kept,duration > 2s,share >= 0.5\n"
)
_MATCHES = (
    "http.status >= 500",
    "http.status >= 400",
    "http.status == 503",
    "duration > 5s",
    "duration > 1s",
    '"any(duration > 3s && http.status >= 500)"',
    "service == 'web'",
    "\"any(service == 'web' && error)\"",
    "false",
)
_ACTIONS = ("keep", "drop", "sample(1/2)", "sample(1/10)")


def policy(rules: list[tuple[str, str]]) -> Checked:
    rows = [
        f"  rule-{number},{match},{action},{len(rules) - number}"
        for number, (match, action) in enumerate(rules)
    ]
    text = _HEAD.format(len(rows) + 1) + "\n".join([*rows, "  rest,true,sample(1/100),0\n"]) + _TAIL
    return check_text(SourceText.of("p.toon", text))


@pytest.mark.parametrize("seed", range(6))
def test_after_each_edit_the_answers_are_those_of_prove(seed: int) -> None:
    random = Random(seed)
    rules = [(random.choice(_MATCHES), random.choice(_ACTIONS)) for _ in range(7)]
    live = LiveProofs()
    for _ in range(12):
        place = random.randrange(len(rules))
        match random.randrange(3):
            case 0:
                rules[place] = (random.choice(_MATCHES), rules[place][1])
            case 1:
                rules[place] = (rules[place][0], random.choice(_ACTIONS))
            case _:
                rules.insert(random.randrange(len(rules)), rules.pop(place))
        checked = policy(rules)
        assert checked.policy is not None, checked.diagnostics
        questions = Questions(invariants=checked.invariants)

        found = live.report(checked.policy, questions)

        fresh = prove(checked.policy, questions)
        names = [one.name for one in found.report.checks]
        assert names == ["fallback", "invariant errors-kept", "invariant slow-kept", "rules"]
        ours = [(one.name, one.verdict) for one in found.report.checks]
        assert ours == [(one.name, one.verdict) for one in fresh.checks if one.name in names]
        dead = {one.source for one in fresh.findings if one.code == "NEC454"}
        assert {checked.policy.rules[one.rule].source for one in found.dead} == dead
        assert found.unsure == ()

"""`diff` over the shared rules files and policies: never UNKNOWN, never a trace that does not show.

Examples are replayed where they are made; a policy is compared with the text of its own rules.
"""

from __future__ import annotations

from itertools import pairwise

from nectarc.compare.difference import CompareOptions, compare_sides
from nectarc.compare.sides import Side, side_of_policies, side_of_rules
from nectarc.lowering.lower import lower
from nectarc.prove.verdicts import Verdict
from nectarc.refinery.emit import emit_rules
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.loader import load_rules
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.refinery.rules import DEFAULT_TARGET, RulesFile
from nectarc.semantics.check import check
from tests.policy_trees import policy_tree
from tests.shared_data import SHARED, read_vectors, requires_shared
from tests.unit.compare.targets import ERROR


def _shared_sides() -> list[Side]:
    sides: list[Side] = []
    for path in sorted((SHARED / "data" / "rules" / "v2").rglob("*.*")):
        loaded = read_rules_files([(path.name, path.read_bytes())]).loaded
        if loaded.rules is not None:
            sides.append(side_of_rules(path.name, loaded.rules))
    return sides


@requires_shared
def test_each_rules_file_is_compared_with_the_next_and_with_itself() -> None:
    sides = _shared_sides()
    options = CompareOptions(error=ERROR)

    for one, other in pairwise(sides):
        found = compare_sides(one, other, options)
        assert found.verdict is not Verdict.UNKNOWN, (one.name, other.name)
        assert not any(target.comparison.unknown for target in found.targets)
    for one in sides:
        assert compare_sides(one, one, options).verdict is Verdict.PROVED, one.name
    assert len(sides) == 36


@requires_shared
def test_every_policy_is_proven_equal_to_the_text_of_its_rules() -> None:
    count = 0
    for record in read_vectors("policies.jsonl"):
        policy, _ = check(policy_tree(record["policy"], record["name"]))
        assert policy is not None
        lowered = lower(policy, frozenset(AssumptionKind))
        if not isinstance(lowered, Lowered):
            continue
        count += 1
        text = emit_rules(RulesFile(samplers={DEFAULT_TARGET: lowered.sampler}))
        rules = load_rules(text).rules
        assert rules is not None
        recorded = {policy: lowered.assumptions}
        options = CompareOptions(error=ERROR, usual=frozenset(), recorded=recorded.__getitem__)

        found = compare_sides(
            side_of_policies("policy", {DEFAULT_TARGET: policy}),
            side_of_rules("rules", rules),
            options,
        )

        (target,) = found.targets
        assert found.verdict is Verdict.PROVED, record["name"]
        assert lowered.assumptions or not target.comparison.assumed.words
    assert count == 40

"""What the tests of the import share: from rules to a policy's text, its proof and its meaning."""

from __future__ import annotations

from nectarc.checking import check_text
from nectarc.evaluate.policy import decide
from nectarc.importing.proof import prove_import
from nectarc.importing.records import ImportedTarget
from nectarc.importing.translate import translate_rules, translate_target
from nectarc.importing.writing import policy_text
from nectarc.ir import nodes
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import locate
from nectarc.refinery.rules import TargetSampler
from nectarc.source import SourceText
from nectarc.trace import Trace

HEAD = "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules:\n"
_FILE = "policy.toon"


def imported(text: str, target: str = "__default__") -> ImportedTarget:
    """Import one target of a rules file."""
    loaded = load_rules(text)
    assert loaded.rules is not None, loaded.errors
    assert loaded.tree is not None
    found = translate_rules(loaded.rules, locate(loaded.rules, loaded.tree))
    return next(one for one in found if one.target == target)


def text_and_proof(sampler: TargetSampler) -> tuple[ImportedTarget, str, tuple[str, str]]:
    """Import a sampler; its policy and what the prover says of it ("" without rules)."""
    target = translate_target("target", sampler)
    if not target.rules:
        return target, "", ("", "")
    text = policy_text(target, _FILE)
    return target, text, prove_import(SourceText.of(_FILE, text), target)


def policy_of(text: str) -> nodes.Policy:
    """Read a policy that has no errors."""
    checked = check_text(SourceText.of(_FILE, text))
    assert checked.policy is not None, checked.diagnostics
    assert not checked.has_errors, checked.diagnostics
    return checked.policy


def does_alike(policy: nodes.Policy, trace: Trace, outcome: dict[str, object]) -> bool:
    """Say whether the policy does to `trace` what a recorded outcome says."""
    action = policy.rules[decide(policy, trace)].action
    keep, rate, reason = outcome["keep"], outcome["rate"], str(outcome["reason"])
    match action:
        case nodes.Keep():
            return keep is True and rate == 1
        case nodes.Drop():
            return keep is False
        case nodes.Sample(one_in):
            return keep is None and rate == one_in
        case nodes.Deterministic(one_in):
            return reason.startswith("deterministic") and rate == one_in
        case nodes.DynamicSampler(kind):
            return kind.removesuffix("Sampler").lower() in reason

"""What the words of a Refinery rules file mean, and what its rules do.

Owns: the words. Must not know: layout, YAML. Truth: ../shared/reference/refinery-semantics.md, 1.2
(keys, types, defaults), 2 and 3 (conditions, rules), 4 (samplers).
"""

from __future__ import annotations

from typing import Final

from nectarc.refinery.metadata import FIELDS
from nectarc.refinery.rules import (
    Condition,
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RuleSampler,
    RulesConfig,
    TargetSampler,
)
from nectarc.report.action_words import ACTIONS, PARAMETERS
from nectarc.report.rules_words import rule_words
from nectarc.report.trace_view import condition_words
from nectarc.report.words import sampler_words
from nectarc.semantics.sampler_parameters import BY_REFINERY

TARGET: Final = (
    "A target: the environment, or the dataset of a classic key, that these rules decide for."
)
DEFAULT_TARGET: Final = "Decides for every environment and dataset that has no rules of its own."

_KEYS: Final = {
    "RulesVersion": "The version of the format: 2.",
    "Samplers": "By target, the sampler that decides. `__default__` must be there.",
    "RulesBasedSampler": "Rules, asked from top to bottom: the first that matches decides. A trace "
    "that no rule matches is kept.",
    "DeterministicSampler": "Keeps one in `SampleRate` by the trace id.",
    "Rules": "Asked from top to bottom: the first rule that matches decides.",
    "CheckNestedFields": "Whether `a.b` also looks for `b` inside a field `a` that holds a map.",
    "Rules.Name": "The rule's name, which Refinery reports as the reason of a decision.",
    "Rules.SampleRate": "One in how many is kept. Left out, or 0: all are dropped.",
    "Rules.Drop": "Whether the traces are dropped.",
    "Rules.Conditions": "What a trace must meet, all of it. Without conditions it matches all.",
    "Rules.Scope": "`trace`: each condition may be met by a span of its own. `span`: one span "
    "meets all. Left out: `trace`.",
    "Rules.Sampler": "The sampler that decides about the traces of this rule.",
    "Conditions.Field": "The field that is compared. `root.` before it reads the root span.",
    "Conditions.Fields": "The fields that are looked for, in order: the first there counts.",
    "Conditions.Operator": "How the field is compared with `Value`.",
    "Conditions.Value": "What the field is compared with.",
    "Conditions.Datatype": "As what both sides are compared. Left out: by the types they have.",
    "DeterministicSampler.SampleRate": "One in how many is kept.",
}
_OPERATORS: Final = {
    "=": "equal",
    "!=": "not equal; a missing field is not equal to anything",
    ">": "greater",
    "<": "less",
    ">=": "greater or equal",
    "<=": "less or equal",
    "starts-with": "the text begins so",
    "contains": "the text has this part",
    "does-not-contain": "the text has not this part",
    "exists": "the field is there",
    "not-exists": "the field is not there",
    "has-root-span": "whether the trace has a root span",
    "matches": "the RE2 pattern is found in the text",
    "in": "one of the list",
    "not-in": "none of the list",
}


def key_words(group: str, key: str) -> str:
    """Return what a key means, in the group that it stands in; "" where that is not known."""
    known = _KEYS.get(f"{group}.{key}") or _KEYS.get(key)
    kind = BY_REFINERY.get(group)
    if known is None and key in BY_REFINERY:
        known = _renamed(ACTIONS[BY_REFINERY[key].action].words, key)
    if known is None and kind is not None:
        known = _parameter_words(group, key)
    found = FIELDS.get(f"{group}.{key}")
    if known is None or found is None:
        return known or ""
    choices = ", ".join(f"`{one}`" for one in found.choices)
    takes = f"one of {choices}" if choices else found.type.value
    return f"{known} Takes {takes}."


def _parameter_words(group: str, key: str) -> str | None:
    if key == "FieldList":
        return "The key: traces with the same values in these fields are counted together."
    one = next((p for p in BY_REFINERY[group].parameters if p.refinery == key), None)
    if one is None:
        return None
    default = f" Default {one.zero}." if one.zero else ""
    return _renamed(PARAMETERS[one.name] + default, group)


def _renamed(words: str, group: str) -> str:
    """Return words about a sampler's parameters with the names that Refinery has for them."""
    for one in BY_REFINERY[group].parameters:
        words = words.replace(f"`{one.name}`", f"`{one.refinery}`")
    return words


def operator_words(operator: str) -> str:
    """Return what an operator asks; "" for one that Refinery does not know."""
    return _OPERATORS.get(operator, "")


def asked_by(condition: Condition) -> str:
    """Return a condition on one line, with what its operator asks."""
    words = operator_words(condition.operator)
    return f"`{condition_words(condition)}`" + (f": {words}" if words else "")


def done_by(rule: Rule) -> str:
    """Return what a rule does, as a sentence: `Keeps 1 in 10 of the traces in which ...`."""
    done = _done(rule.sampler, rule)
    if not rule.conditions:
        return f"{done} traces that no rule above matches."
    return f"{done} traces in which {rule_words(rule)}."


def run_by(sampler: TargetSampler) -> str:
    """Return what a target's sampler does, as a sentence."""
    match sampler:
        case RulesConfig():
            count = len(sampler.rules)
            return f"Asks {count} {'rule' if count == 1 else 'rules'}, from top to bottom."
        case DeterministicConfig(sample_rate=rate):
            if rate <= 1:
                return "Keeps all traces."
            return f"Keeps 1 in {rate:,} of the traces, chosen by trace id."
        case DynamicConfig():
            return f"{_dynamic(sampler)} traces."
        case EmptySampler():
            return "Has no sampler that can run: Refinery's process ends at the first decision."


def _done(sampler: RuleSampler | None, rule: Rule) -> str:
    match sampler:
        case None:
            if rule.drop or rule.sample_rate < 1:
                return "Drops all"
            return (
                "Keeps all" if rule.sample_rate == 1 else f"Keeps 1 in {rule.sample_rate:,} of the"
            )
        case DynamicConfig():
            return _dynamic(sampler)
        case DeterministicConfig():
            return f"Keeps 1 in {max(sampler.sample_rate, 1):,}, chosen by trace id, of the"
        case EmptySampler():
            return "Ends Refinery's process at the first of the"


def _dynamic(sampler: DynamicConfig) -> str:
    kind = BY_REFINERY.get(sampler.kind)
    goals = {one.refinery for one in kind.parameters if one.is_required} if kind else set()
    goal = [f"{name} {value}" for name, value in sampler.parameters if name in goals]
    key = ", ".join(sampler.field_list) or "none"
    return f"Leaves to {sampler_words(sampler.kind)} ({'; '.join([*goal, f'key {key}'])}) the"

"""Rules of Refinery as rules of a policy that decide alike.

Owns: targets, and the order of the steps. Must not know: YAML, TOON.
Truth: docs/language.md, sections 6 and 7; docs/decisions/0013-import.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from nectarc.diagnostic import Diagnostic
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.sampler_start import target_start_exit
from nectarc.importing import notes as noted
from nectarc.importing.actions import (
    NoAction,
    action_of_rule,
    action_of_target,
    running_samplers,
)
from nectarc.importing.fields import Names, Vote, choose, decide_types
from nectarc.importing.matches import (
    Asked,
    Chosen,
    Question,
    Unsayable,
    is_never,
    match_text,
    question_of,
    uses_of,
)
from nectarc.importing.names import groups, unique_names
from nectarc.importing.proof import live_rules, prove_import
from nectarc.importing.records import (
    ImportAssumption,
    ImportedRule,
    ImportedTarget,
    RefusedRule,
)
from nectarc.ir.nodes import FieldType
from nectarc.records import replace
from nectarc.refinery.located import LocatedRules, LocatedTarget
from nectarc.refinery.rules import (
    DynamicConfig,
    Rule,
    RulesConfig,
    RulesFile,
    TargetSampler,
)

__all__ = ["prove_import", "translate_rules"]

FALLBACK: Final = "keep-the-rest"
_WHOLE: Final = "all-traces"
_TYPES: Final = {
    "number": FieldType.FLOAT,
    "string": FieldType.STRING,
    "bool": FieldType.BOOL,
}


class _Draft(NamedTuple):
    """One rule on its way. `problem` where it is refused."""

    origin: int
    rule: Rule
    question: Question | None
    problem: str = ""


def translate_rules(
    rules: RulesFile, located: LocatedRules | None = None
) -> tuple[ImportedTarget, ...]:
    """Return every target of `rules` as a policy; notes stand where `located` says."""
    places = {one.name: one for one in located.targets} if located is not None else {}
    return tuple(
        translate_target(name, sampler, places.get(name))
        for name, sampler in rules.samplers.items()
    )


def translate_target(
    name: str, sampler: TargetSampler, place: LocatedTarget | None = None
) -> ImportedTarget:
    """Return one target as a policy. Never raises for what a file may say."""
    ended = target_start_exit(sampler)
    if ended is not None:
        return _refused_target(name, sampler, f"Refinery's process ends here: {ended.cause}")
    if isinstance(sampler, RulesConfig):
        return _of_rules(name, sampler, place)
    action = action_of_target(sampler)
    if isinstance(action, NoAction):
        return _refused_target(name, sampler, action.reason)
    only = ImportedRule(name=_WHOLE, match="true", action=action, origin=None)
    return ImportedTarget(target=name, sampler=sampler, rules=(only,))


def _refused_target(name: str, sampler: TargetSampler, reason: str) -> ImportedTarget:
    refused = RefusedRule(origin=-1, name=name, reason=reason)
    return ImportedTarget(target=name, sampler=sampler, rules=(), refused=(refused,))


def _of_rules(name: str, sampler: RulesConfig, place: LocatedTarget | None) -> ImportedTarget:
    running = running_samplers(rule for rule in sampler.rules if rule is not None)
    is_nested = sampler.check_nested_fields
    drafts = [_draft(index, rule, is_nested) for index, (rule, _) in enumerate(running)]
    assumed = decide_types(_votes(drafts))
    chosen: Chosen = {}
    drafts = [_chosen(draft, chosen, assumed) for draft in drafts]
    sayable = [draft for draft in drafts if not draft.problem]
    assumptions = _assumptions(sampler, sayable, chosen)
    imported = ImportedTarget(
        target=name,
        sampler=sampler,
        rules=(),
        assumptions=assumptions,
        assume=_assume(assumptions),
        refused=tuple(
            RefusedRule(origin=one.origin, name=one.rule.name, reason=one.problem)
            for one in drafts
            if one.problem
        ),
    )
    live = live_rules(imported)
    asked = {
        one.origin: one.question
        for one in sayable
        if one.origin in live and one.question is not None and not is_never(one.question, chosen)
    }
    uses = [use for question in asked.values() for use in uses_of(question, chosen)]
    names = Names(uses, assumed, _key_fields(running))
    matches = {index: match_text(one, chosen, names) for index, one in asked.items()}
    actions = {
        one.origin: action
        if isinstance(action := action_of_rule(one.rule, names.of_key), str)
        else ""
        for one in sayable
    }
    written, findings = _written(drafts, matches, actions, place)
    findings += noted.shared_samplers(running, place)
    findings += noted.readings(imported, place)
    findings += noted.against_conventions(imported, place)
    return replace(imported, rules=written, fields=tuple(names.rows), notes=tuple(findings))


def _draft(index: int, rule: Rule, is_nested: bool) -> _Draft:  # noqa: FBT001 - a setting
    action = action_of_rule(rule)
    if isinstance(action, NoAction):
        return _Draft(index, rule, None, action.reason)
    question = question_of(rule, is_nested=is_nested)
    if isinstance(question, Unsayable):
        return _Draft(index, rule, None, question.reason)
    return _Draft(index, rule, question)


def _votes(drafts: Iterable[_Draft]) -> Iterable[Vote]:
    for draft in drafts:
        for part in draft.question.parts if draft.question is not None else ():
            if isinstance(part, Asked):
                for place in part.places:
                    kinds = tuple(dict.fromkeys(one.needs.types for one in place.options))
                    yield Vote(draft.origin, place.spellings, kinds)


def _chosen(draft: _Draft, chosen: Chosen, assumed: dict[str, str]) -> _Draft:
    for part in draft.question.parts if draft.question is not None else ():
        if not isinstance(part, Asked):
            continue
        for place in part.places:
            if place in chosen:
                continue
            option = choose(place.options, place.spellings, assumed)
            if option is None:
                return draft._replace(problem=_conflict(place.spellings, assumed))
            chosen[place] = option
    return draft


def _conflict(spellings: Sequence[str], assumed: Mapping[str, str]) -> str:
    said = next((one for one in spellings if one in assumed), spellings[0])
    words = {"number": "a number", "string": "text", "bool": "true or false"}
    held = words.get(assumed.get(said, ""), "of another type")
    return (
        f"other rules compare `{said}` as if it is {held}, this one as something else: no value"
        " meets both"
    )


def _key_fields(running: Iterable[tuple[Rule, int | None]]) -> set[str]:
    return {
        name.removeprefix("root.")
        for rule, _ in running
        if isinstance(rule.sampler, DynamicConfig)
        for name in rule.sampler.field_list
    }


def _assumptions(
    sampler: RulesConfig, drafts: Iterable[_Draft], chosen: Chosen
) -> tuple[ImportAssumption, ...]:
    found: dict[tuple[str, str, str], list[str]] = {}

    def add(kind: str, field: str, type_: str, draft: _Draft) -> None:
        label = draft.rule.name or f"rule {draft.origin + 1}"
        found.setdefault((kind, field, type_), []).append(label)

    for draft in drafts:
        assert draft.question is not None
        for kind, field in draft.question.assumptions:
            add(kind, field, "", draft)
        if sampler.check_nested_fields and any(isinstance(p, Asked) for p in draft.question.parts):
            add("flat", "", "", draft)
        for part in draft.question.parts:
            for place in part.places if isinstance(part, Asked) else ():
                needs = chosen[place].needs
                for name in place.spellings:
                    if needs.types:
                        add("types", name, _TYPES[needs.types].value, draft)
                    if needs.no_null:
                        add("no-null", name, "", draft)
                    if needs.no_nan:
                        add("no-nan", name, "", draft)
                    if needs.whole:
                        add("whole", name, "", draft)
    return tuple(
        ImportAssumption(kind=kind, field=field, type=type_, rules=tuple(dict.fromkeys(labels)))
        for (kind, field, type_), labels in found.items()
    )


def _assume(assumptions: Iterable[ImportAssumption]) -> Assume:
    given = tuple(assumptions)
    return Assume(
        {one.field: (FieldType(one.type),) for one in given if one.kind == "types"},
        frozenset(one.field for one in given if one.kind == "no-null"),
        frozenset(one.field for one in given if one.kind in ("no-nan", "whole")),
    )


def _written(
    drafts: Sequence[_Draft],
    matches: Mapping[int, str],
    actions: Mapping[int, str],
    place: LocatedTarget | None,
) -> tuple[tuple[ImportedRule, ...], list[Diagnostic]]:
    findings: list[Diagnostic] = []
    kept: list[tuple[str, int, str, str]] = []  # name, origin, match, action
    is_over = False
    for name, indices in groups([draft.rule for draft in drafts]):
        if any(drafts[index].problem for index in indices):
            said = [(drafts[i].rule.name, i) for i in indices if not drafts[i].problem]
        else:
            said = [(name, indices[0])]
        whole = len(said) == 1 and said[0][0] == name
        for own, index in said:
            members = list(indices) if whole else [index]
            texts = [matches[one] for one in members if one in matches and not is_over]
            findings += [
                noted.left_out(drafts[one].rule, one, place)
                for one in members
                if is_over or one not in matches
            ]
            if not texts:
                continue
            match = "true" if "true" in texts else " || ".join(dict.fromkeys(texts))
            kept.append((own, index, match, actions[index]))
            is_over = match == "true"
    unique = unique_names((name, origin) for name, origin, _, _ in kept)
    rules = [
        ImportedRule(name=name, match=match, action=action, origin=origin)
        for name, (_, origin, match, action) in zip(unique, kept, strict=True)
    ]
    for name, (given, origin, _, _) in zip(unique, kept, strict=True):
        if name != given:
            findings.append(noted.renamed(given, name, origin, place))
    if not is_over:
        fallback = FALLBACK
        while fallback in unique:
            fallback += "-too"
        rules.append(ImportedRule(name=fallback, match="true", action="keep", origin=None))
        findings.append(noted.fallback_added(fallback, place))
    return tuple(rules), findings

"""Everything in a target that ends Refinery's process, each cause at its exact place.

Owns: NEC516 as `lint` says it: the loader's own only tells that a first trace ends the process, and
misses what waits for a trace that comes to one rule. Must not know: other traps.
Truth: ../shared/reference/refinery-semantics.md, 1.2, 1.6, 4.2, 4.4, 4.8, 8 (T38, T39, T40, T65);
`nectarc/evaluate/sampler_start.py`, which decides whether a sampler can run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix
from nectarc.evaluate.sampler_start import first_rate, start_exit
from nectarc.lint.context import LintContext
from nectarc.lint.located_samplers import LocatedSampler, in_backticks, rule_in_words, samplers_of
from nectarc.records import record
from nectarc.refinery.located import LocatedRule, LocatedTarget, key_place
from nectarc.refinery.rules import DEFAULT_TARGET, DeterministicConfig, EmptySampler
from nectarc.refinery.yaml_edits import replaced
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.source import SourceSpan, SourceText

_INTERVALS: Final = (
    *("ClearFrequency", "AdjustmentInterval", "UpdateFrequency"),
    *("SampleRate", "GoalSampleRate", "InitialSampleRate"),
)


@record(kw_only=True)
class _Cause:
    """One way to the end. rule: whose traces bring it about; None: any trace of the target does."""

    source: SourceSpan
    words: str
    label: str
    help: str
    rule: LocatedRule | None = None
    fixes: tuple[Fix, ...] = ()


def check_exits(target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    """Report each setting or gap of a target that ends the process when a trace comes to it."""
    for cause in _causes(target, context):
        name = in_backticks(target.name)
        when = (
            f"of {name}"
            if cause.rule is None
            else f"that {rule_in_words(cause.rule)} of {name} takes"
        )
        yield finding(
            "NEC516",
            cause.source,
            f"Refinery's process ends at the first trace {when}: {cause.words}",
            label=cause.label,
            why="Refinery accepts the file and dies later, with every trace that it holds",
            help=cause.help,
            fixes=cause.fixes,
        )


def _causes(target: LocatedTarget, context: LintContext) -> Iterator[_Cause]:
    if isinstance(target.sampler, EmptySampler):
        yield _no_sampler(target, context)
    elif isinstance(target.sampler, DeterministicConfig) and start_exit(target.sampler):
        node = target.node.get("SampleRate") if target.node is not None else None
        rate = target.sampler.sample_rate
        yield _Cause(
            source=target.place if node is None else node.source,
            words=f"`SampleRate: {rate}` divides by zero",
            label="0 is not `no sampling`" if rate == 0 else "its low 32 bits are 0",
            help="write `SampleRate: 1` to keep everything",
            fixes=_replacement(node, context),
        )
    for one in target.rules:
        yield from _gaps(target, one, context)
    for sampler in samplers_of(target):
        yield from _settings(sampler)


def _replacement(node: YamlNode | None, context: LintContext) -> tuple[Fix, ...]:
    if node is None or context.text is None:
        return ()
    return (Fix("keep everything: `SampleRate: 1`", (replaced(node, "1"),)),)


def _no_sampler(target: LocatedTarget, context: LintContext) -> _Cause:
    instead = (
        "name a sampler"
        if target.name == DEFAULT_TARGET
        else "name a sampler, or remove the target: `__default__` then decides for it"
    )
    rules = next((e for e in _entries(target.outer) if e.key.text == "Rules"), None)
    if rules is not None:
        return _Cause(
            source=rules.key.source,
            words="`Rules` stands outside a `RulesBasedSampler`",
            label="no sampler",
            help="write `RulesBasedSampler:` above `Rules`, and `Rules` further in",
            fixes=_wrapping(target.outer, rules, context),
        )
    empty = next((e for e in _entries(target.outer) if e.key.text.endswith("Sampler")), None)
    if empty is not None:
        return _Cause(
            source=empty.key.source,
            words=f"its `{empty.key.text}` is empty",
            label="nothing in it",
            help=f"{instead}; `RulesBasedSampler: {{}}` keeps everything",
        )
    return _Cause(
        source=target.place, words="it names no sampler", label="no sampler", help=instead
    )


def _entries(node: YamlMapping | None) -> tuple[YamlEntry, ...]:
    return () if node is None else node.entries


def _wrapping(outer: YamlMapping | None, rules: YamlEntry, context: LintContext) -> tuple[Fix, ...]:
    """Return the edits that put `Rules` into a `RulesBasedSampler`, its lines two further in."""
    if outer is None or context.text is None or len(outer.entries) != 1:
        return ()
    text, key = context.text, rules.key.source
    end = max(rules.value.source.end, key.end)
    if not outer.source.start <= key.start < outer.source.end or not key.end <= end:
        return ()
    if text.text[outer.source.start : outer.source.start + 1] == "{":
        begin = SourceSpan(key.file, key.start, key.start)
        close = SourceSpan(key.file, end, end)
        edits = (Edit(begin, "RulesBasedSampler: {"), Edit(close, "}"))
        return (Fix("put `Rules` into a `RulesBasedSampler`", edits, is_safe=True),)
    if text.text[text.text.rfind("\n", 0, key.start) + 1 : key.start].strip():
        return ()
    indent = " " * (text.position(key.start).column - 1)
    line_end = "\r\n" if text.text[: text.text.find("\n") + 1].endswith("\r\n") else "\n"
    begin = SourceSpan(key.file, key.start, key.start)
    first = Edit(begin, f"RulesBasedSampler:{line_end}{indent}  ")
    lines = tuple(_line_starts(text, key.end, end))
    return (
        Fix(
            "put `Rules` into a `RulesBasedSampler`",
            (first, *(Edit(SourceSpan(key.file, at, at), "  ") for at in lines)),
            is_safe=True,
        ),
    )


def _line_starts(text: SourceText, start: int, end: int) -> Iterator[int]:
    """Yield the starts of the lines between two places that are not blank."""
    at = text.text.find("\n", start, end)
    while at >= 0:
        rest = text.text[at + 1 : text.text.find("\n", at + 1) + 1 or len(text.text)]
        if rest.strip() and at + 1 < end:
            yield at + 1
        at = text.text.find("\n", at + 1, end)


def _gaps(target: LocatedTarget, one: LocatedRule, context: LintContext) -> Iterator[_Cause]:
    """Yield what is missing in a rule: it ends the process whatever trace comes first."""
    if one.rule is None:
        yield _Cause(
            source=_shown(one.source, key_place(target.node, "Rules") or target.place, context),
            words=f"{one.label} is an empty entry",
            label="nothing in it",
            help="remove the entry, or write the rule",
        )
        return
    who = rule_in_words(one)
    for condition in one.conditions:
        if condition.condition is None:
            yield _Cause(
                source=_shown(condition.source, one.place, context),
                words=f"a condition of {who} is an empty entry",
                label="nothing in it",
                help="remove the entry, or write the condition",
            )
        elif "" in condition.condition.fields:
            yield _Cause(
                source=_empty_item(condition.node, "Fields") or condition.at("Fields"),
                words=f"`Fields` of a condition of {who} holds an empty name",
                label="empty",
                help="remove the entry, or write the name",
            )
    if isinstance(one.rule.sampler, EmptySampler):
        yield _Cause(
            source=one.sampler_place or one.place,
            words=f"`Sampler` of {who} names none",
            label="no sampler",
            help="name a sampler in it, or remove `Sampler` and write `SampleRate` or `Drop`",
        )


def _shown(source: SourceSpan, otherwise: SourceSpan, context: LintContext) -> SourceSpan:
    """Return the place of an empty entry: its `null`, else its dash."""
    if source.end > source.start or context.text is None:
        return source if source.end > source.start else otherwise
    before = context.text.text[: source.start].rstrip()
    at = len(before) - 1
    return SourceSpan(source.file, at, at + 1) if before.endswith("-") else otherwise


def _empty_item(node: YamlMapping | None, key: str) -> SourceSpan | None:
    listed = node.get(key) if node is not None else None
    for item in listed.items if isinstance(listed, YamlSequence) else ():
        if isinstance(item, YamlScalar) and item.text == "" and item.value is not None:
            return item.source
    return None


def _settings(one: LocatedSampler) -> Iterator[_Cause]:
    """Yield the settings that a dynamic sampler cannot run with."""
    if "" in one.config.field_list:
        yield _Cause(
            source=_empty_item(one.node, "FieldList") or one.at("FieldList"),
            words="`FieldList` holds an empty name",
            label="empty",
            help="remove the entry, or write the name",
        )
    at_start, at_first = start_exit(one.config), first_rate(one.config)
    for name in _INTERVALS:
        node = one.value(name)
        if node is None or (at_start is None and isinstance(at_first, int)):
            continue
        found = at_start or at_first
        assert not isinstance(found, int)
        if f"`{name}`" not in found.cause:
            continue
        shown = in_backticks(f"{name}: {node.text}")
        yield _Cause(
            source=node.source,
            words=f"{shown} is below 1ms" if "below" in found.cause else f"{shown} is negative",
            label="the sampler cannot run with it",
            help=f"remove `{name}` for the default, or write what is meant",
            # A sampler that cannot be built ends any trace's decision; a rate, only one of its own.
            rule=None if found is at_start else one.rule,
        )

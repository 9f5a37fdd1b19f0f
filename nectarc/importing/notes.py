"""What an import has to say about what it read, left out, named and added.

Owns: NEC590 to NEC594, NEC597. Must not know: how rules are translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.importing.records import ImportedTarget
from nectarc.ir.nodes import FieldType
from nectarc.refinery.located import LocatedRule, LocatedTarget
from nectarc.refinery.rules import Rule
from nectarc.semantics.conventions import conventional_type
from nectarc.source import NOWHERE, SourceSpan

_READINGS: Final = {
    "flat": "`CheckNestedFields` looks into maps, which no policy does",
    "parent-ids": "`@` is read as whether the span has a parent",
    "not-sent": "`@` is made by Refinery after the decision, so no rule ever sees it",
    "whole": "`Datatype: int` cuts off the fraction of `@`",
}
_TYPE_WORDS: Final = {"string": "text", "bool": "`true` or `false`"} | dict.fromkeys(
    (one.value for one in FieldType if one.is_number), "a number"
)
_READING_HELP: Final = {
    "flat": "name the nested field as its sender does, with dots",
    "parent-ids": "nothing: the policy asks `is_root` or `has_root`, on every path alike",
    "not-sent": "ask for the number of spans with `span_count`; other such fields cannot be asked",
    "whole": "nothing where the field holds whole numbers; with fractions write `Datatype: float`",
}


def left_out(rule: Rule, index: int, place: LocatedTarget | None) -> Diagnostic:
    """Say that a rule decides no trace."""
    return finding(
        "NEC590",
        _at(place, index),
        f"rule `{_label(rule, index)}` is left out of the policy: it decides no trace",
        why="its conditions never hold, or rules above it decide every trace that meets them",
        help="change the rule or those above it, if it is to decide something",
    )


def renamed(given: str, name: str, index: int, place: LocatedTarget | None) -> Diagnostic:
    """Say that a rule got another name."""
    was = f"rule `{given}`" if given.strip() else f"the rule without a name at {index + 1}"
    return finding(
        "NEC591",
        _at(place, index),
        f"{was} is called `{name}` in the policy",
        why="a policy tells its rules apart by name, which Refinery gives as the reason",
        help="give each rule a name of its own",
    )


def fallback_added(name: str, place: LocatedTarget | None) -> Diagnostic:
    """Say that the policy ends with a rule that the file has not."""
    return finding(
        "NEC592",
        place.sampler_place or place.place if place is not None else NOWHERE,
        f"the policy ends with a rule `{name}` that the file leaves unsaid",
        why="Refinery keeps every trace that no rule matches, at rate 1 and full cost",
        help=f"give `{name}` another action, such as `sample(1/100)`, if that is not meant",
    )


def readings(imported: ImportedTarget, place: LocatedTarget | None) -> Iterator[Diagnostic]:
    """Say what is read in another way than it is written."""
    for one in imported.assumptions:
        if one.kind not in _READINGS:
            continue
        words = _READINGS[one.kind].replace("@", one.field)
        yield finding(
            "NEC593",
            _of_rule(place, one.rules),
            words,
            why="the policy decides as the file for every trace where that makes no difference",
            help=_READING_HELP[one.kind],
        )


def against_conventions(
    imported: ImportedTarget, place: LocatedTarget | None
) -> Iterator[Diagnostic]:
    """Say where a type is taken for granted that senders do not write."""
    for one in imported.assumptions:
        usual = conventional_type(one.field) if one.kind == "types" else None
        if usual is None or FieldType(one.type) is usual:
            continue
        if FieldType(one.type).is_number and usual.is_number:
            continue
        yield finding(
            "NEC597",
            _of_rule(place, one.rules),
            f"the rules compare `{one.field}` as {_TYPE_WORDS[one.type]}, and senders write"
            f" {_TYPE_WORDS[usual.value]} there",
            why="for what they write the file's condition does not hold, and the policy's may: the"
            " proof is not about these traces",
            help="run `nectarc lint --fix` on the file first, then import it",
        )


def shared_samplers(
    running: Sequence[tuple[Rule, int | None]], place: LocatedTarget | None
) -> Iterator[Diagnostic]:
    """Say which sampler runs with the parameters of another."""
    for index, (rule, origin) in enumerate(running):
        if origin is None:
            continue
        first = _label(running[origin][0], origin)
        yield finding(
            "NEC594",
            _at(place, index),
            f"the sampler of rule `{_label(rule, index)}` runs with the parameters of `{first}`",
            why="Refinery makes one sampler of all with the same kind, goal and fields, and takes"
            " the parameters of the first",
            help="write another goal or other fields, if it is to be a sampler of its own",
        )


def _label(rule: Rule, index: int) -> str:
    return rule.name or f"rule {index + 1}"


def _at(place: LocatedTarget | None, index: int) -> SourceSpan:
    if place is None or index >= len(place.rules):
        return NOWHERE
    return place.rules[index].place


def _of_rule(place: LocatedTarget | None, labels: Iterable[str]) -> SourceSpan:
    wanted = next(iter(labels), "")
    found: Iterable[LocatedRule] = place.rules if place is not None else ()
    for one in found:
        if one.label == wanted:
            return one.place
    return place.place if place is not None else NOWHERE

"""What an import takes for granted and how far it came, in words.

Owns: the sentences. Must not know: where they are shown.
Truth: docs/decisions/0013-import.md, "Three assumptions are import's own".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nectarc.importing.records import ImportAssumption, ImportedTarget
from nectarc.refinery.rules import DeterministicConfig, DynamicConfig, RulesConfig
from nectarc.render.counting import counted

_SHOWN_MAX: Final = 3
_FIELDS_MAX: Final = 6
# Assumptions about the value of a field where it is there: after "is", and after "are".
_VALUES: Final = frozenset({"types", "whole", "no-null", "no-nan"})
_HELD: Final = {
    "bool": ("true or false", "true or false"),
    "string": ("text", "text"),
    "number": ("a number", "numbers"),
    "whole": ("a whole number", "whole numbers"),
    "no-null": ("never null", "never null"),
    "no-nan": ("never NaN", "never NaN"),
}


def assumption_words(assumptions: Sequence[ImportAssumption]) -> tuple[str, ...]:
    """Say what is taken for granted: a line for each kind of it, with the fields."""
    of_field: dict[str, list[str]] = {}
    for one in assumptions:
        if one.kind in _VALUES:
            held = one.type if one.type in _HELD else "number" if one.kind == "types" else one.kind
            of_field.setdefault(one.field, []).append(held)
    groups: dict[tuple[str, ...], list[ImportAssumption]] = {}
    for one in assumptions:
        key = tuple(of_field[one.field]) if one.kind in _VALUES else (one.kind,)
        groups.setdefault(key, []).append(one)
    return tuple(_words(key, group) for key, group in groups.items())


def rules_words(target: ImportedTarget) -> str:
    """Say what was read and what became of it: "12 rules -> 9 policy rules"."""
    written = counted(len(target.rules), "policy rule")
    match target.sampler:
        case RulesConfig(rules=rules):
            return f"{counted(len(rules), 'rule')} -> {written}"
        case DynamicConfig(kind=kind):
            return f"{kind} -> {written}"
        case DeterministicConfig():
            return f"DeterministicSampler -> {written}"
        case _:
            return "no usable sampler"


def proof_words(proof: str, assumptions: Sequence[ImportAssumption], reason: str = "") -> str:
    """Say how far the policy is proven; what is assumed follows line by line."""
    scope = "for every trace" + (" in which" if assumptions else "")
    match proof:
        case "proven":
            return f"PROVED: decides as the file {scope}"
        case "proven apart from refused rules":
            return f"PROVED apart from the rules left out: decides as the file {scope}"
        case "different":
            return f"REFUTED: decides otherwise than the file: {reason}"
        case _:
            return f"UNKNOWN: {reason}"


def _words(kinds: Sequence[str], group: Sequence[ImportAssumption]) -> str:
    fields = list(dict.fromkeys(one.field for one in group if one.field))
    is_one = len(fields) == 1
    named = _listed(fields, at_most=_FIELDS_MAX)
    verb = "is" if is_one else "are"
    match kinds[0]:
        case "flat":
            said = "no field holds a map (`CheckNestedFields` would look into it)"
        case "parent-ids":
            said = (
                f"{named} {verb} there on exactly the spans that have a parent, as OTLP senders do"
            )
        case "not-sent":
            said = (
                f"{named} {verb} not sent by anybody: Refinery makes {_it(is_one)} after deciding"
            )
        case _:
            what = _joined([_HELD[kind][0 if is_one else 1] for kind in _in_order(kinds)])
            said = f"{named} {verb} {what} wherever a span has {_it(is_one)}"
    return said + _needed_by(group)


def _in_order(kinds: Sequence[str]) -> list[str]:
    """Return the kinds of value that hold, without what another one says already."""
    chosen = [kind for kind in _HELD if kind in kinds]
    return [kind for kind in chosen if kind != "number" or "whole" not in chosen]


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}"


def _it(is_one: bool) -> str:  # noqa: FBT001 - a grammatical number
    return "it" if is_one else "them"


def _needed_by(group: Sequence[ImportAssumption]) -> str:
    rules = list(dict.fromkeys(name for one in group for name in one.rules))
    return f" (for {_listed(rules)})" if rules else ""


def _listed(names: Sequence[str], at_most: int = _SHOWN_MAX) -> str:
    shown = [f"`{name}`" for name in names[:at_most]]
    rest = len(names) - len(shown)
    if rest:
        return ", ".join(shown) + f" and {rest:,} more"
    return _joined(shown) if shown else ""

"""What a call takes, while its parentheses are filled in.

Owns: signatures of actions, quantifiers and `exists`. Must not know: the protocol.
Truth: nectarc/semantics/sampler_parameters.py; docs/language.md, sections 3 and 4.
"""

from __future__ import annotations

from typing import Final

from nectarc.records import record
from nectarc.report.action_words import ACTIONS, PARAMETERS, parameter_default
from nectarc.report.language_words import PREDICATES, QUANTIFIERS
from nectarc.semantics.sampler_parameters import SAMPLERS
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.markdown import fenced, paragraphs
from nectarc_lsp.features.places import place_at
from nectarc_lsp.features.places_action import ActionPlace, action_place
from nectarc_lsp.features.places_kinds import CellPlace
from nectarc_lsp.features.places_manifest import ValuePlace, manifest_place
from nectarc_lsp.features.places_match import match_place

_KINDS: Final = {"int": "int", "float": "float", "bool": "bool", "duration": "duration"}


@record(kw_only=True)
class Taken:
    """One parameter: its place in the label, and Markdown about it."""

    start: int
    end: int
    words: str


@record(kw_only=True)
class Signature:
    """A call. `active`: the parameter that is typed, None where none of them is."""

    label: str
    words: str
    parameters: tuple[Taken, ...]
    active: int | None


def signature_at(view: View, offset: int) -> Signature | None:
    """Return the call that the place is inside of. Never raises."""
    if view.kind is Kind.MANIFEST:
        return _in_manifest(view, offset)
    if view.kind is not Kind.POLICY:
        return None
    place = place_at(view, offset)
    if not isinstance(place, CellPlace) or place.cell.at < 0:
        return None
    cell = place.cell
    match place.section, place.column:
        case ("rules", "action"):
            return _action(action_place(cell.text, cell.at))
        case ("rules", "match") | ("invariants", "when"):
            return _call(match_place(cell.text, cell.at).call)
        case _:
            return None


def _in_manifest(view: View, offset: int) -> Signature | None:
    place = manifest_place(view, offset)
    if not isinstance(place, ValuePlace) or place.inner is None or place.table != "safety":
        return None
    return _call(match_place(place.inner.text, place.inner.at).call)


def _call(name: str) -> Signature | None:
    found = QUANTIFIERS.get(name) or (PREDICATES.get(name) if name else None)
    if found is None:
        return None
    inside = "field" if name == "exists" else "test of one span"
    words = paragraphs((found.words, fenced(found.example, "toon")))
    taken = Taken(start=len(name) + 1, end=len(name) + 1 + len(inside), words="")
    return Signature(label=f"{name}({inside})", words=words, parameters=(taken,), active=0)


def _action(place: ActionPlace) -> Signature | None:
    name = place.action
    if name in {"sample", "deterministic"}:
        return _share(name)
    kind = SAMPLERS.get(name)
    if kind is None:
        return None
    shown: list[tuple[str, str]] = []
    rest: list[tuple[str, str]] = []
    for one in kind.parameters:
        default = parameter_default(one).replace("`", "")
        text = f"{one.name}: {_KINDS[one.kind]}" + (f" = {default}" if default else "")
        (shown if one.is_required else rest).append((one.name, text))
    shown = [*shown, ("fields", "fields: [field, ...]"), *rest]
    label, taken = f"{name}(", []
    for number, (parameter, text) in enumerate(shown):
        label += ", " if number else ""
        words = PARAMETERS.get(parameter, "")
        taken.append(Taken(start=len(label), end=len(label) + len(text), words=words))
        label += text
    names = [parameter for parameter, _ in shown]
    return Signature(
        label=label + ")",
        words=ACTIONS[name].words,
        parameters=tuple(taken),
        active=_active(place, names),
    )


def _share(name: str) -> Signature:
    label = f"{name}(1/n)"
    words = "One in n is kept; a share such as `0.05` is rounded to the nearest `1/n`."
    taken = Taken(start=len(name) + 1, end=len(label) - 1, words=words)
    return Signature(label=label, words=ACTIONS[name].words, parameters=(taken,), active=0)


def _active(place: ActionPlace, names: list[str]) -> int | None:
    """Return the parameter whose name or value is typed; else the first that is not given."""
    if place.parameter:
        return names.index(place.parameter) if place.parameter in names else None
    prefix = place.typed.prefix
    if prefix:
        return next((n for n, name in enumerate(names) if name.startswith(prefix)), None)
    return next((n for n, name in enumerate(names) if name not in place.given), None)

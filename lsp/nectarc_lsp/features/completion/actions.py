"""What may stand in an action, and in what an invariant requires.

Owns: actions, parameters that are not given yet, their values. Must not know: TOON, the protocol.
Truth: grammar/action.lark; nectarc/semantics/sampler_parameters.py; docs/language.md, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.report.action_words import ACTIONS, parameter_default, parameter_of
from nectarc.report.language_words import REQUIREMENTS
from nectarc.semantics.sampler_parameters import SAMPLERS, Parameter
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.cells import rules_of
from nectarc_lsp.features.completion.fields import (
    Candidate,
    candidates,
    description_of,
    matching,
)
from nectarc_lsp.features.completion.offers import (
    Completion,
    Kind,
    Offer,
    Stop,
    Template,
    Topic,
    brief,
)
from nectarc_lsp.features.completion.writer import Writer
from nectarc_lsp.features.places_action import ActionPlace

_SHARES: Final = ("10", "20", "50", "100", "1000")
_GOALS: Final = {"sample_rate": "10", "goal_sample_rate": "10", "goal_throughput_per_sec": "100"}
_DURATIONS: Final = ("1s", "15s", "30s", "1m", "5m")
# Few values and on most traces: what people weigh traffic by.
_KEYS: Final = ("http.route", "http.target", "service.name", "name", "http.status")
_KEY_VALUES_MAX: Final = 200


def action_offers(view: View, place: ActionPlace, writer: Writer) -> Completion:
    """Return what fits at the place of an action."""
    accepted = place.accepted
    if place.is_listed:
        return _listed(view, place, writer)
    if not place.action and "KEEP" in accepted and not place.words:
        return Completion(tuple(_actions(view, place, writer)))
    if place.action in {"sample", "deterministic"}:
        return Completion(tuple(_shares(place, writer)))
    if place.action in SAMPLERS:
        if place.parameter:
            return Completion(tuple(_values(place, writer)))
        if "NAME" in accepted:
            return Completion(tuple(_parameters(view, place, writer)))
    return Completion()


def require_offers(place: ActionPlace, writer: Writer) -> Completion:
    """Return what fits at the place of a requirement."""
    return Completion(tuple(_requirements(place, writer)))


def _actions(view: View, place: ActionPlace, writer: Writer) -> Iterator[Offer]:
    is_called = place.follows == "LPAR"
    is_sole = len(rules_of(view)) <= 1
    for rank, (name, meaning) in enumerate(ACTIONS.items()):
        if name == "deterministic" and not is_sole:
            continue  # Refinery refuses it among other rules
        template: Template = (name,)
        if not is_called:
            template = _call(view, name)
        yield writer.offer(
            name,
            Kind.ACTION,
            template,
            detail=_signature(name),
            description=brief(meaning.words),
            rank=rank,
            topic=Topic("action", name),
            is_last=name in {"keep", "drop"},
        )


def _call(view: View, name: str) -> Template:
    if name in {"sample", "deterministic"}:
        return (f"{name}(1/", Stop(1, "20"), ")")
    kind = SAMPLERS.get(name)
    if kind is None:
        return (name,)
    parts: list[str | Stop] = [f"{name}("]
    number = 0
    for parameter in kind.parameters:
        if parameter.is_required:
            number += 1
            parts += [f"{parameter.name}: ", Stop(number, _GOALS[parameter.name]), ", "]
    return (*parts, "fields: [", Stop(number + 1, _key_fields(view)), "])")


def _key_fields(view: View) -> str:
    """Return fields to begin with: those of the traffic that have few values."""
    known = {one.name: one for one in candidates(view)}
    if view.schema is None:
        return "http.route, http.status"
    found = [
        known[name].written
        for name in _KEYS
        if name in known and known[name].share is not None and known[name].values <= _KEY_VALUES_MAX
    ]
    return ", ".join(found[:2]) or "http.route, http.status"


def _signature(name: str) -> str:
    kind = SAMPLERS.get(name)
    if kind is None:
        return "" if name in {"keep", "drop"} else "(1/n)"
    required = [one.name for one in kind.parameters if one.is_required]
    return f"({', '.join(required)}, fields, ...)"


def _shares(place: ActionPlace, writer: Writer) -> Iterator[Offer]:
    if "NUMBER" not in place.accepted:
        return
    is_divisor = place.words[-1:] == ("/",)
    for rank, number in enumerate(_SHARES):
        written = number if is_divisor or place.follows == "SLASH" else f"1/{number}"
        yield writer.offer(
            written,
            Kind.VALUE,
            (written,),
            description=f"one in {int(number):,}",
            rank=rank,
        )


def _parameters(view: View, place: ActionPlace, writer: Writer) -> Iterator[Offer]:
    kind = SAMPLERS[place.action]
    here = place.typed.prefix
    is_named = place.follows == "COLON"
    for rank, parameter in enumerate(kind.parameters):
        if parameter.name in place.given and parameter.name != here:
            continue
        default = parameter_default(parameter)
        value = _GOALS.get(parameter.name) or _first(parameter)
        template: Template = (f"{parameter.name}: ", Stop(1, value))
        yield writer.offer(
            parameter.name,
            Kind.PARAMETER,
            (parameter.name,) if is_named else template,
            detail=f": {parameter.kind}",
            description=f"default {default}".replace("`", "") if default else "must be given",
            rank=rank + (0 if parameter.is_required else 20),
            topic=Topic("parameter", parameter.name, place.action),
        )
    if "fields" not in place.given or here == "fields":
        yield writer.offer(
            "fields",
            Kind.PARAMETER,
            ("fields",) if is_named else ("fields: [", Stop(1, _key_fields(view)), "]"),
            detail=": a list of field names",
            description="must be given",
            rank=10,
            topic=Topic("parameter", "fields", place.action),
        )


def _first(parameter: Parameter) -> str:
    """Return a value to begin with: the default where that is a plain value."""
    if parameter.kind == "bool":
        return "true"
    default = parameter.zero
    is_value = default[:1].isdigit() and " " not in default
    return default if is_value else {"duration": "30s", "float": "0.5"}.get(parameter.kind, "10")


def _values(place: ActionPlace, writer: Writer) -> Iterator[Offer]:
    if place.parameter == "fields":
        if "LSQB" in place.accepted:
            yield writer.offer(
                "[",
                Kind.OPERATOR,
                ("[", Stop(1), "]"),
                description="a list of field names",
                is_whole=False,
                asks_again=True,
            )
        return
    parameter = parameter_of(place.action, place.parameter)
    if parameter is None or "NUMBER" not in place.accepted:
        return
    listed = {
        "bool": ("true", "false"),
        "duration": _DURATIONS,
        "float": ("0.5",),
        "int": _SHARES if parameter.is_required else (),
    }[parameter.kind]
    for rank, value in enumerate(dict.fromkeys((_first(parameter), *listed))):
        is_default = value == parameter.zero
        yield writer.offer(
            value,
            Kind.CONSTANT if parameter.kind == "bool" else Kind.VALUE,
            (value,),
            description="the default" if is_default else "",
            rank=rank,
            topic=Topic("parameter", parameter.name, place.action),
        )


def _listed(view: View, place: ActionPlace, writer: Writer) -> Completion:
    if place.parameter != "fields" or "NAME" not in place.accepted:
        return Completion()
    prefix = place.typed.prefix
    is_root = prefix.startswith("root.")
    root = "root." if is_root else ""
    free = [one for one in candidates(view) if root + one.written not in place.listed]
    typed = prefix.removeprefix("root.")
    chosen, is_cut = matching(
        free,
        typed,
        is_partial=view.schema is not None,
        typed=place.typed.text.removeprefix("root."),
    )
    found = [_key(one, root, rank, prefix, writer) for rank, one in enumerate(chosen)]
    if not is_root:
        found.append(
            writer.offer(
                "root.",
                Kind.WORD,
                ("root.",),
                description="a field of the root span",
                rank=300,
                topic=Topic("word", "root."),
                is_whole=False,
                asks_again=True,
            )
        )
    return Completion(tuple(found), is_cut)


def _key(one: Candidate, root: str, rank: int, prefix: str, writer: Writer) -> Offer:
    return writer.offer(
        root + one.written,
        Kind.FIELD,
        (root + one.written,),
        detail=one.kind,
        description=description_of(one),
        rank=rank,
        topic=Topic("field", one.name, "`" if one.written != one.name else ""),
        is_deprecated=one.is_deprecated,
        filter_="" if one.written == one.name or "`" in prefix else root + one.name,
    )


def _requirements(place: ActionPlace, writer: Writer) -> Iterator[Offer]:
    accepted = place.accepted
    if "KEEP" in accepted:
        forms: tuple[tuple[str, Template], ...] = (
            ("keep", ("keep",)),
            ("not drop", ("not drop",)),
            ("share >=", ("share >= ", Stop(1, "0.1"))),
            ("share <=", ("share <= ", Stop(1, "0.5"))),
        )
        for rank, (label, template) in enumerate(forms):
            meaning = REQUIREMENTS[label.split(" ")[0]]
            yield writer.offer(
                label,
                Kind.WORD,
                template,
                description=meaning.words.split(": ")[-1].rstrip("."),
                rank=rank,
                topic=Topic("requirement", label.split(" ")[0]),
                is_last=len(template) == 1,
            )
    elif "DROP" in accepted:
        yield writer.offer("drop", Kind.WORD, ("drop",), topic=Topic("requirement", "not"))
    elif "COMPARE" in accepted:
        for rank, sign in enumerate((">=", "<=", "==", ">", "<")):
            words = {">=": "at least", "<=": "at most", "==": "exactly"}.get(sign, "")
            yield writer.offer(
                sign,
                Kind.OPERATOR,
                (f"{sign} ",),
                description=words,
                rank=rank,
                is_whole=False,
                asks_again=True,
            )
    elif "NUMBER" in accepted:
        for rank, share in enumerate(("0.01", "0.1", "0.5", "1")):
            words = f"{float(share) * 100:g} % of such traces are kept"
            yield writer.offer(share, Kind.VALUE, (share,), description=words, rank=rank)

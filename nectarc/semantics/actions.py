"""Actions: what a rule does with a trace, with Refinery's parameters checked.

Owns: syntax action -> IR action. Must not know: matches, other rules.
Truth: docs/language.md, section 4; ../shared/reference/refinery-semantics.md, 1.2.
"""

from __future__ import annotations

from nectarc.diagnostic import Edit, Fix, Label
from nectarc.ir import nodes as ir
from nectarc.semantics.context import Context
from nectarc.semantics.fields import resolve
from nectarc.semantics.parameters import check_parameter
from nectarc.semantics.rates import check_share
from nectarc.semantics.sampler_parameters import ACTIONS, SAMPLERS, SamplerKind
from nectarc.spelling import nearest_or_part
from nectarc.syntax.ast import Action, Argument, FieldName, Literal, StringLiteral


def elaborate_action(action: Action, context: Context) -> ir.Action | None:
    """Return what an action means; None after an error (said)."""
    name = action.name
    if name in ("keep", "drop"):
        if not _has_no_arguments(action, context):
            return None
        return ir.Keep() if name == "keep" else ir.Drop()
    if name in ("sample", "deterministic"):
        return _one_in(action, context)
    kind = SAMPLERS.get(name)
    if kind is not None:
        return _sampler(kind, action, context)
    near = nearest_or_part(name.removesuffix("Sampler"), ACTIONS)
    context.report(
        "NEC220",
        action.name_source,
        f"`{name}` is no action",
        why="a rule without an action decides nothing",
        help=f"write one of {', '.join(f'`{one}`' for one in ACTIONS)}",
        fixes=(Fix(f"write `{near}`", (Edit(action.name_source, near),)),) if near else (),
    )
    return None


def _has_no_arguments(action: Action, context: Context) -> bool:
    if action.ratio is None and not action.arguments:
        return True
    context.report(
        "NEC230",
        action.source,
        f"`{action.name}` takes no arguments",
        why="it means the same for every trace",
        help="write `sample(...)` to keep a share",
        fixes=(Fix(f"write `{action.name}`", (Edit(action.source, action.name),)),),
    )
    return False


def _one_in(action: Action, context: Context) -> ir.Action | None:
    if action.ratio is None or action.arguments:
        source = action.arguments[0].source if action.arguments else action.source
        context.report(
            "NEC230",
            source,
            f"`{action.name}` takes one share and nothing else",
            help=f"write `{action.name}(1/20)`",
        )
        return None
    rate = check_share(action.ratio, action.name, context)
    if rate is None:
        return None
    if action.name == "deterministic":
        return ir.Deterministic(rate)
    return ir.Sample(rate, float(action.ratio.numerator / action.ratio.denominator))


def _sampler(kind: SamplerKind, action: Action, context: Context) -> ir.Action | None:
    if action.ratio is not None:
        context.report(
            "NEC230",
            action.ratio.source,
            f"`{action.name}` takes named arguments",
            help=f"write `{action.name}({kind.parameters[0].name}: ..., fields: [...])`",
        )
        return None
    arguments = _by_name(kind, action, context)
    if arguments is None:
        return None
    missing = [one.name for one in kind.parameters if one.is_required]
    missing = [name for name in (*missing, "fields") if name not in arguments]
    if missing:
        context.report(
            "NEC222",
            action.source,
            f"`{action.name}` lacks {', '.join(f'`{name}`' for name in missing)}",
            why="Refinery refuses a rules file without it",
            help=f"write `{', '.join(_MISSING.get(name, f'{name}: 10') for name in missing)}`",
        )
        return None
    fields = _field_list(arguments["fields"], context)
    values: list[tuple[str, int | float | bool | str]] = []
    is_valid = fields is not None
    for parameter in kind.parameters:
        if parameter.name in arguments:
            value = check_parameter(parameter, arguments[parameter.name], context)
            if value is None:
                is_valid = False
            else:
                values.append((parameter.refinery, value))
    if not is_valid or fields is None:
        return None
    return ir.DynamicSampler(kind.refinery, tuple(values), fields)


def _by_name(kind: SamplerKind, action: Action, context: Context) -> dict[str, Argument] | None:
    """Return the arguments by name; None when one is unknown or given twice."""
    known = (*(one.name for one in kind.parameters), "fields")
    found: dict[str, Argument] = {}
    is_valid = True
    for argument in action.arguments:
        name = argument.name
        if name not in known:
            is_valid = False
            near = _by_refinery_name(name, kind) or nearest_or_part(name, known)
            edits = (Edit(argument.name_source, near),) if near else ()
            context.report(
                "NEC221",
                argument.name_source,
                f"`{action.name}` has no parameter `{name}`",
                why="Refinery refuses a rules file with an unknown key",
                help=f"its parameters are {', '.join(f'`{one}`' for one in known)}",
                fixes=(Fix(f"write `{near}`", edits),) if near else (),
            )
        elif name in found:
            is_valid = False
            context.report(
                "NEC229",
                argument.name_source,
                f"`{name}` is given twice",
                help="keep one of them",
                related=(Label(found[name].source, "first given here"),),
            )
        else:
            found[name] = argument
    return found if is_valid else None


def _by_refinery_name(name: str, kind: SamplerKind) -> str | None:
    """Return our name of a parameter that is written as Refinery writes it."""
    if name in ("FieldList", "field_list"):
        return "fields"
    return next((one.name for one in kind.parameters if one.refinery == name), None)


_MISSING = {"fields": "fields: [http.route, http.status]"}


def _unquoted(value: Literal | FieldName | tuple[Literal | FieldName, ...]) -> str:
    """Return the field names of a list that quotes them, or of one that has no brackets."""
    items = value if isinstance(value, tuple) else (value,)
    names = [
        one.name if isinstance(one, FieldName) else one.value
        for one in items
        if isinstance(one, FieldName | StringLiteral)
    ]
    return ", ".join(names) if len(names) == len(items) else ""


def _field_list(argument: Argument, context: Context) -> tuple[str, ...] | None:
    """Return the span fields of the sampler key; every spelling of a name, `root.` kept.

    None after an error (said); an empty key is a warning.
    """
    value = argument.value
    if not isinstance(value, tuple) or not all(isinstance(one, FieldName) for one in value):
        context.report(
            "NEC223",
            argument.source,
            "`fields` takes a list of field names",
            why="traces with the same values in these fields are counted together",
            help=f"write `fields: [{_unquoted(value) or 'http.route, http.status'}]`",
        )
        return None
    if not value:
        context.report(
            "NEC236",
            argument.source,
            "the sampler has no key fields",
            why="without a field all traces share one key (with `use_trace_length`, those of one "
            "length), and the sampler has nothing to weigh",
            help="name the fields that tell kinds of traffic apart, or write `sample(...)`",
        )
    names: list[str] = []
    is_valid = True
    for one in value:
        assert isinstance(one, FieldName)
        field = resolve(one, context)
        if field is None:
            is_valid = False
            continue
        prefix = "root." if one.is_root else ""
        names += [prefix + spelling for spelling in field.spellings]
    return tuple(dict.fromkeys(names)) if is_valid else None

"""One parameter of a sampler: its kind, its range, what Refinery makes of a zero.

Owns: NEC223 and NEC224 of parameters. Must not know: which sampler it belongs to.
Truth: ../shared/reference/refinery-semantics.md, 1.2.
"""

from __future__ import annotations

from fractions import Fraction

from nectarc.semantics.context import Context
from nectarc.semantics.sampler_parameters import Parameter, go_duration
from nectarc.syntax.ast import Argument, BoolLiteral, DurationLiteral, NumberLiteral

_EXAMPLES = {"int": "10", "float": "0.5", "bool": "true", "duration": "30s"}
_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "`true` or `false`",
    "duration": "a duration",
}
_INT_MAX = 2**53


def check_parameter(
    parameter: Parameter, argument: Argument, context: Context
) -> int | float | bool | str | None:
    """Return the value as Refinery takes it; None after an error (said)."""
    value = argument.value
    if parameter.kind == "bool" and isinstance(value, BoolLiteral):
        return value.value
    number = _number(parameter, argument)
    if number is None:
        _report_kind(parameter, argument, context)
        return None
    if not _is_in_range(parameter, number, argument, context):
        return None
    if parameter.kind == "duration":
        return go_duration(int(number))
    return int(number) if parameter.kind == "int" else float(number)


def _number(parameter: Parameter, argument: Argument) -> Fraction | None:
    value = argument.value
    if parameter.kind == "duration":
        is_whole = isinstance(value, DurationLiteral) and value.nanoseconds.denominator == 1
        return value.nanoseconds if isinstance(value, DurationLiteral) and is_whole else None
    if not isinstance(value, NumberLiteral) or parameter.kind == "bool":
        return None
    if parameter.kind == "int" and value.value.denominator != 1:
        return None
    return value.value


def _report_kind(parameter: Parameter, argument: Argument, context: Context) -> None:
    context.report(
        "NEC223",
        argument.source,
        f"`{parameter.name}` takes {_WORDS[parameter.kind]}",
        why="Refinery refuses a rules file with another kind of value",
        help=f"write `{parameter.name}: {_EXAMPLES[parameter.kind]}`",
    )


def _is_in_range(
    parameter: Parameter, number: Fraction, argument: Argument, context: Context
) -> bool:
    if number == 0 and parameter.zero:
        context.report(
            "NEC224",
            argument.source,
            f"`{parameter.name}: 0` does not mean 0",
            why=f"Refinery reads 0 as the default, {parameter.zero}",
            help="leave the parameter out, or write the value that is meant",
        )
        return False
    is_low = parameter.least is not None and number < parameter.least
    is_high = parameter.most is not None and number > parameter.most
    is_absurd = abs(number) > (2**63 - 1 if parameter.kind == "duration" else _INT_MAX)
    if not (is_low or is_high or is_absurd):
        return True
    context.report(
        "NEC224",
        argument.source,
        f"`{parameter.name}` {_range_words(parameter)}",
        why="Refinery refuses such a value, or its process ends at the first decision",
    )
    return False


def _range_words(parameter: Parameter) -> str:
    least, most = parameter.least, parameter.most
    if parameter.kind == "duration":
        return f"is at least {go_duration(int(least or 1))}"
    if least is not None and most is not None:
        return f"is above {float(least):g} and at most {float(most):g}"
    return f"is at least {float(least):g}" if least is not None else "is too large"

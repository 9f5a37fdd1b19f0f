"""What Refinery does with a trace, as the action of a policy.

Owns: actions as text, samplers as they run. Must not know: conditions.
Truth: docs/language.md, section 4; ../shared/reference/refinery-semantics.md, 1.2, 3.3, 4.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from nectarc.importing.wording import number_text
from nectarc.records import record, replace
from nectarc.refinery.durations import parse_duration
from nectarc.refinery.rules import (
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    TargetSampler,
)
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.rates import RATE_MAX
from nectarc.semantics.reserved import reserved
from nectarc.semantics.sampler_parameters import BY_REFINERY, Parameter, go_duration
from nectarc.syntax.literals import is_plain_name

_RATE_DEFAULT: Final = 10
_INT_MAX: Final = 2**53


@record
class NoAction:
    """No action of a policy does the same. `reason` is for people."""

    reason: str


def in_key(name: str) -> str:
    """Write a span field of a sampler's key, without rows for names that cannot be written."""
    return name if is_plain_name(name) and name not in ALIASES else f"`{name}`"


def action_of_rule(rule: Rule, written: Callable[[str], str] = in_key) -> str | NoAction:
    """Return what `rule` does as an action; its sampler as it runs (`running_samplers`).

    written: how a field of the key is written.
    """
    match rule.sampler:
        case None:
            if rule.drop or rule.sample_rate < 1:
                return "drop"
            return "keep" if rule.sample_rate == 1 else _one_in("sample", rule.sample_rate)
        case DynamicConfig():
            return _dynamic(rule.sampler, written)
        case DeterministicConfig():
            return NoAction("a DeterministicSampler may only be all of a target")
        case EmptySampler():
            return NoAction("it names no sampler")


def action_of_target(sampler: TargetSampler) -> str | NoAction:
    """Return what a sampler without rules does as an action."""
    match sampler:
        case DeterministicConfig(sample_rate=rate):
            return "keep" if rate <= 1 else _one_in("deterministic", rate)
        case DynamicConfig():
            return _dynamic(running_sampler(sampler), in_key)
        case _:
            return NoAction("it names no sampler")


def running_sampler(config: DynamicConfig) -> DynamicConfig:
    """Return `config` as Refinery runs it: without zeros, which mean "not set", durations alike."""
    kind = BY_REFINERY[config.kind]
    given = dict(config.parameters)
    values: list[tuple[str, int | float | bool | str]] = []
    for parameter in kind.parameters:
        value = _value(parameter, given.get(parameter.refinery))
        if parameter is kind.parameters[0] and not value and not kind.is_throughput:
            value = _RATE_DEFAULT
        if value:
            values.append((parameter.refinery, value))
    return replace(
        config,
        parameters=tuple(values),
        field_list=tuple(dict.fromkeys(config.field_list)),
    )


def running_samplers(rules: Iterable[Rule]) -> tuple[tuple[Rule, int | None], ...]:
    """Return rules with their samplers as they run, and whose parameters those are.

    Refinery makes one sampler of all with the same kind, goal and fields; the first that is built
    brings the parameters of all (trap T37). The second part is the index of the rule that brings
    other parameters than the rule's own, None where they are its own.
    """
    first: dict[tuple[str, object, frozenset[str]], tuple[int, DynamicConfig]] = {}
    found: list[tuple[Rule, int | None]] = []
    for index, rule in enumerate(rules):
        if not isinstance(rule.sampler, DynamicConfig):
            found.append((rule, None))
            continue
        own = running_sampler(rule.sampler)
        goal = BY_REFINERY[own.kind].parameters[0].refinery
        key = (own.kind, rule.sampler.parameter(goal), frozenset(own.field_list))
        origin, running = first.setdefault(key, (index, own))
        differs = running.parameters != own.parameters
        sampler = replace(own, parameters=running.parameters)
        found.append((replace(rule, sampler=sampler), origin if differs else None))
    return tuple(found)


def _value(parameter: Parameter, value: float | str | None) -> int | float | bool | str | None:
    if parameter.kind == "duration":
        length = parse_duration(value) if isinstance(value, str) else None
        return None if not length else go_duration(length) if length > 0 else value
    if parameter.kind == "float" and isinstance(value, int):
        return float(value)
    return value


def _one_in(action: str, rate: int) -> str | NoAction:
    if rate > RATE_MAX:
        return NoAction(f"one in {rate} is more than a policy can say")
    return f"{action}(1/{rate})"


def _dynamic(config: DynamicConfig, name_of: Callable[[str], str]) -> str | NoAction:
    kind = BY_REFINERY[config.kind]
    given = dict(config.parameters)
    written: list[str] = []
    for parameter in kind.parameters:
        value = given.get(parameter.refinery)
        if value is None:
            continue
        problem = _problem(parameter, value)
        if problem:
            return NoAction(f"`{parameter.refinery}` {problem}")
        written.append(f"{parameter.name}: {_written(value)}")
    names = []
    for name in config.field_list:
        is_root = name.startswith("root.")
        own = name.removeprefix("root.")
        refused = reserved(own)
        if refused is not None:
            return NoAction(f"`{name}` in `FieldList`: {refused.why}")
        if not own:
            return NoAction(f"`{name}` in `FieldList` names a field without a name")
        names.append(("root." if is_root else "") + name_of(own))
    arguments = ", ".join([*written, f"fields: [{', '.join(names)}]"])
    return f"{kind.action}({arguments})"


def _written(value: float | str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else number_text(float(value), None)


def _problem(parameter: Parameter, value: float | str) -> str:
    if parameter.kind == "duration":
        return "is negative" if isinstance(value, str) and value.startswith("-") else ""
    if isinstance(value, str | bool):
        return ""
    if parameter.least is not None and value < parameter.least:
        return f"is {value}, where Refinery's process ends"
    if abs(value) > _INT_MAX:
        return "is too large for a policy"
    return ""

"""Refinery's rules file as data: what the struct pass of Refinery 3.2.2 decodes.

Owns: the target's own terms. Must not know: YAML, policies.
Truth: ../shared/reference/refinery-semantics.md, section 1.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from nectarc.records import part, record
from nectarc.source import NOWHERE, SourceSpan

DEFAULT_TARGET: Final = "__default__"
HAS_ROOT_SPAN: Final = "has-root-span"  # the operator that asks the trace, not a span
NUM_DESCENDANTS: Final = "?.NUM_DESCENDANTS"  # the computed field that counts the spans
ROOT_PREFIX: Final = "root."  # a name that begins so is read from the root span


@record
class TextOnly:
    """A list element that Refinery can only print: a timestamp, a uint64, a map. `text` is Go's."""

    text: str


# What `Value` of a condition may hold once loaded; None is an absent key. Python's int stands for
# Go's int, float for float64 (the difference matters: a scalar int64 does not occur in YAML).
# A `TextOnly` stands only inside a list: Refinery refuses it as the whole value.
ConfigValue: TypeAlias = "bool | int | float | str | TextOnly | tuple[ConfigValue, ...] | None"


@record(kw_only=True)
class Condition:
    """One condition.

    field:    the `Field` key, "" when absent.  fields: the `Fields` key, () when absent.
    operator: "" when absent.  datatype: "" when absent.
    """

    field: str = ""
    fields: tuple[str, ...] = ()
    operator: str = ""
    value: ConfigValue = None
    datatype: str = ""
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are looked up, in order (reference, 2.9)."""
        return self.fields or ((self.field,) if self.field else ())


@record(kw_only=True)
class DynamicConfig:
    """A dynamic sampler. `kind` is its group name ("EMADynamicSampler"), parameters as written.

    parameters: (name, value) in file order, without FieldList; durations stay Go's text.
    """

    kind: str
    parameters: tuple[tuple[str, int | float | bool | str], ...] = ()
    field_list: tuple[str, ...] = ()

    def parameter(self, name: str) -> int | float | bool | str | None:
        """Return the value of parameter `name`, None when it is not set."""
        return dict(self.parameters).get(name)


@record(kw_only=True)
class DeterministicConfig:
    """The DeterministicSampler."""

    sample_rate: int = 0


@record(kw_only=True)
class EmptySampler:
    """`Sampler: {}`, or a target without a usable one: the process ends when it first decides."""


RuleSampler: TypeAlias = DynamicConfig | DeterministicConfig | EmptySampler


@record(kw_only=True)
class Rule:
    """One rule. `conditions` None means the key is absent; None inside is a null list element."""

    name: str = ""
    sample_rate: int = 0
    drop: bool = False
    scope: str = ""
    conditions: tuple[Condition | None, ...] | None = None
    sampler: RuleSampler | None = None
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record(kw_only=True)
class RulesConfig:
    """The RulesBasedSampler. A None rule is a null list element (Refinery panics on it)."""

    rules: tuple[Rule | None, ...] = ()
    check_nested_fields: bool = False


TargetSampler: TypeAlias = RulesConfig | DynamicConfig | DeterministicConfig | EmptySampler


@record(kw_only=True)
class RulesFile:
    """A whole rules file: the samplers by target, in file order; `__default__` among them."""

    samplers: Mapping[str, TargetSampler]

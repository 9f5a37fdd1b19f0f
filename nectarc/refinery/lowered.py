"""The result of lowering one policy: rules, where each came from, what was taken for granted.

Owns: the record. Truth: docs/language.md, section 6.
"""

from __future__ import annotations

from enum import Enum

from nectarc.records import record
from nectarc.refinery.rules import TargetSampler


class AssumptionKind(Enum):
    """What `[compile] assume` may list."""

    TYPES = "types"
    NO_NULL = "no-null"
    NO_NAN = "no-nan"


@record
class Assumption:
    """What a lowering takes for granted of one span field, by its real name ("spelling")."""

    kind: str  # the value of an AssumptionKind
    field: str
    type: str = ""  # for "types": the FieldType's value


@record
class Origin:
    """Where a Refinery rule came from: part `part` of `parts` of the policy rule `rule`."""

    rule: str
    part: int = 1
    parts: int = 1


@record
class Lowered:
    """What a policy becomes for one Refinery target.

    sampler:     RulesConfig, or DeterministicConfig for a sole `deterministic` rule.
    origins:     one entry for each rule of `sampler.rules` (one for a deterministic sampler).
    assumptions: only those used, sorted.
    """

    sampler: TargetSampler
    origins: tuple[Origin, ...]
    assumptions: tuple[Assumption, ...]

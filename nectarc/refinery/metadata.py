"""The catalogue of groups and fields that Refinery 3.2 accepts in a rules file, as data.

Owns: names, types, limits. Must not know: how they are checked or decoded.
Truth: ../shared/reference/refinery-semantics.md, 1.2. One catalogue serves all of 3.2.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple


class FieldType(Enum):
    """The YAML type that a field takes; the value names it for people."""

    INT = "a whole number"
    BOOL = "`true` or `false`"
    FLOAT = "a number"
    STRING = "a string"
    DURATION = 'a duration such as "30s"'
    STRINGS = "a list of strings"
    VALUE = "a string, a number, a bool, or a list of one of these"
    OBJECT = "a map"
    OBJECTS = "a list of maps"


class FieldMeta(NamedTuple):
    """One field of a group."""

    type: FieldType
    is_required: bool = False
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    children: tuple[str, ...] = ()  # names allowed in a map
    conflicts_with: str = ""  # a field of the same group


OPERATORS: Final = (
    *("=", "!=", ">", "<", ">=", "<=", "starts-with", "contains", "does-not-contain"),
    *("exists", "not-exists", "has-root-span", "matches", "in", "not-in"),
)
DOWNSTREAM_SAMPLERS: Final = (
    *("DynamicSampler", "EMADynamicSampler", "EMAThroughputSampler"),
    *("WindowedThroughputSampler", "TotalThroughputSampler"),
)

_INT: Final = FieldMeta(FieldType.INT)
_BOOL: Final = FieldMeta(FieldType.BOOL)
_STRING: Final = FieldMeta(FieldType.STRING)
_DURATION: Final = FieldMeta(FieldType.DURATION)
_REQUIRED_INT: Final = FieldMeta(FieldType.INT, is_required=True)
_GOAL_PER_SECOND: Final = FieldMeta(FieldType.INT, is_required=True, minimum=1)
_SHARE: Final = FieldMeta(FieldType.FLOAT, minimum=0, maximum=1)
_KEY_FIELDS: Final = {
    "FieldList": FieldMeta(FieldType.STRINGS, is_required=True),
    "MaxKeys": _INT,
    "UseTraceLength": _BOOL,
}
_AVERAGE_FIELDS: Final = {
    "AdjustmentInterval": _DURATION,
    "Weight": _SHARE,
    "AgeOutValue": _SHARE,
    "BurstMultiple": FieldMeta(FieldType.FLOAT),
    "BurstDetectionDelay": _INT,
}

GROUPS: Final[dict[str, dict[str, FieldMeta]]] = {
    "Samplers": {},
    "DeterministicSampler": {"SampleRate": _REQUIRED_INT},
    "DynamicSampler": {"SampleRate": _REQUIRED_INT, "ClearFrequency": _DURATION, **_KEY_FIELDS},
    "EMADynamicSampler": {"GoalSampleRate": _REQUIRED_INT, **_AVERAGE_FIELDS, **_KEY_FIELDS},
    "EMAThroughputSampler": {
        "GoalThroughputPerSec": _GOAL_PER_SECOND,
        "UseClusterSize": _BOOL,
        "InitialSampleRate": _INT,
        **_AVERAGE_FIELDS,
        **_KEY_FIELDS,
    },
    "WindowedThroughputSampler": {
        "GoalThroughputPerSec": _GOAL_PER_SECOND,
        "UseClusterSize": _BOOL,
        "UpdateFrequency": _DURATION,
        "LookbackFrequency": _DURATION,
        **_KEY_FIELDS,
    },
    "TotalThroughputSampler": {
        "GoalThroughputPerSec": _GOAL_PER_SECOND,
        "UseClusterSize": _BOOL,
        "ClearFrequency": _DURATION,
        **_KEY_FIELDS,
    },
    "RulesBasedSampler": {"Rules": FieldMeta(FieldType.OBJECTS), "CheckNestedFields": _BOOL},
    "Rules": {
        "Name": _STRING,
        "Sampler": FieldMeta(FieldType.OBJECT, children=DOWNSTREAM_SAMPLERS),
        "Drop": _BOOL,
        "SampleRate": _INT,
        "Conditions": FieldMeta(FieldType.OBJECTS),
        "Scope": FieldMeta(FieldType.STRING, choices=("trace", "span")),
    },
    "Conditions": {
        "Field": FieldMeta(FieldType.STRING, conflicts_with="Fields"),
        "Fields": FieldMeta(FieldType.STRINGS, conflicts_with="Field"),
        "Operator": FieldMeta(FieldType.STRING, choices=OPERATORS),
        "Value": FieldMeta(FieldType.VALUE),
        "Datatype": FieldMeta(FieldType.STRING, choices=("string", "int", "float", "bool")),
    },
}

# The names as the validator sees them, "Group.Field": its view is flat (reference, 1.2).
FIELDS: Final[dict[str, FieldMeta]] = {
    f"{group}.{name}": meta for group, fields in GROUPS.items() for name, meta in fields.items()
}

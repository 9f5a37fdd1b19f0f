"""Samplers of Refinery 1.x as those of 2.x.

Owns: which settings each kind has in 1.x, their names and units in 2.x. Must not know: rules.
Truth: honeycombio/refinery v1.21, config/sampler_config.go; its converter, tools/convert.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

from nectarc.importing import v1_notes as notes_of
from nectarc.importing.v1_notes import Notes
from nectarc.importing.v1_settings import Settings, float_of, int_of, text_of_node
from nectarc.refinery.durations import parse_duration
from nectarc.refinery.rules import DeterministicConfig, DynamicConfig
from nectarc.refinery.yaml_nodes import YamlNode
from nectarc.spelling import nearest

RULES: Final = "RulesBasedSampler"
DETERMINISTIC: Final = "DeterministicSampler"
_Number = int | float | bool | str


class _Setting(NamedTuple):
    """A setting by its name in 2.x, and in 1.x where that is another."""

    name: str
    read: Callable[[Settings, str], _Number | None]
    was: str = ""
    is_new: bool = False  # 1.x has no use for it


def _seconds(settings: Settings, name: str) -> str | None:
    number = settings.read(name, _natural, "a number of seconds")
    return f"{number}s" if number else None  # 0 is the default


def _natural(node: YamlNode) -> int | None:
    found = int_of(node)
    return None if found is None or found < 0 else found


def _whole(settings: Settings, name: str) -> int | None:
    return settings.read(name, _natural, "a whole number from 0")


def _duration(settings: Settings, name: str) -> str | None:
    """Read what 1.x does not; None also where 2.x could not, either."""
    node = settings.value(name)
    text = None if node is None else text_of_node(node)
    return text if text and (parse_duration(text) or 0) > 0 else None


def _seconds_or_duration(settings: Settings, name: str) -> str | None:
    return _duration(settings, name) or _seconds(settings, name)


def _share(settings: Settings, name: str) -> float | None:
    return settings.read(name, _share_of, "a number from 0 to 1")


def _share_of(node: YamlNode) -> float | None:
    found = float_of(node)
    return found if found is not None and 0 <= found <= 1 else None


def _finite(settings: Settings, name: str) -> float | None:
    return settings.read(name, _finite_of, "a number")


def _finite_of(node: YamlNode) -> float | None:
    found = float_of(node)
    return found if found is not None and math.isfinite(found) else None


_MAX_KEYS: Final = _Setting("MaxKeys", Settings.int)
_LENGTH: Final = _Setting("UseTraceLength", Settings.bool)
_CLEAR: Final = (
    _Setting("ClearFrequency", _seconds, was="ClearFrequencySec"),
    _Setting("ClearFrequency", _duration, is_new=True),
)
_NEW_MAX_KEYS: Final = _MAX_KEYS._replace(is_new=True)
_DYNAMIC: Final[dict[str, tuple[_Setting, ...]]] = {
    "DynamicSampler": (*(_Setting("SampleRate", _whole), *_CLEAR, _NEW_MAX_KEYS, _LENGTH),),
    "EMADynamicSampler": (
        _Setting("GoalSampleRate", _whole),
        _Setting("AdjustmentInterval", _seconds_or_duration),
        *(_Setting("Weight", _share), _Setting("AgeOutValue", _share)),
        *(_Setting("BurstMultiple", _finite), _Setting("BurstDetectionDelay", _whole)),
        *(_MAX_KEYS, _LENGTH),
    ),
    "TotalThroughputSampler": (
        _Setting("GoalThroughputPerSec", _whole),
        _Setting("UseClusterSize", Settings.bool, is_new=True),
        *(*_CLEAR, _NEW_MAX_KEYS, _LENGTH),
    ),
}
DYNAMIC_KINDS: Final = tuple(_DYNAMIC)
KINDS: Final = (DETERMINISTIC, *_DYNAMIC, RULES)

# What a rule's sampler aims for where it says nothing: the library's own defaults.
_GOALS_UNSAID: Final = {"SampleRate": 10, "GoalSampleRate": 10, "GoalThroughputPerSec": 100}

# All settings that some sampler has, for telling a slip from a stranger.
KNOWN_KEYS: Final = frozenset(
    {
        *("Sampler", "SampleRate", "FieldList", "AddSampleRateKeyToTrace"),
        *("AddSampleRateKeyToTraceField", "rule", "CheckNestedFields"),
        *(one.was or one.name for settings in _DYNAMIC.values() for one in settings),
    }
)


def goal_of(kind: str) -> str:
    """Return the name of the setting that a sampler of `kind` needs: its rate or goal."""
    return "SampleRate" if kind == DETERMINISTIC else _DYNAMIC[kind][0].name


def deterministic(settings: Settings) -> DeterministicConfig:
    """Read a DeterministicSampler; raises `UnfitError`."""
    return DeterministicConfig(sample_rate=settings.int("SampleRate") or 0)


def dynamic(kind: str, settings: Settings, notes: Notes) -> DynamicConfig:
    """Read a dynamic sampler of `kind`; raises `UnfitError`."""
    parameters: dict[str, _Number] = {}
    for setting in _DYNAMIC[kind]:
        name = setting.was or setting.name
        value = setting.read(settings, name)
        if value is None or setting.name in parameters:
            continue
        parameters[setting.name] = value
        if setting.is_new:
            notes.add(notes_of.setting_is_new(name, settings.key_source(name)))
    goal = goal_of(kind)
    notes.add(notes_of.counts_spans(kind, goal, settings.key_source(goal)))
    if int(parameters.get("MaxKeys") or 0) == 0:
        at = "MaxKeys" if settings.entry("MaxKeys") is not None else "FieldList"
        notes.add(notes_of.tracks_fewer_keys(kind, settings.key_source(at)))
    return DynamicConfig(
        kind=kind,
        parameters=tuple(parameters.items()),
        field_list=_field_list(settings, notes),
    )


def with_goal(sampler: DynamicConfig, goal: int | None = None) -> DynamicConfig:
    """Return `sampler` with a goal where it has none. goal: the library's own default if None."""
    name = goal_of(sampler.kind)
    if sampler.parameter(name):
        return sampler
    others = tuple(pair for pair in sampler.parameters if pair[0] != name)
    return DynamicConfig(
        kind=sampler.kind,
        parameters=((name, goal or _GOALS_UNSAID[name]), *others),
        field_list=sampler.field_list,
    )


def _field_list(settings: Settings, notes: Notes) -> tuple[str, ...]:
    fields = settings.texts("FieldList") or ()
    node = settings.value("FieldList")
    if node is not None and fields and fields[0].startswith("["):
        notes.add(notes_of.list_is_one_text("FieldList", fields[0], node.source))
    if settings.bool("AddSampleRateKeyToTrace"):
        field = settings.text("AddSampleRateKeyToTraceField") or ""
        at = settings.key_source("AddSampleRateKeyToTrace")
        notes.add(notes_of.key_field_moves(field, at))
    settings.entry("AddSampleRateKeyToTraceField")
    settings.entry("Sampler")  # often repeated inside a rule's sampler, and never read
    return fields


def note_unread(settings: Settings, known: frozenset[str], notes: Notes, *, is_grave: bool) -> None:
    """Say which keys of `settings` 1.x ignores. known: what may be meant by a slip."""
    for key, _ in settings.unread():
        meant = nearest(key.text, sorted(known))
        grave = is_grave or meant is not None
        notes.add(notes_of.key_is_not_read(key.text, meant, key.source, is_grave=grave))

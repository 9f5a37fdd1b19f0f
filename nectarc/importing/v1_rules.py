"""The rules of a Refinery 1.x `RulesBasedSampler` as those of 2.x.

Owns: rules, conditions, and what 1.x makes of the ones that it cannot use.
Must not know: targets, files.
Truth: honeycombio/refinery v1.21, sample/rules.go, config/sampler_config.go.
"""

from __future__ import annotations

from typing import Final

from nectarc.evaluate.values import text_of
from nectarc.importing import v1_notes as notes_of
from nectarc.importing.v1_notes import Notes
from nectarc.importing.v1_samplers import DYNAMIC_KINDS, dynamic, note_unread, with_goal
from nectarc.importing.v1_settings import Settings, UnfitError, config_value
from nectarc.records import replace
from nectarc.refinery.rules import (
    Condition,
    ConfigValue,
    Rule,
    RuleSampler,
    RulesConfig,
    TextOnly,
)
from nectarc.refinery.yaml_nodes import YamlMapping
from nectarc.source import SourceSpan

_COMPARISONS: Final = ("=", "!=", ">", "<", ">=", "<=")
_ON_TEXT: Final = ("starts-with", "contains", "does-not-contain")
_OLD_OPERATORS: Final = frozenset(("exists", "not-exists", *_COMPARISONS, *_ON_TEXT))
_NEW_OPERATORS: Final = frozenset(("in", "not-in", "matches", "has-root-span"))
_DATATYPES: Final = frozenset(("", "string", "int", "float", "bool"))
_PARENT_FIELDS: Final = frozenset(("trace.parent_id", "parentId"))
_TRUE_TEXTS: Final = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_NIL: Final = b"<nil>"
_RULE_KEYS: Final = frozenset({"name", "SampleRate", "sampler", "drop", "scope", "condition"})
_CONDITION_KEYS: Final = frozenset({"field", "operator", "value", "datatype"})


class _NeverFiresError(Exception):
    """A condition that is never true in 1.x and that 2.x refuses."""

    def __init__(self, cause: str, source: SourceSpan) -> None:
        super().__init__(cause)
        self.cause = cause
        self.source = source


def rules_based(settings: Settings, notes: Notes) -> RulesConfig:
    """Read a RulesBasedSampler; raises `UnfitError`."""
    rules: list[Rule] = []
    for node in settings.maps("rule") or ():
        try:
            rules.append(_rule(node, notes))
        except _NeverFiresError as never:
            notes.add(notes_of.never_fires(never.cause, never.source))
    nested = settings.bool("CheckNestedFields") or False
    return RulesConfig(rules=tuple(rules), check_nested_fields=nested)


def _rule(node: YamlMapping, notes: Notes) -> Rule:
    settings = Settings(node)
    rate = settings.int("SampleRate") or 0
    drop = settings.bool("drop") or False
    sampler = _sampler(settings, notes)
    is_kept = sampler is None and settings.value("sampler") is not None
    if is_kept:
        notes.add(notes_of.rule_sampler_is_unusable(settings.key_source("sampler")))
    conditions = settings.maps("condition") or ()
    has_sampler = sampler is not None or is_kept
    # A sampler goes before `drop`, and that before the rate: the weaker ones are left out.
    rule = Rule(
        name=settings.text("name") or "",
        sample_rate=1 if is_kept else 0 if drop or sampler is not None else rate,
        drop=drop and not has_sampler,
        scope=settings.text("scope") or "",
        sampler=sampler,
        source=node.source,
    )
    _note_unread(settings, notes, drops=(drop or rate <= 0) and not has_sampler)
    if rule.scope not in ("", "trace", "span"):
        notes.add(notes_of.scope_is_unknown(rule.scope, settings.key_source("scope")))
        return replace(rule, scope="")
    read = tuple(_condition(Settings(one), notes) for one in conditions)
    return replace(rule, conditions=read) if read else rule


def _sampler(settings: Settings, notes: Notes) -> RuleSampler | None:
    """Return the first sampler that 1.x looks for; None where it finds none."""
    node = settings.value("sampler")
    if node is None:
        return None
    if not isinstance(node, YamlMapping):
        raise UnfitError("sampler", "a map", node.source)
    inner = Settings(node)
    for kind in DYNAMIC_KINDS:
        found = inner.value(kind)
        if found is None:
            continue
        if not isinstance(found, YamlMapping):
            raise UnfitError(kind, "a map", found.source)
        return with_goal(dynamic(kind, Settings(found), notes))
    return None


def _note_unread(settings: Settings, notes: Notes, *, drops: bool) -> None:
    for key, _ in settings.unread():
        name = key.text.lower()
        if name.startswith("sampler.") or name == "downstream":
            notes.add(notes_of.sampler_is_not_read(key.text, key.source, drops=drops))
            settings.entry(key.text)
    note_unread(settings, _RULE_KEYS, notes, is_grave=True)


def _condition(settings: Settings, notes: Notes) -> Condition:
    operator = settings.text("operator") or ""
    field = settings.text("field") or ""
    datatype = settings.text("datatype") or ""
    fields = () if field else settings.texts("Fields") or ()
    node = settings.value("value")
    value = config_value(node)
    if operator not in _OLD_OPERATORS | _NEW_OPERATORS:
        cause = f"`{operator}` is no operator" if operator else "a condition has no operator"
        raise _NeverFiresError(cause, settings.key_source("operator"))
    if isinstance(value, TextOnly) and operator not in ("exists", "not-exists"):
        source = settings.source if node is None else node.source
        is_compared = operator in _COMPARISONS and datatype != "string"
        if is_compared or operator in _NEW_OPERATORS:
            raise _NeverFiresError("nothing equals such a `value`", source)
        raise UnfitError("value", "a text, a number, `true`, `false` or a list", source)
    if operator in _NEW_OPERATORS:
        notes.add(notes_of.operator_is_new(operator, settings.key_source("operator")))
    if fields:
        notes.add(notes_of.setting_is_new("Fields", settings.key_source("Fields")))
    if datatype not in _DATATYPES:
        notes.add(notes_of.datatype_is_unknown(datatype, settings.key_source("datatype")))
        datatype = ""
    note_unread(settings, _CONDITION_KEYS, notes, is_grave=True)
    condition = Condition(
        field=field,
        fields=fields,
        operator=operator,
        value=None if isinstance(value, TextOnly) else value,
        datatype=datatype,
        source=settings.source,
    )
    _note_new_meaning(condition, settings.key_source("field"), notes)
    return condition


def _note_new_meaning(condition: Condition, at: SourceSpan, notes: Notes) -> None:
    """Say what 2.x reads otherwise in a condition. at: its field."""
    field, operator, value = condition.field, condition.operator, condition.value
    if field.startswith("root.") or field == "?.NUM_DESCENDANTS":
        notes.add(notes_of.field_is_special(field, at))
    elif field in _PARENT_FIELDS:
        notes.add(notes_of.parent_field_is_unsure(field, at))
    if _takes_missing(operator, condition.datatype, value):
        notes.add(notes_of.missing_field_holds(field, at))
    if operator == ">=" and condition.datatype == "string":
        notes.add(notes_of.order_is_untyped(at))
    if condition.datatype == "bool" and operator in ("=", "!="):
        asks_true = (_text(value) in _TRUE_TEXTS) == (operator == "=")
        if not asks_true:
            notes.add(notes_of.false_holds(field, at))


def _takes_missing(operator: str, datatype: str, value: ConfigValue) -> bool:
    """Say whether 2.x finds the comparison true of a missing field, which 1.x never does."""
    if datatype != "string" or operator not in _COMPARISONS:
        return False
    wanted = _text(value).encode("utf-8", "surrogatepass")
    order = (wanted > _NIL) - (wanted < _NIL)
    if operator in ("<", "<=") and order > 0:
        return True
    if operator in (">", ">=") and order < 0:
        return True
    return operator == "!=" if order else operator in ("=", "<=", ">=")


def _text(value: ConfigValue) -> str:
    if isinstance(value, tuple):
        return "[" + " ".join(map(_text, value)) + "]"
    return value.text if isinstance(value, TextOnly) else text_of(value)

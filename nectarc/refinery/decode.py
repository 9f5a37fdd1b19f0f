"""The struct pass: a YAML tree to the rules that Refinery runs by.

Owns: which keys count, which sampler wins, what a mistyped value becomes. Unknown keys are ignored
here, as Refinery ignores them. Must not know: the validator's catalogue of types.
Truth: ../shared/reference/refinery-semantics.md, 1.1, 1.6; yaml.v3 v3.0.1, decode.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from nectarc.evaluate.values import text_of
from nectarc.refinery.load_error import LoadError, load_error
from nectarc.refinery.metadata import GROUPS, FieldType
from nectarc.refinery.rules import (
    Condition,
    ConfigValue,
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RuleSampler,
    RulesConfig,
    RulesFile,
    TargetSampler,
    TextOnly,
)
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.refinery.yaml_scalars import Timestamp
from nectarc.trace import Uint64

_T = TypeVar("_T")

# Where several samplers stand side by side the first of these wins (reference, 1.6).
_TARGET_ORDER: Final = (
    *("DeterministicSampler", "RulesBasedSampler", "DynamicSampler", "EMADynamicSampler"),
    *("EMAThroughputSampler", "WindowedThroughputSampler", "TotalThroughputSampler"),
)
_RULE_ORDER: Final = (
    *("DynamicSampler", "EMADynamicSampler", "TotalThroughputSampler", "EMAThroughputSampler"),
    *("WindowedThroughputSampler", "DeterministicSampler"),
)
_TRUE_WORDS: Final = frozenset(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"))
_FALSE_WORDS: Final = frozenset(("n", "N", "no", "No", "NO", "off", "Off", "OFF"))


def decode_rules(root: YamlMapping) -> tuple[RulesFile | None, tuple[LoadError, ...]]:
    """Decode a file that the map pass accepted; None and the errors where yaml.v3 fails to."""
    decoder = _Decoder()
    samplers = decoder.mapping(root.get("Samplers"), "Samplers")
    decoded: dict[str, TargetSampler] = {}
    for key, value in samplers.entries if samplers is not None else ():
        decoded[key.text] = decoder.target(value)
    # yaml.v3 decodes in the file's order, and its first complaint is the one that is quoted.
    errors = tuple(sorted(decoder.errors, key=lambda error: error.diagnostic.source.start))
    return (None, errors) if errors else (RulesFile(samplers=decoded), ())


def shown_sampler(outer: YamlMapping, *, in_rule: bool) -> str:
    """Return the name of the sampler of `outer` that Refinery uses, "" where there is none."""
    for name in _RULE_ORDER if in_rule else _TARGET_ORDER:
        value = outer.get(name)
        if value is not None and not _is_null(value):
            return name
    return ""


class _Decoder:
    """Decodes node by node and gathers what does not fit, as yaml.v3 does."""

    def __init__(self) -> None:
        self.errors: list[LoadError] = []

    def target(self, node: YamlNode) -> TargetSampler:
        samplers = self._samplers(node, _TARGET_ORDER)
        return next((samplers[name] for name in _TARGET_ORDER if name in samplers), EmptySampler())

    def _rule_sampler(self, node: YamlNode) -> RuleSampler:
        samplers = self._samplers(node, _RULE_ORDER)
        for name in _RULE_ORDER:
            found = samplers.get(name)
            if found is not None and not isinstance(found, RulesConfig):
                return found
        return EmptySampler()

    def _samplers(self, node: YamlNode, names: tuple[str, ...]) -> dict[str, TargetSampler]:
        """Decode all samplers side by side: the errors of a shadowed one count, too."""
        outer = self.mapping(node, "a sampler")
        found: dict[str, TargetSampler] = {}
        for key, value in outer.entries if outer is not None else ():
            if key.text not in names or _is_null(value):
                continue
            inner = self.mapping(value, f"`{key.text}`")
            if inner is None:
                continue
            if key.text == "RulesBasedSampler":
                found[key.text] = self._rules(inner)
            elif key.text == "DeterministicSampler":
                rate = self._read(inner, "SampleRate", self._int, 0)
                found[key.text] = DeterministicConfig(sample_rate=rate)
            else:
                found[key.text] = self._dynamic(key.text, inner)
        return found

    def _dynamic(self, kind: str, node: YamlMapping) -> DynamicConfig:
        parameters: list[tuple[str, int | float | bool | str]] = []
        field_list: tuple[str, ...] = ()
        for key, value in node.entries:
            meta = GROUPS[kind].get(key.text)
            if meta is None or _is_null(value):
                continue
            if key.text == "FieldList":
                field_list = self._strings(value)
                continue
            parameter = self._parameter(key.text, meta.type, value)
            if parameter is not None:
                parameters.append((key.text, parameter))
        return DynamicConfig(kind=kind, parameters=tuple(parameters), field_list=field_list)

    def _parameter(
        self, name: str, kind: FieldType, node: YamlNode
    ) -> int | float | bool | str | None:
        if kind is FieldType.INT:
            number = self._int(node)
            if name == "BurstDetectionDelay" and number is not None and number < 0:
                self._wrong(node, "an unsigned number")
                return None
            return number
        if kind is FieldType.BOOL:
            return self._bool(node)
        if kind is FieldType.DURATION:
            return self._string(node)
        scalar = node.value if isinstance(node, YamlScalar) else None
        if isinstance(scalar, bool) or not isinstance(scalar, int | float):
            self._wrong(node, "a number")
            return None
        return scalar

    def _rules(self, node: YamlMapping) -> RulesConfig:
        return RulesConfig(
            rules=tuple(
                None if _is_null(item) else self._rule(item)
                for item in self._items(node.get("Rules"), "`Rules`")
            ),
            check_nested_fields=self._read(node, "CheckNestedFields", self._bool, fallback=False),
        )

    def _rule(self, item: YamlNode) -> Rule:
        node = self.mapping(item, "a rule")
        if node is None:
            return Rule()
        conditions = node.get("Conditions")
        sampler = node.get("Sampler")
        return Rule(
            name=self._read(node, "Name", self._string, ""),
            sample_rate=self._read(node, "SampleRate", self._int, 0),
            drop=self._read(node, "Drop", self._bool, fallback=False),
            scope=self._read(node, "Scope", self._string, ""),
            conditions=None
            if conditions is None or _is_null(conditions)
            else tuple(
                None if _is_null(entry) else self._condition(entry)
                for entry in self._items(conditions, "`Conditions`")
            ),
            sampler=None if sampler is None or _is_null(sampler) else self._rule_sampler(sampler),
            source=item.source,
        )

    def _condition(self, item: YamlNode) -> Condition:
        node = self.mapping(item, "a condition")
        if node is None:
            return Condition()
        value = node.get("Value")
        return Condition(
            field=self._read(node, "Field", self._string, ""),
            fields=self._read(node, "Fields", self._strings, ()),
            operator=self._read(node, "Operator", self._string, ""),
            value=None if value is None else _config_value(value),
            datatype=self._read(node, "Datatype", self._string, ""),
            source=item.source,
        )

    def mapping(self, node: YamlNode | None, what: str) -> YamlMapping | None:
        if node is None or _is_null(node):
            return None
        if not isinstance(node, YamlMapping):
            self._wrong(node, f"a map for {what}")
            return None
        return node

    def _items(self, node: YamlNode | None, what: str) -> tuple[YamlNode, ...]:
        if node is None or _is_null(node):
            return ()
        if not isinstance(node, YamlSequence):
            self._wrong(node, f"a list for {what}")
            return ()
        return node.items

    def _read(
        self, node: YamlMapping, name: str, read: Callable[[YamlNode], _T | None], fallback: _T
    ) -> _T:
        value = node.get(name)
        found = None if value is None or _is_null(value) else read(value)
        return fallback if found is None else found

    def _strings(self, node: YamlNode) -> tuple[str, ...]:
        texts = (self._string(i) for i in self._items(node, "strings") if not _is_null(i))
        return tuple(text for text in texts if text is not None)

    def _string(self, node: YamlNode) -> str | None:
        if not isinstance(node, YamlScalar):
            self._wrong(node, "a string")
            return None
        return node.value if isinstance(node.value, str) else node.text

    def _int(self, node: YamlNode) -> int | None:
        scalar = node.value if isinstance(node, YamlScalar) else None
        if isinstance(scalar, float) and -(2.0**63) <= scalar < 2.0**63:
            return int(scalar)
        if isinstance(scalar, bool) or not isinstance(scalar, int):
            self._wrong(node, "a whole number")
            return None
        return scalar

    def _bool(self, node: YamlNode) -> bool | None:
        scalar = node.value if isinstance(node, YamlScalar) else None
        if isinstance(scalar, str) and scalar in _TRUE_WORDS | _FALSE_WORDS:
            return scalar in _TRUE_WORDS
        if not isinstance(scalar, bool):
            self._wrong(node, "`true` or `false`")
            return None
        return scalar

    def _wrong(self, node: YamlNode, wanted: str) -> None:
        found = (
            "a list"
            if isinstance(node, YamlSequence)
            else "a map"
            if isinstance(node, YamlMapping)
            else f"`{node.text}`"
        )
        self.errors.append(
            load_error(
                "wrong-shape",
                f"{found} stands where Refinery wants {wanted}",
                node.source,
                line=node.line,
                help=f"write {wanted}",
            )
        )


def _is_null(node: YamlNode) -> bool:
    return isinstance(node, YamlScalar) and node.value is None


def _config_value(node: YamlNode) -> ConfigValue:
    if isinstance(node, YamlSequence):
        return tuple(map(_config_value, node.items))
    if isinstance(node, YamlMapping):
        return TextOnly(_map_text(node))
    match node.value:
        case Timestamp():
            return TextOnly(node.value.text)
        case Uint64():
            return TextOnly(text_of(node.value))
        case _:
            return node.value


def _map_text(node: YamlMapping) -> str:
    pairs = sorted((entry.key.text, _element_text(entry.value)) for entry in node.entries)
    return "map[" + " ".join(f"{name}:{text}" for name, text in pairs) + "]"


def _element_text(node: YamlNode) -> str:
    value = _config_value(node)
    if isinstance(value, TextOnly):
        return value.text
    if isinstance(node, YamlSequence):
        return "[" + " ".join(map(_element_text, node.items)) + "]"
    assert not isinstance(value, tuple)
    return text_of(value)

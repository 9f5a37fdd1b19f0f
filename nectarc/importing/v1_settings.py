"""Settings as Refinery 1.x decodes them: names in any case, values turned into what is wanted.

Owns: that reading (viper and mapstructure, weakly typed). Must not know: what a setting means.
Truth: honeycombio/refinery v1.21, config/file_config.go; mapstructure's `WeaklyTypedInput`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

from nectarc.evaluate.values import INT64_MAX, INT64_MIN, parse_float, text_of
from nectarc.refinery.rules import ConfigValue, TextOnly
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.refinery.yaml_scalars import Timestamp
from nectarc.source import SourceSpan
from nectarc.trace import Uint64

_T = TypeVar("_T")

_TRUE: Final = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_FALSE: Final = frozenset(("", "0", "f", "F", "FALSE", "false", "False"))
_INTEGER: Final = re.compile(
    r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)", re.ASCII
)


class UnfitError(Exception):
    """A value that 1.x cannot turn into what it wants: it does not start."""

    def __init__(self, name: str, wanted: str, source: SourceSpan) -> None:
        """Say what was wanted for the setting `name`."""
        super().__init__(name)
        self.name = name
        self.wanted = wanted
        self.source = source


class Settings:
    """The settings of one map. Reading one notes that it was read."""

    def __init__(self, node: YamlMapping) -> None:
        """Read from `node`; of keys that differ in case only, the first counts."""
        self.node = node
        self._read: set[str] = set()

    @property
    def source(self) -> SourceSpan:
        """Where the map stands."""
        return self.node.source

    def entry(self, name: str) -> YamlEntry | None:
        """Return the entry of `name`, a null one too."""
        folded = name.lower()
        self._read.add(folded)
        return next((e for e in self.node.entries if e.key.text.lower() == folded), None)

    def key_source(self, name: str) -> SourceSpan:
        """Return the place of the key `name`, the map's own where it is absent."""
        found = self.entry(name)
        return self.source if found is None else found.key.source

    def value(self, name: str) -> YamlNode | None:
        """Return the value of `name`; None for a null one."""
        found = self.entry(name)
        return None if found is None or is_null(found.value) else found.value

    def read(self, name: str, convert: Callable[[YamlNode], _T | None], wanted: str) -> _T | None:
        """Return the value of `name` as `convert` reads it, None where it is absent.

        Raises `UnfitError` when it does not fit.
        """
        node = self.value(name)
        if node is None:
            return None
        found = convert(node)
        if found is None:
            raise UnfitError(name, wanted, node.source)
        return found

    def int(self, name: str) -> int | None:
        """Return a whole number."""
        return self.read(name, int_of, "a whole number")

    def float(self, name: str) -> float | None:
        """Return a number."""
        return self.read(name, float_of, "a number")

    def bool(self, name: str) -> bool | None:
        """Return a truth value."""
        return self.read(name, bool_of, "`true` or `false`")

    def text(self, name: str) -> str | None:
        """Return a text."""
        return self.read(name, text_of_node, "a text")

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of texts; a text becomes one, split at its commas."""
        return self.read(name, texts_of, "a list of texts")

    def maps(self, name: str) -> tuple[YamlMapping, ...] | None:
        """Return a list of maps; one map becomes a list of it."""
        return self.read(name, _maps_of, "a list of maps")

    def unread(self) -> tuple[YamlEntry, ...]:
        """Return the entries that nobody asked for."""
        return tuple(e for e in self.node.entries if e.key.text.lower() not in self._read)


def is_null(node: YamlNode) -> bool:
    """Say whether `node` is null."""
    return isinstance(node, YamlScalar) and node.value is None


def int_of(node: YamlNode) -> int | None:
    """Return `node` as a whole number; a fraction is cut off."""
    value = node.value if isinstance(node, YamlScalar) else None
    if isinstance(value, float) and INT64_MIN <= value <= INT64_MAX:
        return int(value)
    if isinstance(value, str):
        return _int_of_text(value)
    return int(value) if isinstance(value, int) else None  # of a bool, too


def _int_of_text(text: str) -> int | None:
    if _INTEGER.fullmatch(text) is None:
        return None
    digits = re.sub(r"^([-+]?)0(?=[0-7])", r"\g<1>0o", text)  # Go's octal
    try:
        value = int(digits, 0)
    except ValueError:
        return None
    return value if INT64_MIN <= value <= INT64_MAX else None


def float_of(node: YamlNode) -> float | None:
    """Return `node` as a number."""
    value = node.value if isinstance(node, YamlScalar) else None
    if isinstance(value, str):
        return parse_float(value)
    return float(value) if isinstance(value, int | float) else None


def bool_of(node: YamlNode) -> bool | None:
    """Return `node` as a truth value."""
    value = node.value if isinstance(node, YamlScalar) else None
    if isinstance(value, str):
        return True if value in _TRUE else False if value in _FALSE else None
    return bool(value) if isinstance(value, int | float) else None


def text_of_node(node: YamlNode) -> str | None:
    """Return `node` as a text."""
    value = node.value if isinstance(node, YamlScalar) else None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    return text_of(value) if isinstance(value, int | float) else None


def texts_of(node: YamlNode) -> tuple[str, ...] | None:
    """Return `node` as texts: of a list's items, or of one text's parts between commas."""
    if isinstance(node, YamlSequence):
        texts = tuple(text_of_node(item) for item in node.items)
        known = tuple(text for text in texts if text is not None)
        return known if len(known) == len(texts) else None
    text = text_of_node(node)
    if text is None:
        return None
    return tuple(text.split(",")) if text else ()


def _maps_of(node: YamlNode) -> tuple[YamlMapping, ...] | None:
    if isinstance(node, YamlMapping):
        return (node,) if node.entries else ()
    items = node.items if isinstance(node, YamlSequence) else ()
    maps = tuple(item for item in items if isinstance(item, YamlMapping))
    return maps if isinstance(node, YamlSequence) and len(maps) == len(items) else None


def config_value(node: YamlNode | None) -> ConfigValue:
    """Return a condition's `Value`; a `TextOnly` for what 2.x refuses there."""
    if isinstance(node, YamlSequence):
        items = tuple(map(config_value, node.items))
        kinds = {type(item) for item in items}
        if len(kinds) == 1 and kinds <= {str, int, float, bool}:
            return items
        return TextOnly("[...]")
    if isinstance(node, YamlMapping):
        return TextOnly("map[...]")
    value = None if node is None else node.value
    if isinstance(value, Timestamp):
        return TextOnly(value.text)
    if isinstance(value, Uint64) or (isinstance(value, float) and value != value):  # noqa: PLR0124
        return TextOnly(text_of(value))
    return value

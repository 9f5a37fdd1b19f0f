"""The nodes of a YAML document, each with its place.

Owns: the data, and yaml.v3's limit on aliases. Must not know: how YAML is scanned.
Truth: ../shared/reference/refinery-semantics.md, 1.3.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from nectarc.records import record
from nectarc.refinery.yaml_scalars import ScalarValue
from nectarc.source import SourceSpan


class YamlScalar(NamedTuple):
    """One scalar. `text` is as written (quotes and escapes undone), `tag` the short tag."""

    value: ScalarValue
    text: str
    tag: str
    source: SourceSpan
    line: int


@record
class YamlSequence:
    """A list."""

    items: tuple[YamlNode, ...]
    source: SourceSpan
    line: int


class YamlEntry(NamedTuple):
    """One key and its value, merged ones included."""

    key: YamlScalar
    value: YamlNode


@record
class YamlMapping:
    """A map, in file order, merged entries last. Keys are distinct by their text.

    is_string_keyed: Go decodes it to `map[string]any`; false when some key is an int, bool, null.
    """

    entries: tuple[YamlEntry, ...]
    is_string_keyed: bool
    source: SourceSpan
    line: int

    def get(self, key: str) -> YamlNode | None:
        """Return the value of `key`, None when the map lacks it."""
        for entry in self.entries:
            if entry.key.text == key:
                return entry.value
        return None


YamlNode: TypeAlias = YamlScalar | YamlSequence | YamlMapping


@record
class YamlProblem:
    """Why yaml.v3 refuses the document.

    kind: "yaml-syntax", "duplicate-key", "empty".   line: the one yaml.v3 names, if any.
    """

    kind: str
    message: str
    line: int | None
    source: SourceSpan


def has_excessive_aliasing(root: YamlNode) -> bool:
    """Say whether yaml.v3 refuses the document for the share of steps it makes inside aliases.

    A node reached a second time was reached through an alias. The walk stops at the limit, so its
    cost is bounded: 400,000 steps, or a fixed multiple of the file's own size.
    """
    steps = in_alias = 0
    seen: set[int] = set()
    stack: list[tuple[YamlNode, bool]] = [(root, False)]
    while stack:
        node, is_inside = stack.pop()
        is_inside = is_inside or (id(node) in seen and not isinstance(node, YamlScalar))
        seen.add(id(node))
        steps += 1
        in_alias += is_inside
        if in_alias > 100 and steps > 1000 and in_alias / steps > _allowed_alias_ratio(steps):
            return True
        if isinstance(node, YamlSequence):
            stack.extend((item, is_inside) for item in node.items)
        elif isinstance(node, YamlMapping):
            steps += len(node.entries)
            in_alias += len(node.entries) if is_inside else 0
            stack.extend((entry.value, is_inside) for entry in node.entries)
    return False


def _allowed_alias_ratio(steps: int) -> float:
    low, high = 400_000, 4_000_000
    if steps <= low:
        return 0.99
    return 0.10 if steps >= high else 0.99 - 0.89 * ((steps - low) / (high - low))

"""Where keys and values of a rules file stand.

Owns: paths into a YAML tree. Must not know: the protocol, what the keys mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.source import SourceSpan


class YamlStep(NamedTuple):
    """A part of a tree. `key`: its key in a map, its number in a list; `key_source`: of a key."""

    key: str
    node: YamlNode
    key_source: SourceSpan | None

    @property
    def source(self) -> SourceSpan:
        """Return the place of the whole entry, key included."""
        if self.key_source is None:
            return self.node.source
        return self.key_source.to(self.node.source)


def yaml_path(root: YamlNode, offset: int) -> tuple[YamlStep, ...]:
    """Return the entries and items around `offset`, outermost first, without the root."""
    path: list[YamlStep] = []
    node: YamlNode | None = root
    seen: set[int] = set()
    while node is not None and id(node) not in seen:
        seen.add(id(node))  # an alias may hold itself
        step = next((one for one in steps_of(node) if _is_in(offset, one.source)), None)
        if step is None:
            break
        path.append(step)
        node = step.node
    return tuple(path)


def steps_of(node: YamlNode) -> Iterator[YamlStep]:
    """Yield what is just below a node."""
    match node:
        case YamlMapping():
            for entry in node.entries:
                yield YamlStep(entry.key.text, entry.value, entry.key.source)
        case YamlSequence():
            for index, item in enumerate(node.items):
                yield YamlStep(str(index), item, None)
        case YamlScalar():
            return


def _is_in(offset: int, source: SourceSpan) -> bool:
    return source.start <= offset <= source.end

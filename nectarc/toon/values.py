"""From nodes to plain values.

Owns: the data model of a document, as JSON has it. Must not know: places, forms.
Truth: TOON 4.0, section 2.
"""

from __future__ import annotations

from typing import TypeAlias, assert_never

from nectarc.toon.document import Array, Invalid, Node, Object, Scalar

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"


def to_value(node: Node) -> Value:
    """Return what `node` decodes to, None for what could not be read; last duplicates win."""
    match node:
        case Scalar():
            return node.value
        case Array():
            return [to_value(item) for item in node.items]
        case Object():
            return {entry.key.text: to_value(entry.value) for entry in node.entries}
        case Invalid():
            return None
        case _:
            assert_never(node)

"""A tree from JSON or TOML data, in the types that Go's decoders give; it has no places.

Owns: the conversion. Must not know: rules. Truth: reference, 1.4: JSON numbers are float64 and
TOML integers int64, neither of which is the int that the validator wants.
"""

from __future__ import annotations

from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.source import SourceSpan


def tree_of_plain_data(data: object, whole: SourceSpan) -> YamlNode:
    """Convert; every node stands at `whole`, line 1. A whole number becomes a float."""
    if isinstance(data, dict):
        entries = tuple(
            YamlEntry(
                YamlScalar(str(key), str(key), "!!str", whole, 1), tree_of_plain_data(item, whole)
            )
            for key, item in data.items()
        )
        return YamlMapping(entries, is_string_keyed=True, source=whole, line=1)
    if isinstance(data, list):
        return YamlSequence(tuple(tree_of_plain_data(item, whole) for item in data), whole, 1)
    if data is None or isinstance(data, bool | float | str):
        return YamlScalar(data, str(data), "", whole, 1)
    if isinstance(data, int):
        return YamlScalar(float(data), str(data), "", whole, 1)
    return YamlScalar(str(data), str(data), "", whole, 1)  # TOML's dates and times

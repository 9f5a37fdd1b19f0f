"""A tree from JSON or TOML data, in the types that Go's decoders give; it has no places.

Owns: the conversion. Must not know: rules. Truth: reference, 1.4: JSON numbers are float64 and
TOML integers int64, neither of which is the int that the validator wants.
"""

from __future__ import annotations

from nectarc.evaluate.values import INT64_MAX, INT64_MIN
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.source import SourceSpan


def tree_of_plain_data(
    data: object, whole: SourceSpan, *, keeps_integers: bool = False
) -> YamlNode:
    """Convert; every node stands at `whole`, line 1.

    A whole number becomes a float; with `keeps_integers` it stays what it means in YAML.
    """
    if isinstance(data, dict):
        entries = tuple(
            YamlEntry(
                YamlScalar(str(key), str(key), "!!str", whole, 1),
                tree_of_plain_data(item, whole, keeps_integers=keeps_integers),
            )
            for key, item in data.items()
        )
        return YamlMapping(entries, is_string_keyed=True, source=whole, line=1)
    if isinstance(data, list):
        items = (tree_of_plain_data(item, whole, keeps_integers=keeps_integers) for item in data)
        return YamlSequence(tuple(items), whole, 1)
    if data is None or isinstance(data, bool | float | str):
        return YamlScalar(data, str(data), "", whole, 1)
    if isinstance(data, int):
        is_kept = keeps_integers and INT64_MIN <= data <= INT64_MAX
        return YamlScalar(data if is_kept else float(data), str(data), "", whole, 1)
    return YamlScalar(str(data), str(data), "", whole, 1)  # TOML's dates and times

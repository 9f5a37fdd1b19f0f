"""Several rules files as Refinery merges them.

Owns: which file wins, and the verdict on all of them. Must not know: where the trees came from.
Truth: ../shared/reference/refinery-semantics.md, 1.1 and 1.5: all files are read and merged, the
merged map is validated, and then each file is decoded by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.refinery.decode import decode_rules
from nectarc.refinery.loader import LoadResult, load_tree, refused
from nectarc.refinery.validate import validate
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping, YamlNode
from nectarc.source import SourceSpan


def load_merged(trees: Sequence[YamlMapping | None], whole: SourceSpan, digest: str) -> LoadResult:
    """Load the top-level maps of several files, in order; None is a file with a null document.

    whole: where to point for what none of them has. digest: of the bytes of all, in order.
    """
    maps = [tree for tree in trees if tree is not None]
    merged = merged_maps(maps)
    if not validate(merged, whole):
        # A target that a later file replaces is decoded, too, and can be what Refinery refuses.
        for tree in maps:
            _, errors = decode_rules(tree)
            if errors:
                return refused("decode", errors, digest, merged)
    return load_tree(merged, whole, digest)


def merged_maps(maps: Sequence[YamlMapping]) -> YamlMapping | None:
    """Merge top-level maps: a later one wins by key, in a map under a key by the keys of that."""
    if not maps:
        return None
    merged = maps[0]
    for tree in maps[1:]:
        entries = {entry.key.text: entry for entry in merged.entries}
        for key, value in tree.entries:
            before = entries.get(key.text)
            entries[key.text] = YamlEntry(key, _merged(before and before.value, value))
        merged = YamlMapping(
            tuple(entries.values()),
            merged.is_string_keyed and tree.is_string_keyed,
            tree.source,
            tree.line,
        )
    return merged


def _merged(before: YamlNode | None, after: YamlNode) -> YamlNode:
    """Put the entries of `after` over those of `before`, where both are maps of texts."""
    if not (isinstance(after, YamlMapping) and after.is_string_keyed):
        return after
    if not (isinstance(before, YamlMapping) and before.is_string_keyed):
        return after
    entries = {entry.key.text: entry for entry in before.entries}
    entries |= {entry.key.text: entry for entry in after.entries}
    return YamlMapping(
        tuple(entries.values()), is_string_keyed=True, source=after.source, line=after.line
    )

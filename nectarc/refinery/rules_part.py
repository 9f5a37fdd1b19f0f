"""Rules inside another file: values of Honeycomb's Helm chart, a Kubernetes ConfigMap.

Owns: where the rules stand. Must not know: what they say.
Truth: the chart `honeycomb/refinery` has them as a map (or a text) under `rules`; a ConfigMap that
Refinery mounts has them as a text under `data`, by file name.
"""

from __future__ import annotations

import hashlib
from typing import Final

from nectarc.refinery.loader import LoadResult, load_rules, load_tree
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar
from nectarc.refinery.yaml_tree import parse_yaml

_YAML: Final = frozenset({"yaml", "yml", "YAML", "YML"})
_OWN_KEYS: Final = frozenset({"RulesVersion", "Samplers"})


def load_rules_or_part(data: bytes, extension: str, file: str) -> LoadResult:
    """Load a rules file; of a file that holds rules among other things, its rules."""
    part = _part(data, file) if extension in _YAML else None
    if isinstance(part, YamlMapping):
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        return load_tree(part, part.source, digest)
    if isinstance(part, YamlScalar) and isinstance(part.value, str):
        return load_rules(part.value, "yaml", file)
    return load_rules(data, extension, file)


def _part(data: bytes, file: str) -> YamlNode | None:
    try:
        root, problems = parse_yaml(data.decode("utf-8"), file)
    except UnicodeDecodeError:
        return None
    if problems or not isinstance(root, YamlMapping):
        return None
    if any(root.get(key) is not None for key in _OWN_KEYS):
        return None
    rules = root.get("rules")
    if rules is not None:
        return rules
    texts = root.get("data")
    if not isinstance(texts, YamlMapping):
        return None
    named = [entry.value for entry in texts.entries if "rules" in entry.key.text]
    return named[0] if len(named) == 1 else None

"""Parts of a rules file that stand alone: a list of rules, one sampler, targets without `Samplers`.

Owns: by which keys a part is known, and the file around it. Must not know: what is wrong in it.
Truth: ../shared/reference/refinery-semantics.md, 1.1. Refinery reads whole files only; people cut
parts out of them to ask about, and documentation shows nothing else.
"""

from __future__ import annotations

from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.records import record
from nectarc.refinery.metadata import GROUPS
from nectarc.refinery.rules import DEFAULT_TARGET
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.source import SourceSpan

_RULES_BASED: Final = "RulesBasedSampler"
_OF_RULES: Final = frozenset({"Rules", "CheckNestedFields"})
_OF_RULE: Final = frozenset({"Name", "SampleRate", "Sampler", "Drop", "Scope", "Conditions"})
_ACTING: Final = _OF_RULE - {"Sampler", "Scope"}  # these have other meanings elsewhere
_SAMPLERS: Final = frozenset(name for name in GROUPS if name.endswith("Sampler"))


@record(kw_only=True)
class Fragment:
    """A part of a rules file. tree: a whole file around it, of which only the part has places."""

    tree: YamlMapping
    finding: Diagnostic


def fragment_of(root: YamlNode, whole: SourceSpan) -> Fragment | None:
    """Recognise a part of a rules file by its keys; None for anything else.

    whole: where to point to.
    """
    where: str | None = None
    node = root
    if isinstance(root, YamlSequence) and root.items and all(map(_is_rule, root.items)):
        what, where = "a list of rules", f"under `{_RULES_BASED}` and `Rules` of a target"
        node = _around(root, _RULES_BASED, "Rules")
    elif isinstance(root, YamlMapping) and root.entries:
        keys = {entry.key.text for entry in root.entries}
        if "Rules" in keys and keys <= _OF_RULES:
            what, where = "the rules of one target", f"under `{_RULES_BASED}` of a target"
            node = _around(root, _RULES_BASED)
        elif keys <= _SAMPLERS:
            what, where = "the sampler of one target", "under the name of a target"
        elif _is_rule(root):
            what, where = "one rule", "in the list `Rules` of a target"
            node = _around(YamlSequence((root,), root.source, root.line), _RULES_BASED, "Rules")
        elif all(_is_target(entry.value) for entry in root.entries):
            what, where = "targets", "under `Samplers`"
            tree = _file(root, has_default=DEFAULT_TARGET in keys)
            return Fragment(tree=tree, finding=_said(what, where, root, whole))
    if where is None:
        return None
    return Fragment(
        tree=_file(_around(node, DEFAULT_TARGET), has_default=True),
        finding=_said(what, where, root, whole),
    )


def _is_rule(node: YamlNode) -> bool:
    if not isinstance(node, YamlMapping) or not node.entries:
        return False
    keys = {entry.key.text for entry in node.entries}
    return bool(keys & _ACTING) and len(keys & _OF_RULE) > len(keys) // 2


def _is_target(node: YamlNode) -> bool:
    return isinstance(node, YamlMapping) and any(e.key.text in _SAMPLERS for e in node.entries)


def _around(node: YamlNode, *names: str) -> YamlMapping:
    """Put `node` below keys that do not stand in the text: their place is where it begins."""
    place = SourceSpan(node.source.file, node.source.start, node.source.start)
    for name in reversed(names):
        key = YamlScalar(name, name, "!!str", place, node.line)
        node = YamlMapping((YamlEntry(key, node),), True, place, node.line)
    assert isinstance(node, YamlMapping), "no name, nothing around"
    return node


def _file(targets: YamlMapping, *, has_default: bool) -> YamlMapping:
    """Make a file of targets; without `__default__` it gets one that keeps everything."""
    place = SourceSpan(targets.source.file, targets.source.start, targets.source.start)
    line = targets.line
    entries = targets.entries
    if not has_default:
        rate = YamlScalar(1, "1", "!!int", place, line)
        default = _around(_around(rate, "DeterministicSampler", "SampleRate"), DEFAULT_TARGET)
        entries = (*default.entries, *entries)
    samplers = YamlMapping(entries, targets.is_string_keyed, targets.source, line)
    version = YamlEntry(
        YamlScalar("RulesVersion", "RulesVersion", "!!str", place, line),
        YamlScalar(2, "2", "!!int", place, line),
    )
    file = _around(samplers, "Samplers")
    return YamlMapping((version, *file.entries), True, place, line)


def _said(what: str, where: str, root: YamlNode, whole: SourceSpan) -> Diagnostic:
    place = root.entries[0].key.source if isinstance(root, YamlMapping) else whole
    return finding(
        "NEC542",
        place,
        f"this is a part of a rules file, {what}: Refinery refuses it alone",
        label="no `RulesVersion` and no `Samplers` above",
        why="Refinery reads whole files only; what is said of this part holds where it belongs",
        help=f"a rules file begins with `RulesVersion: 2` and `Samplers:`, and this stands {where}",
    )

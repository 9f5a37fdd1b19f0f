"""Refinery rules files: what stands under the pointer does, and whether it can be imported.

Owns: hover of rules files. Must not know: the protocol.
Truth: nectarc/report/refinery_words.py, nectarc/refinery/located.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from nectarc.importing.v1 import looks_like_v1
from nectarc.refinery.located import LocatedCondition, LocatedRule, LocatedRules, locate
from nectarc.refinery.rules import DEFAULT_TARGET
from nectarc.refinery.yaml_nodes import YamlMapping, YamlScalar
from nectarc.report import refinery_words
from nectarc.report.refinery_words import asked_by, done_by, key_words, operator_words, run_by
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import View
from nectarc_lsp.features.markdown import escaped
from nectarc_lsp.features.yaml_places import YamlStep, yaml_path

_SAMPLERS: Final = "Samplers"
_PATH_OF_TARGET: Final = 2  # Samplers, its name


class Importable(NamedTuple):
    """Whether a rules file can be imported as policies, and why not."""

    is_importable: bool
    reason: str = ""


def importable(view: View) -> Importable:
    """Say whether `nectarc import` can read the rules; what it leaves out it says itself."""
    rules = view.rules
    if rules is None:
        return Importable(is_importable=False, reason="this is no rules file of Refinery")
    if rules.loaded.rules is not None and rules.loaded.tree is not None:
        return Importable(is_importable=True)
    if looks_like_v1(view.text.text, view.text.file.rpartition(".")[2]):
        return Importable(is_importable=True)
    first = next(iter(rules.loaded.diagnostics), None)
    reason = "Refinery cannot load it" if first is None else first.headline
    return Importable(is_importable=False, reason=reason)


def located_rules(view: View) -> LocatedRules | None:
    """Return the rules with their places; None where Refinery does not load the file."""
    return view.derive(_located)


def _located(view: View) -> LocatedRules | None:
    loaded = None if view.rules is None else view.rules.loaded
    if loaded is None or loaded.rules is None or loaded.tree is None:
        return None
    return locate(loaded.rules, loaded.tree)


def rules_words(view: View, offset: int) -> tuple[SourceSpan, str] | None:
    """Return what the key or value at `offset` means and does, with its place."""
    tree = None if view.rules is None else view.rules.loaded.tree
    if tree is None:
        return None
    path = yaml_path(tree, offset)
    if not path:
        return None
    last = path[-1]
    place = _token(last, offset)
    if place is None or not _is_exact(view, place, last):
        return None
    words = [one for one in _words(view, path, offset) if one]
    return (place, "\n\n".join(words)) if words else None


def _token(step: YamlStep, offset: int) -> SourceSpan | None:
    """Return the key or the scalar at `offset`."""
    key = step.key_source
    if key is not None and key.start <= offset <= key.end:
        return key
    value = step.node.source
    is_here = isinstance(step.node, YamlScalar) and value.start <= offset <= value.end
    return value if is_here else None


def _is_exact(view: View, place: SourceSpan, step: YamlStep) -> bool:
    """Say whether the text at `place` is what was read: places in JSON with escapes are not."""
    if place.file != view.text.file:
        return False
    written = view.text.text[place.start : place.end]
    text = step.node.text if isinstance(step.node, YamlScalar) else ""
    return step.key in written or text in written


def _words(view: View, path: tuple[YamlStep, ...], offset: int) -> Iterator[str]:
    last = path[-1]
    is_key = last.key_source is not None and offset <= last.key_source.end
    group = _group(path)
    located = located_rules(view)
    if is_key and len(path) == _PATH_OF_TARGET and path[0].key == _SAMPLERS:
        yield from _target(located, last.key)
        return
    rule, condition = _around(located, offset)
    if rule is not None and condition is None and group == "Rules" and last.key == "Name":
        yield from _rule(rule)
        if is_key:
            yield f"`Name`: {key_words(group, 'Name')}"
        return
    if condition is not None and condition.condition is not None and group == "Conditions":
        yield asked_by(condition.condition)
    if is_key:
        words = key_words(group, last.key)
        yield f"`{last.key}`: {words}" if words else ""
    elif group == "Conditions" and last.key == "Operator" and isinstance(last.node, YamlScalar):
        words = operator_words(last.node.text)
        yield "" if condition is not None else f"`{last.node.text}`: {words}"
    elif rule is not None and group == "Rules":
        yield from _rule(rule)


def _group(path: tuple[YamlStep, ...]) -> str:
    """Return the group that the last key stands in: the nearest key above that names one."""
    for step in reversed(path[:-1]):
        if not step.key.isdigit():
            return step.key
    return ""


def _target(located: LocatedRules | None, name: str) -> Iterator[str]:
    is_default = name == DEFAULT_TARGET
    yield f"**{escaped(name)}**: a target"
    yield refinery_words.DEFAULT_TARGET if is_default else refinery_words.TARGET
    for target in located.targets if located is not None else ():
        if target.name == name:
            yield run_by(target.sampler)


def _rule(rule: LocatedRule) -> Iterator[str]:
    yield f"**{escaped(rule.label)}**: rule {rule.index + 1}"
    if rule.rule is not None:
        yield done_by(rule.rule)


def _around(
    located: LocatedRules | None, offset: int
) -> tuple[LocatedRule | None, LocatedCondition | None]:
    """Return the rule and the condition that hold `offset`."""
    for target in located.targets if located is not None else ():
        for rule in target.rules:
            if _holds(rule.node, offset):
                inside = (one for one in rule.conditions if _holds(one.node, offset))
                return rule, next(inside, None)
    return None, None


def _holds(node: YamlMapping | None, offset: int) -> bool:
    return node is not None and node.source.start <= offset <= node.source.end

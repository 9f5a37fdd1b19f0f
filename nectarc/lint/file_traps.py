"""Traps that only the file as a whole shows.

Owns: NEC545, NEC546, NEC548. Must not know: how any one sampler or condition works.
Truth: ../shared/reference/refinery-semantics.md, 1.1 (no variables in rules), 5.8, 8 (T48).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label
from nectarc.lint.context import LintContext
from nectarc.lint.located_samplers import in_backticks, named
from nectarc.lint.whole_file_traps import check_all_targets
from nectarc.refinery.located import LocatedRules, LocatedTarget
from nectarc.refinery.rules import DEFAULT_TARGET
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence

_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
_VARIABLE: Final = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


def check_file(located: LocatedRules, context: LintContext) -> Iterator[Diagnostic]:
    """Check what only all targets together, and the text as such, show."""
    yield from check_all_targets(located, context)
    yield from _like_names(located)
    yield from _names(located)
    if context.text is None or "${" in context.text.text:  # the walk is long, and mostly in vain
        yield from _variables(located.root)


def _like_names(located: LocatedRules) -> Iterator[Diagnostic]:
    """Find targets of which one is the other in another case, or as a slug."""
    first: dict[str, LocatedTarget] = {}
    for target in located.targets:
        slug = _NO_WORD.sub("-", target.name.lower()).strip("-")
        other = first.setdefault(slug, target)
        if other is target or not slug or DEFAULT_TARGET in (target.name, other.name):
            continue
        yield finding(
            "NEC545",
            target.place,
            f"targets `{other.name}` and `{target.name}` differ in spelling only",
            label="traces of one environment use one of the two",
            why="Refinery looks up the name of the environment letter by letter; what has no such"
            " target is decided by `__default__`",
            help="keep the one that is spelled as the environment in Honeycomb, by its name and not"
            " its slug",
            related=(Label(other.place, "this is the other"),),
        )


def _names(located: LocatedRules) -> Iterator[Diagnostic]:
    """Say once of all targets that their names are looked up letter by letter."""
    targets = [target for target in located.targets if target.name != DEFAULT_TARGET]
    if not targets:
        return
    names = named(tuple(in_backticks(target.name) for target in targets))
    verb = "is" if len(targets) == 1 else "are each"
    yield finding(
        "NEC548",
        targets[0].place,
        f"{names} {verb} looked up letter by letter, as the name of an environment",
        label="not its slug, not another case",
        why="traces of an environment that no target is called by are decided by `__default__`, and"
        " nothing is reported",
        help="compare with the names of your environments in Honeycomb (for a classic key: of your"
        " datasets)",
    )


def _variables(root: YamlNode) -> Iterator[Diagnostic]:
    """Find what looks like a variable; rules' names are for people and may hold anything."""
    seen: set[int] = set()
    stack: list[YamlNode] = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, YamlScalar):
            found = _VARIABLE.search(node.value) if isinstance(node.value, str) else None
            if found is not None:
                yield _variable(node, found.group())
        elif isinstance(node, YamlSequence):
            stack.extend(node.items)
        elif isinstance(node, YamlMapping):
            for key, value in node.entries:
                stack += (key,) if key.text == "Name" else (key, value)


def _variable(node: YamlScalar, written: str) -> Diagnostic:
    return finding(
        "NEC546",
        node.source,
        f"`{written}` stays as it is written: Refinery replaces no variables in rules",
        label="compared letter by letter",
        why="only the main configuration takes `${NAME}` from the environment, so nothing that"
        " arrives is called so",
        help="fill it in before the file reaches Refinery, with `envsubst` for example",
    )

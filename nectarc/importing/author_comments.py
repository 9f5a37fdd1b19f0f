"""Comments of a rules file, and where an import keeps them: none is lost.

Owns: which comment belongs to which rule or target, what becomes a description, what stays a
comment. Must not know: how policies are written. Truth: YAML 1.2, 6.6 (comments).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from nectarc.importing.records import ImportedRule, ImportedTarget
from nectarc.importing.writing import KeptComments
from nectarc.records import record, replace
from nectarc.refinery.located import LocatedRules
from nectarc.refinery.rules import RulesConfig
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.source import SourceText

# A description stands in a cell: longer words stand above the row.
_DESCRIPTION_MAX: Final = 100
_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t]))#[^\n]*", re.MULTILINE)
_NEXT_DOCUMENT: Final = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.MULTILINE)
# A rule or a setting that somebody commented out, and an item of its lists.
_CODE: Final = re.compile(
    r"\s*(?:-\s+)?(?:Name|SampleRate|Drop|Scope|Conditions|Fields?|Operator|Value|Datatype|Sampler"
    r"|\w+Sampler|Goal\w+|FieldList|Rules|RulesVersion|Samplers|__default__)\s*:(?:\s|$)"
)
_ITEM: Final = re.compile(r"\s*-\s+\S+\s*$")
_SAID: Final = re.compile(r"\w")


class _Comment(NamedTuple):
    """One line of comment. `column` counts from 0; `is_alone`: nothing else is on the line."""

    start: int
    column: int
    words: str
    is_alone: bool


class _Owner(NamedTuple):
    """What a comment is of: the file (target ""), a target (rule None), or a rule."""

    target: str
    rule: int | None = None


_FILE: Final = _Owner("")


@record(kw_only=True)
class Commented:
    """Imported targets with descriptions, and the comments that are none.

    kept:  by target.  of_file: what belongs to no target, or to one that became no policy.
    """

    targets: tuple[ImportedTarget, ...]
    kept: dict[str, KeptComments]
    of_file: tuple[str, ...] = ()


def place_comments(
    targets: Sequence[ImportedTarget], located: LocatedRules, texts: Iterable[SourceText]
) -> Commented:
    """Give every comment of `texts` its place beside what was made of its rule or target.

    texts: that places of `located` point into, whole files or the only one that holds rules among
    other things.
    """
    owned: dict[_Owner, list[str]] = {}
    for text in texts:
        for owner, lines in _owned(located, text).items():
            owned.setdefault(owner, []).extend(lines)
    done = [_placed(target, owned) for target in targets]
    # What was not asked for (`--target`) is not here at all; what became no policy has no place.
    homeless = {"", *(target.target for target in targets if not target.rules)}
    strays = [line for owner, lines in owned.items() if owner.target in homeless for line in lines]
    return Commented(
        targets=tuple(target for target, _ in done),
        kept={target.target: kept for target, kept in done},
        of_file=tuple(strays),
    )


def _placed(
    target: ImportedTarget, owned: dict[_Owner, list[str]]
) -> tuple[ImportedTarget, KeptComments]:
    top = list(owned.get(_Owner(target.target), ()))
    above: dict[int, tuple[str, ...]] = {}
    rules = list(target.rules)
    first_of: dict[int, int] = {}
    for index, rule in enumerate(rules):
        if rule.origin is not None:
            first_of.setdefault(rule.origin, index)
    for owner, lines in owned.items():
        if owner.target != target.target or owner.rule is None:
            continue
        place = first_of.get(owner.rule)
        if place is None:
            top += [f"{_rule_label(target, owner.rule)}: {line}" for line in lines]
            continue
        rules[place], others = _described(rules[place], lines)
        if others:
            above[place] = others
    return replace(target, rules=tuple(rules)), KeptComments(top=tuple(top), above=above)


def _described(rule: ImportedRule, lines: Sequence[str]) -> tuple[ImportedRule, tuple[str, ...]]:
    """Return the rule with its description, and the lines that stand above it instead."""
    code = [line for line in lines if _CODE.match(line)]
    if code:
        code = [line for line in lines if _CODE.match(line) or _ITEM.match(line)]
    prose = [line.strip() for line in lines if line not in code and _SAID.search(line)]
    words = " ".join(prose)
    if len(words) > _DESCRIPTION_MAX:
        return rule, tuple(lines)
    return replace(rule, description=words), tuple(code)


def _rule_label(target: ImportedTarget, index: int) -> str:
    rules = target.sampler.rules if isinstance(target.sampler, RulesConfig) else ()
    rule = rules[index] if index < len(rules) else None
    return rule.name if rule is not None and rule.name else f"rule {index + 1}"


def _owned(located: LocatedRules, text: SourceText) -> dict[_Owner, list[str]]:
    """Return the lines of comment by owner, in file order."""
    owners: dict[int, list[_Owner]] = {}
    for target in located.targets:
        if target.place.file == text.file:
            owners.setdefault(target.place.start, []).append(_Owner(target.name))
            for rule in target.rules:
                owner = _Owner(target.name, rule.index)
                owners.setdefault(rule.source.start, []).append(owner)
    starts = sorted(owners)
    owned: dict[_Owner, list[str]] = {}
    for comment in _comments(located.root, text):
        start = _start_of_owner(comment, starts, text)
        for owner in owners[start] if start is not None else [_FILE]:
            owned.setdefault(owner, []).append(comment.words)
    return owned


def _start_of_owner(comment: _Comment, starts: Sequence[int], text: SourceText) -> int | None:
    """Return where the node starts that the comment is about; None for the file."""
    index = bisect_right(starts, comment.start)
    before = starts[index - 1] if index else None
    after = starts[index] if index < len(starts) else None
    if comment.is_alone and after is not None and _is_directly_above(comment, after, text):
        return after
    if comment.is_alone and after is None and comment.column == 0 and before is not None:
        # At the left margin below the last rule: about the file, not the rule.
        is_last = _is_blank(text.text[comment.start :])
        return None if is_last else before
    return before


def _is_directly_above(comment: _Comment, start: int, text: SourceText) -> bool:
    """Whether only comments and blanks stand between, and the comment is no deeper than the node.

    A deeper one belongs to what stands above it.
    """
    line_start = text.text.rfind("\n", 0, start) + 1
    lead = text.text[line_start:start]
    column = len(lead) - len(lead.lstrip(" "))
    between = text.text[comment.start : line_start]
    return comment.column <= column and _is_blank(between) and not lead.strip(" -")


def _is_blank(text: str) -> bool:
    """Whether lines hold comments only."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.split("\n"))


def _comments(root: YamlMapping, text: SourceText) -> Iterator[_Comment]:
    """Yield the comments of the part of the text that `root` stands in."""
    places = {scalar.source for scalar in _scalars(root, set())}
    scalars = sorted((start, end) for file, start, end in places if file == text.file)
    starts = [start for start, _ in scalars]
    first, last = _extent(root, text)
    for found in _COMMENT.finditer(text.text, first, last):
        index = bisect_right(starts, found.start()) - 1
        if index >= 0 and found.start() < scalars[index][1]:
            continue
        line_start = text.text.rfind("\n", 0, found.start()) + 1
        lead = text.text[line_start : found.start()]
        words = found.group().lstrip("#").rstrip()
        yield _Comment(found.start(), len(lead), words.removeprefix(" "), not lead.strip())


def _extent(root: YamlMapping, text: SourceText) -> tuple[int, int]:
    """Return where the comments of the rules begin and end: in a larger file, those inside."""
    if root.source.file != text.file:  # it begins in another of the files that were merged
        return 0, len(text.text)
    is_whole = not text.text[: root.source.start].strip() or _is_blank(
        text.text[: root.source.start].replace("---", "")
    )
    if not is_whole:
        return root.source.start, root.source.end
    following = _NEXT_DOCUMENT.search(text.text, root.source.end)
    return 0, following.start() if following else len(text.text)


def _scalars(node: YamlNode, seen: set[int]) -> Iterator[YamlScalar]:
    """Yield every scalar once, keys among them; aliases lead to nodes that were seen."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, YamlScalar):
        yield node
    elif isinstance(node, YamlSequence):
        for item in node.items:
            yield from _scalars(item, seen)
    else:
        for entry in node.entries:
            yield entry.key
            yield from _scalars(entry.value, seen)


def comment_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """Return comment lines without repetitions of blank ones."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line)
    return tuple(kept)

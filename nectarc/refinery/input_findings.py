"""What is said about inputs as such: their format, documents that are ignored, several rules.

Owns: the words. Must not know: how inputs are read.
Truth: ../shared/reference/refinery-semantics.md, 1.4, traps T49 and T58.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label
from nectarc.refinery.embedded import (
    SAMPLERS_KEY,
    VERSION_KEY,
    Embedded,
    holds_rules,
    later_documents,
)
from nectarc.refinery.load_error import load_error
from nectarc.refinery.rules import DEFAULT_TARGET
from nectarc.refinery.yaml_nodes import YamlMapping, YamlScalar
from nectarc.source import SourceSpan


def refused_numbers(name: str, tree: YamlMapping | None, whole: SourceSpan) -> Diagnostic:
    """Say that Refinery refuses rules in the format `name`, "JSON" or "TOML", for its numbers.

    tree: the rules, with places. whole: where to point without `RulesVersion`.
    """
    version = None if tree is None else tree.get(VERSION_KEY)
    what = "its rates are" if version is None else f"`{VERSION_KEY}` is"
    return load_error(
        "not-int",
        f"Refinery refuses rules as {name}: it takes every number of {name} for another type, so"
        f" {what} no whole number",
        whole if version is None else version.source,
        help="save the same text as `.yaml`: JSON is YAML, and Refinery reads it there"
        if name == "JSON"
        else "write the rules as YAML",
    ).diagnostic


def several(chosen: Embedded, candidates: tuple[Embedded, ...]) -> Diagnostic:
    """Say which of several rules in one file is read."""
    others = tuple(one for one in candidates if one is not chosen)
    return finding(
        "NEC544",
        chosen.place,
        f"this file holds rules {len(candidates)} times; `{chosen.where}` is read",
        label="these are read",
        why="Refinery reads the one that is mounted at the path of its rules",
        help="give the others as files of their own",
        related=tuple(Label(one.place, "these are not read") for one in others),
    )


def added_by_chart(rules: YamlMapping) -> Iterator[Diagnostic]:
    """Tell of the `__default__` that the Helm chart adds to `rules`, as they are written."""
    for key, value in rules.entries:
        if key.text != SAMPLERS_KEY or not isinstance(value, YamlMapping):
            continue
        if value.get(DEFAULT_TARGET) is None:
            yield finding(
                "NEC547",
                key.source,
                f"no `{DEFAULT_TARGET}` here: the Helm chart adds one, and it keeps everything",
                label="the chart adds a target",
                why="every environment without a target of its own is kept whole; without the"
                " chart Refinery refuses these rules",
                help=f"write `{DEFAULT_TARGET}` yourself, with what it should do",
            )


def ignored_documents(text: str, file: str) -> Iterator[Diagnostic]:
    """Tell of the documents behind the first of `text`, once, where one says anything."""
    said = [
        (start, holds_rules(root))
        for start, (root, problems) in later_documents(text, file)
        if problems or not (root is None or (isinstance(root, YamlScalar) and root.value is None))
    ]
    if said:
        start = next((start for start, has_rules in said if has_rules), said[0][0])
        has_rules = any(has_rules for _, has_rules in said)
        yield _ignored(SourceSpan(file, start, start + 3), has_rules=has_rules)


def _ignored(place: SourceSpan, *, has_rules: bool) -> Diagnostic:
    what = "these rules never take effect" if has_rules else "what stands below has no effect"
    return finding(
        "NEC541",
        place,
        f"Refinery reads only the first document of a file: {what}",
        label="what begins here is not read",
        why="for Refinery the targets below this line do not exist"
        if has_rules
        else "it was probably meant to do something",
        help="put everything into one document, or into files of their own",
    )

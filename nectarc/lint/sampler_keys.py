"""Traps of `FieldList`: what the key of a dynamic sampler is made of.

Owns: NEC530, NEC531, NEC538, NEC539. Must not know: rates and intervals.
Truth: ../shared/reference/refinery-semantics.md, 2.10, 4.3, 4.4, 8 (T45, T46, T55).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix, Severity
from nectarc.evaluate.sampler_start import start_exit
from nectarc.lint.context import LintContext
from nectarc.lint.located_samplers import (
    LocatedSampler,
    in_backticks,
    named,
    places,
    samplers_of,
)
from nectarc.lint.many_values import has_own_value_each, may_have_many
from nectarc.refinery.located import LocatedRules, LocatedTarget
from nectarc.refinery.rules import NUM_DESCENDANTS, ROOT_PREFIX
from nectarc.refinery.yaml_edits import quoted
from nectarc.source import SourceSpan

# What a slip of the keyboard leaves at the end of a name; no attribute begins or ends so.
_STRAY: Final = "`'\",;: \t\r\n\u00a0\u2018\u2019\u201c\u201d"
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-/]*")
_LIST_IN_ONE: Final = re.compile(r"[\w.\-]+(?:\s*[,;]\s*[\w.\-]+)+")
# Refinery fills these in after the decision, and takes these from a span before it.
_AFTER_DECISION: Final = frozenset(
    [
        *("meta.span_count", "meta.span_event_count", "meta.span_link_count", "meta.event_count"),
        *("meta.refinery.reason", "meta.refinery.send_reason", "meta.refinery.sample_key"),
        "meta.refinery.final_sample_rate",
    ]
)
_TAKEN_AT_INGEST: Final = frozenset(("sampleRate", "SampleRate"))


def check_keys(target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    """Check the field lists of a target's samplers, name by name."""
    for one in _running(target):
        yield from _shape(one)
        for name, place in one.key_fields:
            unseen = _why_unseen(name)
            if unseen:
                yield _unseen(name, place, unseen, context)
            elif has_own_value_each(name):
                yield _own_value(one, name, place)


def check_keys_of_file(located: LocatedRules) -> Iterator[Diagnostic]:
    """Say once a file what is doubtful about the names in its field lists."""
    spread: list[tuple[LocatedSampler, str, SourceSpan]] = []
    doubtful: dict[str, list[tuple[LocatedSampler, SourceSpan]]] = {}
    for one in (one for target in located.targets for one in _running(target)):
        for name, place in one.key_fields:
            if _why_unseen(name) or has_own_value_each(name):
                continue
            if may_have_many(name):
                doubtful.setdefault(name, []).append((one, place))
            if not name.startswith(ROOT_PREFIX):
                spread.append((one, name, place))
    for name, found in doubtful.items():
        yield _many_values(found[0][0], name, tuple(place for _, place in found))
    if spread:
        yield _from_every_span(spread)


def _running(target: LocatedTarget) -> Iterator[LocatedSampler]:
    return (one for one in samplers_of(target) if start_exit(one.config) is None)


def _shape(one: LocatedSampler) -> Iterator[Diagnostic]:
    if not one.config.field_list:
        length = one.config.parameter("UseTraceLength") is True
        yield finding(
            "NEC539",
            one.at("FieldList"),
            "all traces have one key: `FieldList` is empty"
            if not length
            else "the key is the number of spans alone: `FieldList` is empty",
            label="no fields",
            why="a dynamic sampler treats traces of different keys differently; with one key it "
            "treats all alike",
            help="name the fields that tell kinds of traffic apart, such as `root.http.route`",
        )
    seen: dict[str, SourceSpan] = {}
    for name, place in one.key_fields:
        if name in seen:
            yield finding(
                "NEC539",
                place,
                f"{in_backticks(name)} stands twice in `FieldList`",
                label="adds nothing",
                why="the key repeats its values, which tell no more traces apart",
                help="remove one of the two",
                related=places((seen[name],), "first here", place),
            )
        seen.setdefault(name, place)


def _why_unseen(name: str) -> str:
    """Return why no trace has a value under this name when a key is made, "" where one may."""
    bare = name.removeprefix(ROOT_PREFIX)
    if not bare.strip(_STRAY):
        return "an empty name"
    if bare != bare.strip(_STRAY) or name != name.strip(_STRAY):
        return "a stray character"
    if _LIST_IN_ONE.fullmatch(bare):
        return "one name, not several"
    if bare == NUM_DESCENDANTS or bare.startswith("?."):
        return "computed in conditions only"
    if bare in _AFTER_DECISION:
        return "filled in after the decision"
    return "taken from the span at ingest" if bare in _TAKEN_AT_INGEST else ""


def _unseen(name: str, place: SourceSpan, why: str, context: LintContext) -> Diagnostic:
    meant = name.strip(_STRAY)
    fixes: tuple[Fix, ...] = ()
    if why == "a stray character" and _PLAIN_NAME.fullmatch(meant) and context.text is not None:
        edit = Edit(place, meant if _is_plain(context.text.text, place) else quoted(meant))
        fixes = (Fix(f"write `{meant}`", (edit,), is_safe=True),)
    return finding(
        "NEC538",
        place,
        f"no trace has a value under {in_backticks(name)}, so it adds nothing to the key",
        label=why,
        why="a name without values is left out of the key: traces that it was to tell apart are "
        "sampled alike",
        help=_instead_of_unseen(name, meant, why),
        fixes=fixes,
    )


def _instead_of_unseen(name: str, meant: str, why: str) -> str:
    if why == "a stray character":
        return f"write {in_backticks(meant)}"
    if why == "one name, not several":
        return "write each name as an entry of the list"
    if name.removeprefix(ROOT_PREFIX) in (NUM_DESCENDANTS, "meta.span_count"):
        return "write `UseTraceLength: true` to tell traces apart by their number of spans"
    return "remove it"


def _is_plain(text: str, place: SourceSpan) -> bool:
    return text[place.start : place.start + 1] not in ("'", '"')


def _own_value(one: LocatedSampler, name: str, place: SourceSpan) -> Diagnostic:
    return finding(
        "NEC530",
        place,
        f"{in_backticks(name)} has a value of its own in nearly every trace, so this sampler "
        "keeps nearly all",
        label="hardly any key comes twice",
        why=_why_of_many(one),
        help="name fields that tell kinds of traffic apart, such as `root.http.route`",
    )


def _many_values(one: LocatedSampler, name: str, sources: tuple[SourceSpan, ...]) -> Diagnostic:
    return finding(
        "NEC530",
        sources[0],
        f"{in_backticks(name)} may have very many values",
        label="more than a few hundred keys are too many",
        why=_why_of_many(one),
        help="count its values; a route, a method or a status tells kinds of traffic apart",
        related=places(sources[1:], "here, too", sources[0]),
        severity=Severity.HINT,
    )


def _why_of_many(one: LocatedSampler) -> str:
    keys = one.number("MaxKeys")
    limit = "" if keys < 0 else f", and so is one beyond the {keys or 500:,} keys that are counted"
    return f"a key that the sampler has not seen before is kept at rate 1{limit}"


def _from_every_span(spread: list[tuple[LocatedSampler, str, SourceSpan]]) -> Diagnostic:
    names = tuple(dict.fromkeys(in_backticks(name) for _, name, _ in spread))
    by_sampler: dict[SourceSpan, SourceSpan] = {}
    for one, _, place in spread:
        by_sampler.setdefault(one.place, place)
    first, *others = by_sampler.values()
    every, verb = ("every value", "has") if len(names) == 1 else ("all values", "have")
    return finding(
        "NEC531",
        first,
        f"the key joins {every} that {named(names)} {verb} on any span of a trace",
        label="of every span, not of the root only",
        why="two traces have one key only if all their spans agree; traces through several "
        "services seldom do, and a new key is kept at rate 1",
        help="write `root.` before a name to take the root span's value alone",
        related=places(tuple(others), "in this sampler, too", first),
    )

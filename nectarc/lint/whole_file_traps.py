"""Traps that concern all targets of a file together, each said once.

Owns: NEC534, NEC535. Must not know: any one sampler's settings.
Truth: ../shared/reference/refinery-semantics.md, 1.5, 3.3, 4.1, 8 (T63, T64).
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.lint.context import LintContext
from nectarc.lint.located_samplers import places, rule_in_words, samplers_of
from nectarc.lint.sampler_keys import check_keys_of_file
from nectarc.lint.shared_samplers import check_shared_across_targets
from nectarc.refinery.located import LocatedRules


def check_all_targets(located: LocatedRules, context: LintContext) -> Iterator[Diagnostic]:
    """Check what only the targets of a file together show."""
    yield from check_shared_across_targets(located, context)
    yield from check_keys_of_file(located)
    yield from _restarts(located)
    yield from _fresh_draws(located)


def _restarts(located: LocatedRules) -> Iterator[Diagnostic]:
    sources = [one.place for target in located.targets for one in samplers_of(target)]
    if not sources:
        return
    count = len(sources)
    shown = "this dynamic sampler" if count == 1 else f"the {count} dynamic samplers"
    whose = "its" if count == 1 else "their"
    yield finding(
        "NEC534",
        sources[0],
        f"any edit of this file, even of a comment, restarts {shown}",
        label="counts anew after each reload",
        why=f"Refinery compares the bytes of the file; after a change {whose} rates begin again "
        "from the initial one, until the first interval is over",
        help="gather small edits, and expect other rates for an interval after each",
        related=places(tuple(sources[1:]), "this one, too", sources[0]),
    )


def _fresh_draws(located: LocatedRules) -> Iterator[Diagnostic]:
    sampled = [
        (one, one.rule.sample_rate)
        for target in located.targets
        for one in target.rules
        if one.rule and one.rule.sampler is None and not one.rule.drop and one.rule.sample_rate > 1
    ]
    if not sampled:
        return
    first, rate = sampled[0]
    others = f" and of {len(sampled) - 1} more" if len(sampled) > 1 else ""
    yield finding(
        "NEC535",
        first.at("SampleRate"),
        f"`SampleRate: {rate}` of {rule_in_words(first)}{others} is drawn anew at each decision",
        label="not by the trace's id",
        why="a trace that is decided twice, because spans came late or the nodes changed, can be "
        "kept in one half and dropped in the other",
        help="nothing to mend; a `DeterministicSampler` decides by the trace's id, but only for "
        "a whole target",
        related=places(
            tuple(one.at("SampleRate") for one, _ in sampled[1:]),
            "drawn anew, too",
            first.at("SampleRate"),
        ),
    )

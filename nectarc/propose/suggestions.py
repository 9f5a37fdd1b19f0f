"""What the traffic suggests that the words did not say, with the figures.

Owns: which suggestions there are, and when. Must not know: engines, layout.
Truth: docs/intent.md, "Suggestions".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from nectarc.corpus.text_codes import TextCodes, text_codes
from nectarc.ir.nodes import Drop, Keep, Policy
from nectarc.prove.corpus_decisions import (
    Asked,
    DecidedPart,
    Decisions,
    TraceSource,
    decide_corpus,
)
from nectarc.prove.critical import FIELDS, RareFailure, RareFailures
from nectarc.prove.otel_errors import EXPRS
from nectarc.prove.shares import expected_share
from nectarc.prove.trace_names import describe_trace
from nectarc.records import part, record
from nectarc.render.counting import counted
from nectarc.report.words import share_words

_SERVICE: Final = "service.name"
_ROUTES: Final = ("http.route", "url.path", "http.target", "name")
# Where probes of Kubernetes, load balancers and service meshes ask, by convention.
_PROBES: Final = frozenset(
    {
        "/health", "/healthz", "/healthcheck", "/health-check", "/_health", "/health/live",
        "/health/ready", "/livez", "/live", "/liveness", "/readyz", "/ready", "/readiness",
        "/ping", "/status", "/metrics", "/actuator/health", "/-/healthy", "/-/ready",
        "grpc.health.v1.Health/Check",
    }
)  # fmt: skip
# Less than this share of what is kept is no noise, more than that of all traffic is one service.
_NOISE_SHARE: Final = 0.01
_VOLUME_SHARE: Final = 0.8
_RARE_MAX: Final = 3
_MANY_TRACES: Final = 20  # of fewer traces no share is worth a word


@record(kw_only=True)
class Suggestion:
    """One thing that the traffic shows.

    kind:    "health-checks", "volume", "rare-errors", "missed-errors".
    words:   what it shows, with figures, a sentence.
    say:     what one could say to `propose --refine`.
    figures: numbers for programs, by name.
    traces:  ids of traces that show it.
    """

    kind: str
    words: str
    say: str
    figures: tuple[tuple[str, float], ...] = ()
    traces: tuple[str, ...] = ()


def _sums() -> defaultdict[str, float]:
    return defaultdict(float)


@record(frozen=False)
class _Seen:
    """Sums over the parts: events by probe and by service, kept ones and all."""

    kept_of_rule: np.ndarray[tuple[int], np.dtype[np.float64]]
    kept: float = 0.0
    events: float = 0.0
    probes: defaultdict[str, float] = part(default_factory=_sums)
    probes_kept: defaultdict[str, float] = part(default_factory=_sums)
    services: defaultdict[str, float] = part(default_factory=_sums)
    services_kept: defaultdict[str, float] = part(default_factory=_sums)

    def visit(self, part: DecidedPart) -> None:
        """Add one partition."""
        table = part.table
        sizes = np.diff(table.offsets)
        share = self.kept_of_rule[part.rules[0]] * table.weights
        self.events += float((sizes * table.weights).sum())
        self.kept += float((sizes * share).sum())
        trace_of = np.repeat(np.arange(table.trace_count), sizes)
        weights, kept = table.weights[trace_of], share[trace_of]
        _add(self.services, self.services_kept, text_codes(table, _SERVICE), weights, kept)
        is_probe = np.zeros(table.trace_count, np.bool_)
        for name in _ROUTES:
            route = text_codes(table, name)
            wanted = [code for code, text in enumerate(route.texts) if text in _PROBES]
            rows = np.flatnonzero(np.isin(route.codes, wanted))
            first = np.unique(trace_of[rows], return_index=True)
            for trace, row in zip(*first, strict=True):
                if not is_probe[trace]:
                    text = route.at(int(route.codes[rows[row]]))
                    self.probes[text] += float(sizes[trace] * table.weights[trace])
                    self.probes_kept[text] += float(sizes[trace] * share[trace])
            is_probe[first[0]] = True


def suggestions_for(policy: Policy, source: TraceSource) -> tuple[Suggestion, ...]:
    """Look at the whole corpus once, under what `policy` decides; nothing without traces.

    Dynamic samplers count as keeping all that they decide: what is noise to them is noise.
    """
    shares = [expected_share(rule.action) for rule in policy.rules]
    seen = _Seen(np.array([1.0 if share is None else share for share in shares] + [1.0]))
    is_kept = np.array([*(isinstance(rule.action, Keep) for rule in policy.rules), False])
    failures = RareFailures(is_kept)

    def visit(part: DecidedPart) -> None:
        seen.visit(part)
        failures.visit(part)

    asked = Asked(lists=(policy,), exprs=EXPRS, fields=(*FIELDS, *_ROUTES))
    decisions = decide_corpus(source, asked, visit)
    if len(decisions) < _MANY_TRACES:
        return ()
    return (
        *_missed_errors(policy, decisions, is_kept),
        *_rare_errors(failures.found(), decisions),
        *_noise(seen),
        *_volume(seen),
    )


def _missed_errors(
    policy: Policy, decisions: Decisions, is_kept: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Iterator[Suggestion]:
    """Traces with an OpenTelemetry error that may be lost."""
    rules = decisions.rules[0]
    is_missed = decisions.holds.any(axis=0) & ~is_kept[rules]
    indices = np.flatnonzero(is_missed)
    if not len(indices):
        return
    dropped = [index for index, rule in enumerate(policy.rules) if isinstance(rule.action, Drop)]
    lost = int(np.isin(rules[indices], dropped).sum())
    found = decisions.fetch_all(indices[:1].tolist())
    weight = float(decisions.weights[indices].sum())
    ids = tuple(one.trace.trace_id for one in found)
    never = f", {lost} of them never kept" if lost else ""
    yield Suggestion(
        kind="missed-errors",
        words=f"{counted(len(indices), 'trace')} of the corpus"
        f" ({_of(weight, float(decisions.weights.sum()))} of the traffic) have what OpenTelemetry"
        f" calls an error and may be lost{never}, e.g. {describe_trace(found[0].trace)}",
        say="keep all errors",
        figures=(("traces", float(len(indices))), ("weight", weight)),
        traces=ids,
    )


def _rare_errors(rare: tuple[RareFailure, ...], decisions: Decisions) -> Iterator[Suggestion]:
    """Ways to fail that few traces show, and that may be lost."""
    lost = [one for one in rare if one.lost][:_RARE_MAX]
    if not lost:
        return
    found = decisions.fetch_all([one.example for one in lost])
    for one, example in zip(lost, found, strict=True):
        service = f" in {one.service}" if one.service else ""
        yield Suggestion(
            kind="rare-errors",
            words=f"{one.words}: {counted(one.traces, 'trace')} of the corpus, {one.lost} of which"
            " may be lost",
            say=f"keep errors{service}",
            figures=(
                ("traces", float(one.traces)),
                ("weight", one.weight),
                ("lost", float(one.lost)),
            ),
            traces=(example.trace.trace_id,),
        )


def _noise(seen: _Seen) -> Iterator[Suggestion]:
    """Health checks that take a part of what is kept."""
    kept = sum(seen.probes_kept.values())
    if not seen.kept or kept < _NOISE_SHARE * seen.kept:
        return
    paths = [text for text, events in _most(seen.probes_kept) if events]
    named = ", ".join(paths)
    yield Suggestion(
        kind="health-checks",
        words=f"health checks ({named}) are {_of(sum(seen.probes.values()), seen.events)} of the"
        f" events and {_of(kept, seen.kept)} of what is kept",
        say=f"drop health checks ({named})",
        figures=(
            ("events_share", sum(seen.probes.values()) / seen.events),
            ("kept_share", kept / seen.kept),
        ),
    )


def _volume(seen: _Seen) -> Iterator[Suggestion]:
    """One service that is most of what is kept."""
    if len(seen.services) < 2 or not seen.kept:
        return
    service, kept = _most(seen.services_kept)[0]
    if kept < _VOLUME_SHARE * seen.kept:
        return
    yield Suggestion(
        kind="volume",
        words=f"`{service}` is {_of(seen.services[service], seen.events)} of the events and"
        f" {_of(kept, seen.kept)} of what is kept",
        say=f"sample the {service} service at 1%",
        figures=(
            ("events_share", seen.services[service] / seen.events),
            ("kept_share", kept / seen.kept),
        ),
    )


def _add(
    counts: defaultdict[str, float],
    kept_counts: defaultdict[str, float],
    field: TextCodes,
    weights: np.ndarray[tuple[int], np.dtype[np.float64]],
    kept: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    has = field.codes >= 0
    count = len(field.texts)
    sums = np.bincount(field.codes[has], weights[has], count)
    kept_sums = np.bincount(field.codes[has], kept[has], count)
    for code in np.flatnonzero(sums).tolist():
        counts[field.texts[code]] += float(sums[code])
        kept_counts[field.texts[code]] += float(kept_sums[code])


def _most(sums: defaultdict[str, float]) -> list[tuple[str, float]]:
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


def _of(number: float, whole: float) -> str:
    return share_words(number / whole) if whole else "0 %"

"""A difference as text for a terminal.

Owns: layout. Must not know: how anything was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nectarc.compare.difference import SidesDifference, TargetDifference
from nectarc.report.diff_lines import bullet, filled
from nectarc.report.diff_screen import first_screen, title_of
from nectarc.report.diff_words import (
    change_words,
    corpus_words,
    cost_words,
    error_verdict,
    headline,
    interval_words,
    percent_words,
    region_sentences,
    region_title,
    scope_words,
    span_lines,
    target_changes,
    target_notes,
)
from nectarc.report.tables import WIDTH, Column, render_table

if TYPE_CHECKING:  # it brings NumPy and Arrow, which only a corpus needs
    from nectarc.compare.traffic import MovedTraces, TrafficChange

MOVED_COLUMNS = (
    Column("traces", is_number=True),
    Column("before"),
    Column("now"),
    Column("events kept", is_number=True),
    Column("for example"),
)
SERVICE_COLUMNS = (
    Column("service"),
    Column("error traces", is_number=True),
    Column("kept before", is_number=True),
    Column("kept now", is_number=True),
)


def render_diff_text(
    difference: SidesDifference,
    *,
    width: int = WIDTH,
    price: float | None = None,
    is_whole: bool = False,
    use_colour: bool = False,
) -> str:
    """Return verdict and scope, then what changes.

    price: of a million events, None unasked. is_whole: every kind of traces with its example,
    target by target; else the first screen, and what a corpus says.
    """
    if not is_whole:
        lines = first_screen(difference, width=width, use_colour=use_colour)
        for one in difference.targets:
            if one.traffic is not None:
                lines += ["", *_named(one, difference, width)]
                lines += _traffic(one, one.traffic, width, price, difference.presampled)
        return "\n".join(lines) + "\n"
    lines = filled(title_of(difference), width=width)
    lines += ["", *filled(headline(difference), width=width)]
    lines += filled(scope_words(difference), width=width)
    notes = target_changes(difference)
    lines += [""] if notes else []
    for note in notes:
        lines += bullet("-", note, width=width)
    for one in difference.targets:
        lines += _target(
            one, width, price, difference.presampled, is_named=len(difference.targets) > 1
        )
    return "\n".join(lines) + "\n"


def _named(one: TargetDifference, difference: SidesDifference, width: int) -> list[str]:
    return filled(f"Target `{one.name}`:", width=width) if len(difference.targets) > 1 else []


def _target(
    one: TargetDifference, width: int, price: float | None, presampled: str, *, is_named: bool
) -> Iterator[str]:
    notes = target_notes(one)
    regions = one.comparison.regions
    if not notes and not regions:
        return
    if is_named:
        yield ""
        yield from filled(f"Target `{one.name}`:", width=width)
    yield ""
    yield from _errors(one, width)
    for number, region in enumerate(regions, start=1):
        yield ""
        yield from bullet(f"{number}.", region_title(region, one.left, one.right), width=width)
        for sentence in region_sentences(region, one.left, one.right):
            yield from filled(sentence, width=width, indent=3)
        yield "   For example:"
        for line in span_lines(region.trace):
            yield from filled(line, width=width, indent=5)
    if notes:
        yield ""
    for note in notes:
        yield from bullet("-", note, width=width)
    if one.traffic is not None:
        yield ""
        yield from _traffic(one, one.traffic, width, price, presampled)


def _errors(one: TargetDifference, width: int) -> Iterator[str]:
    yield from filled(error_verdict(one), width=width)
    errors = one.comparison.errors
    if errors.trace is None:
        return
    region = one.comparison.regions[errors.region]
    if errors.trace == region.trace:
        yield f"   The example of {errors.region + 1}. below is one."
        return
    title = f"{region_title(region, one.left, one.right)} ({errors.region + 1}. below)"
    yield from filled(f"{title}, for example:", width=width, indent=3)
    for line in span_lines(errors.trace):
        yield from filled(line, width=width, indent=5)


def _traffic(
    one: TargetDifference, traffic: TrafficChange, width: int, price: float | None, presampled: str
) -> Iterator[str]:
    yield from filled(f"{corpus_words(traffic)}; {change_words(traffic)}.", width=width)
    if presampled:
        yield from filled(f"The corpus is {presampled}: figures count each trace so.", width=width)
    yield from filled(
        f"Kept of all events: before {interval_words(traffic.before)}, now"
        f" {interval_words(traffic.after)}. Intervals: where 95 of 100 such corpora would put it.",
        width=width,
    )
    if price is not None:
        yield from filled(f"Cost: {cost_words(traffic, price)}.", width=width)
    for note in traffic.notes:
        yield from bullet("-", note, width=width)
    rows = moved_rows(one, traffic)
    if rows:
        yield ""
        yield from render_table(MOVED_COLUMNS, rows, width=width)
    services = service_rows(traffic)
    if services:
        yield ""
        yield from filled(error_words(traffic), width=width)
        yield from render_table(SERVICE_COLUMNS, services, width=width)
        if traffic.services_left:
            yield f"… and {traffic.services_left} more services"


def error_words(traffic: TrafficChange) -> str:
    """Return what share of traces with an error is kept, before and now."""
    if traffic.error_before is None or traffic.error_after is None:
        return ""
    return (
        f"Traces with an error that are kept: before {interval_words(traffic.error_before)}, now"
        f" {interval_words(traffic.error_after)}."
    )


def moved_rows(one: TargetDifference, traffic: TrafficChange) -> list[list[str]]:
    """Return a row for each pair of rules whose traces change."""
    rows: list[list[str]] = []
    for moved in traffic.moved:
        before, after = one.left.fate(moved.left), one.right.fate(moved.right)
        was, now = (one.effect.split(" (")[0] for one in (before, after))
        if was == now:
            was, now = before.effect, after.effect
        total = traffic.events
        rows.append(
            [
                f"{moved.traces:,}",
                f"{before.sampler or before.rule}: {was}",
                f"{after.sampler or after.rule}: {now}",
                f"{percent_words(moved.before / total)} → {percent_words(moved.after / total)}",
                _example_words(moved),
            ]
        )
    return rows


def _example_words(moved: MovedTraces) -> str:
    first = moved.examples[0]
    return f"{first.trace_id} ({first.words})"


def service_rows(traffic: TrafficChange) -> list[list[str]]:
    """Return a row for each service with errors."""
    return [
        [
            one.service,
            f"{one.traces:,}",
            interval_words(one.before),
            interval_words(one.after),
        ]
        for one in traffic.services
    ]

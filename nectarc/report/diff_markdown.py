"""A difference as Markdown for a pull request: what changes for my traces, first.

Owns: layout. Must not know: how anything was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nectarc.compare.difference import SidesDifference, TargetDifference
from nectarc.prove.verdicts import Verdict
from nectarc.report.diff_kinds import Kind, kinds_of, shown_first
from nectarc.report.diff_text import (
    MOVED_COLUMNS,
    SERVICE_COLUMNS,
    error_words,
    moved_rows,
    service_rows,
)
from nectarc.report.diff_words import (
    change_words,
    corpus_words,
    cost_words,
    error_verdict,
    headline,
    interval_words,
    region_sentences,
    region_title,
    scope_words,
    span_lines,
    target_changes,
    target_notes,
)
from nectarc.report.tables import Column

if TYPE_CHECKING:  # it brings NumPy and Arrow, which only a corpus needs
    from nectarc.compare.traffic import TrafficChange


def render_diff_markdown(difference: SidesDifference, *, price: float | None = None) -> str:
    """Return the verdict and two traces that show it, then the rest folded away."""
    lines = [f"**{_escaped(headline(difference))}**"]
    differing = [one for one in difference.targets if one.comparison.regions]
    for one in differing:
        lines += ["", *_summary(one, difference, price)]
    lines += _first(difference)
    lines += ["", f"<sub>{_escaped(scope_words(difference))}"]
    lines[-1] += f" Compared: {_code(difference.left)} → {_code(difference.right)}.</sub>"
    notes = [*target_changes(difference), *_notes(difference)]
    if notes:
        lines += ["", *(f"- {_escaped(note)}" for note in notes)]
    lines += _rest(difference)
    for one in differing:
        lines += [] if one.traffic is None else _traffic_tables(one, one.traffic)
    return "\n".join(lines) + "\n"


def _first(difference: SidesDifference) -> Iterator[str]:
    """Yield the first regions with their examples."""
    for kind in shown_first(kinds_of(difference)):
        yield ""
        yield from _kind(kind, is_named=len(difference.targets) > 1)
    if difference.verdict is Verdict.UNKNOWN:
        yield ""
        yield "Look at this change with care: nothing is proven about it."


def _rest(difference: SidesDifference) -> Iterator[str]:
    kinds = kinds_of(difference)
    shown = shown_first(kinds)
    rest = [kind for kind in kinds if kind not in shown]
    if not rest:
        return
    noun = "kind" if len(rest) == 1 else "kinds"
    yield from ("", f"<details><summary>{len(rest)} more {noun} of traces</summary>")
    for kind in rest:
        yield ""
        yield from _kind(kind, is_named=len(difference.targets) > 1)
    yield from ("", "</details>")


def _kind(kind: Kind, *, is_named: bool) -> Iterator[str]:
    one, region = kind.target, kind.region
    target = f" (target {_code(one.name)})" if is_named else ""
    yield f"**{_escaped(region_title(region, one.left, one.right))}**{target}, e.g. this trace:"
    yield ""
    yield "```text"
    yield from (line.replace("```", "'''") for line in span_lines(kind.trace))
    yield "```"
    yield ""
    yield _escaped(" ".join(region_sentences(region, one.left, one.right)))


def _notes(difference: SidesDifference) -> Iterator[str]:
    for one in difference.targets:
        prefix = f"`{one.name}`: " if len(difference.targets) > 1 else ""
        yield from (f"{prefix}{note}" for note in target_notes(one))


def _summary(
    one: TargetDifference, difference: SidesDifference, price: float | None
) -> Iterator[str]:
    """Yield errors and volume, a line each."""
    target = f"Target {_code(one.name)}: " if len(difference.targets) > 1 else ""
    yield f"- {target}{_escaped(error_verdict(one))}"
    traffic = one.traffic
    if traffic is None:
        return
    sampled = f" (the corpus is {difference.presampled})" if difference.presampled else ""
    yield f"- {target}**{change_words(traffic)}**; {corpus_words(traffic)}{sampled}."
    told = error_words(traffic)
    if told:
        yield f"- {told}"
    if price is not None:
        yield f"- Cost: {cost_words(traffic, price)}."
    yield from (f"- {_escaped(note)}" for note in traffic.notes)


def _traffic_tables(one: TargetDifference, traffic: TrafficChange) -> Iterator[str]:
    yield from ("", f"<details><summary>On the corpus, target {one.name}</summary>", "")
    yield (
        f"Kept of all events: before {interval_words(traffic.before)},"
        f" now {interval_words(traffic.after)}."
    )
    rows = moved_rows(one, traffic)
    if rows:
        yield from ("", *_table(MOVED_COLUMNS, rows))
    services = service_rows(traffic)
    if services:
        yield from ("", *_table(SERVICE_COLUMNS, services))
    yield from ("", "</details>")


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(column.title for column in columns)} |"
    yield f"| {' | '.join('---:' if column.is_number else '---' for column in columns)} |"
    for row in rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"


def _cell(words: str) -> str:
    return _escaped(words).replace("|", "\\|")


def _code(words: str) -> str:
    return f"`{words.replace('`', chr(39))}`"


def _escaped(words: str) -> str:
    """Keep names of rules and values from being read as HTML; code between backticks is safe."""
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return _entities(words)
    return "`".join(part if index % 2 else _entities(part) for index, part in enumerate(parts))


def _entities(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

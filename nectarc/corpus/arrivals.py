"""What reading a trace file gives: spans of one trace that came together, and what was left out.

Owns: the four things that a reader yields. Must not know: any format.
Truth: ../shared/design/product.md, "Conventions" (bad records are counted and shown, never lost).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from nectarc.codes import finding
from nectarc.corpus.otlp import Request
from nectarc.corpus.otlp_events import Event, events_of
from nectarc.diagnostic import Diagnostic
from nectarc.records import record
from nectarc.source import SourceSpan
from nectarc.trace import Span


@record
class BadRecord:
    """A record, or a whole file, that was left out.

    line: from 1; 0 means the whole file. problem: one line, for people.
    """

    code: str
    file: str
    line: int
    problem: str
    help: str = ""

    def diagnostic(self) -> Diagnostic:
        """Return the finding; its place is the file, since a corpus is no source text."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return finding(
            self.code,
            SourceSpan(self.file, 0, 0),
            f"`{place}`: {self.problem}",
            why=_WHY[self.code],
            help=self.help,
        )


_WHY: Final = {
    "NEC420": "what Refinery cannot read, it cannot sample: these spans are not in the corpus",
    "NEC421": "no trace of this file can be checked against a policy",
    "NEC422": "a proof or a report over this corpus says nothing about traces that are not in it",
    "NEC423": "the rest of the file is not in the corpus",
    "NEC435": "no trace of this table can be checked against a policy",
}


class Arrival(NamedTuple):
    """Spans of one trace that came together, in order.

    time_ns: the earliest start among them, 0 = none told. rate: spans that each stands for.
    rate_is_of_root: the rate was set on the trace's root.
    source: the file that the trace was read from first, "" = the one being read.
    times: the start of each span in nanoseconds since 1970, 0 = none told; () = none of any.
    """

    trace_id: str
    spans: tuple[Span, ...]
    time_ns: int
    rate: float
    rate_is_of_root: bool
    source: str = ""
    times: tuple[int, ...] = ()


class Untraced(NamedTuple):
    """So many events without a trace id: Refinery sends them on without a decision."""

    events: int


Read: TypeAlias = Arrival | Untraced | BadRecord | Diagnostic


def request_arrivals(request: Request) -> Iterator[Arrival | Untraced]:
    """Yield what Refinery makes of the request, span by span."""
    for events in events_of(request):
        yield from event_arrivals(events)


def event_arrivals(events: tuple[Event, ...]) -> Iterator[Arrival | Untraced]:
    """Yield the events of one span by their trace, which is almost always one."""
    if len(events) == 1:
        (event,) = events
        if event.trace_id:
            time_ns = max(0, event.time_ns)
            spans = (event.as_span(),)
            yield Arrival(event.trace_id, spans, time_ns, event.weight, event.root, "", (time_ns,))
        else:
            yield Untraced(1)
        return
    by_trace: dict[str, list[Event]] = {}
    for event in events:
        by_trace.setdefault(event.trace_id, []).append(event)
    for trace_id, group in by_trace.items():
        if not trace_id:
            yield Untraced(len(group))
            continue
        times = tuple([max(0, event.time_ns) for event in group])
        yield Arrival(
            trace_id,
            tuple([event.as_span() for event in group]),
            min(filter(None, times), default=0),
            group[-1].weight,
            rate_is_of_root=any(event.root for event in group),
            times=times,
        )

"""Files of traces as tests write and read them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from nectarc.corpus.arrivals import Arrival, BadRecord, Untraced
from nectarc.corpus.formats.csv_map import CsvMap
from nectarc.corpus.reading import read_file
from nectarc.diagnostic import Diagnostic
from nectarc.trace import Span, Value


class Found(NamedTuple):
    """What a file holds. bad: code, line and problem of each record that was left out."""

    arrivals: list[Arrival]
    bad: list[tuple[str, int, str]]
    problems: list[Diagnostic]
    untraced: int

    @property
    def items(self) -> list[Span]:
        """Spans, span events and links."""
        return [item for arrival in self.arrivals for item in arrival.spans]

    @property
    def spans(self) -> list[Span]:
        """Spans alone."""
        return [item for item in self.items if "meta.annotation_type" not in item.fields]

    @property
    def traces(self) -> set[str]:
        """The ids of the traces."""
        return {arrival.trace_id for arrival in self.arrivals}

    def values(self, field: str) -> list[Value]:
        """Return what the spans hold in that field."""
        return [span.fields.get(field) for span in self.spans]


def read(path: Path | str, csv_map: CsvMap | None = None) -> Found:
    """Read a file to its end."""
    found = Found([], [], [], 0)
    for one in read_file(str(path), csv_map):
        match one:
            case Arrival():
                assert one.spans
                assert one.trace_id
                found.arrivals.append(one)
            case Untraced():
                found = found._replace(untraced=found.untraced + one.events)
            case BadRecord():
                assert one.diagnostic().why
                found.bad.append((one.code, one.line, one.problem))
            case _:
                found.problems.append(one)
    return found


def read_bytes(folder: Path, content: bytes | str, name: str = "t") -> Found:
    """Write `content` to a file and read that."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path)

"""Tables of spans, one a row -> arrivals, row by row.

Owns: rows, cells and their mistakes. Must not know: what the columns are called (see csv_map).
Truth: RFC 4180; docs/formats.md, "Tables". Ids stay as they are written: tools that write tables
do not keep to OTLP's digits.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from nectarc.corpus.arrivals import Arrival, BadRecord, Untraced, request_arrivals
from nectarc.corpus.formats.csv_map import UNITS_NS, CsvMap, find_map, ready_made_maps
from nectarc.corpus.formats.parts import FormatError, iso_time_ns
from nectarc.corpus.otlp import (
    SERVICE_NAME,
    STATUS_ERROR,
    Attribute,
    OtlpSpan,
    OtlpValue,
    Resource,
    Scope,
    kind_word,
)

if TYPE_CHECKING:
    from _csv import Reader

_UINT64_MAX: Final = 2**64 - 1
_INT64_MAX: Final = 2**63 - 1
_DIGITS_MAX: Final = 40
_SHOWN_COLUMNS: Final = 12
_SERVICES_KEPT: Final = 10_000
_TRUE_WORDS: Final = frozenset({"true", "1", "yes"})
_FALSE_WORDS: Final = frozenset({"false", "0", "no"})


def read_table(
    stream: io.BufferedReader, name: str, delimiter: str, csv_map: CsvMap | None
) -> Iterator[Arrival | Untraced | BadRecord]:
    """Yield the spans of a table whose first row names the columns."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        rows = csv.reader(text, delimiter=delimiter)
        header = [cell.strip() for cell in next(rows, [])]
        known = csv_map or find_map(header)
        if known is None:
            yield _no_map(name, header)
            return
        missing = sorted(known.columns - set(header))
        if missing:
            columns = ", ".join(f"`{column}`" for column in missing)
            yield BadRecord("NEC435", name, 1, f"the table has no column {columns}", _has(header))
            return
        yield from _read_rows(rows, _Columns(known, header), name)
    except csv.Error as error:
        yield BadRecord("NEC421", name, 1, f"looks like a table whose header is broken ({error})")
    finally:
        text.detach()  # else it would close the stream


def _no_map(name: str, header: Sequence[str]) -> BadRecord:
    names = ", ".join(f"`{one}`" for one in ready_made_maps())
    return BadRecord(
        "NEC435",
        name,
        1,
        "a table whose columns nectarc does not know",
        f"say what they mean with `--csv-map` ({names}, or "
        f"`trace_id=COLUMN,span_id=COLUMN,...`); {_has(header)}",
    )


def _has(header: Sequence[str]) -> str:
    shown = ", ".join(header[:_SHOWN_COLUMNS])
    return f"the table has {shown}{', ...' if len(header) > _SHOWN_COLUMNS else ''}"


def _read_rows(
    rows: Reader, columns: _Columns, name: str
) -> Iterator[Arrival | Untraced | BadRecord]:
    last_line = 1
    while True:
        line = last_line + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            last_line = max(last_line + 1, rows.line_num)
            yield BadRecord("NEC422", name, line, f"no row of a table: {error}")
            continue
        last_line = rows.line_num
        if not row:
            continue
        try:
            yield from request_arrivals((columns.resource(row),))
        except FormatError as error:
            yield BadRecord("NEC422", name, line, f"no span: {error}")


class _Columns:
    """Where the cells of a row stand, and what becomes of them."""

    def __init__(self, known: CsvMap, header: Sequence[str]) -> None:
        self._map = known
        self._width = len(header)
        place = {column: index for index, column in reversed(list(enumerate(header)))}
        self._trace_id = place[known.trace_id]
        self._span_id = place[known.span_id]
        self._parent_id = place.get(known.parent_id)
        self._name = place.get(known.name)
        self._service = place.get(known.service)
        self._start = place.get(known.start)
        self._end = place.get(known.end)
        self._duration = place.get(known.duration)
        self._error = place.get(known.error)
        self._kind = place.get(known.kind)
        self._roots = frozenset({"", *known.roots})
        self._error_words = frozenset(word.lower() for word in known.error_words)
        self._pattern = re.compile(known.service_pattern) if known.service_pattern else None
        self._services: dict[str, str] = {}
        left_out = (known.columns | set(known.ignored)) - known.renamed.keys()
        self._attributes = [
            (index, known.renamed.get(column, column), _type(column, known))
            for index, column in enumerate(header)
            if column and column not in left_out
        ]

    def resource(self, row: Sequence[str]) -> Resource:
        """Return the row's span in its resource; raises FormatError."""
        if len(row) != self._width:
            raise FormatError("", f"{len(row)} cells instead of {self._width}")
        for cell in row:
            if not cell.isascii():
                _check_text(cell)
        service = self._service_of(row)
        parts = ((SERVICE_NAME, service),) if service else ()
        return Resource(service, parts, (Scope((), (self._span(row),)),))

    def _span(self, row: Sequence[str]) -> OtlpSpan:
        span_id = row[self._span_id].strip()
        if not span_id:
            raise FormatError(self._map.span_id, "is empty")
        start_ns, end_ns = self._times(row)
        parent = "" if self._parent_id is None else row[self._parent_id].strip()
        has_error = self._error is not None and row[self._error].strip().lower() in (
            self._error_words
        )
        return OtlpSpan(
            trace_id=row[self._trace_id].strip(),
            span_id=span_id,
            parent_id="" if parent in self._roots else parent,
            trace_states=(),
            name="" if self._name is None else row[self._name],
            kind=self._kind_of(row),
            start_ns=start_ns,
            end_ns=end_ns,
            status_code=STATUS_ERROR if has_error else 0,
            status_message="",
            has_error=has_error,
            attributes=tuple(self._pairs(row)),
            events=(),
            links=(),
        )

    def _service_of(self, row: Sequence[str]) -> str:
        if self._service is None:
            return ""
        cell = row[self._service].strip()
        if self._pattern is None:
            return cell
        service = self._services.get(cell)
        if service is None:
            found = self._pattern.search(cell)
            service = (found.group(1) or cell) if found else cell
            if len(self._services) < _SERVICES_KEPT:
                self._services[cell] = service
        return service

    def _kind_of(self, row: Sequence[str]) -> str:
        if self._kind is None:
            return kind_word(0)
        cell = row[self._kind].strip()
        return self._map.kinds.get(cell) or kind_word(0)

    def _times(self, row: Sequence[str]) -> tuple[int, int]:
        start_ns = _time(row, self._start, self._map.start, self._map.unit)
        end_ns = _time(row, self._end, self._map.end, self._map.unit)
        if self._end is None and self._duration is not None:
            unit = self._map.duration_unit or self._map.unit
            unit = "ns" if unit == "iso" else unit
            end_ns = start_ns + _time(row, self._duration, self._map.duration, unit)
        if end_ns > _UINT64_MAX:
            raise FormatError(self._map.duration, "goes beyond all times")
        return start_ns, end_ns

    def _pairs(self, row: Sequence[str]) -> Iterator[Attribute]:
        for index, name, kind in self._attributes:
            cell = row[index]
            if cell:
                yield name, cell if kind == "text" else _typed(cell, kind, name)


def _type(column: str, known: CsvMap) -> str:
    for kind, columns in (("int", known.ints), ("float", known.floats), ("bool", known.bools)):
        if column in columns:
            return kind
    return "text"


def _check_text(cell: str) -> None:
    try:
        cell.encode()
    except UnicodeEncodeError as error:
        byte = ord(cell[error.start]) & 0xFF
        raise FormatError("", f"not UTF-8: byte 0x{byte:02x}") from error


def _time(row: Sequence[str], index: int | None, column: str, unit: str) -> int:
    """Return the nanoseconds of a cell, 0 where there is none."""
    cell = "" if index is None else row[index].strip()
    if not cell:
        return 0
    if unit == "iso":
        return iso_time_ns(cell, column)
    if len(cell) > _DIGITS_MAX:
        raise FormatError(column, "is no number")
    factor = UNITS_NS[unit]
    try:
        number = int(cell) * factor if cell.isdigit() else Decimal(cell) * factor
        is_time = 0 <= number <= _UINT64_MAX  # raises for NaN
    except (ArithmeticError, ValueError) as error:
        raise FormatError(column, f"must be a number, not `{cell}`") from error
    if not is_time:
        raise FormatError(column, f"is no time since 1970: `{cell}`")
    return int(number)


def _typed(cell: str, kind: str, name: str) -> OtlpValue:
    text = cell.strip()
    try:
        if kind == "float":
            return float(text)
        if (
            kind == "int"
            and len(text) <= _DIGITS_MAX
            and -_INT64_MAX - 1 <= int(text) <= _INT64_MAX
        ):
            return int(text)
    except ValueError:
        pass
    if kind == "bool" and text.lower() in _TRUE_WORDS | _FALSE_WORDS:
        return text.lower() in _TRUE_WORDS
    raise FormatError(name, f"is no {kind}: `{text[:60]}`")

"""A trace as a test of a policy: the lines of an item of `tests`.

Owns: how a trace is written and what is read back. Must not know: policies' texts.
Truth: docs/language.md, section 2 (row `tests`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from nectarc.testing.cases import as_received
from nectarc.toon.document import Delimiter
from nectarc.toon.encoder import encode_key, encode_primitive
from nectarc.trace import ROOT_FIELD, Span, Trace, Value

_ROOT = "root"
_EXACT_MAX = 2**53


def test_lines(name: str, expect: str, trace: Trace) -> tuple[str, ...]:
    """Return the lines of a test; () for a trace that no table of spans can say.

    Several spans without a parent, and values that TOON does not have, cannot be said; a float that
    is whole comes back as an integer (`as_written`).
    """
    roots = [at for at, span in enumerate(trace.spans) if span.is_root]
    columns = tuple(
        dict.fromkeys(field for span in trace.spans for field in span.fields if field != ROOT_FIELD)
    )
    values = [value for span in trace.spans for value in span.fields.values()]
    if len(roots) > 1 or _ROOT in columns or not all(map(_is_plain, values)):
        return ()
    marks_root = bool(roots and roots != [0]) or not columns
    if not roots and not columns:
        return ()  # a row without a column is no row
    header = [encode_key(one) for one in columns]
    header += [_ROOT] if marks_root and roots else []
    lines = [f"name: {_text(name)}", f"expect: {_text(expect)}"]
    lines += ["no_root: true"] if not roots else []
    lines.append(f"spans[{len(trace.spans)}]{{{','.join(header)}}}:")
    rows = (_cells(trace, at, columns) for at in range(len(trace.spans)))
    for at, cells in enumerate(rows):
        mark = [("true" if at in roots else "")] if marks_root and roots else []
        lines.append("  " + ",".join([*cells, *mark]))
    return tuple(lines)


def as_written(trace: Trace) -> Trace:
    """Return the trace that a test with these lines has."""
    spans = (
        Span(
            {
                name: int(value) if isinstance(value, float) and value.is_integer() else value
                for name, value in span.fields.items()
                if name != ROOT_FIELD
            },
            span.is_root,
        )
        for span in trace.spans
    )
    return as_received(Trace(trace.trace_id, tuple(spans)))


def _cells(trace: Trace, at: int, columns: tuple[str, ...]) -> Iterator[str]:
    fields = trace.spans[at].fields
    for column in columns:
        value = fields.get(column)
        if column not in fields:
            yield ""
        elif value is None or isinstance(value, bool | int | float | str):
            yield encode_primitive(value, Delimiter.COMMA)


def _text(text: str) -> str:
    return encode_primitive(text, Delimiter.COMMA)


def _is_plain(value: Value) -> bool:
    """Say whether TOON can write the value; `1.0` comes back as the integer that it equals."""
    if isinstance(value, float):
        return math.isfinite(value) and abs(value) <= _EXACT_MAX
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) <= _EXACT_MAX
    return value is None or isinstance(value, bool | str)

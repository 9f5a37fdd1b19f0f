"""The tests of a policy as cases: traces, and the rule that must decide each of them.

Owns: the trace that a table of spans means. Must not know: how cases are run, files.
Truth: docs/language.md, section 2 (row `tests`).
"""

from __future__ import annotations

from collections.abc import Callable

from nectarc.records import record
from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.trace import ROOT_FIELD, Span, Trace


@record(kw_only=True)
class Case:
    """One test.

    expect: the rule that must decide every one of `traces`.
    file:   where the traces were read from, "" where the policy itself holds them.
    """

    name: str
    expect: str
    traces: tuple[Trace, ...]
    file: str = ""
    source: SourceSpan


def cases_of(written: ast.Policy, read: Callable[[str], tuple[Trace, ...]]) -> tuple[Case, ...]:
    """Return the policy's tests in file order; `read` gives the traces of a `file` cell."""
    return tuple(_case(test, read) for test in written.tests)


def trace_of_spans(test: ast.PolicyTest) -> Trace:
    """Return the trace that the test's table of spans means, its id the test's name."""
    spans = (Span(dict(row), is_root=i == test.root) for i, row in enumerate(test.spans))
    return as_received(Trace(test.name.text, tuple(spans)))


def as_received(trace: Trace) -> Trace:
    """Let every span say whether it is the root, as spans do that reach Refinery by OTLP.

    Rules that were compiled from `is_root` and `has_root` read that field. A trace in which some
    span has it comes from a recording and stays as it is.
    """
    if any(ROOT_FIELD in span.fields for span in trace.spans):
        return trace
    spans = (Span({**one.fields, ROOT_FIELD: one.is_root}, one.is_root) for one in trace.spans)
    return Trace(trace.trace_id, tuple(spans))


def _case(test: ast.PolicyTest, read: Callable[[str], tuple[Trace, ...]]) -> Case:
    file = test.file.text if test.file is not None else ""
    return Case(
        name=test.name.text,
        expect=test.expect.text,
        traces=tuple(map(as_received, read(file))) if file else (trace_of_spans(test),),
        file=file,
        source=test.name.source,
    )

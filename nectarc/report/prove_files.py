"""Counterexamples as files that `nectarc test` reads, and the rows that name them.

Owns: names, the file's text, the rows. Must not know: disks.
Truth: docs/language.md, section 2 (`tests`); ../shared/vectors/README.md (typed trace lines).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from nectarc.corpus.typed_trace import encode_trace
from nectarc.prove.verdicts import ProveReport, Verdict
from nectarc.records import record
from nectarc.toon import encode
from nectarc.trace import ROOT_FIELD, Span, Trace


@record
class SavedCounterexample:
    """A file to write: `name` is without folder. `expected`: the rule that ought to decide it."""

    check: str
    name: str
    text: str
    expected: str


def counterexample_files(report: ProveReport) -> tuple[SavedCounterexample, ...]:
    """Return a file for each refuted check that has a trace and a rule that ought to decide it."""
    return tuple(
        SavedCounterexample(
            check.name,
            f"{_plain(report.policy)}-{_plain(check.name)}.json",
            json.dumps(encode_trace(_with_roots(shown.trace)), separators=(",", ":")) + "\n",
            shown.expected,
        )
        for check in report.checks
        if check.verdict is Verdict.REFUTED and (shown := check.counterexample) is not None
    )


def rows_of_tests(saved: Sequence[SavedCounterexample], folder: str) -> str:
    """Return the `tests` section of a policy that runs them; `folder` is seen from the policy.

    A counterexample without an expected rule (to `assumptions`) makes no test.
    """
    rows = [
        {
            "name": one.check,
            "expect": one.expected,
            "file": f"{folder}/{one.name}" if folder else one.name,
        }
        for one in saved
        if one.expected
    ]
    return encode({"tests": rows}) + "\n" if rows else ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "counterexample"


def _with_roots(trace: Trace) -> Trace:
    """Let every span say whether it has a parent, where a line alone would name one root only."""
    if sum(span.is_root for span in trace.spans) < 2:
        return trace
    spans = (Span({**span.fields, ROOT_FIELD: span.is_root}, span.is_root) for span in trace.spans)
    return Trace(trace.trace_id, tuple(spans))

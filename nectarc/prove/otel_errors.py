"""Traces with an OpenTelemetry error that the policy's own idea of an error misses.

Owns: the finding and the one-line change that clears it. Must not know: TOON's layout.
Truth: Refinery reference, 6.2: `error` is true and `status_code` 2 on spans whose OpenTelemetry
status is an error, whatever HTTP said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, assert_never

import numpy as np

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix
from nectarc.evaluate.policy import decide
from nectarc.ir.nodes import (
    Action,
    AnySpan,
    BoolTest,
    Deterministic,
    Drop,
    DynamicSampler,
    Field,
    FieldType,
    Keep,
    NumberOp,
    NumberTest,
    Sample,
    SpanTest,
    TraceExpr,
)
from nectarc.ir.walk import tests_of
from nectarc.prove.corpus_decisions import Asked, Bools, decide_corpus
from nectarc.prove.evidence import Safety, Written
from nectarc.prove.ground import Ground
from nectarc.prove.trace_names import describe_trace
from nectarc.records import record
from nectarc.report.words import sampler_words, share_words
from nectarc.source import SourceSpan, SourceText
from nectarc.toon.document import Scalar
from nectarc.trace import Trace

_CODE: Final = "NEC455"
_ERROR: Final = AnySpan(
    SpanTest(BoolTest(Field(("error",), "error", FieldType.BOOL), value=True, is_negated=False))
)
_STATUS: Final = AnySpan(
    SpanTest(NumberTest(Field(("status_code",), "status_code", FieldType.INT), NumberOp.EQ, 2.0))
)
EXPRS: Final = (_ERROR, _STATUS)
# So many missed traces are read, to try changes on before the whole corpus is asked.
_TRIED_MAX: Final = 50
# What to add to a match, the shortest first.
_ADDITIONS: Final = (" || error", " || status_code == 2", " || error || status_code == 2")


@record
class _Missed:
    """What the corpus says of errors that are not always kept.

    is_missed: (traces,). read: some of those traces, to try changes on.
    """

    is_missed: Bools
    read: tuple[Trace, ...]


def find_otel_errors(
    ground: Ground, safety: Safety, first: int, written: Written | None
) -> tuple[Diagnostic, ...]:
    """Return a warning about the corpus traces whose OpenTelemetry error is not always kept.

    first: where EXPRS, and after them `safety.error`, stand among the corpus's `holds`.
    """
    corpus, policy = ground.corpus, ground.policy
    has_error, has_status, is_known = corpus.holds[first : first + len(EXPRS) + 1]
    is_missed = (has_error | has_status) & ~is_known & ~ground.deciding(ground.is_keep, corpus)
    indices = np.flatnonzero(is_missed)
    if not len(indices):
        return ()
    read = corpus.fetch_all(indices[:_TRIED_MAX].tolist())
    missed = _Missed(is_missed, tuple(stored.trace for stored in read))
    deciding, counts = np.unique(corpus.rules[0][indices], return_counts=True)
    rule = policy.rules[int(deciding[np.argmax(counts)])]
    example = next(
        (trace for trace in missed.read if policy.rules[decide(policy, trace)] is rule),
        missed.read[0],
    )
    change = _find_change(ground, safety.error.match, missed, written)
    traces = "1 trace has" if len(indices) == 1 else f"{len(indices):,} traces have"
    sampled = "it" if len(indices) == 1 else "them"
    if int(counts.max()) < len(indices):
        sampled = f"{int(counts.max()):,} of them"
    word = "error" if (has_error[indices]).all() else "status_code == 2"
    advice = f"to keep them add a rule that matches `{word}` above the rules that decide them"
    return (
        finding(
            _CODE,
            change.source if change else rule.source,
            f"{traces} an OpenTelemetry error but {_missing(safety)};"
            f" rule `{rule.name}` {_fate(rule.action, sampled)}",
            label="does not match them" if change else "decides them",
            why="`error = true` and status_code 2 mark what failed without a 5xx: calls between"
            " services, jobs, queues;"
            f" e.g. trace {example.trace_id} ({describe_trace(example)})",
            help=f"to keep them write `match: {change.match}`" if change else advice,
            fixes=(change.fix,) if change else (),
        ),
    )


class _Change(NamedTuple):
    """A changed match cell that keeps all of the missed traces."""

    match: str
    source: SourceSpan
    fix: Fix


def _find_change(
    ground: Ground, error: TraceExpr, missed: _Missed, written: Written | None
) -> _Change | None:
    """Try additions to the rules that keep, those that test the same fields as `error` first."""
    if written is None:
        return None
    wanted = {spelling for test in tests_of(error) for spelling in test.field.spellings}
    keeping = [rule for rule in ground.policy.rules if isinstance(rule.action, Keep)]
    keeping.sort(
        key=lambda rule: wanted.isdisjoint(
            spelling for test in tests_of(rule.match) for spelling in test.field.spellings
        )
    )
    cells = {rule.name.text: rule.match_cell for rule in written.tree.rules}
    for addition in _ADDITIONS:
        for rule in keeping:
            cell = cells.get(rule.name)
            if cell is None or cell.text.strip() == "true":
                continue
            for edit in _edits(cell, addition):
                if _clears(written, edit, ground, missed):
                    title = f"keep them: `match: {cell.text}{addition}` in rule `{rule.name}`"
                    return _Change(cell.text + addition, cell.source, Fix(title, (edit,)))
    return None


def _edits(cell: Scalar, addition: str) -> Iterator[Edit]:
    yield Edit(cell.span_of(len(cell.text), len(cell.text)), addition)
    # `|` may be the table's delimiter: then the cell needs quotes.
    if not cell.is_quoted:
        text = (cell.text + addition).replace("\\", "\\\\").replace('"', '\\"')
        yield Edit(cell.source, f'"{text}"')


def _clears(written: Written, edit: Edit, ground: Ground, missed: _Missed) -> bool:
    """Say whether the changed policy, read anew, keeps every one of the missed traces."""
    text = written.text.text
    changed = text[: edit.source.start] + edit.text + text[edit.source.end :]
    policy = written.recheck(SourceText.of(written.text.file, changed))
    if policy is None:
        return False
    is_keep = [isinstance(rule.action, Keep) for rule in policy.rules]
    if not all(is_keep[decide(policy, trace)] for trace in missed.read):
        return False
    if int(missed.is_missed.sum()) == len(missed.read):
        return True
    decided = decide_corpus(ground.corpus.source, Asked(lists=(policy,)))
    return bool(np.array(is_keep)[decided.rules[0][missed.is_missed]].all())


def _missing(safety: Safety) -> str:
    if safety.error.text == "http.status >= 500":
        return "no 5xx"
    return f"do not match `{safety.error.text}`"


def _fate(action: Action, traces: str) -> str:
    match action:
        case Keep():
            return f"keeps {traces}"
        case Drop():
            return f"drops {traces}"
        case Sample() | Deterministic():
            return f"samples {traces} at {share_words(1 / action.one_in)}"
        case DynamicSampler():
            return f"leaves {traces} to {sampler_words(action.kind)}"
        case _:
            assert_never(action)

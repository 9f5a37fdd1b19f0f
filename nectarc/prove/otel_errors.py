"""Traces with an OpenTelemetry error that the policy's own idea of an error misses.

Owns: the finding and the one-line change that clears it. Must not know: TOON's layout.
Truth: Refinery reference, 6.2: `error` is true and `status_code` 2 on spans whose OpenTelemetry
status is an error, whatever HTTP said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple, assert_never

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix
from nectarc.evaluate.policy import decide, holds
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
    Policy,
    Sample,
    SpanTest,
    TraceExpr,
)
from nectarc.ir.walk import tests_of
from nectarc.prove.evidence import Decided, Ground, Safety, Written
from nectarc.prove.trace_names import describe_trace
from nectarc.report.words import share_words
from nectarc.source import SourceSpan, SourceText
from nectarc.toon.document import Scalar

_CODE: Final = "NEC455"
_ERROR: Final = AnySpan(
    SpanTest(BoolTest(Field(("error",), "error", FieldType.BOOL), value=True, is_negated=False))
)
_STATUS: Final = AnySpan(
    SpanTest(NumberTest(Field(("status_code",), "status_code", FieldType.INT), NumberOp.EQ, 2.0))
)
# What to add to a match, the shortest first.
_ADDITIONS: Final = (" || error", " || status_code == 2", " || error || status_code == 2")


def has_otel_error(trace: Decided) -> bool:
    """Say whether some span has `error = true` or the OpenTelemetry status 2."""
    return holds(_ERROR, trace.trace) or holds(_STATUS, trace.trace)


def find_otel_errors(
    ground: Ground, safety: Safety, written: Written | None
) -> tuple[Diagnostic, ...]:
    """Return a warning about the corpus traces whose OpenTelemetry error is not always kept."""
    missed = [
        one
        for one in ground.corpus
        if not isinstance(ground.rule(one).action, Keep)
        and has_otel_error(one)
        and not holds(safety.error.match, one.trace)
    ]
    if not missed:
        return ()
    index, count = Counter(one.rule for one in missed).most_common(1)[0]
    example = next(one for one in missed if one.rule == index)
    rule = ground.policy.rules[index]
    change = _find_change(ground.policy, safety.error.match, missed, written)
    traces = "1 trace has" if len(missed) == 1 else f"{len(missed)} traces have"
    sampled = "it" if len(missed) == 1 else "them"
    if count < len(missed):
        sampled = f"{count} of them"
    return (
        finding(
            _CODE,
            change.source if change else rule.source,
            f"{traces} an OpenTelemetry error but {_missing(safety)};"
            f" rule `{rule.name}` {_fate(rule.action, sampled)}",
            label="does not match them" if change else "decides them",
            why="`error = true` and status_code 2 mark what failed without a 5xx: calls between"
            " services, jobs, queues;"
            f" e.g. trace {example.trace.trace_id} ({describe_trace(example.trace)})",
            help=f"to keep them write `match: {change.match}`" if change else _advice(missed),
            fixes=(change.fix,) if change else (),
        ),
    )


class _Change(NamedTuple):
    """A changed match cell that keeps all of the missed traces."""

    match: str
    source: SourceSpan
    fix: Fix


def _find_change(
    policy: Policy, error: TraceExpr, missed: list[Decided], written: Written | None
) -> _Change | None:
    """Try additions to the rules that keep, those that test the same fields as `error` first."""
    if written is None:
        return None
    wanted = {spelling for test in tests_of(error) for spelling in test.field.spellings}
    keeping = [rule for rule in policy.rules if isinstance(rule.action, Keep)]
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
                if _clears(written, edit, missed):
                    title = f"keep them: `match: {cell.text}{addition}` in rule `{rule.name}`"
                    return _Change(cell.text + addition, cell.source, Fix(title, (edit,)))
    return None


def _edits(cell: Scalar, addition: str) -> Iterator[Edit]:
    yield Edit(cell.span_of(len(cell.text), len(cell.text)), addition)
    # `|` may be the table's delimiter: then the cell needs quotes.
    if not cell.is_quoted:
        text = (cell.text + addition).replace("\\", "\\\\").replace('"', '\\"')
        yield Edit(cell.source, f'"{text}"')


def _clears(written: Written, edit: Edit, missed: list[Decided]) -> bool:
    """Say whether the changed policy, read anew, keeps every one of `missed`."""
    text = written.text.text
    changed = text[: edit.source.start] + edit.text + text[edit.source.end :]
    policy = written.recheck(SourceText.of(written.text.file, changed))
    return policy is not None and all(
        isinstance(policy.rules[decide(policy, one.trace)].action, Keep) for one in missed
    )


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
            return f"leaves {traces} to a {action.kind}"
        case _:
            assert_never(action)


def _advice(missed: list[Decided]) -> str:
    word = "error" if all(holds(_ERROR, one.trace) for one in missed) else "status_code == 2"
    return f"to keep them add a rule that matches `{word}` above the rules that decide them"

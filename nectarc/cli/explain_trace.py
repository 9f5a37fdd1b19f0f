"""Why single traces are decided as they are: `explain --trace`.

Owns: finding the traces, one answer for each. Must not know: the report.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from itertools import islice
from typing import Final

from nectarc.cli.arguments import UsageError
from nectarc.cli.console import Console
from nectarc.cli.evidence import Traces
from nectarc.cli.explain_reading import Explained
from nectarc.cli.progress import progress_line
from nectarc.cli.widths import width_of
from nectarc.corpus.store import open_traces
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN
from nectarc.ir.nodes import Policy
from nectarc.prove.trace_ids import find_trace
from nectarc.render.json import Json
from nectarc.report.trace_text import render_trace_text, trace_record
from nectarc.report.trace_view import TraceExplanation, explain_trace, explain_trace_by_rules
from nectarc.spelling import nearest
from nectarc.trace import Trace
from nectarc.waggle.subjects import Subject

# A file of more traces is a corpus: of that, each table of conditions is too much to read.
_TRACES_MAX: Final = 20


def is_file(word: str) -> bool:
    """Say whether `--trace` names a file (or folder) of traces, not an id."""
    return word == STDIN or os.path.exists(word)


def explain_traces(
    word: str, explained: Explained, traffic: Traces, form: str, console: Console
) -> tuple[str, list[Diagnostic]]:
    """Return the explanations of all traces that `word` names, by every policy or target."""
    found: tuple[Diagnostic, ...] = ()
    if is_file(word):
        traces, found = _read(word, console)
    else:
        traces = (_find(word, traffic),)
    told = [
        (subject, [_explain(subject, explained, trace) for trace in traces])
        for subject in explained.subjects
    ]
    if form == "json":
        return _json(told), list(found)
    blocks = [block for subject, ones in told for block in _blocks(subject, ones, told, console)]
    if form == "markdown":
        blocks = [f"```text\n{block}```\n" for block in map(_without_fences, blocks)]
    return "\n".join(blocks), list(found)


def _read(word: str, console: Console) -> tuple[tuple[Trace, ...], tuple[Diagnostic, ...]]:
    with progress_line(console) as progress:
        store = open_traces(word, progress=progress)
    with store:
        traces = tuple(one.trace for one in islice(store.iter_traces(), _TRACES_MAX))
        found = store.diagnostics()
        left = store.trace_count - len(traces)
    if left > 0:
        console.message(
            f"{word} holds {left:,} traces more than the {_TRACES_MAX} that are explained:"
            " name one by its id, with `--corpus` for the file"
        )
    return traces, found


def _find(wanted: str, traffic: Traces) -> Trace:
    """Return the trace whose id is, or alone begins with, `wanted`; incidents come first."""
    stores = (traffic.must_keep, traffic.corpus)
    found = find_trace(tuple(store for store in stores if store is not None), wanted)
    if found.trace is not None:
        return found.trace.trace
    if found.beginnings:
        some = ", ".join(found.beginnings[:3]) + (", ..." if len(found.beginnings) > 3 else "")
        raise UsageError(f"{len(found.beginnings)} traces begin with `{wanted}`: {some}")
    meant = nearest(wanted, found.known)
    hint = f": did you mean `{meant}`?" if meant else ""
    if not found.known:
        hint = ": there is no corpus; `--corpus` names one, and a file of traces can be named here"
    raise UsageError(f"no trace of the corpus has the id `{wanted}`, nor is it a file{hint}")


def _explain(subject: Subject, explained: Explained, trace: Trace) -> TraceExplanation:
    decided = subject.decided
    if not isinstance(decided, Policy):
        return explain_trace_by_rules(decided, trace)
    lowered = next(
        (one.lowering.lowered for one in explained.policies if one.subject is subject), None
    )
    return explain_trace(decided, trace, lowered)


def _blocks(
    subject: Subject,
    explanations: Sequence[TraceExplanation],
    told: Sequence[tuple[Subject, Sequence[TraceExplanation]]],
    console: Console,
) -> list[str]:
    width = width_of(console.out)
    texts = [render_trace_text(one, width=width) for one in explanations]
    if len(told) == 1:
        return texts
    who = "policy" if subject.is_policy else "target"
    return [f"By {who} `{subject.name}`:\n{text}" for text in texts]


def _without_fences(text: str) -> str:
    """Return `text` so that no line of it ends a block of code."""
    return text.replace("```", "'''")


def _json(told: Sequence[tuple[Subject, Sequence[TraceExplanation]]]) -> str:
    """Return one object of one trace and one policy; lists of several traces, objects by policy."""
    records: dict[str, Json] = {}
    for subject, ones in told:
        found: list[Json] = [trace_record(one) for one in ones]
        key = subject.file if subject.is_policy else subject.name
        records[key] = found[0] if len(found) == 1 else found
    whole: Json = dict(records)
    if len(records) == 1:
        (whole,) = records.values()
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"

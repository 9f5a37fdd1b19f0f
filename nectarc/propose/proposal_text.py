"""A proposal for people: what was read, with traces; what is proven; what the traffic suggests.

Owns: layout and words. Must not know: engines, files.
Truth: ../shared/design/product.md (`propose`): a policy is checked and proven before it is shown.
"""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.intent.failures import Failure
from nectarc.intent.policy_text import without_head
from nectarc.propose.failing import reason_of
from nectarc.propose.proposals import Proposal
from nectarc.propose.saying import Said, Shown
from nectarc.prove.verdicts import CheckResult, ProveReport, Verdict
from nectarc.records import record
from nectarc.render.counting import counted
from nectarc.render.excerpt import displayed
from nectarc.report.prove_text import about_words, small_trace_lines
from nectarc.report.tables import WIDTH, Column, paragraph, render_table
from nectarc.report.words import share_words
from nectarc.trace import Trace

_COLUMNS: Final = (Column("verdict"), Column("check"), Column("about"))
_CLAUSE: Final = "invariant clause "
_COLOURS: Final = {"+": "\033[32m", "-": "\033[31m", "@": "\033[36m"}
_ORIGINS: Final = {
    "safety": "from the project's [safety]",
    "answer": "from your answer",
    "policy": "from the policy",
}


@record(kw_only=True)
class Layout:
    """width: of a line. has_policy: the policy itself is shown, not only what it was read from."""

    width: int = WIDTH
    has_policy: bool = True
    has_colour: bool = False


_LAYOUT: Final = Layout()


def render_proposal(proposal: Proposal, *, old: str | None = None, layout: Layout = _LAYOUT) -> str:
    """Return the reading, the policy (or how it changes `old`), the proofs, the suggestions."""
    width = layout.width
    lines = _reading(proposal, width)
    if layout.has_policy:
        lines += ["", *_policy(proposal.text, old, has_colour=layout.has_colour)]
    if not proposal.is_proven:
        count = counted(len(proposal.judged.failures), "reason")
        lines += ["", f"NOT PROVEN, {count}:"]
        lines += _reasons(proposal, width)
    report = proposal.judged.report
    if report is not None:
        lines += ["", *_proofs(report, width)]
    if proposal.suggestions:
        lines += ["", "Your traffic suggests:"]
        for one in proposal.suggestions:
            lines += paragraph(f"- {one.words}", width=width, indent=2)
            lines.append(f"    nectarc propose --refine {shlex.quote(one.say)}")
    return "\n".join(lines) + "\n"


def render_unproven(proposal: Proposal, *, width: int = WIDTH) -> str:
    """Return the best attempt with why it is refused: it must not look as if it were fine."""
    failures = proposal.judged.failures
    lines = [*_reading(proposal, width), ""]
    lines += paragraph(
        f"NOT PROVEN: nothing was written. {counted(len(failures), 'reason')}:", width=width
    )
    lines += _reasons(proposal, width)
    lines += ["", "The refused policy:", ""]
    lines += [f"  {line}" for line in without_head(proposal.text).splitlines()]
    lines += [
        "",
        *paragraph(
            "Say what should happen to such traces, or write it all the same with `--force`: the"
            " findings then stand in its head.",
            width=width,
        ),
    ]
    return "\n".join(lines) + "\n"


def _reasons(proposal: Proposal, width: int) -> Iterator[str]:
    """Yield each reason; those that the same trace shows come together, with it."""
    groups: dict[tuple[str, ...], list[Failure]] = {}
    for number, failure in enumerate(proposal.judged.failures):
        shown = failure.counterexample
        key = (str(number),) if shown is None else (failure.rule, *small_trace_lines(shown))
        groups.setdefault(key, []).append(failure)
    for group in groups.values():
        yield ""
        for words in dict.fromkeys(reason_of(one, proposal.intent) for one in group):
            yield from paragraph(f"- {words}", width=width, indent=2)
        for what in dict.fromkeys(one.what for one in group if one.what):
            yield from paragraph(what, width=width, indent=4)
        trace = group[0].counterexample
        passing = next((one.passing for one in group if one.passing is not None), None)
        if trace is not None:
            yield "    on this trace:"
            yield from _trace(trace, width)
        if passing is not None:
            yield "    but not on this one:"
            yield from _trace(passing, width)


def _reading(proposal: Proposal, width: int) -> list[str]:
    used = proposal.used
    by = "the offline engine" if used.engine == "offline" else f"Claude ({used.model})"
    rounds = f", in {used.rounds} rounds" if used.rounds > 1 else ""
    lines = paragraph(
        f"Read by {by}{rounds}; a trace goes to the first clause about it:", width=width
    )
    for number, said in enumerate(proposal.said, start=1):
        lines += ["", *_clause(number, said, width)]
    for aside in proposal.intent.asides:
        lines += ["", *paragraph(f'Left aside, as it asks for nothing: "{aside}"', width=width)]
    notes = (*proposal.intent.notes, *proposal.notes)
    if notes:
        lines.append("")
    for note in notes:
        lines += paragraph(f"Note: {note}", width=width)
    return lines


def _clause(number: int, said: Said, width: int) -> Iterator[str]:
    clause = said.clause
    words = " ".join(clause.words.split())
    origin = _ORIGINS.get(clause.origin, "")
    source = f'"{words}"' if words else origin
    yield from paragraph(f"{number}. {clause.name}: {source}", width=width)
    reason = f" ({said.wins})" if said.wins else ""
    yield from paragraph(f"{said.words}{reason}", width=width, indent=3)
    if said.share is not None:
        yield from paragraph(
            f"Decides {share_words(said.share)} of the corpus: {counted(said.traces, 'trace')}.",
            width=width,
            indent=3,
        )
    yield from _example("about", said.about, said, width)
    yield from _example("not about", said.other, said, width)


def _example(word: str, shown: Shown | None, said: Said, width: int) -> Iterator[str]:
    if shown is None:
        return
    facts = f": {shown.facts}" if shown.facts else ""
    origin = f" (trace {shown.id})" if shown.id else " (made up: none is recorded)"
    decided = f"; it goes to `{shown.rule}`" if word == "not about" and shown.rule else ""
    if shown.rule == said.clause.name:
        decided = ""
    yield from paragraph(f"- {word}: {shown.words}{facts}{decided}{origin}", width=width, indent=3)


def _policy(text: str, old: str | None, *, has_colour: bool) -> list[str]:
    if old is None:
        return [*without_head(text).rstrip("\n").splitlines()]
    changes = difflib.unified_diff(
        old.splitlines(), text.splitlines(), "before", "after", lineterm="", n=2
    )
    lines = [displayed(line) for line in changes] or ["The policy stays as it is."]
    return [_coloured(line) for line in lines] if has_colour else lines


def _coloured(line: str) -> str:
    colour = "" if line.startswith(("---", "+++")) else _COLOURS.get(line[:1], "")
    return f"{colour}{line}\033[0m" if colour else line


def _proofs(report: ProveReport, width: int) -> list[str]:
    has_assumptions = bool(report.assumptions)
    rows = [
        (check.verdict.value, check.name, about_words(check, has_assumptions=has_assumptions))
        for check in report.checks
        if not check.name.startswith(_CLAUSE)
    ]
    said = [check for check in report.checks if check.name.startswith(_CLAUSE)]
    if said:
        rows.append((_verdict_of(said), "your words", _said_words(said)))
    lines = list(render_table(_COLUMNS, rows, width=width))
    unknown = [one for one in report.not_asked if one.startswith(("must-keep", "budget"))]
    for words in unknown:
        lines += paragraph(f"not asked: {words}", width=width)
    if not report.corpus.traces:
        lines += paragraph(
            "There is no corpus: what this keeps of your traffic is unknown. Load traces with"
            " `nectarc ingest TRACES`, then `nectarc prove`.",
            width=width,
        )
    return lines


def _verdict_of(checks: Sequence[CheckResult]) -> str:
    verdicts = {check.verdict for check in checks}
    order = (Verdict.REFUTED, Verdict.UNKNOWN, Verdict.HOLDS, Verdict.PROVED)
    return next(one.value for one in order if one in verdicts)


def _said_words(checks: Sequence[CheckResult]) -> str:
    proved = sum(check.verdict is Verdict.PROVED for check in checks)
    if proved == len(checks):
        return f"every trace ({len(checks)} properties that follow from your clauses)"
    return f"{proved} of {len(checks)} properties of your clauses are proven"


def _trace(trace: Trace, width: int) -> Iterator[str]:
    for line in small_trace_lines(trace):
        yield from paragraph(line, width=width, indent=6)

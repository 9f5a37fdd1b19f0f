"""How the end of a proposal is shown: to people on the right stream, to programs as JSON.

Owns: streams. Must not know: words, keys.
"""

from __future__ import annotations

import json
from typing import TextIO

from nectarc.cli.console import Console, has_colour
from nectarc.cli.widths import width_of
from nectarc.intent.records import Asks, Refuses
from nectarc.propose.outcomes import Failed
from nectarc.propose.proposal_json import outcome_record
from nectarc.propose.proposal_text import Layout, render_proposal, render_unproven
from nectarc.propose.proposals import Proposal
from nectarc.report.tables import paragraph
from nectarc.source import SourceText


def show_json(
    outcome: Proposal | Asks | Refuses | Failed, console: Console, *, written: str | None = None
) -> None:
    """Write the outcome as one JSON object to stdout."""
    record = outcome_record(outcome, written=written)
    console.result(json.dumps(record, indent=2, ensure_ascii=False) + "\n")


def show_proposal(
    proposal: Proposal,
    console: Console,
    *,
    stream: TextIO,
    old: SourceText | None,
    has_policy: bool = True,
) -> None:
    """Write the reading, the policy or its change, and the proofs; --quiet leaves stderr empty."""
    if stream is console.err and console.is_quiet:
        return
    before = None if old is None else old.text
    layout = Layout(width=width_of(stream), has_policy=has_policy, has_colour=has_colour(stream))
    stream.write(render_proposal(proposal, old=before, layout=layout))


def show_unproven(proposal: Proposal, console: Console) -> None:
    """Write the refused attempt with why to stderr: nothing came of it."""
    console.err.write(render_unproven(proposal, width=width_of(console.err)))


def show_refusal(refusal: Refuses, console: Console) -> None:
    """Say that no policy does this, and what can be done."""
    width = width_of(console.err)
    lines = paragraph(f"nectarc: {refusal.reason}", width=width)
    for one in refusal.instead:
        lines += paragraph(f"- {one}", width=width, indent=2)
    lines.append("Nothing was written.")
    console.err.write("\n".join(lines) + "\n")


def show_failed(failed: Failed, console: Console) -> None:
    """Say why the engine could not be asked, and what to do."""
    width = width_of(console.err)
    lines = paragraph(f"nectarc: {failed.reason}", width=width)
    if failed.help:
        lines += paragraph(failed.help, width=width, indent=2)
    console.err.write("\n".join(lines) + "\n")

"""A proposal from a sentence, as `nectarc propose` makes it.

Owns: from the job to its answer. Must not know: the protocol, where anything is written.
Truth: docs/propose.md. Values of the corpus stay here unless the user shares them.
"""

from __future__ import annotations

import difflib
import os
import time
from collections.abc import Callable
from typing import assert_never

from nectarc.claude.requests import Allowed
from nectarc.intent.records import Asks, Refuses
from nectarc.project import Project
from nectarc.propose.engines import EngineOptions, engine_of
from nectarc.propose.outcomes import Drafted, Failed
from nectarc.propose.proposals import Proposal, proposal_of
from nectarc.propose.setting import setting_of
from nectarc.source import SourceText
from nectarc_lsp.background.suggesting_jobs import Proposed, ProposeJob, Told
from nectarc_lsp.background.suggesting_traffic import Traffic
from nectarc_lsp.features.markdown import paragraphs
from nectarc_lsp.features.suggestions_markdown import (
    asks_page,
    failed_page,
    proposal_page,
    refusal_page,
    verdict_line,
)


def proposed(job: ProposeJob, traffic: Traffic, tell: Callable[[Told], None]) -> Proposed:
    """Read the sentence, judge what it asks for, and say how that ended."""
    known = job.project if job.project is not None else Project(root="")
    tell(Told(words="reading the traffic"))
    setting = setting_of(job.project, traffic.vocabulary(known), traffic.evidence(known), job.old)
    notes: list[str] = []
    refined = job.old if job.refine else None

    def is_told(words: str) -> None:
        tell(Told(words=words, is_remote=True))

    def note(words: str) -> None:
        notes.append(f"{words}.")
        tell(Told(words=words))

    name = known.propose_engine if job.reader.engine == "auto" else job.reader.engine
    options = EngineOptions(
        name=name,
        environment=os.environ,
        sleep=time.sleep,
        tell=is_told,
        note=note,
        allowed=Allowed(all_values=job.reader.share_values),
    )
    engine = engine_of(options, known, setting, refined)
    tell(Told(words="reading the sentence", is_remote=True))
    outcome = engine.read(job.sentence, dict(job.answers))
    tell(Told(words="saying it back"))
    match outcome:
        case Drafted():
            proposal = proposal_of(outcome, setting, refined)
            return _with_notes(_of_proposal(proposal, job.old), notes)
        case Asks():
            return _with_notes(_of_questions(outcome, job.sentence), notes)
        case Refuses():
            return Proposed(state="refused", message=refusal_page(outcome))
        case Failed():
            return Proposed(state="failed", message=failed_page(outcome))
        case _:
            assert_never(outcome)


def _of_proposal(proposal: Proposal, old: SourceText | None) -> Proposed:
    is_proven = proposal.is_proven
    return Proposed(
        state="proposed" if is_proven else "refused",
        message=proposal_page(proposal),
        text=proposal.text if is_proven else None,
        verdict=verdict_line(proposal),
        diff=None if old is None or not is_proven else diff_of(old.text, proposal.text),
    )


def _of_questions(asks: Asks, sentence: str) -> Proposed:
    return Proposed(
        state="asks",
        message=asks_page(asks, sentence),
        questions=tuple((one.id, one.words, one.choices) for one in asks.questions),
    )


def _with_notes(found: Proposed, notes: list[str]) -> Proposed:
    return Proposed(
        state=found.state,
        message=paragraphs((*notes, found.message)),
        text=found.text,
        verdict=found.verdict,
        diff=found.diff,
        questions=found.questions,
    )


def diff_of(before: str, after: str) -> str:
    """Return what changes, as a unified diff; "" where nothing does."""
    changes = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "before", "after", lineterm="", n=2
    )
    return "".join(f"{line}\n" for line in changes)

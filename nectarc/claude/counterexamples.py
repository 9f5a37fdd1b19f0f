"""Why a draft failed, as it is sent: the claim, the rule, a smallest trace and one near it.

Owns: the shape. Must not know: how failures are found. Truth: docs/prove.md; docs/intent.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.claude.redaction import Redactor
from nectarc.claude.requests import Json
from nectarc.claude.summary import trace_shown
from nectarc.intent.judging import Failure


def failure_shown(
    failure: Failure, redactor: Redactor, exact: Sequence[float], answered: str
) -> dict[str, Json]:
    """Return a failure without values that must stay here.

    exact: numbers that Claude wrote itself. answered: its answer: texts in it are no news to it.
    """
    known = redactor.knowing(answered)
    shown: dict[str, Json] = {
        "claim": known.hidden(failure.claim),
        "rule": known.hidden(failure.rule),
        "instead": known.hidden(failure.what),
    }
    if failure.counterexample is not None:
        shown["counterexample"] = trace_shown(failure.counterexample, known, exact, is_whole=True)
    if failure.passing is not None:
        shown["passes_nearby"] = trace_shown(failure.passing, known, exact, is_whole=True)
    return shown

"""How a proposal can end, whichever engine read the words.

Owns: the records. Must not know: engines, terminals. Truth: docs/intent.md.
"""

from __future__ import annotations

from typing import TypeAlias

from nectarc.intent.judging import Judged
from nectarc.intent.records import Asks, Intent, Refuses
from nectarc.records import part, record


@record(kw_only=True)
class Used:
    """What an engine took. tokens: sent and received, 0 of the offline engine."""

    engine: str
    model: str = ""
    rounds: int = 1
    tokens_in: int = 0
    tokens_out: int = 0


@record(kw_only=True)
class Drafted:
    """The engine understood, and this is the policy, proven or not (`judged.is_proven`).

    notes: what happened on the way, in sentences.
    """

    intent: Intent
    judged: Judged
    used: Used
    notes: tuple[str, ...] = part(default=())


@record(kw_only=True)
class Failed:
    """The engine could not be asked. kind: short and stable, "no-key". help: what to do."""

    kind: str
    reason: str
    help: str = ""


Outcome: TypeAlias = Drafted | Asks | Refuses | Failed

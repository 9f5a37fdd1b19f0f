"""What the worker process has found out about one text of a policy.

Owns: the records. Must not know: how anything is found out, the protocol.
Truth: ../shared/design/product.md, "A verdict says its scope in the same breath".
All of it is about exactly the text whose `digest` it carries; it is sent between processes, so it
holds records only.
"""

from __future__ import annotations

from enum import Enum

from nectarc.corpus.schema import CorpusSchema
from nectarc.diagnostic import Diagnostic
from nectarc.prove.verdicts import CheckResult
from nectarc.records import record
from nectarc.trace import Trace


class Reach(Enum):
    """Whether a rule can decide a trace."""

    POSSIBLE = "possible"
    NEVER = "never"  # proven: rules above take all of its traces, or nothing satisfies its match
    UNKNOWN = "unknown"


@record(kw_only=True)
class Share:
    """What a rule does to the corpus.

    traces: of the corpus that it decides.            of_traces: all traces of the corpus.
    weight: how many real traces these stand for.     of_weight: the same of all.
    events: spans, span events and links, weighted.   of_events: the same of all.
    kept_traces, kept_events: of these, expected to be kept, weighted; None where the action's
            share is not a number (dynamic samplers).
    """

    traces: int
    of_traces: int
    weight: float
    of_weight: float
    events: float
    of_events: float
    kept_traces: float | None
    kept_events: float | None


@record(kw_only=True)
class RuleKnowledge:
    """What is known about one rule, by its name.

    shadowed_by: names of the rules above that together take all of its traces (NEVER); empty where
                 its own match can never hold.
    example:     a trace that it decides, made small; None where there is none or none is known.
    share:       None where there is no corpus, or it was not yet asked.
    refinery:    the Refinery rules that it becomes, YAML; "" where they are not yet known, or the
                 policy cannot be lowered.
    """

    name: str
    reach: Reach = Reach.UNKNOWN
    shadowed_by: tuple[str, ...] = ()
    example: Trace | None = None
    share: Share | None = None
    refinery: str = ""


class Progress(Enum):
    """How far the worker came. Each stage holds all that the ones before it found."""

    VERDICTS = "verdicts"  # reach, fallback, safety, invariants: for every trace
    FIGURES = "figures"  # the corpus was asked: shares, must-keep, budget
    LOWERED = "lowered"  # the Refinery rules, and the proof that they decide alike


@record(kw_only=True)
class Knowledge:
    """All that is known about one text.

    digest:   of the text, `digest_of`, with what else the answers rest on (manifest, corpus).
    rules:    in file order; a name that stands twice has two entries.
    checks:   the questions of `nectarc prove`, as far as they were asked.
    findings: what these and the lowering say about places in the text.
    rules_text: the whole rules file, "" where it is not known.
    refused:  why there are no rules, "" where there are some or it is not known.
    schema:   the fields of the corpus, where its folder holds traces that nobody has ingested; else
              None: a summary is beside the traces.
    error:    why the worker has no answer, "" where it has.
    """

    digest: str
    progress: Progress
    rules: tuple[RuleKnowledge, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    corpus_traces: int = 0
    rules_text: str = ""
    refused: str = ""
    schema: CorpusSchema | None = None
    error: str = ""

    def rule(self, name: str) -> RuleKnowledge | None:
        """Return what is known about the first rule of that name."""
        return next((one for one in self.rules if one.name == name), None)

"""How a proposal ended, for programs.

Owns: the keys (docs/propose.md, "JSON"). Must not know: engines, files.
"""

from __future__ import annotations

from typing import assert_never

from nectarc.corpus.typed_trace import encode_trace
from nectarc.intent.judging import Failure
from nectarc.intent.records import (
    AdaptRate,
    Asks,
    Clause,
    DropAll,
    Intent,
    KeepAll,
    KeepOneIn,
    LimitRate,
    Refuses,
    Wanted,
)
from nectarc.propose.failing import reason_of
from nectarc.propose.outcomes import Failed
from nectarc.propose.proposals import Proposal
from nectarc.propose.saying import Said, Shown
from nectarc.render.json import Json


def outcome_record(
    outcome: Proposal | Asks | Refuses | Failed, *, written: str | None = None
) -> dict[str, Json]:
    """Return one object; `outcome` tells its kind: proposed, unproven, asks, refused, failed."""
    match outcome:
        case Proposal():
            return _proposal(outcome, written)
        case Asks():
            return {
                "outcome": "asks",
                "questions": [
                    {
                        "id": one.id,
                        "question": one.words,
                        "choices": [
                            {"answer": answer, "meaning": meaning}
                            for answer, meaning in one.choices
                        ],
                        "places": [list(place) for place in one.places],
                    }
                    for one in outcome.questions
                ],
                "not_understood": [list(place) for place in outcome.not_understood],
                "understood": [_clause(one) for one in outcome.partly],
            }
        case Refuses():
            return {
                "outcome": "refused",
                "reason": outcome.reason,
                "instead": list(outcome.instead),
            }
        case Failed():
            return {
                "outcome": "failed",
                "kind": outcome.kind,
                "reason": outcome.reason,
                "help": outcome.help,
            }
        case _:
            assert_never(outcome)


def _proposal(proposal: Proposal, written: str | None) -> dict[str, Json]:
    report = proposal.judged.report
    used = proposal.used
    return {
        "outcome": "proposed" if proposal.is_proven else "unproven",
        "policy": proposal.text,
        "written": written,
        "engine": used.engine,
        "model": used.model or None,
        "rounds": used.rounds,
        "tokens": {"in": used.tokens_in, "out": used.tokens_out},
        "intent": _intent(proposal.intent),
        "clauses": [_said(one) for one in proposal.said],
        "checks": [
            {"name": one.name, "verdict": one.verdict.value, "claim": one.claim}
            for one in (report.checks if report is not None else ())
        ],
        "failures": [_failure(one, proposal.intent) for one in proposal.judged.failures],
        "suggestions": [
            {
                "kind": one.kind,
                "words": one.words,
                "say": one.say,
                "figures": dict(one.figures),
                "traces": list(one.traces),
            }
            for one in proposal.suggestions
        ],
        "notes": [*proposal.intent.notes, *proposal.notes],
    }


def _intent(intent: Intent) -> Json:
    return {
        "text": intent.text,
        "answers": dict(intent.answers),
        "promises": [
            {"name": one.name, "when": one.when, "require": one.require, "words": one.words}
            for one in intent.promises
        ],
        "fields": [
            {"name": one.name, "type": one.type, "from": list(one.spellings)}
            for one in intent.fields
        ],
        "budget_per_second": intent.budget_per_second,
        "asides": list(intent.asides),
    }


def _clause(clause: Clause) -> dict[str, Json]:
    return {
        "name": clause.name,
        "wanted": _wanted(clause.wanted),
        "what": clause.what,
        "words": clause.words,
        "origin": clause.origin,
        "wins": clause.wins,
    }


def _wanted(wanted: Wanted) -> Json:
    match wanted:
        case KeepAll():
            return {"action": "keep"}
        case DropAll():
            return {"action": "drop"}
        case KeepOneIn():
            return {"action": "sample", "one_in": wanted.one_in}
        case LimitRate():
            return {"action": "limit", "per_second": wanted.per_second, "by": list(wanted.by)}
        case AdaptRate():
            return {"action": "adapt", "one_in": wanted.one_in, "by": list(wanted.by)}
        case _:
            assert_never(wanted)


def _said(said: Said) -> Json:
    return {
        **_clause(said.clause),
        "meaning": said.words,
        "traces": said.traces,
        "weight": said.weight,
        "share": said.share,
        "about": _shown(said.about),
        "not_about": _shown(said.other),
    }


def _shown(shown: Shown | None) -> Json:
    if shown is None:
        return None
    return {
        "trace": shown.id or None,
        "words": shown.words,
        "facts": shown.facts,
        "rule": shown.rule,
    }


def _failure(failure: Failure, intent: Intent) -> Json:
    return {
        "check": failure.name or None,
        "said": reason_of(failure, intent),
        "rule": failure.rule,
        "claim": failure.claim,
        "what": failure.what,
        "counterexample": _trace(failure, is_passing=False),
        "passing": _trace(failure, is_passing=True),
    }


def _trace(failure: Failure, *, is_passing: bool) -> Json:
    trace = failure.passing if is_passing else failure.counterexample
    return None if trace is None else _plain(encode_trace(trace))


def _plain(value: object) -> Json:
    """Narrow what `encode_trace` returns, which is JSON by its nature."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    assert value is None or isinstance(value, bool | int | float | str)
    return value

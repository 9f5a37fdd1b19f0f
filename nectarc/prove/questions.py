"""What a project asks of every trace, as claims: its safety matches and the policy's invariants.

Owns: the claims and their words. Must not know: how claims are checked.
Truth: docs/language.md, sections 1 (`[safety]`) and 2 (`invariants`).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from nectarc.prove.claims import Claim
from nectarc.prove.evidence import Questions, Safety
from nectarc.prove.verdicts import CRITICAL, ERRORS, INVARIANT
from nectarc.report.words import match_words, share_words
from nectarc.semantics.policy_parts import Invariant
from nectarc.syntax.ast import Requirement


def claims_of(questions: Questions) -> tuple[Claim, ...]:
    """Return the claims in the order of a report."""
    safety = () if questions.safety is None else _safety_claims(questions.safety)
    return (*safety, *map(_invariant_claim, questions.invariants))


def _safety_claims(safety: Safety) -> Iterator[Claim]:
    is_keep = safety.errors is Requirement.KEEP
    yield Claim(
        name=ERRORS,
        words=f"every trace with `{safety.error.text}` is {'kept' if is_keep else 'not dropped'}",
        when=safety.error.match,
        requirement=safety.errors,
    )
    if safety.critical is not None:
        yield Claim(
            name=CRITICAL,
            words=f"every trace with `{safety.critical.text}` is kept",
            when=safety.critical.match,
            requirement=Requirement.KEEP,
        )


def _invariant_claim(invariant: Invariant) -> Claim:
    return Claim(
        name=f"{INVARIANT}{invariant.name}",
        words=f"invariant `{invariant.name}`: {_required(invariant.requirement, invariant.share)}"
        f" of the traces in which {match_words(invariant.when)}",
        when=invariant.when,
        requirement=invariant.requirement,
        share=invariant.share,
    )


def _required(requirement: Requirement, share: Fraction | None) -> str:
    match requirement:
        case Requirement.KEEP:
            return "all are kept"
        case Requirement.NOT_DROP:
            return "none are dropped"
        case Requirement.AT_LEAST:
            return f"at least {share_words(float(share or 0))} are kept"
        case Requirement.AT_MOST:
            return f"at most {share_words(float(share or 0))} are kept"
        case _:
            assert_never(requirement)

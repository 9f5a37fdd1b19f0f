"""A policy as rows, before it is text: what the derivation and Claude both yield.

Owns: `Draft`, `DraftRule`, and the draft of an intent. Must not know: properties, proofs, TOON.
Truth: docs/intent.md; docs/language.md, 2 and 4.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, assert_never

from nectarc.intent.records import (
    AdaptRate,
    Clause,
    DropAll,
    FieldRow,
    Intent,
    KeepAll,
    KeepOneIn,
    LimitRate,
    Wanted,
)
from nectarc.records import part, record
from nectarc.semantics.rates import nearest_rate
from nectarc.syntax.literals import is_plain_name

_PERCENT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(?:%|percent|per cent|pct)", re.IGNORECASE)
_WORDS_MAX: Final = 100


@record(kw_only=True)
class DraftRule:
    """A row of `rules`, cells as text of the language.

    priority: is written anew; it only orders.
    """

    name: str
    description: str
    match: str
    action: str
    priority: int = part(default=0, compare=False)


@record(kw_only=True)
class Draft:
    """A policy's rows. rules: in order of precedence. invariants: rows (name, when, require)."""

    name: str
    rules: tuple[DraftRule, ...]
    fields: tuple[FieldRow, ...] = ()
    invariants: tuple[tuple[str, str, str], ...] = ()
    budget_per_second: float | None = None


def draft_of(intent: Intent, name: str) -> Draft:
    """Return the policy that `intent` asks for: a rule a clause, in the intent's order."""
    return Draft(
        name=name,
        rules=tuple(
            DraftRule(
                name=clause.name,
                description=_description(clause),
                match=clause.what,
                action=action_text(clause.wanted),
            )
            for clause in intent.clauses
        ),
        fields=intent.fields,
        invariants=tuple((one.name, one.when, one.require) for one in intent.promises),
        budget_per_second=intent.budget_per_second,
    )


def action_text(wanted: Wanted) -> str:
    """Return the action that does what is wanted, as text of the language."""
    match wanted:
        case KeepAll():
            return "keep"
        case DropAll():
            return "drop"
        case KeepOneIn():
            return f"sample({_share_text(wanted)})"
        case LimitRate():
            # A goal is whole in Refinery, and "at most" rounds down; a goal of 0 is refused there.
            goal = max(1, int(wanted.per_second))
            return f"ema_throughput(goal_throughput_per_sec: {goal}, fields: {_list(wanted.by)})"
        case AdaptRate():
            return f"ema_dynamic(goal_sample_rate: {wanted.one_in}, fields: {_list(wanted.by)})"
        case _:
            assert_never(wanted)


def _share_text(wanted: KeepOneIn) -> str:
    """Return the share as it was said, where that gives the same n: 1 % is 0.01, 1 in 100 1/100."""
    said = _PERCENT.search(wanted.words)
    if said is not None:
        share = Fraction(said.group(1)) / 100
        if 0 < share <= 1 and nearest_rate(share) == wanted.one_in:
            text = f"{float(share):.12f}".rstrip("0")
            if Fraction(text) == share:
                return text
    return f"1/{wanted.one_in}"


def _list(names: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_field, names))}]"


def _field(name: str) -> str:
    root, rest = ("root.", name[5:]) if name.startswith("root.") else ("", name)
    return root + (rest if is_plain_name(rest) else f"`{rest}`")


def _description(clause: Clause) -> str:
    """Return what the rule is for: the user's words, on one line and not too long a one."""
    if clause.origin == "safety":
        return "Errors are kept: the project's safety"
    words = " ".join(clause.words.split())
    if len(words) > _WORDS_MAX:
        words = words[: _WORDS_MAX - 1].rstrip() + "…"
    return words or ("Everything else" if clause.is_rest else "")

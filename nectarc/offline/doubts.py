# ruff: noqa: E501 - patterns are read in one piece
"""Doubts about a reading as a whole: what no single phrase shows.

Owns: which readings are asked about though every word was understood. Must not know: the chart.
Truth: docs/intent.md, "Which clause wins" and "It asks rather than guesses".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.checking import check_text
from nectarc.intent.drafts import Draft, DraftRule, draft_of
from nectarc.intent.policy_text import body_text
from nectarc.intent.records import Clause, DropAll, Intent, KeepAll, Question
from nectarc.ir.nodes import Policy
from nectarc.ir.walk import fields_of
from nectarc.logic.decision_list import list_of_policy
from nectarc.logic.questions import Impossible, Prover
from nectarc.offline.questions import slug
from nectarc.source import SourceText

_ERRORS: Final = frozenset({"http.status", "error"})
_ORDER: Final = re.compile(
    r"\b(?:then|after that|next|finally|afterwards)\s+(?:\w+\s+)?(?:keep|retain|drop|discard|sample)\b"
    r"|\b(?:always|never|in any case|no matter|regardless|whatever happens|first|however|though|although)\b"
    r"|\bbut\b",
    re.IGNORECASE,
)
_UPPER: Final = re.compile(
    r"any\((?![^)]*duration >)[^)]*&&[^)]*duration <|any\((?![^)]*duration >)duration <[^)]*&&"
)
_NO_FIELD: Final = re.compile(
    r"(?<![\w.`'])(?:and|or|not(?! in )|the|of|in|to|for|is|are|but|with|than|only|all|spans)(?= (?:==|!=|<=|>=|<|>|in) )"
)

_STATUS: Final = re.compile(r"http\.status (?:==|in) (?:\[([^\]]*)\]|(\d+))")
# The registered status codes (IANA, "HTTP Status Code Registry"), and those of nginx and Cloudflare.
_REGISTERED: Final = frozenset(
    {
        *range(100, 104), *range(200, 209), 226, *range(300, 309), *range(400, 419),
        *range(421, 427), 428, 429, 431, 440, 444, 451, *range(494, 500), *range(500, 509), 510,
        511, *range(520, 528), 530,
    }
)  # fmt: skip


def doubt_about(intent: Intent) -> Question | None:
    """Return what to ask about a reading that is not to be trusted; None where it is."""
    return next(_doubts(intent), None)


def _doubts(intent: Intent) -> Iterator[Question]:
    said = [one for one in intent.clauses if one.origin != "safety" and not one.is_rest]
    for one in said:
        if _NO_FIELD.search(one.what):
            yield _question("field", one, "which field does `{said}` speak of?")
        for found in _STATUS.finditer(one.what):
            numbers = {int(code) for code in re.findall(r"\d+", found.group(1) or found.group(2))}
            if numbers - _REGISTERED:
                yield _question(
                    "number",
                    one,
                    "what counts the number in `{said}`: a status, milliseconds, seconds, spans or"
                    " percent?",
                )
    policy = _policy(draft_of(intent, "reading"))
    if policy is None:
        yield Question(id="words", words=f"what does `{intent.text}` ask for, in other words?")
        return
    yield from _of_extent(said, intent)
    yield from _of_unions(said, intent)
    yield from _of_bounds(said)
    yield from _of_order(said, intent)


def _of_extent(said: Sequence[Clause], intent: Intent) -> Iterator[Question]:
    """Ask about clauses that are about every trace, or about none."""
    for one in said:
        rules = tuple(
            DraftRule(name=name, description="", match=match, action=action)
            for name, match, action in (("it", one.what, "keep"), ("rest", "true", "drop"))
        )
        policy = _policy(Draft(name="extent", rules=rules, fields=intent.fields))
        if policy is None:
            continue
        prover = Prover((list_of_policy(policy),))
        if isinstance(prover.find({0: (0,)}), Impossible):
            yield _question(
                "never", one, "no trace can be what `{said}` asks for: which one of it is meant?"
            )
        elif isinstance(prover.find({0: (1,)}), Impossible):
            yield _question(
                "always", one, "`{said}` is so of every trace: is one of two bounds meant, or both?"
            )


def _of_unions(said: Sequence[Clause], intent: Intent) -> Iterator[Question]:
    """Ask about tests of different kinds in one breath: their union may lose more than was meant."""
    groups: dict[object, list[Clause]] = {}
    for one in said:
        if not isinstance(one.wanted, KeepAll):
            groups.setdefault((one.place, one.words), []).append(one)
    for same in groups.values():
        kinds = {_kinds(one, intent) for one in same}
        if len(same) > 1 and len(kinds) > 1:
            yield _question(
                "both-or-either",
                same[0],
                "`{said}`: must one trace be all of that, or is any of it enough? write each as a"
                " clause of its own, or `GET requests to /healthz`",
            )
        for one in same:
            parts = one.what.split(" || ")
            heads = {_head(part) for part in parts}
            is_plain = "(" not in one.what and "&&" not in one.what
            if is_plain and len(heads) > 1 and not heads <= _ERRORS:
                yield _question(
                    "both-or-either",
                    one,
                    "`{said}`: must one trace be all of that, or is any of it enough?",
                )


def _of_bounds(said: Sequence[Clause]) -> Iterator[Question]:
    for one in said:
        if not isinstance(one.wanted, KeepAll) and _UPPER.search(one.what):
            yield _question(
                "whole-or-span",
                one,
                "`{said}`: must the whole trace be that fast, or one span of it? write `traces in"
                " which no span takes over ...`, or `... whose root span took under ...`",
            )


def _of_order(said: Sequence[Clause], intent: Intent) -> Iterator[Question]:
    """Ask about keeping and dropping the same traces with a word of order or contrast between."""
    if _ORDER.search(intent.text) is None:
        return
    for keep in said:
        if not isinstance(keep.wanted, KeepAll) or _kinds(keep, intent) <= _ERRORS:
            continue
        for drop in said:
            if not isinstance(drop.wanted, DropAll) or _kinds(keep, intent) & _kinds(drop, intent):
                continue
            if "none(" in keep.what or "none(" in drop.what:
                continue
            yield Question(
                id="order",
                words=f"a trace may be both `{keep.words}` and `{drop.words}`: is it kept or"
                f" dropped? say which, as in `keep {_short(keep)} even if it is {_short(drop)}`",
                places=tuple(one.place for one in (keep, drop) if one.place is not None),
            )


def _kinds(clause: Clause, intent: Intent) -> frozenset[str]:
    """Return which fields the clause reads, by the names of the language."""
    rule = DraftRule(name="it", description="", match=clause.what, action="keep")
    rest = DraftRule(name="rest", description="", match="true", action="drop")
    policy = _policy(Draft(name="kinds", rules=(rule, rest), fields=intent.fields))
    if policy is None:
        return frozenset({clause.what})
    return frozenset(field.name for field in fields_of(policy.rules[0].match))


def _head(test: str) -> str:
    return test.strip("() ").split(" ", 1)[0]


def _short(clause: Clause) -> str:
    return clause.name.partition("-")[2] or clause.name


def _policy(draft: Draft) -> Policy | None:
    checked = check_text(SourceText.of("policy.toon", body_text(draft)))
    return None if checked.has_errors else checked.policy


def _question(name: str, clause: Clause, words: str) -> Question:
    said = clause.words or clause.what
    places = (clause.place,) if clause.place is not None else ()
    return Question(id=f"{name}-{slug(said)}", words=words.format(said=said), places=places)

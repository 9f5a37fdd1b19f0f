"""From an engine's reading to a proposal: drafted, judged, said back, and put into the file.

Owns: `Proposal`, how `--refine` goes on from what is there. Must not know: engines, terminals.
Truth: docs/intent.md, "Refining".

A policy that is still what a proposal wrote is read anew: the sentences before and the new one,
together, so that the new one may change what was said. One that people have changed stays as it
is, and gets the new clauses in front of what they are meant to win over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from nectarc.checking import check_text
from nectarc.intent.drafts import Draft, DraftRule, draft_of
from nectarc.intent.judging import Judged, Setting, judge
from nectarc.intent.matches import all_of, none_of
from nectarc.intent.policy_text import Head, read_head, with_head
from nectarc.intent.properties import properties_of
from nectarc.intent.records import (
    Asks,
    Clause,
    Intent,
    Place,
    Promise,
    Question,
    Reading,
    Refuses,
    Understood,
)
from nectarc.ir.nodes import Policy
from nectarc.propose.carrying import carried_over
from nectarc.propose.failing import finding_of
from nectarc.propose.merging import draft_from, free_name, merged, place_of
from nectarc.propose.outcomes import Drafted, Used
from nectarc.propose.saying import Said, said_back
from nectarc.propose.suggestions import Suggestion, suggestions_for
from nectarc.records import part, record, replace
from nectarc.source import SourceText

# Reads a text, given answers by the ids of questions.
Reader: TypeAlias = Callable[[str, Mapping[str, str]], Reading]

# The question of the rest, and an answer that is put in for one: what a refinement does not speak
# of is left to the policy's own rules, and the clause that it makes is taken out again.
_REST: Final = "rest"
_REST_ANSWER: Final = "keep them"
_NAME: Final = "sampling"


@record(kw_only=True)
class Proposal:
    """All there is to show, and to write.

    text:  the policy under its head.  said: the reading, clause by clause.
    old:   what stood there, where the proposal goes on from it.
    """

    intent: Intent
    judged: Judged
    said: tuple[Said, ...]
    text: str
    used: Used
    suggestions: tuple[Suggestion, ...] = ()
    notes: tuple[str, ...] = ()
    old: SourceText | None = None

    @property
    def is_proven(self) -> bool:
        """Whether it may be written."""
        return self.judged.is_proven


@record(kw_only=True)
class GoingOn:
    """How a refinement is read.

    text:     for the engine.  start: where the new sentence begins in it.
    answers:  that were given before, by id.
    is_anew:  the whole policy comes from the text; else its clauses are added to `old`.
    """

    old: SourceText
    text: str
    start: int
    answers: Mapping[str, str] = part(default_factory=dict)
    is_anew: bool


def going_on(old: SourceText, text: str) -> GoingOn:
    """Say what an engine should read to go on from the policy `old` with the words `text`."""
    head = read_head(old.text)
    if head is None or not head.is_as_made:
        answers = {_REST: _REST_ANSWER}
        return GoingOn(old=old, text=text, start=0, answers=answers, is_anew=False)
    before = "".join(f"{_ended(one)}\n" for one in head.intent)
    return GoingOn(
        old=old, text=before + text, start=len(before), answers=dict(head.answers), is_anew=True
    )


def drafted_by(  # noqa: PLR0913 - what one reading needs
    read: Reader,
    text: str,
    answers: Mapping[str, str],
    setting: Setting,
    *,
    name: str = _NAME,
    old: SourceText | None = None,
) -> Drafted | Asks | Refuses:
    """Read `text`, derive policy and properties from it, and judge; `old`: go on from it.

    Places in questions and refusals are in `text`.
    """
    going = going_on(old, text) if old is not None else None
    if going is None:
        reading = read(text, answers)
    else:
        reading = _moved(read(going.text, {**going.answers, **answers}), going.start)
    if not isinstance(reading, Understood):
        return reading
    intent = replace(reading.intent, answers=tuple(answers.items()))
    notes: tuple[str, ...] = ()
    if going is None or going.is_anew:
        draft = draft_of(intent, _old_name(going) or name)
        judged = judge(draft, properties_of(intent), setting)
    else:
        found = _added(intent, going.old, setting)
        if isinstance(found, Refuses):
            return found
        intent, judged, notes = found
    return Drafted(intent=intent, judged=judged, used=Used(engine="offline"), notes=notes)


def proposal_of(drafted: Drafted, setting: Setting, old: SourceText | None) -> Proposal:
    """Say a draft back, and put it under its head; `old`: the policy that it goes on from."""
    intent, judged, used = drafted.intent, drafted.judged, drafted.used
    head = _head_of(drafted, old)
    text, notes = judged.text, drafted.notes
    if old is not None and judged.is_proven:
        text, left_out = carried_over(old, text)
        notes = (*notes, *left_out)
    policy = judged.checked.policy
    suggestions: tuple[Suggestion, ...] = ()
    if policy is not None and judged.is_proven:
        suggestions = suggestions_for(policy, setting.evidence.corpus)
    return Proposal(
        intent=intent,
        judged=judged,
        said=said_back(intent, judged, setting.evidence),
        text=with_head(text, head),
        used=used,
        suggestions=suggestions,
        notes=notes,
        old=old,
    )


def _head_of(drafted: Drafted, old: SourceText | None) -> Head:
    """Return the head of the new text; without sentences over a policy that came from none."""
    before = read_head(old.text) if old is not None else None
    findings = tuple(finding_of(one, drafted.intent) for one in drafted.judged.failures)
    engine = " ".join(word for word in (drafted.used.engine, drafted.used.model) if word)
    if old is not None and before is None:
        return Head(intent=(), engine=engine, findings=findings, is_as_made=False)
    text = drafted.intent.text
    if before is None or old is None:
        return Head(
            intent=(text,), answers=drafted.intent.answers, engine=engine, findings=findings
        )
    going = going_on(old, "")
    new = text[going.start :] if text.startswith(going.text) else text
    return Head(
        intent=(*before.intent, new),
        answers=tuple({**dict(before.answers), **dict(drafted.intent.answers)}.items()),
        engine=engine,
        findings=findings,
        is_as_made=before.is_as_made,
    )


def _added(
    intent: Intent, old: SourceText, setting: Setting
) -> tuple[Intent, Judged, tuple[str, ...]] | Refuses:
    """Add the clauses of `intent` to the policy `old`."""
    checked = check_text(old)
    before, policy = draft_from(checked), checked.policy
    if before is None or policy is None:
        return Refuses(
            reason=f"`{old.file}` has mistakes, and nothing is added to what cannot be read",
            instead=("mend it first: `nectarc check` says where",),
        )
    rules, promises, clauses = _new_rules(intent, before, policy)
    others = replace(
        draft_of(intent, before.name),
        invariants=tuple(
            (free_name(one.name, (row[0] for row in before.invariants)), one.when, one.require)
            for one in intent.promises
        ),
    )
    clash = _clash(others, before)
    whole = merged(old, rules, others) if clash is None else None
    if whole is None:
        return Refuses(
            reason=clash or f"`{old.file}` is written in a form that rows cannot be added to",
            instead=("add the rules by hand: leave `--refine` out, and `--print` shows them",),
        )
    judged = judge(whole.draft, promises, setting, text=whole.text)
    judged, notes = _without_replaced(judged, before)
    return replace(intent, clauses=clauses), judged, notes


def _without_replaced(judged: Judged, before: Draft) -> tuple[Judged, tuple[str, ...]]:
    """Take an old rule that the new ones leave nothing to for what it is: replaced, not wrong."""
    own = {rule.name for rule in before.rules}
    is_replaced = [one.counterexample is None and one.rule in own for one in judged.failures]
    if judged.report is None or not any(is_replaced):
        return judged, ()
    pairs = tuple(zip(judged.failures, is_replaced, strict=True))
    notes = tuple(
        f"{one.claim} any more: {one.what.partition(';')[0]}; it may be removed"
        for one, gone in pairs
        if gone
    )
    return replace(judged, failures=tuple(one for one, gone in pairs if not gone)), notes


def _new_rules(
    intent: Intent, before: Draft, policy: Policy
) -> tuple[list[tuple[int, DraftRule]], list[Promise], tuple[Clause, ...]]:
    """Return the rules with their places, what they promise, and their clauses under free names."""
    taken = [rule.name for rule in before.rules]
    rules: list[tuple[int, DraftRule]] = []
    promises: list[Promise] = [*intent.promises]
    clauses: list[Clause] = []
    at = 0
    for clause in intent.clauses:
        # The policy has its own rest, and whether its errors are kept is proven anyway.
        if clause.is_rest or clause.origin == "safety":
            continue
        at = max(at, place_of(clause.wanted, policy))
        named = replace(clause, name=free_name(clause.name, taken), wins=_wins(at, before))
        taken.append(named.name)
        above = none_of_all([rule.match for rule in before.rules[:at]])
        # What stands before it in the sentence stands before it in the policy.
        alone = Intent(text="", clauses=(*clauses, named))
        promises += (
            replace(one, when=all_of((one.when, *above)))
            for one in properties_of(alone)[-_count(named) :]
        )
        rules.append((at, draft_of(Intent(text="", clauses=(named,)), "new").rules[0]))
        clauses.append(named)
    return rules, promises, tuple(clauses)


def none_of_all(matches: list[str]) -> list[str]:
    """Return that none of `matches` holds, a conjunct each."""
    return [none_of(one) for one in matches]


def _count(clause: Clause) -> int:
    return len(properties_of(Intent(text="", clauses=(clause,))))


def _wins(at: int, before: Draft) -> str:
    """Say what a new rule stands before."""
    return f"it wins over `{before.rules[at].name}` and what is below it"


def _clash(others: Draft, before: Draft) -> str | None:
    """Say which name the policy's `fields` declare otherwise than the new rules mean it."""
    known = {row.name: row for row in before.fields}
    for row in others.fields:
        if row.name in known and known[row.name] != row:
            return (
                f"the policy's `fields` read `{row.name}` from"
                f" {', '.join(known[row.name].spellings)}, and the new rules would read it from"
                f" {', '.join(row.spellings)}"
            )
    return None


def _moved(reading: Reading, start: int) -> Reading:
    """Return a reading with places in the new sentence only, counted from its beginning."""
    match reading:
        case Asks():
            return replace(
                reading,
                questions=tuple(_moved_question(one, start) for one in reading.questions),
                not_understood=_moved_places(reading.not_understood, start),
            )
        case Refuses():
            return replace(reading, places=_moved_places(reading.places, start))
        case _:
            return reading


def _moved_question(question: Question, start: int) -> Question:
    return replace(question, places=_moved_places(question.places, start))


def _moved_places(places: tuple[Place, ...], start: int) -> tuple[Place, ...]:
    return tuple((one - start, end - start) for one, end in places if one >= start)


def _old_name(going: GoingOn | None) -> str:
    """Return the name of the policy that is read anew."""
    if going is None:
        return ""
    policy = check_text(going.old).policy
    return policy.name if policy is not None else ""


def _ended(sentence: str) -> str:
    """Return a sentence with an end, so that the next one is another."""
    stripped = sentence.rstrip()
    return stripped if stripped.endswith((".", "!", "?", ";", ":")) else f"{stripped}."

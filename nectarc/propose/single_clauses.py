"""One wish alone, as a comment or a half row says it: its clauses, without the rest of a policy.

Owns: asking an engine for the clauses only. Must not know: rows, proofs, editors.
Truth: docs/editor-claude.md. What the words do not speak of stays with the policy: that question is
answered here, and its clause is taken out again. Other questions are never answered by a guess:
where few answers settle one, each of them is a reading of its own, and says which it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nectarc.claude.answer import Answer, read_answer
from nectarc.claude.client import Sender
from nectarc.claude.failures import ClaudeFailure
from nectarc.claude.ledger import words_left_out
from nectarc.claude.prompt import request_for
from nectarc.claude.redaction import redactor_of
from nectarc.claude.requests import Ask
from nectarc.intent.records import Asks, Clause, Intent, Question, Reading, Refuses, Understood
from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.offline.engine import read_intent
from nectarc.records import record, replace

_REST: Final = {"rest": "keep them"}
_CHOICES_MAX: Final = 3
# Claude answers with the whole policy in the schema of `propose`; a comment asks for little of it.
_TOKENS_MAX: Final = 8_000


@record(kw_only=True)
class Wanted:
    """What words want. note: how an open question was read, "" where nothing was open."""

    intent: Intent
    note: str = ""


def read_offline(
    text: str, vocabulary: Vocabulary, safety: SafetyWords
) -> tuple[Wanted, ...] | Asks | Refuses:
    """Return the readings of a wish; what is asked where too much is open."""

    def read(answers: Mapping[str, str]) -> Reading:
        return read_intent(text, vocabulary, safety, {**_REST, **answers})

    found = read({})
    if isinstance(found, Understood):
        return _alone(found.intent, "")
    if isinstance(found, Refuses) or len(found.questions) != 1 or found.not_understood:
        return found
    (question,) = found.questions
    wanted: list[Wanted] = []
    for answer, meaning in question.choices[:_CHOICES_MAX]:
        settled = read({question.id: answer})
        if isinstance(settled, Understood):
            wanted += _alone(settled.intent, _note(question, answer, meaning))
    return tuple(wanted) or found


def read_by_claude(
    ask: Ask, sender: Sender, name: str
) -> tuple[Wanted, ...] | Asks | Refuses | ClaudeFailure:
    """Return Claude's reading of a wish, in one round; () where it cannot be used."""
    asked = replace(ask, max_tokens=min(ask.max_tokens, _TOKENS_MAX))
    redactor = redactor_of(asked)
    answered = sender.send(request_for(asked, redactor))
    if isinstance(answered, ClaudeFailure):
        return answered
    found = read_answer(answered.text, asked, redactor, name)
    if isinstance(found, Asks | Refuses):
        return found
    if not isinstance(found, Answer) or words_left_out(found.intent):
        return ()
    return _alone(found.intent, "")


def _alone(intent: Intent, note: str) -> tuple[Wanted, ...]:
    """Leave the clauses that the words themselves ask for."""
    clauses = tuple(one for one in intent.clauses if _is_said(one))
    if not clauses and not intent.promises:
        return ()
    return (Wanted(intent=replace(intent, clauses=clauses), note=note),)


def _is_said(clause: Clause) -> bool:
    return clause.origin == "words" and bool(clause.words)


def _note(question: Question, answer: str, meaning: str) -> str:
    return f"{question.id} read as {answer}: {meaning}"

"""The rounds with Claude: draft, judge, say what fails with a trace, until it is proven.

Owns: the order of rounds, when to stop, which attempt was best. Must not know: the network.
Truth: docs/intent.md, "Rounds"; ../shared/design/product.md (`propose`).

Whatever Claude answers, the judge decides: a policy is returned as proven only when the prover
says so, under the project's own safety and the properties of the intent that Claude read.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final, TypeAlias

from nectarc.claude.answer import Answer, Mistakes, read_answer
from nectarc.claude.client import Progress, Sender
from nectarc.claude.failures import ClaudeFailure
from nectarc.claude.ledger import excerpts, words_left_out
from nectarc.claude.prompt import (
    and_then,
    mistakes_message,
    repair_message,
    request_for,
    smaller,
)
from nectarc.claude.redaction import Redactor, redactor_of
from nectarc.claude.requests import Ask, Request
from nectarc.intent.drafts import Draft
from nectarc.intent.judging import Judged, Setting, judge
from nectarc.intent.properties import properties_of
from nectarc.intent.records import Asks, Intent, Place, Question, Refuses
from nectarc.prove.verdicts import CRITICAL, ERRORS
from nectarc.records import part, record
from nectarc.render.counting import counted

# The question about words that Claude's reading leaves out, and the answer that needs no clause.
LEFT_OUT: Final = "left-out"
_IGNORE: Final = "ignore them"
_TOO_LARGE: Final = ("schema", "grammar", "too large", "compil")


@record(kw_only=True)
class Spent:
    """What the rounds took so far."""

    rounds: int = 0
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


@record(kw_only=True)
class Settled:
    """Claude's policy, proven or not: `judged.is_proven` says. notes: why the rounds ended.

    left_out: the user's words that the intent says nothing about; () in what is proven.
    """

    intent: Intent
    judged: Judged
    spent: Spent
    notes: tuple[str, ...] = part(default=())
    left_out: tuple[Place, ...] = part(default=())


Ended: TypeAlias = Settled | Asks | Refuses | ClaudeFailure
# Puts a draft into the policy that is refined: its rows and whole text, what Claude has to do
# otherwise, or why that policy takes no rows at all.
Fit: TypeAlias = Callable[[Draft], "tuple[Draft, str] | Mistakes | Refuses"]


@record(kw_only=True)
class LoopOptions:
    """max_rounds: attempts, 1 or more. name: of the policy. progress: is told what goes on.

    fit: puts a draft into a policy that people wrote; None where the draft is the whole policy.
    """

    max_rounds: int = 3
    name: str = "sampling"
    progress: Progress | None = part(default=None)
    fit: Fit | None = part(default=None)


def propose_with_claude(ask: Ask, setting: Setting, sender: Sender, options: LoopOptions) -> Ended:
    """Ask Claude until its policy is proven, it asks or refuses, or the rounds are used up."""
    return _Rounds(ask, setting, sender, options).run()


class _Rounds:
    """One proposal's rounds."""

    def __init__(self, ask: Ask, setting: Setting, sender: Sender, options: LoopOptions) -> None:
        self._ask = ask
        self._setting = setting
        self._sender = sender
        self._options = options
        self._redactor: Redactor = redactor_of(ask)
        self._spent = Spent()
        self._best: Settled | None = None
        self._seen: set[Hashable] = set()

    def run(self) -> Ended:
        """Run them."""
        request = request_for(self._ask, self._redactor)
        self._tell_size(request)
        mistakes: tuple[str, ...] = ()
        for number in range(1, self._options.max_rounds + 1):
            sent = self._send(request, number)
            if isinstance(sent, ClaudeFailure):
                return self._ended_by(sent)
            request, answered = sent
            found = read_answer(answered, self._ask, self._redactor, self._options.name)
            settled = self._judged(found, answered) if isinstance(found, Answer) else found
            if isinstance(settled, Asks | Refuses):
                return settled
            if isinstance(settled, Mistakes):
                mistakes = settled.mistakes
                reply = mistakes_message(mistakes)
                self._tell(f"round {number}: the answer could not be used: {mistakes[0]}")
                is_repeated = self._is_repeated(answered)
            else:
                if settled.judged.is_proven and not settled.left_out:
                    return settled
                reply = self._reply(settled, answered)
                self._tell_failure(number, settled)
                is_repeated = self._is_repeated(_meaning(settled))
            if is_repeated:
                return self._best_refused("Claude gave the same answer again", mistakes)
            request = and_then(request, answered, reply)
        rounds = counted(self._options.max_rounds, "round")
        return self._best_refused(f"after {rounds} nothing was proven", mistakes)

    def _send(self, request: Request, number: int) -> tuple[Request, str] | ClaudeFailure:
        """Send it, with a smaller schema where the API refuses the schema; what was sent, said."""
        self._tell(f"round {number} of {self._options.max_rounds}: asking {request.model}")
        answer = self._sender.send(request)
        while isinstance(answer, ClaudeFailure) and _is_about_schema(answer):
            less = smaller(request)
            if less is None:
                break
            request = less
            answer = self._sender.send(request)
        if isinstance(answer, ClaudeFailure):
            return answer
        spent = self._spent
        self._spent = Spent(
            rounds=number,
            model=answer.model or request.model,
            tokens_in=spent.tokens_in + answer.tokens_in,
            tokens_out=spent.tokens_out + answer.tokens_out,
        )
        return request, answer.text

    def _judged(self, answer: Answer, answered: str) -> Settled | Mistakes | Refuses:
        draft, text = answer.draft, ""
        if self._options.fit is not None:
            fitted = self._options.fit(draft)
            if isinstance(fitted, Refuses):
                return fitted
            if isinstance(fitted, Mistakes):
                known = self._redactor.knowing(answered)
                return Mistakes(tuple(known.hidden(one) for one in fitted.mistakes))
            draft, text = fitted
        judged = judge(draft, properties_of(answer.intent), self._setting, text=text)
        left_out, notes = self._ledger(answer.intent)
        settled = Settled(
            intent=answer.intent, judged=judged, spent=self._spent, notes=notes, left_out=left_out
        )
        if self._best is None or _badness(settled) < _badness(self._best):
            self._best = settled
        return settled

    def _ledger(self, intent: Intent) -> tuple[tuple[Place, ...], tuple[str, ...]]:
        """Return the words that the intent may not leave out, and notes on others that it does.

        A refinement shows its diff, and what a person was asked about is settled: both are noted.
        """
        places = words_left_out(intent)
        answers = [answer for question, answer in self._ask.answers if question == LEFT_OUT]
        if not places or _IGNORE in answers:
            return (), ()
        if self._ask.policy or answers:
            words = excerpts(self._ask.text, places)
            return (), (f"no clause of Claude's reading speaks of {words}",)
        return places, ()

    def _reply(self, settled: Settled, answered: str) -> str:
        """Say what fails, and which words are left out."""
        replies: list[str] = []
        if settled.left_out:
            words = excerpts(self._ask.text, settled.left_out)
            lost = (
                f"no clause, promise or aside quotes these words of the person: {words}. Give what"
                " they ask for its clause or promise, or ask about it; what asks for nothing is"
                " quoted in `asides`, in pieces of at most 300 characters"
            )
            replies.append(mistakes_message((lost,)))
        if settled.judged.failures:
            replies.append(repair_message(settled.judged.failures, self._redactor, answered))
        return "\n".join(replies)

    def _is_repeated(self, meaning: Hashable) -> bool:
        is_known = meaning in self._seen
        self._seen.add(meaning)
        return is_known

    def _best_refused(self, why: str, mistakes: tuple[str, ...]) -> Ended:
        if self._best is None:
            return ClaudeFailure(
                kind="no-policy",
                message=f"{why}: Claude's answers could not be used"
                + (f", the last because {mistakes[0]}" if mistakes else ""),
                help="say it in other words, or `--engine offline` reads the intent without"
                " Claude.",
            )
        best = self._best
        if best.judged.is_proven:
            return self._asks_about(best)
        return Settled(
            intent=best.intent, judged=best.judged, spent=self._spent, notes=(why, *best.notes)
        )

    def _asks_about(self, settled: Settled) -> Asks:
        """Ask what becomes of words that are left out: what is proven is only what was read."""
        words = excerpts(self._ask.text, settled.left_out)
        question = Question(
            id=LEFT_OUT,
            words=f"what should happen to {words}? No clause of Claude's reading speaks of it",
            choices=((_IGNORE, "these words ask for nothing"),),
            places=settled.left_out,
        )
        return Asks(
            questions=(question,),
            partly=settled.intent.clauses,
            not_understood=settled.left_out,
        )

    def _ended_by(self, failure: ClaudeFailure) -> Ended:
        """Return the failure, or in a later round the best attempt, which is still refused."""
        if self._best is None:
            return failure
        return self._best_refused(failure.message, ())

    def _tell_size(self, request: Request) -> None:
        if self._options.progress is None:
            return
        tokens = self._sender.count(request)
        if tokens is not None:
            self._tell(f"sending {tokens:,} tokens; `--show-prompt` shows them")

    def _tell_failure(self, number: int, settled: Settled) -> None:
        if not settled.judged.failures:
            words = excerpts(self._ask.text, settled.left_out)
            self._tell(f"round {number}: no clause speaks of {words}")
            return
        first = settled.judged.failures[0]
        rule = f"`{first.rule}`: " if first.rule else ""
        self._tell(f"round {number}: not proven, {rule}not so: {first.claim}")

    def _tell(self, words: str) -> None:
        if self._options.progress is not None:
            self._options.progress(words)


def _badness(settled: Settled) -> tuple[bool, bool, int, int]:
    """Order attempts: those that were judged, that leave nothing out, that fail less, are safer."""
    failing = settled.judged.failures
    unsafe = sum(one.name in {ERRORS, CRITICAL} for one in failing)
    return (settled.judged.report is None, bool(settled.left_out), len(failing), unsafe)


def _meaning(settled: Settled) -> Hashable:
    """Return what an attempt does and why it fails: not how it is described or numbered."""
    draft, intent = settled.judged.draft, settled.intent
    return (
        tuple((rule.name, rule.match, rule.action) for rule in draft.rules),
        tuple((clause.what, clause.wanted) for clause in intent.clauses),
        tuple((promise.when, promise.require) for promise in intent.promises),
        (draft.fields, draft.budget_per_second, settled.left_out),
        tuple(failure.claim for failure in settled.judged.failures),
    )


def _is_about_schema(failure: ClaudeFailure) -> bool:
    words = failure.message.lower()
    return failure.kind == "bad-request" and any(one in words for one in _TOO_LARGE)

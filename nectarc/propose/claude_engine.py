"""The Claude engine of `propose`: its key, its rounds, recordings.

Owns: putting these together. Must not know: the prompt, the API, terminals.
"""

from __future__ import annotations

from typing import assert_never

from nectarc.checking import check_text
from nectarc.claude.answer import Mistakes
from nectarc.claude.client import ClientOptions, Sender, claude_client
from nectarc.claude.exchanges import Recorder, Replayer
from nectarc.claude.exemplars import some_traces
from nectarc.claude.failures import ClaudeFailure
from nectarc.claude.loop import Fit, LoopOptions, Settled, propose_with_claude
from nectarc.claude.prompt import request_for
from nectarc.claude.redaction import redactor_of
from nectarc.claude.requests import DEFAULT_MODEL, Ask
from nectarc.claude.show import show_prompt
from nectarc.intent.drafts import Draft
from nectarc.intent.judging import Setting
from nectarc.intent.policy_text import is_as_made, read_head
from nectarc.intent.records import Asks, Refuses
from nectarc.project import Project
from nectarc.propose.engines import EngineOptions, policy_name
from nectarc.propose.outcomes import Drafted, Failed, Outcome, Used
from nectarc.propose.refitting import Fitted, Unfit, fitted_into, unreadable
from nectarc.records import record
from nectarc.source import SourceText


@record(frozen=False)
class ClaudeEngine:
    """Claude. refined: the policy to go on from, None for a new one."""

    options: EngineOptions
    project: Project
    setting: Setting
    refined: SourceText | None
    # One for all questions and answers of a run: a recording goes on where it stood.
    sender: Sender | None = None

    def read(self, text: str, answers: dict[str, str]) -> Outcome:
        """Ask Claude in rounds; what it drafts is judged here."""
        refused = unreadable(self.refined) if self.refined is not None else None
        if refused is not None:
            return refused
        sender = self.sender or self._sender()
        if isinstance(sender, ClaudeFailure):
            return _failed(sender)
        self.sender = sender
        options = LoopOptions(
            max_rounds=self.options.max_rounds or self.project.propose_max_rounds,
            name=self._name(),
            progress=self.options.tell,
            fit=self._fit(),
        )
        ended = propose_with_claude(self._ask(text, answers), self.setting, sender, options)
        match ended:
            case Settled():
                return _drafted(ended)
            case Asks() | Refuses():
                return ended
            case ClaudeFailure():
                return _failed(ended)
            case _:
                assert_never(ended)

    def prompt(self, text: str, answers: dict[str, str]) -> str:
        """Return all that the first request would send."""
        ask = self._ask(text, answers)
        redactor = redactor_of(ask)
        return show_prompt(request_for(ask, redactor), redactor, ask.allowed)

    def _name(self) -> str:
        """Return the name of the policy: the old one's, else the project's."""
        old = check_text(self.refined).policy if self.refined is not None else None
        return old.name if old is not None else policy_name(self.project)

    def _fit(self) -> Fit | None:
        """Return how a draft goes into a policy that people wrote or changed; None for others."""
        old = self.refined
        if old is None or is_as_made(old.text):
            return None

        def fit(draft: Draft) -> tuple[Draft, str] | Mistakes | Refuses:
            found = fitted_into(old, draft)
            match found:
                case Fitted():
                    return found.draft, found.text
                case Unfit():
                    return Mistakes((found.reason,))
                case Refuses():
                    return found
                case _:
                    assert_never(found)

        return fit

    def _ask(self, text: str, answers: dict[str, str]) -> Ask:
        head = read_head(self.refined.text) if self.refined is not None else None
        return Ask(
            text=text,
            answers=tuple(answers.items()),
            vocabulary=self.setting.vocabulary,
            safety=self.setting.safety,
            traces=some_traces(self.setting.evidence.corpus),
            policy=self.refined.text if self.refined is not None else "",
            before=head.intent if head is not None else (),
            allowed=self.options.allowed,
            model=self.options.model or self.project.propose_model or DEFAULT_MODEL,
        )

    def _sender(self) -> Sender | ClaudeFailure:
        if self.options.replay:
            return Replayer(self.options.replay)
        options = ClientOptions(sleep=self.options.sleep, progress=self.options.tell)
        client = claude_client(self.options.environment, options)
        if isinstance(client, ClaudeFailure) or not self.options.recording:
            return client
        return Recorder(client, self.options.recording)


def _drafted(ended: Settled) -> Drafted:
    spent = ended.spent
    used = Used(
        engine="claude",
        model=spent.model,
        rounds=spent.rounds,
        tokens_in=spent.tokens_in,
        tokens_out=spent.tokens_out,
    )
    return Drafted(intent=ended.intent, judged=ended.judged, used=used, notes=ended.notes)


def _failed(failure: ClaudeFailure) -> Failed:
    return Failed(kind=failure.kind, reason=failure.message, help=failure.help)

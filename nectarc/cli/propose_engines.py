"""Which engine reads an intent, and what it needs: the offline one, or Claude with its key.

Owns: the choice, falling back where Claude was not asked for by name. Must not know: output.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Final, Protocol

from nectarc.cli.arguments import UsageError
from nectarc.cli.console import Console
from nectarc.intent.judging import Setting
from nectarc.intent.records import Reading
from nectarc.project import Project
from nectarc.propose.outcomes import Failed, Outcome
from nectarc.propose.proposals import drafted_by
from nectarc.records import record
from nectarc.source import SourceText

KEY: Final = "ANTHROPIC_API_KEY"
_NO_PROMPT: Final = (
    "The offline engine sends nothing: it reads the intent on this machine.\n"
    f"With Claude (`--engine claude`, or {KEY} set) this shows all that would be sent.\n"
)


class Engine(Protocol):
    """Reads intents in one setting."""

    def read(self, text: str, answers: dict[str, str]) -> Outcome:
        """Read `text`, given the answers to earlier questions by their ids."""

    def prompt(self, text: str, answers: dict[str, str]) -> str:
        """Return all that would be sent for it, as text."""


def engine_of(
    arguments: argparse.Namespace,
    project: Project,
    setting: Setting,
    refined: SourceText | None,
    console: Console,
) -> Engine:
    """Return the engine that the command line, the manifest or the environment asks for."""
    name = arguments.engine or project.propose_engine
    has_key = bool(os.environ.get(KEY, "").strip())
    wants_claude = bool(arguments.replay or arguments.record or arguments.show_prompt)
    if name == "offline" and (arguments.replay or arguments.record):
        raise UsageError("`--record` and `--replay` are of exchanges with Claude: leave one out")
    offline = OfflineEngine(project, setting, refined)
    if name == "offline" or (name == "auto" and not has_key and not wants_claude):
        return offline
    from nectarc.cli.propose_claude import ClaudeEngine

    claude = ClaudeEngine(arguments, project, setting, refined, console)
    return (
        claude if name == "claude" or arguments.replay else _ClaudeFirst(claude, offline, console)
    )


@record
class OfflineEngine:
    """The built-in grammar. refined: the policy to go on from, None for a new one."""

    project: Project
    setting: Setting
    refined: SourceText | None

    def read(self, text: str, answers: dict[str, str]) -> Outcome:
        """Read `text`; what is understood becomes a policy, judged."""
        from nectarc.offline.engine import read_intent

        setting = self.setting

        def read(words: str, answered: Mapping[str, str]) -> Reading:
            return read_intent(words, setting.vocabulary, setting.safety, answered)

        name = policy_name(self.project)
        return drafted_by(read, text, answers, setting, name=name, old=self.refined)

    def prompt(self, text: str, answers: dict[str, str]) -> str:
        """Say that nothing is sent."""
        del text, answers
        return _NO_PROMPT


@record
class _ClaudeFirst:
    """Claude, and the offline engine where Claude cannot be reached."""

    claude: Engine
    offline: Engine
    console: Console

    def read(self, text: str, answers: dict[str, str]) -> Outcome:
        """Ask Claude; where that fails, say so and read offline."""
        outcome = self.claude.read(text, answers)
        if not isinstance(outcome, Failed):
            return outcome
        self.console.message(f"Claude: {outcome.reason}; the offline engine reads it")
        return self.offline.read(text, answers)

    def prompt(self, text: str, answers: dict[str, str]) -> str:
        """Return what Claude would be sent."""
        return self.claude.prompt(text, answers)


def policy_name(project: Project) -> str:
    """Return the name of a proposed policy: the project's."""
    return project.name or "sampling"

"""Which engine reads an intent, and what it needs: the offline one, or Claude with its key.

Owns: the choice, falling back where Claude was not asked for by name. Must not know: output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from nectarc.claude.client import Progress
from nectarc.claude.failures import KEY
from nectarc.claude.requests import Allowed
from nectarc.intent.judging import Setting
from nectarc.intent.records import Reading
from nectarc.project import Project
from nectarc.propose.outcomes import Failed, Outcome
from nectarc.propose.proposals import drafted_by
from nectarc.records import part, record
from nectarc.source import SourceText

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


@record(kw_only=True)
class EngineOptions:
    """Who reads, and how.

    name:        "auto" (Claude where there is a key), "claude" or "offline".
    environment: of the process: key and address of Claude.
    sleep:       waits so many seconds.
    tell:        is told in words what goes on, None streams nothing; note: what stays to be known.
    model:       "" for the project's, else the default.  max_rounds: 0 for the project's.
    wants_claude: Claude even without a key, to show what would be sent or to record it.
    recording, replay: folders of exchanges; "" for none.
    """

    name: str
    environment: Mapping[str, str]
    sleep: Callable[[float], None]
    tell: Progress | None = part(default=None)
    note: Callable[[str], None]
    model: str = ""
    max_rounds: int = 0
    allowed: Allowed = part(default=Allowed())
    wants_claude: bool = False
    recording: str = ""
    replay: str = ""

    @property
    def has_key(self) -> bool:
        """Whether Claude can be asked at all."""
        return bool(self.environment.get(KEY, "").strip())


def engine_of(
    options: EngineOptions, project: Project, setting: Setting, refined: SourceText | None
) -> Engine:
    """Return the engine that is asked for. refined: the policy to go on from, None for a new."""
    offline = OfflineEngine(project, setting, refined)
    name = options.name
    if name == "offline" or (name == "auto" and not options.has_key and not options.wants_claude):
        return offline
    from nectarc.propose.claude_engine import ClaudeEngine  # noqa: PLC0415 - it loads the prompt

    claude = ClaudeEngine(options, project, setting, refined)
    is_alone = name == "claude" or bool(options.replay)
    return claude if is_alone else _ClaudeFirst(claude, offline, options.note)


@record
class OfflineEngine:
    """The built-in grammar. refined: the policy to go on from, None for a new one."""

    project: Project
    setting: Setting
    refined: SourceText | None

    def read(self, text: str, answers: dict[str, str]) -> Outcome:
        """Read `text`; what is understood becomes a policy, judged."""
        from nectarc.offline.engine import read_intent  # noqa: PLC0415 - the grammar takes a moment

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
    note: Callable[[str], None]

    def read(self, text: str, answers: dict[str, str]) -> Outcome:
        """Ask Claude; where that fails, say so and read offline."""
        outcome = self.claude.read(text, answers)
        if not isinstance(outcome, Failed):
            return outcome
        self.note(f"Claude: {outcome.reason}; the offline engine reads it")
        return self.offline.read(text, answers)

    def prompt(self, text: str, answers: dict[str, str]) -> str:
        """Return what Claude would be sent."""
        return self.claude.prompt(text, answers)


def policy_name(project: Project) -> str:
    """Return the name of a proposed policy: the project's."""
    return project.name or "sampling"

"""What the process that suggests is asked, and what it answers.

Owns: the records that are sent. Must not know: processes, the protocol, engines.
"""

from __future__ import annotations

from nectarc.intent.records import FieldRow
from nectarc.project import Project
from nectarc.records import part, record
from nectarc.source import SourceText
from nectarc_lsp.features.wishes import Wish


@record(kw_only=True)
class Reader:
    """Who reads the words: "auto", "claude" or "offline". share_values: values may be sent."""

    engine: str = "auto"
    share_values: bool = False


@record(kw_only=True)
class ProposeJob:
    """A policy from a sentence.

    project:  of the policy; None where there is no manifest.
    old:      what stands at the policy's place, None where nothing does.
    refine:   go on from it; else it is replaced.
    """

    sentence: str
    answers: tuple[tuple[str, str], ...] = ()
    project: Project | None
    old: SourceText | None
    refine: bool
    reader: Reader


@record(kw_only=True)
class Proposed:
    """How a proposal ended, as the command returns it (docs/editor-claude.md).

    choices of questions: (answer, meaning).    text: None unless it is proven.
    """

    state: str
    message: str
    text: str | None = None
    verdict: str = ""
    diff: str | None = None
    questions: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = part(default=())


@record(kw_only=True)
class SuggestJob:
    """What is wished for at one place of the policy `text`."""

    path: str
    text: str
    wish: Wish
    project: Project
    manifest: SourceText | None
    reader: Reader


@record(kw_only=True)
class Suggestion:
    """insert: the text for the cursor. verdict: what is proven of the policy with it, in a line.

    fields: what must be declared elsewhere in the policy when the text is taken.
    """

    insert: str
    verdict: str
    fields: tuple[FieldRow, ...] = part(default=())


@record(kw_only=True)
class Suggested:
    """items: that may be shown, the best first. refused: why others may not.

    question: what is open, or why no policy does this; "" where the words are clear.
    engine: who read the words.    failure: why Claude could not be asked; "" where it was, or need
    not be.
    """

    items: tuple[Suggestion, ...] = part(default=())
    refused: tuple[str, ...] = part(default=())
    question: str = ""
    engine: str = "offline"
    failure: str = ""


@record(kw_only=True)
class Told:
    """Words about what goes on. is_remote: an answer of the network is waited for."""

    words: str
    is_remote: bool = False


@record(kw_only=True)
class Done:
    """The answer to a job. is_last: the process ends with it."""

    found: object
    is_last: bool = False


@record(kw_only=True)
class Broken:
    """A defect: the job ended without an answer."""

    reason: str
    is_last: bool = False


@record
class WarmUp:
    """Load what jobs need."""

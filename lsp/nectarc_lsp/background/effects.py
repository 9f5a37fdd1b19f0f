"""What an edit of a policy does, proven in a process of its own.

Owns: asking for it, and the answers of late. Must not know: the protocol, which edits there are.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import Final

from nectarc.checking import check_text
from nectarc.prove.verdicts import Verdict
from nectarc.source import SourceText
from nectarc_lsp.background.asking import Asking, NoAnswerError
from nectarc_lsp.background.jobs import Subject, bare_subject
from nectarc_lsp.database.view import View

LOG: Final = logging.getLogger("nectarc")
EDIT_EFFECT: Final = "edit_effect"
_KEPT_MAX: Final = 64
_SAME: Final = "what becomes of each trace stays the same: proven"


def edit_effect(argument: object) -> str:
    """Return in words what an edit does to traces; runs in a worker process."""
    assert isinstance(argument, tuple)  # `Effects` made it
    path, before, after, raised = argument
    from nectarc.compare.change_effect import effect_of_change, effect_words  # noqa: PLC0415
    from nectarc.propose.row_effect import effect_of_rows  # noqa: PLC0415

    policies = [check_text(SourceText.of(path, text)).policy for text in (before, after)]
    old, new = policies
    if old is None or new is None:
        return ""
    if sum(one.name == raised for one in new.rules) != 1:
        return effect_words(effect_of_change(old, new))
    effect = effect_of_rows(old, new, {raised})  # fast, where there are hundreds of rules
    return _SAME if effect.verdict is Verdict.PROVED else effect_words(effect)


class Effects:
    """The effects of edits; each is asked about once, whoever still waits."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self._asking = Asking("effects")
        self._known: OrderedDict[tuple[str, str], asyncio.Task[str]] = OrderedDict()

    async def of(self, view: View, after: str, raised: str) -> str:
        """Return what the edit from the view's text to `after` does; "" where that is unknown.

        raised: the rule that goes up, where that is all; "" else.
        """
        key = (view.text.text, after)
        found = self._known.get(key)
        if found is None or found.cancelled():
            subject = bare_subject(view)
            found = self._known[key] = asyncio.create_task(self._asked(subject, after, raised))
            while len(self._known) > _KEPT_MAX:
                self._known.popitem(last=False)
        return await asyncio.shield(found)

    def close(self) -> None:
        """End the process."""
        for found in self._known.values():
            found.cancel()
        self._asking.close()

    async def _asked(self, subject: Subject | None, after: str, raised: str) -> str:
        if subject is None:
            return ""
        try:
            argument = (subject.path, subject.text, after, raised)
            return str(await self._asking.ask(EDIT_EFFECT, subject, argument))
        except NoAnswerError as error:
            LOG.warning("the effect of an edit is not known: %s", error)
            return ""

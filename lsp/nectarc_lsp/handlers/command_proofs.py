"""Commands about what is proven: the proof, the tests, the rules, the trace that refutes a claim.

Owns: their answers as JSON. Must not know: how anything is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lsprotocol import types

from nectarc_lsp.background.asking import Asking
from nectarc_lsp.background.commands import KNOW
from nectarc_lsp.background.jobs import bare_subject, subject_of
from nectarc_lsp.background.test_runs import PASSED, RUN_TESTS, TestOutcome
from nectarc_lsp.database.knowledge import Knowledge, Progress
from nectarc_lsp.database.view import Kind, View
from nectarc_lsp.features.command_outcomes import (
    Page,
    counterexample_page,
    errors_page,
    rules_shown,
)
from nectarc_lsp.features.proof_words import PROVED, UNKNOWN, counterexample_text, outcome_of
from nectarc_lsp.handlers.convert import to_range
from nectarc_lsp.handlers.presenting import Presenter
from nectarc_lsp.handlers.session import NectarcServer, path_of

_ERRORS: Final = "errors"
_NO_POLICY: Final = Page(title="this is no policy", text="This is no policy of nectarc.")
_NO_MANIFEST: Final = Page(
    title="`nectar.toml` cannot be read", text="Nothing is asked while `nectar.toml` is wrong."
)
_KINDS: Final = {PROVED: types.MessageType.Info, UNKNOWN: types.MessageType.Warning}


class ProofCommands:
    """The commands. Each takes the arguments as the client sent them."""

    def __init__(self, server: NectarcServer, asking: Asking, show: Presenter) -> None:
        """Take what they need."""
        self._server = server
        self._asking = asking
        self._show = show

    async def prove(self, arguments: Sequence[object]) -> dict[str, object]:
        """[uri]: every check of `nectarc prove`."""
        known = await self._known(_policy(self._server, arguments))
        if isinstance(known, Page):
            self._say(types.MessageType.Error, known.title)
            told = {"state": _ERRORS, "headline": known.title, "text": known.text}
            return {**told, "checks": []}
        found = outcome_of(known)
        self._say(_KINDS.get(found.state, types.MessageType.Error), found.headline)
        checks = [
            {
                "name": one.name,
                "verdict": one.verdict.value,
                "claim": one.claim,
                "reason": one.reason,
                "counterexample": counterexample_text(one) or None,
            }
            for one in known.checks
        ]
        told = {"state": found.state, "headline": found.headline, "text": found.text}
        return {**told, "checks": checks}

    async def run_tests(self, arguments: Sequence[object]) -> dict[str, object]:
        """[uri, names or null]: the policy's tests, all of them or those."""
        view = _policy(self._server, arguments)
        subject = None if view is None else bare_subject(view)
        if view is None or subject is None:
            self._say(types.MessageType.Error, (_NO_POLICY if view is None else _NO_MANIFEST).title)
            return {"tests": []}
        named = arguments[1] if len(arguments) > 1 else None
        names = tuple(str(one) for one in named) if isinstance(named, list | tuple) else None
        found = await self._asking.ask(RUN_TESTS, subject, names)
        assert isinstance(found, tuple)
        outcomes: tuple[TestOutcome, ...] = found
        failed = [one for one in outcomes if one.outcome != PASSED]
        if failed:
            words = f"{len(failed)} of {len(outcomes)} tests fail: {failed[0].message}"
            self._say(types.MessageType.Error, words.partition("\n")[0])
        elif outcomes:
            self._say(types.MessageType.Info, f"{len(outcomes)} of {len(outcomes)} tests pass")
        else:
            self._say(types.MessageType.Info, "the policy has no such tests")
        return {
            "tests": [
                {
                    "name": one.name,
                    "outcome": one.outcome,
                    "message": one.message,
                    "range": to_range(one.source, view.text, self._server.encoding),
                    "rule": one.rule or None,
                    "milliseconds": one.milliseconds,
                }
                for one in outcomes
            ]
        }

    async def show_rules(self, arguments: Sequence[object]) -> dict[str, object]:
        """[uri, rule or null]: the Refinery rules, and where those of the rule begin."""
        known = await self._known(_policy(self._server, arguments))
        if isinstance(known, Page):
            self._say(types.MessageType.Error, known.title)
            return _rules("", message=known.title)
        found = rules_shown(known, _word(arguments, 1))
        if found.message:
            self._say(types.MessageType.Warning, found.message)
        if found.text and not self._server.presents:
            await self._show.page("rules.yaml", found.text, line=found.line)
        return _rules(found.text, line=found.line, is_proven=found.is_proven, message=found.message)

    async def show_counterexample(self, arguments: Sequence[object]) -> dict[str, object]:
        """[uri, check or rule or null]: the trace that refutes it, or that the rule decides."""
        known = await self._known(_policy(self._server, arguments))
        page = known if isinstance(known, Page) else counterexample_page(known, _word(arguments, 1))
        if not self._server.presents:
            await self._show.page("counterexample.md", f"# {page.title}\n\n{page.text}\n")
        return {"title": page.title, "language": "markdown", "text": page.text}

    async def _known(self, view: View | None) -> Knowledge | Page:
        """Return all that can be found out about the text as it is, or why nothing can."""
        if view is None:
            return _NO_POLICY
        known = view.knowledge
        if known is not None and known.progress is Progress.LOWERED and not known.error:
            return known
        subject = subject_of(view)
        if subject is None:
            return _NO_MANIFEST if view.project is None else errors_page(view.findings, view.text)
        found = await self._asking.ask(KNOW, subject)
        assert isinstance(found, Knowledge)
        return found

    def _say(self, kind: types.MessageType, text: str) -> None:
        if not self._server.presents:
            self._show.message(text, kind)


def _policy(server: NectarcServer, arguments: Sequence[object]) -> View | None:
    """Return the policy that the first argument names: as it is open, else as it is on disk."""
    uri = _word(arguments, 0)
    view = server.database.view_of_file(uri, path_of(uri)) if uri else None
    return view if view is not None and view.kind is Kind.POLICY else None


def _word(arguments: Sequence[object], place: int) -> str:
    found = arguments[place] if len(arguments) > place else None
    return found if isinstance(found, str) else ""


def _rules(
    text: str, *, line: int = 0, is_proven: bool = False, message: str = ""
) -> dict[str, object]:
    return {
        "language": "yaml",
        "text": text,
        "line": line,
        "proven": is_proven,
        "message": message,
    }

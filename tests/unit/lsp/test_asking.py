"""Commands in a process of their own: their answers, and who gives up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from nectarc_lsp.background.asking import Asking, NoAnswerError
from nectarc_lsp.background.commands import KNOW
from nectarc_lsp.background.test_runs import RUN_TESTS
from nectarc_lsp.database.knowledge import Knowledge, Progress
from tests.bench.varied_policy import varied_policy
from tests.lsp.session import SHOP
from tests.unit.lsp.test_worker import subject_of_text


@pytest_asyncio.fixture
async def asking() -> AsyncIterator[Asking]:
    made = Asking("tests")
    yield made
    made.close()


@pytest.mark.asyncio
async def test_answers_come_to_who_asked(asking: Asking) -> None:
    known, tests = await asyncio.gather(
        asking.ask(KNOW, subject_of_text(SHOP)), asking.ask(RUN_TESTS, subject_of_text(SHOP))
    )

    assert isinstance(known, Knowledge)
    assert known.progress is Progress.LOWERED
    assert tests == ()


@pytest.mark.asyncio
async def test_who_gives_up_keeps_nobody_waiting(asking: Asking) -> None:
    long = asyncio.ensure_future(asking.ask(KNOW, subject_of_text(varied_policy(400))))
    await asyncio.wait({long}, timeout=0.5)
    long.cancel()

    known = await asking.ask(KNOW, subject_of_text(SHOP))

    assert isinstance(known, Knowledge)
    with pytest.raises(asyncio.CancelledError):
        await long


@pytest.mark.asyncio
async def test_a_defect_is_told(asking: Asking) -> None:
    with pytest.raises(NoAnswerError, match="there is no command"):
        await asking.ask("nonsense", subject_of_text(SHOP))

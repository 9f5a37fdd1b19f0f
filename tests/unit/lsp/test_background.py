"""The worker processes as the server uses them: real processes, a real event loop, no client."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from nectarc.prove.verdicts import Verdict
from nectarc_lsp.background.jobs import Job
from nectarc_lsp.background.scheduler import Background, Phase
from nectarc_lsp.database.database import Database
from nectarc_lsp.database.knowledge import Knowledge, Progress, Reach
from tests.e2e.process import ROOT

POLICY = """\
version: 1
name: shop
rules[3]{name,match,action,priority}:
  keep-errors,http.status >= 500,keep,100
  keep-slow,duration > 5s,keep,90
  rest,true,sample(1/100),0
"""
DEAD = POLICY.replace("duration > 5s", "http.status == 503")
_URI = "file:///policy.toon"
_PATIENCE_SECONDS = 60


class Editor:
    """A document with what is learnt about it; notes all that it is told."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.database = Database()
        self.background = Background(self.database, self, lambda: 0.01)
        self.phases: list[Phase] = []
        self.seen: list[Knowledge] = []
        self._changed = asyncio.Event()

    def write(self, text: str) -> None:
        self.database.update(_URI, self.path, len(self.phases), text)
        self.background.touch(_URI)

    def learnt(self, uri: str) -> None:
        view = self.database.view(uri)
        assert view is not None
        assert view.knowledge is not None
        self.seen.append(view.knowledge)

    def phase(self, uri: str, phase: Phase) -> None:
        assert uri == _URI
        self.phases.append(phase)
        self._changed.set()

    def slow(self, job: Job) -> None:
        assert job.number

    def ended(self, job: Job) -> None:
        assert job.number

    async def until(self, phase: Phase) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not self.phases or self.phases[-1] is not phase:
                self._changed.clear()
                await self._changed.wait()

    async def known(self, text: str) -> Knowledge:
        self.write(text)
        await self.until(Phase.DONE)
        view = self.database.view(_URI)
        assert view is not None
        assert view.knowledge is not None
        return view.knowledge

    async def known_though_killed(self, text: str) -> Knowledge:
        self.write(text)
        await self.until(Phase.ASKED)
        for pid in self.background.processes():
            os.kill(pid, signal.SIGTERM)
        await self.until(Phase.DONE)
        return self.seen[-1]


@pytest_asyncio.fixture
async def editor(tmp_path: Path) -> AsyncIterator[Editor]:
    made = Editor(tmp_path / "policy.toon")
    yield made
    made.background.close()


@pytest.mark.asyncio
async def test_each_stage_is_told_as_soon_as_it_is_known(editor: Editor) -> None:
    known = await editor.known(POLICY)

    assert [one.progress for one in editor.seen] == list(Progress)
    assert {one.reach for one in known.rules} == {Reach.POSSIBLE}
    assert known.rules[0].refinery.startswith("- Name: keep-errors\n")
    assert known.rules_text.startswith("RulesVersion: 2\n")
    assert all(one.example is not None for one in known.rules)
    assert known.error == ""


@pytest.mark.asyncio
async def test_a_dead_rule_names_who_takes_its_traces(editor: Editor) -> None:
    known = await editor.known(DEAD)

    rule = known.rule("keep-slow")
    assert rule is not None
    assert rule.reach is Reach.NEVER
    assert rule.shadowed_by == ("keep-errors",)
    assert [one.code for one in known.findings] == ["NEC454"]
    assert [one.text for one in known.findings[0].related] == ["decides before it"]


@pytest.mark.parametrize(("match", "dead"), [("true", 2), ("false", 1)])
@pytest.mark.asyncio
async def test_what_the_checker_says_of_a_dead_rule_is_not_said_twice(
    editor: Editor, match: str, dead: int
) -> None:
    known = await editor.known(POLICY.replace("duration > 5s", match))

    assert known.rules[dead].reach is Reach.NEVER
    assert known.findings == ()


@pytest.mark.asyncio
async def test_a_corpus_says_what_each_rule_decides_and_keeps(tmp_path: Path) -> None:
    shop = ROOT / "examples" / "shop"
    for name in ("nectar.toml", "corpus", "incidents"):
        (tmp_path / name).symlink_to(shop / name)
    editor = Editor(tmp_path / "policy.toon")
    try:
        known = await editor.known(POLICY)
    finally:
        editor.background.close()

    shares = [one.share for one in known.rules]
    assert known.corpus_traces > 0
    assert all(one is not None for one in shares)
    assert sum(one.traces for one in shares if one is not None) == known.corpus_traces
    rest = shares[2]
    assert rest is not None
    assert rest.kept_events is not None
    assert rest.kept_events == pytest.approx(rest.events / 100)


@pytest.mark.asyncio
async def test_a_policy_with_errors_is_not_asked(editor: Editor) -> None:
    editor.write(POLICY.replace(">= 500", ">="))
    await editor.until(Phase.DONE)

    view = editor.database.view(_URI)
    assert view is not None
    assert view.knowledge is None
    assert editor.seen == []


@pytest.mark.asyncio
async def test_only_the_newest_text_is_learnt(editor: Editor) -> None:
    editor.write(DEAD)
    await editor.until(Phase.ASKED)
    known = await editor.known(POLICY)

    assert {one.reach for one in known.rules} == {Reach.POSSIBLE}
    assert all(one.digest == known.digest for one in editor.seen)


@pytest.mark.asyncio
async def test_an_undone_edit_is_known_at_once(editor: Editor) -> None:
    first = await editor.known(POLICY)
    await editor.known(DEAD)
    editor.seen.clear()

    again = await editor.known(POLICY)

    assert again == first
    assert len(editor.seen) == 1


@pytest.mark.asyncio
async def test_a_process_that_is_killed_at_work_is_started_again(editor: Editor) -> None:
    await editor.known(POLICY)

    broken = await editor.known_though_killed(DEAD)
    known = await editor.known(DEAD + "\n")

    assert broken.error == "the process that finds it out ended"
    assert known.error == ""
    assert known.rules[1].reach is Reach.NEVER


@pytest.mark.skipif(sys.platform == "win32", reason="waits as POSIX does")
@pytest.mark.asyncio
async def test_a_process_that_was_killed_while_idle_is_not_missed(editor: Editor) -> None:
    await editor.known(POLICY)
    for pid in editor.background.processes():
        os.kill(pid, signal.SIGTERM)
    for pid in editor.background.processes():
        await asyncio.to_thread(os.waitid, os.P_PID, pid, os.WEXITED | os.WNOWAIT)

    known = await editor.known(DEAD)

    assert known.error == ""
    assert known.progress is Progress.LOWERED


@pytest.mark.asyncio
async def test_a_process_that_always_ends_is_not_started_for_ever(editor: Editor) -> None:
    errors = [(await editor.known_though_killed(POLICY + "\n" * n)).error for n in range(4)]

    last = await editor.known(DEAD)

    assert set(errors) == {"the process that finds it out ended"}
    assert last.error == "the process that finds it out has ended too often"
    assert len(editor.background.processes()) == len(Progress) - 1


@pytest.mark.asyncio
async def test_what_is_learnt_brings_no_numpy_into_the_server(
    editor: Editor, tmp_path: Path
) -> None:
    for name in ("nectar.toml", "corpus", "incidents"):
        (tmp_path / name).symlink_to(ROOT / "examples" / "shop" / name)
    known = await editor.known(DEAD)
    (tmp_path / "known").write_bytes(pickle.dumps(known))
    program = (
        "import pickle, sys, pathlib; from nectarc_lsp.server import make_server; make_server();"
        " from nectarc_lsp.features.proof_words import outcome_of;"
        f" known = pickle.loads(pathlib.Path({str(tmp_path / 'known')!r}).read_bytes());"
        " outcome_of(known); print({'numpy', 'pyarrow', 'pysat', 'numba'} & sys.modules.keys())"
    )

    ran = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert known.corpus_traces > 0
    assert ran.stdout == "set()\n"


@pytest.mark.asyncio
async def test_what_is_cancelled_is_asked_again_at_the_next_edit(editor: Editor) -> None:
    editor.write(POLICY)
    await editor.until(Phase.ASKED)
    editor.background.cancel(_URI)

    assert editor.phases[-1] is Phase.CANCELLED
    known = await editor.known(DEAD)
    assert known.progress is Progress.LOWERED


@pytest.mark.asyncio
async def test_a_manifest_that_changes_changes_what_is_known(tmp_path: Path) -> None:
    manifest = tmp_path / "nectar.toml"
    manifest.write_text('[environments]\n__default__ = "policy.toon"\n')
    editor = Editor(tmp_path / "policy.toon")
    try:
        before = await editor.known(POLICY)
        manifest.write_text(
            '[environments]\n__default__ = "policy.toon"\n[safety]\nerror = "duration > 1s"\n'
        )
        after = await editor.known(POLICY)
    finally:
        editor.background.close()

    assert before.digest != after.digest
    assert [one.verdict for one in before.checks if one.name == "errors"] == [Verdict.PROVED]
    assert [one.verdict for one in after.checks if one.name == "errors"] == [Verdict.REFUTED]

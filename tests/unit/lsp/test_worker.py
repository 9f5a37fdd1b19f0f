"""One worker process: its answers, defects, and that it never outlives who started it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import BinaryIO, cast

import pytest

from nectarc.project import project_of_policy
from nectarc_lsp.background.frames import read_frame, write_frame
from nectarc_lsp.background.jobs import Answer, CommandJob, Failure, Job, Subject
from nectarc_lsp.background.memory import Memory
from nectarc_lsp.database.knowledge import Knowledge, Progress
from tests.bench.varied_policy import varied_policy
from tests.e2e.process import ROOT
from tests.lsp.session import SHOP

_PATIENCE_SECONDS = 60


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-P", "-m", "nectarc_lsp.background.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def subject_of_text(text: str) -> Subject:
    path = str(ROOT / "examples" / "shop" / "policy.toon")
    return Subject(
        uri="file:///p",
        path=path,
        text=text,
        project=project_of_policy(path),
        manifest=None,
        digest="d",
    )


def ask(worker: subprocess.Popen[bytes], job: Job | CommandJob) -> object:
    send(worker, job)
    return read_frame(cast("BinaryIO", worker.stdout))


def send(worker: subprocess.Popen[bytes], job: Job | CommandJob) -> None:
    write_frame(cast("BinaryIO", worker.stdin), job)


def verdicts(number: int, text: str) -> Job:
    return Job(number=number, stage=Progress.VERDICTS, subject=subject_of_text(text), known=None)


def test_an_answer_carries_the_number_of_its_job(worker: subprocess.Popen[bytes]) -> None:
    answer = ask(worker, verdicts(7, SHOP))

    assert isinstance(answer, Answer)
    assert answer.number == 7
    assert isinstance(answer.found, Knowledge)
    assert [one.name for one in answer.found.rules] == ["keep-errors", "keep-slow", "sample-rest"]


def test_a_defect_is_an_answer_and_the_next_job_has_one_too(
    worker: subprocess.Popen[bytes],
) -> None:
    unknown = CommandJob(number=1, name="no such command", subject=subject_of_text(SHOP))

    failed, answered = ask(worker, unknown), ask(worker, verdicts(2, SHOP))

    assert isinstance(failed, Failure)
    assert "no such command" in failed.reason
    assert isinstance(answered, Answer)


def test_it_ends_with_its_input_although_it_is_at_work(worker: subprocess.Popen[bytes]) -> None:
    send(worker, verdicts(1, varied_policy(200)))

    cast("BinaryIO", worker.stdin).close()

    assert worker.wait(_PATIENCE_SECONDS) == 0


def test_columns_of_the_corpus_stay_and_grow_with_what_is_asked() -> None:
    memory = Memory()
    (part,) = memory.evidence(subject_of_text(SHOP)).corpus.partitions()

    first = part.load(["duration_ms"])
    (again,) = memory.evidence(subject_of_text(SHOP)).corpus.partitions()
    both = again.load(["http.status_code"])

    assert part.load(["duration_ms"]) is both
    assert first is not both
    assert "duration_ms" in both.columns
    assert again.load(None) is not both

"""The commands of the server that a worker process runs: proofs, tests.

Owns: which function a command's name is. Must not know: the protocol, processes.
"""

from __future__ import annotations

from typing import Final

from nectarc.diagnostic import InternalError
from nectarc_lsp.background.effects import EDIT_EFFECT, edit_effect
from nectarc_lsp.background.jobs import CommandJob, Job, Subject
from nectarc_lsp.background.memory import Memory
from nectarc_lsp.background.stages import found_by
from nectarc_lsp.background.test_runs import RUN_TESTS, run_tests
from nectarc_lsp.database.knowledge import Knowledge, Progress

KNOW: Final = "know"
LINT_RULES: Final = "lint rules"


def run_command(job: CommandJob, memory: Memory) -> object:
    """Run a command; its argument is of the type that the function named so takes."""
    if job.name == KNOW:
        return know(job, memory)
    if job.name == LINT_RULES:
        return lint_rules_file(job.subject)
    if job.name == RUN_TESTS:
        return run_tests(job.subject, job.argument)
    if job.name == EDIT_EFFECT:
        return edit_effect(job.argument)
    raise InternalError(f"there is no command `{job.name}`")


def know(job: CommandJob, memory: Memory) -> Knowledge:
    """Find out all that the stages find out."""
    known: Knowledge | None = None
    for stage in Progress:
        asked = Job(number=job.number, stage=stage, subject=job.subject, known=known)
        known = found_by(asked, memory)
        if known.error:
            break
    assert known is not None
    return known


def lint_rules_file(subject: Subject) -> Knowledge:
    """Return all lints of a rules file, those that need proofs among them."""
    from nectarc.lint.context import LintContext  # noqa: PLC0415 - only this command lints
    from nectarc.lint.run import lint_rules  # noqa: PLC0415
    from nectarc.refinery.inputs import read_rules_files  # noqa: PLC0415

    rules = read_rules_files([(subject.path, subject.text.encode())])
    traps = lint_rules(rules.loaded, LintContext(text=rules.text))
    findings = tuple(dict.fromkeys((*rules.findings, *traps)))
    return Knowledge(digest=subject.digest, progress=Progress.LOWERED, findings=findings)

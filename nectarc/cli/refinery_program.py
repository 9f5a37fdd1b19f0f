"""The installed `refinery`, asked what it says of rules: `refinery --validate`.

Owns: running it on copies, what its answer is worth. Must not know: lints.
Truth: ../shared/reference/refinery-semantics.md, 7.2 (options, exit statuses) and 10 (3.2.2).
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final

from nectarc import __version__
from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN_NAME
from nectarc.records import record
from nectarc.refinery.inputs import RulesInput, RulesPart
from nectarc.refinery.releases import Release
from nectarc.source import SourceSpan

if TYPE_CHECKING:
    from subprocess import Popen

DISAGREEMENT_CODE: Final = "NEC596"
TIMEOUT_S: Final = 10.0
# The least that Refinery 2 and 3 start with; variables of the environment would add to it.
_MAIN_CONFIG: Final = b"General:\n  ConfigurationVersion: 2\n"
_GOOD_RULES: Final = (
    b"RulesVersion: 2\nSamplers:\n  __default__:\n    DeterministicSampler:\n      SampleRate: 1\n"
)
_BAD_RULES: Final = b"RulesVersion: 3\n"
_OWN_VARIABLES: Final = ("REFINERY_", "HONEYCOMB_")
_VERSION: Final = re.compile(r"\bv?(\d+)\.(\d+)\.(\d+)")
# Until this version, `--validate` ends with 0 after an error of YAML.
_TELLS_SYNTAX: Final = (3, 2, 2)
_LINES_SHOWN: Final = 6


class Answer(Enum):
    """What the comparison came to."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_COMPARED = "not compared"


@record(kw_only=True)
class Comparison:
    """The installed program's answer beside ours. words: what it wrote, or why nothing came of it.

    version:  as the program says it, "" where it says none.
    is_final: no other rules would get another answer, so it need not be asked again.
    """

    answer: Answer
    words: str = ""
    version: str = ""
    is_final: bool = False


@record(kw_only=True)
class _Ran:
    """One run. status: None when it did not end in time or could not start."""

    status: int | None
    words: str


def compare(
    program: str,
    inputs: Sequence[tuple[str, bytes]],
    rules: RulesInput,
    release: Release,
    *,
    timeout_s: float = TIMEOUT_S,
) -> Comparison:
    """Ask `program` about the rules, and say whether it agrees with `rules.verdict`.

    Never raises and never takes longer than four runs of `timeout_s` seconds. A program that does
    not tell good rules from bad ones, or is of another release, is not compared with.
    """
    files = _files(inputs, rules)
    if files is None:
        return _not_compared("Refinery does not read rules out of Helm values")
    told = _run(program, ["--version"], timeout_s)
    if told.status is None:
        return _not_compared(_failure(told, timeout_s), is_final=True)
    version = _version(told)
    shown = ".".join(map(str, version)) if version else ""
    if version is not None and f"{version[0]}.{version[1]}" != release.name:
        words = f"it is {shown}, and the rules are for {release.name}"
        return _not_compared(words, is_final=True)
    ran = _validate(program, files, timeout_s)
    if ran.status not in (0, 1):
        return _not_compared(_failure(ran, timeout_s), is_final=ran.status is None)
    verdict = rules.verdict
    if (ran.status == 0) is verdict.is_accepted:
        return Comparison(answer=Answer.AGREES, version=shown)
    is_untold = ran.status == 0 and verdict.stage == "decode"
    if is_untold and (version is None or version < _TELLS_SYNTAX):
        return _not_compared("before 3.2.2, Refinery's `--validate` passes over errors of YAML")
    good = _validate(program, [("rules.yaml", _GOOD_RULES)], timeout_s)
    bad = _validate(program, [("rules.yaml", _BAD_RULES)], timeout_s)
    if good.status != 0 or bad.status != 1:
        words = "it does not tell good rules from bad ones, so it is no Refinery 2 or 3"
        return _not_compared(words, is_final=True)
    return Comparison(answer=Answer.DISAGREES, words=_shortened(ran.words), version=shown)


def disagreement(program: str, comparison: Comparison, rules: RulesInput) -> Diagnostic:
    """Say that the installed Refinery says otherwise, and what to report."""
    part = rules.parts[0]
    ours, theirs = ("loads", "refuses") if rules.verdict.is_accepted else ("refuses", "loads")
    words = comparison.words.replace("\n", "\n  ")
    return finding(
        DISAGREEMENT_CODE,
        SourceSpan(part.file, 0, 0),
        f"nectarc says that Refinery {ours} this, and the installed Refinery {theirs} it",
        why="one of the two is wrong, most likely nectarc: what it says of this file is in doubt",
        help=f"go by Refinery, and report this file to nectarc's maintainers, with these lines:\n"
        f"  nectarc {__version__}, `{program}` {comparison.version or 'of unknown version'}:\n"
        f"  {words}",
    )


def _files(
    inputs: Sequence[tuple[str, bytes]], rules: RulesInput
) -> list[tuple[str, bytes]] | None:
    """Return what Refinery would read, by plain names; None where it reads no such thing."""
    files: list[tuple[str, bytes]] = []
    for number, ((_, data), part) in enumerate(zip(inputs, rules.parts, strict=True)):
        name = f"rules{number}{_ending(part)}"
        if not part.where:
            files.append((name, data))
        elif part.content is not None:
            files.append((name, part.content.encode("utf-8", "surrogatepass")))
        else:
            return None
    return files


def _ending(part: RulesPart) -> str:
    """Return the extension that tells Refinery the format, as the user's file has it."""
    if part.where:
        return ".yaml"
    if part.file == STDIN_NAME:
        return ".json" if part.form == "JSON" else ".yaml"
    ending = os.path.splitext(part.file)[1]
    return ending if ending[1:].isalnum() else ""


def _validate(program: str, files: Sequence[tuple[str, bytes]], timeout_s: float) -> _Ran:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="nectarc-") as folder:
        words = ["--validate", "-c", _write(folder, "refinery.yaml", _MAIN_CONFIG)]
        for name, data in files:
            words += ["-r", _write(folder, name, data)]
        return _run(program, words, timeout_s)


def _write(folder: str, name: str, data: bytes) -> str:
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def _run(program: str, words: list[str], timeout_s: float) -> _Ran:
    import subprocess

    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(_OWN_VARIABLES)
    }
    try:
        process = subprocess.Popen(  # noqa: S603 - the program that the user installed or named
            [program, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        return _Ran(status=None, words=f"it cannot be run: {error.strerror or error}")
    try:
        output, _ = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        return _Ran(status=None, words="")
    finally:
        _end(process)
    return _Ran(status=process.returncode, words=output.decode("utf-8", "replace"))


def _end(process: Popen[bytes]) -> None:
    """End what still runs, with all that it started: a wrapper's children as well."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()


def _version(told: _Ran) -> tuple[int, int, int] | None:
    found = _VERSION.search(told.words) if told.status == 0 else None
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def _failure(ran: _Ran, timeout_s: float) -> str:
    if ran.status is None:
        return ran.words or f"it did not answer within {timeout_s:g} s"
    if ran.status < 0:
        return f"it was ended by signal {-ran.status}"
    return f"it ended with status {ran.status}"


def _not_compared(words: str, *, is_final: bool = False) -> Comparison:
    return Comparison(answer=Answer.NOT_COMPARED, words=words, is_final=is_final)


def _shortened(words: str) -> str:
    lines = [line.rstrip() for line in words.splitlines() if line.strip()]
    more = len(lines) - _LINES_SHOWN
    return "\n".join([*lines[:_LINES_SHOWN], *([f"(and {more} more lines)"] if more > 0 else [])])

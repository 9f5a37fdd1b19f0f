"""`nectarc lint` as a process: its verdicts, statuses, inputs, `--fix`, and its manners."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.process import ROOT, Ran, run, write
from tests.e2e.test_imports import HEAVY, PROGRAM

GOOD: Final = """\
RulesVersion: 2
Samplers:
  __default__:
    DeterministicSampler:
      SampleRate: 10
"""
HINT: Final = """\
RulesVersion: 2
Samplers:
  __default__:
    EMADynamicSampler:
      GoalSampleRate: 10
      FieldList: [root.http.route]
"""
TRAP: Final = """\
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        # Every failed request.
        - Name: keep errors
          Conditions:   # any span
            - {Field: error, Operator: exists}
        - Name: sample the rest
          SampleRate: 100
"""
FIXED: Final = TRAP.replace("keep errors\n", "keep errors\n          SampleRate: 1\n")
REFUSED: Final = GOOD.replace("SampleRate: 10", "SampleRate: '10'")
DIES: Final = GOOD + "  prod:\n    DeterministicSampler:\n      SampleRate: 0\n"
LOADS: Final = "Refinery 3.2 loads rules.yaml"
REFUSES: Final = "Refinery 3.2 refuses rules.yaml\n"
ISOLATED: Final = {"PATH": ""}  # no `refinery` of this machine has a say


def lint(*words: str | Path, cwd: Path, stdin: str = "") -> Ran:
    return run("lint", *words, cwd=cwd, stdin=stdin.encode(), environment=ISOLATED)


def findings(*words: str | Path, cwd: Path, stdin: str = "") -> tuple[int, list[dict[str, Any]]]:
    ran = lint(*words, "--format", "json", cwd=cwd, stdin=stdin)
    return ran.status, json.loads(ran.out)


def codes(*words: str | Path, cwd: Path) -> list[str]:
    _, found = findings(*words, cwd=cwd)
    return [one["code"] for one in found]


@pytest.mark.parametrize(
    ("text", "status", "verdict"),
    [
        (GOOD, 0, f"{LOADS}: 1 target\n"),
        (HINT, 0, f"{LOADS}: 1 target\n"),
        (TRAP, 1, f"{LOADS}: 1 target, 2 rules\n"),
        (DIES, 1, f"{LOADS}, and its process ends at the first trace of target `prod`\n"),
        (REFUSED, 1, REFUSES),
        ("", 1, REFUSES),
    ],
    ids=["good", "hint", "trap", "dies", "refused", "empty"],
)
def test_the_verdict_comes_first_and_decides_the_status(
    text: str, status: int, verdict: str, tmp_path: Path
) -> None:
    write(tmp_path, "rules.yaml", text)

    ran = lint("rules.yaml", cwd=tmp_path)

    assert ran.out.startswith(verdict)
    assert ran.status == status


def test_a_file_without_findings_is_one_line_and_nothing_with_quiet(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", GOOD)

    loud, quiet = lint("rules.yaml", cwd=tmp_path), lint("-q", "rules.yaml", cwd=tmp_path)

    assert (loud.out, loud.err) == (
        "Refinery 3.2 loads rules.yaml: 1 target\n",
        "no findings in 1 file\n",
    )
    assert (quiet.out, quiet.err) == ("", "")


def test_errors_and_warnings_show_their_line_and_hints_are_a_line_each(tmp_path: Path) -> None:
    both = TRAP + "  prod:\n" + HINT.partition("__default__:\n")[2]
    write(tmp_path, "rules.yaml", both)

    ran, full = lint("rules.yaml", cwd=tmp_path), lint("-v", "rules.yaml", cwd=tmp_path)
    bare = lint("--no-hints", "rules.yaml", cwd=tmp_path)

    note = ran.out.index("3 notes on any rules of this kind: NEC534, NEC535, NEC548\n")
    assert ran.out.index("warning[NEC520]") < note
    assert "7 |         - Name: keep errors\n  |                 ^^^^^^^^^^^" in ran.out
    assert "`nectarc lint --fix rules.yaml`" in ran.err
    assert "13 |     EMADynamicSampler:" in full.out
    assert "hint" not in bare.out + bare.err
    assert bare.status == 1


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("binary.yaml", b"\x00\xff\xfe\x80" * 100, 1, "NEC500"),
        ("tabs.yaml", b"RulesVersion: 2\n\tSamplers:\n", 1, "NEC500"),
        ("list.yaml", b"- a\n- b\n", 1, "NEC502"),
        ("null.yaml", b"null\n", 1, ""),
        ("deep.yaml", b"[" * 5000, 1, "NEC500"),
        ("open.yaml", b'RulesVersion: "2', 1, "NEC500"),
        ("missing.yaml", None, 2, "NEC400"),
    ],
    ids=["binary", "tabs", "list", "null", "deep", "open", "missing"],
)
def test_no_content_is_a_traceback(
    name: str, content: bytes | None, status: int, code: str, tmp_path: Path
) -> None:
    if content is not None:
        write(tmp_path, name, content)

    ended, found = findings(name, cwd=tmp_path)

    assert (ended, code in {"", *(one["code"] for one in found)}) == (status, True)
    assert found


def test_a_folder_is_unreadable_and_the_other_files_are_linted(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.yaml", TRAP)

    ran = lint("rules", "rules/a.yaml", cwd=tmp_path)

    assert ran.status == 2
    assert "error[NEC400]: `rules` cannot be read: it is a folder" in ran.out
    assert "nectarc lint rules/*.yaml" in ran.out
    assert "warning[NEC520]" in ran.out


@pytest.mark.parametrize(
    ("file", "help"),
    [
        ("my rules/a.yaml", "e.g. `nectarc lint 'my rules'/*.yaml`\n"),
        ("my rules/a.yml", "e.g. `nectarc lint 'my rules'/*.yml`\n"),
        ("my rules/prod/a.yaml", "e.g. `nectarc lint 'my rules'/*/*.yaml`\n"),
        ("my rules/README.md", "there is no YAML in it: name the rules files\n"),
    ],
)
def test_the_help_for_a_folder_meets_files_in_it(tmp_path: Path, file: str, help: str) -> None:  # noqa: A002 - the word of the screen
    write(tmp_path, file, GOOD)

    assert help in lint("my rules", cwd=tmp_path).out


@pytest.mark.parametrize("text", [REFUSED, DIES], ids=["refused", "dies"])
def test_an_error_in_another_target_concerns_the_target_asked_for(
    tmp_path: Path, text: str
) -> None:
    write(tmp_path, "rules.yaml", f"{text}  other:\n    DeterministicSampler: {{SampleRate: 1}}\n")

    ran = lint("--target", "other", "rules.yaml", cwd=tmp_path)

    assert (ran.status, "error[" in ran.out) == (1, True)


@pytest.mark.parametrize("text", ["", "a: [", REFUSED], ids=["empty", "broken", "refused"])
def test_what_a_refusal_leads_to_is_said_once(tmp_path: Path, text: str) -> None:
    write(tmp_path, "rules.yaml", text)

    out = lint("rules.yaml", cwd=tmp_path).out

    assert (out.count("not start"), out.count("old rules")) == (1, 1)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "rules.yaml").open("wb") as file:
        file.truncate(17 * 1024 * 1024)

    ran = lint("rules.yaml", cwd=tmp_path)

    assert ran.status == 2
    assert "larger than 16 MiB, which no rules file is" in ran.out


def test_stdin_is_rules_too(tmp_path: Path) -> None:
    ran = lint("-", cwd=tmp_path, stdin=TRAP)

    assert ran.status == 1
    assert ran.out.startswith("Refinery 3.2 loads <stdin>: 1 target, 2 rules\n")
    assert " --> <stdin>:7:17" in ran.out


def test_files_are_linted_one_by_one_unless_they_are_merged(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", TRAP)
    write(tmp_path, "b.yaml", GOOD)

    apart, merged = (
        lint("a.yaml", "b.yaml", cwd=tmp_path),
        codes("--merge", "a.yaml", "b.yaml", cwd=tmp_path),
    )
    line = lint("--merge", "a.yaml", "b.yaml", cwd=tmp_path).out

    assert "Refinery 3.2 loads a.yaml: 1 target, 2 rules\n" in apart.out
    assert "Refinery 3.2 loads b.yaml: 1 target\n" in apart.out
    assert apart.status == 1
    assert merged == []  # the later `__default__` replaces the earlier one whole
    assert line == "Refinery 3.2 loads a.yaml, b.yaml, merged in this order: 1 target\n"


def test_the_target_narrows_what_is_said(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", TRAP.replace("__default__", "prod") + GOOD.partition("s:\n")[2])

    everything = codes("rules.yaml", cwd=tmp_path)
    default = codes("--target", "__default__", "rules.yaml", cwd=tmp_path)
    mistyped = lint("--target", "prd", "rules.yaml", cwd=tmp_path)

    assert ("NEC520" in everything, "NEC520" in default) == (True, False)
    assert mistyped.status == 2
    assert "no file has a target `prd`: did you mean `prod`?" in mistyped.err


def test_releases_differ_in_what_they_start_with(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", GOOD)
    write(tmp_path, "refinery.yaml", "LegacyMetrics:\n  Enabled: true\n")
    words = ("--config", "refinery.yaml", "rules.yaml")

    old, new = (codes("--refinery", name, *words, cwd=tmp_path) for name in ("2.9", "3.2"))

    assert (old, new) == ([], ["NEC517"])


def test_the_main_configuration_is_read_for_what_only_it_tells(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", GOOD)
    write(tmp_path, "refinery.yaml", "StressRelief:\n  Mode: always\n")
    write(tmp_path, "broken.yaml", "Traces: [\n")

    told = codes("--config", "refinery.yaml", "rules.yaml", "rules.yaml", cwd=tmp_path)
    broken = codes("--config", "broken.yaml", "rules.yaml", cwd=tmp_path)
    gone = lint("--config", "gone.yaml", "rules.yaml", cwd=tmp_path)

    assert told == ["NEC518"]
    assert broken == ["NEC517"]
    assert gone.status == 2


def test_fix_writes_only_the_lines_it_must(tmp_path: Path) -> None:
    path = write(tmp_path, "rules.yaml", TRAP)

    ran = lint("--fix", "rules.yaml", cwd=tmp_path)
    again = lint("--fix", "rules.yaml", cwd=tmp_path)

    assert (ran.status, again.status) == (0, 0)
    assert path.read_text() == FIXED
    assert ran.err.startswith("rules.yaml: fixed: ")
    assert "fixed" not in again.err


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("tail", ["", "# the end"], ids=["newline", "no-newline"])
def test_fix_keeps_line_ends_and_the_byte_order_mark(
    mark: bytes, end: str, tail: str, tmp_path: Path
) -> None:
    path = write(tmp_path, "rules.yaml", mark + (TRAP + tail).replace("\n", end).encode())

    ran = lint("--fix", "rules.yaml", cwd=tmp_path)

    assert ran.status == 0
    assert path.read_bytes() == mark + (FIXED + tail).replace("\n", end).encode()


def test_fix_works_inside_a_configmap(tmp_path: Path) -> None:
    head = "apiVersion: v1\nkind: ConfigMap\ndata:\n  rules.yaml: |\n"
    inside = "".join(f"    {line}" for line in TRAP.splitlines(keepends=True))
    path = write(tmp_path, "cm.yaml", head + inside)

    ran = lint("--fix", "cm.yaml", cwd=tmp_path)

    fixed = "".join(f"    {line}" for line in FIXED.splitlines(keepends=True))
    assert ran.status == 0
    assert path.read_text() == head + fixed


def test_fix_leaves_what_it_cannot_write_and_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "rules.yaml", TRAP)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)

    ran = lint("--fix", "link.yaml", cwd=tmp_path)
    refused = lint("--fix", "-", cwd=tmp_path, stdin=TRAP)
    merged = lint("--fix", "--merge", "rules.yaml", cwd=tmp_path)

    assert (ran.status, link.is_symlink(), path.read_text()) == (0, True, FIXED)
    assert (refused.status, merged.status) == (2, 2)


def test_diff_is_a_patch_and_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "rules.yaml", TRAP + "# the end")

    ran = lint("--diff", "rules.yaml", cwd=tmp_path)
    assert path.read_text() == TRAP + "# the end"
    done = subprocess.run(
        ["git", "apply", "-"], cwd=tmp_path, input=ran.out, text=True, check=False
    )

    assert (ran.status, done.returncode) == (1, 0)
    assert path.read_text() == FIXED + "# the end"


def test_diff_says_on_stderr_what_it_could_not_read(tmp_path: Path) -> None:
    ran = lint("--diff", "gone.yaml", "-", cwd=tmp_path, stdin=TRAP)

    assert ran.status == 2
    assert ran.out.startswith("--- a/<stdin>\n+++ b/<stdin>\n")
    assert "error[NEC400]: `gone.yaml` cannot be read" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
@pytest.mark.parametrize("variable", ["", "NO_COLOR"])
def test_colours_are_for_terminals_that_want_them(variable: str, tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 - not on Windows

    write(tmp_path, "rules.yaml", TRAP)
    ours, theirs = pty.openpty()
    environment = {"PYTHONPATH": str(ROOT), "TERM": "xterm", "PATH": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "nectarc.cli.main", "lint", "-q", "rules.yaml"],
        cwd=tmp_path,
        env=environment | ({variable: "1"} if variable else {}),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
    )
    os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as terminal, contextlib.suppress(OSError):
        drawn = b""
        while piece := terminal.read(65_536):  # Linux ends it with an error
            drawn += piece
    shown = drawn.decode()

    assert process.wait(timeout=60) == 1
    assert shown.startswith("Refinery 3.2" if variable else "\x1b[1;32mRefinery 3.2 loads")
    assert ("\x1b" in shown) is not bool(variable)


def test_a_pipe_gets_no_colours(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", TRAP)

    ran = lint("rules.yaml", cwd=tmp_path)

    assert "\x1b" not in ran.out + ran.err


def test_mistyped_options_are_wrong_use(tmp_path: Path) -> None:
    ran = lint("--fixx", "rules.yaml", cwd=tmp_path)
    none = lint(cwd=tmp_path)
    release = lint("--refinery", "1.21", "rules.yaml", cwd=tmp_path)

    assert (ran.status, none.status, release.status) == (2, 2, 2)
    assert "did you mean `--fix`?" in ran.err


def test_a_file_without_findings_needs_no_heavy_module(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", GOOD)

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "lint", "-q", "rules.yaml"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    status, *modules = done.stdout.split()
    assert status == "0"
    assert not (HEAVY - {"yaml"}) & set(modules)
    assert "pysat" not in modules

"""`nectarc lint` beside an installed `refinery`: agreement, disagreement, programs that fail."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from nectarc.cli.refinery_program import Answer, compare
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.releases import NEWEST
from tests.e2e.process import Ran, run, write
from tests.e2e.test_lint import GOOD, REFUSED, TRAP

# What the reference says of the program (7.2): it loads what `-c` and `-r` name, prints the result,
# and ends with 0 or 1. This one judges with nectarc's own loader, unless its test bends it.
FAKE: Final = """\
#!{python}
import os, pathlib, sys, time
sys.path.insert(0, {root!r})
words = sys.argv[1:]
if words == ["--version"]:
    print("Version: {version}")
    sys.exit(0)
assert not [name for name in os.environ if name.startswith("REFINERY_")], "the environment counts"
config = pathlib.Path(words[words.index("-c") + 1])
assert "ConfigurationVersion: 2" in config.read_text()
files = [pathlib.Path(b) for a, b in zip(words, words[1:]) if a == "-r"]
{bend}
from nectarc.refinery.inputs import read_rules_files
rules = read_rules_files([(str(file), file.read_bytes()) for file in files])
for error in rules.verdict.errors:
    print(error.diagnostic.headline)
if not rules.verdict.is_accepted:
    sys.exit(1)
print("Config and Rules validated successfully.")
"""
# It takes GOOD and TRAP for bad, and REFUSED for good; what it says of others is right.
CONTRARY: Final = """\
if "10" in files[0].read_text():
    print("a reason of its own") if "'10'" not in files[0].read_text() else None
    sys.exit(0 if "'10'" in files[0].read_text() else 1)
"""


def install(folder: Path, bend: str = "", version: str = "3.2.2") -> Path:
    root = str(Path(__file__).resolve().parent.parent.parent)
    text = FAKE.format(python=sys.executable, root=root, bend=bend, version=version)
    path = write(folder, "bin/refinery", text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def lint(*words: str | Path, cwd: Path) -> Ran:
    environment = {"PATH": f"{cwd / 'bin'}{os.pathsep}/usr/bin", "REFINERY_X": "1"}
    return run("lint", *words, cwd=cwd, environment=environment)


@pytest.mark.parametrize(("text", "status"), [(GOOD, 0), (TRAP, 1), (REFUSED, 1)])
def test_a_refinery_on_the_path_is_asked_and_agrees(text: str, status: int, tmp_path: Path) -> None:
    program = install(tmp_path)
    write(tmp_path, "rules.yaml", text)

    ran = lint("-v", "rules.yaml", cwd=tmp_path)

    assert ran.status == status
    assert f"rules.yaml: `{program}` 3.2.2 agrees" in ran.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD, "nectarc says that Refinery loads this, and the installed Refinery refuses it"),
        (REFUSED, "nectarc says that Refinery refuses this, and the installed Refinery loads it"),
    ],
    ids=["refuses", "loads"],
)
def test_a_disagreement_is_our_defect_with_what_to_report(
    text: str, words: str, tmp_path: Path
) -> None:
    install(tmp_path, CONTRARY)
    write(tmp_path, "rules.yaml", text)

    ran = lint("rules.yaml", cwd=tmp_path)
    silent = lint("--no-refinery", "rules.yaml", cwd=tmp_path)

    assert ran.status == 3
    assert f"error[NEC596]: {words}" in ran.out
    assert "3.2.2" in ran.out
    assert ("a reason of its own" in ran.out) is (text == GOOD)
    assert "NEC596" not in silent.out


@pytest.mark.parametrize(
    ("bend", "version", "why"),
    [
        ("sys.exit(2)", "3.2.2", "it ended with status 2"),
        ("os.kill(os.getpid(), 9)", "3.2.2", "it was ended by signal 9"),
        ("sys.exit(1)", "3.2.2", "it does not tell good rules from bad ones"),
        ("sys.exit(1)", "2.9.7", "it is 2.9.7, and the rules are for 3.2"),
        ("sys.exit(1)", "of nothing", "it does not tell good rules from bad ones"),
    ],
    ids=["panics", "killed", "refuses-all", "other-release", "no-version"],
)
def test_a_program_of_no_use_changes_nothing(
    bend: str, version: str, why: str, tmp_path: Path
) -> None:
    program = install(tmp_path, bend, version)
    write(tmp_path, "rules.yaml", GOOD)

    named = lint("--refinery-binary", program, "rules.yaml", cwd=tmp_path)
    found = lint("rules.yaml", cwd=tmp_path)

    assert (named.status, found.status) == (0, 0)
    assert f"was not compared with: {why}" in named.err
    assert "not compared" not in found.err


def test_before_3_2_2_errors_of_yaml_are_passed_over(tmp_path: Path) -> None:
    install(tmp_path, "sys.exit(0)", "3.2.1")
    write(tmp_path, "rules.yaml", "Samplers: [\n")

    ran = lint("-v", "rules.yaml", cwd=tmp_path)

    assert ran.status == 1
    assert "before 3.2.2, Refinery's `--validate` passes over errors of YAML" in ran.err


def test_merged_files_and_a_configmap_are_asked_about_as_refinery_reads_them(
    tmp_path: Path,
) -> None:
    install(tmp_path)
    write(tmp_path, "a.yaml", TRAP)
    write(tmp_path, "b.yaml", GOOD)
    inside = "".join(f"    {line}" for line in GOOD.splitlines(keepends=True))
    write(tmp_path, "cm.yaml", f"kind: ConfigMap\ndata:\n  rules.yaml: |\n{inside}")
    write(tmp_path, "helm.yaml", "rules:\n" + inside)

    merged = lint("-v", "--merge", "a.yaml", "b.yaml", cwd=tmp_path)
    wrapped = lint("-v", "cm.yaml", "helm.yaml", cwd=tmp_path)

    assert "3.2.2 agrees" in merged.err
    assert "cm.yaml: " in wrapped.err.split("3.2.2 agrees")[0]
    assert "Refinery does not read rules out of Helm values" in wrapped.err


def test_a_path_that_is_no_program_is_wrong_use(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", GOOD)

    ran = lint("--refinery-binary", "nothing", "rules.yaml", cwd=tmp_path)

    assert ran.status == 2


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    program = write(tmp_path, "bin/refinery", "#!/bin/sh\nsleep 60 & wait\n")
    program.chmod(0o755)

    inputs = [("rules.yaml", GOOD.encode())]
    begun = time.monotonic()
    found = compare(str(program), inputs, read_rules_files(inputs), NEWEST, timeout_s=0.5)

    assert (found.answer, found.words) == (
        Answer.NOT_COMPARED,
        "it did not answer within 0.5 s",
    )
    assert found.is_final
    assert time.monotonic() - begun < 5

"""The manners of the process: usage, statuses, streams, interrupts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nectarc.cli.main import COMMANDS
from tests.e2e.process import ROOT, run, write


def test_without_a_command_it_lists_them_and_that_is_wrong_use(tmp_path: Path) -> None:
    ran = run(cwd=tmp_path)

    assert ran.status == 2
    assert all(f"  {name} " in ran.out for name in COMMANDS)
    assert run("--help", cwd=tmp_path).status == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(tmp_path: Path, command: str) -> None:
    ran = run(command, "--help", cwd=tmp_path)

    assert ran.status == 0
    assert ran.out.startswith(f"usage: nectarc {command}")
    assert "--quiet" in ran.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["chekc"], "did you mean `nectarc check`?"),
        (["frobnicate"], "`nectarc --help` lists them"),
        (["simulate"], "there is no command `simulate`"),
        (["rules.yaml"], "try `nectarc lint rules.yaml`"),
        (["my rules.yml"], "try `nectarc lint 'my rules.yml'`"),
        (["policy.toon"], "try `nectarc check policy.toon`"),
        (["check", "--fxi"], "did you mean `--fix`?"),
        (["check", "--format", "yaml"], "invalid choice: 'yaml'"),
        (["replay", "x.toon"], "--traces"),
        (["--wat", "check"], "stands before a command"),
        (["explain-code", "NEC999"], "there is no code `NEC999`"),
        (["check", "--fix", "-"], "name the file to fix"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_status_2_and_says_what_to_write(
    tmp_path: Path, words: list[str], expected: str
) -> None:
    ran = run(*words, cwd=tmp_path)

    assert ran.status == 2
    assert expected in ran.err
    assert ran.out == ""


def test_no_command_shows_the_way_of_who_has_rules_already(tmp_path: Path) -> None:
    ran = run(cwd=tmp_path)

    assert ran.status == 2
    assert "Start with `nectarc lint rules.yaml`" in ran.out
    assert ran.err == ""


def test_version_speaks_json(tmp_path: Path) -> None:
    ran = run("version", "--format", "json", cwd=tmp_path)

    assert ran.status == 0
    assert json.loads(ran.out)["language"] == 1
    assert run("--version", cwd=tmp_path).out.startswith("nectarc ")


@pytest.mark.parametrize("word", ["NEC407", "nec407", "407"])
def test_the_page_of_a_code(tmp_path: Path, word: str) -> None:
    ran = run("explain-code", word, cwd=tmp_path)

    assert ran.status == 0
    assert ran.out == (ROOT / "docs" / "codes" / "NEC407.md").read_text()


def test_the_list_of_codes_in_json(tmp_path: Path) -> None:
    codes = json.loads(run("explain-code", "--format", "json", cwd=tmp_path).out)

    assert {"code": "NEC407", "severity": "error", "title": "there is no project here"} in codes


def test_a_folder_without_a_project_says_how_to_start_one(tmp_path: Path) -> None:
    ran = run("check", cwd=tmp_path)

    assert ran.status == 2
    assert "NEC407" in ran.out
    assert "nectarc init" in ran.out


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "from nectarc.cli.main import main; raise SystemExit(main())",
         "explain-code"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()

    err = process.stderr.read().decode()

    assert process.wait() == 141
    assert err == ""


def test_an_interrupt_is_quiet_and_leaves_the_store_whole(tmp_path: Path) -> None:
    store = write(tmp_path, "corpus/traces.jsonl", '{"id":"a","spans":[{"x":1}]}\n')
    pipe = tmp_path / "slow.jsonl"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "nectarc.cli.main", "ingest", str(pipe), "--into", "corpus"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    # Opening the pipe for writing waits until the command reads it, so it is in the midst of work.
    with pipe.open("wb") as writer:
        writer.write(b'{"id":"b","spans":[{"x":2}]}\n')
        writer.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)

    assert process.returncode == 130
    assert (out, err) == (b"", b"")
    assert store.read_text() == '{"id":"a","spans":[{"x":1}]}\n'


def test_a_defect_of_ours_is_status_3_with_what_to_report(tmp_path: Path) -> None:
    code = (
        "import nectarc.cli.version as v, nectarc.cli.main as m\n"
        "v.run = lambda *_: [][1]\n"
        "raise SystemExit(m.main(['version']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert "a defect of nectarc, not of your policy" in done.stderr
    assert "IndexError" in done.stderr
    assert "Traceback" not in done.stderr


def test_output_is_utf8_in_any_locale(tmp_path: Path) -> None:
    ran = run("check", "café.toon", cwd=tmp_path, environment={"LC_ALL": "C", "PYTHONUTF8": "0"})

    assert ran.status == 2
    assert "caf" in ran.out

"""The hook of pre-commit and the GitHub Action: their files, and their commands as processes."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from nectarc.cli.arguments import Parser
from nectarc.cli.lint import configure
from tests.e2e.process import ROOT, write
from tests.e2e.test_lint import FIXED, GOOD, REFUSED, TRAP

HOOKS: Final = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION: Final = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def installed(folder: Path) -> Path:
    """Put a `nectarc` into `folder`/bin as an installation would."""
    words = f"exec {shlex.quote(sys.executable)} -m nectarc.cli.main"
    program = write(
        folder, "bin/nectarc", f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} {words} "$@"\n'
    )
    program.chmod(0o755)
    return folder


def act(cwd: Path, **given: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the action's step `lint` as the runner does, nectarc being installed."""
    installed(cwd / "temp" / "nectarc")
    output = write(cwd, "temp/output", "")
    inputs = {name: str(one["default"]) for name, one in ACTION["inputs"].items()} | given
    (step,) = [one for one in ACTION["runs"]["steps"] if one.get("id") == "lint"]
    variables = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], value)
        for name, value in step["env"].items()
    }
    script = write(cwd, "temp/script.sh", step["run"])
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
        cwd=cwd,
        env={
            "PATH": os.environ["PATH"],
            "RUNNER_TEMP": str(cwd / "temp"),
            "GITHUB_OUTPUT": str(output),
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done, output


@pytest.mark.parametrize("hook", HOOKS, ids=lambda one: str(one["id"]))
def test_the_hook_takes_the_files_that_changed(hook: dict[str, Any], tmp_path: Path) -> None:
    program, *words = shlex.split(hook["entry"])
    folder = installed(tmp_path / "env")
    path = write(tmp_path, "rules.yaml", TRAP)
    write(tmp_path, "refinery-rules.yaml", GOOD)

    done = subprocess.run(
        [folder / "bin" / program, *words, "rules.yaml", "refinery-rules.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    is_fix = hook["id"].endswith("-fix")
    assert (hook["language"], hook["types"]) == ("python", ["yaml"])
    assert done.returncode == (0 if is_fix else 1)
    assert path.read_text() == (FIXED if is_fix else TRAP)


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("rules.yaml", True),
        ("deploy/rules.yml", True),
        ("deploy/refinery-rules.yaml", True),
        ("prod_refinery_rules_eu.yaml", True),
        ("refinery.yaml", False),
        ("prometheus-rules.yaml", False),
        ("myrules.yaml", False),
        ("rules.yaml.bak", False),
    ],
)
def test_the_hook_knows_rules_by_their_names(name: str, *, is_taken: bool) -> None:
    for hook in HOOKS:
        assert (re.search(hook["files"], name) is not None) is is_taken


def test_the_action_annotates_and_writes_sarif(tmp_path: Path) -> None:
    write(tmp_path, "rules/a b.yaml", GOOD)
    write(tmp_path, "rules/c.yaml", TRAP)

    done, output = act(tmp_path, files="rules/**/*.yaml", sarif="found.sarif")

    results = json.loads((tmp_path / "found.sarif").read_text())["runs"][0]["results"]
    assert done.returncode == 1
    assert "::warning file=rules/c.yaml,line=7," in done.stdout
    assert "NEC520" in {one["ruleId"] for one in results}
    assert output.read_text() == "sarif=found.sarif\n"


def test_the_action_passes_its_inputs_on(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", GOOD)
    write(tmp_path, "refinery.yaml", "StressRelief:\n  Mode: always\n")

    fine, _ = act(tmp_path, format="text", refinery="3.1", hints="false")
    config, _ = act(tmp_path, format="text", config="refinery.yaml")
    wrong, _ = act(tmp_path, refinery="1.0")

    assert (fine.returncode, fine.stdout) == (0, "Refinery 3.1 loads rules.yaml: 1 target\n")
    assert "NEC518" in config.stdout
    assert wrong.returncode == 2


@pytest.mark.parametrize(
    "files", ["*.yaml", "gone.yaml", "$(touch hacked)", "`touch hacked`;touch hacked"]
)
def test_the_action_runs_no_words_of_its_inputs(files: str, tmp_path: Path) -> None:
    done, _ = act(tmp_path, files=files)

    assert done.returncode == 2
    assert not (tmp_path / "hacked").exists()
    assert "::error" in done.stdout


def test_the_action_fails_where_refinery_refuses(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", REFUSED)

    done, _ = act(tmp_path)

    assert done.returncode == 1
    assert done.stdout.startswith("::error file=rules.yaml,line=5,")


def test_the_action_installs_from_its_own_folder() -> None:
    install, _ = ACTION["runs"]["steps"]
    parser = Parser("nectarc lint", "")
    configure(parser)
    releases = next(one.choices for one in parser._actions if one.dest == "refinery")  # noqa: SLF001 - what the help says

    assert install["env"]["SOURCE"] == "${{ github.action_path }}"
    assert all(name in ACTION["inputs"]["refinery"]["description"] for name in releases or ())
    assert "${{" not in "".join(step["run"] for step in ACTION["runs"]["steps"])

"""The VS Code extension: its package, and a real VS Code in a real browser, with the network cut.

What a person does is in vscode/e2e.mjs, machines that are not ready are in vscode/machine.mjs, and
the `vscode` API is asked by vscode/suite/index.cjs. Their pictures are in pytest's folder.
Each runs in a network namespace of its own, which has a loopback and no more, and looks itself that
nothing else is there (workbench.mjs, `networkIsCut`). They take turns, in one worker.
"""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.editors.vscode_tools import (
    EXTENSION,
    NECTARC,
    base_python,
    needs_extension,
    needs_scripts,
    needs_workbench,
    network_can_be_cut,
    run_script,
)

SHIPPED = {
    "[Content_Types].xml",
    "extension.vsixmanifest",
    "extension/LICENSE.txt",
    "extension/THIRD-PARTY-NOTICES.txt",
    "extension/changelog.md",
    "extension/dist/extension.js",
    "extension/language-configuration.json",
    "extension/package.json",
    "extension/readme.md",
    "extension/snippets/manifest.json",
    "extension/snippets/policy.json",
    "extension/syntaxes/toon.tmLanguage.json",
    "extension/walkthrough/install.md",
}
VSIX_MAX = 2_000_000  # bytes, pictures and all


@pytest.fixture(scope="session")
def vsix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the packaged extension."""
    needs_extension()
    return packaged(tmp_path_factory.mktemp("vsix") / "nectarc.vsix")


def packaged(out: Path) -> Path:
    made = run_script("scripts/package.mjs", str(out), cwd=EXTENSION, alone=network_can_be_cut())
    assert made.returncode == 0, made.stdout + made.stderr
    return out


def test_the_package_is_made_again_byte_by_byte(vsix: Path, tmp_path: Path) -> None:
    again = packaged(tmp_path / "again.vsix")

    assert again.read_bytes() == vsix.read_bytes()


def test_the_package_holds_what_is_needed_and_no_more(vsix: Path) -> None:
    with zipfile.ZipFile(vsix) as archive:
        names = set(archive.namelist())
        readme = archive.read("extension/readme.md").decode()

    assert {name for name in names if not name.startswith("extension/images/")} == SHIPPED
    pictures = set(re.findall(r"!\[[^]]*\]\((images/[\w-]+\.png)\)", readme))
    assert pictures
    assert {f"extension/{picture}" for picture in pictures} <= names
    assert vsix.stat().st_size < VSIX_MAX


def test_types_hold() -> None:
    needs_extension()

    checked = run_script("node_modules/typescript/bin/tsc", "--noEmit", cwd=EXTENSION)

    assert checked.returncode == 0, checked.stdout


def test_the_parts_without_vscode() -> None:
    needs_extension()

    tested = run_script("--test", "units.mjs", PYTHON=base_python())

    assert tested.returncode == 0, tested.stdout


def test_every_picture_command_and_setting_that_the_manifest_names_exists() -> None:
    manifest = json.loads((EXTENSION / "package.json").read_text())
    contributes = manifest["contributes"]
    commands = {one["command"] for one in contributes["commands"]}

    steps = [step for one in contributes["walkthroughs"] for step in one["steps"]]
    for step in steps:
        assert (EXTENSION / next(iter(step["media"].values()))).is_file(), step["id"]
        assert set(re.findall(r"command:([\w.]+)", step["description"])) <= commands
    menus = {entry["command"] for menu in contributes["menus"].values() for entry in menu}
    assert menus <= commands
    assert not [one for one in commands if one.startswith("nectarc.server.")]
    settings = contributes["configuration"]["properties"]
    # What may send something away, or starts a program, is never the workspace's to choose unasked.
    for name in ("inlineCompletion.enabled", "inlineCompletion.engine", "claude.shareValues"):
        assert settings[f"nectarc.{name}"]["scope"] == "application"
    limits = manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert set(limits) == {"nectarc.server.command", "nectarc.interpreter"}


@pytest.mark.workbench
@pytest.mark.xdist_group("workbench")
def test_a_person_at_work(vsix: Path, tmp_path: Path) -> None:
    worked(run_in_vscode("e2e.mjs", vsix, tmp_path))


@pytest.mark.workbench
@pytest.mark.xdist_group("workbench")
def test_the_api(vsix: Path, tmp_path: Path) -> None:
    worked(run_in_vscode("api.mjs", vsix, tmp_path))


@pytest.mark.workbench
@pytest.mark.xdist_group("workbench")
def test_machines_that_are_not_ready(vsix: Path, tmp_path: Path) -> None:
    worked(run_in_vscode("machine.mjs", vsix, tmp_path))


def run_in_vscode(script: str, vsix: Path, out: Path) -> subprocess.CompletedProcess[str]:
    needs_workbench()
    is_alone = network_can_be_cut()
    return run_script(
        script,
        alone=is_alone,
        NETWORK="cut" if is_alone else "there",
        PATIENCE="120000",  # milliseconds: other tests run beside these
        VSIX=str(vsix),
        NECTARC=str(NECTARC),
        PYTHON=base_python(),
        OUT=str(out),
    )


def worked(done: subprocess.CompletedProcess[str]) -> None:
    steps = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "not ok "))]
    failed = [line for line in steps if line.startswith("not ok ")]
    assert steps, done.stdout + done.stderr
    assert not failed, "\n".join(steps)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.workbench
def test_the_scripts_of_the_tests_are_installed_as_locked() -> None:
    needs_scripts()

    listed = run_script(
        "-e", "for (const one of ['code-server', 'playwright-core']) require(one + '/package.json')"
    )

    assert listed.returncode == 0, listed.stderr

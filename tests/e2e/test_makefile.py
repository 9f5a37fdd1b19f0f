"""The Makefile of a new project: its targets do what they say, and only what changed is made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.process import ROOT, Ran, run

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert run("init", "shop", "--example", cwd=tmp_path).status == 0
    return tmp_path / "shop"


def _make(project: Path, *targets: str) -> Ran:
    nectarc = f"{sys.executable} -m nectarc.cli.main"
    done = subprocess.run(
        ["make", f"NECTARC={nectarc}", *targets],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _age(path: Path, seconds: int) -> None:
    """Move a file's time, instead of waiting for the clock."""
    then = path.stat().st_mtime + seconds
    os.utime(path, (then, then))


def _keep_otel_errors(project: Path) -> None:
    policy = project / "policy.toon"
    policy.write_text(policy.read_text().replace(">= 500,keep", ">= 500 || error,keep"))


def test_all_targets_run_and_make_their_files(project: Path) -> None:
    _keep_otel_errors(project)

    for target in ("check", "rules.yaml", "prove", "waggle.html"):
        ran = _make(project, target)
        assert ran.status == 0, ran.err

    assert (project / "rules.yaml").read_text().startswith("RulesVersion: 2\n")
    assert (project / "waggle.html").read_text().startswith("<!doctype html>")


def test_only_what_changed_is_made_again(project: Path) -> None:
    _keep_otel_errors(project)
    assert _make(project, "sampling", "prove").status == 0

    again = _make(project, "sampling", "prove")
    assert "nectarc" not in again.out

    _age(project / "policy.toon", 60)
    changed = _make(project, "--dry-run", "sampling", "prove")
    assert all(f"main {word}" in changed.out for word in ("compile", "prove", "explain"))

    _age(project / "policy.toon", -120)
    _age(project / "corpus" / "traces.jsonl", 60)
    traffic = _make(project, "--dry-run", "sampling", "prove")
    assert "main compile" not in traffic.out
    assert all(f"main {word}" in traffic.out for word in ("prove", "explain"))


def test_a_policy_that_the_manifest_names_later_is_followed(project: Path) -> None:
    assert _make(project, "rules.yaml").status == 0
    shutil.copy(project / "policy.toon", project / "eu.toon")
    manifest = project / "nectar.toml"
    manifest.write_text(
        manifest.read_text().replace(
            '__default__ = "policy.toon"', '__default__ = "policy.toon"\neu = "eu.toon"'
        )
    )
    _age(manifest, 60)
    assert "main compile" in _make(project, "rules.yaml").out
    for name in ("rules.yaml", "policy.lock"):
        _age(project / name, 120)
    assert "main compile" not in _make(project, "rules.yaml").out

    _age(project / "eu.toon", 300)

    assert "main compile" in _make(project, "--dry-run", "rules.yaml").out


def test_a_finding_stops_make(project: Path) -> None:
    ran = _make(project, "prove")

    assert ran.status != 0
    assert "NEC455" in ran.out
    assert not (project / ".nectarc" / "proved").exists()

"""The wheel in a clean virtual environment: all that it needs is in it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.e2e.process import ROOT, SHOP


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it; return the clean environment's python.

    The dependencies come from this environment by PYTHONPATH, so that no network is needed.
    """
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("nectarc-*.whl")
    venv.create(folder / "clean", with_pip=False)
    python = folder / "clean" / "bin" / "python"
    site = next((folder / "clean" / "lib").glob("python*/site-packages"))
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile",
         "--target", site, wheel],
        check=True,
    )  # fmt: skip
    # `pip --target` writes no scripts, so the entry point is called as one would write it.
    return python


def _run(python: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys, nectarc\n"
        f"assert nectarc.__file__.startswith({str(python.parent.parent)!r}), nectarc.__file__\n"
        "from nectarc.cli.main import main\n"
        "sys.exit(main())\n"
    )
    # A path file of the editable installation is not followed here: PYTHONPATH reads none.
    environment = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
    return subprocess.run(
        [python, "-c", code, *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_whole_chain_runs_from_the_wheel(python: Path, tmp_path: Path) -> None:
    assert _run(python, "version", cwd=tmp_path).stdout.startswith("nectarc ")
    created = _run(python, "init", "shop", "--example", cwd=tmp_path)
    assert created.returncode == 0, created.stderr
    project = tmp_path / "shop"
    assert (project / "corpus" / "traces.jsonl").read_bytes() == (
        SHOP / "corpus" / "traces.jsonl"
    ).read_bytes()
    for words, status in ((["check"], 0), (["fmt", "--check"], 0), (["compile"], 0),
                          (["verify"], 0), (["prove"], 1), (["explain"], 0),
                          (["doctor"], 0), (["explain-code", "NEC407"], 0)):  # fmt: skip
        ran = _run(python, *words, cwd=project)
        assert ran.returncode == status, (words, ran.stdout, ran.stderr)


def test_grammars_and_language_server_are_in_the_wheel(python: Path, tmp_path: Path) -> None:
    package = next((python.parent.parent / "lib").glob("python*/site-packages/nectarc"))

    assert sorted(path.name for path in (package / "grammar").iterdir()) == [
        "action.lark",
        "intent.lark",
        "intent_lexicon.toml",
        "intent_notes.toml",
        "match.lark",
        "toon.lark",
    ]
    code = "from nectarc_lsp.server import make_server; print(make_server().name)"
    ran = subprocess.run(
        [python, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "nectarc\n"

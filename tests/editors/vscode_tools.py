"""What the tests of the VS Code extension share: is it installed, how is a script run.

Owns: node, the extension's package, runs without a network. Must not know: what is tested.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.browser import find_chromium

ROOT: Final = Path(__file__).resolve().parents[2]
EXTENSION: Final = ROOT / "editors" / "vscode"
SCRIPTS: Final = Path(__file__).parent / "vscode"
NECTARC: Final = Path(sys.executable).with_name("nectarc")
_LIMIT: Final = 1800  # seconds of a run in VS Code, on a machine with much else to do
# A network of its own, with a loopback that is up: `unshare -n` leaves it down.
_ALONE: Final = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))
os.execvp(sys.argv[1], sys.argv[1:])
"""


def needs_extension() -> None:
    """Skip, with the reason, where the extension cannot be built."""
    if shutil.which("node") is None:
        pytest.skip("needs node: the extension is TypeScript")
    if not (EXTENSION / "node_modules" / ".package-lock.json").exists():
        pytest.skip("needs the packages of editors/vscode: run `npm ci` there, or `make test`")


def needs_scripts() -> None:
    """Skip, with the reason, where the packages of the tests are not installed."""
    if shutil.which("node") is None:
        pytest.skip("needs node")
    if not (SCRIPTS / "node_modules" / ".package-lock.json").exists():
        pytest.skip("needs the packages of tests/editors/vscode: `make test` installs them")


def needs_workbench() -> None:
    """Skip, with the reason, where no real VS Code can be started."""
    needs_extension()
    needs_scripts()
    if not (SCRIPTS / "node_modules" / ".code-server-done").exists():
        pytest.skip("needs code-server: tools/install_code_server.sh, which `make test` runs")
    if find_chromium() is None:
        pytest.skip("no chromium and no chrome is installed: nothing to show VS Code in")


@functools.cache
def network_can_be_cut() -> bool:
    """Say whether a process may have a network of its own here."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run([*_alone(), "true"], capture_output=True, check=False)
    return tried.returncode == 0


def _alone() -> list[str]:
    return ["unshare", "-n", sys.executable, "-c", _ALONE]


def run_script(
    *words: str,
    cwd: Path = SCRIPTS,
    alone: bool = False,
    input_text: str | None = None,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run a node script to its end, without a network if `alone`."""
    return subprocess.run(
        [*(_alone() if alone else ()), "node", *words],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        input=input_text,
        timeout=_LIMIT,
        check=False,
    )


def base_python() -> str:
    """Return the python that this environment was made of: it has no nectarc."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())

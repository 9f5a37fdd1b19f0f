"""Running nectarc as a process, as users do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent.parent
SHOP: Final = ROOT / "examples" / "shop"


class Ran(NamedTuple):
    """What a process left behind."""

    status: int
    out: str
    err: str


def run(
    *words: str | Path,
    cwd: Path,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> Ran:
    """Run `nectarc words...` in `cwd`; the output must be UTF-8 and hold no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "nectarc.cli.main", *map(str, words)],
        cwd=cwd,
        input=stdin,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in ran.err, ran.err
    return ran


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a file, making its folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path

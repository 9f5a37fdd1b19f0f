# ruff: noqa: INP001 - a script beside its pictures, in no package
"""Make waggle-*.png: the report of the example, as a browser shows it.

    .venv/bin/python docs/images/waggle.py

Chromium must be installed, as for the tests of the report.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import LOOKS, Visit, browser  # noqa: E402 - it is in no package

HEIGHTS: Final = {"light": 1_560, "dark": 1_560, "phone": 1_200}


def main() -> None:
    """Write a picture of the top of the page for each look."""
    with tempfile.TemporaryDirectory() as folder, browser() as started:
        page = Path(folder, "waggle.html")
        command = (sys.executable, "-m", "nectarc.cli.main", "explain", "policy.toon")
        subprocess.run(  # noqa: S603 - our own command
            (*command, "-o", str(page), "-q"), check=True, cwd=ROOT / "examples" / "shop"
        )
        visit = Visit(started.new_page())
        for name, look in LOOKS.items():
            visit.show(page, look._replace(height=HEIGHTS[name]))
            visit.page.screenshot(path=HERE / f"waggle-{name}.png")


if __name__ == "__main__":
    main()

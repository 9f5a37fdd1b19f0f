"""What the server loads: provers and columns belong to the process behind it."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

_HEAVY: Final = ("numpy", "numba", "pyarrow", "pysat", "anthropic", "vl_convert", "lark", "jinja2")


def test_the_server_process_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom nectarc_lsp.server import make_server\nmake_server()\n"
        f"print(*[name for name in {_HEAVY!r} if name in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == []

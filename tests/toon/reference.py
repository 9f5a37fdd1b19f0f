"""The reference implementation of TOON, run by node, for the tests that compare with it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parent
MODULES: Final = FOLDER / "node_modules"
FIXTURES: Final = MODULES / "@toon-format" / "spec" / "tests" / "fixtures"


def reference_is_installed() -> bool:
    """Say whether node and the packages are there: `npm ci` in tests/toon installs them."""
    return MODULES.is_dir() and shutil.which("node") is not None


class Encoded(NamedTuple):
    """What the reference makes of a value: its text, and the value with the keys in its order."""

    text: str
    json: str


class Reference:
    """A running node process."""

    def __init__(self) -> None:
        """Start node."""
        self._process = subprocess.Popen(
            ["node", "reference.mjs"],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def decode(self, text: str) -> str | None:
        """Return what `text` decodes to, as JSON, or None when the reference refuses it."""
        return self._ask({"op": "decode", "text": text}).get("json")

    def encode(self, value: object, delimiter: str = ",") -> Encoded | None:
        """Return what the reference makes of `value`, or None when it refuses it."""
        request = {"op": "encode", "json": json.dumps(value), "delimiter": delimiter}
        answer = self._ask(request)
        return None if "error" in answer else Encoded(answer["text"], answer["json"])

    def close(self) -> None:
        """End node."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def _ask(self, request: dict[str, str]) -> dict[str, str]:
        """Send one request and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, str] = json.loads(self._process.stdout.readline())
        return answer

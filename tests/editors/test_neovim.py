"""The language server in a real Neovim, without a screen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.process import ROOT
from tests.lsp.session import SHOP

_NEOVIM: Final = shutil.which("nvim")
_HERE: Final = Path(__file__).parent

pytestmark = pytest.mark.skipif(
    _NEOVIM is None, reason="Neovim is not here: `sh tools/install_neovim.sh` (make test does)"
)


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("neovim")
    (folder / "good.toon").write_text(SHOP, encoding="utf-8")
    policy = folder / "policy.toon"
    policy.write_text(SHOP.replace("http.status >= 500", "http.status >= ["), encoding="utf-8")
    assert _NEOVIM is not None
    ran = subprocess.run(
        [_NEOVIM, "--headless", "--clean", "-u", str(_HERE / "neovim_check.lua"), str(policy)],
        env={
            **os.environ,
            "HOME": str(folder),
            "NECTARC_PYTHON": sys.executable,
            "NECTARC_NEOVIM": str(ROOT / "editors" / "neovim"),
            "NECTARC_GOOD": str(folder / "good.toon"),
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    found = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return found


def _one(events: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(one for one in events if one["event"] == name)


def test_a_mistake_is_shown_and_goes_when_mended(events: list[dict[str, Any]]) -> None:
    found = _one(events, "diagnostic")

    assert found["code"].startswith("NEC0")
    assert "expected a value" in found["message"]
    assert _one(events, "mended")


def test_hover_and_completion(events: list[dict[str, Any]]) -> None:
    assert "http.response.status_code" in _one(events, "hover")["text"]
    assert "duration" in _one(events, "completion")["labels"]


def test_a_rule_is_renamed_and_the_text_formatted(events: list[dict[str, Any]]) -> None:
    expected = SHOP.replace("keep-slow", "keep-the-slow").rstrip("\n")

    assert _one(events, "rename")["text"] == expected
    assert _one(events, "format")["text"] == expected


def test_the_outline_has_the_policy(events: list[dict[str, Any]]) -> None:
    assert _one(events, "symbols")["names"]


def test_the_server_ends_when_it_is_told(events: list[dict[str, Any]]) -> None:
    assert _one(events, "stopped")

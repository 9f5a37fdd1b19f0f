"""What a start of nectarc may not import: each of these costs more than the work to be done."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.shared_data import ROOT

HEAVY: Final = frozenset(
    {
        # never needed to check or to compile
        "numpy", "numba", "pyarrow", "google", "opentelemetry", "pygls", "lsprotocol", "lark",
        "yaml", "z3",
        "socket", "ssl", "http", "urllib", "email", "asyncio", "multiprocessing", "subprocess",
        # needed by some policies only
        "re2", "tomllib",
        # conveniences whose import takes as long as reading a policy
        "dataclasses", "inspect", "pathlib", "shutil", "tempfile", "typing_extensions", "logging",
        "ast", "random", "statistics",
    }
)  # fmt: skip
# What python-sat imports: `compile` proves its rules, and pays 20 ms for the solver.
OF_THE_SOLVER: Final = frozenset({"random", "shutil", "statistics", "tempfile"})
PROGRAM: Final = """
import sys
from nectarc.cli.main import main
status = main(sys.argv[1:])
print(status, *sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_a_comparison_without_a_corpus_brings_no_columns(tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "shop" / "policy.toon", tmp_path)

    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, "diff", "policy.toon", "policy.toon"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    status, *modules = ran.stdout.splitlines()[-1].split()
    assert status == "0", ran.stderr
    assert not {"numpy", "numba", "pyarrow"} & set(modules)


@pytest.mark.parametrize(
    "words",
    [("check", "policy.toon"), ("check",), ("compile",), ("fmt", "--check"), ("version",)],
    ids=" ".join,
)
def test_the_seed_policy_needs_no_heavy_module(words: tuple[str, ...], tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "shop" / "policy.toon", tmp_path)

    # -S: what the virtual environment's own .pth files import is not nectarc's doing.
    path = [str(ROOT), *(entry for entry in sys.path if entry.endswith("site-packages"))]
    ran = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM, *words],
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(path)},
        capture_output=True,
        text=True,
        check=True,
    )

    status, *modules = ran.stdout.splitlines()[-1].split()
    assert status == "0", ran.stderr
    assert "nectarc" in modules
    allowed = OF_THE_SOLVER if words == ("compile",) else frozenset[str]()
    assert sorted(HEAVY.intersection(modules) - allowed) == []


def test_only_a_matches_test_imports_re2(tmp_path: Path) -> None:
    text = (ROOT / "examples" / "shop" / "policy.toon").read_text(encoding="utf-8")
    (tmp_path / "policy.toon").write_text(
        text.replace("duration > 5s", "name matches '^job'"), encoding="utf-8"
    )

    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, "check", "policy.toon"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "re2" in ran.stdout.splitlines()[-1].split()

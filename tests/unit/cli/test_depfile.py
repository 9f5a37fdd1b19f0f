from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nectarc.cli.depfile import depfile_text


def test_each_input_has_an_empty_rule_so_that_it_may_vanish() -> None:
    assert depfile_text("r.yaml", ["n.toml", "p.toon", "p.toon"]) == (
        "r.yaml: n.toml p.toon\n\nn.toml:\n\np.toon:\n"
    )


@pytest.mark.parametrize("name", ["a b.toon", "a$b.toon", "a#b.toon", "ä.toon"])
def test_make_reads_odd_names_back(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    makefile = f"all: r.yaml\n{depfile_text('r.yaml', [name])}r.yaml:\n\t@echo $(words $^) made\n"

    ran = subprocess.run(
        ["make", "-f", "-"], cwd=tmp_path, input=makefile, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    assert "made" in ran.stdout
    (tmp_path / name).unlink()
    gone = subprocess.run(
        ["make", "-f", "-"], cwd=tmp_path, input=makefile, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert gone.returncode == 0, gone.stderr

"""Whatever a file holds: a diagnostic, the promised status, and the old output whole."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.process import SHOP, run, write

SEED = (SHOP / "policy.toon").read_text(encoding="utf-8")
OLD = "# the old rules\n"


def _changed(old: str, new: str) -> bytes:
    assert old in SEED
    return SEED.replace(old, new).encode()


UNREADABLE = {
    "latin-1": _changed("Retain slow", "Retain slöw").decode().encode("latin-1"),
    "UTF-16": SEED.encode("utf-16"),
    "a line of 100 MB": b"version: 1\nname: " + b"x" * 100_000_000 + b"\n",
}
FINDINGS = {
    "empty": b"",
    "blank lines": b"\n\n\n",
    "NUL bytes": b"\0\0\0\0",
    "only a comment": b"# nothing\n",
    "tabs": SEED.replace("  ", "\t").encode(),
    "a count too small": _changed("rules[3]", "rules[2]"),
    "a count too large": _changed("rules[3]", "rules[4]"),
    "an absurd count": _changed("rules[3]", "rules[99999999999999999999]"),
    "a negative count": _changed("rules[3]", "rules[-1]"),
    "a duplicate name": _changed("keep-slow", "keep-errors"),
    "an unknown section": SEED.replace("version,name", "version,nmae").encode(),
    "a second unknown section": b"version: 1\nname: x\nrulez[0]:\n",
    "an unknown column": _changed("match,action", "macth,action"),
    "an absurd number": _changed("500,keep", "1e999,keep"),
    "an absurd priority": _changed("keep,100", "keep,1e400"),
    "a number of a million digits": _changed(">= 500", ">= " + "9" * 1_000_000),
    "an absurd rate": _changed("sample(0.01)", "sample(1e-300)"),
    "a negative budget": _changed("  10000\n", "  -1\n"),
    "an absurd version": _changed("  1\n", "  2\n"),
    "no fallback": _changed(",true,", ",http.status < 100,"),
    "no rules": b"version: 1\nname: x\nrules[0]:\n",
    "deep brackets": _changed("http.status >= 500", "(" * 50_000 + "http.status"),
    "deep negation": _changed("http.status >= 500", "!" * 50_000 + "error"),
    "half a row": SEED[: SEED.rindex("true") + 2].encode(),
    "a bare list": b"[3]: 1,2,3\n",
    "JSON": json.dumps({"version": 1, "name": "x", "rules": []}).encode(),
    "YAML rules": b"RulesVersion: 2\nSamplers: {}\n",
    "a bad pattern": _changed("http.status >= 500", "name matches '('"),
    "an escape sequence": _changed("Retain slow requests", "\x1b[2J\x1b]0;x\x07").replace(
        b"> 5s", b"> ["
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_input_is_status_2_and_leaves_the_output_whole(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path, "policy.toon", UNREADABLE[name])
    rules = write(tmp_path, "rules.yaml", OLD)

    checked = run("check", cwd=tmp_path, timeout=20)
    compiled = run("compile", cwd=tmp_path, timeout=20)

    assert (checked.status, compiled.status) == (2, 2)
    assert "error[NEC40" in checked.out
    assert "error[NEC40" in compiled.err
    assert len(checked.out) < 2_000
    assert rules.read_text() == OLD


@pytest.mark.parametrize("name", FINDINGS)
def test_a_bad_policy_is_status_1_and_leaves_the_output_whole(tmp_path: Path, name: str) -> None:
    write(tmp_path, "policy.toon", FINDINGS[name])
    rules = write(tmp_path, "rules.yaml", OLD)

    checked = run("check", cwd=tmp_path, timeout=60)
    compiled = run("compile", cwd=tmp_path, timeout=60)

    assert (checked.status, compiled.status) == (1, 1), checked.err + compiled.err
    assert checked.out.startswith(("error[NEC", "warning[NEC"))
    assert "policy.toon" in checked.out
    assert "\x1b" not in checked.out
    assert len(checked.out) < 100_000
    assert rules.read_text() == OLD
    assert not (tmp_path / "policy.lock").exists()


@pytest.mark.parametrize("name", [*FINDINGS, "latin-1"])
def test_formatting_a_bad_policy_never_harms_it(tmp_path: Path, name: str) -> None:
    data = {**FINDINGS, **UNREADABLE}[name]
    policy = write(tmp_path, "policy.toon", data)

    ran = run("fmt", cwd=tmp_path, timeout=60)

    assert ran.status in (0, 1, 2)
    if ran.status:
        assert policy.read_bytes() == data


def test_one_bad_row_does_not_hide_the_others(tmp_path: Path) -> None:
    text = SEED.replace(">= 500", ">= [").replace("> 5s", "> 5parsecs").replace("0.01", "7")
    write(tmp_path, "policy.toon", text)

    ran = run("check", "--format", "json", cwd=tmp_path)

    found = json.loads(ran.out)
    assert ran.status == 1
    assert {6, 7, 8} <= {one["line"] for one in found}


@pytest.mark.parametrize("words", [["check"], ["fmt"], ["compile"], ["prove"], ["explain"]])
def test_a_missing_policy_is_status_2(tmp_path: Path, words: list[str]) -> None:
    write(tmp_path, "policy.toon", SEED)

    ran = run(*words, "polcy.toon", cwd=tmp_path)

    assert ran.status == 2
    assert "error[NEC400]: `polcy.toon` cannot be read" in ran.out + ran.err
    assert "`policy.toon` is there" in ran.out + ran.err


def _folder(folder: Path) -> Path:
    (folder / "out").mkdir()
    return folder / "out"


def _under_a_file(folder: Path) -> Path:
    return write(folder, "file", "whole") / "rules.yaml"


def _full_device(_folder: Path) -> Path:
    return Path("/dev/full")


@pytest.mark.parametrize("output", [_folder, _under_a_file, _full_device])
def test_an_unwritable_output_is_status_2_and_nothing_is_left(
    tmp_path: Path, output: Callable[[Path], Path]
) -> None:
    write(tmp_path, "policy.toon", SEED)
    path = output(tmp_path)
    before = sorted(os.listdir(tmp_path))  # noqa: PTH208 - names

    ran = run("compile", "-o", path, cwd=tmp_path)

    assert ran.status == 2
    assert "error[NEC403]" in ran.err
    assert sorted(os.listdir(tmp_path)) == before  # noqa: PTH208 - names


def test_a_bad_manifest_stops_compile_and_ingest(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SEED)
    write(tmp_path, "nectar.toml", "[corpus]\npaht = 'traces'\n")

    for words in (["check"], ["compile"], ["ingest", str(SHOP / "incidents")]):
        ran = run(*words, cwd=tmp_path)
        assert ran.status in (1, 2)
        assert "NEC405" in ran.out + ran.err
    assert not (tmp_path / "rules.yaml").exists()
    assert not (tmp_path / "corpus").exists()


def test_a_mistake_in_a_safety_match_is_shown_in_the_manifest(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SEED)
    write(tmp_path, "nectar.toml", '[safety]\nerror = "http.status >== 500"\n')

    found = json.loads(run("check", "--format", "json", cwd=tmp_path).out)

    assert found
    assert {one["file"] for one in found} == {"nectar.toml"}
    assert found[0]["line"] == 2
    assert found[0]["column"] > len('error = "')


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"\x00\xff\x00", "NEC42"), (b"{", "NEC42"), (b"<xml/>", "NEC42"), (b"", "NEC42")],
)
def test_what_is_no_trace_file_is_named(tmp_path: Path, data: bytes, code: str) -> None:
    write(tmp_path, "traces.json", data)

    ran = run("ingest", "traces.json", "--into", "corpus", cwd=tmp_path)

    assert ran.status in (1, 2)
    assert code in ran.err
    assert "traces.json" in ran.err

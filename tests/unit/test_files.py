from __future__ import annotations

import os
from pathlib import Path

import pytest

from nectarc import files
from nectarc.diagnostic import Diagnostic
from nectarc.source import SourceText


def _refusal(path: Path | str, **options: int) -> Diagnostic:
    found = files.read_text(str(path), **options)
    assert isinstance(found, Diagnostic)
    return found


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_byte_order_mark_is_dropped_and_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "policy.toon"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: \xe2\x82\xac\n")

    text = files.read_text(str(path))

    assert isinstance(text, SourceText)
    assert text.text == "a: 1\r\nb: €\n"
    assert text.file == str(path)


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "policy.toon").touch()

    found = _refusal(tmp_path / "polcy.toon")

    assert found.code == "NEC400"
    assert f"`{tmp_path / 'policy.toon'}` is there" in found.help


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    found = _refusal(tmp_path)

    assert found.code == "NEC400"
    assert "is a directory" in found.headline


def test_a_name_with_a_nul_is_refused_not_raised() -> None:
    assert _refusal("a\0b").code == "NEC400"


@pytest.mark.parametrize(
    ("data", "line", "offset"),
    [(b"\xff", 1, 0), ("é\nb\n".encode() + b"x\xe9y", 3, 5), (b"\xef\xbb\xbfa\n\xc3", 2, 2)],
    ids=["first byte", "after wide text", "after a byte order mark, cut off"],
)
def test_what_is_not_utf8_is_placed(tmp_path: Path, data: bytes, line: int, offset: int) -> None:
    path = tmp_path / "policy.toon"
    path.write_bytes(data)

    found = _refusal(path)

    assert found.code == "NEC401"
    assert f"in line {line}" in found.headline
    assert found.source.start == offset


def test_a_place_in_lossy_text_is_the_place_of_the_bad_byte(tmp_path: Path) -> None:
    path = tmp_path / "policy.toon"
    path.write_bytes("é\nok".encode() + b"\xe9!")

    found = _refusal(path)
    shown = files.read_lossy(str(path))

    assert shown is not None
    assert shown.text[found.source.start] == "\ufffd"


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "policy.toon"
    path.write_bytes(b"x" * 10)

    assert isinstance(files.read_text(str(path), bytes_max=10), SourceText)
    assert _refusal(path, bytes_max=9).code == "NEC402"


def test_writing_replaces_whole_keeps_the_mode_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("old")
    path.chmod(0o640)

    assert files.write_atomically(str(path), "new\n") is None

    assert path.read_bytes() == b"new\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert _names(tmp_path) == ["rules.yaml"]


def test_a_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "real.yaml"
    target.write_text("old")
    link = tmp_path / "rules.yaml"
    link.symlink_to(target)

    assert files.write_atomically(str(link), "new") is None

    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.parametrize("kind", ["folder", "under a file", "no folder", "full device"])
def test_an_unwritable_output_is_a_diagnostic(tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").write_text("whole")
    (tmp_path / "folder").mkdir()
    path = {
        "folder": tmp_path / "folder",
        "under a file": tmp_path / "file" / "rules.yaml",
        "no folder": tmp_path / "none" / "rules.yaml",
        "full device": Path("/dev/full"),
    }[kind]

    found = files.write_atomically(str(path), "text" * 10_000)

    assert found is not None
    assert found.code == "NEC403"
    assert _names(tmp_path) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "whole"


def test_an_interrupt_while_writing_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("old")

    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write_atomically(str(path), "new")

    assert path.read_text() == "old"
    assert _names(tmp_path) == ["rules.yaml"]

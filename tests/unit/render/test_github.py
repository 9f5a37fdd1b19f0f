"""GitHub's workflow commands: places, levels, and the characters that end a command."""

from __future__ import annotations

from nectarc.codes import finding
from nectarc.render.github import render_github
from nectarc.source import SourceSpan, SourceText

TEXT = SourceText.of("a,b:c.toon", "one\ntwo\nthree\n")


def test_a_finding_is_an_annotation_at_its_line() -> None:
    one = finding("NEC480", SourceSpan(TEXT.file, 4, 7), "100 % wrong", why="a\nb")

    assert render_github([one], {TEXT.file: TEXT}) == (
        "::error file=a%2Cb%3Ac.toon,line=2,endLine=2,col=1,endColumn=4,title=NEC480::"
        "100 %25 wrong%0Aa%0Ab\n"
    )


def test_a_place_over_several_lines_has_no_columns() -> None:
    one = finding("NEC481", SourceSpan(TEXT.file, 0, 9), "wide")

    assert render_github([one], {TEXT.file: TEXT}) == (
        "::notice file=a%2Cb%3Ac.toon,line=1,endLine=3,title=NEC481::wide\n"
    )


def test_a_file_that_was_not_read_has_no_line() -> None:
    one = finding("NEC400", SourceSpan("gone", 0, 0), "gone")

    assert render_github([one], {}) == "::error file=gone,title=NEC400::gone\n"

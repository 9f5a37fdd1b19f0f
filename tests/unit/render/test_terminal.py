from __future__ import annotations

import json
from itertools import pairwise

import pytest

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from nectarc.render.json import render_json
from nectarc.render.terminal import render_compact, render_diagnostics, render_summary
from nectarc.source import SourceSpan, SourceText


def _at(text: SourceText, part: str, words: str = "") -> Diagnostic:
    start = text.text.index(part)
    place = text.span(start, start + len(part))
    return Diagnostic(
        code="NEC201", severity=Severity.ERROR, headline="wrong", source=place, help=words
    )


def _render(text: SourceText, *found: Diagnostic, use_colour: bool = False) -> str:
    return render_diagnostics(found, {text.file: text}, use_colour=use_colour)


def test_everything_a_finding_says_is_laid_out() -> None:
    text = SourceText.of("policy.toon", "version: 1\nrules: a && b\n")
    start = text.text.index("a && b")
    fix = Fix(
        "one span has both",
        (
            Edit(text.span(start, start), "any("),
            Edit(text.span(start + 6, start + 6), ")"),
        ),
        is_safe=True,
    )
    found = Diagnostic(
        code="NEC202",
        severity=Severity.ERROR,
        headline="two readings",
        source=text.span(start, start + 6),
        label="one span or two?",
        why="they keep different traces",
        help="say which",
        related=(Label(text.span(0, 7), "of this version"),),
        fixes=(fix,),
    )

    assert _render(text, found) == (
        "error[NEC202]: two readings\n"
        " --> policy.toon:2:8\n"
        "  |\n"
        "2 | rules: a && b\n"
        "  |        ^^^^^^ one span or two?\n"
        " ::: policy.toon:1:1\n"
        "  |\n"
        "1 | version: 1\n"
        "  | ------- of this version\n"
        "  = why: they keep different traces\n"
        "  = help: say which\n"
        "  = fix (`--fix` applies it): one span has both\n"
        "2 + rules: any(a && b)\n"
        "\n"
    )


@pytest.mark.parametrize(
    ("line", "part", "shown", "under"),
    [
        ("\tkey: bad", "bad", "    key: bad", "         ^^^"),
        ("漢字: bad", "bad", "漢字: bad", "      ^^^"),
        ("cafe\u0301 bad", "bad", "cafe\u0301 bad", "     ^^^"),
        ("a \x1b[31mred bad", "bad", "a ␛[31mred bad", "           ^^^"),
        ("a \u202e bad", "bad", "a \ufffd bad", "    ^^^"),
        ("end", "", "end", "^"),
    ],
    ids=["tab", "wide", "combining", "escape", "direction", "empty place"],
)
def test_the_underline_stands_under_what_the_terminal_shows(
    line: str, part: str, shown: str, under: str
) -> None:
    text = SourceText.of("p", line)

    rendered = _render(text, _at(text, part)).split("\n")

    assert rendered[3] == f"1 | {shown}"
    assert rendered[4] == f"  | {under}"


def test_a_very_long_line_is_cut_around_the_place() -> None:
    text = SourceText.of("p", "x" * 1_000_000 + "BAD" + "y" * 1_000_000)

    shown, under = _render(text, _at(text, "BAD")).split("\n")[3:5]

    assert len(shown) < 130
    assert shown.startswith("1 | …x")
    assert shown.endswith("y…")
    assert shown[under.index("^") : under.rindex("^") + 1] == "BAD"


def test_a_place_over_lines_is_underlined_to_the_end_of_its_first() -> None:
    text = SourceText.of("p", "a: one\r\nb: two\n")
    found = Diagnostic(
        code="NEC201", severity=Severity.HINT, headline="wrong", source=text.span(3, 12)
    )

    assert "1 | a: one\n  |    ^^^…\n" in _render(text, found)


def test_a_finding_without_a_text_still_names_its_file() -> None:
    found = Diagnostic(
        code="NEC400", severity=Severity.ERROR, headline="gone", source=SourceSpan("x.toon", 0, 0)
    )

    assert render_diagnostics([found], {}, use_colour=False) == (
        "error[NEC400]: gone\n --> x.toon\n\n"
    )


def test_colours_only_when_asked_for() -> None:
    text = SourceText.of("p", "bad")

    assert "\x1b[" not in _render(text, _at(text, "bad"))
    assert "\x1b[1;31merror[NEC201]\x1b[0m" in _render(text, _at(text, "bad"), use_colour=True)


def test_findings_come_in_the_order_of_places_whatever_order_they_were_found_in() -> None:
    text = SourceText.of("p", "aa bb cc dd\n")
    found = [_at(text, part) for part in ("cc", "aa", "dd", "bb")]

    orders = [_render(text, *found), _render(text, *reversed(found))]
    columns = [one["column"] for one in json.loads(render_json(found, {"p": text}))]

    assert orders[0] == orders[1]
    assert all(first < second for first, second in pairwise(columns))


def test_json_has_the_keys_of_the_product_and_counts_code_points() -> None:
    text = SourceText.of("p", "\U0001f41d bad\n")
    found = _at(text, "bad", "write good")

    (shown,) = json.loads(render_json([found], {"p": text}))

    product = "code severity message file line column end_line end_column related fix"
    assert set(product.split()) <= set(shown)
    assert (shown["line"], shown["column"], shown["end_column"]) == (1, 3, 6)
    assert shown["fix"] is None


def test_the_summary_counts_by_severity() -> None:
    text = SourceText.of("p", "bad")
    hint = Diagnostic(code="NEC112", severity=Severity.HINT, headline="x", source=text.span(0, 1))

    line = render_summary([_at(text, "bad"), _at(text, "ad"), hint], 2, use_colour=False)

    assert line == "2 errors, 1 hint in 2 files\n"
    assert render_summary([], 1, use_colour=False) == "no findings in 1 file\n"
    assert render_summary([_at(text, "bad")], 0, use_colour=False) == "1 error\n"


def test_compact_findings_are_a_line_each_and_many_alike_are_counted() -> None:
    text = SourceText.of("a", "one\n" * 20)
    few = [finding("NEC534", SourceSpan("a", 4 * line, 4 * line + 1), "few") for line in range(3)]
    many = [
        finding("NEC535", SourceSpan("a", 4 * line, 4 * line + 1), f"many {line}")
        for line in range(14)
    ]

    shown = render_compact([*many, *few], {"a": text}, use_colour=False)

    assert shown == (
        "hint[NEC534] a:1:1: few\n"
        "hint[NEC534] a:2:1: few\n"
        "hint[NEC534] a:3:1: few\n"
        "hint[NEC535] a:1:1: many 0\n"
        "hint[NEC535] a:2:1: many 1\n"
        "  … and 12 more of NEC535, lines 3, 4, 5, 6, 7, 8, 9, 10, …\n"
        "\n"
    )
    assert render_compact([], {}, use_colour=True) == ""

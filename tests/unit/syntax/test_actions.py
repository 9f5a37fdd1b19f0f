"""Actions and requirements: what they read as, and what is said about those that do not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.syntax.parser import parse_action, parse_require
from nectarc.syntax.tree_text import format_action, format_require
from nectarc.toon.document import Scalar


def _cell(text: str) -> Scalar:
    return Scalar(value=text, text=text, source=SourceSpan("p", 0, len(text)), is_quoted=True)


def test_a_sampler_keeps_its_parameters_in_order() -> None:
    text = (
        "ema_dynamic(goal_sample_rate: 10, fields: [http.route, root.x, `a b`], "
        "adjustment_interval: 30s, use_trace_length: true)"
    )

    action, found = parse_action(_cell(text))

    assert found == ()
    assert action is not None
    assert [argument.name for argument in action.arguments] == [
        "goal_sample_rate",
        "fields",
        "adjustment_interval",
        "use_trace_length",
    ]
    fields = action.arguments[1].value
    assert isinstance(fields, tuple)
    assert [(f.name, f.is_root) for f in fields if isinstance(f, ast.FieldName)] == [
        ("http.route", False),
        ("x", True),
        ("a b", False),
    ]
    assert isinstance(action.arguments[2].value, ast.DurationLiteral)
    assert format_action(action) == text


def test_a_share_is_read_exactly_as_number_or_as_one_in_n() -> None:
    share, _ = parse_action(_cell("sample(0.01)"))
    ratio, _ = parse_action(_cell("deterministic( 1 / 20 )"))

    assert share is not None
    assert ratio is not None
    assert share.ratio == ast.Ratio(Fraction(1, 100), Fraction(1), False, share.source)
    assert ratio.ratio == ast.Ratio(Fraction(1), Fraction(20), True, ratio.source)
    assert format_action(ratio) == "deterministic(1/20)"


@pytest.mark.parametrize("word", ["keep", "drop", "share", "Keep", "unknown_word", "keep()"])
def test_any_word_is_an_action_to_the_syntax(word: str) -> None:
    action, found = parse_action(_cell(word))

    assert found == ()
    assert action is not None
    assert action.name == word.removesuffix("()")


SLIPS = [
    ("keep drop", "NEC070", "keep"),
    ("sample 0.01", "NEC070", "sample(0.01)"),
    ("sample: 0.01", "NEC070", "sample(0.01)"),
    ("1/20", "NEC070", "sample(1/20)"),
    ("sample(1,2)", "NEC070", "sample(1/2)"),
    ("10", "NEC070", "sample(1/10)"),
    ("keep 10%", "NEC070", "sample(0.1)"),
    ("ema_dynamic(10, fields: [a])", "NEC073", "ema_dynamic(goal_sample_rate: 10, fields: [a])"),
    ("dynamic(a: )", "NEC070", "dynamic(a: b)"),
    ("", "NEC071", "drop"),
    ("sample(1%)", "NEC072", "sample(0.01)"),
    ("sample(1 in 20)", "NEC072", "sample(1/20)"),
    ("sample(1 out of 20)", "NEC072", "sample(1/20)"),
    ("dynamic(a=1)", "NEC073", "dynamic(a: 1)"),
    ("dynamic(a 1)", "NEC073", "dynamic(a: 1)"),
    ("dynamic(fields: [a-b])", "NEC052", "dynamic(fields: [`a-b`])"),
    ("dynamic(fields: [any])", "NEC052", "dynamic(fields: [`any`])"),
    ("dynamic(fields: [a", "NEC050", "dynamic(fields: [a])"),
    ("sample(0.01", "NEC050", "sample(0.01)"),
    ("dynamic(a: 'x)", "NEC044", "dynamic(a: 'x')"),
    ("sample(1e999)", "NEC047", "sample(1e-9)"),
]


@pytest.mark.parametrize(("text", "code", "near_miss"), SLIPS, ids=[s[0] for s in SLIPS])
def test_a_slip_in_an_action_has_its_code(text: str, code: str, near_miss: str) -> None:
    _, found = parse_action(_cell(text))
    action, silent = parse_action(_cell(near_miss))

    assert [finding.code for finding in found] == [code]
    assert silent == ()
    assert action is not None


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("sample 0.01", "sample(0.01)"),
        ("sample: 1/20", "sample(1/20)"),
        ("1/20", "sample(1/20)"),
        ("keep 2.5 %", "sample(0.025)"),
        (".5", "sample(0.5)"),
        ("sample(2.5%)", "sample(0.025)"),
        ("sample(1 in 20)", "sample(1/20)"),
        ("dynamic(a=1)", "dynamic(a:1)"),
    ],
)
def test_fixes_of_actions(text: str, fixed: str) -> None:
    _, found = parse_action(_cell(text))

    (edit,) = found[0].fixes[0].edits
    assert text[: edit.source.start] + edit.text + text[edit.source.end :] == fixed


@pytest.mark.parametrize(
    ("text", "requirement", "share"),
    [
        ("keep", ast.Requirement.KEEP, None),
        ("not  drop", ast.Requirement.NOT_DROP, None),
        ("share >= 0.1", ast.Requirement.AT_LEAST, Fraction(1, 10)),
        ("share<=0.50", ast.Requirement.AT_MOST, Fraction(1, 2)),
        ("share >= 1", ast.Requirement.AT_LEAST, Fraction(1)),
    ],
)
def test_a_requirement_reads_and_prints_alike(
    text: str, requirement: ast.Requirement, share: Fraction | None
) -> None:
    require, found = parse_require(_cell(text))

    assert found == ()
    assert require is not None
    assert (require.requirement, require.share) == (requirement, share)
    assert parse_require(_cell(format_require(require))) == (require, ())


@pytest.mark.parametrize(
    "text", ["", "never drop", "share > 0.1", "share >= 10%", "share >= 2", "share >= -1", "0.5"]
)
def test_what_cannot_be_required(text: str) -> None:
    _, found = parse_require(_cell(text))

    assert [finding.code for finding in found] == ["NEC076"]

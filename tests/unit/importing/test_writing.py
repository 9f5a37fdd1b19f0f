"""The text of an imported policy: what it says, and that `fmt` has nothing to add."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.checking import Checked, check_text
from nectarc.formatting import format_text
from nectarc.importing.records import FieldRow, ImportedRule, ImportedTarget
from nectarc.importing.writing import KeptComments, comment_line, policy_text, priorities
from nectarc.refinery.rules import RulesConfig
from nectarc.source import SourceText

REST = ImportedRule(name="rest", match="true", action="sample(1/10)", origin=None)


def target_of(
    *rules: ImportedRule, name: str = "prod", fields: tuple[FieldRow, ...] = ()
) -> ImportedTarget:
    return ImportedTarget(target=name, sampler=RulesConfig(), rules=(*rules, REST), fields=fields)


def rule(name: str, match: str = "error", **more: str) -> ImportedRule:
    return ImportedRule(name=name, match=match, action="keep", origin=0, **more)


def checked(text: str) -> Checked:
    return check_text(SourceText.of("p.toon", text))


def test_a_plain_target_is_a_plain_policy() -> None:
    text = policy_text(target_of(rule("keep errors", "http.status >= 500")), "p.toon")

    assert text == (
        "version: 1\n"
        "name: prod\n"
        "rules[2]{name,match,action,priority}:\n"
        "  keep errors,http.status >= 500,keep,100\n"
        "  rest,true,sample(1/10),0\n"
    )


def test_descriptions_have_a_column_only_where_a_rule_has_one() -> None:
    text = policy_text(target_of(rule("a", description="Every failure.")), "p.toon")

    assert "rules[2]{name,description,match,action,priority}:\n  a,Every failure.,error," in text
    assert "\n  rest,,true,sample(1/10),0\n" in text


def test_fields_with_several_spellings_are_a_list() -> None:
    fields = (
        FieldRow(name="code", type="int", spellings=("a.code", "b,code")),
        FieldRow(name="op", type="string", spellings=("op",)),
    )

    text = policy_text(target_of(rule("a", "code > 1 || op == 'x'"), fields=fields), "p.toon")

    written = checked(text).written
    assert written is not None
    assert [tuple(s.text for s in row.spellings) for row in written.fields] == [
        ("a.code", "b,code"),
        ("op",),
    ]
    assert not checked(text).has_errors


def test_many_cells_with_commas_are_told_apart_by_pipes() -> None:
    rules = [rule(f"a, b, {index}") for index in range(4)]

    text = policy_text(target_of(*rules), "p.toon")

    assert "rules[5|]{name|match|action|priority}:\n  a, b, 0|error|keep|100\n" in text


def test_comments_stand_at_the_top_and_above_rows() -> None:
    kept = KeptComments(top=("of the\x0btarget", ""), above={0: ("- Name: old",)})

    text = policy_text(target_of(rule("a")), "p.toon", kept)

    assert text.startswith("# of the target\n#\nversion: 1\n")
    assert "\n  # - Name: old\n  a,error,keep,100\n" in text


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, []), (1, [0]), (3, [100, 90, 0]), (13, [*range(120, 0, -10), 0])],
)
def test_priorities_leave_room_and_end_at_zero(count: int, expected: list[int]) -> None:
    assert priorities(count) == expected


def test_a_cell_that_is_no_match_is_written_for_the_checker_to_refuse() -> None:
    text = policy_text(target_of(rule("a", "error ==")), "p.toon")

    assert checked(text).has_errors


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    names=st.lists(TEXTS.filter(str.strip), min_size=1, max_size=4, unique=True),
    target=TEXTS.filter(str.strip),
    description=TEXTS,
    comment=TEXTS,
    value=TEXTS.filter(lambda text: "'" not in text and text.isprintable()),
)
def test_whatever_is_written_is_read_back_and_is_canonical(
    names: list[str], target: str, description: str, comment: str, value: str
) -> None:
    rules = [rule(name, f"op == '{value}'", description=description) for name in names]
    kept = KeptComments(top=(comment,), above={0: (comment,)})

    text = policy_text(target_of(*rules, name=target), "p.toon", kept)

    written = checked(text).written
    assert written is not None
    assert [row.name.text for row in written.rules] == [*names, "rest"]
    assert written.name is not None
    assert written.name.text == target
    assert format_text(SourceText.of("p.toon", text)).text == text


@given(TEXTS)
def test_a_comment_is_one_line(words: str) -> None:
    assert len(comment_line(words).splitlines()) == 1

"""What is read back from a policy's text, and from its head, is what was put into it."""

from __future__ import annotations

from typing import Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nectarc.checking import check_text
from nectarc.formatting import format_text
from nectarc.intent.drafts import Draft, DraftRule
from nectarc.intent.matches import field_text, string_literal
from nectarc.intent.policy_text import (
    Head,
    body_text,
    is_as_made,
    read_head,
    with_head,
    without_head,
)
from nectarc.intent.records import FieldRow
from nectarc.ir.walk import fields_of
from nectarc.propose.merging import draft_from
from nectarc.source import SourceText
from nectarc.syntax.parser import parse_match_text

_ENDINGS: Final = st.sampled_from(
    ["", " ", "\\", "`", '"', "'", "#", ",", "|", "\n", "\t", "\r", ": "]
)
# Lone surrogates are in no file.
_CHARS: Final = st.characters(codec="utf-8")
_TEXTS: Final = st.builds(
    lambda one, end, other: one + end + other,
    st.text(_CHARS, max_size=12),
    _ENDINGS,
    st.text(_CHARS, max_size=6),
)
_CELLS: Final = _TEXTS.filter(lambda text: bool(text.strip()))
_NAMES: Final = _CELLS.filter(
    lambda name: name.isprintable() and "`" not in name and name.strip() == name
)
_ACTIONS: Final = st.sampled_from(["keep", "drop", "sample(0.01)", "sample(1/3)"])


@st.composite
def _drafts(draw: st.DrawFn) -> Draft:
    names = draw(st.lists(_CELLS, min_size=1, max_size=4, unique=True))
    rules = []
    for name in names[:-1]:
        match = f"{field_text(draw(_NAMES))} == {string_literal(draw(_TEXTS))}"
        rules.append(
            DraftRule(name=name, description=draw(_TEXTS), match=match, action=draw(_ACTIONS))
        )
    rules.append(DraftRule(name=names[-1], description="", match="true", action="keep"))
    return Draft(
        name=draw(_CELLS),
        rules=tuple(rules),
        budget_per_second=draw(st.none() | st.integers(1, 10**6).map(float)),
    )


@given(_drafts())
@settings(max_examples=80, deadline=None)
def test_a_policy_reads_back_as_its_draft(draft: Draft) -> None:
    text = body_text(draft)

    checked = check_text(SourceText.of("p.toon", text))

    errors = [one for one in checked.diagnostics if one.severity.value == "error"]
    assert [one.headline for one in errors] == []
    assert checked.written is not None
    assert [row.name.text for row in checked.written.rules] == [one.name for one in draft.rules]
    again = draft_from(checked)
    assert again is not None
    assert again.name == draft.name
    assert again.budget_per_second == draft.budget_per_second
    for row, rule in zip(again.rules, draft.rules, strict=True):
        assert (row.name, row.description) == (rule.name, rule.description)
        assert row.action == rule.action
        assert parse_match_text(row.match, "")[0] == parse_match_text(rule.match, "")[0]


@given(_drafts(), st.lists(_TEXTS, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_the_formatter_leaves_a_proposal_as_it_is(draft: Draft, intent: list[str]) -> None:
    text = with_head(body_text(draft), Head(intent=tuple(intent)))

    formatted = format_text(SourceText.of("p.toon", text)).text

    assert formatted == text


@given(
    st.lists(st.text(max_size=30), min_size=1, max_size=3),
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=3),
)
@example(['keep # all\n# intent: "x"\r\n', " \u2028\u202e\ud800 \\u0041 \\"], [("a: b", "")])
@settings(max_examples=300, deadline=None)
def test_a_head_reads_back_whatever_was_said(
    intent: list[str], answers: list[tuple[str, str]]
) -> None:
    head = Head(intent=tuple(intent), answers=tuple(answers), engine="claude claude-x")
    body = "nectar_policy{version,name,rules}:\n  1\n  p\n  rules[1]{name,match,action,priority}:\n"
    body += "    rest,true,keep,0\n"

    text = with_head(body, head)

    assert read_head(text) == head
    assert is_as_made(text)
    assert without_head(text) == body
    assert all(line.isprintable() for line in text.split("\n"))


@given(st.text(max_size=200))
def test_any_comment_is_read_without_a_failure(text: str) -> None:
    read_head(f"# intent: {text}\n# answer: {text}\n# proposed by nectarc {text}\n{text}")


def test_a_changed_rule_or_comment_is_not_as_made() -> None:
    draft = Draft(
        name="p", rules=(DraftRule(name="rest", description="", match="true", action="keep"),)
    )
    text = with_head(body_text(draft), Head(intent=("keep everything",)))

    assert is_as_made(text)
    assert not is_as_made(text.replace(",keep,", ",drop,"))
    assert not is_as_made(text + "# mine\n")
    assert not is_as_made(text.replace("nectar_policy", "# mine\nnectar_policy"))


def test_a_name_of_several_spellings_reads_back() -> None:
    rows = (
        FieldRow("method", "string", ("http.request.method", "http.method")),
        FieldRow("plan", "string", ("app.plan, or so",)),
    )
    rules = (
        DraftRule(name="a", description="", match="method == 'GET'", action="keep"),
        DraftRule(name="rest", description="", match="true", action="drop"),
    )
    checked = check_text(
        SourceText.of("p.toon", body_text(Draft(name="p", rules=rules, fields=rows)))
    )

    again = draft_from(checked)

    assert again is not None
    assert again.fields == rows
    assert checked.policy is not None
    (field,) = fields_of(checked.policy.rules[0].match)
    assert field.spellings == ("http.request.method", "http.method")

"""Documents to policies: both forms, and what is said about sections and cells that do not fit."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.source import SourceText
from nectarc.syntax import ast
from nectarc.syntax.policy import is_policy_document, parse_policy
from nectarc.toon import read

RECORD = """\
nectar_policy{version,name,budget_per_second,rules}:
  1
  production-sampling
  10000
  rules[3]{name,description,match,action,priority}:
    keep-errors,Retain all HTTP 5xx errors,http.status >= 500,keep,100
    keep-slow,Retain slow requests,duration > 5s,keep,90
    sample-rest,Sample remaining traffic,true,sample(0.01),0
"""
PLAIN = """\
version: 1
name: production-sampling
budget_per_second: 10000
rules[3]{name,description,match,action,priority}:
  keep-errors,Retain all HTTP 5xx errors,http.status >= 500,keep,100
  keep-slow,Retain slow requests,duration > 5s,keep,90
  sample-rest,Sample remaining traffic,true,sample(0.01),0
"""
HEAD = "version: 1\nname: shop\n"
RULES = "rules[1]{name,match,action,priority}:\n  rest,true,keep,0\n"


def _parse(text: str) -> tuple[ast.Policy, tuple[Diagnostic, ...]]:
    document, mistakes = read(SourceText.of("p.toon", text))
    assert mistakes == ()
    policy, found = parse_policy(document, "p.toon")
    assert policy is not None
    return policy, found


def _wrapped(text: str) -> str:
    return "nectar_policy:\n" + "".join(f"  {line}\n" for line in text.splitlines())


@pytest.mark.parametrize("text", [PLAIN, _wrapped(PLAIN)], ids=["plain", "wrapped"])
def test_all_forms_read_as_the_same_policy(text: str) -> None:
    record, _ = _parse(RECORD)

    policy, found = _parse(text)

    assert found == ()
    assert policy == record
    assert policy.version == 1
    assert policy.budget_per_second == 10000
    assert [rule.name.text for rule in policy.rules] == ["keep-errors", "keep-slow", "sample-rest"]
    assert [rule.priority for rule in policy.rules] == [100, 90, 0]
    assert isinstance(policy.rules[2].match, ast.Constant)


def test_rules_may_be_a_list_of_objects() -> None:
    text = HEAD + (
        "rules[1]:\n  - name: rest\n    match: true\n    action: keep\n    priority: 0\n"
    )

    policy, found = _parse(text)
    table, _ = _parse(HEAD + RULES)

    assert found == ()
    assert policy.rules == table.rules


def test_text_columns_take_the_text_of_the_cell() -> None:
    text = HEAD + "rules[1]{name,description,match,action,priority}:\n  500,1.50,true,keep,0\n"

    policy, found = _parse(text)

    assert found == ()
    assert policy.rules[0].name.text == "500"
    description = policy.rules[0].description
    assert description is not None
    assert description.text == "1.50"


def test_fields_take_one_spelling_or_several() -> None:
    table = "fields[1]{name,type,from}:\n  status,int,http.status\n"
    several = "fields[1]:\n  - name: method\n    type: string\n    from[2]: http.method,m\n"

    one, found = _parse(HEAD + RULES + table)
    two, more = _parse(HEAD + RULES + several)

    assert found == more == ()
    assert [s.text for s in one.fields[0].spellings] == ["http.status"]
    assert [s.text for s in two.fields[0].spellings] == ["http.method", "m"]


def test_a_row_of_invariants_keeps_its_cells_and_its_share() -> None:
    text = HEAD + RULES + "invariants[1]{name,when,require}:\n  errors,a >= 5,share >= 0.5\n"

    policy, found = _parse(text)

    assert found == ()
    require = policy.invariants[0].require
    assert require is not None
    assert require.requirement is ast.Requirement.AT_LEAST


LONG = "9" * 400
TEST = "tests[1]:\n  - name: t\n    expect: rest\n"


@pytest.mark.parametrize(
    ("lines", "spans", "root"),
    [
        ("spans[2]{a,b}:\n1,\n,x", ((("a", 1),), (("b", "x"),)), 0),
        ("spans[2]{root,a}:\n,1\ntrue,2", ((("a", 1),), (("a", 2),)), 1),
        ("no_root: true\n    spans[1]{a,b}:\nnull,true", ((("a", None), ("b", True)),), None),
        ('spans[1]{a}:\n""', ((("a", ""),),), 0),
    ],
    ids=["first is root", "marked root", "no root", "empty text"],
)
def test_spans_of_tests(lines: str, spans: object, root: int | None) -> None:
    head, _, body = lines.rpartition(":\n")
    table = "".join(f"      {row}\n" for row in body.split("\n"))
    text = f"{HEAD}{RULES}{TEST}    {head}:\n{table}"

    policy, found = _parse(text)

    assert found == ()
    assert policy.tests[0].spans == spans
    assert policy.tests[0].root == root


def test_a_test_may_name_a_file_and_an_action() -> None:
    policy, found = _parse(HEAD + RULES + TEST + "    action: keep\n    file: trace.json\n")

    assert found == ()
    assert policy.tests[0].file is not None
    assert policy.tests[0].file.text == "trace.json"
    assert policy.tests[0].spans == ()


SLIPS = [
    ("unknown section", HEAD + RULES + "notes: x\n", "NEC080", "notes"),
    ("beside the wrapper", _wrapped(HEAD + RULES) + "name: x\n", "NEC080", "name"),
    ("unknown column", HEAD + RULES.replace("name,", "owner,name,").replace("rest", "me,rest"),
     "NEC081", "owner"),
    ("missing column", HEAD + "rules[1]{name,match,action}:\n  rest,true,keep\n", "NEC082",
     "rules[1]{name,match,action}:"),
    ("missing rules", HEAD, "NEC082", "version"),
    ("missing version", "name: x\n" + RULES, "NEC083", "name"),
    ("word as priority", HEAD + RULES.replace(",0", ",high"), "NEC084", "high"),
    ("fraction as priority", HEAD + RULES.replace(",0", ",1.5"), "NEC084", "1.5"),
    ("boolean as priority", HEAD + RULES.replace(",0", ",true"), "NEC084", "true"),
    ("text as version", HEAD.replace("1", '"1"') + RULES, "NEC084", '"1"'),
    ("text as budget", HEAD + "budget_per_second: much\n" + RULES, "NEC084", "much"),
    ("rules as text", HEAD + "rules: none\n", "NEC084", "none"),
    ("rules as values", HEAD + "rules[1]: a\n", "NEC084", "a"),
    ("later version", HEAD.replace("1", "2") + RULES, "NEC086", "2"),
    ("priority beyond int64", HEAD + RULES.replace(",0", ",9223372036854775808"), "NEC087",
     "9223372036854775808"),
    ("no budget", HEAD + "budget_per_second: 0\n" + RULES, "NEC087", "0"),
    ("absurd budget", HEAD + f"budget_per_second: {LONG}\n" + RULES, "NEC084", LONG),
    ("no rules", HEAD + "rules[0]{name,match,action,priority}:\n", "NEC088", None),
    ("blank name", HEAD + RULES.replace("rest", ""), "NEC090", ""),
    ("blank spelling", HEAD + RULES + 'fields[1]{name,type,from}:\n  a,int,""\n', "NEC090", '""'),
    ("two roots", HEAD + RULES + TEST + "    spans[2]{root,a}:\n      true,1\n      true,2\n",
     "NEC091", "true"),
    ("root and no root",
     HEAD + RULES + TEST + "    no_root: true\n    spans[1]{root,a}:\n      true,1\n",
     "NEC091", "true"),
    ("no span marked", HEAD + RULES + TEST + "    spans[1]{root,a}:\n      ,1\n", "NEC091", None),
    ("spans and file", HEAD + RULES + TEST + "    file: x\n    spans[1]{a}:\n      1\n", "NEC091",
     "x"),
    ("span of values", HEAD + RULES + TEST + "    spans[1]: 5\n", "NEC092", "5"),
    ("blank match", HEAD + RULES.replace("true", ""), "NEC051", ""),
    ("bad match", HEAD + RULES.replace("true", "a = 1"), "NEC042", "="),
    ("bad action", HEAD + RULES.replace("keep", "sample(1%)"), "NEC072", "1%"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "place"), [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS]
)
def test_a_slip_in_a_policy_has_its_code(text: str, code: str, place: str | None) -> None:
    _, found = _parse(text)

    assert [finding.code for finding in found] == [code]
    source = found[0].source
    if place is not None:
        assert text[source.start : source.end] == place


def test_a_misspelt_section_is_read_as_what_was_meant() -> None:
    text = HEAD + RULES.replace("rules", "ruls").replace("priority", "prioritty")

    policy, found = _parse(text)

    assert [finding.code for finding in found] == ["NEC080", "NEC081"]
    fixed = text
    for finding in reversed(found):
        (edit,) = finding.fixes[0].edits
        fixed = fixed[: edit.source.start] + edit.text + fixed[edit.source.end :]
    assert fixed == HEAD + RULES
    assert policy.rules == _parse(fixed)[0].rules


def test_one_bad_row_hides_none_of_the_others() -> None:
    text = HEAD + (
        "rules[3]{name,match,action,priority}:\n  a,x = 1,keep,1\n  b,true,sample(1%),p\n"
        "  c,true,keep,0\n"
    )

    policy, found = _parse(text)

    assert [finding.code for finding in found] == ["NEC042", "NEC072", "NEC084"]
    assert len(policy.rules) == 3


def test_a_missing_version_is_no_error() -> None:
    text = "name: x\n" + RULES

    policy, found = _parse(text)

    assert found[0].severity is Severity.HINT
    (edit,) = found[0].fixes[0].edits
    assert edit.text + text == "version: 1\n" + text
    assert policy.version is None


@pytest.mark.parametrize("text", ["[2]: a,b\n", "just a text\n"])
def test_other_documents_are_no_policy(text: str) -> None:
    document, _ = read(SourceText.of("p.toon", text))

    policy, found = parse_policy(document, "p.toon")

    assert policy is None
    assert [finding.code for finding in found] == ["NEC094"]
    assert not is_policy_document(document)


def test_what_toon_could_not_read_is_passed_by() -> None:
    text = HEAD + 'rules[2]{name,match,action,priority}:\n  a,"x,keep,1\n  b,true,keep,0\n'
    document, mistakes = read(SourceText.of("p.toon", text))

    policy, found = parse_policy(document, "p.toon")

    assert mistakes
    assert found == ()
    assert policy is not None
    assert "b" in [rule.name.text for rule in policy.rules]


def test_a_policy_is_known_by_its_root() -> None:
    for text, expected in [(RECORD, True), (PLAIN, True), ("name: x\n", False), ("", False)]:
        document, _ = read(SourceText.of("p.toon", text))
        assert is_policy_document(document) is expected

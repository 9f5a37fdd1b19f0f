"""Fixes that add rows: applied to the TOON text, read again, the finding is gone."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Diagnostic, Fix, Severity
from nectarc.semantics.check import check
from nectarc.semantics.options import CheckOptions
from nectarc.source import SourceText
from nectarc.syntax.policy import parse_policy
from nectarc.toon.reader import read
from tests.unit.semantics.check_cases import applied


def check_text(text: str) -> tuple[Diagnostic, ...]:
    source = SourceText.of("policy.toon", text)
    document, toon_findings = read(source)
    policy, syntax_findings = parse_policy(document, source.file)
    assert (toon_findings, syntax_findings) == ((), ()), text
    assert policy is not None
    return check(policy, CheckOptions(document=document, text=source))[1]


def fix_of(text: str, code: str, title: str = "") -> Fix:
    (found,) = [one for one in check_text(text) if one.code == code]
    return next(fix for fix in found.fixes if title in fix.title)


PLAIN = """version: 1
name: shop
rules[2]{name,match,action,priority}:
  slow,latency > 5s,keep,10
  rest,true,keep,0
"""
RECORD = """nectar_policy{version,name,rules}:
  1
  shop
  rules[2]{name,match,action,priority}:
    slow,latency > 5s,keep,10
    rest,true,keep,0
"""
NESTED = """nectar_policy:
  version: 1
  name: shop
  rules[2|]{name|match|action|priority}:
    slow|latency > 5s|keep|10
    rest|true|keep|0
"""
FIRST = """version: 1
fields[1]{name,type,from}:
  tenant,string,app.tenant
rules[2]{name,match,action,priority}:
  slow,latency > 5s,keep,10
  rest,true,keep,0"""
LISTED = """version: 1
rules[2]{name,match,action,priority}:
  slow,latency > 5s,keep,10
  rest,true,keep,0
fields[1]:
  - name: tenant
    type: string
    from[2]: app.tenant,tenant
"""
DECLARED = """version: 1
rules[2]{name,match,action,priority}:
  slow,latency > 5s,keep,10
  rest,true,keep,0
fields[1]{name,type,from}:
  latency,int,app.latency
"""


@pytest.mark.parametrize("text", [PLAIN, RECORD, NESTED, FIRST, LISTED, DECLARED])
@pytest.mark.parametrize("type_", ["duration_ms", "duration_us"])
def test_declaring_a_field_clears_the_error(text: str, type_: str) -> None:
    fixed = applied(text, fix_of(text, "NEC105", type_))

    assert type_ in fixed
    assert check_text(fixed) == ()


def test_row_goes_into_the_table_that_is_there() -> None:
    fixed = applied(FIRST, fix_of(FIRST, "NEC105", "duration_ms"))

    assert fixed.startswith(
        "version: 1\n"
        "fields[2]{name,type,from}:\n"
        "  tenant,string,app.tenant\n"
        "  latency,duration_ms,latency\n"
        "rules[2]"
    )


def test_section_of_a_record_is_named_in_its_header() -> None:
    fixed = applied(RECORD, fix_of(RECORD, "NEC105", "duration_ms"))

    assert fixed == (
        "nectar_policy{version,name,rules,fields}:\n"
        + RECORD.partition("\n")[2].rstrip("\n")
        + "\n  fields[1]{name,type,from}:\n    latency,duration_ms,latency\n"
    )


@pytest.mark.parametrize(
    "fields",
    [
        "",
        "fields[1]{name,type,from}:\n  tenant,string,app.tenant\n",
        "fields[1]:\n  - name: tenant\n    type: string\n    from: app.tenant\n",
    ],
)
@pytest.mark.parametrize("is_record", [False, True])
def test_reading_both_spellings_clears_the_hint(fields: str, is_record: bool) -> None:  # noqa: FBT001
    text = (
        "version: 1\nrules[2]{name,match,action,priority}:\n"
        "  get,http.method == 'GET',keep,10\n  rest,true,keep,0\n" + fields
    )
    if is_record:
        header = "nectar_policy{rules" + (",fields" if fields else "") + ",version}:\n"
        body = text.partition("\n")[2]
        text = header + "".join(f"  {line}\n" for line in body.splitlines()) + "  1\n"

    fixed = applied(text, fix_of(text, "NEC114"))

    assert "from[2]: http.request.method,http.method" in fixed
    assert check_text(fixed) == ()


@pytest.mark.parametrize(
    ("rules", "added"),
    [
        (
            "rules[1]{name,description,match,action,priority}:\n  errors,,error,keep,10\n",
            "  rest,,true,keep,0\n",
        ),
        ("rules[1]{priority,name,match,action}:\n  0,errors,error,keep", "\n  -1,rest,true,keep"),
        (
            "rules[1]:\n  - name: errors\n    match: error\n    action: keep\n    priority: 10\n",
            "  - name: rest\n    match: true\n    action: keep\n    priority: 0\n",
        ),
    ],
)
def test_fallback_is_added(rules: str, added: str) -> None:
    text = "version: 1\n" + rules

    fix = fix_of(text, "NEC210")
    fixed = applied(text, fix)

    assert fix.is_safe
    assert fixed == text.replace("rules[1]", "rules[2]") + added
    assert check_text(fixed) == ()


def test_comment_after_the_last_row_stays() -> None:
    text = PLAIN + "# the end\n"

    fixed = applied(text, fix_of(text, "NEC105", "duration_ms"))

    assert "# the end" in fixed
    assert check_text(fixed) == ()


def test_seed_policy_is_clean() -> None:
    text = (
        "nectar_policy{version,name,budget_per_second,rules}:\n"
        "  1\n  production-sampling\n  10000\n"
        "  rules[3]{name,description,match,action,priority}:\n"
        "    keep-errors,Retain all HTTP 5xx errors,http.status >= 500,keep,100\n"
        "    keep-slow,Retain slow requests,duration > 5s,keep,90\n"
        "    sample-rest,Sample remaining traffic,true,sample(0.01),0\n"
    )

    assert check_text(text) == ()


@pytest.mark.parametrize(
    ("cell", "code", "fixed"),
    [
        ('"f != \\"x\\""', "NEC201", ['"any(f != \\"x\\")"', '"none(f == \\"x\\")"']),
        ("a && b", "NEC202", ["any(a && b)", "any(a) && any(b)"]),
    ],
)
def test_readings_are_written_inside_quoted_cells(cell: str, code: str, fixed: list[str]) -> None:
    text = (
        f"version: 1\nrules[2]{{name,match,action,priority}}:\n  a,{cell},keep,9\n  b,true,keep,0\n"
    )

    (found,) = [one for one in check_text(text) if one.code == code]
    texts = [applied(text, fix) for fix in found.fixes]

    assert texts == [text.replace(cell, one) for one in fixed]
    for one in texts:
        assert [x for x in check_text(one) if x.severity is Severity.ERROR] == []

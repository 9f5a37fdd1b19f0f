"""Each code about names and types: a case that fires, near misses that stay silent."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Severity
from tests.unit.semantics.check_cases import Schema, codes, fixed_texts, match_findings, rule

ROWS = [
    {"name": "score", "type": "int", "from": ["score"]},
    {"name": "flag", "type": "bool", "from": ["flag"]},
    {"name": "took", "type": "duration_s", "from": ["took"]},
]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("`root.x` == 1", "NEC104"),
        ("root.`root.x` == 1", "NEC104"),
        ("`?.NUM_DESCENDANTS` > 3", "NEC104"),
        ("meta.refinery.root", "NEC104"),
        ("meta.span_count > 3", "NEC104"),
        ("exists(trace.parent_id)", "NEC104"),
        ("exists(parentId)", "NEC104"),
        ("trace.trace_id == 'a'", "NEC104"),
        ("http.status == '500'", "NEC105"),
        ("service == 5", "NEC105"),
        ("error == 1", "NEC105"),
        ("flag == 'true'", "NEC105"),
        ("f > 5s", "NEC105"),
        ("score > 5s", "NEC105"),
        ("duration > 'x'", "NEC105"),
        ("http.status in ['500', '501']", "NEC105"),
        ("took == true", "NEC105"),
        ("duration", "NEC106"),
        ("service", "NEC106"),
        ("flag > true", "NEC106"),
        ("error in [true]", "NEC106"),
        ("f in [true, false]", "NEC106"),
        ("http.status starts_with '5'", "NEC106"),
        ("error contains 'x'", "NEC106"),
        ("duration matches '5'", "NEC106"),
        ("f in [1, 'a']", "NEC107"),
        ("duration in [5, 5s]", "NEC107"),
        ("f == 9007199254740993", "NEC108"),
        ("f == -9007199254740993", "NEC108"),
        ("score == 1e300", "NEC108"),
        ("span_count > 9007199254740993", "NEC108"),
        ("http.status >= 499.5", "NEC109"),
        ("f contains 5", "NEC110"),
        ("f matches true", "NEC110"),
        ("f matches '('", "NEC111"),
        (r"f matches 'a\C'", "NEC111"),
        ("duration > 5000", "NEC112"),
        ("took == 1.5", "NEC112"),
        ("status_code >= 500", "NEC113"),
        ("status_code in [500, 503]", "NEC113"),
        ("http.method == 'GET'", "NEC114"),
        ("http.request.method == 'GET'", "NEC114"),
        ("http.status_code == 500", "NEC114"),
        ("http.staus == 500", "NEC115"),
        ("http.response.status_cod == 500", "NEC115"),
        ("durtion > 5", "NEC115"),
        ("attributes.http.route == 'x'", "NEC115"),
        ("resource.service.name == 'x'", "NEC115"),
        ("TRUE", "NEC115"),
        ("else", "NEC115"),
    ],
)
def test_code_fires_alone(text: str, code: str) -> None:
    assert [one.code for one in match_findings(text, ROWS)[1]] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "root.x == 1",
        "meta.annotation_type == 'span_event'",
        "meta.time_since_span_start_ms > 5s",
        "trace.span_id == 'a'",
        "http.status == 500",
        "http.status == 500.0",
        "service == '5'",
        "flag == true",
        "any(error != true)",
        "score > 5",
        "score == 1e3",
        "duration > 5s",
        "took > 5s",
        "duration == 0",
        "duration in [5s, 10s]",
        "f in [1, 2.5, 1e3]",
        "f == 9007199254740992",
        "f == 1e300",
        "f contains '5'",
        r"f matches '\\C[0-9]+'",
        r"f matches '\Qa\C\E'",
        "status_code == 2",
        "status_code in [1, 2]",
        "`http.method` == 'GET'",
        "`http.status_code` == 500",
        "app.tenant == 'a'",
        "app.version == 'x'",
        "exists(duration)",
        "exists(score)",
        "attributes.own == 1",
        "default == 'a'",
        "`TRUE`",
        "root.default",
    ],
)
def test_near_miss_stays_silent(text: str) -> None:
    assert match_findings(text, ROWS)[1] == ()


@pytest.mark.parametrize(
    ("text", "code", "fixed"),
    [
        ("http.status == '500'", "NEC105", ["http.status == 500"]),
        ("error == 'true'", "NEC105", ["error == true"]),
        ("service == 5", "NEC105", ["service == '5'"]),
        ("duration > 5000", "NEC112", ["duration > 5000ms"]),
        ("root.status_code >= 500", "NEC113", ["root.http.status >= 500"]),
        ("http.status_code == 500", "NEC114", ["http.status == 500"]),
        ("root.http.staus == 500", "NEC115", ["root.http.status == 500"]),
        ("`durtion` > 5", "NEC115", ["`duration_ms` > 5"]),
        ("root.attributes.http.status == 500", "NEC115", ["root.http.status == 500"]),
        ("else", "NEC115", ["true"]),
        ("duration > '5s'", "NEC105", ["duration > 5s"]),
        ("f contains 5", "NEC110", ["f contains '5'"]),
    ],
)
def test_fix_says_what_to_write(text: str, code: str, fixed: list[str]) -> None:
    assert [one for one in fixed_texts(text, code) if one != text][: len(fixed)] == fixed


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"name": "x", "type": "number", "from": ["x"]}, "NEC101"),
        ({"name": "x y", "type": "int", "from": ["a", "b"]}, "NEC103"),
        ({"name": "x", "type": "int", "from": ["root.x"]}, "NEC104"),
        ({"name": "x", "type": "int", "from": ["x", "trace.parent_id"]}, "NEC104"),
    ],
)
def test_row_of_fields_fires_alone_even_where_it_is_used(row: dict[str, object], code: str) -> None:
    assert codes(rule("exists(x)"), fields=[row]) == [code]


def test_field_declared_twice() -> None:
    row = {"name": "x", "type": "int", "from": ["x"]}

    assert codes(rule("x == 1"), fields=[row, row]) == ["NEC102"]
    assert codes(rule("x == 1"), fields=[row, {**row, "name": "y"}]) == []


def test_declaring_both_spellings_clears_the_hint() -> None:
    row = {
        "name": "http.method",
        "type": "string",
        "from": ["http.request.method", "http.method"],
    }

    assert codes(rule("http.method == 'GET'")) == ["NEC114"]
    assert codes(rule("http.method == 'GET'"), fields=[row]) == []


def test_hint_about_a_name_is_given_once() -> None:
    assert codes(rule("any(http.method == 'GET' || http.method == 'PUT')")) == ["NEC114"]


def test_corpus_says_that_a_name_is_unknown_or_never_occurs() -> None:
    schema = Schema({"app.tenant": (["string"], 3), "service.name": (["string"], 3)})

    assert codes(rule("app.tenent == 'a'"), schema=schema) == ["NEC115"]
    assert codes(rule("app.tenant == 'a'"), schema=schema) == []
    assert codes(rule("shop.basket == 'a'"), schema=schema) == ["NEC116"]
    assert codes(rule("exists(exception.type)"), schema=schema) == ["NEC116"]
    assert codes(rule("service == 'a'"), schema=schema) == []


def test_corpus_disagrees_with_a_type() -> None:
    def of(kind: str) -> Schema:
        return Schema({"http.status_code": ([kind], 3)})

    assert codes(rule("http.status >= 500"), schema=of("string")) == ["NEC117"]
    assert codes(rule("http.status >= 500"), schema=of("int")) == []
    assert codes(rule("http.status >= 500"), schema=of("float")) == []


def test_corpus_never_changes_the_severity_to_an_error() -> None:
    schema = Schema({"a": (["string"], 1)})

    found = match_findings("a == 5")[1]

    assert schema.names()
    assert all(one.severity is not Severity.ERROR for one in found)

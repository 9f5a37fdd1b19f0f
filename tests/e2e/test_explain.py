"""`nectarc explain` as a process: what it reads, the forms it writes, its exit statuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.process import SHOP, run, write
from tests.shared_data import SHARED, requires_shared

RULES = """RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: errors
          SampleRate: 1
          Conditions:
            - {Field: http.response.status_code, Operator: ">=", Value: 500, Datatype: int}
        - Name: rest
          SampleRate: 20
  staging:
    DeterministicSampler: {SampleRate: 3}
"""
REAL = SHARED / "data" / "rules"
ZIPKIN = SHARED / "data" / "traces" / "zipkin-v2"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Copy the example."""
    folder = tmp_path / "shop"
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("rules.yaml", "policy.lock"))
    return folder


def test_the_report_of_the_shop(shop: Path) -> None:
    ran = run("explain", cwd=shop)

    assert ran.status == 0, ran.err
    text = " ".join(ran.out.split())
    assert "production-sampling (policy.toon, for __default__)" in text
    assert "Keeps 9.5 % (6.4 to 14 %) of the events" in text
    assert "payments fails in 10 traces, kept 1 in 100 by `sample-rest`" in text
    assert "5 PROVED, 2 HOLDS" in text
    assert "Made of: nectarc" in text


def test_every_form_by_the_ending_of_the_file(shop: Path) -> None:
    for name, beginning in (
        ("w.md", "# production-sampling\n"),
        ("w.json", '{\n  "policy": "production-sampling"'),
        ("w.txt", "production-sampling (policy.toon"),
        ("w.html", "<!"),
    ):
        ran = run("explain", "-o", name, cwd=shop)

        assert (ran.status, ran.out) == (0, ""), ran.err
        assert f"{name}: the report" in ran.err
        assert (shop / name).read_text(encoding="utf-8").startswith(beginning)


def test_the_same_bytes_again(shop: Path) -> None:
    for name in ("a.html", "b.html", "a.json", "b.json"):
        assert run("explain", "-o", name, cwd=shop).status == 0

    assert (shop / "a.html").read_bytes() == (shop / "b.html").read_bytes()
    assert (shop / "a.json").read_bytes() == (shop / "b.json").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "report.pdf"], "the ending of `report.pdf` says no format"),
        (["policy.toon", "-o", "policy.toon", "--format", "text"], "would overwrite"),
        (["--trace", "abc", "--format", "html"], "one trace has no page"),
        (["--target", "stagin"], "there is no target `stagin`"),
        (["--trace", "nope"], "no trace of the corpus has the id `nope`"),
    ],
)
def test_wrong_use_is_told(shop: Path, words: list[str], said: str) -> None:
    before = (shop / "policy.toon").read_bytes()

    ran = run("explain", *words, cwd=shop)

    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert (shop / "policy.toon").read_bytes() == before


@pytest.mark.parametrize("name", ["nothere.toon", "nothere.yaml"])
def test_what_cannot_be_read_is_told(shop: Path, name: str) -> None:
    ran = run("explain", name, cwd=shop)

    assert (ran.status, ran.out) == (2, "")
    assert f"`{name}` cannot be read" in ran.err


@pytest.mark.parametrize("corpus", ["nothere", "/dev/null"])
def test_a_corpus_that_cannot_be_read_makes_no_report(shop: Path, corpus: str) -> None:
    ran = run("explain", "--corpus", corpus, "-o", "w.md", cwd=shop)

    assert (ran.status, ran.out) == (2, "")
    assert f"`{corpus}`" in ran.err
    assert not (shop / "w.md").exists()


def test_a_place_that_cannot_be_written_is_told(shop: Path) -> None:
    ran = run("explain", "-o", "no/such/folder.md", cwd=shop)

    assert (ran.status, ran.out) == (2, "")
    assert "NEC403" in ran.err


def test_without_a_corpus_it_says_how_to_load_one(shop: Path) -> None:
    shutil.rmtree(shop / "corpus")

    ran = run("explain", cwd=shop)

    assert ran.status == 0
    assert "`nectarc ingest FILE...`" in " ".join(ran.out.split())
    assert "UNKNOWN" in ran.out


def test_a_rules_file_by_target(shop: Path) -> None:
    write(shop, "rules.yaml", RULES)

    both = json.loads(run("explain", "rules.yaml", "--format", "json", cwd=shop).out)
    one = run("explain", "rules.yaml", "--target", "__default__", cwd=shop)

    assert list(both) == ["__default__", "staging"]
    assert [rule["name"] for rule in both["__default__"]["rules"]] == ["errors", "rest"]
    assert sum(rule["corpus_traces"] for rule in both["__default__"]["rules"]) == 300
    assert both["staging"]["kept"]["traces"]["value"] == 100
    assert one.status == 0
    assert "__default__, a target of rules.yaml" in one.out
    assert "staging" not in one.out


def test_rules_that_compile_made_keep_what_the_policy_keeps(shop: Path) -> None:
    assert run("compile", "-o", "made.yaml", cwd=shop).status == 0

    policy, rules = (
        json.loads(run("explain", name, "--format", "json", cwd=shop).out)
        for name in ("policy.toon", "made.yaml")
    )

    assert policy["kept"] == rules["kept"]
    assert [one["corpus_traces"] for one in policy["rules"]] == [
        one["corpus_traces"] for one in rules["rules"]
    ]


def test_rules_on_stdin(shop: Path) -> None:
    ran = run("explain", "-", "--target", "staging", cwd=shop, stdin=RULES.encode())

    assert ran.status == 0, ran.err
    assert "staging, a target of <stdin>" in ran.out


def test_rules_that_refinery_refuses_are_told(shop: Path) -> None:
    write(shop, "rules.yaml", RULES.replace("Operator", "Operater"))

    ran = run("explain", "rules.yaml", cwd=shop)

    assert (ran.status, ran.out) == (1, "")
    assert "Operater" in ran.err


def test_a_trace_of_a_file_and_by_rules(shop: Path) -> None:
    write(shop, "rules.yaml", RULES)
    (incident,) = (shop / "incidents").iterdir()

    by_policy = run("explain", "--trace", incident, cwd=shop)
    by_rules = run(
        "explain", "rules.yaml", "--trace", incident, "--target", "__default__", cwd=shop
    )
    record = json.loads(
        run("explain", "rules.yaml", "--trace", incident, "--format", "json", cwd=shop).out
    )

    assert by_policy.status == by_rules.status == 0
    assert by_policy.out.count("rule `keep-errors` decides") == 4
    assert by_rules.out.count("rule `errors` decides. Keeps it.") == 4
    assert [len(record[target]) for target in ("__default__", "staging")] == [4, 4]


@requires_shared
def test_a_trace_in_a_format_of_others(shop: Path) -> None:
    file = next(path for path in sorted(ZIPKIN.iterdir()) if path.is_file())

    ran = run("explain", "--trace", file, "--format", "markdown", cwd=shop)

    assert ran.status in (0, 1), ran.err
    assert ran.out.startswith("```text\nTrace ")


def test_two_policies_are_two_reports(shop: Path) -> None:
    manifest = (shop / "nectar.toml").read_text()
    write(shop, "other.toon", (shop / "policy.toon").read_text().replace("0.01", "0.1"))
    write(
        shop,
        "nectar.toml",
        manifest.replace("[environments]", '[environments]\nstaging = "other.toon"'),
    )

    record = json.loads(run("explain", "--format", "json", cwd=shop).out)
    text = run("explain", cwd=shop).out

    assert set(record) == {"policy.toon", "other.toon"}
    assert record["other.toon"]["targets"] == ["staging"]
    assert "for staging" in text


@requires_shared
@pytest.mark.parametrize(
    "name",
    [
        "v2/refinery_rules_complete_2026-05.yaml",
        "v2/instantdb_11_2025-08-26.yaml",
        "v1/opsramp_rules-configmap.yaml",
        "v2/refinery_default_rules.json",
    ],
)
def test_real_rules_files(shop: Path, name: str) -> None:
    ran = run("explain", REAL / name, "--format", "json", cwd=shop)

    record = json.loads(ran.out)
    reports = [record] if "rules" in record else list(record.values())
    for one in reports:
        assert sum(rule["corpus_traces"] for rule in one["rules"]) == 300

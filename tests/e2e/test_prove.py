"""The seed's promise, as users see it: what `prove` refuses, with what, and what it writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from nectarc.prove.verdicts import CheckResult, Verdict
from nectarc.report.prove_text import about_words
from tests.e2e.process import SHOP, Ran, run, write

SEED = (SHOP / "policy.toon").read_text(encoding="utf-8")
SAFE = SEED.replace(">= 500,keep", ">= 500 || error,keep")
PROBES = """\
version: 1
name: shop
rules[3]{name,match,action,priority}:
  probes,root.http.route == '/healthz',drop,200
  keep-errors,http.status >= 500,keep,100
  rest,true,sample(0.01),0
"""
SAFE_PROBES = PROBES.replace("drop,200", "drop,50")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert run("init", "shop", "--example", cwd=tmp_path).status == 0
    (tmp_path / "shop" / "policy.toon").write_text(SAFE)
    return tmp_path / "shop"


def _checks(ran: Ran) -> dict[str, dict[str, object]]:
    (policy,) = json.loads(ran.out)["policies"]
    return {check["name"]: check for check in policy["checks"]}


def _words(ran: Ran) -> str:
    return " ".join(ran.out.split())


def test_a_safe_policy_is_proven_and_the_verdict_says_its_scope(project: Path) -> None:
    ran = run("prove", cwd=project)

    assert ran.status == 0
    assert _words(ran).startswith(
        "production-sampling: 5 PROVED, 2 HOLDS. PROVED is for every trace, about the spans that"
        " Refinery has when it decides (not stress relief, late spans, eviction). HOLDS is for this"
        " corpus: 300 traces."
    )


def test_a_policy_that_drops_an_error_trace_is_refused_with_the_trace(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", PROBES)

    ran = run("prove", cwd=tmp_path)
    found = run("prove", "--format", "json", cwd=tmp_path)

    assert (ran.status, found.status) == (1, 1)
    assert "REFUTED every trace with `http.status >= 500` is kept." in _words(ran)
    assert "Counterexample to `errors`: a trace that the prover made, replayed." in _words(ran)
    assert 'http.route = "/healthz"' in ran.out
    assert "error[NEC450]" in ran.out
    assert "asked here" not in ran.out  # nothing is written: `error` has its default
    shown = _checks(found)["errors"]["counterexample"]
    assert isinstance(shown, dict)
    assert (shown["rule"], shown["action"], shown["expected"]) == (
        "probes",
        "drops it",
        "keep-errors",
    )
    write(tmp_path, "policy.toon", SAFE_PROBES)
    assert run("prove", cwd=tmp_path).status == 0


def test_junit_has_a_test_for_each_check_and_each_further_finding(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", PROBES)

    ran = run("prove", "--format", "junit", cwd=tmp_path)

    (suite,) = ET.fromstring(ran.out)
    failed = {case.get("name") for case in suite if case.find("failure") is not None}
    assert (ran.status, suite.get("name"), failed) == (1, "policy.toon", {"errors"})
    assert {"fallback", "rules", "refinery-rules"} < {case.get("name") for case in suite}
    (failure,) = suite.iter("failure")
    assert 'http.route = "/healthz"' in (failure.text or "")
    write(tmp_path, "policy.toon", "version: 1\n")
    broken = run("prove", "--format", "junit", cwd=tmp_path)
    found = ET.fromstring(broken.out)
    assert broken.status == 1
    assert found.get("failures") != "0"


def test_a_verdict_assumes_nothing_that_it_does_not_name(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SAFE_PROBES.replace("root.http.route == '/healthz'", "error"))

    ran = run("prove", cwd=tmp_path)

    assert "the Refinery rules decide as the policy does" in ran.out
    assert "as assumed" not in ran.out
    check = CheckResult(name="x", claim="x", verdict=Verdict.PROVED, is_about_rules=True)
    assert about_words(check, has_assumptions=False) == "every trace"
    assert about_words(check, has_assumptions=True) == "every trace as assumed"


def test_rare_in_a_small_corpus_is_what_one_trace_shows(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SAFE_PROBES)
    trace = '{"id":"%s","spans":[{"service.name":"pay","error":%s}],"root":0}\n'
    traces = "".join(trace % pair for pair in (("a", "true"), ("b", "false"), ("c", "false")))
    write(tmp_path, "corpus/t.jsonl", traces)

    ran = run("prove", cwd=tmp_path)

    assert "Rare and failing in this corpus (each in one of its 3 traces);" in _words(ran)


def test_a_real_trace_is_shown_before_one_that_the_prover_made(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", PROBES)
    trace = '{"id":"real","spans":[{"http.route":"/healthz","x":1},{"http.status":503}],"root":0}\n'
    write(tmp_path, "corpus/t.jsonl", trace)

    ran = run("prove", cwd=tmp_path)

    assert "Counterexample to `errors`: trace real" in _words(ran)
    assert "so it is with 1 of the corpus's 1 such trace" in _words(ran)


def test_a_policy_that_loses_an_incident_is_refused_with_the_incident(project: Path) -> None:
    # The seed keeps 5xx; this incident timed out, and nothing said 5xx.
    slow = (
        '{"id":"5107","spans":[{"service.name":"web","name":"POST /buy"},'
        '{"service.name":"pay","error":true}],"root":0}\n'
    )
    write(project, "incidents/2026-04-01-timeouts.jsonl", slow)
    (project / "policy.toon").write_text(SEED)

    ran = run("prove", cwd=project)

    assert ran.status == 1
    assert "error[NEC451]: must-keep trace 5107 of `incidents/2026-04-01-timeouts.jsonl`" in ran.out
    assert "Counterexample to `must-keep`: trace 5107" in _words(ran)
    check = _checks(run("prove", "--format", "json", cwd=project))["must-keep"]
    assert (check["verdict"], check["claim"]) == ("REFUTED", "the 5 must-keep traces are kept")
    assert str(check["reason"]).startswith("1 may be lost: trace 5107 (web POST /buy, 2 spans)")
    (project / "policy.toon").write_text(SAFE)
    assert run("prove", cwd=project).status == 0


def test_a_policy_over_its_budget_is_refused_with_the_numbers(project: Path) -> None:
    (project / "policy.toon").write_text(SAFE.replace("  10000\n", "  0.1\n"))

    ran = run("prove", cwd=project)

    assert ran.status == 1
    assert "REFUTED  at most 0.1 events per second are kept." in ran.out
    found = re.search(
        r"warning\[NEC453\]: the budget is exceeded: ([\d.]+) of ([\d.]+) events per second,"
        r" with 95 % confidence between ([\d.]+) and ([\d.]+); in the busiest 10 s",
        ran.out,
    )
    assert found is not None, ran.out
    kept, arriving, low, high = map(float, found.groups())
    assert 0.1 < low < kept < high < arriving


def test_the_upper_bound_decides_not_the_estimate(project: Path) -> None:
    check = _checks(run("prove", "--format", "json", cwd=project))["budget"]
    figures = check["figures"]
    assert isinstance(figures, dict)
    kept, high = figures["kept"], figures["kept_high"]
    between = f"  {(kept + high) / 2:.6f}\n"
    (project / "policy.toon").write_text(SAFE.replace("  10000\n", between))

    ran = run("prove", cwd=project)

    assert ran.status == 1
    assert "the estimate is within the budget, its upper bound is not" in _words(ran)


def test_saved_counterexamples_are_tests_that_fail_until_the_policy_is_mended(
    tmp_path: Path,
) -> None:
    write(tmp_path, "policy.toon", PROBES)

    ran = run("prove", "--save-counterexamples", "tests/found", cwd=tmp_path)
    rows = ran.err[ran.err.index("tests[") :]
    write(tmp_path, "policy.toon", PROBES + rows)
    failing = run("test", cwd=tmp_path)
    write(tmp_path, "policy.toon", SAFE_PROBES + rows)
    passing = run("test", cwd=tmp_path)

    assert "as tests of policy.toon:\ntests[1]{name,expect,file}:" in ran.err
    assert (tmp_path / "tests" / "found" / "shop-errors.json").is_file()
    assert (failing.status, passing.status) == (1, 0)
    assert "✗ errors: expected" in failing.out


def test_nothing_is_written_unasked(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", PROBES)

    run("prove", cwd=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["policy.toon"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", PROBES)
    write(tmp_path, "taken", "a file")

    ran = run("prove", "--save-counterexamples", "taken", cwd=tmp_path)

    assert ran.status == 2
    assert "NEC403" in ran.out


@pytest.mark.parametrize("kind", ["corpus", "folder of exports", "file"])
def test_the_corpus_may_be_anything_that_ingest_reads(kind: str, project: Path) -> None:
    raw = SHOP / "corpus" / "traces.jsonl"
    if kind == "corpus":
        assert run("ingest", raw, "--into", "stored", cwd=project).status == 0
        path: str | Path = "stored"
    else:
        path = raw if kind == "file" else raw.parent

    ran = run("prove", "--corpus", path, "--format", "json", cwd=project)

    (policy,) = json.loads(ran.out)["policies"]
    assert policy["corpus"]["traces"] == 300
    assert ran.status == 0


def test_a_presampled_corpus_says_so_and_counts_by_its_rates(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SAFE.replace("  10000\n", "  10\n"))
    records = (
        {"id": f"t{i}", "spans": [{"http.status": 500}], "root": 0, "rate": 10, "time_ns": time_ns}
        for i, time_ns in enumerate(range(10**18, 10**18 + 101 * 10**9, 10**9))
    )
    write(tmp_path, "corpus/t.jsonl", "\n".join(map(json.dumps, records)))

    ran = run("prove", cwd=tmp_path)

    assert "101 traces that stand for 1,010, sampled upstream at 1 in 10" in _words(ran)
    assert "10.1 of 10.1 events per second" in _words(ran)
    assert ran.status == 1


def test_annotations_for_github(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", PROBES)

    ran = run("prove", "--format", "github", cwd=tmp_path)

    assert ran.status == 1
    assert ran.out.startswith("::error file=policy.toon,line=4,")
    assert "title=NEC450" in ran.out


def test_the_same_seed_gives_the_same_bytes(project: Path) -> None:
    first, second, other = (
        run("prove", "--seed", seed, cwd=project).out for seed in ("7", "7", "8")
    )

    assert first == second != other

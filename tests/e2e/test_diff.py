"""`nectarc diff` as a process: real histories, git revisions, its status, formats and mistakes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.process import SHOP, Ran, run, write
from tests.shared_data import SHARED, requires_shared

V2: Final = SHARED / "data" / "rules" / "v2"
POLICY: Final = """\
version: 1
rules[3]{name,match,action,priority}:
  errors,http.status >= 500,keep,10
  slow,duration > 5s,keep,5
  rest,true,sample(1/100),0
"""
LESS: Final = POLICY.replace("http.status >=", "root.http.status >=")
RULES: Final = """\
RulesVersion: 2
Samplers:
  __default__:
    DeterministicSampler:
      SampleRate: 1
"""


def diff(*words: str | Path, cwd: Path) -> tuple[int, dict[str, Any]]:
    ran = run("diff", *words, "--format", "json", cwd=cwd)
    return ran.status, json.loads(ran.out)


def commit(folder: Path) -> None:
    for words in (
        ("init", "--quiet"),
        ("add", "-A"),
        ("-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "-m", "one"),
    ):
        subprocess.run(("git", *words), cwd=folder, check=True, capture_output=True)


@requires_shared
def test_whitespace_and_comments_are_proven_equal(tmp_path: Path) -> None:
    files = V2 / "instantdb_07_2024-11-18.yaml", V2 / "instantdb_08_2024-11-21.yaml"

    ran = run("diff", *files, cwd=tmp_path)

    assert ran.status == 0
    assert "PROVED equal: every trace is decided alike." in ran.out


@requires_shared
def test_errors_of_child_spans_only_are_what_instantdb_lost(tmp_path: Path) -> None:
    files = V2 / "instantdb_10_2025-01-14.yaml", V2 / "instantdb_11_2025-08-26.yaml"

    status, found = diff(*files, cwd=tmp_path)

    default, prod = found["targets"]
    (region,) = prod["regions"]
    root, child = region["trace"]["spans"]
    assert (status, found["verdict"], default["verdict"]) == (1, "REFUTED", "PROVED")
    assert (region["before"]["rule"], region["after"]["rule"]) == ("keep errors", "default rule")
    assert (region["trace"]["root"], root, child) == (0, {}, {"error": True})


@requires_shared
def test_grpc_status_is_what_moved_in_raas_hnytest(tmp_path: Path) -> None:
    files = V2 / "raas-hnytest_2024-07.yaml", V2 / "raas-hnytest_2025-08.yaml"

    status, found = diff(*files, cwd=tmp_path)

    (target,) = found["targets"]
    lost = [one for one in target["regions"] if one["before"]["rule"].startswith("Keep Type 2")]
    assert status == 1
    assert {one["after"]["effect"].split()[0] for one in lost} >= {"dropped", "EMADynamicSampler"}
    assert all(any("status_code" in span for span in one["trace"]["spans"]) for one in lost)
    gained = [one for one in target["regions"] if one["after"]["effect"] == "kept"]
    assert gained
    assert all(
        any("rpc.grpc.status_code" in span for span in one["trace"]["spans"]) for one in gained
    )


@requires_shared
def test_a_target_that_changes_its_name_changes_what_its_traces_get(tmp_path: Path) -> None:
    files = V2 / "instantdb_01_2024-09-04.yaml", V2 / "instantdb_02_2024-09-06.yaml"

    status, found = diff(*files, cwd=tmp_path)
    narrowed, alone = diff(*files, "--target", "staging", cwd=tmp_path)

    assert (status, narrowed) == (1, 0)
    assert (found["targets_added"], found["targets_removed"]) == (["prod"], ["production"])
    assert [one["target"] for one in alone["targets"]] == ["staging"]


def test_a_policy_and_its_compiled_rules_are_equal(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", POLICY)
    run("compile", "policy.toon", "-o", "rules.yaml", cwd=tmp_path)

    status, found = diff("policy.toon", "rules.yaml", cwd=tmp_path)

    assert (status, found["verdict"]) == (0, "PROVED")
    assert [one["assumed"] for one in found["targets"]] == [""]


def test_the_assumptions_that_a_proof_needs_are_those_that_compiling_recorded(
    tmp_path: Path,
) -> None:
    match = "any(service != 'web') && any(error)"
    write(tmp_path, "policy.toon", POLICY.replace("http.status >= 500", match))
    run("compile", "policy.toon", "-o", "rules.yaml", cwd=tmp_path)

    status, found = diff("policy.toon", "rules.yaml", cwd=tmp_path)
    strict, differs = diff("policy.toon", "rules.yaml", "--assume", "none", cwd=tmp_path)

    (target,) = found["targets"]
    assert (status, target["verdict"]) == (0, "PROVED")
    assert "`service.name` is" in target["assumed"]
    assert (strict, differs["verdict"]) == (1, "REFUTED")
    assert all(not one["usual_values"] for one in differs["targets"][0]["regions"])


def test_an_error_trace_that_may_be_lost_is_said_and_shown(tmp_path: Path) -> None:
    write(tmp_path, "a.toon", POLICY)
    write(tmp_path, "b.toon", LESS)

    _, less = diff("a.toon", "b.toon", cwd=tmp_path)
    _, more = diff("b.toon", "a.toon", cwd=tmp_path)

    lost = less["targets"][0]["errors_kept_no_less"]
    assert lost["verdict"] == "REFUTED"
    assert lost["trace"]["spans"][0] == {}
    assert more["targets"][0]["errors_kept_no_less"]["verdict"] == "PROVED"


def test_rules_that_die_are_named_with_those_that_shadow_them(tmp_path: Path) -> None:
    write(tmp_path, "a.toon", POLICY)
    write(tmp_path, "b.toon", POLICY.replace("http.status >= 500,keep", "duration > 1s,keep"))

    _, found = diff("a.toon", "b.toon", cwd=tmp_path)

    assert found["targets"][0]["rules_dead"] == [{"rule": "slow", "shadowed_by": ["errors"]}]


def test_rules_may_change_their_names_and_stay_equal(tmp_path: Path) -> None:
    write(tmp_path, "a.toon", POLICY)
    write(tmp_path, "b.toon", POLICY.replace("slow,", "lazy,"))

    ran = run("diff", "a.toon", "b.toon", cwd=tmp_path)

    assert ran.status == 0
    assert "new rule names: `lazy`" in ran.out


@pytest.mark.parametrize("words", [(), ("HEAD",), ("HEAD", "policy.toon")], ids=" ".join)
def test_a_revision_is_compared_with_what_is_here(words: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", POLICY)
    commit(tmp_path)
    equal = run("diff", *words, cwd=tmp_path)
    write(tmp_path, "policy.toon", LESS)

    differs = run("diff", *words, cwd=tmp_path)

    assert (equal.status, differs.status) == (0, 1)
    assert "(asks now: the root span has" in differs.out


def test_a_file_of_a_revision_may_be_named_from_here_or_from_the_top(tmp_path: Path) -> None:
    write(tmp_path, "sub/policy.toon", POLICY)
    write(tmp_path, "rules.yaml", RULES)
    commit(tmp_path)
    write(tmp_path, "sub/policy.toon", LESS)
    here = tmp_path / "sub"

    for name in ("HEAD:policy.toon", "HEAD:sub/policy.toon"):
        assert run("diff", name, "policy.toon", cwd=here).status == 1
    assert run("diff", "HEAD:rules.yaml", "../rules.yaml", cwd=here).status == 0


def test_a_project_is_read_with_the_manifest_that_it_had(tmp_path: Path) -> None:
    write(tmp_path, "nectar.toml", '[environments]\n__default__ = "old.toon"\n')
    write(tmp_path, "old.toon", POLICY)
    commit(tmp_path)
    write(tmp_path, "nectar.toml", '[environments]\n__default__ = "new.toon"\n')
    write(tmp_path, "new.toon", LESS)

    assert run("diff", "HEAD", cwd=tmp_path).status == 1
    write(tmp_path, "new.toon", POLICY)
    assert run("diff", "HEAD", cwd=tmp_path).status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "neither a file nor a git revision"),
        (("nowhere.toon",), "NEC400"),
        (("HEAD:gone.toon", "policy.toon"), "NEC484"),
        (("HEAD~7", "policy.toon"), "NEC484"),
        (("broken.toon", "policy.toon"), "NEC054"),
        (("refused.yaml", "policy.toon"), "NEC50"),
        (("policy.toon", "policy.toon", "--corpus", "nowhere"), "NEC400"),
        (("policy.toon", "policy.toon", "--assume", "luck"), "types, no-null, no-nan"),
        (("policy.toon", "policy.toon", "--price", "cheap"), "no price"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_what_cannot_be_read_is_status_2(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", POLICY)
    write(tmp_path, "broken.toon", POLICY.replace(">= 500", ">="))
    write(tmp_path, "refused.yaml", RULES.replace("2", "1"))
    commit(tmp_path)

    ran = run("diff", *words, cwd=tmp_path)

    assert ran.status == 2
    assert said in ran.err


def test_without_git_or_a_repository_a_revision_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", POLICY)

    ran = run("diff", "HEAD", cwd=tmp_path, environment={"GIT_CEILING_DIRECTORIES": str(tmp_path)})
    bare = run("diff", "HEAD:policy.toon", cwd=tmp_path, environment={"PATH": str(tmp_path)})

    assert (ran.status, bare.status) == (2, 2)
    assert "NEC484" in ran.err
    assert "NEC484" in bare.err


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write(tmp_path, "a.toon", POLICY)
    write(tmp_path, "b.toon", LESS.replace("1/100", "1/50"))
    return tmp_path


def on_shop(shop: Path, *words: str) -> Ran:
    corpus = ("--corpus", str(SHOP / "corpus"))
    return run("diff", "a.toon", "b.toon", *corpus, *words, cwd=shop)


def test_on_the_corpus_volume_and_errors_stand_with_intervals(shop: Path) -> None:
    ran = on_shop(shop, "--format", "json")

    corpus = json.loads(ran.out)["targets"][0]["corpus"]
    change = corpus["change"]
    assert corpus["traces"] == 300
    assert change["low"] < change["value"] < change["high"]
    assert sum(one["traces"] for one in corpus["changes"]) == corpus["traces_changed"]
    assert {one["service"] for one in corpus["services"]} >= {"frontend", "payments"}
    for one in corpus["services"]:
        assert one["kept_before"]["low"] <= one["kept_before"]["value"] <= 1


def test_the_cost_is_told_for_a_price(shop: Path) -> None:
    ran = on_shop(shop, "--price", "1000")

    assert "Cost: " in ran.out
    assert "Cost: " not in on_shop(shop).out


def test_markdown_begins_with_the_verdict_and_a_trace_that_shows_it(shop: Path) -> None:
    lines = on_shop(shop, "--format", "markdown").out.splitlines()

    assert lines[0].startswith("**CHANGED: 2 kinds of traces change decision")
    assert "may be kept less than before" in lines[2]
    assert "more events are kept" in lines[3]
    shown = lines.index("```text")
    assert shown < 12
    root, child = lines[shown + 1 : shown + 3]
    assert root == "span 1 (root): no fields that matter"
    assert child.startswith("span 2: http.")
    assert child.endswith(" = 500")


def test_the_projects_own_corpus_is_used_for_the_project(tmp_path: Path) -> None:
    run("init", "shop", "--example", cwd=tmp_path)
    folder = tmp_path / "shop"
    commit(folder)
    policy = (folder / "policy.toon").read_text()
    write(folder, "policy.toon", policy.replace("0.01", "0.02"))

    assert "traces of 300 in the corpus" in run("diff", cwd=folder).out
    assert "in the corpus" not in run("diff", "--corpus", "none", cwd=folder).out


def test_each_environment_is_a_target_and_a_broken_manifest_is_not_passed_over(
    tmp_path: Path,
) -> None:
    manifest = '[environments]\n__default__ = "policy.toon"\nprod = "prod.toon"\n'
    write(tmp_path, "nectar.toml", manifest + "[safety]\nerror = 'error'\n")
    write(tmp_path, "policy.toon", POLICY)
    write(tmp_path, "prod.toon", POLICY)
    commit(tmp_path)
    write(tmp_path, "prod.toon", LESS)

    _, found = diff("HEAD", cwd=tmp_path)
    verdicts = {one["target"]: one["verdict"] for one in found["targets"]}
    errors = [one["errors_kept_no_less"]["error"] for one in found["targets"]]
    write(tmp_path, "nectar.toml", manifest + "x = 1\n")
    broken, said = diff("policy.toon", "prod.toon", cwd=tmp_path)

    assert verdicts == {"__default__": "PROVED", "prod": "REFUTED"}
    assert errors == ["error", "error"]
    assert (broken, said["verdict"]) == (2, None)


def test_what_cannot_be_decided_is_unknown_and_no_success(tmp_path: Path) -> None:
    # More spans than the prover builds: neither a trace nor a proof.
    huge = POLICY.replace("http.status >= 500", "span_count > 3000000")
    write(tmp_path, "a.toon", huge)
    write(tmp_path, "b.toon", huge.replace("keep,10", "drop,10"))

    status, found = diff("a.toon", "b.toon", cwd=tmp_path)

    assert (status, found["verdict"]) == (1, "UNKNOWN")
    assert found["targets"][0]["unknown"]


def test_an_example_can_be_replayed_and_tested(tmp_path: Path) -> None:
    write(tmp_path, "a.toon", POLICY)
    write(tmp_path, "b.toon", LESS)
    (region,) = diff("a.toon", "b.toon", cwd=tmp_path)[1]["targets"][0]["regions"]
    write(tmp_path, "example.jsonl", json.dumps(region["trace"]) + "\n")
    case = "tests[1]:\n  - name: kept\n    expect: errors\n    file: example.jsonl\n"
    write(tmp_path, "tested.toon", LESS + case)

    replayed = [
        json.loads(
            run("replay", name, "--traces", "example.jsonl", "--format", "json", cwd=tmp_path).out
        )["rule"]
        for name in ("a.toon", "b.toon")
    ]

    assert replayed == [region["before"]["rule"], region["after"]["rule"]] == ["errors", "rest"]
    assert run("test", "tested.toon", cwd=tmp_path).status == 1


def test_a_file_on_both_sides_says_its_findings_once(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", POLICY.replace(",keep,5", ",kep,5"))

    status, record = diff("policy.toon", "policy.toon", cwd=tmp_path)

    assert status == 2
    assert len(record["findings"]) == 1

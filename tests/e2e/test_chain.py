"""Every command on real files: what it prints, what it writes, what it says by its status."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.e2e.process import SHOP, run, write
from tests.shared_data import ROOT, SHARED, requires_shared

SEED = (SHOP / "policy.toon").read_text(encoding="utf-8")
TRACE = '{"id":"t1","spans":[{"http.status":503},{"duration_ms":9}],"root":0}\n'
PLAIN = """\
version: 1
name: production-sampling
budget_per_second: 10000
rules[3]{name,description,match,action,priority}:
  keep-errors,Retain all HTTP 5xx errors,http.status >= 500,keep,100
  keep-slow,Retain slow requests,duration > 5s,keep,90
  sample-rest,Sample remaining traffic,true,sample(0.01),0
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert run("init", "shop", "--example", cwd=tmp_path).status == 0
    return tmp_path / "shop"


def test_init_never_overwrites_and_then_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "p/policy.toon", "mine")

    ran = run("init", "p", cwd=tmp_path)

    assert ran.status == 1
    assert "NEC409" in ran.err
    assert [path.name for path in (tmp_path / "p").iterdir()] == ["policy.toon"]
    assert (tmp_path / "p" / "policy.toon").read_text() == "mine"


def test_a_new_project_is_clean(tmp_path: Path) -> None:
    run("init", 'a "name"', cwd=tmp_path)

    ran = run("check", cwd=tmp_path / 'a "name"')

    assert (ran.status, ran.out, ran.err) == (0, "", "no findings in 2 files\n")
    assert run("fmt", "--check", cwd=tmp_path / 'a "name"').status == 0


def test_ingest_counts_what_came_in_and_a_second_time_adds_nothing(tmp_path: Path) -> None:
    first = json.loads(
        run("ingest", SHOP / "corpus", "--into", "c", "--format", "json", cwd=tmp_path).out
    )
    second = json.loads(
        run("ingest", SHOP / "corpus", "--into", "c", "--format", "json", cwd=tmp_path).out
    )

    assert first["traces"] == first["traces_added"] == second["traces"] == 300
    assert (second["traces_added"], second["spans_added"]) == (0, 0)


def test_check_fix_mends_what_has_one_answer_and_says_so(tmp_path: Path) -> None:
    policy = write(tmp_path, "policy.toon", SEED.replace("rules[3]", "rules[7]"))

    ran = run("check", "--fix", cwd=tmp_path)

    assert ran.status == 0
    assert policy.read_text() == SEED
    assert "1 fix applied" in ran.err
    assert run("check", "--fix", cwd=tmp_path).err == "no findings in 1 file\n"


def test_check_fix_never_makes_sense_of_what_was_misread(tmp_path: Path) -> None:
    policy = write(tmp_path, "policy.toon", SEED.replace("> 5s", "> 5 sec"))

    run("check", "--fix", cwd=tmp_path)

    assert "5ms" not in policy.read_text()


def test_check_reads_stdin(tmp_path: Path) -> None:
    ran = run("check", "-", cwd=tmp_path, stdin=SEED.replace("> 5s", "> 5 s").encode())

    assert ran.status == 1
    assert "--> <stdin>:7:" in ran.out


def test_fmt_writes_only_what_changes(tmp_path: Path) -> None:
    ragged = SEED.replace("rules[3]", "rules[2]")
    policy = write(tmp_path, "policy.toon", ragged)

    assert run("fmt", "--check", cwd=tmp_path).status == 1
    assert policy.read_text() == ragged
    assert run("fmt", "-", cwd=tmp_path, stdin=ragged.encode()).out == SEED
    assert run("fmt", cwd=tmp_path).status == 0
    assert policy.read_text() == SEED


def test_the_same_bytes_whatever_the_hash_seed_locale_folder_and_form(tmp_path: Path) -> None:
    seen: set[str] = set()
    for number, (seed, locale, policy) in enumerate(
        [("0", "C", SEED), ("1", "C.UTF-8", SEED), ("77", "POSIX", PLAIN), ("random", "C", PLAIN)]
    ):
        folder = tmp_path / f"place {number}"
        write(folder, "policy.toon", policy)
        environment = {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": f"UTC{number}"}
        ran = run("compile", cwd=folder, environment=environment)
        assert ran.status == 0, ran.err
        rules = (folder / "rules.yaml").read_bytes()
        if policy == SEED:
            rules += (folder / "policy.lock").read_bytes()
            other = run("compile", folder / "policy.toon", cwd=tmp_path, environment=environment)
            assert other.out.encode() == (folder / "rules.yaml").read_bytes()
        seen.add(hashlib.sha256((folder / "rules.yaml").read_bytes()).hexdigest())

    assert len(seen) == 1


def test_the_seed_policy_becomes_what_an_engineer_would_have_written(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SEED)

    run("compile", cwd=tmp_path)

    rules = yaml.safe_load((tmp_path / "rules.yaml").read_text())
    found = rules["Samplers"]["__default__"]["RulesBasedSampler"]["Rules"]
    assert [rule["Name"] for rule in found] == ["keep-errors", "keep-slow", "sample-rest"]
    assert [len(rule.get("Conditions", [])) for rule in found] == [1, 1, 0]
    assert [rule["SampleRate"] for rule in found] == [1, 1, 100]


def test_locked_fails_when_the_lock_would_change_and_writes_nothing(tmp_path: Path) -> None:
    policy = write(tmp_path, "policy.toon", SEED)
    assert run("compile", "--locked", cwd=tmp_path).status == 1
    assert not (tmp_path / "rules.yaml").exists()
    assert run("compile", cwd=tmp_path).status == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert run("compile", "--locked", cwd=tmp_path).status == 0

    policy.write_text(SEED.replace("5s", "6s"))
    ran = run("compile", "--locked", cwd=tmp_path)

    assert ran.status == 1
    assert "NEC410" in ran.err
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {**after, "policy.toon": before["policy.toon"]} == before


def test_verify_tells_edited_rules_a_changed_policy_and_a_foreign_lock(tmp_path: Path) -> None:
    policy = write(tmp_path, "policy.toon", SEED)
    run("compile", cwd=tmp_path)
    rules, lock = tmp_path / "rules.yaml", tmp_path / "policy.lock"
    good_rules, good_lock = rules.read_bytes(), lock.read_bytes()
    assert run("verify", cwd=tmp_path).status == 0
    assert run("verify", rules, cwd=tmp_path.parent).status == 0

    rules.write_bytes(good_rules + b"# a comment resets the samplers\n")
    assert "NEC411" in run("verify", cwd=tmp_path).out
    rules.write_bytes(good_rules)
    policy.write_text(SEED.replace("5s", "6s"))
    ran = run("verify", cwd=tmp_path)
    assert (ran.status, "NEC412" in ran.out) == (1, True)
    policy.write_text(SEED)
    lock.write_text("{}")
    assert "NEC413" in run("verify", cwd=tmp_path).out
    lock.write_bytes(good_lock)
    assert run("verify", cwd=tmp_path).status == 0
    rules.unlink()
    assert run("verify", cwd=tmp_path).status == 2


def test_one_policy_of_several_leaves_the_lock_of_the_project_alone(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SEED)
    write(tmp_path, "eu.toon", SEED.replace("0.01", "0.1"))
    environments = "[environments]\n__default__ = 'policy.toon'\neu = 'eu.toon'\n"
    write(tmp_path, "nectar.toml", environments)
    run("compile", cwd=tmp_path)
    lock = (tmp_path / "policy.lock").read_bytes()
    rules = yaml.safe_load((tmp_path / "rules.yaml").read_text())

    ran = run("compile", "eu.toon", "-o", "eu.yaml", cwd=tmp_path)

    assert sorted(rules["Samplers"]) == ["__default__", "eu"]
    assert ran.status == 0
    assert (tmp_path / "policy.lock").read_bytes() == lock
    assert run("verify", cwd=tmp_path).status == 0


def test_a_policy_elsewhere_has_its_lock_beside_its_rules(tmp_path: Path) -> None:
    policy = write(tmp_path, "a/policy.toon", SEED)
    (tmp_path / "b").mkdir()

    assert run("compile", "a/policy.toon", "-o", "b/rules.yaml", cwd=tmp_path).status == 0

    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == [
        "policy.lock",
        "rules.yaml",
    ]
    assert run("verify", "b/rules.yaml", cwd=tmp_path).status == 0
    policy.write_text(SEED.replace("5s", "6s"))
    assert "NEC412" in run("verify", "b/rules.yaml", cwd=tmp_path).out


def test_compile_reads_stdin(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SEED)

    ran = run("compile", "-", cwd=tmp_path, stdin=PLAIN.encode())

    assert ran.out == run("compile", "policy.toon", cwd=tmp_path).out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["policy.toon"]


def test_the_wrapped_rules_are_the_rules(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SEED)
    rules = run("compile", "policy.toon", cwd=tmp_path).out

    configmap = yaml.safe_load(run("compile", "--emit", "configmap", cwd=tmp_path).out)
    helm = yaml.safe_load(run("compile", "--emit", "helm", cwd=tmp_path).out)
    ir = run("compile", "--emit", "ir", cwd=tmp_path).out

    assert configmap["data"]["rules.yaml"] == rules
    assert helm["rules"] == yaml.safe_load(rules)
    assert ir.startswith('policy "production-sampling"\n')
    assert not (tmp_path / "rules.yaml").exists()


def test_replay_of_a_policy_and_of_its_rules_agree(project: Path) -> None:
    assert run("compile", cwd=project).status == 0

    policy = run("replay", "policy.toon", "--traces", "corpus", "--format", "json", cwd=project)
    rules = run("replay", "rules.yaml", "--traces", "corpus", "--format", "json", cwd=project)

    left = [json.loads(line) for line in policy.out.splitlines()]
    right = [json.loads(line) for line in rules.out.splitlines()]
    assert len(left) == len(right) == 300
    assert {tuple(one) for one in left} == {("trace", "rule", "action", "share")}
    assert {"trace", "rule", "rate", "keep", "reason"} <= set(right[0])
    for mine, theirs in zip(left, right, strict=True):
        assert mine["trace"] == theirs["trace"]
        assert theirs["reason"].endswith(f"/{mine['rule']}")
        assert theirs["rate"] == round(1 / mine["share"])


def test_replay_reads_typed_traces_from_stdin(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SEED)

    ran = run(
        "replay", "policy.toon", "--traces", "-", "--format", "json", cwd=tmp_path,
        stdin=TRACE.encode(),
    )  # fmt: skip

    assert json.loads(ran.out) == {
        "trace": "t1",
        "rule": "keep-errors",
        "action": "keep",
        "share": 1.0,
    }


@requires_shared
def test_replay_of_a_rules_file_that_refinery_refuses_is_status_1(tmp_path: Path) -> None:
    write(tmp_path, "rules.yaml", "RulesVersion: 2\nSamplers:\n  prod: {}\n")
    traces = next((SHARED / "data" / "traces" / "otlp-json").glob("*.json*"))

    ran = run("replay", "rules.yaml", "--traces", traces, cwd=tmp_path)

    assert ran.status == 1
    assert "NEC504" in ran.err


def test_prove_warns_of_otel_errors_names_one_and_the_change_clears_it(project: Path) -> None:
    first = run("prove", "--format", "json", cwd=project)
    found = json.loads(first.out)["findings"]
    warning = next(one for one in found if one["code"] == "NEC455")
    edit = warning["fix"]["edits"][0]
    policy = project / "policy.toon"
    lines = policy.read_text().split("\n")
    row = lines[edit["line"] - 1]
    lines[edit["line"] - 1] = (
        row[: edit["column"] - 1] + edit["text"] + row[edit["end_column"] - 1 :]
    )
    policy.write_text("\n".join(lines))
    second = run("prove", cwd=project)

    assert first.status == 1
    assert "e.g. trace " in warning["why"]
    assert second.status == 0
    assert "NEC455" not in second.out
    assert "PROVED" in second.out


def test_prove_refutes_a_policy_that_loses_errors_with_a_trace(project: Path) -> None:
    policy = project / "policy.toon"
    policy.write_text(SEED.replace(">= 500,keep", ">= 500,sample(0.5)"))

    ran = run("prove", cwd=project)

    assert ran.status == 1
    assert "REFUTED" in ran.out
    assert "Counterexample" in ran.out
    assert "NEC450" in ran.out


def test_explain_in_three_formats_and_of_one_trace(project: Path) -> None:
    text = run("explain", cwd=project)
    markdown = run("explain", "--format", "markdown", cwd=project)
    record = json.loads(run("explain", "--format", "json", cwd=project).out)
    replayed = run("replay", "policy.toon", "--traces", "corpus", cwd=project).out
    trace = next(line.split()[0] for line in replayed.splitlines() if "keep-slow" in line)
    one = run("explain", "--trace", trace[:12], cwd=project)

    assert text.status == markdown.status == one.status == 0
    assert "keep-errors" in text.out
    assert markdown.out.startswith("# production-sampling\n")
    assert sum(rule["traces"] for rule in record["rules"]) == 300
    assert f"Trace {trace}" in one.out
    assert "`keep-slow` decides" in one.out
    assert run("explain", "--trace", "nope", cwd=project).status == 2


def test_doctor_looks_at_the_project(project: Path) -> None:
    ran = run("doctor", "--format", "json", cwd=project)

    found = {one["name"]: one for one in json.loads(ran.out)}
    assert ran.status == 0
    assert found["lark"]["what"] == "1.3.1"
    assert found["corpus"]["what"].endswith("300 traces")
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [re.split("[=<>]", one)[0] for one in pyproject["project"]["dependencies"]]
    assert [name for name in needed if not found[name]["good"]] == []


def test_checking_and_compiling_import_no_heavy_library(tmp_path: Path) -> None:
    write(tmp_path, "policy.toon", SEED)

    for words in (["check"], ["compile"]):
        ran = run(*words, cwd=tmp_path, environment={"PYTHONPROFILEIMPORTTIME": "1"})
        loaded = {line.rsplit("|", 1)[-1].strip() for line in ran.err.splitlines()}
        heavy = {"numpy", "numba", "google.protobuf", "asyncio", "socket", "http", "ssl", "lark"}
        assert ran.status == 0
        assert "nectarc.checking" in loaded
        assert loaded & heavy == set()

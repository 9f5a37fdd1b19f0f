"""`nectarc import` and `init --from` as processes: real rules files, round trips, hostile names."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from textwrap import indent
from typing import Any, Final

import pytest

from nectarc.checking import check_text
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.rules import RulesConfig
from nectarc.source import SourceText
from tests.e2e.process import ROOT, run, write
from tests.shared_data import SHARED, requires_shared

V2: Final = SHARED / "data" / "rules" / "v2"
V1: Final = SHARED / "data" / "rules" / "v1"
REAL: Final = (
    "raas-hnytest_2025-08.yaml",
    "instantdb_04_2024-10-18.yaml",
    "instantdb_11_2025-08-26.yaml",
    "refinery_rules_complete_2026-05.yaml",
    "helm-charts_ci_two-targets.yaml",
)
CLEAN: Final = """\
# Ours.
RulesVersion: 2
Samplers:
  __default__:
    DeterministicSampler:
      SampleRate: 10
  production:
    RulesBasedSampler:
      Rules:
        # Every failed request, whatever it costs.
        - Name: keep errors
          SampleRate: 1
          Conditions:
            - {Field: error, Operator: exists}
        - Name: drop the rest
          Conditions:
            - {Field: op, Operator: starts-with, Value: ":a"}
"""
HOSTILE: Final = """\
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: "keep, \\"all\\" | of:\\nthem # now"
          SampleRate: 1
          Conditions:
            - {Field: op, Operator: =, Value: ":x, 'y' | \\"z\\"\\n# no", Datatype: string}
        - Name: " - true"
          SampleRate: 2
          Conditions:
            - {Field: "a b`c", Operator: exists}
        - Name: 日本
          SampleRate: 3
  "../p, \\"q\\" = 1\\n":
    DeterministicSampler: {SampleRate: 2}
  "[x]":
    DeterministicSampler: {SampleRate: 3}
"""


def imported(*words: str | Path, cwd: Path, stdin: bytes = b"") -> tuple[int, dict[str, Any]]:
    ran = run("import", *words, "--format", "json", cwd=cwd, stdin=stdin)
    return ran.status, json.loads(ran.out)


def policies_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.toon")}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return write(tmp_path, "in/rules.yaml", CLEAN)


def rules_count(path: Path) -> int:
    rules = read_rules_files([(path.name, path.read_bytes())]).loaded.rules
    assert rules is not None
    return sum(
        len(one.rules) if isinstance(one, RulesConfig) else 1 for one in rules.samplers.values()
    )


@requires_shared
@pytest.mark.parametrize("name", REAL)
def test_import_compile_and_import_again_agree(tmp_path: Path, name: str) -> None:
    original = V2 / name

    status, said = imported(original, "-o", "p", cwd=tmp_path)

    assert status == 0
    assert {one["proof"] for one in said["targets"]} == {"proven"}
    project = tmp_path / "p"
    # What `check` says of a policy is about what the rules ask, too; no error may be among it.
    assert "error[" not in run("check", cwd=project).out
    assert run("fmt", "--check", cwd=project).status == 0
    assert run("compile", cwd=project).status == 0
    if not any(one["assumptions"] for one in said["targets"]):
        assert run("diff", original, project / "rules.yaml", cwd=tmp_path).status == 0
    added = sum(text.count(",true,keep,0") for text in policies_in(project).values())
    assert rules_count(project / "rules.yaml") <= rules_count(original) + added
    assert run("import", project / "rules.yaml", "-o", "q", cwd=tmp_path).status == 0
    assert _said(tmp_path / "q") == _said(project)


def _said(folder: Path) -> dict[str, list[object]]:
    """Return what policies say, without what rules cannot carry: descriptions and comments."""
    found: dict[str, list[object]] = {}
    for name, text in policies_in(folder).items():
        written = check_text(SourceText.of(name, text)).written
        assert written is not None
        found[name] = [(row.name, row.match, row.action, row.priority) for row in written.rules]
        found[name] += written.fields
    return found


def test_one_policy_goes_to_stdout_as_it_is(tmp_path: Path) -> None:
    ran = run("import", "-", "--target", "production", cwd=tmp_path, stdin=CLEAN.encode())

    assert ran.status == 0
    assert ran.out == (
        "# Ours.\n"
        "version: 1\n"
        "name: production\n"
        "rules[3]{name,description,match,action,priority}:\n"
        '  keep errors,"Every failed request, whatever it costs.",exists(error),keep,100\n'
        "  drop the rest,,\"op starts_with ':a'\",drop,90\n"
        "  keep-the-rest,,true,keep,0\n"
    )
    assert "PROVED: decides as the file for every trace" in ran.err
    assert "NEC592" in ran.err
    assert "NEC520" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_the_page_shows_what_import_writes(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    (target,) = re.findall(r"^```yaml\n(production:.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (policy,) = re.findall(r"^```toon\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    text = CLEAN.partition("  production:")[0] + indent(target, "  ")

    ran = run("import", "-", "--target", "production", cwd=tmp_path, stdin=text.encode())

    assert ran.out == "# Ours.\n" + policy
    (said,) = re.findall(r"^  PROVED: .*\n.*\n", page, re.MULTILINE)
    assert said in ran.err


def test_several_policies_are_told_apart_on_stdout(tmp_path: Path) -> None:
    ran = run("import", "-", cwd=tmp_path, stdin=CLEAN.encode())

    assert ran.status == 0
    assert ran.out.startswith("# --- __default__: policy.toon ---\nversion: 1\n")
    assert "\n# --- production: production.toon ---\nversion: 1\n" in ran.out


def test_nothing_is_ever_overwritten(tmp_path: Path, rules: Path) -> None:
    write(tmp_path, "p/policy.toon", "mine")

    ran = run("import", rules, "-o", "p", cwd=tmp_path)

    assert ran.status == 1
    assert "NEC409" in ran.err
    assert policies_in(tmp_path / "p") == {"policy.toon": "mine"}


def test_hostile_names_and_values_come_through(tmp_path: Path) -> None:
    original = write(tmp_path, "rules.yaml", HOSTILE)

    status, said = imported(original, "-o", "p", cwd=tmp_path)

    assert [one["proof"] for one in said["targets"]] == ["proven"] * 3
    assert status == 0
    manifest = tomllib.loads((tmp_path / "p" / "nectar.toml").read_text(encoding="utf-8"))
    assert list(manifest["environments"]) == ["__default__", '../p, "q" = 1\n', "[x]"]
    assert sorted(policies_in(tmp_path / "p")) == ["p-q-1.toon", "policy.toon", "x.toon"]
    assert run("compile", cwd=tmp_path / "p").status == 0
    assert run("diff", original, "p/rules.yaml", cwd=tmp_path).status == 0


def test_a_target_that_ends_the_process_is_left_out_and_named(tmp_path: Path) -> None:
    text = CLEAN + "  staging: {}\n"

    ran = run("import", "-", "-o", "p", cwd=tmp_path, stdin=text.encode())

    assert ran.status == 1
    assert "NEC595" in ran.err
    assert "`staging`" in ran.err
    assert sorted(policies_in(tmp_path / "p")) == ["policy.toon", "production.toon"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nothere.yaml"], "NEC400"),
        (["-", "-"], "stdin can be read once only"),
        (["-", "--target", "prod"], "has no target `prod`"),
        (["-", "--target", "production", "-o", "p"], "leave out `--target`, or `-o`"),
    ],
    ids=["missing", "stdin twice", "no target", "half a project"],
)
def test_wrong_use_is_status_2(tmp_path: Path, words: list[str], expected: str) -> None:
    ran = run("import", *words, cwd=tmp_path, stdin=CLEAN.encode())

    assert ran.status == 2
    assert expected in ran.err
    assert ran.out == ""
    assert list(tmp_path.iterdir()) == []


def test_rules_that_refinery_refuses_are_status_2_with_its_reasons(tmp_path: Path) -> None:
    status, said = imported("-", "-o", "p", cwd=tmp_path, stdin=b"RulesVersion: 3\n")

    assert status == 2
    assert {one["code"] for one in said["findings"]} >= {"NEC503", "NEC504"}
    assert said["written"] == []
    assert list(tmp_path.iterdir()) == []


def test_several_files_are_merged_as_refinery_does(tmp_path: Path, rules: Path) -> None:
    more = (
        "RulesVersion: 2\nSamplers:\n  # Ours.\n  eu:\n    DeterministicSampler: {SampleRate: 7}\n"
    )
    second = write(tmp_path, "eu.yaml", more)

    status, said = imported(rules, second, cwd=tmp_path)

    assert status == 0
    assert [one["target"] for one in said["targets"]] == ["__default__", "production", "eu"]
    assert said["targets"][2]["policy"].startswith("# Ours.\nversion: 1\nname: eu\n")


@requires_shared
def test_rules_of_refinery_1_are_imported_with_what_changed(tmp_path: Path) -> None:
    ran = run("init", "p", "--from", V1 / "refinery_rules_1x_default.toml", cwd=tmp_path)

    assert ran.status in {0, 1}
    assert "NEC59" in ran.err
    kept = sorted(path.name for path in (tmp_path / "p" / "imported").iterdir())
    assert kept == ["refinery_rules_1x_default-version-2.yaml", "refinery_rules_1x_default.toml"]
    assert run("compile", cwd=tmp_path / "p").status == 0


GUARDED: Final = """\
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
        - Name: seldom
          SampleRate: 7
          Conditions:
            - {Field: @FIELD@, Operator: "<", Value: 9@DATATYPE@}
"""


@pytest.mark.parametrize(
    ("field", "datatype", "words"),
    [
        ("duration_ms", "", " --assume types,no-null,no-nan"),
        ("my.count", "", None),  # no convention gives it a type, and rules declare none
        ("duration_ms", ", Datatype: int", None),  # whole numbers only
    ],
)
def test_the_comparison_that_import_names_proves_them_equal(
    tmp_path: Path, field: str, datatype: str, words: str | None
) -> None:
    rules = GUARDED.replace("@FIELD@", field).replace("@DATATYPE@", datatype)
    write(tmp_path, "rules.yaml", rules)

    ran = run("import", "rules.yaml", "-o", "p", cwd=tmp_path)

    assert run("compile", cwd=tmp_path / "p").status == 0
    named = [line.split() for line in ran.err.splitlines() if line.startswith("  nectarc diff ")]
    if words is None:
        assert not named
        assert "was proven above, under assumptions that `nectarc diff`" in ran.err
        return
    assert named == [["nectarc", "diff", "rules.yaml", "p/rules.yaml", *words.split()]]
    assert run(*named[0][1:], cwd=tmp_path).status == 0
    assert run(*named[0][1:4], cwd=tmp_path).status == 1


def test_init_from_rules_is_a_project_that_works(tmp_path: Path, rules: Path) -> None:
    ran = run("init", "p", "--from", rules, cwd=tmp_path)

    assert ran.status == 0
    project = tmp_path / "p"
    assert (project / "imported" / "rules.yaml").read_text(encoding="utf-8") == CLEAN
    assert (project / "Makefile").exists()
    assert "# Ours.\n" in (project / "nectar.toml").read_text(encoding="utf-8")
    assert run("fmt", "--check", cwd=project).status == 0
    assert run("check", cwd=project).status == 0
    assert run("compile", cwd=project).status == 0
    assert "nectarc diff imported/rules.yaml rules.yaml" in ran.err
    assert run("diff", "imported/rules.yaml", "rules.yaml", cwd=project).status == 0
    assert "PROVED" in run("prove", cwd=project).out


def test_init_from_rules_writes_all_or_nothing(tmp_path: Path, rules: Path) -> None:
    write(tmp_path, "p/Makefile", "mine")

    ran = run("init", "p", "--from", rules, cwd=tmp_path)

    assert ran.status == 1
    assert [path.name for path in (tmp_path / "p").iterdir()] == ["Makefile"]
    assert run("init", "q", "--from", "nothere.yaml", cwd=tmp_path).status == 2
    assert run("init", "q", "--from", rules, "--example", cwd=tmp_path).status == 2
    assert not (tmp_path / "q").exists()


def test_what_was_written_before_a_file_that_cannot_be_is_gone_again(tmp_path: Path) -> None:
    write(tmp_path, "p/corpus", "a file where a folder belongs")

    ran = run("init", "p", cwd=tmp_path)

    assert ran.status == 2
    assert "NEC403" in ran.err
    assert [path.name for path in (tmp_path / "p").iterdir()] == ["corpus"]


@pytest.mark.parametrize(
    ("conditions", "note"),
    [
        ("{Field: a, Operator: matches, Value: x}, {Field: b, Operator: exists}", ""),
        (
            "{Field: a, Operator: matches, Value: nil}, {Field: b, Operator: exists}",
            "makes 3 rules",
        ),
    ],
)
def test_more_rules_than_the_file_has_are_announced(
    tmp_path: Path, conditions: str, note: str
) -> None:
    (tmp_path / "rules.yaml").write_text(
        "RulesVersion: 2\nSamplers:\n  __default__:\n    RulesBasedSampler:\n      Rules:\n"
        f"        - {{Name: one, SampleRate: 5, Scope: span, Conditions: [{conditions}]}}\n"
        "        - {Name: rest, SampleRate: 10}\n",
        encoding="utf-8",
    )

    imported = run("import", "rules.yaml", "-o", "made", cwd=tmp_path)
    compiled = run("compile", cwd=tmp_path / "made")

    assert (imported.status, compiled.status) == (0, 0)
    assert ("`nectarc compile` makes" in imported.err) is bool(note)
    assert note in imported.err
    rules = (tmp_path / "made" / "rules.yaml").read_text(encoding="utf-8")
    assert rules.count("- Name:") == (3 if note else 2)

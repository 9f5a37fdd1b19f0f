"""File names, manifests and words of an import."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nectarc.importing.author_comments import Commented
from nectarc.importing.describing import assumption_words, proof_words, rules_words
from nectarc.importing.project import (
    PROVEN,
    compiles_to,
    manifest_text,
    policy_files,
    toml_text,
    write_policies,
)
from nectarc.importing.records import ImportAssumption, ImportedRule, ImportedTarget, WrittenPolicy
from nectarc.manifest import read_manifest
from nectarc.refinery.rules import DeterministicConfig, Rule, RulesConfig
from nectarc.source import SourceText

OP = ImportAssumption(kind="types", field="op", type="string", rules=("a",))


def imported(name: str, match: str = "op == 'x'") -> ImportedTarget:
    rules = (
        ImportedRule(name="a", match=match, action="keep", origin=0),
        ImportedRule(name="rest", match="true", action="keep", origin=None),
    )
    sampler = RulesConfig(rules=(Rule(name="a", sample_rate=1), Rule(name="dead", sample_rate=2)))
    return ImportedTarget(target=name, sampler=sampler, rules=rules, assumptions=(OP,))


def written(*names: str, match: str = "op == 'x'") -> tuple[WrittenPolicy, ...]:
    targets = tuple(imported(name, match) for name in names)
    return write_policies(
        Commented(targets=targets, kept={}, of_file=("Ours.",)), lambda _text, _target: (PROVEN, "")
    )


def test_the_only_policy_gets_the_comments_of_the_file() -> None:
    (policy,) = written("prod")

    assert policy.file == "policy.toon"
    assert policy.text.startswith("# Ours.\nversion: 1\n")


def test_of_several_policies_the_manifest_gets_them() -> None:
    policies = written("__default__", "prod")

    manifest = manifest_text("shop", "rules.yaml", policies, ("types",), ("Ours.",))

    assert [policy.file for policy in policies] == ["policy.toon", "prod.toon"]
    assert "Ours" not in policies[0].text
    assert "\n# Ours.\n" in manifest
    assert "#   - `op` is text wherever a span has it (for `a`)\n" in manifest


@pytest.mark.parametrize(
    ("target", "file"),
    [
        ("prod", "prod.toon"),
        ("policy", "policy-2.toon"),
        ("../../etc/passwd", "etc-passwd.toon"),
        ("a b/c", "a-b-c.toon"),
        ("v1.2", "v1.2.toon"),
        ("con", "con-2.toon"),
        ("con.x", "con-x-2.toon"),
        ("日本", "target.toon"),
        (".hidden", "hidden.toon"),
        ("", "target.toon"),
        ("x" * 300, "x" * 60 + ".toon"),
    ],
)
def test_names_of_targets_make_safe_names_of_files(target: str, file: str) -> None:
    assert policy_files(["__default__", target])[target] == file


NAMES = st.lists(st.text(max_size=8) | st.sampled_from(["A", "a", "a ", "-a", "con"]), unique=True)


@given(NAMES)
def test_no_two_targets_share_a_file_whatever_the_case(names: list[str]) -> None:
    files = policy_files(names)

    assert len({file.lower() for file in files.values()}) == len(names)
    assert all("/" not in file and not file.startswith(".") for file in files.values())


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=5))
def test_any_names_make_a_manifest_that_reads_back(target: str, name: str) -> None:
    policy = WrittenPolicy(target=target, file="policy.toon", text="", proof=PROVEN)

    text = manifest_text(name, f"rules\n{target}.yaml", [policy], ())

    assert tomllib.loads(text)["environments"] == {target: "policy.toon"}


def test_the_manifest_has_no_mistakes() -> None:
    text = manifest_text("shop", "rules.yaml", written("__default__", "a b"), ("types",))

    project, found = read_manifest(SourceText.of("nectar.toml", text))

    assert found == ()
    assert project is not None
    assert [one.target for one in project.environments] == ["__default__", "a b"]
    assert project.assume == ("types",)


def test_a_surrogate_alone_is_no_toml() -> None:
    assert tomllib.loads("a = " + toml_text("\ud800\n"))["a"] == "�\n"


def test_the_fewest_assumptions_that_make_few_rules_are_chosen() -> None:
    plain = compiles_to(written("prod"))

    assert plain.assume == ("types",)
    assert plain.rules == 2


def test_what_cannot_be_compiled_has_no_count() -> None:
    assert compiles_to(written("prod", match="error ==")).rules is None


def test_assumptions_of_a_kind_are_one_line() -> None:
    found = assumption_words(
        [
            OP,
            ImportAssumption(kind="types", field="code", type="int", rules=("a", "b")),
            ImportAssumption(kind="types", field="ms", type="float", rules=("b",)),
            ImportAssumption(kind="whole", field="n"),
            ImportAssumption(kind="types", field="n", type="int"),
            ImportAssumption(kind="types", field="s", type="string"),
            ImportAssumption(kind="no-null", field="s", rules=("c",)),
            ImportAssumption(kind="no-nan", field="x"),
            ImportAssumption(kind="flat"),
            ImportAssumption(kind="parent-ids", field="trace.parent_id"),
            ImportAssumption(kind="not-sent", field="meta.x", rules=("a",)),
        ]
    )

    assert found == (
        "`op` is text wherever a span has it (for `a`)",
        "`code` and `ms` are numbers wherever a span has them (for `a` and `b`)",
        "`n` is a whole number wherever a span has it",
        "`s` is text and never null wherever a span has it (for `c`)",
        "`x` is never NaN wherever a span has it",
        "no field holds a map (`CheckNestedFields` would look into it)",
        "`trace.parent_id` is there on exactly the spans that have a parent, as OTLP senders do",
        "`meta.x` is not sent by anybody: Refinery makes it after deciding (for `a`)",
    )


def test_verdicts_in_words() -> None:
    assert rules_words(imported("prod")) == "2 rules -> 2 policy rules"
    sole = ImportedTarget(target="x", sampler=DeterministicConfig(sample_rate=2), rules=())
    assert rules_words(sole) == "DeterministicSampler -> 0 policy rules"
    assert proof_words("proven", ()) == "PROVED: decides as the file for every trace"
    assert proof_words("proven", (OP,)).endswith("for every trace in which")
    assert proof_words("unknown", (), "too large") == "UNKNOWN: too large"

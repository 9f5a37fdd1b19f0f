"""Rules as YAML: what is written is read back the same, and the bytes do not vary."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.diagnostic import InternalError
from nectarc.refinery.emit import emit_rule, emit_rules
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import (
    Condition,
    ConfigValue,
    DeterministicConfig,
    DynamicConfig,
    EmptySampler,
    Rule,
    RulesConfig,
    RulesFile,
)


def _file(*rules: Rule) -> RulesFile:
    return RulesFile(samplers={"__default__": RulesConfig(rules=rules)})


def test_a_rule_reads_as_people_write_it() -> None:
    rule = Rule(
        name="keep [1/2]",
        scope="span",
        sample_rate=1,
        conditions=(
            Condition(fields=("a", "b c"), operator=">=", value=500, datatype="float"),
            Condition(field="name", operator="in", value=("x", "yes", "it's"), datatype="string"),
            Condition(operator="has-root-span", value=True),
        ),
    )

    assert emit_rule(rule) == (
        "- Name: 'keep [1/2]'\n"
        "  Scope: span\n"
        "  SampleRate: 1\n"
        "  Conditions:\n"
        "    - Fields:\n"
        "        - a\n"
        "        - 'b c'\n"
        "      Operator: '>='\n"
        "      Value: 500\n"
        "      Datatype: float\n"
        "    - Field: name\n"
        "      Operator: in\n"
        "      Value:\n"
        "        - x\n"
        "        - 'yes'\n"
        "        - 'it''s'\n"
        "      Datatype: string\n"
        "    - Operator: has-root-span\n"
        "      Value: true\n"
    )


_SCALARS: st.SearchStrategy[ConfigValue] = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(
        ["1", "1.0", "0x1", "true", "null", "~", "2024-01-01", "=", "<<", "- a", "a: b", "#", "",
         " a ", "1e3", "0o7", "1_000", ".inf", "\u2028", "\x85", "\ufeff", "a\nb", "\t", "!x", "&a",
         "*a", "?", "[a]", "{a}", "%a", "@a", "`a`", "30s", "1m", "y", "n", "e1", "08", "12:30"]
    ),
)  # fmt: skip


@given(_SCALARS, st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(max_examples=300, deadline=None)
def test_any_value_and_any_name_are_read_back(value: ConfigValue, name: str) -> None:
    rule = Rule(
        name=name,
        sample_rate=1,
        conditions=(Condition(field=name, operator="=", value=value),),
    )

    loaded = load_rules(emit_rules(_file(rule)), file="rules.yaml")

    assert loaded.rules is not None, (loaded.errors, emit_rule(rule))
    sampler = loaded.rules.samplers["__default__"]
    assert isinstance(sampler, RulesConfig)
    found = sampler.rules[0]
    assert found is not None
    assert found.name == name
    assert found.conditions is not None
    assert found.conditions[0] is not None
    read = found.conditions[0].value
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e6, "1000000.0"), (1e22, "1.0e+22"), (5e-324, "5.0e-324"), (math.inf, ".inf")],
)
def test_a_float_never_reads_as_an_int(value: float, text: str) -> None:
    rule = Rule(name="r", sample_rate=1, conditions=(Condition(field="f", value=value),))

    assert f"Value: {text}\n" in emit_rule(rule)


def test_each_kind_of_target_is_written() -> None:
    file = RulesFile(
        samplers={
            "__default__": DeterministicConfig(sample_rate=10),
            "on": DynamicConfig(
                kind="EMADynamicSampler",
                parameters=(("GoalSampleRate", 10), ("AdjustmentInterval", "30s")),
                field_list=("root.x",),
            ),
            "prod eu": RulesConfig(rules=(Rule(name="all", drop=True),), check_nested_fields=True),
        }
    )

    loaded = load_rules(emit_rules(file), file="rules.yaml")

    assert loaded.rules == file
    assert list(loaded.rules.samplers) == ["__default__", "on", "prod eu"]


@pytest.mark.parametrize(
    "sampler", [EmptySampler(), RulesConfig(rules=(None,))], ids=["empty", "null rule"]
)
def test_what_ends_refinerys_process_is_never_written(sampler: EmptySampler | RulesConfig) -> None:
    with pytest.raises(InternalError):
        emit_rules(RulesFile(samplers={"__default__": sampler}))

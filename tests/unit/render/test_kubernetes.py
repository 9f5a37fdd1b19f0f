from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nectarc.refinery.emit import emit_rules
from nectarc.refinery.rules import Condition, Rule, RulesConfig, RulesFile
from nectarc.render.kubernetes import render_configmap, render_helm_values


def _rules(name: str, value: str) -> str:
    condition = Condition(field="f", operator="=", value=value, datatype="string")
    rule = Rule(name=name, sample_rate=1, conditions=(condition,))
    return emit_rules(RulesFile(samplers={"__default__": RulesConfig(rules=(rule,))}))


@given(name=st.text(), value=st.text())
def test_the_configmap_holds_the_rules_byte_for_byte(name: str, value: str) -> None:
    rules = _rules(name, value)

    assert yaml.safe_load(render_configmap(rules))["data"]["rules.yaml"] == rules


@pytest.mark.parametrize("value", ["a\u2028b", "  padded", "x: y # no comment", "é\n", "yes"])
def test_the_chart_gets_the_same_values(value: str) -> None:
    rules = _rules(value, value)

    assert yaml.safe_load(render_helm_values(rules))["rules"] == yaml.safe_load(rules)

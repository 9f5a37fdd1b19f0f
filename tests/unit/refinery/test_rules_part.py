"""Rules inside Helm values and ConfigMaps, and files that hold none."""

from __future__ import annotations

import pytest

from nectarc.ir.nodes import Constant as Always
from nectarc.ir.nodes import Keep, Policy, Rule
from nectarc.pipeline import CompileOptions, lower_policy
from nectarc.refinery.emit import emit_rules
from nectarc.refinery.rules import RulesFile
from nectarc.refinery.rules_part import load_rules_or_part
from nectarc.render.kubernetes import render_configmap, render_helm_values

POLICY = Policy(name="p", rules=(Rule(name="all", match=Always(True), action=Keep()),))


def rules_text() -> str:
    lowered = lower_policy(POLICY, CompileOptions()).lowered
    assert lowered is not None
    return emit_rules(RulesFile(samplers={"__default__": lowered.sampler}))


@pytest.mark.parametrize(
    "wrapped",
    [
        rules_text(),
        render_helm_values(rules_text()),
        render_configmap(rules_text()),
        "rules: |\n" + "".join(f"  {line}\n" for line in rules_text().splitlines()),
        "replicaCount: 3\n" + render_helm_values(rules_text()),
    ],
    ids=["rules", "helm", "configmap", "text in helm", "other values beside"],
)
def test_the_rules_are_read_wherever_they_stand(wrapped: str) -> None:
    plain = load_rules_or_part(rules_text().encode(), "yaml", "rules.yaml")

    found = load_rules_or_part(wrapped.encode(), "yaml", "values.yaml")

    assert found.rules is not None
    assert plain.rules is not None
    assert found.rules.samplers == plain.rules.samplers


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n",
        "rules: 5\n",
        "data: {x.yaml: y}\n",
        "- 1\n",
        "",
        "rules: {Samplers: {}}\n",
        ":\n\t",
    ],
)
def test_what_holds_no_rules_is_refused_as_refinery_refuses_it(text: str) -> None:
    found = load_rules_or_part(text.encode(), "yaml", "values.yaml")

    assert found.rules is None
    assert found.diagnostics


def test_a_mistake_is_shown_where_it_stands_in_the_larger_file() -> None:
    text = "x: 1\n" + render_helm_values(rules_text()).replace("SampleRate", "SmapleRate")

    (found,) = load_rules_or_part(text.encode(), "yaml", "values.yaml").diagnostics

    assert found.source.file == "values.yaml"
    assert text[found.source.start : found.source.end].startswith("SmapleRate")

"""Files that hold no rules: what they seem to be, and the command that reads them."""

from __future__ import annotations

import pytest

from nectarc.refinery.inputs import read_rules_files
from tests.shared_data import SHARED, requires_shared

COLLECTOR = "receivers: {}\nprocessors: {tail_sampling: {policies: []}}\nservice: {}\n"


@pytest.mark.parametrize(
    ("name", "text", "code", "says"),
    [
        ("otel.yaml", COLLECTOR, "NEC542", "OpenTelemetry collector"),
        ("values.yaml", "a:\n  b:\n    - tail_sampling: {}\n", "NEC542", "OpenTelemetry collector"),
        ("values.yaml", "a: {b: {tailSampling: {}}}\n", "NEC542", "OpenTelemetry collector"),
        (
            "cm.yaml",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  otel.yaml: |\n    " + COLLECTOR,
            "NEC542",
            "OpenTelemetry collector",
        ),
        ("policy.toon", "nectar_policy{version}:\n  1\n", "NEC542", "policy of nectarc"),
        ("<stdin>", "nectar_policy{version}:\n  1\n", "NEC542", "policy of nectarc"),
        ("nectar.toml", '[project]\nname = "x"\n', "NEC542", "project of nectarc"),
        ("a/nectar.toml", "", "NEC542", "project of nectarc"),
        ("refinery.yaml", "General:\n  ConfigurationVersion: 2\n", "NEC542", "main configuration"),
        (
            "refinery.toml",
            'ListenAddr = "0.0.0.0:80"\nAPIKeys = ["*"]\n',
            "NEC542",
            "configuration of Refinery 1",
        ),
        ("values.yaml", "config: {Traces: {SendDelay: 1s}}\n", "NEC542", "without `rules`"),
        ("traces.json", '{"resourceSpans": []}', "NEC542", "traces as OTLP"),
        ("d.yaml", "apiVersion: apps/v1\nkind: Deployment\n", "NEC542", "Kubernetes `Deployment`"),
        ("v1.toml", 'Sampler = "DynamicSampler"\n', "NEC543", "Refinery 1"),
        ("v1.yaml", "Sampler: RulesBasedSampler\n", "NEC543", "Refinery 1"),
        ("v1.yaml", "dataset1:\n  sampler: DeterministicSampler\n", "NEC543", "Refinery 1"),
        ("v1.yaml", "SamplerConfig: {}\n", "NEC543", "Refinery 1"),
        ("v1.yaml", "rules:\n  Sampler: DeterministicSampler\n", "NEC543", "Refinery 1"),
        (
            "v1.yaml",
            "data:\n  rules.yaml: |\n    Sampler: DeterministicSampler\n",
            "NEC543",
            "Refinery 1",
        ),
        ("t.yaml", "{{ if .Values.a }}\nRulesVersion: 2\n{{ end }}\n", "NEC540", "template"),
        ("t.yaml", "RulesVersion: {{ .Values.v }}\n", "NEC540", "template"),
        ("t.toml", "[${DATASET}]\nSampleRate = 1\n", "NEC540", "template"),
        (
            "t.yaml",
            "kind: ConfigMap\ndata:\n  rules.yaml: |\n    RulesVersion: {{ 2 }}\n",
            "NEC540",
            "template",
        ),
    ],
)
def test_a_file_without_rules_is_known(name: str, text: str, code: str, says: str) -> None:
    found = read_rules_files([(name, text.encode())])

    (one,) = found.loaded.diagnostics
    assert one.code == code
    assert says in one.headline
    assert one.help
    assert found.parts[0].form == ("Refinery 1" if code == "NEC543" else "")
    assert 0 <= one.source.start <= one.source.end <= max(len(text), 1)


@pytest.mark.parametrize(
    "text",
    [
        "RulesVersion: 2\nSamplers: {__default__: {DynamicSampler: }}\nSampler: DynamicSampler\n",
        "RulesVersion: 2\nSamplers: {}\nprocessors: {}\nservice: {}\n",
        "RulesVersion: 2\nSamplers: {'{{a}}': {RulesBasedSampler: {}}}\n",
        "Samplers: {}\n",
        "a: [\n",
        "a: 1\n",
        "Sampler: mine\n",
    ],
)
def test_rules_with_mistakes_are_still_rules(text: str) -> None:
    found = read_rules_files([("rules.yaml", text.encode())])

    codes = {one.code for one in (*found.findings, *found.loaded.diagnostics)}
    assert codes.isdisjoint({"NEC540", "NEC542", "NEC543"})


def test_an_expression_of_helm_is_underlined_whole() -> None:
    text = "RulesVersion: 2\nSamplers:\n  a: {{ .Values.x }} # {{ later }}\n"

    (one,) = read_rules_files([("r.yaml", text.encode())]).loaded.diagnostics

    assert text[one.source.start : one.source.end] == "{{ .Values.x }}"


@requires_shared
@pytest.mark.parametrize("folder", ["rules/v1", "tailsampling"])
def test_real_files_of_other_kinds_are_known(folder: str) -> None:
    unknown = []
    for path in sorted((SHARED / "data" / folder).iterdir()):
        found = read_rules_files([(path.name, path.read_bytes())]).loaded
        assert found.rules is None
        if found.diagnostics[0].code not in {"NEC540", "NEC542", "NEC543"}:
            unknown.append(path.name)

    # The first breaks off at a tab, the second holds comments only.
    known = {"helm-charts_2022-05_tabs.yaml", "refinery_rules_1x_default.toml"}
    assert set(unknown) <= known

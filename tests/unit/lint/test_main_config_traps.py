"""What the main configuration tells about rules, and what it does not."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.lint.main_config_traps import config_findings
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import locate
from nectarc.refinery.read_main_config import read_main_config
from nectarc.source import SourceText


def findings(config: str, condition: str | None = None) -> tuple[Diagnostic, ...]:
    read, problems = read_main_config(SourceText.of("refinery.yaml", config))
    assert read is not None
    assert problems == ()
    if condition is None:
        return config_findings(read, None)
    rules = f"[{{SampleRate: 1, Conditions: [{condition}]}}]"
    target = f"{{__default__: {{RulesBasedSampler: {{Rules: {rules}}}}}}}"
    text = f"RulesVersion: 2\nSamplers: {target}\n"
    loaded = load_rules(text, file="rules.yaml")
    assert loaded.rules is not None, loaded.diagnostics
    assert loaded.tree is not None
    return config_findings(read, locate(loaded.rules, loaded.tree))


@pytest.mark.parametrize(
    ("config", "severity", "says", "at"),
    [
        ("Debugging: {DryRun: true}\n", Severity.HINT, "keeps every trace", "true"),
        ("StressRelief: {Mode: always}\n", Severity.WARNING, "1 trace in 100", "always"),
        (
            "StressRelief: {Mode: always, SamplingRate: 1}\n",
            Severity.WARNING,
            "all traces are kept",
            "always",
        ),
        (
            "StressRelief: {Mode: monitor, SamplingRate: 7}\n",
            Severity.HINT,
            "1 trace in 7",
            "monitor",
        ),
        (
            "StressRelief: {Mode: monitor, SamplingRate: '${RATE}'}\n",
            Severity.HINT,
            "some traces",
            "monitor",
        ),
        ("StressRelief: {Mode: on}\n", Severity.WARNING, "it never starts", "on"),
        ("StressRelief: {Mode: Always}\n", Severity.WARNING, "it never starts", "Always"),
    ],
)
def test_a_mode_that_passes_the_rules_by(
    config: str, severity: Severity, says: str, at: str
) -> None:
    (one,) = findings(config)

    assert (one.code, one.severity) == ("NEC518", severity)
    assert says in one.headline
    assert config[one.source.start : one.source.end] == at


@pytest.mark.parametrize(
    "config",
    [
        "General: {}\n",
        "Debugging: {DryRun: false}\n",
        "Debugging: {DryRun: '${DRY}'}\n",
        "StressRelief: {Mode: never}\n",
        "StressRelief: {Mode: '${MODE}', SamplingRate: 5}\n",
        "Traces: {SendDelay: 3s}\n",
        "Traces: {TraceTimeout: 1s}\n",
        "Traces: {SendDelay: 90s, TraceTimeout: '${TIMEOUT}'}\n",
    ],
)
def test_an_ordinary_configuration_has_no_findings(config: str) -> None:
    assert findings(config) == ()


def test_a_delay_that_is_never_reached() -> None:
    (one,) = findings("Traces: {SendDelay: 60s}\n")

    assert one.code == "NEC519"
    assert "`SendDelay` (60s)" in one.headline


@pytest.mark.parametrize(
    ("condition", "config", "count"),
    [
        ("{Field: duration_ms, Operator: '>', Value: 60000}", "General: {}", 1),
        ("{Field: root.duration_ms, Operator: '>=', Value: 90000.5}", "General: {}", 1),
        ("{Fields: [x, duration_ms], Operator: '>', Value: 90000}", "General: {}", 1),
        ("{Field: duration_ms, Operator: '>', Value: 59999}", "General: {}", 0),
        ("{Field: duration_ms, Operator: '<', Value: 90000}", "General: {}", 0),
        ("{Field: duration_ms, Operator: '=', Value: true}", "General: {}", 0),
        ("{Field: duration_ms, Operator: '>', Value: '90000'}", "General: {}", 0),
        ("{Field: other_ms, Operator: '>', Value: 90000}", "General: {}", 0),
        ("{Field: duration_ms, Operator: '>', Value: .nan}", "General: {}", 0),
        ("{Field: duration_ms, Operator: '>', Value: 90000}", "Traces: {TraceTimeout: 2m}", 0),
        ("{Field: duration_ms, Operator: '>', Value: 90000}", "Traces: {TraceTimeout: '${T}'}", 0),
        ("null", "General: {}", 0),
    ],
)
def test_a_duration_beyond_the_timeout(condition: str, config: str, count: int) -> None:
    found = findings(config, condition)

    assert [one.code for one in found] == ["NEC519"] * count
    assert all(one.source.file == "rules.yaml" for one in found)


def test_the_timeout_is_shown_where_it_is_set() -> None:
    condition = "{Field: duration_ms, Operator: '>', Value: 5000}"

    (one,) = findings("Traces: {TraceTimeout: 4s}\n", condition)

    assert [label.source.file for label in one.related] == ["refinery.yaml"]
    assert "4s" in one.headline

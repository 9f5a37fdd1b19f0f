"""Refinery's main configuration: what of it is read, with defaults, and what is wrong in it."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Diagnostic
from nectarc.refinery.main_config import MainConfig
from nectarc.refinery.read_main_config import read_main_config
from nectarc.refinery.releases import FIRST_RELEASE, RELEASES
from nectarc.source import SourceText

WHOLE = """General:
  ConfigurationVersion: 2
  DatasetPrefix: classic
Network:
  ListenAddr: 0.0.0.0:8080
Traces:
  SendDelay: 3s
  TraceTimeout: 1m30s
  SpanLimit: 5_000
Debugging:
  DryRun: true
IDFields:
  TraceNames: [trace.trace_id]
  ParentNames:
    - parent
StressRelief:
  Mode: monitor
  SamplingRate: 50
"""


def read(text: str, release: str = "3.2") -> tuple[MainConfig, tuple[Diagnostic, ...]]:
    config, found = read_main_config(SourceText.of("refinery.yaml", text), RELEASES[release])
    assert config is not None, found
    return config, found


def test_everything_that_rules_depend_on_is_read() -> None:
    config, found = read(WHOLE)

    assert found == ()
    assert config == MainConfig(
        file="refinery.yaml",
        span_limit=5000,
        trace_timeout_s=90.0,
        send_delay_s=3.0,
        is_dry_run=True,
        stress_mode="monitor",
        stress_rate=50,
        trace_names=("trace.trace_id",),
        parent_names=("parent",),
        dataset_prefix="classic",
    )
    place = config.places["Traces.TraceTimeout"]
    assert WHOLE[place.start : place.end] == "1m30s"


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_not_set_has_the_default_of_the_release(release: str) -> None:
    config, found = read("General: {ConfigurationVersion: 2}\n", release)

    assert found == ()
    assert config == MainConfig(file="refinery.yaml", span_limit=RELEASES[release].span_limit)


def test_zero_means_the_default() -> None:
    config, found = read("Traces: {SpanLimit: 0, TraceTimeout: 0s, SendDelay: '0'}\n")

    assert found == ()
    assert (config.span_limit, config.trace_timeout_s, config.send_delay_s) == (32_000, 60.0, 2.0)


def test_what_the_environment_fills_in_is_unknown() -> None:
    config, found = read("Traces: {SpanLimit: '${LIMIT}'}\nDebugging: {DryRun: '${DRY}'}\n")

    assert found == ()
    assert config.span_limit == 0  # no limit of which anything can be said
    assert config.unknown == {"Traces.SpanLimit", "Debugging.DryRun"}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Traces: {SpanLimit: many}\n", "many"),
        ("Traces: {SpanLimit: -1}\n", "-1"),
        ("Traces: {SpanLimit: true}\n", "true"),
        ("Traces: {SpanLimit: 1.5}\n", "1.5"),
        ("Traces: {TraceTimeout: 60}\n", "60"),
        ("Traces: {TraceTimeout: 60 s}\n", "60 s"),
        ("Traces: {TraceTimeout: 500ms}\n", "500ms"),
        ("Traces: {SendDelay: 50ms}\n", "50ms"),
        ("Traces: {SendDelay: [1s]}\n", "[1s]"),
        ("Traces: {SendDelay:}\n", "SendDelay"),
        ("Traces: 5\n", "5"),
        ("Debugging: {DryRun: yes}\n", "yes"),
        ("StressRelief: {Mode: 5}\n", "5"),
        ("IDFields: {TraceNames: a}\n", "a"),
        ("IDFields: {ParentNames: [a, 5]}\n", "[a, 5]"),
        ("Traces: {}\nBufferSizes: {}\n", "BufferSizes"),
        ("Traces: {}\nCollection: {CacheCapacity: 5}\n", "CacheCapacity"),
    ],
)
def test_what_refinery_does_not_take_is_underlined_and_keeps_its_default(
    text: str, at: str
) -> None:
    config, (one,) = read(text)

    assert one.code == "NEC517"
    assert text[one.source.start : one.source.end] == at
    assert config == MainConfig(file="refinery.yaml")


def test_an_older_release_takes_what_a_later_one_has_dropped() -> None:
    _, found = read("BufferSizes: {}\nCollection: {CacheCapacity: 5}\n", "2.9")

    assert found == ()


@pytest.mark.parametrize(
    "text",
    [
        "config:\n" + "".join(f"  {line}\n" for line in WHOLE.splitlines()),
        "data:\n  config.yaml: |\n" + "".join(f"    {line}\n" for line in WHOLE.splitlines()),
    ],
    ids=["helm values", "configmap"],
)
def test_it_is_found_in_helm_values_and_configmaps(text: str) -> None:
    config, found = read(text)

    assert found == ()
    assert config == read(WHOLE)[0]
    place = config.places["Traces.SendDelay"]
    assert text[place.start : place.end] == "3s"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1\n",
        "a: [\n",
        "null\n",
        "RulesVersion: 2\nSamplers: {}\n",
        "a: 1\n",
        "data: {a: b}\n",
    ],
)
def test_another_file_is_refused(text: str) -> None:
    config, (one,) = read_main_config(SourceText.of("refinery.yaml", text))

    assert config is None
    assert one.code == "NEC517"


def test_what_rules_may_say_is_in_every_release_that_can_be_chosen() -> None:
    oldest = min(tuple(map(int, name.split("."))) for name in RELEASES)

    assert oldest == (2, 9)
    assert all(tuple(map(int, first.split("."))) < oldest for first in FIRST_RELEASE.values())

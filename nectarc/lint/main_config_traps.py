"""What the main configuration tells about rules, once it is given.

Owns: NEC518, NEC519. Must not know: YAML.
Truth: ../shared/reference/refinery-semantics.md, 5.3, 5.5, 5.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Label, Severity
from nectarc.refinery.located import LocatedCondition, LocatedRules
from nectarc.refinery.main_config import MainConfig
from nectarc.source import SourceSpan

# Go's names of modes; anything else is `never`.
_MODES: Final = ("never", "always", "monitor")
_DURATION_NAMES: Final = frozenset({"duration_ms", "root.duration_ms"})
_LONGER: Final = frozenset({">", ">="})


def config_findings(config: MainConfig, located: LocatedRules | None) -> tuple[Diagnostic, ...]:
    """Say what the main configuration tells about rules: dry run, stress relief, times.

    located: the rules that go with it; None where they do not load, then only what needs none.
    Places point into the configuration, and into the rules where a rule asks for more than it has.
    """
    found = [*_dry_run(config), *_stress_relief(config), *_send_delay(config)]
    if located is not None and "Traces.TraceTimeout" not in config.unknown:
        for target in located.targets:
            for rule in target.rules:
                for condition in rule.conditions:
                    found += _long_duration(condition, config)
    return tuple(found)


def _place(config: MainConfig, name: str) -> SourceSpan:
    return config.places.get(name, SourceSpan(config.file, 0, 1))


def _dry_run(config: MainConfig) -> Iterator[Diagnostic]:
    if config.is_dry_run:
        yield finding(
            "NEC518",
            _place(config, "Debugging.DryRun"),
            "dry run is on: Refinery keeps every trace, whatever the rules decide",
            label="nothing is dropped",
            why="what the rules decide is only noted, in `meta.refinery.dryrun.kept`",
            help="set it to `false` once the rules are to take effect",
        )


def _stress_relief(config: MainConfig) -> Iterator[Diagnostic]:
    if "StressRelief.Mode" in config.unknown:
        return
    mode = config.stress_mode
    rate = config.stress_rate
    share = (
        "all traces are kept"
        if rate <= 1
        else "some traces are kept by a hash of their id"
        if "StressRelief.SamplingRate" in config.unknown
        else f"1 trace in {rate} is kept, by a hash of its id"
    )
    place = _place(config, "StressRelief.Mode")
    if mode == "always":
        yield finding(
            "NEC518",
            place,
            f"stress relief is always on: {share}, and the rules decide nothing",
            label="the rules are never asked",
            why="every span is decided as it arrives, before any rule sees its trace",
            help="write `monitor` to have the rules decide while there is no stress, or `never`",
            severity=Severity.WARNING,
        )
    elif mode == "monitor":
        yield finding(
            "NEC518",
            place,
            f"under stress {share}, and the rules decide nothing",
            label="passes the rules by when the load is high",
            why="traces that a rule keeps always, with errors for example, are dropped then, too",
            help="choose `StressRelief.SamplingRate` so that Refinery can bear it, and no higher",
        )
    elif mode not in _MODES:
        yield finding(
            "NEC518",
            place,
            f"`{mode}` is no mode of stress relief: it never starts",
            label="read as `never`",
            why="under too much load Refinery loses traces, whatever the rules say of them",
            help="write `never`, `monitor` or `always`",
            severity=Severity.WARNING,
        )


def _send_delay(config: MainConfig) -> Iterator[Diagnostic]:
    if {"Traces.SendDelay", "Traces.TraceTimeout"} & config.unknown:
        return
    if config.send_delay_s >= config.trace_timeout_s and "Traces.SendDelay" in config.places:
        yield finding(
            "NEC519",
            _place(config, "Traces.SendDelay"),
            f"`SendDelay` ({_shown(config.send_delay_s)}) is not below `TraceTimeout`"
            f" ({_shown(config.trace_timeout_s)}), so it has no effect",
            label="never reached",
            why="a trace is decided when the first of the two has passed: after its root span, or"
            " after its first span",
            help="choose a `TraceTimeout` that is longer than the longest trace and this delay",
        )


def _long_duration(located: LocatedCondition, config: MainConfig) -> Iterator[Diagnostic]:
    condition = located.condition
    if condition is None or condition.operator not in _LONGER:
        return
    if not _DURATION_NAMES & set(condition.names):
        return
    value = condition.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if not value >= config.trace_timeout_s * 1000:
        return
    timeout = _shown(config.trace_timeout_s)
    places = (Label(place, "the timeout"),) if (place := _timeout_place(config)) else ()
    yield finding(
        "NEC519",
        located.at("Value"),
        f"a span that lasts so long arrives after its trace was decided, {timeout} after the first"
        " span of it",
        label=f"longer than `TraceTimeout`, {timeout}",
        why="a span arrives when it has ended; by then the trace was decided without it, unless all"
        " its spans come late",
        help="raise `Traces.TraceTimeout` above this duration, if Refinery's memory bears it",
        related=places,
    )


def _timeout_place(config: MainConfig) -> SourceSpan | None:
    return config.places.get("Traces.TraceTimeout")


def _shown(seconds: float) -> str:
    return f"{seconds:g}s"

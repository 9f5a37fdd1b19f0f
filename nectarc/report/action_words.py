"""What actions and their parameters mean, for people who hover over them or choose one.

Owns: the words. Must not know: layout, any policy. Truth: docs/language.md, section 4;
../shared/reference/refinery-semantics.md, 1.2 and 4.
"""

from __future__ import annotations

from typing import Final

from nectarc.report.language_words import Meaning
from nectarc.semantics.sampler_parameters import SAMPLERS, Parameter

ACTIONS: Final[dict[str, Meaning]] = {
    "keep": Meaning("Every trace that the rule decides is kept.", "keep"),
    "drop": Meaning("Every trace that the rule decides is lost.", "drop"),
    "sample": Meaning(
        "Keeps this share, drawn anew for each trace. Refinery keeps one in n for a whole n, so "
        "the share is rounded to the nearest `1/n`.",
        "sample(1/20)",
    ),
    "deterministic": Meaning(
        "Keeps one in n by the trace id: the same traces on every node. It may only be a policy's "
        "sole rule.",
        "deterministic(1/20)",
    ),
    "dynamic": Meaning(
        "Keeps one in `sample_rate` on average over all keys: frequent keys less often, rare ones "
        "more. The rates follow the counts of the last `clear_frequency`.",
        "dynamic(sample_rate: 10, fields: [http.route, http.status])",
    ),
    "ema_dynamic": Meaning(
        "Keeps one in `goal_sample_rate` on average over all keys: frequent keys less often, rare "
        "ones more. The rates follow a moving average of the traffic.",
        "ema_dynamic(goal_sample_rate: 10, fields: [http.route, http.status])",
    ),
    "ema_throughput": Meaning(
        "Keeps about `goal_throughput_per_sec` events a second: frequent keys less often, rare "
        "ones more. The rates follow a moving average of the traffic.",
        "ema_throughput(goal_throughput_per_sec: 100, fields: [http.route])",
    ),
    "windowed_throughput": Meaning(
        "Keeps about `goal_throughput_per_sec` events a second, shared evenly among the keys seen "
        "in the last `lookback_frequency`.",
        "windowed_throughput(goal_throughput_per_sec: 100, fields: [http.route])",
    ),
    "total_throughput": Meaning(
        "Keeps about `goal_throughput_per_sec` events a second, shared evenly among the keys seen "
        "in the last `clear_frequency`. At the start everything is kept.",
        "total_throughput(goal_throughput_per_sec: 100, fields: [http.route])",
    ),
}

PARAMETERS: Final[dict[str, str]] = {
    "fields": "The key: traces with the same values in these fields are counted together. A name "
    "that stands for several spellings puts them all into the key; `root.` reads the root span.",
    "sample_rate": "One in how many is kept, on average over all keys.",
    "goal_sample_rate": "One in how many is kept, on average over all keys.",
    "goal_throughput_per_sec": "How many events a second are kept, on each Refinery process "
    "unless `use_cluster_size` is set.",
    "clear_frequency": "How long counts are gathered before the rates are set anew.",
    "max_keys": "How many keys are counted; what belongs to further keys is kept. Negative: no "
    "limit.",
    "use_trace_length": "Whether the number of spans is a part of the key.",
    "use_cluster_size": "Whether the goal is for all Refinery processes together, not for each.",
    "adjustment_interval": "How often the rates are set anew.",
    "weight": "How much the newest interval counts in the moving average: near 1 follows the "
    "traffic at once, near 0 slowly.",
    "age_out_value": "A key whose average falls below this is forgotten.",
    "burst_multiple": "The rates are set anew at once when the traffic exceeds its average by "
    "this factor. Negative: never.",
    "burst_detection_delay": "How many intervals pass before bursts are looked for.",
    "initial_sample_rate": "One in how many is kept before the first interval has passed.",
    "update_frequency": "How often the rates are set anew.",
    "lookback_frequency": "Over how long a time the traffic is counted.",
}

_KINDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "bool": "`true` or `false`",
    "duration": "a duration such as `30s`",
}


def parameter_of(action: str, name: str) -> Parameter | None:
    """Return a sampler's parameter by its name in policies; None for `fields` and others."""
    kind = SAMPLERS.get(action)
    found = () if kind is None else kind.parameters
    return next((one for one in found if one.name == name), None)


def parameter_kind(parameter: Parameter) -> str:
    """Return what a parameter takes: `a whole number`."""
    return _KINDS[parameter.kind]


def parameter_default(parameter: Parameter) -> str:
    """Return what holds where the parameter is left out, in words; "" where it must be given."""
    if parameter.is_required:
        return ""
    if parameter.kind == "bool":
        return "`false`"
    return parameter.zero if "`" in parameter.zero else f"`{parameter.zero}`"

"""What a file without rules seems to be, and which command reads it.

Owns: the signs by which files are known. Must not know: what stands in them.
Truth: ../shared/reference/refinery-semantics.md, 1.4; the catalogues of Refinery 1 and 2, of the
OpenTelemetry collector and of Kubernetes, as far as the names of their top-level keys.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.source import SourceSpan

_COLLECTOR: Final = frozenset({"receivers", "processors", "exporters", "service", "extensions"})
_MAIN: Final = frozenset(
    {
        *("General", "Network", "AccessKeys", "RefineryTelemetry", "Traces", "Debugging"),
        *("HoneycombLogger", "StdoutLogger", "PrometheusMetrics", "LegacyMetrics", "OTelMetrics"),
        *("PeerManagement", "RedisPeerManagement", "Collection", "BufferSizes", "Specialized"),
        *("IDFields", "GRPCServerParameters", "SampleCache", "StressRelief", "OpAMP", "Logger"),
    }
)
_MAIN_1: Final = frozenset({"ListenAddr", "PeerListenAddr", "APIKeys", "HoneycombAPI"})
_SAMPLERS_1: Final = frozenset(
    {
        *("DeterministicSampler", "DynamicSampler", "EMADynamicSampler", "RulesBasedSampler"),
        *("TotalThroughputSampler",),
    }
)
_TEMPLATE: Final = re.compile(r"\{\{|\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_DEPTH_MAX: Final = 8
_TAIL_SAMPLING: Final = ("tail_sampling", "tailSampling")


def guess_of_text(text: str, file: str) -> Diagnostic | None:
    """Recognise a file by its name and its text: for what YAML need not read."""
    name = file.replace("\\", "/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    start = SourceSpan(file, 0, max(len(text.split("\n", 1)[0].rstrip("\r")), 1))
    if name.endswith(".toon") or text.lstrip().startswith("nectar_policy"):
        return _no_rules(
            start,
            "a policy of nectarc",
            "`nectarc check` says what is wrong with a policy, `nectarc compile` makes rules of it",
        )
    if name == "nectar.toml":
        return _no_rules(start, "a project of nectarc", "`nectarc check` in its folder reads it")
    return None


def guess_of_tree(root: YamlNode, whole: SourceSpan) -> Diagnostic | None:
    """Recognise a file by its keys; None for what is best told by Refinery's own complaints.

    whole: where to point when the keys have no places.
    """
    if not isinstance(root, YamlMapping) or not root.entries:
        return None
    keys = _names_of(root)
    first = _first_place(root, whole)
    if has_version_1(root):
        return version_1(first)
    if _has_tail_sampling(root) or len(keys & _COLLECTOR) > 1:
        return _no_rules(
            first,
            "a configuration of the OpenTelemetry collector",
            "give the rules file of Refinery; its tail sampling is written in another way",
        )
    if keys & _MAIN and not keys & {"rules"}:
        return _no_rules(
            first,
            "Refinery's main configuration",
            "give the rules file, and this one behind `--config`",
        )
    config = root.get("config")
    if "rules" not in keys and isinstance(config, YamlMapping) and _names_of(config) & _MAIN:
        return _no_rules(
            first,
            "a file of values for Refinery's Helm chart without `rules`",
            "give the file of values that has `rules`, and this one behind `--config`",
        )
    if len(keys & _MAIN_1) > 1:
        return _no_rules(first, "the main configuration of Refinery 1", "give the rules file")
    if {"resourceSpans"} & keys:
        return _no_rules(
            first, "traces as OTLP", "`nectarc ingest` reads traces, `nectarc lint` reads rules"
        )
    if {"apiVersion", "kind"} <= keys:
        kind = root.get("kind")
        words = kind.text if isinstance(kind, YamlScalar) else "manifest"
        return _no_rules(
            first,
            f"a Kubernetes `{words}` without rules in it",
            "give the ConfigMap that holds the rules, or render the chart with `helm template`",
        )
    return None


def version_1(place: SourceSpan) -> Diagnostic:
    """Say that the file holds rules of Refinery 1."""
    return finding(
        "NEC543",
        place,
        "these are rules of Refinery 1; Refinery 2 and later refuse them",
        label="no `RulesVersion`, and `Sampler` names a sampler",
        why="Refinery does not start with this file, or a reload keeps the old rules",
        help="`nectarc import` makes policies of them where they map, and says what has changed",
    )


def empty_toml(place: SourceSpan) -> Diagnostic:
    """Say that a file of TOML has no setting, as the default rules of Refinery 1 have none."""
    return _no_rules(
        place,
        "a TOML file without any setting",
        "write rules as YAML, which Refinery 2 and later read; TOML was the format of Refinery 1",
    )


def unrendered(text: str, file: str, start: int = 0) -> Diagnostic | None:
    """Say that `text`, which cannot be read, is a template that something has to fill in first."""
    found = _TEMPLATE.search(text, start)
    if found is None:
        return None
    is_helm = found.group() == "{{"
    end = found.end()
    if is_helm:
        line = text.find("\n", end)
        stop = len(text) if line < 0 else line
        close = text.find("}}", end, stop)
        end = stop if close < 0 else close + 2
    advice = "helm template RELEASE CHART" if is_helm else "envsubst < FILE"
    return finding(
        "NEC540",
        SourceSpan(file, found.start(), end),
        "this is a template: it is filled in before Refinery reads it",
        label="an expression of Helm" if is_helm else "Refinery replaces no variables in rules",
        why="which rules Refinery gets is known only once the template is rendered",
        help=f"render it first: `{advice} | nectarc lint -`",
    )


def has_version_1(root: YamlMapping) -> bool:
    """Say whether the top of a file is that of rules for Refinery 1, with keys in any case."""
    if _is_target_1(root) or "SamplerConfig" in _names_of(root):
        return True
    return any(
        isinstance(entry.value, YamlMapping) and _is_target_1(entry.value) for entry in root.entries
    )


def _names_of(node: YamlMapping) -> set[str]:
    return {entry.key.text for entry in node.entries}


def _is_target_1(node: YamlMapping) -> bool:
    values = {entry.key.text.lower(): entry.value for entry in node.entries}
    sampler = values.get("sampler")
    if isinstance(sampler, YamlScalar):
        return sampler.value in _SAMPLERS_1
    return any(key.startswith("sampler.") and key[8:] in _LOWER_1 for key in values)


_LOWER_1: Final = frozenset(name.lower() for name in _SAMPLERS_1)


def _has_tail_sampling(root: YamlMapping) -> bool:
    """Look for the collector's processor, a few levels down: Helm values hold it, too."""
    level: list[YamlNode] = [root]
    seen: set[int] = set()
    for _ in range(_DEPTH_MAX):
        below: list[YamlNode] = []
        for node in level:
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, YamlSequence):
                below += node.items
            elif isinstance(node, YamlMapping):
                if any(entry.key.text.startswith(_TAIL_SAMPLING) for entry in node.entries):
                    return True
                below += [entry.value for entry in node.entries]
            elif isinstance(node.value, str) and "tail_sampling:" in node.value:
                return True  # the text of a ConfigMap
        level = below
    return False


def _first_place(root: YamlMapping, whole: SourceSpan) -> SourceSpan:
    first = root.entries[0].key.source
    return first if first.end > first.start else whole


def _no_rules(place: SourceSpan, what: str, advice: str) -> Diagnostic:
    return finding(
        "NEC542",
        place,
        f"this is {what}, not rules of Refinery",
        why="Refinery refuses the whole file as rules: it does not start, or keeps the old ones",
        help=advice,
    )

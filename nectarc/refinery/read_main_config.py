"""Refinery's main configuration (`refinery.yaml`, v2): what of it rules depend on.

Owns: the settings' names and types, where the configuration stands in Helm values and ConfigMaps.
Must not know: files, rules. Truth: ../shared/reference/refinery-semantics.md, 5.3, 5.7, 5.10, 10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.records import replace
from nectarc.refinery.durations import parse_duration
from nectarc.refinery.embedded import holds_rules
from nectarc.refinery.main_config import MainConfig
from nectarc.refinery.moved import placement_of_scalar
from nectarc.refinery.releases import NEWEST, Release
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.refinery.yaml_tree import parse_yaml
from nectarc.source import SourceSpan, SourceText

# The groups of the catalogue, those that releases have dropped among them.
GROUPS: Final = frozenset(
    {
        *("General", "Network", "AccessKeys", "RefineryTelemetry", "Traces", "Debugging"),
        *("Logger", "HoneycombLogger", "StdoutLogger", "PrometheusMetrics", "LegacyMetrics"),
        *("OTelMetrics", "OTelTracing", "PeerManagement", "RedisPeerManagement", "Collection"),
        *("BufferSizes", "Specialized", "IDFields", "GRPCServerParameters", "SampleCache"),
        *("StressRelief", "OpAMP"),
    }
)
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
_GROUP_LINE: Final = re.compile(r"^(?:General|Traces|Network|StressRelief)[ \t]*:", re.MULTILINE)
_SECOND: Final = 10**9
# Minimums in seconds; below them Refinery refuses the file.
_MINIMUMS: Final = {"Traces.SendDelay": 0.1, "Traces.TraceTimeout": 1.0}
_REFUSED: Final = "Refinery refuses its main configuration and does not start"


def read_main_config(
    text: SourceText, release: Release = NEWEST
) -> tuple[MainConfig | None, tuple[Diagnostic, ...]]:
    """Read `text`, with the defaults of `release` for what is not set.

    Returns None where it is no main configuration. A setting that an environment variable fills in,
    or that cannot be read, keeps its default. The findings are NEC517, with places in `text`.
    """
    root, refusal = _configuration(text)
    if root is None:
        return None, () if refusal is None else (refusal,)
    reader = _Reader(root)
    config = MainConfig(
        file=text.file,
        span_limit=reader.number("Traces.SpanLimit", release.span_limit, unknown=0),
        trace_timeout_s=reader.seconds("Traces.TraceTimeout", 60.0),
        send_delay_s=reader.seconds("Traces.SendDelay", 2.0),
        is_dry_run=reader.flag("Debugging.DryRun"),
        stress_mode=reader.word("StressRelief.Mode", "never"),
        stress_rate=reader.number("StressRelief.SamplingRate", 100),
        trace_names=reader.names("IDFields.TraceNames", ("trace.trace_id", "traceId")),
        parent_names=reader.names("IDFields.ParentNames", ("trace.parent_id", "parentId")),
        dataset_prefix=reader.word("General.DatasetPrefix", ""),
    )
    config = replace(config, unknown=frozenset(reader.unknown), places=reader.places)
    found = (*reader.found, *_refused_settings(root, release))
    return config, tuple(sorted(found, key=lambda one: one.source.start))


def _configuration(text: SourceText) -> tuple[YamlMapping | None, Diagnostic | None]:
    """Find the configuration: the whole file, `config` of Helm values, a text of a ConfigMap."""
    start = text.span(0, max(len(text.line(1)), 1))
    root, problems = parse_yaml(text.text, text.file)
    for problem in problems:
        words = f"the main configuration is not readable as YAML: {problem.message}"
        return None, finding("NEC517", problem.source, words, why=_REFUSED)
    if not isinstance(root, YamlMapping):
        words = "this is no main configuration of Refinery"
        return None, finding("NEC517", start, words, help="it has groups such as `Traces:`")
    if _is_configuration(root):
        return root, None
    inside = root.get("config")
    if _is_configuration(inside) and isinstance(inside, YamlMapping):
        return inside, None
    texts = root.get("data")
    for entry in texts.entries if isinstance(texts, YamlMapping) else ():
        found = _inside(entry, text)
        if found is not None:
            return found, None
    what = "rules" if holds_rules(root) else "something else"
    first = root.entries[0].key.source if root.entries else start
    return None, finding(
        "NEC517",
        first,
        f"this is {what}, not the main configuration of Refinery",
        help="give `refinery.yaml`, the file with groups such as `Traces:` and `General:`",
    )


def _inside(entry: YamlEntry, text: SourceText) -> YamlMapping | None:
    value = entry.value.value if isinstance(entry.value, YamlScalar) else None
    if not isinstance(entry.value, YamlScalar) or not isinstance(value, str):
        return None
    if not _GROUP_LINE.search(value):
        return None
    root, _ = parse_yaml(value, text.file)
    if not isinstance(root, YamlMapping) or not _is_configuration(root):
        return None
    moved = placement_of_scalar(text.text, entry.value, entry.key).tree(root)
    return moved if isinstance(moved, YamlMapping) else None


def _is_configuration(node: YamlNode | None) -> bool:
    return isinstance(node, YamlMapping) and any(e.key.text in GROUPS for e in node.entries)


def _refused_settings(root: YamlMapping, release: Release) -> Iterator[Diagnostic]:
    for name in release.refused_settings:
        entry = _entry(root, name)
        if entry is not None:
            yield finding(
                "NEC517",
                entry.key.source,
                f"Refinery {release.name} knows no `{name}` any more",
                why=_REFUSED,
                help="take it out",
            )


def _entry(root: YamlMapping, name: str) -> YamlEntry | None:
    """Return the entry of `Group` or `Group.Setting`."""
    group, _, setting = name.partition(".")
    found = next((entry for entry in root.entries if entry.key.text == group), None)
    if found is None or not setting:
        return found
    inner = found.value.entries if isinstance(found.value, YamlMapping) else ()
    return next((entry for entry in inner if entry.key.text == setting), None)


class _Reader:
    """Reads settings by name. What is wrong, or not known, is noted and keeps its default."""

    def __init__(self, root: YamlMapping) -> None:
        """Begin with the configuration's top-level map."""
        self.root = root
        self.found: list[Diagnostic] = []
        self.unknown: set[str] = set()
        self.places: dict[str, SourceSpan] = {}
        for entry in root.entries:
            is_empty = isinstance(entry.value, YamlScalar) and entry.value.value is None
            if entry.key.text in GROUPS and not is_empty:
                self._expect_map(entry)

    def number(self, name: str, default: int, *, unknown: int | None = None) -> int:
        """Read a whole number; 0 means the default.

        unknown: what a variable stands for, where it is not the default.
        """
        scalar = self._scalar(name)
        if scalar is None:
            return default if unknown is None or name not in self.unknown else unknown
        value = scalar.value
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self._wrong(name, "a whole number", scalar)
            return default
        return value or default

    def seconds(self, name: str, default: float) -> float:
        """Read a duration in seconds; 0 means the default."""
        scalar = self._scalar(name)
        if scalar is None:
            return default
        nanoseconds = parse_duration(scalar.value) if isinstance(scalar.value, str) else None
        if nanoseconds is None:
            self._wrong(name, "a duration such as `60s`", scalar)
            return default
        least = _MINIMUMS[name]
        if nanoseconds and nanoseconds < least * _SECOND:
            self._wrong(name, f"at least {round(least * 1000)}ms", scalar)
            return default
        return nanoseconds / _SECOND or default

    def flag(self, name: str) -> bool:
        """Read a bool, false when it is not set."""
        scalar = self._scalar(name)
        if scalar is None or isinstance(scalar.value, bool):
            return scalar is not None and scalar.value is True
        self._wrong(name, "`true` or `false`", scalar)
        return False

    def word(self, name: str, default: str) -> str:
        """Read a text; the empty one means the default."""
        scalar = self._scalar(name)
        if scalar is None:
            return default
        if not isinstance(scalar.value, str):
            self._wrong(name, "a text", scalar)
            return default
        return scalar.value or default

    def names(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Read a list of texts; the empty one means the default."""
        entry = _entry(self.root, name)
        if entry is None:
            return default
        node = entry.value
        items = node.items if isinstance(node, YamlSequence) else ()
        texts = [item.value for item in items if isinstance(item, YamlScalar)]
        words = [text for text in texts if isinstance(text, str)]
        if not isinstance(node, YamlSequence) or len(words) != len(items):
            self._wrong(name, "a list of names", node)
            return default
        self.places[name] = node.source
        return tuple(words) or default

    def _scalar(self, name: str) -> YamlScalar | None:
        """Return what is written for `name`; None also for what a variable fills in."""
        entry = _entry(self.root, name)
        if entry is None:
            return None
        if not isinstance(entry.value, YamlScalar) or entry.value.value is None:
            self._wrong(name, "one value", entry.value)
            return None
        self.places[name] = entry.value.source
        if isinstance(entry.value.value, str) and _VARIABLE.search(entry.value.value):
            self.unknown.add(name)
            return None
        return entry.value

    def _expect_map(self, entry: YamlEntry) -> None:
        if not isinstance(entry.value, YamlMapping):
            self._wrong(entry.key.text, "a group of settings", entry.value)

    def _wrong(self, name: str, wanted: str, node: YamlNode) -> None:
        entry = _entry(self.root, name)
        place = node.source
        if place.end <= place.start and entry is not None:
            place = entry.key.source
        self.found.append(
            finding(
                "NEC517",
                place,
                f"`{name}` is not {wanted}",
                why=_REFUSED,
                help=f"write {wanted}, or leave it out",
                severity=Severity.ERROR,
            )
        )

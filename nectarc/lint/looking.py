"""One set of rules as `lint` sees it: read, and all that is said of it.

Owns: which findings were asked for. Must not know: the disk, output, fixes.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.records import record
from nectarc.refinery.inputs import RulesInput, read_rules_files
from nectarc.refinery.loader import LoadResult
from nectarc.refinery.located import locate
from nectarc.refinery.main_config import MainConfig
from nectarc.refinery.releases import NEWEST, Release
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping
from nectarc.source import SourceSpan


@record(kw_only=True)
class Wanted:
    """What was asked for: the release, its main configuration, which findings are shown.

    proves: also what rules do together, which takes longer than a keystroke.
    """

    release: Release = NEWEST
    config: MainConfig | None = None
    target: str | None = None
    has_hints: bool = True
    proves: bool = True


@record(kw_only=True)
class Looked:
    """One set of rules: its inputs as named bytes, and what is said of them."""

    inputs: tuple[tuple[str, bytes], ...]
    rules: RulesInput
    found: tuple[Diagnostic, ...]


def look(inputs: Sequence[tuple[str, bytes]], wanted: Wanted) -> Looked:
    """Read and lint one set of rules; what `wanted` leaves out is not in `found`."""
    rules = read_rules_files(inputs)
    context = LintContext(text=rules.text, release=wanted.release, config=wanted.config)
    found = [*rules.findings, *lint_rules(rules.loaded, context, proves=wanted.proves)]
    if wanted.config is not None:
        found += _of_config(wanted.config, rules.loaded)
    chosen = tuple(
        one
        for one in dict.fromkeys(found)
        if (wanted.has_hints or one.severity is not Severity.HINT)
        and concerns(one, rules.loaded, wanted.target)
    )
    return Looked(inputs=tuple(inputs), rules=rules, found=chosen)


def targets_of(loaded: LoadResult) -> tuple[str, ...] | None:
    """Return the names under `Samplers`, in order; None where they cannot be read."""
    entries = _entries(loaded)
    return None if entries is None else tuple(entry.key.text for entry in entries)


def _of_config(config: MainConfig, loaded: LoadResult) -> tuple[Diagnostic, ...]:
    from nectarc.lint.main_config_traps import config_findings  # noqa: PLC0415 - few name one

    rules, tree = loaded.rules, loaded.tree
    located = locate(rules, tree) if rules is not None and tree is not None else None
    return config_findings(config, located)


def concerns(one: Diagnostic, loaded: LoadResult, target: str | None) -> bool:
    """Say whether `one` stands in `target`, in no target at all, or is an error.

    A refused file is refused for all of its targets, and a process that ends decides none.
    """
    if target is None or one.severity is Severity.ERROR:
        return True
    inside = [entry for entry in _entries(loaded) or () if _is_in(one.source, entry)]
    return not inside or any(entry.key.text == target for entry in inside)


def _is_in(place: SourceSpan, entry: YamlEntry) -> bool:
    start, end = entry.key.source.start, max(entry.key.source.end, entry.value.source.end)
    return place.file == entry.key.source.file and start <= place.start < end


def _entries(loaded: LoadResult) -> tuple[YamlEntry, ...] | None:
    samplers = loaded.tree.get("Samplers") if loaded.tree is not None else None
    return samplers.entries if isinstance(samplers, YamlMapping) else None

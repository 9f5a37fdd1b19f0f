"""The traps of targets over the shared files: real ones, traps of the reference, random ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.fixes import apply_fixes
from nectarc.refinery.loader import LoadResult, load_rules, load_tree
from nectarc.refinery.releases import RELEASES
from nectarc.refinery.yaml_nodes import YamlMapping
from nectarc.refinery.yaml_tree import parse_yaml
from nectarc.source import SourceSpan, SourceText
from tests.shared_data import SHARED, read_vectors, requires_shared
from tests.unit.lint.target_linting import lint, lint_loaded
from tests.unit.lint.target_trap_codes import TRAP_CODES

pytestmark = requires_shared

# Warnings on real files, each with what supports it in ../shared/data/README.md.
REAL_WARNINGS = {
    # "real typo: last FieldList entry is "status_code`" (stray backtick)"
    ("v2/martinjt_eventhubs.yaml", "NEC538", 67),
}


def test_each_trap_of_the_reference_gets_its_code() -> None:
    missing = []
    for record in read_vectors("loader_traps.jsonl"):
        if record["trap"] in TRAP_CODES:
            loaded = load_rules(record["text"])
            found = (*loaded.diagnostics, *lint_loaded(loaded, record["text"]))
            if TRAP_CODES[record["trap"]] not in {one.code for one in found}:
                missing.append(record["trap"])

    assert missing == []


def test_real_files_get_only_warnings_that_the_manifest_supports() -> None:
    found = set()
    for name, text, loaded in _real_files():
        source = SourceText.of(name, text)
        for one in lint_loaded(loaded, text):
            assert one.severity is not Severity.ERROR
            if one.severity is Severity.WARNING:
                found.add((name, one.code, source.position(one.source.start).line))

    assert found == REAL_WARNINGS


@pytest.mark.parametrize("release", sorted(RELEASES))
@pytest.mark.parametrize(
    ("name", "key"), [("loader_mutations.jsonl", "text"), ("rules_random.jsonl", "rules")]
)
def test_a_file_that_loads_gets_findings_within_its_text(name: str, key: str, release: str) -> None:
    linted = 0
    for record in read_vectors(name):
        loaded = load_rules(record[key])
        if loaded.rules is None:
            continue
        linted += 1
        for one in lint_loaded(loaded, record[key], release):
            assert 0 <= one.source.start < one.source.end <= len(record[key])
            assert all("\n" not in words for words in (one.headline, one.label, one.why, one.help))

    assert linted > 80


def test_a_fix_leaves_a_file_that_loads_and_lacks_the_finding() -> None:
    tried = 0
    for text in _texts():
        if load_rules(text).rules is None:
            continue
        found = lint(text)
        for one in found:
            for fix in one.fixes:
                fixed, _ = apply_fixes(SourceText.of("rules.yaml", text), [fix])
                assert _count(one, lint(fixed)) < _count(one, found)
                tried += 1

    assert tried > 100


def _count(one: Diagnostic, found: tuple[Diagnostic, ...]) -> int:
    return sum((other.code, other.headline) == (one.code, one.headline) for other in found)


def _texts() -> Iterator[str]:
    for name, key in (
        ("loader_traps.jsonl", "text"),
        ("loader_mutations.jsonl", "text"),
        ("rules_random.jsonl", "rules"),
    ):
        for record in read_vectors(name):
            yield record[key]


def _real_files() -> Iterator[tuple[str, str, LoadResult]]:
    for record in read_vectors("loader_files.jsonl"):
        if not record["accepted"]:
            continue
        name = record["file"]
        text = (SHARED / "data" / "rules" / name).read_text(encoding="utf-8")
        tree, _ = parse_yaml(text, name)
        assert isinstance(tree, YamlMapping)
        part = tree.get("rules") if record.get("part") else tree
        assert isinstance(part, YamlMapping)
        yield name, text, load_tree(part, SourceSpan(name, 0, 1), "")

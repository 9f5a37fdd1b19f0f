"""Import, compile, import again: every real file gives the same policies and no more rules."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import pytest

from nectarc.checking import check_text
from nectarc.cli.console import Console
from nectarc.cli.imported import Imported, import_files
from nectarc.diagnostic import InternalError
from nectarc.formatting import format_text
from nectarc.importing.project import (
    DIFFERENT,
    PROVEN,
    PROVEN_APART,
    UNKNOWN,
    compiles_to,
    rules_count,
)
from nectarc.pipeline import CompileOptions, Source, compile_sources
from nectarc.refinery.lowered import AssumptionKind
from nectarc.refinery.rules import RulesConfig
from nectarc.source import SourceText
from tests.shared_data import SHARED, requires_shared

V2: Final = SHARED / "data" / "rules" / "v2"
FILES: Final = sorted(
    str(path.relative_to(V2)) for pattern in ("*.yaml", "*.json") for path in V2.rglob(pattern)
)


def imported(path: Path) -> Imported:
    return import_files([str(path)], None, Console(out=io.StringIO(), err=io.StringIO()))


def said(found: Imported) -> dict[str, list[object]]:
    """Return what policies say, without descriptions and comments, which rules do not carry."""
    policies: dict[str, list[object]] = {}
    for policy in found.policies:
        written = check_text(SourceText.of(policy.file, policy.text)).written
        assert written is not None
        rows = [(row.name.text, row.match, row.action) for row in written.rules]
        policies[policy.target] = [*rows, *written.fields]
    return policies


@requires_shared
@pytest.mark.parametrize("name", FILES)
def test_import_compile_import_gives_the_same_policies(tmp_path: Path, name: str) -> None:
    first = imported(V2 / name)
    if first.unread:
        pytest.skip("Refinery refuses this file")

    for policy in first.policies:
        assert policy.proof in {PROVEN, PROVEN_APART}
        assert format_text(SourceText.of(policy.file, policy.text)).text == policy.text

    compiles = compiles_to(first.policies)
    compiled = compile_sources(
        [Source(one.target, SourceText.of(one.file, one.text), one.file) for one in first.policies],
        CompileOptions(assume=frozenset(map(AssumptionKind, compiles.assume))),
    )
    assert compiled.rules is not None
    assert compiles.rules is not None
    assert compiles.rules <= _rules_limit(first)

    (tmp_path / "rules.yaml").write_text(compiled.rules, encoding="utf-8")
    assert said(imported(tmp_path / "rules.yaml")) == said(first)


def _rules_limit(found: Imported) -> int:
    """Return how many rules the file has, and the fallbacks that the import added."""
    added = sum(
        rule.origin is None
        for target in found.targets
        if isinstance(target.sampler, RulesConfig)
        for rule in target.rules
    )
    return rules_count(target.sampler for target in found.targets) + added


RULES: Final = """\
RulesVersion: 2
Samplers:
  __default__:
    DeterministicSampler: {SampleRate: 10}
"""


def test_a_policy_that_decides_otherwise_is_a_defect_that_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    console = Console(out=io.StringIO(), err=io.StringIO())

    with pytest.raises(InternalError, match=r"`__default__` of .* decides otherwise .*: a trace"):
        import_files(
            [str(path)], None, console, prove=lambda _text, _target: (DIFFERENT, "a trace")
        )


def test_a_policy_that_is_not_proven_is_held_back_and_named(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    console = Console(out=io.StringIO(), err=io.StringIO())

    found = import_files([str(path)], None, console, prove=lambda _text, _target: (UNKNOWN, "time"))

    assert not found.is_writable
    assert not found.is_whole
    assert [(one.code, one.label) for one in found.refusals] == [("NEC595", "time")]

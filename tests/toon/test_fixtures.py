"""The fixtures of `@toon-format/spec`, those without options, and what is shipped to run them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from nectarc.source import SourceText
from nectarc.toon import encode, read, to_value
from nectarc.toon.document import Delimiter
from tests.toon.reference import FIXTURES, FOLDER, Reference
from tests.toon.test_random import exact

# Fixtures that `@toon-format/toon` 4.4.0 itself fails: we do as it does.
FAILURES: Final[dict[str, list[str]]] = json.loads(
    (FOLDER / "reference_failures.json").read_text("utf-8")
)
_INSTALLED: Final = FIXTURES.is_dir()
_FIXTURE_COUNT: Final = 400


def cases(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fixtures of a kind, each with the name of its file."""
    for path in sorted((FIXTURES / kind).glob("*.json")):
        for case in json.loads(path.read_text("utf-8"))["tests"]:
            yield f"{kind}/{path.stem}", case


def ours(kind: str) -> list[Any]:
    """Return the fixtures that set no option which we do not have."""
    known = {"strict": (True,), "indent": (2,), "expandPaths": ("off",), "keyFolding": ("off",)}
    parameters = []
    for file, case in cases(kind):
        options = case.get("options", {})
        if all(options.get(name, allowed[0]) in allowed for name, allowed in known.items()):
            parameters.append(pytest.param(file, case, id=f"{file}: {case['name']}"))
    return parameters or [
        pytest.param("", {}, marks=pytest.mark.skip("run `npm ci` in tests/toon"))
    ]


@pytest.mark.parametrize(("file", "case"), ours("decode"))
def test_reads_a_fixture(file: str, case: dict[str, Any]) -> None:
    assert case["name"] not in FAILURES.get(file, [])

    document, diagnostics = read(SourceText.of("a.toon", case["input"]))

    if case.get("shouldError", False):
        assert diagnostics
    else:
        assert diagnostics == ()
        assert exact(to_value(document.root)) == exact(case["expected"])


@pytest.mark.parametrize(("file", "case"), ours("encode"))
def test_encodes_a_fixture(file: str, case: dict[str, Any], reference: Reference) -> None:
    delimiter = case.get("options", {}).get("delimiter", ",")
    theirs = reference.encode(case["input"], delimiter)
    assert theirs is not None
    is_failed = case["name"] in FAILURES.get(file, [])
    assert is_failed == (theirs.text != case["expected"])

    assert encode(case["input"], Delimiter(delimiter)) == theirs.text


@pytest.mark.skipif(not _INSTALLED, reason="run `npm ci` in tests/toon")
def test_the_listed_failures_are_fixtures() -> None:
    names = {(file, case["name"]) for kind in ("decode", "encode") for file, case in cases(kind)}
    listed = {(file, name) for file, failed in FAILURES.items() for name in failed}

    assert len([*cases("decode"), *cases("encode")]) == _FIXTURE_COUNT
    assert listed <= names
    assert len(listed) == 22

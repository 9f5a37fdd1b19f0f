"""Every warning on the real rules files that Refinery loads stands in docs/lint-real-files.md.

A reader can check each row against the manifest's remark or the trap that it names. Hints are not
listed: they fail nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

from nectarc.diagnostic import Severity
from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.refinery.inputs import read_rules_files
from tests.shared_data import ROOT, SHARED, requires_shared

PAGE: Final = ROOT / "docs" / "lint-real-files.md"
_ROW: Final = re.compile(r"^\| `([^`]+)` \| (\d+) \| \[?(NEC\d+)[^|]*\| ([^|]+) \|$", re.MULTILINE)


class Row(NamedTuple):
    """One warning: file under ../shared/data/rules, line from 1, code."""

    file: str
    line: int
    code: str


def listed() -> dict[Row, str]:
    """Return the rows of the page, with the reason of each."""
    text = PAGE.read_text(encoding="utf-8")
    return {Row(m[1], int(m[2]), m[3]): m[4].strip() for m in _ROW.finditer(text)}


def warnings_of(path: Path, name: str) -> set[Row]:
    """Lint one file; nothing where Refinery does not load it."""
    read = read_rules_files([(name, path.read_bytes())])
    found: set[Row] = set()
    loaded = read.loaded
    if loaded.rules is None or read.text is None:
        return found
    for one in lint_rules(loaded, LintContext(text=read.text)):
        if one.severity is not Severity.HINT:
            found.add(Row(name, read.text.position(one.source.start).line, one.code))
    return found


def all_warnings() -> set[Row]:
    """Lint every file of the folder of rules."""
    folder = SHARED / "data" / "rules"
    return {
        row
        for path in sorted(folder.rglob("*.yaml"))
        for row in warnings_of(path, str(path.relative_to(folder)))
    }


@requires_shared
def test_the_page_lists_the_warnings_on_real_files_and_no_others() -> None:
    assert set(listed()) == all_warnings()


def test_every_row_says_why() -> None:
    rows = listed()

    assert rows
    assert all(re.search(r"manifest|\bT\d+", reason) for reason in rows.values())

"""Rows taken out and put in another order, in both forms of a section."""

from __future__ import annotations

from random import Random

import pytest

from nectarc.diagnostic import Fix
from nectarc.fixes import apply_fixes, settle_text
from nectarc.semantics.row_edits import reordered, without_rows
from nectarc.semantics.toon_edits import find_section
from nectarc.source import SourceText
from nectarc.toon import read
from nectarc.toon.document import Array

TABLE = "rules[3]{a,b}:\n  1,x\n  # of two\n  2,y\n  3,z"
LIST = "rules[3]:\n  - a: 1\n    b[1]: x\n  # of two\n  - a: 2\n    b[1]: y\n  - a: 3\n    b[1]: z"


def table_of(text: SourceText) -> Array:
    document, found = read(text)
    assert found == ()
    table = find_section(document.root, "rules")
    assert isinstance(table, Array)
    return table


@pytest.mark.parametrize("text", [TABLE, LIST])
@pytest.mark.parametrize("tail", ["", "\n", "\nname: p\n", "\r\n"])
def test_rows_go_and_move(text: str, tail: str) -> None:
    whole = text.replace("\n", "\r\n") if tail == "\r\n" else text
    source = SourceText.of("p", whole + tail)
    table = table_of(source)
    random = Random(1)
    for _ in range(12):
        gone = set(random.sample(range(3), random.randrange(1, 3)))
        edits = without_rows(table, gone, source)
        changed, applied = apply_fixes(source, [Fix("", edits)])
        assert applied
        left = table_of(SourceText.of("p", changed)).items
        assert left == tuple(one for at, one in enumerate(table.items) if at not in gone)
        order = random.sample(range(3), 3)
        edit = reordered(table, order, source)
        assert edit is not None
        changed, _ = apply_fixes(source, [Fix("", (edit,))])
        moved = table_of(SourceText.of("p", changed)).items
        assert moved == tuple(table.items[at] for at in order)
        assert changed.count("# of two") == 1


def test_a_text_settles_or_is_left_after_some_rounds() -> None:
    source = SourceText.of("p", "a")

    settled = settle_text(source, lambda _text: ())

    assert settled.text is source
    assert settled.applied == ()

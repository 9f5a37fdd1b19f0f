"""The numbers of rows in the headers of a policy's tables, put right after a row came.

Owns: the edits. Must not know: why rows come. Truth: docs/language.md, 2.
"""

from __future__ import annotations

from nectarc.diagnostic import Edit, Fix
from nectarc.fixes import apply_fixes
from nectarc.semantics.toon_edits import find_section
from nectarc.source import SourceText
from nectarc.toon import read
from nectarc.toon.document import Array


def with_counts(text: str, file: str) -> str:
    """Return the text with the numbers of rows that its tables of rules and invariants have."""
    source = SourceText.of(file, text)
    edits = count_edits(source)
    return apply_fixes(source, [Fix("", edits)])[0] if edits else text


def count_edits(source: SourceText) -> tuple[Edit, ...]:
    """Return the edits that put the counts of `rules` and `invariants` right."""
    document, _ = read(source)
    found: list[Edit] = []
    for section in ("rules", "invariants"):
        array = find_section(document.root, section)
        if not isinstance(array, Array):
            continue
        written = source.text[array.length_source.start : array.length_source.end]
        if written != str(len(array.items)):
            found.append(Edit(array.length_source, str(len(array.items))))
    return tuple(found)

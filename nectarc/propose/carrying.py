"""What people added to a policy, carried over to one that was drafted anew: comments, tests.

Owns: finding them, putting them where they belong. Must not know: engines, intents.
Truth: docs/intent.md, "Refining". Rules, fields and invariants are the draft's own; a test that
names a rule which is gone cannot be carried over, and that is said.
"""

from __future__ import annotations

from typing import Final

from nectarc.checking import check_text
from nectarc.formatting import format_text
from nectarc.intent.policy_text import without_head
from nectarc.semantics.toon_edits import find_section
from nectarc.source import SourceText
from nectarc.syntax.policy import policy_object
from nectarc.toon import read
from nectarc.toon.document import Array, ObjectForm

_TESTS: Final = "tests"


def carried_over(old: SourceText, text: str) -> tuple[str, tuple[str, ...]]:
    """Return `text` with the comments above the old policy and its tests, and what was left out."""
    new = SourceText.of(old.file, text)
    tests = _tests_of(old)
    notes: tuple[str, ...] = ()
    if tests and find_section(read(new)[0].root, _TESTS) is None:
        whole = _formatted(_with_tests(new, tests))
        if check_text(whole).has_errors:
            notes = ("the tests of the old policy do not fit the new rules, and are left out",)
        else:
            new = whole
    lines = new.text.split("\n")
    above = [line for line in _above(old) if line not in lines]
    return "\n".join([*above, *lines]), notes


def _tests_of(old: SourceText) -> list[str]:
    """Return the lines of the section `tests`, without its own indentation."""
    document, _ = read(old)
    found = find_section(document.root, _TESTS)
    policy = policy_object(document.root)
    if not isinstance(found, Array) or policy is None:
        return []
    lines = old.text[_line_start(old, found.header.start) :].split("\n")
    indent = len(lines[0]) - len(lines[0].lstrip(" "))
    section = [lines[0]]
    for line in lines[1:]:
        if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
            break
        section.append(line)
    while not section[-1].strip():
        section.pop()
    return [line[indent:].rstrip("\r") for line in section]


def _with_tests(new: SourceText, tests: list[str]) -> str:
    policy = policy_object(read(new)[0].root)
    assert policy is not None  # a draft that was judged
    if policy.form is not ObjectForm.RECORD:
        return "\n".join([new.text.rstrip("\n"), "", *tests, ""])
    head = policy.entries[-1].key.source.end
    text = f"{new.text[:head]},{_TESTS}{new.text[head:]}"
    return "\n".join([text.rstrip("\n"), *(f"  {line}".rstrip() for line in tests), ""])


def _above(old: SourceText) -> list[str]:
    """Return the comments at the top of the file that are not its head's."""
    found: list[str] = []
    for line in without_head(old.text).split("\n"):
        if not line.startswith("#"):
            break
        found.append(line.rstrip("\r"))
    return found


def _formatted(text: str) -> SourceText:
    formatted = format_text(SourceText.of("", text)).text
    return SourceText.of("", text if formatted is None else formatted)


def _line_start(text: SourceText, offset: int) -> int:
    return text.text.rfind("\n", 0, offset) + 1

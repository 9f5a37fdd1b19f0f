"""The examples of docs/language.md and of the pages of codes: they do what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from nectarc.checking import check_text
from nectarc.codes import CODES
from nectarc.source import SourceText
from tests.shared_data import ROOT

DOCS: Final = ROOT / "docs"
_BLOCK: Final = re.compile(r"^```(\S+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECTION: Final = re.compile(r"(?:rules|fields|invariants|tests|name|budget_per_second)\b")
_RULES: Final = "rules[1]{name,match,action,priority}:\n  rest,true,keep,0\n"


class Block(NamedTuple):
    """A fenced block: its language, the words behind it, its text, the line it begins at."""

    language: str
    words: str
    text: str
    line: int

    @property
    def codes(self) -> set[str]:
        return set(re.findall(r"NEC\d{3}", self.words))


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = [
        Block(one[1], one[2].strip(), one[3], text.count("\n", 0, one.start()) + 1)
        for one in _BLOCK.finditer(text)
    ]
    assert text.count("\n```") + text.startswith("```") == 2 * len(found), "a block is not closed"
    return found


def codes_of(policy: str) -> list[str]:
    checked = check_text(SourceText.of("policy.toon", policy))
    return [one.code for one in checked.diagnostics]


def policy_of(match: str) -> str:
    cell = match.replace("\\", "\\\\").replace('"', '\\"')
    header = "version: 1\nrules[2]{name,match,action,priority}:\n"
    return f'{header}  a-rule,"{cell}",keep,10\n  rest,true,sample(1/100),0\n'


LANGUAGE: Final = blocks(DOCS / "language.md")
POLICIES: Final = [block for block in LANGUAGE if block.language == "toon"]
MATCHES: Final = [
    (block.line, line)
    for block in LANGUAGE
    if block.language == "match"
    for line in block.text.splitlines()
]


@pytest.mark.parametrize("block", POLICIES, ids=lambda block: f"line{block.line}")
def test_a_policy_of_the_reference_checks_as_marked(block: Block) -> None:
    found = codes_of(block.text)

    if block.words.startswith("wrong"):
        assert block.codes, "say which code it gets"
        assert set(found) == block.codes
    else:
        assert block.words == ""
        assert found == []


@pytest.mark.parametrize(("line", "match"), MATCHES)
def test_a_match_of_the_reference_checks_clean(line: int, match: str) -> None:
    assert line > 0
    assert codes_of(policy_of(match)) == []


def test_the_reference_has_examples_of_both_kinds() -> None:
    wrong = [block for block in POLICIES if block.words.startswith("wrong")]

    assert len(POLICIES) - len(wrong) >= 5
    assert len(wrong) >= 4
    assert len(MATCHES) >= 5


def test_codes_named_in_the_docs_exist() -> None:
    named = {
        (page.name, code)
        for page in [*DOCS.glob("*.md"), *(DOCS / "decisions").glob("*.md"), ROOT / "README.md"]
        for code in re.findall(r"NEC\d{3}", page.read_text(encoding="utf-8"))
    }

    assert sorted((page, code) for page, code in named if code not in CODES) == []


# ---- pages of codes

# Findings that need more than one text: why `check_text` alone cannot show them.
NEEDS_MORE: Final = {
    "NEC116": "needs a corpus (tests/unit/semantics/test_code_pages.py gives it one)",
    "NEC117": "needs a corpus (tests/unit/semantics/test_code_pages.py gives it one)",
    "NEC003": "a hundred levels do not fit on a page",
    "NEC004": "a line of a million characters does not fit on a page",
    "NEC028": "a thousand mistakes do not fit on a page",
    "NEC029": "a million values do not fit on a page",
    "NEC056": "64 parentheses do not fit on a page",
    "NEC057": "a cell of a million characters does not fit on a page",
}


class PageExample(NamedTuple):
    """The examples of a page under a heading or word, "Wrong" or "Right"."""

    code: str
    wrong: tuple[str, ...]
    right: tuple[str, ...]


def page_examples() -> Iterator[PageExample]:
    for page in sorted((DOCS / "codes").glob("NEC*.md")):
        code = page.stem
        if not ("NEC000" <= code < "NEC300"):
            continue  # later stages: lowering, files, traces, safety, rules files
        text = page.read_text(encoding="utf-8")
        parts = re.split(r"^(?:## )?(Wrong|Right)\b[^\n]*$", text, flags=re.MULTILINE)
        named = list(zip(parts[1::2], parts[2::2], strict=True))
        yield PageExample(
            code,
            tuple(block for word, part in named if word == "Wrong" for block in toon_of(part)),
            tuple(block for word, part in named if word == "Right" for block in toon_of(part)),
        )


def toon_of(part: str) -> Iterator[str]:
    yield from (one[3] for one in _BLOCK.finditer(part) if one[1] == "toon")


def whole(text: str) -> str:
    """Make a policy of a fragment: a version before its sections, a fallback where none is."""
    if "nectar_policy" in text or "version" in text or not _SECTION.match(text):
        return text
    return "version: 1\n" + text + ("" if re.search(r"^rules\b", text, re.MULTILINE) else _RULES)


PAGES: Final = [page for page in page_examples() if page.code not in NEEDS_MORE]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_wrong_example_of_a_page_gets_its_code(page: PageExample) -> None:
    assert page.wrong, "a page shows a wrong example in TOON"
    for text in page.wrong:
        assert page.code in {*codes_of(text), *codes_of(whole(text))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_right_example_of_a_page_does_not_get_its_code(page: PageExample) -> None:
    assert page.right, "a page shows a right example in TOON"
    for text in page.right:
        assert page.code not in codes_of(whole(text))


@pytest.mark.parametrize("code", sorted(NEEDS_MORE))
def test_what_is_left_out_here_is_a_code(code: str) -> None:
    assert code in CODES

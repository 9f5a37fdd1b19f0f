"""Pages that show what the compiler writes: each policy on them is compiled again.

`python -m tests.unit.docs.test_compiled_examples` writes the outcomes into the pages.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.pipeline import ALL_ASSUMPTIONS, Compiled, CompileOptions, Source, compile_sources
from nectarc.source import SourceText
from tests.shared_data import ROOT

PAGES: Final = (ROOT / "docs" / "lowering.md", ROOT / "docs" / "lock.md", ROOT / "README.md")
OUTCOMES: Final = frozenset({"yaml", "json", "assumptions", "refusal", "variants"})
_BLOCK: Final = re.compile(r"^```(\S+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Shown(NamedTuple):
    """What the page shows below a policy: `kind` of the block, its words, its text."""

    kind: str
    words: str
    text: str


class Example(NamedTuple):
    """A policy, how it is compiled, and what is shown of the outcome."""

    page: str
    line: int
    mode: str
    policy: str
    shown: tuple[Shown, ...]


def read_examples(page: Path) -> list[Example]:
    text = page.read_text(encoding="utf-8")
    found: list[Example] = []
    for block in _BLOCK.finditer(text):
        kind, words, body = block[1], block[2].strip(), block[3]
        if kind == "toon":
            line = text.count("\n", 0, block.start()) + 1
            found.append(Example(page.name, line, words, body, ()))
        elif kind in OUTCOMES:
            last = found.pop()
            found.append(last._replace(shown=(*last.shown, Shown(kind, words, body))))
    return found


def compiled(example: Example) -> Compiled:
    options = CompileOptions(
        assume=frozenset() if example.mode == "strict" else ALL_ASSUMPTIONS,
        keep_more=example.mode == "keep-more",
    )
    source = Source("__default__", SourceText.of("policy.toon", example.policy), "policy.toon")
    return compile_sources([source], options)


def outcome(kind: str, words: str, result: Compiled) -> str:
    match kind, words:
        case "yaml", "":
            assert result.rules is not None
            return result.rules
        case "yaml", "rules":
            assert result.rules is not None
            return textwrap.dedent(result.rules.split("      Rules:\n", 1)[1])
        case "json", _:
            assert result.lock is not None
            return result.lock
        case "assumptions", _:
            lowered = result.environments[0].lowered
            assert lowered is not None
            said = (f"{one.kind} {one.field} {one.type}".rstrip() for one in lowered.assumptions)
            return "".join(f"{line}\n" for line in said)
        case "refusal", _:
            assert result.rules is None
            refusal = refusal_of(result)
            return f"{refusal.code}: {refusal.headline}\n  {refusal.label}\n"
        case "variants", _:
            titles = (fix.title.split(" (differs on")[0] for fix in refusal_of(result).fixes)
            return "".join(f"{title}\n" for title in titles)
        case _:
            raise AssertionError(f"no test reads a block `{kind} {words}`")


def refusal_of(result: Compiled) -> Diagnostic:
    (refusal,) = (one for one in result.diagnostics if one.severity is Severity.ERROR)
    return refusal


EXAMPLES: Final = [example for page in PAGES for example in read_examples(page)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.page}:{one.line}")
def test_a_page_shows_what_the_compiler_writes(example: Example) -> None:
    result = compiled(example)

    assert example.shown, "show what becomes of the policy"
    for shown in example.shown:
        assert outcome(shown.kind, shown.words, result) == shown.text


def test_the_pages_show_every_kind_of_outcome() -> None:
    kinds = {shown.kind for example in EXAMPLES for shown in example.shown}

    assert kinds == OUTCOMES
    assert {example.mode for example in EXAMPLES} == {"", "strict", "keep-more"}


def rewritten(page: Path) -> str:
    """Return the page with every outcome as the compiler has it now."""
    outcomes = iter(
        [
            f"```{one.kind}{' ' * bool(one.words)}{one.words}\n"
            f"{outcome(one.kind, one.words, compiled(example))}```"
            for example in read_examples(page)
            for one in example.shown
        ]
    )
    text = page.read_text(encoding="utf-8")
    return _BLOCK.sub(lambda one: next(outcomes) if one[1] in OUTCOMES else one[0], text)


if __name__ == "__main__":
    for shown_on in PAGES:
        shown_on.write_text(rewritten(shown_on), encoding="utf-8")

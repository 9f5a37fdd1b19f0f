"""The TextMate grammar against the parser: both must see the same things at the same places."""

from __future__ import annotations

import functools
import json
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import pytest

from nectarc.checking import check_text
from nectarc.cli.main import main
from nectarc.formatting import format_text
from nectarc.records import field_names
from nectarc.source import SourceSpan, SourceText
from nectarc.syntax import ast
from tests.bench.varied_policy import varied_policy
from tests.editors.vscode_tools import EXTENSION, ROOT, needs_scripts, run_script
from tests.shared_data import SHARED, requires_shared

SHOP = (ROOT / "examples" / "shop" / "policy.toon").read_text()
MOST_KINDS = """# all that a policy may hold
version: 1
name: everything
budget_per_second: 5000
fields[2]:
  - name: method
    type: string
    from[2]: http.request.method,http.method
  - name: wait
    type: duration_us
    from: app.queue.wait
rules[5|]{name|match|action|priority}:
  writes|method in ['POST', 'PUT']|sample(1/10)|20
  # a comment between rows
  long-waits|any(wait > 1m30s && !(service == 'batch'))|keep|10
  named|root.`app tenant` not in ["a", 'b'] && has_root && span_count > 100|drop|9
  texts|exists(error) && none(name starts_with '/int' && is_root)|sample(0.5)|8
  rest|true|ema_dynamic(goal_sample_rate: 20, fields: [http.route, root.`x y`])|0
invariants[1]{name,when,require}:
  failed,any(service == 'payments' && http.status >= 500),share >= 0.5
"""
QUOTED = """version: 1
rules[3]{name,description,match,action,priority}:
  a,"all, in any order","any(http.status in [500, 502] && duration > 2.5s)",keep,2
  "b,c",none of it,"name == \\"G, x\\" || error","dynamic(sample_rate: 2, fields: [name, error])",1
  rest,,true,sample(1/100),0
"""
LISTS = """version: 1
rules[2]:
  - name: a
    match: "any(http.status in [500, 502] && duration > 2.5s)"
    action: keep
    priority: 2
  - name: rest
    match: true
    action: sample(1/100)
    priority: 0
"""


def tokens(*texts: str) -> list[list[list[tuple[str, str, list[str]]]]]:
    """Return the lines of each text; of each piece its text, its innermost scope and all."""
    needs_scripts()
    done = run_script("grammar.mjs", input_text=json.dumps(texts))
    assert done.returncode == 0, done.stderr
    found: list[list[list[tuple[str, str, list[str]]]]] = json.loads(done.stdout)
    return found


@functools.cache
def _starts(text: str) -> list[int]:
    return [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]


class Coloured:
    """The scope of each character of a text."""

    def __init__(self, text: str, lines: list[list[tuple[str, str, list[str]]]]) -> None:
        self.text = text
        self.scopes: dict[tuple[int, int], str] = {}
        for number, (line, found) in enumerate(zip(text.split("\n"), lines, strict=True)):
            at = 0
            for piece, scope, _ in found:
                at = line.index(piece, at)
                for column in range(at, at + len(piece)):
                    self.scopes[number, column] = scope
                at += len(piece)

    def of(self, source: SourceSpan) -> list[str]:
        """Return the scopes of the characters of a place, blanks left out."""
        found = []
        for offset in range(source.start, source.end):
            line = bisect_right(_starts(self.text), offset) - 1
            scope = self.scopes.get((line, offset - _starts(self.text)[line]))
            if scope is not None and not self.text[offset].isspace():
                found.append(scope)
        return found


def nodes(value: object) -> Iterator[object]:
    """Yield every record within a syntax tree."""
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    names = field_names(value)
    if names:
        yield value
    for name in names:
        yield from nodes(getattr(value, name))


def expected(node: object) -> tuple[SourceSpan, tuple[str, ...]] | None:
    """Return what a node's characters are coloured as; None where its parts say it."""
    match node:
        case ast.FieldName():
            return node.source, ("variable.other.field", "variable.language.root", "source", "meta")
        case ast.NumberLiteral():
            return node.source, ("constant.numeric",)
        case ast.DurationLiteral():
            return node.source, ("constant.numeric.duration", "keyword.other.unit")
        case ast.StringLiteral():
            return node.source, ("string.quoted", "constant.character.escape")
        case ast.HasRoot() | ast.IsRoot():
            return node.source, ("variable.language",)
        case ast.Constant():
            return node.source, ("constant.language",)
        case ast.Action():
            return node.name_source, ("support.function.action",)
        case ast.Rule():
            return node.name.source, ("entity.name.function.rule", "string", "punctuation")
        case _:
            return None


def disagreements(text: str, lines: list[list[tuple[str, str, list[str]]]]) -> list[str]:
    """Return where the grammar sees something else than the parser."""
    written = check_text(SourceText.of("policy.toon", text)).written
    assert written is not None
    coloured = Coloured(text, lines)
    wrong, places = [], 0
    for node in nodes(written):
        wanted = expected(node)
        if wanted is None:
            continue
        source, scopes = wanted
        places += 1
        others = {scope for scope in coloured.of(source) if not scope.startswith(scopes)}
        if others:
            wrong.append(
                f"{text[source.start : source.end]!r} is {sorted(others)}, not {scopes[0]}"
            )
    assert places > 2
    return wrong


@pytest.mark.parametrize(
    "text", [SHOP, MOST_KINDS, QUOTED, LISTS], ids=["shop", "kinds", "quoted", "lists"]
)
def test_the_grammar_sees_what_the_parser_sees(text: str) -> None:
    assert not check_text(SourceText.of("policy.toon", text)).has_errors
    (lines,) = tokens(text)

    assert disagreements(text, lines) == []


def test_two_hundred_rules() -> None:
    text = format_text(SourceText.of("policy.toon", varied_policy(200))).text
    assert text is not None
    (lines,) = tokens(text)

    assert disagreements(text, lines) == []


@requires_shared
@pytest.mark.parametrize("history", ["instantdb", "raas-hnytest"])
def test_policies_imported_from_real_rules(history: str, tmp_path: Path) -> None:
    rules = sorted((SHARED / "data" / "rules" / "v2").glob(f"{history}_*.yaml"))
    for path in rules:
        assert main(["import", str(path), "-o", str(tmp_path / path.stem), "--unproven", "-q"]) == 0
    texts = [path.read_text() for path in sorted(tmp_path.rglob("*.toon"))]
    assert texts

    wrong = [
        one
        for text, lines in zip(texts, tokens(*texts), strict=True)
        for one in disagreements(text, lines)
    ]

    assert wrong == []


def test_other_toon_is_coloured_as_toon() -> None:
    text = (
        "users[2]{id,name,note}:\n  1,Ada,all in good time\n  2,Bob,null\nmeta:\n  tags[2]: a,b\n"
    )
    (lines,) = tokens(text)

    scopes = {scope for line in lines for _, scope, _ in line}
    assert not {one for one in scopes if one.startswith(("keyword.operator", "support.function"))}
    assert [scope for _, scope, _ in lines[1]] == [
        "constant.numeric",
        "punctuation.separator.cell",
        "string.unquoted",
        "punctuation.separator.cell",
        "string.unquoted",
    ]


def test_the_grammar_is_what_its_script_writes() -> None:
    needs_scripts()
    script = "import('./scripts/grammar.mjs').then((made) => process.stdout.write(made.text))"

    made = run_script("-e", script, cwd=EXTENSION)

    assert made.stdout == (EXTENSION / "syntaxes" / "toon.tmLanguage.json").read_text()

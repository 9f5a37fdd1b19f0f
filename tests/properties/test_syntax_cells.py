"""Laws of the readers of cells: the grammar, the printer and the places agree; nothing raises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nectarc.records import field_names
from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.syntax.parser import parse_action, parse_match, parse_match_text, parse_require
from nectarc.syntax.tree_text import format_action, format_expr
from nectarc.toon.document import Scalar
from tests.strategies import actions, expressions, grammar_text, mutated

_MATCHES = grammar_text("match", "match")


def _cell(text: str) -> Scalar:
    return Scalar(value=text, text=text, source=SourceSpan("p", 0, len(text)))


def _nodes(node: object) -> Iterator[object]:
    if isinstance(node, tuple) and not hasattr(node, "_fields"):
        for item in node:
            yield from _nodes(item)
    elif field_names(node):
        yield node
        for name in field_names(node):
            if name != "source":
                yield from _nodes(getattr(node, name))


# Drawing from a grammar is slow on a busy machine, which says nothing about the reader.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(_MATCHES)
def test_what_the_grammar_makes_is_read_without_findings(text: str) -> None:
    tree, found = parse_match_text(text, "p")

    assert found == ()
    assert not isinstance(tree, ast.InvalidExpr)


@pytest.mark.parametrize("start", ["action", "require"])
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_what_the_action_grammar_makes_is_read(start: str, data: st.DataObject) -> None:
    text = data.draw(grammar_text("action", start))
    reader = parse_action if start == "action" else parse_require

    tree, found = reader(_cell(text))

    # A share beyond 1, or required with `==`, is grammar all the same.
    assert {finding.code for finding in found} <= {"NEC076"}
    assert tree is not None


@given(expressions())
def test_a_printed_match_reads_back_equal(tree: ast.Expr) -> None:
    text = format_expr(tree)

    again, found = parse_match_text(text, "p")

    assert found == ()
    assert again == tree
    assert format_expr(again) == text


@given(actions())
def test_a_printed_action_reads_back_equal(tree: ast.Action) -> None:
    text = format_action(tree)

    again, found = parse_action(_cell(text))

    assert found == ()
    assert again == tree


@given(_MATCHES)
def test_the_text_at_the_place_of_a_node_reads_as_that_node(text: str) -> None:
    tree, _ = parse_match_text(text, "p")

    for node in _nodes(tree):
        source = getattr(node, "source", None)
        if not isinstance(source, SourceSpan):
            continue
        piece = text[source.start : source.end]
        if isinstance(node, ast.FieldName):
            again, _ = parse_match_text(piece, "p")
            assert isinstance(again, ast.BareTest)
            assert again.field == node
        elif isinstance(node, ast.Literal):
            again, _ = parse_match_text(f"a == {piece}", "p")
            assert isinstance(again, ast.CompareTest)
            assert again.literal == node
        else:
            assert parse_match_text(piece, "p") == (node, ())


@given(mutated(_MATCHES) | st.text(max_size=60))
def test_any_text_is_read_or_reported_in_place(text: str) -> None:
    for reader in (parse_match, parse_action, parse_require):
        tree, found = reader(_cell(text))

        assert found or (tree is not None and not isinstance(tree, ast.InvalidExpr))
        for finding in found:
            assert 0 <= finding.source.start <= finding.source.end <= len(text)
            assert finding.headline == finding.headline.strip()
            assert "\n" not in finding.headline
            assert not finding.headline.endswith(".")


@given(mutated(_MATCHES))
def test_safe_fixes_end_in_a_text_without_them(text: str) -> None:
    for _ in range(40):
        _, found = parse_match_text(text, "p")
        edits = [fix.edits for finding in found for fix in finding.fixes if fix.is_safe]
        if not edits:
            return
        for edit in sorted(edits[0], key=lambda one: -one.source.start):
            text = text[: edit.source.start] + edit.text + text[edit.source.end :]

    raise AssertionError(text)

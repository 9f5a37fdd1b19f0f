"""Laws of the reader and the printer of TOON."""

from __future__ import annotations

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from nectarc.diagnostic import Edit
from nectarc.source import SourceText
from nectarc.toon import encode, print_document, read, to_value
from nectarc.toon import tokens as t
from nectarc.toon.document import Array, Entry, Invalid, Key, Node, Object, Scalar
from nectarc.toon.lexer import Lexer
from nectarc.toon.mistakes import Mistakes
from tests.toon.strategies import TOON, record_texts

ANY_TOON = TOON | record_texts()
_SIGNS = {
    t.COLON: ":",
    t.DASH: "-",
    t.LSQB: "[",
    t.RSQB: "]",
    t.LBRACE: "{",
    t.RBRACE: "}",
    t.KEYED: ":",
    t.EMPTY: "[]",
}


def source_of(text: str) -> SourceText:
    return SourceText.of("a.toon", text)


def is_readable(text: str) -> bool:
    return not read(source_of(text))[1]


@given(text=ANY_TOON | st.text(max_size=60))
@example(text='a: "\\')
@example(text="- \n- [1]:\n  \t- x")
@example(text="\ufeff")
@settings(deadline=None)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    document, diagnostics = read(source_of(text))

    for diagnostic in diagnostics:
        assert 0 <= diagnostic.source.start <= diagnostic.source.end <= len(text) + 40
        assert diagnostic.headline
        assert "\n" not in diagnostic.headline
    to_value(document.root)


@given(text=ANY_TOON)
@settings(deadline=None)
def test_only_a_text_with_diagnostics_has_unreadable_parts(text: str) -> None:
    document, diagnostics = read(source_of(text))

    assert diagnostics or not any(isinstance(node, Invalid) for node in nodes(document.root))


@given(text=ANY_TOON)
@settings(deadline=None)
def test_every_token_is_what_the_file_says(text: str) -> None:
    tokens = tuple(Lexer(source_of(text), Mistakes("a.toon")).run())
    assume(is_readable(text))

    end = 0
    for token in tokens:
        written = text[token.start : token.end]
        assert token.start >= end
        end = token.end
        if token.kind in _SIGNS:
            assert written == _SIGNS[token.kind]
        elif token.kind in (t.INDENT, t.DEDENT, t.NEWLINE):
            assert not written
        elif token.kind == t.LENGTH:
            assert written == str(token.value)
        elif token.kind in (t.DELIM, t.MARK):
            assert written in {",", "|", "\t"}
        elif isinstance(token.value, Key) and not token.value.is_quoted:
            assert written == token.value.text


@given(text=ANY_TOON)
@settings(deadline=None)
def test_the_places_of_a_text_are_where_it_is_written(text: str) -> None:
    document, _ = read(source_of(text))

    for node in nodes(document.root):
        if isinstance(node, Scalar):
            for index, char in enumerate(node.text):
                span = node.span_of(index, index + 1)
                written = text[span.start : span.end]
                assert written == char or written.startswith("\\")
            whole = node.span_of(0, len(node.text))
            quotes = 1 if node.is_quoted else 0
            assert whole.start == node.source.start + quotes
            assert whole.end == node.source.end - quotes


@given(text=ANY_TOON)
@example(text="# a\n\n\nr[1]{a}:\n  # b\n  1\n    # c\n\n# d\n\nx: 1\n\n# e\n\n")
@example(text="\ufeff\ufeffa{b}:\n  1")
@settings(deadline=None)
def test_printing_keeps_data_and_comments_and_is_idempotent(text: str) -> None:
    assume(is_readable(text))
    document, _ = read(source_of(text))

    printed = print_document(document)

    again, diagnostics = read(source_of(printed))
    assert diagnostics == ()
    assert again.root == document.root
    assert [comment.text for comment in again.comments] == [
        comment.text for comment in document.comments
    ]
    assert print_document(again) == printed


@given(text=ANY_TOON)
@settings(deadline=None)
def test_safe_fixes_of_different_places_can_be_applied_together(text: str) -> None:
    _, diagnostics = read(source_of(text))

    edits = {edit for d in diagnostics for fix in d.fixes if fix.is_safe for edit in fix.edits}
    apply(text, sorted(edits, key=lambda edit: edit.source.start))


@given(value=st.recursive(st.integers() | st.text(), lambda v: st.lists(v, max_size=3)))
@settings(deadline=None)
def test_what_is_encoded_reads_back(value: str | int | list[str]) -> None:
    text = encode(value)

    document, diagnostics = read(source_of(text))

    assert diagnostics == ()
    assert encode(to_value(document.root)) == text


def apply(text: str, edits: list[Edit]) -> str:
    """Apply edits in order; fail where two of them overlap."""
    parts: list[str] = []
    end = 0
    for edit in edits:
        assert edit.source.start >= end
        parts += [text[end : edit.source.start], edit.text]
        end = edit.source.end
    return "".join(parts) + text[end:]


def nodes(root: Node) -> list[Node]:
    """Return all nodes of a tree."""
    found: list[Node] = []
    todo: list[Node] = [root]
    while todo:
        node = todo.pop()
        found.append(node)
        if isinstance(node, Array):
            todo += node.items
        elif isinstance(node, Object):
            entries: tuple[Entry, ...] = node.entries
            todo += [entry.value for entry in entries]
    return found

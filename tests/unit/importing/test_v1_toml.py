"""TOML with places: the values are those of `tomllib`, the places name what is written there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nectarc.importing.v1_toml import TomlProblem, parse_toml
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.refinery.yaml_scalars import Timestamp
from nectarc.source import SourceText
from nectarc.trace import Uint64

LINES: Final = (
    "# a comment with [a table] and key = 1",
    'top = "a # no comment" # one',
    "'quoted key' = 'it'",
    '"esc\\u0041" = """',
    "two lines \\",
    '   joined "quoted\\""""',
    "lines = '''",
    "raw 'x' '''",
    "a.b . c = -1_000",
    "numbers = [ 1, 2.5, 0x1F, # inside",
    "  +inf, nan, 1e3,",
    "]",
    "when = 1979-05-27 07:32:00",
    "inline = { x = 1, y = [ {z = true}, { } ] }",
    "big = 99999999999999999999",
    '[ table . "with space" ]',
    '  k = ""',
    "[[list]]",
    "n = 1",
    "[[list.inner]]",
    "m = 2",
    "[list.inner.deep]",
    "d = false",
    "[[list]]",
    "n = 2",
    "",
)
EVERYTHING: Final = "\n".join(LINES)


def tree_of(text: str) -> YamlMapping:
    found = parse_toml(SourceText.of("rules.toml", text))
    assert isinstance(found, YamlMapping)
    return found


def plain(node: YamlNode) -> object:
    match node:
        case YamlMapping():
            return {key.text: plain(value) for key, value in node.entries}
        case YamlSequence():
            return [plain(item) for item in node.items]
        case YamlScalar(value=Timestamp(text=text)):
            return text
        case YamlScalar(value=Uint64(value=number)):
            return number
        case YamlScalar():
            return node.value


def nodes_of(node: YamlNode) -> Iterator[YamlNode]:
    yield node
    children: tuple[YamlNode, ...] = ()
    if isinstance(node, YamlMapping):
        children = tuple(one for key, value in node.entries for one in (key, value))
    if isinstance(node, YamlSequence):
        children = node.items
    for child in children:
        yield from nodes_of(child)


def as_read(value: object) -> object:
    """What `tomllib` says, in the forms of the tree."""
    if isinstance(value, dict):
        return {key: as_read(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_read(one) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return value % 2**64
    return value if isinstance(value, bool | int | float | str) else str(value)


def test_the_values_are_those_of_tomllib() -> None:
    assert repr(plain(tree_of(EVERYTHING))) == repr(as_read(tomllib.loads(EVERYTHING)))


def test_scalars_and_keys_stand_where_they_are_written() -> None:
    text = "a = 1\n[t]\n  key = 'v' # c\n  nested.name = [ 5 ]\n[[t.list]]\n"
    tree = tree_of(text)
    seen = {text[n.source.start : n.source.end] for n in nodes_of(tree) if n.source.file}

    assert {"a", "1", "t", "key", "'v'", "nested", "name", "[ 5 ]", "5", "[[t.list]]"} <= seen
    assert {n.line for n in nodes_of(tree) if isinstance(n, YamlScalar)} == {1, 2, 3, 4, 5}


def test_a_byte_order_mark_and_crlf_keep_the_places() -> None:
    text = "\ufeffa = 1\r\n[t]\r\nb = 'x'\r\n"
    scalars = [n for n in nodes_of(tree_of(text)) if isinstance(n, YamlScalar)]

    assert [text[n.source.start : n.source.end] for n in scalars] == ["a", "1", "t", "b", "'x'"]


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [
        ("a = 1\nb = \n", (2, 5), "value"),
        ("a = 1\na = 2\n", (2, 6), "overwrite"),
        ("[t]\n[t]\n", (2, 3), "declare"),
        ("a = 'x", (1, 7), "'"),
        ("a = [1,\n", (1, 8), "invalid value"),
    ],
)
def test_what_is_no_toml_is_said_with_its_place(text: str, at: tuple[int, int], word: str) -> None:
    source = SourceText.of("rules.toml", text)
    found = parse_toml(source)

    assert isinstance(found, TomlProblem)
    assert word in found.message
    assert " at line" not in found.message
    position = source.position(found.source.start)
    assert position.line == at[0]
    assert abs(position.column - at[1]) <= 1


def test_deep_nesting_is_a_problem_and_no_traceback() -> None:
    for text in ("a = " + "[" * 5000 + "]" * 5000, ".".join("a" * 3000) + " = 1"):
        found = parse_toml(SourceText.of("rules.toml", text))
        assert isinstance(found, TomlProblem)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_change_of_a_text_is_read_as_tomllib_does(data: st.DataObject) -> None:
    text = EVERYTHING
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 4))
        text = text[:at] + data.draw(st.text("[]{}\"'=.,#\n a1\\", max_size=4)) + text[at + cut :]
    found = parse_toml(SourceText.of("rules.toml", text))
    try:
        wanted = tomllib.loads(text)
    except (ValueError, RecursionError):
        assert isinstance(found, TomlProblem)
    else:
        assert isinstance(found, YamlMapping)
        assert repr(plain(found)) == repr(as_read(wanted))

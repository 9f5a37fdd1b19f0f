"""Added settings stand where people write them, with the line ends of the file."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import Fix
from nectarc.fixes import apply_fixes
from nectarc.refinery.yaml_edits import with_setting
from nectarc.refinery.yaml_nodes import YamlMapping
from nectarc.refinery.yaml_tree import parse_yaml
from nectarc.source import SourceText

_MIDDLE = "b:\n  - 2\na: 1\n{}c: |\n  x\n"


@pytest.mark.parametrize(
    ("text", "below", "wanted"),
    [
        pytest.param("a: 1\nb: 2\n", "", "a: 1\nb: 2\nk: v\n", id="at-the-end"),
        pytest.param("a: 1\nb: 2", "", "a: 1\nb: 2\nk: v", id="no-line-end"),
        pytest.param("a: 1\nb: 2\n", "a", "a: 1\nk: v\nb: 2\n", id="below"),
        pytest.param("a: 1  # why\nb: 2\n", "a", "a: 1  # why\nk: v\nb: 2\n", id="comment"),
        pytest.param("a: 1\nb:\n  - 2\n", "", "a: 1\nk: v\nb:\n  - 2\n", id="long-last"),
        pytest.param(_MIDDLE.format(""), "", _MIDDLE.format("k: v\n"), id="middle"),
        pytest.param("b:\n  - 2\n", "", "k: v\nb:\n  - 2\n", id="all-long"),
        pytest.param("b: |\n  2\na: 1\n", "b", "b: |\n  2\na: 1\nk: v\n", id="long-below"),
        pytest.param("a: 1\r\nb: 2\r\n", "", "a: 1\r\nb: 2\r\nk: v\r\n", id="crlf"),
        pytest.param("a: 1\r\nb: 2\r\n", "a", "a: 1\r\nk: v\r\nb: 2\r\n", id="crlf-below"),
        pytest.param("b:\r\n  - 2\r\n", "", "k: v\r\nb:\r\n  - 2\r\n", id="crlf-above"),
        pytest.param("{a: 1}\n", "a", "{a: 1, k: v}\n", id="braces"),
        pytest.param("? a\n: 1\n", "", None, id="question-mark"),
    ],
)
def test_a_setting_is_added(text: str, below: str, wanted: str | None) -> None:
    node, problems = parse_yaml(text, "f.yaml")
    assert isinstance(node, YamlMapping), problems
    source = SourceText.of("f.yaml", text)

    edit = with_setting(source, node, "k", "v", below=below)

    if wanted is None:
        assert edit is None
    else:
        assert edit is not None
        assert apply_fixes(source, [Fix("add", (edit,))])[0] == wanted

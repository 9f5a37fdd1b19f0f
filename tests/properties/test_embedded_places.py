"""Wrapped rules mean what plain ones mean, and every place in them is the same text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import indent

import pytest

from nectarc.refinery.inputs import RulesInput, read_rules_files
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.render.kubernetes import render_configmap, render_helm_values
from tests.fuzz.broken_rules import seeds

WRAPPERS: dict[str, Callable[[str], str]] = {
    "configmap": render_configmap,
    "configmap, CRLF": lambda text: render_configmap(text).replace("\n", "\r\n"),
    "text in helm values": lambda text: "a: 1\nrules: |\n" + indent(text, "   "),
    "list": lambda text: "items:\n- a: 1\n- " + indent(render_configmap(text), "  ").lstrip(),
    "stream": lambda text: "a: é🐝\n---\n" + render_configmap(text),
    "helm values": render_helm_values,
}


def nodes(node: YamlNode) -> Iterator[YamlNode]:
    yield node
    if isinstance(node, YamlSequence):
        for item in node.items:
            yield from nodes(item)
    elif isinstance(node, YamlMapping):
        for entry in node.entries:
            yield entry.key
            yield from nodes(entry.value)


def written(found: RulesInput) -> list[tuple[str, ...]]:
    """Return the text at each node's place, line by line without margins."""
    assert found.loaded.tree is not None
    text = found.parts[0].text.text
    return [
        tuple(line.strip() for line in text[node.source.start : node.source.end].split("\n"))
        for node in nodes(found.loaded.tree)
        if not isinstance(node, YamlScalar) or node.source.end > node.source.start
    ]


def plain_rules() -> list[str]:
    # A second document is none inside a map.
    found = (text for text in seeds() if text.endswith("\n") and "\n---" not in text)
    return [
        text
        for text in found
        if (read := read_rules_files([("r.yaml", text.encode())])).loaded.is_accepted
        and read.parts[0].form == "rules"
    ]


@pytest.mark.parametrize("wrapper", WRAPPERS.values(), ids=WRAPPERS)
def test_each_place_of_wrapped_rules_is_the_text_that_stands_there(
    wrapper: Callable[[str], str],
) -> None:
    texts = plain_rules()
    assert texts
    for text in texts:
        plain = read_rules_files([("r.yaml", text.encode())])

        found = read_rules_files([("r.yaml", wrapper(text).encode())])

        assert found.loaded.rules == plain.loaded.rules, text
        assert found.text is not None
        assert written(found) == written(plain), text

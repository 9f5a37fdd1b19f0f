"""What `lint`, `import` and `diff` read: every form that rules come in, with exact places."""

from __future__ import annotations

import hashlib
import json
from textwrap import indent

import pytest

from nectarc.diagnostic import Fix, Severity
from nectarc.fixes import apply_fixes
from nectarc.refinery.inputs import RulesInput, read_rules_files
from nectarc.refinery.located import locate
from nectarc.refinery.rules import DeterministicConfig
from nectarc.refinery.yaml_edits import replaced
from nectarc.render.kubernetes import render_configmap, render_helm_values

GOOD = """RulesVersion: 2
Samplers:
  __default__:
    DeterministicSampler:
      SampleRate: 10
"""
BAD = GOOD.replace("SampleRate", "SmapleRate")
OTHER = "Samplers:\n  prod: {DeterministicSampler: {SampleRate: 5}}\n"


def read(text: str | bytes, name: str = "rules.yaml") -> RulesInput:
    return read_rules_files([(name, text if isinstance(text, bytes) else text.encode())])


def read_all(*texts: str) -> RulesInput:
    return read_rules_files([(f"{i}.yaml", text.encode()) for i, text in enumerate(texts)])


def underlined(found: RulesInput) -> list[str]:
    """Return the texts that the refusals point to."""
    texts = {part.file: part.text.text for part in found.parts}
    spans = [one.source for one in found.loaded.diagnostics]
    return [texts[span.file][span.start : span.end] for span in spans]


def codes(found: RulesInput) -> list[str]:
    return [one.code for one in (*found.findings, *found.loaded.diagnostics)]


def configmap_list(rules: str) -> str:
    return "apiVersion: v1\nkind: List\nitems:\n- " + indent(render_configmap(rules), "  ").lstrip()


EXACT = {
    "rules": GOOD,
    "helm values": "replicaCount: 3\n" + render_helm_values(GOOD),
    "helm values of a chart above": "refinery:\n" + indent(render_helm_values(GOOD), "  "),
    "a text in helm values": "rules: |\n" + indent(GOOD, "  "),
    "configmap": render_configmap(GOOD),
    "configmap, lines end in CRLF": render_configmap(GOOD).replace("\n", "\r\n"),
    "configmap, margin and chomping are said": render_configmap(GOOD).replace("|", "|2-  # rules"),
    "configmap, an anchor": render_configmap(GOOD).replace("|", "&x !!str |+"),
    "configmap, a comment and blank lines": render_configmap("\n# é 🐝\n\n" + GOOD + "\n\n"),
    "a list of manifests": configmap_list(GOOD),
    "a stream, not the first": "kind: Service\n---\n# second\n" + render_configmap(GOOD) + "---\n",
    "a stream, the first is empty": "# nothing\n---\n---\n" + render_configmap(GOOD),
    "a stream, the first cannot be read": "a: [\n---\n" + render_configmap(GOOD),
    "a byte order mark": "\ufeff" + render_configmap(GOOD),
    "an extension in capitals": GOOD,
}


@pytest.mark.parametrize("text", EXACT.values(), ids=EXACT)
def test_places_are_exact_and_an_edit_at_them_edits_the_file(text: str) -> None:
    found = read(text)
    rate = found.text
    assert rate is not None
    assert found.loaded.rules is not None
    assert found.loaded.tree is not None
    assert found.loaded.rules.samplers == {"__default__": DeterministicConfig(sample_rate=10)}
    (target,) = locate(found.loaded.rules, found.loaded.tree).targets
    assert target.node is not None
    ten = target.node.entries[0].value

    edited, _ = apply_fixes(rate, [Fix("write 77", (replaced(ten, "77"),))])

    assert edited == rate.text.replace(": 10", ": 77")
    assert rate.text == text.removeprefix("\ufeff")
    again = read(edited).loaded.rules
    assert again is not None
    assert again.samplers == {"__default__": DeterministicConfig(sample_rate=77)}


@pytest.mark.parametrize("text", EXACT.values(), ids=EXACT)
def test_a_mistake_is_underlined_where_it_stands(text: str) -> None:
    found = read(text.replace("SampleRate", "SmapleRate"))

    assert underlined(found) == ["SmapleRate", "DeterministicSampler"]


@pytest.mark.parametrize("text", EXACT.values(), ids=EXACT)
def test_a_message_names_lines_of_the_whole_file(text: str) -> None:
    ending = "\r\n" if "\r\n" in text else "\n"
    line = next(line for line in text.splitlines() if "SampleRate" in line)
    broken = text.replace(line, line + ending + line)

    (one,) = read(broken).loaded.diagnostics

    number = 1 + broken.removeprefix("\ufeff").splitlines().index(line)
    assert one.code == "NEC501"
    assert one.headline == f"key `SampleRate` already stands in line {number}"


ROUGH = {
    "quoted": json.dumps({"kind": "ConfigMap", "data": {"rules.yaml": BAD}}, indent=1),
    "folded": render_configmap(BAD.replace("\n", "\n\n")).replace("|", ">"),
    "single quotes": "rules: '{RulesVersion: 2, Samplers:\n  {__default__:"
    " {DeterministicSampler: {SmapleRate: 10}}}}'\n",
}


@pytest.mark.parametrize("text", ROUGH.values(), ids=ROUGH)
def test_in_a_quoted_or_folded_text_places_are_the_text_and_nothing_is_edited(text: str) -> None:
    found = read(text)

    assert codes(found) == ["NEC507", "NEC509"]
    assert found.text is None
    assert not found.parts[0].can_edit
    for words in underlined(found):
        assert words
        assert "\n" not in words


@pytest.mark.parametrize(
    ("text", "form", "where"),
    [
        (GOOD, "rules", ""),
        (render_helm_values(GOOD), "Helm values", "rules"),
        (render_configmap(GOOD), "ConfigMap", "data.rules.yaml"),
        (configmap_list(GOOD), "ConfigMap", "items.0.data.rules.yaml"),
        ("spec:\n  values:\n" + indent(render_helm_values(GOOD), "    "), "Helm values", None),
        ("x:\n" + indent(GOOD, "  "), "YAML", "x"),
    ],
)
def test_the_form_in_which_rules_were_found_is_told(
    text: str, form: str, where: str | None
) -> None:
    (part,) = read(text).parts

    assert part.form == form
    assert where is None or part.where == where


def test_the_hash_is_of_what_refinery_reads() -> None:
    plain = read(GOOD)

    assert plain.loaded.hash == hashlib.md5(GOOD.encode(), usedforsecurity=False).hexdigest()
    assert read(render_configmap(GOOD)).loaded.hash == plain.loaded.hash
    both = hashlib.md5((GOOD + OTHER).encode(), usedforsecurity=False).hexdigest()
    assert read_all(GOOD, OTHER).loaded.hash == both


def test_of_several_rules_the_usual_name_is_read_and_the_rest_is_named() -> None:
    text = render_configmap(BAD).replace("rules.yaml", "old.yaml")
    text += "  rules.yaml: |\n" + indent(GOOD, "    ")

    found = read(text)

    assert found.loaded.is_accepted
    (one,) = found.findings
    assert one.code == "NEC544"
    assert "`data.rules.yaml`" in one.headline
    assert [text[label.source.start : label.source.end] for label in one.related] == ["old.yaml"]


def test_what_the_chart_adds_is_there() -> None:
    found = read("rules:\n  Samplers: {}\n")

    assert found.loaded.rules is not None
    assert found.loaded.rules.samplers == {"__default__": DeterministicConfig(sample_rate=1)}
    assert codes(found) == ["NEC547"]
    assert codes(read("rules: {Samplers: {__default__: {RulesBasedSampler: {}}}}\n")) == []


def test_a_configmap_gets_nothing_from_the_chart() -> None:
    assert codes(read(render_configmap("RulesVersion: 2\nSamplers: {}\n"))) == ["NEC504"]


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("---\nSamplers: {prod: {}}\n", ["NEC541"]),
        ("---\nsomething: else\n", ["NEC541"]),
        ("---\na: [\n", ["NEC541"]),
        ("...\nb: 1\n", ["NEC541"]),
        ("---\n# nothing\n", []),
        ("---\n", []),
        ("...\n", []),
        ("# ---\n", []),
    ],
)
def test_a_second_document_is_told_of_when_it_says_something(
    tail: str, expected: list[str]
) -> None:
    for text in (GOOD + tail, "---\n" + GOOD + tail, "# a\n%YAML 1.2\n---\n" + GOOD + tail):
        found = read(text)

        assert [one.code for one in found.findings] == expected, text
        assert found.loaded.is_accepted


@pytest.mark.parametrize("head", ["a: 1\n", "---\n", "# c\n---\nnull\n", "a: 1\n---\nb: 2\n"])
def test_rules_behind_another_document_are_pointed_to(head: str) -> None:
    text = f"{head}---\n{GOOD}"

    found = read(text)

    assert not found.loaded.is_accepted
    (one,) = found.findings
    assert one.code == "NEC541"
    assert text[one.source.start :] == f"---\n{GOOD}"


def test_a_second_document_inside_a_configmap_is_underlined_in_the_file() -> None:
    text = render_configmap(GOOD + "---\n" + OTHER)

    (one,) = read(text).findings

    assert text[one.source.start : one.source.end] == "---"
    assert one.source.start == text.index("---")
    assert one.severity is Severity.WARNING


def test_json_is_refused_by_refinery_and_read_as_the_yaml_that_it_is() -> None:
    text = json.dumps({"RulesVersion": 2, "Samplers": {"__default__": {"RulesBasedSampler": {}}}})

    found = read(text, "rules.json")

    assert not found.verdict.is_accepted
    assert found.loaded.is_accepted
    assert found.loaded.rules is not None
    assert found.parts[0].form == "JSON"
    (one,) = found.findings
    assert one.code == "NEC511"
    assert text[one.source.start : one.source.end] == "2"
    assert found.text is None


def test_the_same_text_as_yaml_loads() -> None:
    text = json.dumps({"RulesVersion": 2, "Samplers": {"__default__": {"RulesBasedSampler": {}}}})

    assert read(text).verdict.is_accepted
    assert codes(read(text)) == []


def test_json_with_escapes_that_yaml_does_not_take_is_read_without_places() -> None:
    samplers = {"__default__": {"DeterministicSampler": {"SampleRate": 3}}, "🐝": {}}
    text = json.dumps({"RulesVersion": 2, "Samplers": samplers})

    found = read(text, "rules.json")

    assert found.loaded.rules is not None
    assert found.loaded.rules.samplers["__default__"] == DeterministicConfig(sample_rate=3)


def test_a_file_of_a_configmap_is_read_by_its_name() -> None:
    rules = '{"RulesVersion": 2, "Samplers": {"__default__": {"RulesBasedSampler": {}}}}'
    text = render_configmap(rules + "\n")

    assert codes(read(text)) == []
    found = read(text.replace("rules.yaml", "rules.json"))

    assert found.loaded.is_accepted
    assert not found.verdict.is_accepted
    (one,) = found.findings
    assert one.code == "NEC511"
    assert text[one.source.start : one.source.end] == "2"


def test_toml_in_a_configmap_is_read_as_toml() -> None:
    def of(content: str) -> RulesInput:
        return read(render_configmap(content).replace("rules.yaml", "rules.toml"))

    assert codes(of('Sampler = "DynamicSampler"\n')) == ["NEC543"]
    assert codes(of("RulesVersion = 2\n[Samplers.__default__.RulesBasedSampler]\n")) == ["NEC511"]
    broken = of("a = 1\nb = = 2\n")
    assert codes(broken) == ["NEC500"]
    assert underlined(broken) == ["="]


def test_toml_is_refused_and_its_numbers_are_whole() -> None:
    text = "RulesVersion = 2\n[Samplers.__default__.DeterministicSampler]\nSampleRate = 4\n"

    found = read(text, "rules.toml")

    assert not found.verdict.is_accepted
    assert codes(found) == ["NEC511"]
    assert found.loaded.rules is not None
    assert found.loaded.rules.samplers["__default__"] == DeterministicConfig(sample_rate=4)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (GOOD, "rules"),
        ('{"RulesVersion": 2, "Samplers": {"__default__": {"RulesBasedSampler": {}}}}', "JSON"),
        ("{RulesVersion: 2, Samplers: {__default__: {RulesBasedSampler: {}}}}", "rules"),
        ('Sampler = "DeterministicSampler"\nSampleRate = 5\n', "Refinery 1"),
        ("Sampler: DeterministicSampler\n", "Refinery 1"),
        (render_configmap(GOOD), "ConfigMap"),
        (json.dumps({"kind": "ConfigMap", "data": {"rules.yaml": GOOD}}), "ConfigMap"),
    ],
)
@pytest.mark.parametrize("name", ["-", "<stdin>", "/dev/fd/63"])
def test_standard_input_is_known_by_its_text(text: str, form: str, name: str) -> None:
    (part,) = read(text, name).parts

    assert part.form == form
    assert part.file == ("<stdin>" if name == "-" else name)


def test_an_extension_that_refinery_does_not_read_is_told_of() -> None:
    found = read(GOOD, "rules.txt")

    assert not found.verdict.is_accepted
    assert found.loaded.is_accepted
    assert [(one.code, one.headline) for one in found.findings] == [
        ("NEC500", "Refinery reads no `.txt` files")
    ]


@pytest.mark.parametrize(
    ("data", "encoding", "can_edit"),
    [
        (GOOD.encode(), "utf-8", True),
        (b"\xef\xbb\xbf" + GOOD.encode(), "utf-8-sig", True),
        (GOOD.encode("utf-16"), "utf-16", False),
        (b"\xfe\xff" + GOOD.encode("utf-16-be"), "utf-16", False),
    ],
)
def test_encodings_that_refinery_reads(data: bytes, encoding: str, *, can_edit: bool) -> None:
    found = read(data)

    assert found.loaded.is_accepted
    assert found.parts[0].encoding == encoding
    assert found.parts[0].can_edit is can_edit


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [((GOOD + "# é\n").encode("latin-1"), 6, 3), (GOOD.encode("utf-16") + b"x", 1, 1)],
)
def test_what_is_no_text_is_refused_where_it_stops_being_one(
    data: bytes, line: int, column: int
) -> None:
    found = read(data)

    (one,) = found.loaded.diagnostics
    place = found.parts[0].text.position(one.source.start)
    assert (one.code, place.line, place.column) == ("NEC500", line, column)


@pytest.mark.parametrize(
    ("name", "text", "at"),
    [
        ("r.json", '{"RulesVersion": 2,\n "Samplers": }', "}"),
        ("r.toml", "RulesVersion = 2\nSamplers = = 1\n", "= 1"),
    ],
)
def test_syntax_errors_of_json_and_toml_have_a_place(name: str, text: str, at: str) -> None:
    (one,) = read(text, name).loaded.diagnostics

    assert one.source.start == text.rindex(at)
    assert "line" not in one.headline


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n",
        "rules: 5\n",
        "data: {x.yaml: y}\n",
        "- 1\n",
        "",
        "null\n",
        "rules: {Samplers: {a: 5}}\n",
        "rules: [1, 2]\n",
        "data: {rules.yaml: 5}\n",
        ":\n\t",
    ],
)
def test_what_holds_no_rules_is_refused(text: str) -> None:
    found = read(text, "values.yaml")

    assert found.loaded.rules is None
    assert found.loaded.diagnostics

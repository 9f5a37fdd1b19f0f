"""Every word of the language has words, and every example can be read."""

from __future__ import annotations

import pytest

from nectarc.checking import check_text
from nectarc.refinery.metadata import FIELDS, GROUPS, OPERATORS
from nectarc.report import action_words, language_words, refinery_words
from nectarc.semantics.check import check_match
from nectarc.semantics.sampler_parameters import ACTIONS, SAMPLERS
from nectarc.semantics.types import TYPE_NAMES
from nectarc.source import SourceText
from nectarc.syntax.ast import CompareOp, Quantifier, TextOp
from nectarc.syntax.parser import parse_match_text
from nectarc.syntax.policy import SECTIONS, WRAPPER
from nectarc.syntax.rows import FIELDS as FIELD_COLUMNS
from nectarc.syntax.rows import INVARIANTS, RULES, TESTS


def test_every_word_of_the_language_has_a_meaning() -> None:
    columns = {
        (one.section, name) for one in (RULES, FIELD_COLUMNS, INVARIANTS, TESTS) for name in one.all
    }

    assert set(language_words.SECTIONS) == {*SECTIONS, WRAPPER}
    assert set(language_words.COLUMNS) == columns
    assert set(language_words.QUANTIFIERS) == {one.value for one in Quantifier}
    operators = {one.value for one in (*CompareOp, *TextOp)}
    assert set(language_words.OPERATORS) == {*operators, "in", "not in"}
    assert set(language_words.TYPES) == set(TYPE_NAMES)


def test_every_action_and_parameter_has_a_meaning() -> None:
    parameters = {one.name for kind in SAMPLERS.values() for one in kind.parameters}

    assert set(action_words.ACTIONS) == set(ACTIONS)
    assert set(action_words.PARAMETERS) == {*parameters, "fields"}
    for kind in SAMPLERS.values():
        for one in kind.parameters:
            assert action_words.parameter_default(one) or one.is_required, one.name


def test_every_key_and_operator_of_a_rules_file_has_a_meaning() -> None:
    without = {name for name in FIELDS if not refinery_words.key_words(*name.split("."))}

    assert without == set()
    assert all(refinery_words.key_words("", group) for group in GROUPS if group != "Conditions")
    assert all(refinery_words.operator_words(one) for one in OPERATORS)


@pytest.mark.parametrize(
    "table",
    [
        language_words.QUANTIFIERS,
        language_words.PREDICATES,
        language_words.JOINERS,
        language_words.OPERATORS,
    ],
    ids=["quantifiers", "predicates", "joiners", "operators"],
)
def test_every_example_of_a_match_is_one(table: dict[str, language_words.Meaning]) -> None:
    for word, meaning in table.items():
        expression, found = parse_match_text(meaning.example, "example")
        checked = check_match(expression)

        assert found == (), word
        assert checked.match is not None, (word, checked.diagnostics)


def test_every_example_of_an_action_is_one() -> None:
    for name, meaning in action_words.ACTIONS.items():
        text = (
            f'version: 1\nrules[1]{{name,match,action,priority}}:\n  x,true,"{meaning.example}",0\n'
        )

        checked = check_text(SourceText.of("policy.toon", text))

        assert not checked.has_errors, (name, checked.diagnostics)

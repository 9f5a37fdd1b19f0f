"""Symbols, folding, growing selections, links."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from nectarc_lsp.database.view import View
from nectarc_lsp.features.folding import FoldKind, folds
from nectarc_lsp.features.hover import hover_at
from nectarc_lsp.features.links import links
from nectarc_lsp.features.selection import selections
from nectarc_lsp.features.symbols import Symbol, flat, symbols
from tests.shared_data import requires_shared
from tests.unit.lsp.views_of import SHOP, at_cursor, broken, texts, view_of

POLICY = """\
# NEC203 and
# NEC999
version: 1
rules[2]{name,match,action,priority}:
  a,any(service == 'x' && z == 1),keep,1
  rest,true,keep,0
fields[1]:
  - name: tier
    type: string
    from: customer.tier
tests[1]:
  - name: t
    expect: rest
    spans[1]{x}:
      1
"""
MANIFEST = (
    '[project]\nname = "x"\n\n[environments]\n__default__ = "policy.toon"\nprod = \'p.toon\'\n'
)
RULES = """\
RulesVersion: 2
Samplers:
  __default__:
    DeterministicSampler:
      SampleRate: 1
  prod:
    RulesBasedSampler:
      Rules:
        - Name: errors
          SampleRate: 1
          Conditions:
            - Field: error
              Operator: exists
        - SampleRate: 10
"""


def _tree(view: View, found: tuple[Symbol, ...]) -> list[object]:
    return [
        (one.name, one.detail, *([_tree(view, one.children)] if one.children else []))
        for one in found
    ]


def test_a_policy_is_outlined_by_its_sections_and_rows() -> None:
    view = view_of(POLICY)

    assert _tree(view, symbols(view)) == [
        ("version", "1"),
        (
            "rules",
            "2 rows",
            [("a", "any(service == 'x' && z == 1) → keep"), ("rest", "true → keep")],
        ),
        ("fields", "1 row", [("tier", "string")]),
        ("tests", "1 row", [("t", "rest")]),
    ]


def test_the_record_form_has_the_same_outline() -> None:
    view = view_of(SHOP)

    assert [one.name for one in symbols(view)] == ["version", "name", "budget_per_second", "rules"]
    assert [one.name for one in symbols(view)[3].children] == [
        "keep-errors",
        "keep-slow",
        "sample-rest",
    ]


def test_a_manifest_and_a_rules_file_are_outlined() -> None:
    manifest, rules = view_of(MANIFEST, "nectar.toml"), view_of(RULES, "rules.yaml")

    assert _tree(manifest, symbols(manifest)) == [
        ("project", "", [("name", "x")]),
        ("environments", "", [("__default__", "policy.toon"), ("prod", "p.toon")]),
    ]
    assert _tree(rules, symbols(rules)) == [
        ("__default__", "DeterministicSampler"),
        (
            "prod",
            "RulesBasedSampler",
            [("errors", "1 condition"), ("rule 2", "0 conditions")],
        ),
    ]


def test_tables_tests_and_comments_fold() -> None:
    found = folds(view_of(POLICY))

    assert found[0] == (1, 2, FoldKind.COMMENT)
    assert [(one.first, one.last) for one in found[1:]] == [
        (4, 6),
        (7, 10),
        (8, 10),
        (11, 15),
        (12, 15),
        (14, 15),
    ]


def test_manifests_and_rules_files_fold() -> None:
    assert [one[:2] for one in folds(view_of(MANIFEST, "nectar.toml"))] == [(1, 2), (4, 6)]
    found = [one[:2] for one in folds(view_of(RULES, "rules.yaml"))]
    assert found[:3] == [(2, 14), (3, 5), (4, 5)]
    assert (11, 13) in found


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        (
            POLICY.replace("ser", "s‸er"),
            "policy.toon",
            [
                "service",
                "service == 'x'",
                "service == 'x' && z == 1",
                "any(service == 'x' && z == 1)",
            ],
        ),
        (
            POLICY.replace("      1\n", "      ‸1\n"),
            "policy.toon",
            [
                "1",
                "spans[1]{x}:\n      1",
                "name: t\n    expect: rest\n    spans[1]{x}:\n      1",
            ],
        ),
        (MANIFEST.replace("p.t", "p‸.t"), "nectar.toml", ["p.toon", "'p.toon'", "prod = 'p.toon'"]),
        (RULES.replace("exi", "ex‸i"), "rules.yaml", ["exists", "Operator: exists"]),
    ],
)
def test_a_selection_grows(text: str, name: str, wanted: list[str]) -> None:
    view, offset = at_cursor(text, name)

    found = [view.text.text[one.start : one.end] for one in selections(view, offset)]

    assert found[: len(wanted)] == wanted
    assert found[-1] == view.text.text


def test_codes_in_comments_lead_to_their_pages() -> None:
    (found,) = links(view_of(POLICY))

    assert POLICY[found.source.start : found.source.end] == "NEC203"
    assert found.address.endswith("/docs/codes/NEC203.md")


def test_files_of_tests_and_of_the_manifest_are_links() -> None:
    policy = view_of(POLICY.replace("spans[1]{x}:\n      1", "file: ../in/a.json"))
    manifest = view_of(MANIFEST, "nectar.toml")

    assert [one.path for one in links(policy) if one.path] == ["/in/a.json"]
    assert [(MANIFEST[one.source.start : one.source.end], one.path) for one in links(manifest)] == [
        ("policy.toon", "/nowhere/policy.toon"),
        ("p.toon", "/nowhere/p.toon"),
    ]


@requires_shared
def test_everything_nests_in_whole_and_in_broken_policies() -> None:
    random = Random(0)
    for text in texts():
        view = view_of(text)
        for one, _ in flat(symbols(view)):
            assert one.source.start <= one.name_source.start
            assert one.name_source.end <= one.source.end <= len(text)
        lines = len(view.text.line_starts)
        assert all(1 <= one.first < one.last <= lines for one in folds(view))
        links(view)
        for _ in range(20):
            offset = random.randrange(len(text) + 1)
            found = selections(view, offset)
            assert all(o.start <= i.start <= i.end <= o.end and i != o for i, o in pairwise(found))
            assert found[-1] == view.text.span(0, len(text))
            assert found[0].start <= offset <= found[0].end


def test_broken_manifests_and_rules_files_are_answered() -> None:
    for text, name in (
        (MANIFEST, "nectar.toml"),
        (RULES, "rules.yaml"),
        ("[a\n]\nb=1\n", "nectar.toml"),
    ):
        for seed in range(30):
            for changed in broken(text, seed):
                view = view_of(changed, name)
                for one, _ in flat(symbols(view)):
                    assert one.source.start <= one.name_source.start
                    assert one.name_source.end <= one.source.end <= len(changed)
                folds(view)
                links(view)
                for offset in range(0, len(changed) + 1, 7):
                    found = selections(view, offset)
                    assert all(o.start <= i.start <= i.end <= o.end for i, o in pairwise(found))
                    hover_at(view, offset)

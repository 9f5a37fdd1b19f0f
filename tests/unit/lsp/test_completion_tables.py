"""What completion offers outside of matches and actions: sections, rows, cells, the manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from nectarc.records import replace
from nectarc_lsp.features.completion.complete import complete
from nectarc_lsp.features.completion.files import files_below
from tests.unit.lsp.test_completion import HEAD, REST, labels, offers, rule, taken
from tests.unit.lsp.views_of import SHOP, at_cursor

# ---- sections, columns, rows


def test_only_missing_sections_are_offered() -> None:
    found = labels(HEAD + "  a,true,keep,0\n‸")

    assert [one for one in found if one != "rule"] == [
        "budget_per_second", "fields", "invariants", "tests",
    ]  # fmt: skip


def test_a_section_comes_with_its_header_and_a_row() -> None:
    text = "version: 1\n" + HEAD[19:] + REST + "inv‸"

    assert taken(text, "invariants") == text.replace(
        "inv‸",
        "invariants[1]{name,when,require}:\n  never-lose-errors,http.status >= 500,keep",
    )


def test_a_section_of_a_record_is_named_in_its_header() -> None:
    changed = taken(SHOP + "  ‸", "tests")

    assert changed.startswith("nectar_policy{version,name,budget_per_second,rules,tests}:")
    assert "\n  tests[1]:\n    - name: a-new-test\n      expect: keep-errors\n" in changed


def test_a_record_wants_the_value_that_is_due() -> None:
    assert labels("nectar_policy{version,name,rules}:\n  1\n  ‸\n  rules[1]{name}:\n    a\n") == [
        "name"
    ]


def test_columns_that_are_there_are_not_offered() -> None:
    text = HEAD.replace("match,action", "match,‸action") + REST

    assert labels(text.replace("name,match", "match")) == ["action"]
    half = HEAD + REST + "invariants[1]{name,‸}:\n"
    assert labels(half) == ["when", "require"]


def test_a_new_row_stands_below_the_rule_above_and_is_counted() -> None:
    text = HEAD + "  a,true,keep,100\n  ‸\n" + REST

    changed = taken(text, "rule")

    assert "rules[3]{" in changed
    assert "\n  keep-new,http.status >= 500,keep,90\n  rest,true" in changed


def test_a_new_row_is_offered_for_a_word_that_begins_it() -> None:
    text = HEAD + "  a,true,keep,100\n  ru‸\n" + REST

    assert "\n  keep-new,http.status >= 500,keep,90\n  rest,true" in taken(text, "rule")
    assert "rule" not in labels(text.replace("ru‸", "ru‸,true,keep,5"))


def test_a_new_row_is_indented_from_the_margin_too() -> None:
    text = HEAD + "  a,true,keep,100\n" + REST + "‸"

    assert taken(text, "rule").endswith(
        "  rest,true,sample(1/100),0\n  keep-new,http.status >= 500,keep,0"
    )


def test_a_test_offers_what_its_item_lacks() -> None:
    text = HEAD + REST + "tests[1]:\n  - name: a\n    expect: rest\n    ‸\n"

    assert labels(text)[:3] == ["action", "spans", "file"]
    assert "\n    spans[1]{http.status,duration_ms}:\n      500,120\n" in taken(text, "spans")


def test_a_new_test_is_counted() -> None:
    text = HEAD + REST + "tests[1]:\n  - name: a\n    expect: rest\n  ‸"

    changed = taken(text, "test")

    assert "tests[2]:" in changed
    assert changed.endswith("      500,120")


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("tests[1]:\n  - name: a\n    expect: ‸\n", ["rest"]),
        ("tests[1]:\n  - name: a\n    expect: rest\n    action: ‸\n", ["sample(1/100)"]),
        ("tests[1]:\n  - name: a\n    expect: rest\n    no_root: ‸\n", ["true"]),
        (
            "tests[1]:\n  - name: a\n    expect: rest\n    spans[1]{http.route}:\n      ‸\n",
            ["span"],
        ),
        ("invariants[1]{name,when,require}:\n  a,true,not ‸\n", ["drop"]),
        ("invariants[1]{name,when,require}:\n  a,true,share ‸\n", [">=", "<=", "==", ">", "<"]),
        ("fields[1]{name,type,from}:\n  app.count,in‸,app.count\n", ["int"]),
    ],
)
def test_the_other_cells_offer_what_fits(section: str, expected: list[str]) -> None:
    assert labels(HEAD + REST + section)[: len(expected)] == expected


def test_values_of_a_span_are_those_of_the_corpus() -> None:
    spans = (
        "tests[1]:\n  - name: a\n    expect: rest\n    spans[1]{http.route,root}:\n      ‸,true\n"
    )
    text = HEAD + REST + spans

    assert labels(text) == ["/", "/it's", "/a,b"]
    assert '      "/a,b",true' in taken(text, "/a,b")
    assert labels(text.replace("‸,true", "x,‸")) == ["true", "false"]


def test_spellings_that_look_like_the_name_come_first() -> None:
    text = HEAD + REST + "fields[1]{name,type,from}:\n  app.count,int,‸\n"

    assert labels(text)[0] == "app.count"


def test_a_name_that_is_read_without_a_type_wants_a_row() -> None:
    rows = HEAD + "  a,tenant.tier == 'gold',keep,5\n" + REST
    text = rows + "fields[1]{name,type,from}:\n  ‸,string,x\n"

    assert offers(text)[0].label == "tenant.tier"


def test_the_columns_of_a_test_are_first_those_that_rules_read() -> None:
    rows = HEAD + "  a,tenant.tier == 'gold',keep,5\n" + REST
    text = rows + "tests[1]:\n  - name: a\n    expect: rest\n    spans[1]{‸}:\n      x\n"

    assert labels(text)[:3] == ["root", "tenant.tier", "duration_ms"]


@pytest.mark.parametrize(
    ("text", "label", "closing"),
    [
        (rule("true", "ke‸"), "keep", (",",)),
        (rule("true", "sa‸"), "sample", ()),
        (rule("htt‸"), "http.status", ()),
        (HEAD + REST + "fields[1]{name,type,from}:\n  a,in‸,b\n", "int", (",",)),
    ],
)
def test_only_closed_words_are_taken_by_what_is_typed_behind_them(
    text: str, label: str, closing: tuple[str, ...]
) -> None:
    assert next(one for one in offers(text) if one.label == label).commits == closing


def test_a_quote_that_is_not_closed_hides_no_cell() -> None:
    text = rule('service == "‸')

    assert taken(text, "'cart'") == rule("service == 'cart'")


def test_a_type_says_what_the_corpus_holds() -> None:
    text = HEAD + REST + "fields[1]{name,type,from}:\n  n,‸,app.count\n"

    found = offers(text)

    assert found[0].label == "int"
    assert found[0].description == "100 % of its values"


@pytest.mark.parametrize(
    ("above", "below", "priority"),
    [("90", "0", "80"), ("5", "0", "2"), ("90", "80", "85")],
)
def test_a_priority_lies_between_its_neighbours(above: str, below: str, priority: str) -> None:
    text = f"{HEAD}  a,error,keep,{above}\n  b,error,keep,‸\n  rest,true,keep,{below}\n"

    assert labels(text) == [priority]


# ---- the manifest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[sa‸", ["project", "environments", "corpus", "safety", "compile", "propose", "traffic"]),
        ("[project]\n[‸]", ["environments", "corpus", "safety", "compile", "propose", "traffic"]),
        ("[corpus]\n‸", ["path", "must_keep", "[project]"]),
        ('[corpus]\npath = "x"\nmu‸', ["must_keep"]),
        ("[safety]\nerrors = ‸", ['"keep"', '"not drop"']),
        ('[safety]\nerrors = "‸"', ["keep", "not drop"]),
        ('[propose]\nengine = "‸" # who', ["auto", "claude", "offline"]),
        ('[compile]\nassume = ["types", "‸"]', ["no-null", "no-nan"]),
        ('[safety]\nerror = "http.status ‸"', [">=", ">"]),
        ("[environments]\n‸", ["__default__"]),
    ],
)
def test_a_manifest_offers_what_is_missing(text: str, expected: list[str]) -> None:
    assert labels(text, "nectar.toml")[: len(expected)] == expected


def test_a_match_in_a_manifest_is_quoted_as_toml_wants() -> None:
    text = '[safety]\nerror = "service == ‸"\n'
    view, offset = at_cursor(text.replace("service", "x"), "nectar.toml")

    assert complete(view, offset).offers
    assert taken('[safety]\nerror = "http.st‸"\n', "http.status", "nectar.toml") == (
        '[safety]\nerror = "http.status"\n'
    )


def test_paths_are_those_beside_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "main.toon").touch()
    (tmp_path / "notes.md").touch()
    manifest = tmp_path / "nectar.toml"
    view, offset = at_cursor('[environments]\n__default__ = "‸"\n', "nectar.toml")
    view = replace(view, text=replace(view.text, file=str(manifest)))

    assert [one.label for one in complete(view, offset).offers] == ["main.toon", "policies/"]
    assert files_below(str(manifest), "", folders_only=True) == ("policies",)
    assert files_below("untitled:1", "") == ()

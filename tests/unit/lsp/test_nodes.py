"""What stands where in a policy."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from nectarc.syntax import ast
from nectarc_lsp.features.cell_tokens import Part, tokens_of
from nectarc_lsp.features.field_uses import Use, field_uses, use_at
from nectarc_lsp.features.nodes import Cell, KeyPlace, Row, Table, cell_at, path_at, places
from tests.shared_data import requires_shared
from tests.unit.lsp.views_of import SHOP, at_cursor, texts, view_of

POLICY = """\
version: 1
rules[3]{name,match,action,priority}:
  slow,any(service == 'x' && durat‸ion > 5s),keep,9
  keyed,"root.`a b` in [1, 2]","ema_dynamic(goal_sample_rate: 10, fields: [http.route])",5
  rest,true,sample(1/20),0
fields[2]:
  - name: duration
    type: duration_ms
    from[2]: took,took_ms
  - name: tier
    type: string
    from: customer.tier
tests[1]:
  - name: t
    expect: slow
    spans[1]{took,"odd name",root}:
      6000,1,true
"""


def test_the_path_runs_from_the_table_to_the_name_under_the_cursor() -> None:
    view, offset = at_cursor(POLICY)

    path = path_at(view, offset)

    assert [type(one) for one in path] == [
        Table,
        Row,
        Cell,
        ast.Quantified,
        ast.And,
        ast.CompareTest,
        ast.FieldName,
    ]


def test_a_column_of_a_header_ends_the_path() -> None:
    view, offset = at_cursor(POLICY.replace("‸", "").replace("name,match", "name,mat‸ch"))

    last = path_at(view, offset)[-1]

    assert isinstance(last, KeyPlace)
    assert last.meant == "match"


def test_in_record_form_a_section_is_named_twice_and_its_rows_hold_no_other_value() -> None:
    view = view_of(SHOP)

    named = [SHOP[one.source.start - 1] for one in places(view).keys if one.meant == "rules"]
    version = path_at(view, SHOP.index("production"))

    assert named == [",", " "]
    assert [type(one) for one in version] == [Cell]


def test_every_place_that_names_a_field_is_found_as_it_is_written() -> None:
    view, _ = at_cursor(POLICY)

    found = [
        (one.use, one.name, view.text.text[one.source.start : one.source.end], one.is_root)
        for one in field_uses(view)
    ]

    assert found == [
        (Use.READ, "service", "service", False),
        (Use.READ, "duration", "duration", False),
        (Use.READ, "a b", "root.`a b`", True),
        (Use.READ, "http.route", "http.route", False),
        (Use.DECLARED, "duration", "duration", False),
        (Use.SPELLING, "took", "took", False),
        (Use.SPELLING, "took_ms", "took_ms", False),
        (Use.DECLARED, "tier", "tier", False),
        (Use.SPELLING, "customer.tier", "customer.tier", False),
        (Use.TEST, "took", "took", False),
        (Use.TEST, "odd name", '"odd name"', False),
    ]
    assert [view.text.text[o.name_source.start : o.name_source.end] for o in field_uses(view)] == [
        one[1] for one in found
    ]


def test_a_cell_that_cannot_be_parsed_has_tokens() -> None:
    view, offset = at_cursor(POLICY.replace("‸", "").replace("> 5s)", "‸> "))

    cell = cell_at(view, offset)

    assert cell is not None
    assert cell.tree is None
    assert [one.part for one in tokens_of(cell)] == [
        Part.QUANTIFIER,
        Part.MARK,
        Part.FIELD,
        Part.OPERATOR,
        Part.STRING,
        Part.JOINER,
        Part.FIELD,
        Part.OPERATOR,
    ]
    assert [one.name for one in field_uses(view)][:2] == ["service", "duration"]


def test_a_misspelt_column_is_the_one_that_is_meant() -> None:
    view, offset = at_cursor(
        POLICY.replace("‸", "").replace("priority}", "prio}").replace("9", "‸9")
    )

    cell = cell_at(view, offset)

    assert cell is not None
    assert cell.column == "priority"


@requires_shared
def test_places_nest_and_are_sorted_in_whole_and_in_broken_policies() -> None:
    random = Random(0)
    for text in texts():
        view = view_of(text)
        starts = [one.source.start for one in places(view).cells]

        assert starts == sorted(starts)
        for use in field_uses(view):
            assert use.source.start <= use.name_source.start <= use.name_source.end
            assert use.name_source.end <= use.source.end
        for _ in range(60):
            offset = random.randrange(len(text) + 1)
            steps = [one.source for one in path_at(view, offset)]
            held = (
                steps[:-1] if steps and isinstance(path_at(view, offset)[-1], KeyPlace) else steps
            )
            assert all(a.start <= b.start and b.end <= a.end for a, b in pairwise(held))
            near = use_at(view, offset)
            assert near is None or near in field_uses(view)

"""Definitions, references and highlights without a server."""

from __future__ import annotations

from pathlib import Path

from nectarc.source import SourceSpan
from nectarc_lsp.database.database import Database
from nectarc_lsp.database.view import View
from nectarc_lsp.features.navigation import definitions, highlights, references
from nectarc_lsp.features.rename import prepare, rename
from tests.unit.lsp.test_rename import FIELDS, project
from tests.unit.lsp.views_of import at_cursor, texts, view_of


def texts_at(view: View, places: tuple[SourceSpan, ...]) -> list[str]:
    return [view.text.text[one.start : one.end] for one in places]


def lines_at(view: View, places: tuple[SourceSpan, ...]) -> list[int]:
    return [view.text.position(one.start).line for one in places]


def test_a_test_leads_to_its_rule() -> None:
    view, offset = at_cursor(FIELDS.replace("expect: slow", "expect: sl‸ow"))

    found = definitions(view, offset, ())

    assert texts_at(view, found) == ["slow"]
    assert lines_at(view, found) == [3]


def test_a_read_leads_to_the_row_that_declares_it() -> None:
    view, offset = at_cursor(FIELDS.replace("any(wait_ms > 1h)", "any(wait‸_ms > 1h)"))

    assert lines_at(view, definitions(view, offset, ())) == [7]
    found = references(view, offset, (), with_declaration=True)
    assert texts_at(view, found) == ["wait_ms"] * 3
    assert len(references(view, offset, (), with_declaration=False)) == 2


def test_a_span_field_is_found_in_matches_rows_and_tests() -> None:
    view, offset = at_cursor(FIELDS.replace("any(`wait.total`", "any(`wait‸.total`"))

    found = references(view, offset, (), with_declaration=True)

    assert texts_at(view, found) == ["wait.total"] * 3
    assert lines_at(view, found) == [3, 9, 18]


def test_highlights_say_what_makes_the_name() -> None:
    view, offset = at_cursor(FIELDS.replace("shop,root", "sh‸op,root"))

    assert [is_made for _, is_made in highlights(view, offset)] == [True]
    view, offset = at_cursor(FIELDS.replace("expect: slow", "expect: slow‸"))
    assert [is_made for _, is_made in highlights(view, offset)] == [True, False]


def test_the_manifest_leads_to_policies_and_rows(tmp_path: Path) -> None:
    database, policy = project(tmp_path, "[safety]\nerror = 'wait_ms > 1s'\n")
    path = tmp_path / "nectar.toml"
    view = database.view_of_file(path.as_uri(), str(path))
    assert view is not None
    text = view.text.text

    (file,) = definitions(view, text.index("p0.toon"), ())
    (row,) = definitions(view, text.index("wait_ms"), (policy,))
    found = references(view, text.index("wait_ms"), (policy,), with_declaration=False)

    assert file.file == str(tmp_path / "p0.toon")
    assert policy.text.text[row.start : row.end] == "wait_ms"
    assert [one.file for one in found] == [str(path), *[policy.text.file] * 2]
    here = references(policy, FIELDS.index("wait_ms"), (), with_declaration=True)
    assert str(path) in {one.file for one in here}


def test_a_file_of_a_test_is_opened(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{}", encoding="utf-8")
    text = (
        "rules[1]{name,match,action,priority}:\n  a,true,keep,1\n"
        "tests[1]{name,expect,file}:\n  t,a,one.json\n"
    )
    path = tmp_path / "policy.toon"
    database = Database()
    database.update(path.as_uri(), str(path), 1, text)
    view = database.view(path.as_uri())
    assert view is not None

    assert definitions(view, text.index("one.json") + 2, ()) == (
        SourceSpan(str(tmp_path / "one.json"), 0, 0),
    )


def test_nothing_raises_at_any_offset() -> None:
    for text in texts():
        view = view_of(text)
        for offset in range(0, len(text) + 1, 3):
            definitions(view, offset, (view,))
            references(view, offset, (view,), with_declaration=True)
            highlights(view, offset)
            prepare(view, offset)
        for offset in range(0, len(text) + 1, 29):
            rename(view, offset, "a b")

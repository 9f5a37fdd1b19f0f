"""Documents and their views."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nectarc.corpus.schema import CorpusSchema, FieldStats
from nectarc_lsp.database.database import Database
from nectarc_lsp.database.knowledge import Knowledge, Progress
from nectarc_lsp.database.view import Kind, View
from tests.lsp.session import SHOP

_SCHEMA = CorpusSchema({"http.status": FieldStats({"int": 3}, 3, 2, 2, ("200", "500"))}, 3, 2)


def _view(database: Database, path: Path, text: str, version: int = 1) -> View:
    database.update(path.as_uri(), str(path), version, text)
    view = database.view(path.as_uri())
    assert view is not None
    return view


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("policy.toon", SHOP, Kind.POLICY),
        ("policy.toon", "", Kind.POLICY),
        ("half.toon", "rules[1]{name,}:\n  a,b\n", Kind.POLICY),
        ("half.toon", "nectar_policy{version,}:\n", Kind.POLICY),
        ("deep.toon", "menu:\n  rules[1]{name}:\n    a\n", Kind.OTHER),
        ("other.toon", "users[1]{id}:\n  1\n", Kind.OTHER),
        ("nectar.toml", "[project]\nname = 'x'\n", Kind.MANIFEST),
        ("rules.yaml", "RulesVersion: 2\nSamplers:\n  __default__:\n", Kind.RULES),
        ("rules.json", '{"RulesVersion": 2}', Kind.RULES),
        ("values.yaml", "rules:\n  Samplers: {}\n", Kind.RULES),
        ("compose.yaml", "services:\n  api: {}\n", Kind.OTHER),
        ("notes.md", "Samplers: none", Kind.OTHER),
    ],
)
def test_what_a_document_is(tmp_path: Path, name: str, text: str, kind: Kind) -> None:
    assert _view(Database(), tmp_path / name, text).kind is kind


def test_a_file_of_rules_is_what_the_user_says(tmp_path: Path) -> None:
    database = Database()
    path = tmp_path / "refinery" / "part.yaml"
    assert _view(database, path, "- Name: x\n").kind is Kind.OTHER

    database.rules_files = ("refinery/*.yaml",)

    view = database.view(path.as_uri())
    assert view is not None
    assert view.kind is Kind.RULES


def test_a_file_that_a_manifest_names_is_a_policy_whatever_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "nectar.toml").write_text('[environments]\n__default__ = "mine.toon"\n')

    view = _view(Database(), tmp_path / "mine.toon", "version: 1\n")

    assert view.kind is Kind.POLICY
    assert view.findings


def test_the_manifest_counts_as_it_stands_in_the_editor(tmp_path: Path) -> None:
    manifest = tmp_path / "nectar.toml"
    manifest.write_text('[project]\nname = "x"\n')
    database = Database()
    policy = _view(database, tmp_path / "mine.toon", "version: 1\n")
    assert policy.kind is Kind.OTHER

    _view(database, manifest, '[environments]\n__default__ = "mine.toon"\n')

    view = database.view(policy.uri)
    assert view is not None
    assert view.kind is Kind.POLICY


def test_a_view_is_made_once_for_a_text(tmp_path: Path) -> None:
    database = Database()
    view = _view(database, tmp_path / "policy.toon", SHOP)

    assert database.view(view.uri) is view
    assert _view(database, tmp_path / "policy.toon", SHOP + "\n", 2) is not view


def test_knowledge_is_about_the_text_that_it_is_about(tmp_path: Path) -> None:
    database = Database()
    view = _view(database, tmp_path / "policy.toon", SHOP)
    knowledge = Knowledge(digest="d", progress=Progress.VERDICTS)

    assert not database.learn(view.uri, SHOP + "\n", knowledge)
    assert database.learn(view.uri, SHOP, knowledge)

    learnt = database.view(view.uri)
    assert learnt is not None
    assert learnt.knowledge is knowledge
    assert _view(database, tmp_path / "policy.toon", SHOP + "\n", 2).knowledge is None


def test_a_corpus_that_nobody_ingested_is_known_once_it_was_counted(tmp_path: Path) -> None:
    database = Database()
    view = _view(database, tmp_path / "policy.toon", SHOP)
    assert view.schema is None
    knowledge = Knowledge(digest="d", progress=Progress.FIGURES, schema=_SCHEMA)

    database.learn(view.uri, SHOP, knowledge)

    learnt = database.view(view.uri)
    assert learnt is not None
    assert learnt.schema == _SCHEMA
    assert learnt.knowledge is knowledge
    assert any(one.code == "NEC116" for one in learnt.findings), "no span has a duration"


def test_a_file_that_is_not_open_is_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.toon"
    path.write_text(SHOP)

    view = Database().view_of_file(path.as_uri(), str(path))

    assert view is not None
    assert view.kind is Kind.POLICY
    assert view.version is None
    assert Database().view_of_file((tmp_path / "none").as_uri(), str(tmp_path / "none")) is None


def test_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("b/policy.toon", "a.toon", "nectar.toml", ".git/x.toon", "node_modules/y.toon"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")

    found = [os.path.relpath(one, tmp_path) for one in Database().policies(str(tmp_path))]

    assert found == ["a.toon", "nectar.toml", str(Path("b", "policy.toon"))]


def test_a_manifest_that_was_never_saved_is_the_projects(tmp_path: Path) -> None:
    database = Database()
    path = tmp_path / "deep" / "mine.toon"
    path.parent.mkdir()
    assert _view(database, path, "a: 1\n").kind is Kind.OTHER

    _view(database, tmp_path / "nectar.toml", '[environments]\n__default__ = "deep/mine.toon"\n')

    view = database.view(path.as_uri())
    assert view is not None
    assert view.kind is Kind.POLICY
    assert view.project is not None
    assert view.project.root == str(tmp_path)
    database.close((tmp_path / "nectar.toml").as_uri())
    view = database.view(path.as_uri())
    assert view is not None
    assert view.kind is Kind.OTHER

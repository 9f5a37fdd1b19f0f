from __future__ import annotations

from pathlib import Path

import pytest

from nectarc.project import Environment, Project, find_project, parse_project
from nectarc.source import SourceText


def _parse(text: str) -> tuple[Project | None, list[tuple[str, int, str]]]:
    source = SourceText.of("nectar.toml", text)
    reading = parse_project(source)
    found = [
        (one.code, source.position(one.source.start).line, text[one.source.start : one.source.end])
        for one in reading.diagnostics
    ]
    return reading.project, found


def test_every_key_of_the_language_is_read() -> None:
    project, found = _parse(
        """
[project]
name = "shop"
[environments]
__default__ = "policy.toon"
"prod eu" = "eu/policy.toon"
[corpus]
path = "traces"
must_keep = "lost"
[safety]
error = "error"
critical = "http.status >= 503"
errors = "not drop"
[compile]
output = "out.yaml"
lock = "out.lock"
target = "refinery-3"
assume = ["no-null"]
[propose]
engine = "offline"
model = "m"
max_rounds = 5
[traffic]
traces_per_second = 12
"""
    )

    assert found == []
    assert project is not None
    assert [(one.target, one.policy) for one in project.environments] == [
        ("__default__", "policy.toon"),
        ("prod eu", "eu/policy.toon"),
    ]
    assert (project.name, project.corpus, project.must_keep) == ("shop", "traces", "lost")
    assert (project.safety_error, project.safety_errors) == ("error", "not drop")
    assert (project.safety_critical, project.assume) == ("http.status >= 503", ("no-null",))
    assert (project.output, project.lock) == ("out.yaml", "out.lock")
    assert (project.propose_engine, project.propose_max_rounds) == ("offline", 5)
    assert project.traces_per_second == 12.0


def test_the_defaults_are_those_of_the_language() -> None:
    project, found = _parse("")

    assert found == []
    assert project is not None
    assert project.environments == (Environment("__default__", "policy.toon"),)
    assert project.assume == ("types", "no-null", "no-nan")
    assert (project.safety_error, project.safety_errors) == ("http.status >= 500", "keep")
    assert (project.output, project.lock) == ("rules.yaml", "policy.lock")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[projct]\nname = 'x'\n", ("NEC405", 1, "projct")),
        ("[compile]\n\noutptu = 'x'\n", ("NEC405", 3, "outptu")),
        ("loose = 1\n", ("NEC405", 1, "loose")),
        ("project = 1\n", ("NEC406", 1, "project")),
        ("[compile]\nassume = 'types' # why\n", ("NEC406", 2, "'types'")),
        ("[compile]\nassume = ['typos']\n", ("NEC406", 2, "['typos']")),
        ("[compile]\ntarget = 'refinery-2'\n", ("NEC406", 2, "'refinery-2'")),
        ("[safety]\nerrors = 'sample'\n", ("NEC406", 2, "'sample'")),
        ("[propose]\nmax_rounds = true\n", ("NEC406", 2, "true")),
        ("[propose]\nmax_rounds = 0\n", ("NEC406", 2, "0")),
        ("[traffic]\ntraces_per_second = -1\n", ("NEC406", 2, "-1")),
        ("[traffic]\ntraces_per_second = nan\n", ("NEC406", 2, "nan")),
        ("[environments]\n__default__ = 5\n", ("NEC406", 2, "5")),
        ("[environments]\nprod = 'p.toon'\n", ("NEC408", 1, "environments")),
        ("[compile]\noutput = rules.yaml\n", ("NEC404", 2, "r")),
        ("[compile\n", ("NEC404", 1, "\n")),
    ],
)
def test_a_mistake_is_found_where_it_stands(text: str, expected: tuple[str, int, str]) -> None:
    _, found = _parse(text)

    assert found == [expected]


def test_many_mistakes_are_found_in_one_pass_and_the_rest_is_read() -> None:
    project, found = _parse("[compile]\ntarget = 1\noutput = 'o.yaml'\nx = 2\n[y]\n")

    assert [code for code, _, _ in found] == ["NEC406", "NEC405", "NEC405"]
    assert project is not None
    assert project.output == "o.yaml"


def test_a_mistyped_key_gets_a_fix() -> None:
    reading = parse_project(SourceText.of("nectar.toml", "[corpus]\nmustkeep = 'x'\n"))

    (found,) = reading.diagnostics
    assert [edit.text for fix in found.fixes for edit in fix.edits] == ["must_keep"]


def test_a_manifest_above_is_found_and_its_paths_are_joined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nectar.toml").write_text("[corpus]\npath = 'c'\n")
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")

    project = find_project("").project

    assert project is not None
    assert project.manifest == "../../nectar.toml"
    assert project.corpus == "../../c"
    assert project.environments[0].policy == "../../policy.toon"


def test_a_policy_alone_is_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policy.toon").touch()
    monkeypatch.chdir(tmp_path)

    project = find_project("").project

    assert project is not None
    assert project.manifest is None
    assert project.environments == (Environment("__default__", "policy.toon"),)
    assert project.output == "rules.yaml"


def test_an_empty_folder_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    reading = find_project("")

    assert reading.project is None
    assert [one.code for one in reading.diagnostics] == ["NEC407"]


def test_critical_is_the_same_as_error_unless_it_is_set() -> None:
    def critical(table: str) -> str:
        text = f'[environments]\n__default__ = "policy.toon"\n[safety]\n{table}\n'
        reading = parse_project(SourceText.of("nectar.toml", text))
        assert reading.project is not None
        return reading.project.safety_critical

    assert critical("") == "http.status >= 500"
    assert critical('error = "error"') == "error"
    assert critical('error = "error"\ncritical = "app.vip"') == "app.vip"


def test_a_misspelt_table_of_environments_is_the_only_finding() -> None:
    text = '[enviroments]\n__default__ = "prod.toon"\n'

    reading = parse_project(SourceText.of("nectar.toml", text))

    assert [one.code for one in reading.diagnostics] == ["NEC405"]
    assert reading.project is not None
    assert reading.project.environments == ()

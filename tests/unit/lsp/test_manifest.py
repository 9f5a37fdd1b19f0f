"""`nectar.toml` in the editor."""

from __future__ import annotations

import pytest

from nectarc.manifest import KEYS as MANIFEST_KEYS
from nectarc.manifest import TABLES as MANIFEST_TABLES
from nectarc.manifest import read_manifest
from nectarc.project import Project
from nectarc.report.manifest_words import DEFAULTS, KEYS, TABLES
from nectarc.source import SourceText
from nectarc_lsp.features.hover import hover_at
from tests.unit.lsp.views_of import at_cursor


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[cor‸pus]\n", "`[corpus]`: The recorded traffic"),
        ("[corpus]\npa‸th = 'x'\n", 'Default: `"corpus"`'),
        ("[corpus]\npa‸th = 'x'\n", "There is nothing there yet."),
        ("[environments]\npr‸od = 'x'\n", "`environments.prod`: Which policy decides"),
        ('[safety]\nerror = "http.status >= 5‸00"', "Traces in which some span has http.status"),
        ("[compile]\nassume = [\n# broken\nta‸rget = 3", "Which Refinery reads the rules."),
    ],
)
def test_hover_says_what_a_setting_means(text: str, words: str) -> None:
    view, offset = at_cursor(text, "nectar.toml")

    found = hover_at(view, offset)

    assert found is not None
    assert words in found.markdown


def test_every_default_is_what_a_project_has_without_it() -> None:
    tables: dict[str, str] = {}
    for (table, key), default in DEFAULTS.items():
        tables[table] = tables.get(table, f"[{table}]\n") + f"{key} = {default}\n"

    project, found = read_manifest(SourceText.of("nectar.toml", "".join(tables.values())))

    assert found == ()
    assert project is not None
    plain = Project(root="")
    for table, key in DEFAULTS:
        field = MANIFEST_KEYS[table][key][0]
        assert getattr(project, field) == getattr(plain, field), field


def test_every_key_has_words() -> None:
    assert set(KEYS) == {(table, key) for table, keys in MANIFEST_KEYS.items() for key in keys}
    assert set(TABLES) == set(MANIFEST_TABLES)

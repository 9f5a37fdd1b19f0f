"""The words about the manifest: for every key that the reader knows."""

from __future__ import annotations

import tomllib

import pytest

from nectarc.manifest import KEYS as READ_KEYS
from nectarc.manifest import TABLES as READ_TABLES
from nectarc.manifest import read_manifest
from nectarc.report.manifest_words import KEYS, TABLES, key_meaning
from nectarc.source import SourceText


def test_every_table_and_key_has_words() -> None:
    assert set(TABLES) == set(READ_TABLES)
    assert set(KEYS) == {(table, key) for table, keys in READ_KEYS.items() for key in keys}
    assert key_meaning("environments", "production") == TABLES["environments"]
    assert key_meaning("project", "colour") is None


@pytest.mark.parametrize(("table", "key"), list(KEYS))
def test_every_example_is_a_setting_that_is_accepted(table: str, key: str) -> None:
    example = f"[{table}]\n{KEYS[table, key].example}\n"

    assert key in tomllib.loads(example)[table]
    project, findings = read_manifest(SourceText.of("nectar.toml", example))
    assert project is not None
    assert [one for one in findings if one.code != "NEC408"] == []

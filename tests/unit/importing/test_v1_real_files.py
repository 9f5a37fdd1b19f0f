"""Real files of Refinery 1.x, and what becomes of them when lines change: never a traceback."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Final

import pytest

from nectarc.importing.v1 import looks_like_v1, read_v1
from nectarc.source import SourceText
from tests.shared_data import SHARED, requires_shared
from tests.unit.importing.v1_files import loaded_again, one_rule, read

FILES: Final = sorted((SHARED / "data" / "rules" / "v1").glob("*"))
REFUSED: Final = {
    "helm-charts_2021-02_templated.toml": "NEC540",
    "helm-charts_2022-05_tabs.yaml": "NEC500",
    "unidentified_templated-dataset.toml": "NEC540",
}


@requires_shared
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_file_gives_rules_or_the_reason(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = read_v1(SourceText.of(path.name, text), path.suffix[1:])

    assert looks_like_v1(text, path.suffix[1:])
    if path.name in REFUSED:
        assert found.rules is None
        assert [one.code for one in found.refused] == [REFUSED[path.name]]
    else:
        assert found.rules is not None
        assert next(iter(found.rules.samplers)) == "__default__"
        assert found.refused == ()
        assert loaded_again(found) == found.rules


@requires_shared
def test_no_file_of_2_looks_like_one_of_1() -> None:
    paths = [*(SHARED / "data/rules/v2").rglob("*.*"), *(SHARED / "data/rules").glob("frag*/*")]

    assert paths
    assert not [p for p in paths if looks_like_v1(p.read_bytes(), p.suffix[1:])]


def test_no_change_of_a_real_file_ends_in_a_traceback() -> None:
    random = Random(1)
    texts = [(p.read_text(encoding="utf-8"), p.suffix[1:]) for p in FILES]
    outcomes = set()
    for _ in range(600):
        text, extension = random.choice(texts or [(one_rule("name: a"), "yaml")])
        text = re.sub(r"(?m)^\s*#.*\n", "", text)
        lines = text.split("\n")
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(lines))
            change = random.randrange(5)
            if change == 0:
                del lines[at : at + random.randint(1, 3)]
                lines = lines or [""]
            elif change == 1:
                lines.insert(at, random.choice(lines))
            elif change == 2:
                lines[at] = lines[at][random.randint(0, 3) :]
            elif change == 3:
                lines[at] += random.choice(("null", " [", " 1e400", " 99999999999999999999", "'"))
            else:
                words = random.choice(("RulesBasedSampler", "[]", "{a: 1}", "x", "-1", "~"))
                lines[at] = re.sub(r'"[^"]*"|[0-9.]+', words, lines[at], count=1)
        found = read("\n".join(lines), extension)
        looks_like_v1("\n".join(lines), extension)
        outcomes.add(found.rules is not None)
        assert found.rules is not None or found.refused
        assert loaded_again(found) == found.rules, "\n".join(lines)
    assert outcomes == {True, False}

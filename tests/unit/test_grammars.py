"""The shipped parser tables."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nectarc.diagnostic import InternalError
from nectarc.grammars import drive, load_parser, load_tables
from nectarc.toon.tokens import KEY, Token
from tests.shared_data import ROOT
from tools.build_tables import SETTINGS, Settings, build, grammars, stale


def test_the_tables_belong_to_the_grammars() -> None:
    assert stale() == (), "run `python -m tools.build_tables`"


@pytest.mark.parametrize("name", sorted(grammars()))
def test_the_shipped_table_of_a_grammar_is_the_built_one(name: str) -> None:
    built = build(grammars()[name], SETTINGS.get(name, Settings()))

    assert (ROOT / "nectarc" / "tables" / f"{name}.bin").read_bytes() == built
    assert load_parser(name).options.start == list(SETTINGS.get(name, Settings()).start)


def test_a_grammar_that_is_ambiguous_cannot_be_built() -> None:
    with pytest.raises(Exception, match="Reduce/Reduce"):
        build('start: a | b\na: "x"\nb: "x"', Settings())


def test_reading_toon_does_not_import_lark() -> None:
    code = (
        "import sys; from nectarc.source import SourceText; from nectarc.toon import read;"
        "read(SourceText.of('a', 'a: 1')); sys.exit('lark' in sys.modules)"
    )

    status = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode

    assert status == 0


def test_tokens_that_do_not_fit_the_grammar_are_our_defect() -> None:
    with pytest.raises(InternalError):
        drive(load_tables("toon"), [Token(KEY, 0, 1), Token(KEY, 1, 2)], _Anything())


class _Anything(dict[str, type[list[object]]]):
    def __missing__(self, key: str) -> type[list[object]]:
        return list

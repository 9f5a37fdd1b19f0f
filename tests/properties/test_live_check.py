"""Checking again after an edit gives what checking the whole text gives, to the last place."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from nectarc.checking import Checked, check_text
from nectarc.live.checking import LiveCheck
from nectarc.records import field_names
from nectarc.source import SourceText
from tests.bench.varied_policy import varied_policy
from tests.shared_data import ROOT

SHOP: Final = (ROOT / "examples" / "shop" / "policy.toon").read_text(encoding="utf-8")
WITH_TABLES: Final = """\
# a policy with all sections
version: 1
name: all-sections
fields[2]{name,type,from}:
  tier,string,customer.tier
  latency,duration_ms,latency
rules[4|]{name|match|action|priority}:
  errors|http.status >= 500|keep|40
  tiers|"tier in ['gold', 'x']"|keep|30
  slow|latency > 5s && has_root|sample(1/3)|20

  rest|true|"ema_dynamic(goal_sample_rate: 10, fields: [http.route])"|0
# below
invariants[1]{name,when,require}:
  errors,http.status >= 500,keep
tests[1]:
  - name: an error
    expect: errors
    spans[1]{http.status}:
      503
"""
RECORD: Final = """\
nectar_policy{version,name,rules}:
  1
  record
  rules[3]{name,description,match,action,priority}:
    a,"some, words",http.status != 500 && error,keep,3
    b,\U0001f41d words,htp.status > 500,sample(0.03),2
    rest,,true,sample(0.01),0
"""
_PIECES: Final = (
    *"aé\U0001f41d 0,|\"'()&!=<>.:#-[]{}\t\n`",
    "http.status",
    " && ",
    "any(",
    "5s",
    "keep",
    "sample(0.3)",
    "http.method == 'GET'",
    "false",
    "99",
)


def _deep(value: object) -> object:
    """Return the tree with its places, for `==`: records leave them out."""
    if isinstance(value, Fraction):
        return ("fraction", value)
    names = field_names(value)
    if names:
        return (type(value).__name__, *((name, _deep(getattr(value, name))) for name in names))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_deep(one) for one in value)
    return value


def _all_of(checked: Checked) -> tuple[object, ...]:
    rest = (checked.document, checked.written, checked.policy, checked.invariants)
    return _deep(rest), sorted(map(repr, map(_deep, checked.diagnostics)))


def _edit(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) + 1)
    piece: str = draw.choice(_PIECES)
    match draw.randrange(5):
        case 0 | 1:
            return text[:at] + piece + text[at:]
        case 2:
            return text[:at] + text[at + 1 :]
        case 3:
            return text[:at] + piece + text[at + draw.randrange(4) :]
        case _:
            return text[:at] + text[at + draw.randrange(12) :]


@pytest.mark.parametrize(
    "start",
    [SHOP, WITH_TABLES, RECORD, WITH_TABLES.replace("\n", "\r\n")],
    ids=["shop", "tables", "record", "crlf"],
)
@pytest.mark.parametrize("seed", range(6))
def test_an_edit_is_checked_as_the_whole_text_is(start: str, seed: int) -> None:
    draw = random.Random(seed)
    live = LiveCheck()
    text = start
    for step in range(60):
        if step % 12 == 0:
            text = start
        source = SourceText.of("policy.toon", text)

        assert _all_of(live.check(source)) == _all_of(check_text(source)), text

        text = _edit(text, draw)
    assert live.fast > 0


def test_typing_in_a_row_reads_only_that_row() -> None:
    text = varied_policy(40)
    live = LiveCheck()
    live.check(SourceText.of("policy.toon", text))
    at = text.index("duration > ") + len("duration > ")
    for typed in ("9", "9", "9"):
        text = text[:at] + typed + text[at:]
        source = SourceText.of("policy.toon", text)

        assert _all_of(live.check(source)) == _all_of(check_text(source))
    assert (live.whole, live.fast) == (1, 3)


def test_another_file_or_corpus_is_read_whole(tmp_path: Path) -> None:
    live = LiveCheck()
    live.check(SourceText.of("policy.toon", SHOP))

    live.check(SourceText.of(str(tmp_path / "policy.toon"), SHOP))

    assert (live.whole, live.fast) == (2, 0)

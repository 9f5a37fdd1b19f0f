"""One mistake gives one message, whichever stages meet it."""

from __future__ import annotations

from nectarc.checking import check_text
from nectarc.source import SourceText


def _codes(match: str) -> list[str]:
    text = (
        "version: 1\nname: p\nrules[2]{name,match,action,priority}:\n"
        f"  slow,{match},keep,1\n  rest,true,drop,0\n"
    )
    return [one.code for one in check_text(SourceText.of("p.toon", text)).diagnostics]


def test_a_misread_literal_gets_no_hint_about_how_it_was_read() -> None:
    assert _codes("duration > 5 sec") == ["NEC046"]
    assert _codes("duration > 5") == ["NEC112"]

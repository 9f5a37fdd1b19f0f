"""Spans of a policy's tests hold real fields: NEC218 where a name of the language stands there."""

from __future__ import annotations

import pytest

from nectarc.checking import check_text
from nectarc.source import SourceText


def _codes(column: str, fields: str = "") -> list[str]:
    text = (
        "version: 1\nname: p\nrules[2]{name,match,action,priority}:\n"
        f"  slow,duration > 5s,keep,1\n  rest,true,drop,0\n{fields}"
        f"tests[1]:\n  - name: t\n    expect: slow\n    spans[1]{{{column}}}:\n      6000\n"
    )
    return [one.code for one in check_text(SourceText.of("p.toon", text)).diagnostics]


@pytest.mark.parametrize("column", ["duration", "service"])
def test_a_name_that_reads_another_field_is_warned_of(column: str) -> None:
    assert _codes(column) == ["NEC218"]


@pytest.mark.parametrize("column", ["duration_ms", "service.name", "http.status", "app.x"])
def test_a_real_field_is_silent(column: str) -> None:
    assert _codes(column) == []


def test_a_declared_name_that_its_row_does_not_read_is_warned_of() -> None:
    fields = "fields[1]{name,type,from}:\n  tenant,string,app.tenant\n"

    assert _codes("tenant", fields) == ["NEC218"]
    assert _codes("app.tenant", fields) == []

"""What a refusal offers: every variant with an edit compiles once the edit is made."""

from __future__ import annotations

from typing import Final

import pytest

from nectarc.diagnostic import Diagnostic, Fix
from nectarc.pipeline import Compiled, CompileOptions, Source, compile_sources
from nectarc.source import SourceText

HEAD: Final = "version: 1\nname: p\nrules[3]{name,match,action,priority}:\n"
MATCHES: Final = {
    "two spans": "any(service == 'db' && duration > 1s) && any(service == 'web')",
    "two joint": "any(service == 'a' && error) && any(service == 'b' && error)",
    "negated": "http.route == '/healthz' && none(service == 'payments' && error)",
    "inner": "any(!is_root && error) && any(service == 'billing')",
    "quoted": "any(service in ['a', 'b'] && duration > 1s) && any(service == 'web')",
}


def _text(match: str) -> str:
    cell = f'"{match}"' if "," in match else match
    return f"{HEAD}  first,{cell},keep,3\n  slow,duration > 5s,sample(1/2),2\n  rest,true,drop,1\n"


def _compile(text: str) -> Compiled:
    return compile_sources(
        [Source("__default__", SourceText.of("p.toon", text), "p.toon")], CompileOptions()
    )


def _refusals(compiled: Compiled) -> list[Diagnostic]:
    return [one for one in compiled.diagnostics if one.code == "NEC300"]


def _applied(text: str, fix: Fix) -> str:
    for edit in sorted(fix.edits, key=lambda one: -one.source.start):
        text = text[: edit.source.start] + edit.text + text[edit.source.end :]
    return text


@pytest.mark.parametrize("match", MATCHES.values(), ids=MATCHES)
def test_every_variant_with_an_edit_compiles(match: str) -> None:
    text = _text(match)

    refusals = _refusals(_compile(text))

    assert len(refusals) == 1
    assert text[refusals[0].source.start : refusals[0].source.end] == match
    edits = [fix for fix in refusals[0].fixes if fix.edits]
    assert len(edits) >= 2
    for fix in edits:
        assert not fix.is_safe
        fixed = _compile(_applied(text, fix))
        assert fixed.rules is not None, (fix, fixed.diagnostics)


def test_a_variant_under_which_the_rule_never_decides_is_not_offered() -> None:
    match = "any(!is_root && error) && any(service == 'billing')"
    text = f"{HEAD}  first,{match},keep,3\n  errors,error,sample(1/2),2\n  rest,true,drop,1\n"

    titles = [fix.title for fix in _refusals(_compile(text))[0].fixes]

    assert titles
    assert not any("before `first`" in title for title in titles)


def test_what_no_condition_says_is_named() -> None:
    match = "any(service == 'a' && !(name matches '^x'))"

    refusals = _refusals(_compile(_text(match)))

    assert (
        refusals[0].label == "`!(name matches '^x')`, which no condition of Refinery says exactly"
    )

"""The pages of our codes: the wrong example fires the code, the right one does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nectarc.codes import CODES
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.semantics.check import check
from nectarc.semantics.options import CheckOptions
from nectarc.source import SourceText
from nectarc.syntax.policy import parse_policy
from nectarc.toon.reader import read
from tests.shared_data import ROOT
from tests.unit.semantics.check_cases import Schema

PAGES = sorted(code for code in CODES if code[:4] in ("NEC1", "NEC2"))
CORPORA = {
    "NEC116": Schema({"app.basket": (["string"], 3)}),
    "NEC117": Schema({"rpc.grpc.status_code": (["string"], 3)}),
}


def findings(text: str, schema: Schema | None) -> tuple[Diagnostic, ...]:
    source = SourceText.of("policy.toon", text)
    document, toon_findings = read(source)
    policy, syntax_findings = parse_policy(document, source.file)
    assert (toon_findings, syntax_findings) == ((), ())
    assert policy is not None
    return check(policy, CheckOptions(schema, document, source))[1]


@pytest.mark.parametrize("code", PAGES)
def test_page_shows_a_wrong_and_a_right_example(code: str) -> None:
    page = Path(ROOT, "docs", "codes", f"{code}.md").read_text(encoding="utf-8")
    wrong, right = re.findall(r"```toon\n(.*?)```", page, re.DOTALL)
    schema = CORPORA.get(code)

    assert page.startswith(f"# {code}: {CODES[code].title}\n")
    assert {one.code for one in findings(wrong, schema)} == {code}
    remaining = findings(right, schema)
    assert code not in {one.code for one in remaining}
    assert [one for one in remaining if one.severity is not Severity.HINT] == []

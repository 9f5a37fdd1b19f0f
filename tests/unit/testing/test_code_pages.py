"""The policies on the pages of NEC480 to NEC483: the wrong one gets the code, the right one not."""

from __future__ import annotations

import re

import pytest

from nectarc.pipeline import CompileOptions, lower_policy
from nectarc.report.cases_text import PolicyTests, coverage_findings, failure_findings
from nectarc.testing.cases import cases_of
from nectarc.testing.coverage import coverage_of
from nectarc.testing.running import Rules, run_cases
from nectarc.trace import Trace
from tests.shared_data import ROOT
from tests.unit.testing.policies import Checked, checked


def no_files(file: str) -> tuple[Trace, ...]:
    raise AssertionError(file)


def codes_of(policy: Checked) -> list[str]:
    lowered = lower_policy(policy.policy, CompileOptions()).lowered
    results = run_cases(policy.policy, cases_of(policy.written, no_files), lowered)
    traces = [one.trace for result in results for one in result.results]
    assert all(one.rules is Rules.AGREE for result in results for one in result.results)
    tests = PolicyTests(
        file="policy.toon",
        policy=policy.policy,
        results=results,
        by_tests=coverage_of(policy.policy, traces),
    )
    return [one.code for one in (*failure_findings(tests), *coverage_findings(tests))]


@pytest.mark.parametrize("code", ["NEC480", "NEC481", "NEC482", "NEC483"])
def test_the_page_shows_what_gets_the_code(code: str) -> None:
    page = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    wrong, right = re.findall(r"^```toon\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)

    assert code in codes_of(checked(wrong))
    assert code not in codes_of(checked(right))

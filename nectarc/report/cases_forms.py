"""The results of a policy's tests for programs: JSON, and the records of JUnit.

Owns: both forms. Must not know: how anything was run, layout for people.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.render.json import Json
from nectarc.render.junit import JUnitCase, JUnitSuite
from nectarc.report.cases_text import PolicyTests, failure_lines, failure_words, why_failed
from nectarc.report.trace_text import rule_json
from nectarc.source import SourceText
from nectarc.testing.coverage import Coverage
from nectarc.testing.running import CaseResult, TraceResult


def tests_json(tests: PolicyTests) -> dict[str, Json]:
    """Return the results as a JSON object; findings are rendered with all diagnostics."""
    coverage: dict[str, Json] = {"tests": _coverage(tests.by_tests)}
    if tests.by_corpus is not None:
        coverage["corpus"] = _coverage(tests.by_corpus)
    return {
        "file": tests.file,
        "policy": tests.policy.name,
        "passed": len(tests.results) - tests.failed,
        "failed": tests.failed,
        "refinery_rules": tests.rules,
        "tests": [_result(tests, one) for one in tests.results],
        "coverage": coverage,
    }


def junit_suite(tests: PolicyTests, text: SourceText) -> JUnitSuite:
    """Return the policy's tests as one suite; `text` is the policy's, for the lines."""
    cases: list[JUnitCase] = []
    for result in tests.results:
        line = text.position(result.case.source.start).line
        message = details = ""
        if not result.is_pass:
            message = failure_words(tests, result)
            details = "\n".join([message, *failure_lines(tests, result)])
        cases.append(JUnitCase(name=result.case.name, line=line, message=message, details=details))
    return JUnitSuite(tests.file, tuple(cases))


def problems_suite(file: str, problems: Sequence[str]) -> JUnitSuite:
    """Return a suite for a policy whose tests could not run, a failed case that says why."""
    details = "\n".join(problems)
    first = problems[0] if problems else "the policy cannot be read"
    return JUnitSuite(
        file, (JUnitCase(name="the policy checks", line=1, message=first, details=details),)
    )


def _result(tests: PolicyTests, result: CaseResult) -> Json:
    case = result.case
    return {
        "name": case.name,
        "expect": case.expect,
        "from": case.file or None,
        "passed": result.is_pass,
        "message": "" if result.is_pass else failure_words(tests, result),
        "traces": [_trace(tests, result, one) for one in result.results],
    }


def _trace(tests: PolicyTests, result: CaseResult, one: TraceResult) -> Json:
    rule = tests.policy.rules[one.decided].name
    record: dict[str, Json] = {
        "trace": one.trace.trace_id,
        "rule": rule,
        "refinery": one.rules.value,
    }
    if rule != result.case.expect:
        why = why_failed(tests, result, one)
        asked = (why.expected, why.deciding)
        record["why"] = why.words
        record["asked"] = [rule_json(rule) for rule in asked if rule is not None]
    return record


def _coverage(coverage: Coverage) -> Json:
    return {
        "traces": coverage.traces,
        "rules": len(coverage.rules),
        "rules_decided": coverage.rules_decided,
        "conditions": len(coverage.conditions),
        "conditions_covered": coverage.conditions_covered,
        "by_rule": [
            {
                "rule": rule.name,
                "asked": rule.asked,
                "decided": rule.decided,
                "conditions": [
                    {"condition": one.words, "true": one.true, "false": one.false}
                    for one in rule.conditions
                ],
            }
            for rule in coverage.rules
        ],
    }

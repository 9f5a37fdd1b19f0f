"""Running cases: the trace that a test means, what the compiled rules say of it."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import InternalError
from nectarc.pipeline import CompileOptions, lower_policy
from nectarc.records import replace
from nectarc.refinery.rules import RulesConfig
from nectarc.testing.cases import cases_of
from nectarc.testing.running import CaseResult, Rules, run_cases
from nectarc.trace import ROOT_FIELD, Span, Trace
from tests.unit.testing.policies import checked

ROOTS = """\
version: 1
rules[3]{name,match,action,priority}:
  rootless,!has_root,keep,10
  errors,any(error && !is_root),keep,9
  rest,true,sample(1/100),0
tests[3]:
  - name: no root
    expect: rootless
    no_root: true
    spans[1]{error}:
      true
  - name: child
    expect: errors
    spans[2]{error,root}:
      ,true
      true,
  - name: from a file
    expect: errors
    file: some.jsonl
"""
FILE = (
    Trace("good", (Span({}, is_root=True), Span({"error": True}))),
    Trace("other", (Span({"error": True}, is_root=True),)),
)


def results() -> tuple[CaseResult, ...]:
    policy = checked(ROOTS)
    lowered = lower_policy(policy.policy, CompileOptions()).lowered
    return run_cases(policy.policy, cases_of(policy.written, lambda _file: FILE), lowered)


def test_every_trace_of_a_file_must_be_decided_as_expected() -> None:
    *_, by_file = results()

    assert [one.is_pass for one in results()] == [True, True, False]
    assert [one.trace.trace_id for one in by_file.failed] == ["other"]


def test_spans_say_whether_they_are_the_root_as_those_of_refinery_do() -> None:
    rootless, child, _ = results()

    assert [span.fields[ROOT_FIELD] for span in rootless.results[0].trace.spans] == [False]
    assert [span.fields[ROOT_FIELD] for span in child.results[0].trace.spans] == [True, False]


def test_compiled_rules_are_run_as_well() -> None:
    assert {one.rules for result in results() for one in result.results} == {Rules.AGREE}


def test_rules_that_decide_otherwise_are_a_defect() -> None:
    policy = checked(ROOTS)
    lowered = lower_policy(policy.policy, CompileOptions()).lowered
    assert lowered is not None
    assert isinstance(lowered.sampler, RulesConfig)
    broken = replace(lowered, sampler=RulesConfig(rules=lowered.sampler.rules[::-1]))

    with pytest.raises(InternalError, match="the compiled rules decide"):
        run_cases(policy.policy, cases_of(policy.written, lambda _file: FILE), broken)


def test_a_trace_outside_the_assumptions_says_nothing_of_the_rules() -> None:
    policy = checked(
        ROOTS.replace("any(error && !is_root)", "any(service != 'web') && any(error)").replace(
            "error}", "a}"
        )
    )
    lowered = lower_policy(policy.policy, CompileOptions()).lowered
    assert lowered is not None
    assert lowered.assumptions
    null = (Trace("null", (Span({"service.name": None}, is_root=True),)),)

    *_, by_file = run_cases(policy.policy, cases_of(policy.written, lambda _file: null), lowered)

    assert [one.rules for one in by_file.results] == [Rules.OUTSIDE]


def test_a_file_without_a_trace_is_no_pass() -> None:
    policy = checked(ROOTS)

    *_, by_file = run_cases(policy.policy, cases_of(policy.written, lambda _file: ()), None)

    assert not by_file.is_pass

"""The results of a policy's tests for people: passed, failed and why, and what they cover.

Owns: layout and words. Must not know: how anything was run or counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.ir.nodes import Policy
from nectarc.prove.trace_names import describe_span
from nectarc.records import record
from nectarc.render.counting import counted
from nectarc.report.tables import WIDTH, Column, paragraph, render_table
from nectarc.report.trace_text import answer_lines
from nectarc.report.trace_view import AskedRule, ask_rule
from nectarc.testing.coverage import Coverage
from nectarc.testing.running import CaseResult, Rules, TraceResult
from nectarc.trace import Trace

_FAILURES_SHOWN = 3
_COLUMNS = (
    Column("rule"),
    Column("condition"),
    Column("true", is_number=True),
    Column("false", is_number=True),
    Column("decided", is_number=True),
)


@record(kw_only=True)
class PolicyTests:
    """The tests of one policy, run.

    by_corpus: what the corpus covers, None where none was asked for.
    rules:     how many Refinery rules the policy compiles to, None where it does not.
    """

    file: str
    policy: Policy
    results: tuple[CaseResult, ...]
    by_tests: Coverage
    by_corpus: Coverage | None = None
    rules: int | None = None

    @property
    def failed(self) -> int:
        """How many tests failed."""
        return sum(1 for one in self.results if not one.is_pass)


@record
class Why:
    """Why a trace was not decided as expected: the rule that was expected, the one that decided.

    expected: None where the policy has no such rule.
    """

    words: str
    expected: AskedRule | None
    deciding: AskedRule


def why_failed(tests: PolicyTests, result: CaseResult, failed: TraceResult) -> Why:
    """Ask both rules of the trace."""
    rules = tests.policy.rules
    deciding = rules[failed.decided]
    place = next((i for i, rule in enumerate(rules) if rule.name == result.case.expect), None)
    asked = ask_rule(deciding, failed.trace)
    if place is None:
        return Why(f"rule `{deciding.name}` decides", None, asked)
    expected = ask_rule(rules[place], failed.trace)
    if not expected.is_match:
        words = f"`{expected.name}` does not match, and `{deciding.name}` decides"
    else:
        words = (
            f"`{deciding.name}` matches and is asked before `{expected.name}`,"
            " which would match as well"
        )
    return Why(words, expected, asked)


def render_tests_text(tests: PolicyTests, *, width: int = WIDTH, has_tables: bool = False) -> str:
    """Return one line a test, why failed ones failed, and what is not covered.

    has_tables: show the coverage of every condition, by the tests and by the corpus.
    """
    lines = paragraph(_headline(tests), width=width)
    if tests.results:
        lines.append("")
    for result in tests.results:
        lines += _result_lines(tests, result, width)
    lines += ["", *_coverage_lines(tests.by_tests, "the tests", width, is_table=has_tables)]
    if tests.by_corpus is not None:
        lines += ["", *_coverage_lines(tests.by_corpus, "the corpus", width, is_table=has_tables)]
    return "\n".join(lines) + "\n"


def failure_findings(tests: PolicyTests) -> tuple[Diagnostic, ...]:
    """Return a finding for each failed test, at its name."""
    return tuple(_failure(tests, one) for one in tests.results if not one.is_pass)


def coverage_findings(tests: PolicyTests) -> Iterator[Diagnostic]:
    """Yield hints: rules that no test reaches, and conditions that tests saw on one side only."""
    if not tests.results:
        yield finding(
            "NEC483",
            tests.policy.rules[0].source,
            f"policy `{tests.policy.name}` has no tests",
            why="nothing says what it is meant to do with a trace but the policy itself",
            help="add a `tests` section: a trace, and the rule that must decide it",
        )
        return
    for rule in tests.by_tests.rules:
        if not rule.decided:
            yield finding(
                "NEC481",
                rule.source,
                f"no test is decided by rule `{rule.name}`",
                why="a change that breaks it would go unnoticed",
                help=f"add a test with `expect: {rule.name}`",
            )
        for one in rule.conditions:
            if one.missing and rule.asked:
                yield finding(
                    "NEC482",
                    one.source,
                    f"`{one.words}` of rule `{rule.name}` was never {one.missing} in a test",
                    why="the tests would pass without this condition, or with another one",
                    help="add a trace that differs in it from one that is tested",
                )


def failure_words(tests: PolicyTests, result: CaseResult) -> str:
    """Return in one line what happened instead of what the test expects."""
    if not result.results:
        return f"`{result.case.file}` holds no trace"
    by = dict.fromkeys(tests.policy.rules[one.decided].name for one in result.failed)
    named = ", ".join(f"`{name}`" for name in by)
    some = ""
    if len(result.results) > 1:
        some = f" for {len(result.failed)} of {counted(len(result.results), 'trace')}"
    return f"expected `{result.case.expect}`, decided by {named}{some}"


def failure_lines(tests: PolicyTests, result: CaseResult, *, width: int = WIDTH) -> list[str]:
    """Return for the first failed traces which rules were asked, condition by span."""
    lines: list[str] = []
    for failed in result.failed[:_FAILURES_SHOWN]:
        lines += _failed_lines(tests, result, failed, width)
    rest = len(result.failed) - _FAILURES_SHOWN
    if rest > 0:
        lines.append(f"   … and {counted(rest, 'more trace')}")
    return lines


def _headline(tests: PolicyTests) -> str:
    if not tests.results:
        return f"{tests.file}: no tests."
    passed = len(tests.results) - tests.failed
    said = f"{tests.file}: {passed} of {counted(len(tests.results), 'test')} passed"
    answers = [one.rules for result in tests.results for one in result.results]
    if tests.rules is None:
        return f"{said}. The policy has no exact Refinery rules to run them through as well."
    agreed = answers.count(Rules.AGREE)
    outside = answers.count(Rules.OUTSIDE)
    rules = counted(tests.rules, "Refinery rule")
    said += f". The {rules} that it compiles to decide {counted(agreed, 'trace')} alike"
    if outside:
        said += f"; {outside} outside their assumptions"
    return said + "."


def _result_lines(tests: PolicyTests, result: CaseResult, width: int) -> list[str]:
    case = result.case
    if result.is_pass:
        traces = f" ({counted(len(result.results), 'trace')})" if case.file else ""
        return paragraph(f"✓ {case.name}: {case.expect}{traces}", width=width)
    lines = paragraph(f"✗ {case.name}: {failure_words(tests, result)}", width=width)
    return [*lines, *failure_lines(tests, result, width=width), ""]


def _failed_lines(
    tests: PolicyTests, result: CaseResult, failed: TraceResult, width: int
) -> list[str]:
    why = why_failed(tests, result, failed)
    name = f"trace {failed.trace.trace_id}: " if result.case.file else ""
    spans = _span_names(failed.trace)
    lines = paragraph(f"{name}{why.words}", width=width, indent=3)
    for asked in (why.expected, why.deciding):
        if asked is not None:
            verdict = "✓ matches" if asked.is_match else "✗ does not match"
            lines += ["", *paragraph(f"{asked.name}  {verdict}", width=width, indent=3)]
            lines += answer_lines(asked, spans, width=width)
    return lines


def _span_names(trace: Trace) -> list[str]:
    return [describe_span(span, trace) for span in trace.spans]


def _failure(tests: PolicyTests, result: CaseResult) -> Diagnostic:
    why = ""
    if result.failed:
        why = why_failed(tests, result, result.failed[0]).words
    return finding(
        "NEC480",
        result.case.source,
        f"test `{result.case.name}` fails: {failure_words(tests, result)}",
        why=why,
        help="correct the policy, or what the test expects; `nectarc test` shows each condition",
    )


def _coverage_lines(coverage: Coverage, by: str, width: int, *, is_table: bool) -> list[str]:
    conditions = coverage.conditions
    lines = paragraph(
        f"Covered by {by} ({counted(coverage.traces, 'trace')}): {coverage.rules_decided} of"
        f" {counted(len(coverage.rules), 'rule')} decide,"
        f" {coverage.conditions_covered} of {counted(len(conditions), 'condition')} seen true and"
        " false.",
        width=width,
    )
    if is_table:
        return [*lines, *render_table(_COLUMNS, list(_rows(coverage)), width=width, indent=2)]
    for words in _uncovered(coverage):
        lines += paragraph(f"- {words}", width=width, indent=2)
    return lines


def _rows(coverage: Coverage) -> Iterator[Sequence[str]]:
    for rule in coverage.rules:
        yield (rule.name, "", "", "", f"{rule.decided:,}")
        for one in rule.conditions:
            yield ("", one.words, f"{one.true:,}", f"{one.false:,}", "")


def _uncovered(coverage: Coverage) -> Iterator[str]:
    for rule in coverage.rules:
        if not rule.decided:
            yield f"rule `{rule.name}` decides none of them"
        for one in rule.conditions:
            if one.missing and rule.asked:
                yield f"`{one.words}` of rule `{rule.name}` is never {one.missing}"

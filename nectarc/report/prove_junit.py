"""The reports of `prove` as suites of JUnit: a test for each check, and for each other finding.

Owns: what fails. Must not know: how anything was checked, XML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.prove.verdicts import CheckResult, ProveReport, Verdict
from nectarc.records import replace
from nectarc.render.junit import JUnitCase, JUnitSuite, finding_case
from nectarc.report.prove_text import counterexample_lines, headline
from nectarc.source import SourceText

# Findings of a check that is refuted: its own test says so already.
_OF_CHECKS: Final = frozenset({"NEC450", "NEC451", "NEC452", "NEC453"})


def prove_suites(
    reports: Mapping[str, ProveReport],
    found: Sequence[Diagnostic],
    texts: Mapping[str, SourceText],
) -> tuple[JUnitSuite, ...]:
    """Return a suite for each policy of `reports`, and for each other file with findings.

    Some test fails whenever the exit status is not 0. texts: the files that findings point into.
    """
    cases: dict[str, list[JUnitCase]] = {
        path: [_case(check, report) for check in report.checks] for path, report in reports.items()
    }
    for one in found:
        if one.severity is not Severity.HINT and one.code not in _OF_CHECKS:
            cases.setdefault(one.source.file, []).append(
                replace(finding_case(one, texts), name=one.code)
            )
    return tuple(JUnitSuite(file, tuple(of_file)) for file, of_file in cases.items())


def _case(check: CheckResult, report: ProveReport) -> JUnitCase:
    """Return one check's test; its name stays the same from run to run."""
    if check.verdict is not Verdict.REFUTED:
        return JUnitCase(name=check.name, line=1)
    message = f"REFUTED: {check.claim}" + (f": {check.reason}" if check.reason else "")
    details = "\n".join((message, *counterexample_lines(check), headline(report)))
    return JUnitCase(name=check.name, line=1, message=message, details=details)

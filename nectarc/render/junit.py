"""Results of tests as JUnit XML, the form that CI systems read.

Owns: the elements and what XML cannot hold. Must not know: what was tested or looked for. Pure: no
times.
Truth: the common subset of what Jenkins, GitLab and GitHub actions read (testsuites, testsuite,
testcase, failure).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.records import record
from nectarc.render.terminal import sort_key
from nectarc.source import SourceText

# The standard library's own function for this brings urllib, 100 ms.
_ESCAPES: Final = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\n": "&#10;",
        "\r": "&#13;",
        "\t": "&#9;",
    }
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


@record(kw_only=True)
class JUnitCase:
    """One test. `message`: why it failed, one line, "" when it passed; `details`: more of it."""

    name: str
    line: int
    message: str = ""
    details: str = ""


@record
class JUnitSuite:
    """The tests of one file, in order."""

    file: str
    cases: tuple[JUnitCase, ...]

    @property
    def failures(self) -> int:
        """How many failed."""
        return sum(1 for case in self.cases if case.message)


def render_junit(suites: Sequence[JUnitSuite]) -> str:
    """Return the XML document."""
    tests = sum(len(suite.cases) for suite in suites)
    failures = sum(suite.failures for suite in suites)
    lines = [f'<testsuites name="nectarc" tests="{tests}" failures="{failures}" errors="0">']
    for suite in suites:
        lines += _suite(suite)
    return _HEAD + "\n".join([*lines, "</testsuites>"]) + "\n"


def finding_suites(
    diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText]
) -> tuple[JUnitSuite, ...]:
    """Return a suite for each file, with a failed test for each error and warning.

    A file without any has one test that passes. Hints fail nothing, so they are left out.
    texts: all files that were read, by name.
    """
    cases: dict[str, list[JUnitCase]] = {file: [] for file in texts}
    for one in sorted(diagnostics, key=sort_key):
        if one.severity is not Severity.HINT:
            cases.setdefault(one.source.file, []).append(finding_case(one, texts))
    passed = JUnitCase(name="no errors or warnings", line=1)
    return tuple(JUnitSuite(file, tuple(of_file or [passed])) for file, of_file in cases.items())


def finding_case(one: Diagnostic, texts: Mapping[str, SourceText]) -> JUnitCase:
    """Return the failed test that a finding is."""
    text = texts.get(one.source.file)
    line = 1 if text is None else text.position(one.source.start).line
    details = "\n".join(words for words in (one.headline, one.why, one.help) if words)
    message = f"{one.code}: {one.headline}"
    return JUnitCase(name=f"{one.code} line {line}", line=line, message=message, details=details)


def _suite(suite: JUnitSuite) -> Iterator[str]:
    file = _attribute(suite.file)
    counts = f'tests="{len(suite.cases)}" failures="{suite.failures}" errors="0" skipped="0"'
    yield f"  <testsuite name={file} {counts}>"
    for case in suite.cases:
        head = (
            f"    <testcase name={_attribute(case.name)} classname={file}"
            f' file={file} line="{case.line}"'
        )
        if case.message:
            yield f"{head}>"
            message = _attribute(case.message)
            yield f'      <failure type="failure" message={message}>{_text(case.details)}</failure>'
            yield "    </testcase>"
        else:
            yield f"{head}/>"
    yield "  </testsuite>"


def _attribute(words: str) -> str:
    return f'"{_allowed(words).translate(_ESCAPES)}"'


def _text(words: str) -> str:
    plain = _allowed(words)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _allowed(words: str) -> str:
    """Replace what XML 1.0 cannot hold, not even escaped, by U+FFFD."""
    return "".join(c if _is_allowed(ord(c)) else "\ufffd" for c in words)


def _is_allowed(code: int) -> bool:
    if code < 0x20:
        return code in (0x09, 0x0A, 0x0D)
    return not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF)

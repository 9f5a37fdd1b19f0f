"""JUnit: what CI systems count, and texts that XML cannot hold."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from nectarc.codes import finding
from nectarc.render.junit import JUnitCase, JUnitSuite, finding_suites, render_junit
from nectarc.source import SourceSpan, SourceText

SUITE = JUnitSuite(
    'a "b" & <c>.toon',
    (
        JUnitCase(name="passes", line=3),
        JUnitCase(name='"<&>\x00\u2028', line=9, message="one\ntwo", details="\x1b[31m <&> \ud800"),
    ),
)


def test_it_is_xml_that_counts_failures() -> None:
    root = ET.fromstring(render_junit([SUITE]).encode("utf-8"))

    suite = root[0]
    assert (root.get("tests"), root.get("failures"), suite.get("failures")) == ("2", "1", "1")
    assert suite.get("name") == 'a "b" & <c>.toon'
    assert [(case.get("line"), len(case)) for case in suite] == [("3", 0), ("9", 1)]


def test_what_xml_cannot_hold_is_replaced_and_the_rest_stays() -> None:
    case = ET.fromstring(render_junit([SUITE]).encode("utf-8"))[0][1]

    assert case.get("name") == '"<&>\ufffd\u2028'
    assert case[0].get("message") == "one\ntwo"
    assert case[0].text == "\ufffd[31m <&> \ufffd"


def test_findings_are_failed_tests_of_their_file_and_hints_are_none() -> None:
    text = SourceText.of("a", "one\ntwo\n")
    found = [
        finding("NEC520", SourceSpan("a", 4, 7), "head", why="why", help="help"),
        finding("NEC535", SourceSpan("a", 0, 1), "only a hint"),
        finding("NEC400", SourceSpan("gone", 0, 0), "gone"),
    ]

    suites = finding_suites(found, {"a": text, "b": SourceText.of("b", "")})

    assert {one.file: one.failures for one in suites} == {"a": 1, "b": 0, "gone": 1}
    assert suites[0].cases == (
        JUnitCase(
            name="NEC520 line 2",
            line=2,
            message="NEC520: head",
            details="head\nwhy\nhelp",
        ),
    )
    assert suites[1].cases == (JUnitCase(name="no errors or warnings", line=1),)

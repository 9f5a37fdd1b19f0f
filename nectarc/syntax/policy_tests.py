"""The `tests` of a policy: a trace each, and the rule that must decide it.

Owns: spans tables, which span is the root. Must not know: how a policy decides.
Truth: docs/language.md, section 2 (row `tests`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from nectarc.source import SourceSpan
from nectarc.syntax.ast import PolicyTest
from nectarc.syntax.rows import TESTS, Findings, Row
from nectarc.toon.document import Array, ArrayForm, Node, Object, Scalar
from nectarc.toon.document import Invalid as InvalidNode

_Span: TypeAlias = tuple[tuple[str, bool | int | float | str | None], ...]

# A column of this name says which span is the root; a field so named cannot be tested, and is
# refused by the checker wherever a policy reads it.
_ROOT: str = "root"


def read_tests(rows: Iterable[Row], findings: Findings) -> tuple[PolicyTest, ...]:
    """Return the tests that have a name of a rule to expect; say what is wrong with the others."""
    tests: list[PolicyTest] = []
    for row in rows:
        name = findings.name(row, TESTS)
        expect = findings.text(row, "tests", "expect")
        spans, root = _trace(row, findings)
        action = findings.text(row, "tests", "action")
        file = findings.text(row, "tests", "file")
        if file is not None and row.cells.get("spans") is not None:
            findings.add(
                "NEC091",
                file.source,
                "a test has its trace from `spans` or from `file`, not from both",
                help="remove one of the two",
            )
        if expect is None:
            continue
        tests.append(
            PolicyTest(
                name=name,
                expect=expect,
                action=None if action is None or action.is_blank else action,
                spans=spans,
                root=root,
                file=None if file is None or file.is_blank else file,
                source=row.source,
            )
        )
    return tuple(tests)


def _trace(row: Row, findings: Findings) -> tuple[tuple[_Span, ...], int | None]:
    node = row.cells.get("spans")
    spans: list[_Span] = []
    marks: list[tuple[int, SourceSpan]] = []
    marked: SourceSpan | None = None
    if isinstance(node, Array):
        for item in node.items:
            if isinstance(item, InvalidNode):
                continue
            if not isinstance(item, Object):
                findings.add("NEC092", item.source, "a span is a row of fields")
                continue
            for entry in item.entries:
                if entry.key.text == _ROOT and not _is_blank(entry.value):
                    marked = entry.value.source
                    if findings.boolean(entry.value, _ROOT):
                        marks.append((len(spans), entry.value.source))
            spans.append(_span(item, findings))
        if node.form is ArrayForm.TABULAR and any(key.text == _ROOT for key in node.columns):
            marked = marked or node.header
    elif node is not None and not isinstance(node, InvalidNode):
        findings.add(
            "NEC084",
            node.source,
            "`spans` is a table of fields, a row a span",
            help="write spans[1]{http.status,duration_ms}: and a row for each span",
        )
    return tuple(spans), _root(row, marks, marked, findings)


def _root(
    row: Row,
    marks: list[tuple[int, SourceSpan]],
    marked: SourceSpan | None,
    findings: Findings,
) -> int | None:
    rootless = row.cells.get("no_root")
    has_none = False
    if rootless is not None and not _is_blank(rootless):
        has_none = findings.boolean(rootless, "no_root") or False
    if has_none:
        if marks:
            findings.add(
                "NEC091",
                marks[0][1],
                "this span is marked as the root, and the test says `no_root: true`",
                help="remove one of the two",
            )
        return None
    if len(marks) > 1:
        findings.add(
            "NEC091",
            marks[1][1],
            "two spans are marked as the root",
            why="`root.` tests read one span, the last that has no parent",
            help="mark one of them",
        )
    if not marks and marked is not None:
        findings.add(
            "NEC091",
            marked,
            "no span is marked as the root",
            why="without the column `root` the first span is the root",
            help="write true at one span, or no_root: true for a trace without a root",
        )
    return marks[0][0] if marks else 0


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_blank


def _span(item: Object, findings: Findings) -> _Span:
    fields: list[tuple[str, bool | int | float | str | None]] = []
    for entry in item.entries:
        node = entry.value
        if entry.key.text == _ROOT or isinstance(node, InvalidNode):
            continue
        if not isinstance(node, Scalar):
            findings.add(
                "NEC092",
                node.source,
                f"the field `{entry.key.text[:60]}` of a span is one value",
                why="Refinery compares fields, not what may stand inside them",
                help="write a text, a number, true, false or null",
            )
            continue
        if not node.is_blank:
            fields.append((entry.key.text, node.value))
    return tuple(fields)

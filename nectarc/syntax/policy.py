"""A TOON document to a policy.

Owns: sections and their rows, in both forms (plain, and the record header). Must not know: names
and types of fields, what a rule means. Truth: docs/language.md, section 2.
"""

from __future__ import annotations

import math
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix
from nectarc.source import SourceSpan
from nectarc.syntax.ast import Expr, FieldRow, InvalidExpr, InvariantRow, Policy, Rule
from nectarc.syntax.parser import parse_action, parse_match, parse_require
from nectarc.syntax.policy_tests import read_tests
from nectarc.syntax.rows import FIELDS, INVARIANTS, RULES, TESTS, Findings, Row
from nectarc.toon.document import Array, Document, Entry, Node, Object, ObjectForm, Scalar
from nectarc.toon.document import Invalid as InvalidNode

WRAPPER: Final = "nectar_policy"
SECTIONS: Final = (
    "version",
    "name",
    "budget_per_second",
    "rules",
    "fields",
    "invariants",
    "tests",
)
_VERSION: Final = 1


def is_policy_document(document: Document) -> bool:
    """Say whether a TOON file that no manifest names is a policy (docs/language.md, section 1)."""
    root = document.root
    return isinstance(root, Object) and any(
        entry.key.text in {"rules", WRAPPER} for entry in root.entries
    )


def policy_object(root: Node) -> Object | None:
    """Return the object that holds the sections, in either form, if there is one."""
    if not isinstance(root, Object):
        return None
    for entry in root.entries:
        if entry.key.text == WRAPPER:
            return entry.value if isinstance(entry.value, Object) else None
    return root


def parse_policy(document: Document, file: str) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """Return the policy of a document, with every finding about its shape and its cells.

    file: the path in spans of findings that have no better place.
    Bad rows and cells are left out or stand as `InvalidExpr` and None; what TOON could not read is
    passed by. None only where there is no object to read sections from.
    """
    findings = Findings()
    body = policy_object(document.root)
    if body is None:
        if not _is_invalid(document.root):
            place = getattr(document.root, "source", SourceSpan(file, 0, 0))
            findings.add(
                "NEC094",
                place,
                "this is no policy: a policy has sections",
                help="write version: 1, name: ..., rules[1]{name,match,action,priority}: ...",
            )
        return None, tuple(findings.found)
    if body is not document.root:
        _report_beside(document.root, findings)
    sections = _sections(body, findings)
    return _policy(body, sections, findings), tuple(findings.found)


def _is_invalid(root: Node) -> bool:
    if isinstance(root, Object):
        return any(
            entry.key.text == WRAPPER and isinstance(entry.value, InvalidNode)
            for entry in root.entries
        )
    return isinstance(root, InvalidNode)


def _report_beside(root: Node, findings: Findings) -> None:
    assert isinstance(root, Object)  # `policy_object` found the wrapper in it
    for entry in root.entries:
        if entry.key.text != WRAPPER:
            findings.add(
                "NEC080",
                entry.key.source,
                f"`{entry.key.text[:60]}` stands beside `{WRAPPER}`",
                why="what stands there would decide nothing, silently",
                help=f"move it below `{WRAPPER}`, or remove it",
            )


def _sections(body: Object, findings: Findings) -> dict[str, Entry]:
    written = {entry.key.text for entry in body.entries}
    sections: dict[str, Entry] = {}
    for entry in body.entries:
        name: str | None = entry.key.text
        if name not in SECTIONS:
            free = tuple(section for section in SECTIONS if section not in written)
            name = findings.unknown("NEC080", entry.key, "section of a policy", free)
        if name is not None:
            sections.setdefault(name, entry)
    return sections


def _policy(body: Object, sections: dict[str, Entry], findings: Findings) -> Policy:
    version = _version(body, sections, findings)
    name = _name(sections, findings)
    budget = _budget(sections.get("budget_per_second"), findings)
    rules, rules_source = _rules(body, sections, findings)
    return Policy(
        version=version,
        name=name,
        budget_per_second=budget,
        rules=rules,
        rules_source=rules_source,
        fields=_fields(sections.get("fields"), findings),
        invariants=_invariants(sections.get("invariants"), findings),
        tests=()
        if (tests := sections.get("tests")) is None
        else read_tests(findings.rows(tests.value, TESTS), findings),
        source=body.source,
    )


def _version(body: Object, sections: dict[str, Entry], findings: Findings) -> int | None:
    entry = sections.get("version")
    if entry is None:
        place = body.entries[0].key.source if body.entries else body.source
        fixes: tuple[Fix, ...] = ()
        if body.form is ObjectForm.PLAIN and place.start == 0:
            here = SourceSpan(place.file, 0, 0)
            fixes = (Fix("write `version: 1`", (Edit(here, f"version: {_VERSION}\n"),), True),)
        findings.found.append(
            finding(
                "NEC083",
                place,
                "the policy does not say its `version`",
                why="a later version of the language may read the same words otherwise",
                help=f"write version: {_VERSION}",
                fixes=fixes,
            )
        )
        return None
    version = findings.whole_number(entry.value, "version")
    if version is not None and version != _VERSION:
        later = version > _VERSION
        findings.add(
            "NEC086",
            entry.value.source,
            f"this nectarc reads version {_VERSION} of the language, not version {version}",
            why="a rule could mean something else in another version",
            help="install a newer nectarc" if later else f"write version: {_VERSION}",
        )
    return version


def _name(sections: dict[str, Entry], findings: Findings) -> Scalar | None:
    entry = sections.get("name")
    if entry is None:
        return None
    cell = findings.text(Row({"name": entry.value}, entry.key.source, "\n"), "the policy", "name")
    if cell is not None and not cell.text.strip():
        findings.add("NEC090", cell.source, "the policy has an empty name")
    return cell


def _budget(entry: Entry | None, findings: Findings) -> float | None:
    if entry is None or isinstance(entry.value, InvalidNode):
        return None
    node = entry.value
    if isinstance(node, Scalar) and node.is_blank:
        return None
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        findings.add(
            "NEC084",
            node.source,
            "`budget_per_second` is a number of events",
            help="write it without quotes and units, as 10000",
        )
        return None
    try:
        budget = float(value)
    except OverflowError:
        budget = math.inf
    if not 0 < budget < math.inf:
        findings.add(
            "NEC087",
            node.source,
            "`budget_per_second` is a positive, finite number",
            why="with no budget at all nothing could be kept",
        )
        return None
    return budget


def _rules(
    body: Object, sections: dict[str, Entry], findings: Findings
) -> tuple[tuple[Rule, ...], SourceSpan]:
    entry = sections.get("rules")
    if entry is None:
        findings.add(
            "NEC082",
            body.entries[0].key.source if body.entries else body.source,
            "the policy has no `rules`",
            why="without rules Refinery keeps every trace",
            help="write rules[1]{name,match,action,priority}: and a row for each rule",
        )
        return (), body.source
    node = entry.value
    rules = tuple(_rule(row, findings) for row in findings.rows(node, RULES))
    if isinstance(node, Array) and not node.items:
        findings.add(
            "NEC088",
            node.header,
            "`rules` has no rows",
            why="without rules Refinery keeps every trace",
            help="write at least a fallback: keep-rest,true,keep,0",
        )
    return rules, node.source


def parse_rule_row(table: Array) -> tuple[Rule, tuple[Diagnostic, ...]] | None:
    """Return the rule of a `rules` table with one row, and what is wrong with the row itself.

    What is wrong with the table's columns is not said. None where there is no such row.
    """
    rows = list(Findings().rows(table, RULES))
    if len(rows) != 1:
        return None
    findings = Findings()
    return _rule(rows[0], findings), tuple(findings.found)


def _rule(row: Row, findings: Findings) -> Rule:
    name = findings.name(row, RULES)
    match_cell, match = _expression(row, "rules", "match", findings)
    action_cell = findings.text(row, "rules", "action")
    action = None
    if action_cell is not None:
        action, found = parse_action(action_cell, row.delimiter)
        findings.found.extend(found)
    description = findings.text(row, "rules", "description")
    priority = row.cells.get("priority")
    number = None if priority is None else findings.whole_number(priority, "priority")
    return Rule(
        name=name,
        description=None if description is None or description.is_blank else description,
        match=match,
        match_cell=match_cell,
        action=action,
        action_cell=action_cell,
        priority=number or 0,
        priority_cell=priority if isinstance(priority, Scalar) and number is not None else None,
        source=row.source,
    )


def _expression(
    row: Row, section: str, column: str, findings: Findings
) -> tuple[Scalar | None, Expr]:
    cell = findings.text(row, section, column)
    if cell is None:
        return None, InvalidExpr(row.source)
    expression, found = parse_match(cell, row.delimiter)
    findings.found.extend(found)
    return cell, expression


def _fields(entry: Entry | None, findings: Findings) -> tuple[FieldRow, ...]:
    if entry is None:
        return ()
    rows: list[FieldRow] = []
    for row in findings.rows(entry.value, FIELDS):
        name = findings.name(row, FIELDS)
        kind = findings.text(row, "fields", "type")
        spellings = _spellings(row, findings)
        if kind is None or not spellings:
            continue
        rows.append(FieldRow(name=name, type=kind, spellings=spellings, source=row.source))
    return tuple(rows)


def _spellings(row: Row, findings: Findings) -> tuple[Scalar, ...]:
    node = row.cells.get("from")
    if isinstance(node, Array):
        items = tuple(item for item in node.items if not isinstance(item, InvalidNode))
        spellings = tuple(item for item in items if isinstance(item, Scalar))
        if len(spellings) < len(items) or not node.items:
            findings.add(
                "NEC084",
                node.header,
                "`from` names the span fields that a field is read from, in order",
                help="write from[2]: http.method,http.request.method",
            )
        return tuple(s for s in spellings if _is_spelling(s, findings))
    cell = findings.text(row, "fields", "from")
    return (cell,) if cell is not None and _is_spelling(cell, findings) else ()


def _is_spelling(cell: Scalar, findings: Findings) -> bool:
    if cell.text.strip():
        return True
    findings.add(
        "NEC090",
        cell.source,
        "`from` names no span field",
        help="write the name of the span field that is read",
    )
    return False


def _invariants(entry: Entry | None, findings: Findings) -> tuple[InvariantRow, ...]:
    if entry is None:
        return ()
    rows: list[InvariantRow] = []
    for row in findings.rows(entry.value, INVARIANTS):
        name = findings.name(row, INVARIANTS)
        when_cell, when = _expression(row, "invariants", "when", findings)
        require = None
        require_cell = findings.text(row, "invariants", "require")
        if require_cell is not None:
            require, found = parse_require(require_cell, row.delimiter)
            findings.found.extend(found)
        if when_cell is not None:
            rows.append(
                InvariantRow(
                    name=name,
                    when=when,
                    when_cell=when_cell,
                    require=require,
                    source=row.source,
                )
            )
    return tuple(rows)

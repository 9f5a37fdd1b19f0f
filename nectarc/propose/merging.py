"""New clauses in a policy that somebody wrote: its comments, tests, fields and order stay.

Owns: where a new rule goes, its priority, its name, the edits of the text. Must not know: engines.
Truth: docs/intent.md, "Refining"; docs/language.md, 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from nectarc.checking import Checked, check_text
from nectarc.diagnostic import Edit, Fix
from nectarc.fixes import apply_fixes
from nectarc.formatting import format_text
from nectarc.importing.writing import field_lines
from nectarc.intent.drafts import Draft, DraftRule
from nectarc.intent.records import DropAll, FieldRow, KeepAll, Wanted
from nectarc.ir.nodes import Drop, Keep, Policy
from nectarc.semantics.options import CheckOptions
from nectarc.semantics.toon_edits import Cell, add_row, find_section
from nectarc.source import SourceSpan, SourceText
from nectarc.syntax import ast
from nectarc.syntax.policy import policy_object
from nectarc.syntax.tree_text import format_require
from nectarc.toon import read
from nectarc.toon.document import Array, Object, ObjectForm

_STEP: Final = 10
_BUDGET: Final = "budget_per_second"


class Merged(NamedTuple):
    """A policy with new rules. text: formatted. draft: all of its rows, new and old."""

    text: str
    draft: Draft


def place_of(wanted: Wanted, policy: Policy) -> int:
    """Return before which rule a clause goes that says nothing of the policy's rules.

    Keeping wins over dropping, dropping over sampling; what is said later is wanted more than what
    the policy does to such traces already.
    """
    if isinstance(wanted, KeepAll):
        return 0
    passed = (Keep,) if isinstance(wanted, DropAll) else (Keep, Drop)
    last = len(policy.rules) - 1
    for index, rule in enumerate(policy.rules):
        if index == last or not isinstance(rule.action, passed):
            return index
    return 0


def priority_at(old: Sequence[int], place: int) -> int | None:
    """Return a priority for a rule before the one with index `place`; None where none is free.

    old: the priorities in order of precedence; not empty.
    """
    found = _between(old, place, (place,))
    return None if found is None else found[0]


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or `name-2` and so on where that is taken."""
    known = set(taken)
    found, number = name, 1
    while found in known:
        number += 1
        found = f"{name}-{number}"
    return found


def draft_from(checked: Checked) -> Draft | None:
    """Return the rows of a policy as it is written, None where one of them cannot be read."""
    written, policy = checked.written, checked.policy
    if written is None or policy is None or checked.has_errors:
        return None
    by_name = {rule.name.text: rule for rule in written.rules}
    rows = [by_name[rule.name] for rule in policy.rules]
    return Draft(
        name=policy.name,
        rules=tuple(
            DraftRule(
                name=row.name.text,
                description=row.description.text if row.description is not None else "",
                match=row.match_cell.text if row.match_cell is not None else "",
                action=row.action_cell.text if row.action_cell is not None else "",
                priority=row.priority,
            )
            for row in rows
        ),
        fields=tuple(
            FieldRow(row.name.text, row.type.text, tuple(one.text for one in row.spellings))
            for row in written.fields
        ),
        invariants=tuple(
            (row.name.text, row.when_cell.text, format_require(row.require))
            for row in written.invariants
            if row.require is not None
        ),
        budget_per_second=written.budget_per_second,
    )


def merged(
    old: SourceText,
    rules: Sequence[tuple[int, DraftRule]],
    others: Draft,
) -> Merged | None:
    """Add rules, each before the rule with that index in order of precedence.

    rules:  (index, rule), in the order that they have among each other, indices not falling.
    others: its fields, invariants and budget are added, its rules are not looked at.
    returns: None where the policy has mistakes or a form that rows cannot be added to.
    """
    text = SourceText.of(old.file, _formatted(old))
    checked = check_text(text)
    if checked.written is None or draft_from(checked) is None:
        return None
    text, priorities = _with_room(text, checked, [index for index, _ in rules])
    known = {row.name.text for row in checked.written.fields}
    declared = with_fields(text, [row for row in others.fields if row.name not in known])
    if declared is None:
        return None
    text = declared
    rows: list[tuple[str, Mapping[str, Cell]]] = []
    has_descriptions = any(row.description is not None for row in checked.written.rules)
    for (_, rule), priority in zip(rules, priorities, strict=True):
        cells: dict[str, Cell] = {"name": rule.name}
        if has_descriptions:
            cells["description"] = rule.description
        cells |= {"match": rule.match, "action": rule.action, "priority": priority}
        rows.append(("rules", cells))
    rows += [
        ("invariants", {"name": name, "when": when, "require": require})
        for name, when, require in others.invariants
    ]
    for section, row in rows:
        added = _added(text, section, row)
        if added is None:
            return None
        text = added
    if others.budget_per_second is not None:
        edits = _budget_edits(text, others.budget_per_second)
        if not edits:
            return None
        text = _edited(text, edits)
    whole = SourceText.of(old.file, _formatted(text))
    draft = draft_from(check_text(whole))
    return None if draft is None else Merged(whole.text, draft)


def _with_room(
    text: SourceText, checked: Checked, places: Sequence[int]
) -> tuple[SourceText, list[int]]:
    """Return priorities for rules at `places`; the old ones are spread where there is no room."""
    policy, written = checked.policy, checked.written
    assert policy is not None
    assert written is not None
    old = [rule.priority for rule in policy.rules]
    found = [_between(old, place, places) for place in dict.fromkeys(places)]
    if all(one is not None for one in found):
        return text, [number for one in found if one is not None for number in one]
    # Everything gets the priority of its place in the new order.
    order = [(place, 0, number) for number, place in enumerate(places)]
    order += [(place, 1, place) for place in range(len(old))]
    order.sort()
    spread = {one: _STEP * (len(order) - 1 - rank) for rank, one in enumerate(order)}
    by_name = {rule.name.text: rule for rule in written.rules}
    edits = [
        Edit(_cell_source(by_name[rule.name]), str(spread[place, 1, place]))
        for place, rule in enumerate(policy.rules)
    ]
    return _edited(text, edits), [spread[place, 0, number] for number, place in enumerate(places)]


def _between(old: Sequence[int], place: int, places: Sequence[int]) -> list[int] | None:
    """Return falling priorities for all new rules at `place`, None where no numbers are free."""
    count = places.count(place)
    below = old[place] if place < len(old) else old[-1] - _STEP * (count + 1)
    if place == 0:
        return [below + _STEP * (count - number) for number in range(count)]
    above = old[place - 1]
    step = (above - below) // (count + 1)
    if step < 1:
        return None
    # A round number where there is one.
    step = min(step, _STEP)
    return [below + step * (count - number) for number in range(count)]


def _cell_source(rule: ast.Rule) -> SourceSpan:
    assert rule.priority_cell is not None  # an error otherwise
    return rule.priority_cell.source


def _from(row: FieldRow) -> Cell:
    return row.spellings[0] if len(row.spellings) == 1 else row.spellings


def with_fields(text: SourceText, rows: Sequence[FieldRow]) -> SourceText | None:
    """Add rows to `fields`; a table becomes a list where a new row has several spellings.

    returns: None where `fields` has a form that rows cannot be added to.
    """
    for row in rows:
        cells = {"name": row.name, "type": row.type, "from": _from(row)}
        added = _added(text, "fields", cells) or _as_list(text, row)
        if added is None:
            return None
        text = added
    return text


def _as_list(text: SourceText, row: FieldRow) -> SourceText | None:
    """Write the table `fields` anew as a list with one more row; None if comments stand in it."""
    document, _ = read(text)
    array = find_section(document.root, "fields")
    before = draft_from(check_text(text))
    if not isinstance(array, Array) or not array.items or before is None:
        return None
    last = array.items[-1]
    if not isinstance(last, Object):
        return None
    start = text.text.rfind("\n", 0, array.header.start) + 1
    end = text.text.find("\n", max(entry.value.source.end for entry in last.entries))
    if any(start < comment.source.start < end for comment in document.comments):
        return None
    line = text.text[start:]
    indent = line[: len(line) - len(line.lstrip(" "))]
    lines = [indent + one for one in field_lines((*before.fields, row))]
    return _edited(text, (Edit(SourceSpan(text.file, start, end), "\n".join(lines)),))


def _added(text: SourceText, section: str, row: Mapping[str, Cell]) -> SourceText | None:
    document, _ = read(text)
    edits = add_row(CheckOptions(document=document, text=text), section, row)
    return _edited(text, edits) if edits else None


def _budget_edits(text: SourceText, budget: float) -> tuple[Edit, ...]:
    """Set the budget where it stands, or below the name; () where there is neither."""
    written = str(int(budget)) if budget == int(budget) else repr(budget)
    document, _ = read(text)
    policy = policy_object(document.root)
    entries = {entry.key.text: entry for entry in policy.entries} if policy is not None else {}
    if _BUDGET in entries:
        return (Edit(entries[_BUDGET].value.source, written),)
    name = entries.get("name")
    if policy is None or name is None or policy.form is ObjectForm.KEYED:
        return ()
    end = text.text.find("\n", name.value.source.end)
    start = text.text.rfind("\n", 0, name.value.source.start) + 1
    line = text.text[start : name.value.source.start]
    indent = line[: len(line) - len(line.lstrip(" "))]
    here = SourceSpan(text.file, end, end)
    if policy.form is ObjectForm.RECORD:
        key = SourceSpan(text.file, name.key.source.end, name.key.source.end)
        return (Edit(key, f",{_BUDGET}"), Edit(here, f"\n{indent}{written}"))
    return (Edit(here, f"\n{indent}{_BUDGET}: {written}"),)


def _formatted(text: SourceText) -> str:
    formatted = format_text(text).text
    return text.text if formatted is None else formatted


def _edited(text: SourceText, edits: Sequence[Edit]) -> SourceText:
    return SourceText.of(text.file, apply_fixes(text, [Fix("", tuple(edits))])[0])

"""A whole draft put into a policy that somebody wrote: what it changes is edited, the rest stays.

Owns: which rule of the draft is which of the policy, the edits. Must not know: engines.
Truth: docs/intent.md, "Refining"; docs/language.md, 2.

Claude answers with all rules. Of the file everything else is kept as it is: comments, tests,
fields, invariants, the rows that mean the same as before, and priorities where the order allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from nectarc.checking import Checked, check_text
from nectarc.diagnostic import Edit, Fix, Severity
from nectarc.fixes import apply_fixes
from nectarc.intent.drafts import Draft
from nectarc.intent.policy_text import body_text
from nectarc.intent.records import Refuses
from nectarc.ir.nodes import Policy
from nectarc.propose.merging import draft_from, free_name, merged
from nectarc.records import replace
from nectarc.semantics.options import CheckOptions
from nectarc.semantics.toon_edits import Cell, add_row, find_section, quoted
from nectarc.source import SourceSpan, SourceText
from nectarc.toon import read
from nectarc.toon.document import Array, Entry, Object

_STEP: Final = 10


class Fitted(NamedTuple):
    """The policy with the draft in it. text: formatted. draft: all of its rows."""

    draft: Draft
    text: str


class Unfit(NamedTuple):
    """What of the draft contradicts the policy that it goes into, a sentence."""

    reason: str


def fitted_into(old: SourceText, draft: Draft) -> Fitted | Unfit | Refuses:
    """Change the policy `old` so that its rules are those of `draft`, in that order."""
    before = draft_from(check_text(old))
    if before is None:
        return _with_mistakes(old)
    clash = _clash(draft, before)
    if clash is not None:
        return clash
    added = _additions(draft, before)
    whole = merged(old, (), added)
    if whole is None:
        return _other_form(old)
    text = SourceText.of(old.file, whole.text)
    checked = check_text(text)
    wanted = check_text(SourceText.of("draft", body_text(_in_names_of(draft, whole.draft))))
    if wanted.policy is None or wanted.has_errors:
        return Unfit(_first_error(wanted))
    rows = _Rows(text, checked, draft, wanted.policy)
    edited = rows.edited()
    if edited is None:
        return _other_form(old)
    final = check_text(edited)
    found = draft_from(final)
    if found is None:
        return Unfit(f"the person's policy does not take this: {_first_error(final)}")
    return Fitted(found, edited.text)


def unreadable(old: SourceText) -> Refuses | None:
    """Refuse a policy that has mistakes: nothing can be put into it."""
    return _with_mistakes(old) if draft_from(check_text(old)) is None else None


class _Rows:
    """The rules of a policy on the way to those of a draft."""

    def __init__(self, text: SourceText, checked: Checked, draft: Draft, wanted: Policy) -> None:
        assert checked.policy is not None  # `merged` read it
        assert checked.written is not None
        self._text = text
        written = {row.name.text: row for row in checked.written.rules}
        self._old = [written[rule.name] for rule in checked.policy.rules]
        self._policy = checked.policy
        self._rules = draft.rules
        self._wanted = wanted
        self._has_descriptions = any(row.description is not None for row in self._old)

    def edited(self) -> SourceText | None:
        """Return the text with the rules of the draft; None where its form takes no such edits."""
        pairs = self._pairs()
        own = [rule.priority for rule in self._policy.rules]
        numbers = _priorities([None if one is None else own[one] for one in pairs])
        text = self._changed(pairs, numbers)
        if text is None:
            return None
        taken = [row.name.text for row in self._old]
        for rule, pair, number in zip(self._rules, pairs, numbers, strict=True):
            if pair is None:
                cells: dict[str, Cell] = {"name": free_name(rule.name, taken)}
                taken.append(str(cells["name"]))
                if self._has_descriptions:
                    cells["description"] = rule.description
                cells |= {"match": rule.match, "action": rule.action, "priority": number}
                document, _ = read(text)
                edits = add_row(CheckOptions(document=document, text=text), "rules", cells)
                if not edits:
                    return None
                text = _with_edits(text, edits)
        for index, row in enumerate(self._old):
            if index not in pairs:
                shorter = _without_row(text, row.name.text)
                if shorter is None:
                    return None
                text = shorter
        return text

    def _pairs(self) -> list[int | None]:
        """Return for each rule of the draft the index of the policy's rule that it is.

        By name (or by the name that stands for one that is not sent, `rule-3`), then by meaning,
        then by what it is about.
        """
        old, new = self._policy.rules, self._wanted.rules
        names: list[object] = [rule.name for rule in new]
        meanings: list[object] = [(rule.match, rule.action) for rule in new]
        matches: list[object] = [rule.match for rule in new]
        stages: tuple[tuple[list[object], list[object]], ...] = (
            (names, [rule.name for rule in old]),
            (names, [f"rule-{number}" for number in range(1, len(old) + 1)]),
            (meanings, [(rule.match, rule.action) for rule in old]),
            (matches, [rule.match for rule in old]),
        )
        pairs: list[int | None] = [None] * len(new)
        for mine, theirs in stages:
            for i, one in enumerate(mine):
                if pairs[i] is None:
                    free = (j for j, other in enumerate(theirs) if j not in pairs and one == other)
                    pairs[i] = next(free, None)
        return pairs

    def _changed(self, pairs: Sequence[int | None], numbers: Sequence[int]) -> SourceText | None:
        """Edit the cells of rules that are there and mean something else now."""
        edits: list[Edit] = []
        for i, (pair, number) in enumerate(zip(pairs, numbers, strict=True)):
            if pair is None:
                continue
            row, rule = self._old[pair], self._rules[i]
            old, new = self._policy.rules[pair], self._wanted.rules[i]
            if row.match_cell is None or row.action_cell is None or row.priority_cell is None:
                return None
            if old.match != new.match:
                edits.append(Edit(row.match_cell.source, quoted(rule.match)))
            if old.action != new.action:
                edits.append(Edit(row.action_cell.source, quoted(rule.action)))
            is_other = (old.match, old.action) != (new.match, new.action)
            if is_other and row.description is not None and rule.description:
                edits.append(Edit(row.description.source, quoted(rule.description)))
            if number != old.priority:
                edits.append(Edit(row.priority_cell.source, str(number)))
        return _with_edits(self._text, edits)


def _priorities(own: Sequence[int | None]) -> list[int]:
    """Return falling priorities, those that are there kept where the order and the room allow."""
    known = [one for one in own if one is not None]
    if all(one > two for one, two in pairwise(known)):
        filled = _filled(own)
        if filled is not None:
            return filled
    return [_STEP * (len(own) - 1 - rank) for rank in range(len(own))]


def _filled(own: Sequence[int | None]) -> list[int] | None:
    """Give numbers to those without one, None where there is no room between two."""
    found: list[int] = []
    for index, one in enumerate(own):
        if one is not None:
            found.append(one)
            continue
        later = own[index:]
        run = next((n for n, other in enumerate(later) if other is not None), len(later))
        below = later[run] if run < len(later) else None
        if not found:
            found.append((below if below is not None else 0) + _STEP * run)
        elif below is None:
            found.append(found[-1] - _STEP)
        else:
            step = min((found[-1] - below) // (run + 1), _STEP)
            if step < 1:
                return None
            found.append(below + step * run)
    return found


def _without_row(text: SourceText, name: str) -> SourceText | None:
    """Take a rule out; None where a comment stands in the midst of it."""
    document, _ = read(text)
    array = find_section(document.root, "rules")
    if not isinstance(array, Array):
        return None
    for item in array.items:
        if not isinstance(item, Object) or not _is_named(item, name):
            continue
        start = text.text.rfind("\n", 0, _start_of(item)) + 1
        end = text.text.find("\n", max(entry.value.source.end for entry in item.entries))
        end = len(text.text) if end < 0 else end + 1
        if any(start <= comment.source.start < end for comment in document.comments):
            return None
        count = Edit(array.length_source, str(len(array.items) - 1))
        return _with_edits(text, (count, Edit(SourceSpan(text.file, start, end), "")))
    return None


def _is_named(item: Object, name: str) -> bool:
    cells = {entry.key.text: entry.value for entry in item.entries}
    return getattr(cells.get("name"), "text", None) == name


def _start_of(item: Object) -> int:
    first: Entry = item.entries[0]
    return min(item.source.start, first.value.source.start)


def _clash(draft: Draft, before: Draft) -> Unfit | None:
    known = {row.name: row for row in before.fields}
    for row in draft.fields:
        if row.name in known and known[row.name] != row:
            return Unfit(
                f"the current policy's `fields` declare `{row.name}` otherwise: repeat that row as"
                " it is, or use another name"
            )
    return None


def _additions(draft: Draft, before: Draft) -> Draft:
    """Return the fields, invariants and budget of the draft that the policy does not have."""
    names = {row.name for row in before.fields}
    known = {(when, require) for _, when, require in before.invariants}
    taken = [name for name, _, _ in before.invariants]
    rows: list[tuple[str, str, str]] = []
    for name, when, require in draft.invariants:
        if (when, require) not in known:
            rows.append((free_name(name, taken), when, require))
            taken.append(rows[-1][0])
    is_same = draft.budget_per_second == before.budget_per_second
    return replace(
        draft,
        fields=tuple(row for row in draft.fields if row.name not in names),
        invariants=tuple(rows),
        budget_per_second=None if is_same else draft.budget_per_second,
    )


def _in_names_of(draft: Draft, whole: Draft) -> Draft:
    """Return the rules of the draft with the fields that the policy declares."""
    return replace(draft, fields=whole.fields, invariants=())


def _with_mistakes(old: SourceText) -> Refuses:
    return Refuses(
        reason=f"`{old.file}` has mistakes, and nothing is changed in what cannot be read",
        instead=("mend it first: `nectarc check` says where",),
    )


def _other_form(old: SourceText) -> Refuses:
    return Refuses(
        reason=f"`{old.file}` is written in a form in which single rows cannot be changed",
        instead=(
            "change the rules by hand: leave `--refine` out, and `--print` shows them",
            "or `--replace` writes over it",
        ),
    )


def _first_error(checked: Checked) -> str:
    return next(one.headline for one in checked.diagnostics if one.severity is Severity.ERROR)


def _with_edits(text: SourceText, edits: Sequence[Edit]) -> SourceText:
    return SourceText.of(text.file, apply_fixes(text, [Fix("", tuple(edits))])[0])

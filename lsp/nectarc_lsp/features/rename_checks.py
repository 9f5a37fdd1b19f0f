"""Why a name cannot be changed, or not to that: in words for its author.

Owns: refusals. Must not know: the protocol, edits. Truth: docs/language.md, sections 2 and 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from nectarc.checking import check_text
from nectarc.diagnostic import Severity
from nectarc.records import record
from nectarc.semantics.conventions import conventional_type
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.reserved import reserved
from nectarc.source import SourceText
from nectarc.syntax.literals import is_plain_name
from nectarc.toon.document import Invalid
from nectarc.toon.outline import content_of
from nectarc_lsp.database.view import View
from nectarc_lsp.features.field_uses import Use, declared, field_uses
from nectarc_lsp.features.nodes import outline
from nectarc_lsp.features.occurrences import (
    Named,
    Target,
    name_cells,
    named_by,
    occurrences,
)

_LENGTH_MAX: Final = 10_000
# Of these lines TOON cannot say what stands below them.
_NO_HEADER: Final = frozenset({"NEC005", "NEC010", "NEC011", "NEC014", "NEC020", "NEC027"})
_ROOT_COLUMN: Final = "root"


@record
class Refusal:
    """Why not; `words` are for the author."""

    words: str


def refused_target(view: View, target: Target) -> Refusal | None:
    """Say why the name under the cursor cannot be changed at all."""
    if target.named is Named.BUILT_IN:
        fields = ", ".join(f"`{one}`" for one in ALIASES[target.name][0])
        return Refusal(
            f"`{target.name}` is a name of the language that reads {fields}: "
            "declare the field in `fields` to give it another"
        )
    if target.named is Named.FIELD:
        rows = [one for one in occurrences(view, target) if one.is_declaration]
        if len(rows) > 1:
            return Refusal(f"`{target.name}` is declared {len(rows)} times: keep one row first")
    if target.named is Named.RULE:
        made = [one for one in occurrences(view, target) if one.is_declaration]
        if len(made) > 1:
            return Refusal(
                f"{len(made)} rules are called `{target.name}`: which of them a test means "
                "nobody can tell"
            )
    unread = next(_unread(view, target.name), None)
    if unread is not None:
        return Refusal(
            f"line {unread} cannot be read, and may name `{target.name}`, too: mend it first"
        )
    return None


def _unread(view: View, name: str) -> Iterator[int]:
    """Yield the lines of rows that hold the name and could not be read."""
    for table in outline(view).tables:
        for item in table.array.items:
            if not isinstance(item, Invalid):
                continue
            if name in view.text.text[item.source.start : item.source.end]:
                yield view.text.position(item.source.start).line
    for one in view.findings:
        if one.code in _NO_HEADER:
            yield from _below(view.text, view.text.position(one.source.start).line, name)


def _below(text: SourceText, first: int, name: str) -> Iterator[int]:
    """Yield the lines that hold the name and stand deeper than `first`, whose header is wrong."""
    _, indent = content_of(text, first - 1)
    for line in range(first + 1, len(text.line_starts) + 1):
        content, column = content_of(text, line - 1)
        if content and column <= indent:
            return
        if name in content:
            yield line


def refused_name(view: View, target: Target, new: str) -> Refusal | None:
    """Say why the name cannot become `new`."""
    words = _unwritable(target, new)
    if not words and target.named in {Named.FIELD, Named.SPAN_FIELD}:
        words = _of_field(view, target, new)
    elif not words and target.named is not Named.POLICY:
        taken = {cell.scalar.text for cell in name_cells(view, target.named)}
        words = f"there is a {target.named.value} `{new}` already" if new in taken else ""
    return Refusal(words) if words else None


def refused_result(view: View, target: Target, new: str, text: str) -> Refusal | None:
    """Say which mistake the renamed policy would have: a type that its tests do not fit."""
    if target.named not in {Named.FIELD, Named.SPAN_FIELD}:
        return None
    before = Counter(one.code for one in view.findings if one.severity is Severity.ERROR)
    checked = check_text(SourceText.of(view.text.file, text), view.schema)
    for one in checked.diagnostics:
        if one.severity is Severity.ERROR:
            before[one.code] -= 1
            if before[one.code] < 0:
                return Refusal(f"`{target.name}` cannot become `{new}`: {one.headline}")
    return None


def _unwritable(target: Target, new: str) -> str:
    if not new.strip():
        return f"a {target.named.value} needs a name"
    if new != new.strip():
        return "a name neither begins nor ends with a blank"
    if any(not one.isprintable() for one in new):
        return "a name is written on one line, without control characters"
    return f"a name has at most {_LENGTH_MAX:,} letters" if len(new) > _LENGTH_MAX else ""


def _of_field(view: View, target: Target, new: str) -> str:
    uses = [one for one in field_uses(view) if one.name == new]
    if "`" in new:
        return "no name of a field holds a backtick"
    if target.named is Named.FIELD:
        return _of_declared(view, target, new, is_read=any(one.use is Use.READ for one in uses))
    kinds = {one.use.use for one in occurrences(view, target) if one.use is not None}
    if Use.READ in kinds and declared(view).is_declared(new):
        return f"`{new}` is declared in `fields`, and reads what its row says"
    if any(named_by(view, one) is Named.SPAN_FIELD for one in uses):
        return f"the policy reads a span field `{new}` already: the two would become one"
    row = declared(view).find(target.name, is_quoted=True)
    is_typed = Use.READ in kinds and declared(view).is_declared(target.name)
    if is_typed and row is not None and row.type is not conventional_type(new):
        return f"`{target.name}` in backticks takes its type from the row of that name"
    found = reserved(new)
    if found is not None:
        return f"`{new}` cannot be read by a policy: {found.why}"
    if new == _ROOT_COLUMN and Use.TEST in kinds:
        return "a column `root` of a test says which span is the root"
    return ""


def _of_declared(view: View, target: Target, new: str, *, is_read: bool) -> str:
    if declared(view).is_declared(new):
        return f"a row of `fields` declares `{new}` already"
    if is_read:
        return f"the policy reads `{new}` already, which would mean the row of `{target.name}` then"
    if not is_plain_name(new):
        return (
            f"`{new}` could only stand in backticks, and a name in backticks reads the span field "
            "of just that name: choose dotted words of letters, digits and `_`"
        )
    field = declared(view).find(target.name, is_quoted=False)
    if field is None or field.spellings == (target.name,):
        return ""
    quoted = any(
        one.name == target.name and one.use is Use.READ and one.is_quoted
        for one in field_uses(view)
    )
    if quoted and field.type is not conventional_type(target.name):
        return (
            f"`{target.name}` also stands in backticks and takes its type from this row: "
            "give that span field a row of its own first"
        )
    return ""

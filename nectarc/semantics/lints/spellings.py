"""Conventions with an old and a new spelling, of which a policy reads one.

Owns: NEC114. Truth: docs/language.md, section 3, "Names" (not merged silently).
"""

from __future__ import annotations

from nectarc.diagnostic import Edit, Fix
from nectarc.semantics.context import Context
from nectarc.semantics.conventions import conventional_type, conventions
from nectarc.semantics.field_fixes import declaring_edits
from nectarc.semantics.fields import ALIASES
from nectarc.syntax.ast import FieldName


def lint_spellings(context: Context) -> None:
    """Hint once a name at the other spelling, with a `fields` row that reads both."""
    seen: set[str] = set()
    for field, spellings in context.uses:
        name = field.name
        is_literal = field.is_quoted or context.fields.is_declared(name) or name in ALIASES
        if is_literal or name in seen or spellings != (name,):
            continue
        seen.add(name)
        _check_name(field, context)


def _check_name(field: FieldName, context: Context) -> None:
    data, name = conventions(), field.name
    alias = next((short for short, (names, _) in ALIASES.items() if name in names[1:]), None)
    if alias is not None:
        prefix = "root." if field.is_root else ""
        context.report(
            "NEC114",
            field.source,
            f"`{name}` is one of the names that `{alias}` reads",
            why="senders of another version of the conventions would be missed",
            help=f"write `{alias}`, or put the name in backticks",
            fixes=(Fix(f"write `{alias}`", (Edit(field.source, prefix + alias),)),),
        )
        return
    new = data.replaced_by.get(name)
    olds = data.replaces.get(name, ())
    if new is not None:
        both, words = (new, name), f"new name: `{new}`"
    elif len(olds) == 1:
        both, words = (name, olds[0]), f"old name: `{olds[0]}`"
    else:
        return
    type_ = conventional_type(name)
    if type_ is None:
        return
    edits = declaring_edits(name, type_.value, both, context)
    context.report(
        "NEC114",
        field.source,
        f"`{name}` has another spelling in the conventions",
        label=words,
        why="senders of another version of the conventions would be missed",
        help="declare the name in `fields` with both spellings, or put it in backticks",
        fixes=(Fix(f"read both `{both[0]}` and `{both[1]}`", edits),) if edits else (),
    )

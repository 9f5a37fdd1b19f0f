"""Names and types against what is known: slips of the keyboard, and what the traffic says.

Owns: NEC115, NEC116, NEC117. A corpus never changes what a policy means.
Truth: docs/language.md, section 3, "Types".
"""

from __future__ import annotations

from typing import Final

from nectarc.diagnostic import Edit, Fix
from nectarc.ir.nodes import Field, FieldType
from nectarc.semantics.context import Context
from nectarc.semantics.conventions import convention_index, conventional_type, conventions
from nectarc.semantics.field_fixes import declare
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.options import CorpusSchema
from nectarc.semantics.slips import NameIndex, nearest_slip
from nectarc.semantics.types import article
from nectarc.syntax.ast import FieldName

# What values of a field look like that carries the type, by the schema's names of value types.
_CARRIERS: Final[dict[FieldType, frozenset[str]]] = {
    FieldType.BOOL: frozenset(("bool",)),
    FieldType.STRING: frozenset(("string",)),
    FieldType.INT: frozenset(("int", "float")),
}
_NUMBERS: Final = frozenset(("int", "float"))
# Refinery's fields are flat: an attribute is a field of just its own name.
_PREFIXES: Final = (
    "span.attributes.",
    "resource.attributes.",
    "attributes.",
    "resource.",
    "span.",
    "trace.",
)


def lint_traffic(context: Context) -> None:
    """Check each name that the policy reads, once."""
    seen: set[str] = set()
    schema = context.options.schema
    known = frozenset(schema.names()) if schema is not None else frozenset()
    index: NameIndex | None = None
    for field, spellings in context.uses:
        if field.name in seen:
            continue
        seen.add(field.name)
        if schema is not None and any(name in known for name in spellings):
            _check_types(field, schema, context)
            continue
        is_declared = context.fields.is_declared(field.name)
        is_known = is_declared or (field.name in ALIASES and not field.is_quoted)
        if is_known or field.name in conventions().names or conventional_type(field.name):
            if schema is not None:
                _report_absent(field, context)
            continue
        if index is None and schema is not None:
            index = NameIndex(known)
        near = _without_prefix(field.name) or _nearest(field.name, index)
        if near is not None and field.is_quoted and near in ALIASES:
            # In backticks a short name reads the field of just that name, which no span has.
            near = ALIASES[near][0][0]
        if near is not None:
            _report_near(field, near, context)
        elif schema is not None:
            _report_absent(field, context)


def _nearest(name: str, traffic: NameIndex | None) -> str | None:
    """Return the traffic's nearest name, else the conventions' (in the same group of names)."""
    if traffic is not None and (found := traffic.nearest(name)) is not None:
        return found
    if name.startswith("http.") and (near := nearest_slip(name, ALIASES)) is not None:
        return near
    return convention_index().nearest(name) if "." in name else nearest_slip(name, ALIASES)


def _report_near(field: FieldName, near: str, context: Context) -> None:
    prefix = "root." if field.is_root else ""
    written = f"{prefix}`{near}`" if field.is_quoted else prefix + near
    context.report(
        "NEC115",
        field.source,
        f"`{field.name}` is no known field, and `{near}` is",
        why="a test on a field that no span has is false, and its rule never fires",
        help="if the name is right, declare it in `fields`",
        fixes=(Fix(f"write `{near}`", (Edit(field.source, written),)),),
    )


def _without_prefix(name: str) -> str | None:
    """Return the known name behind the prefix that other tools put before an attribute."""
    for prefix in _PREFIXES:
        rest = name.removeprefix(prefix)
        if rest != name and (rest in ALIASES or rest in conventions().names):
            return rest
    return None


def _report_absent(field: FieldName, context: Context) -> None:
    context.report(
        "NEC116",
        field.source,
        f"no span of the corpus has `{field.name}`",
        why="a test on a field that no span has is false",
    )


def _check_types(field: FieldName, schema: CorpusSchema, context: Context) -> None:
    """Warn where no value in the traffic carries the type that the policy goes by."""
    found = context.fields.find(field.name, is_quoted=field.is_quoted)
    if found is None or found.type is None:
        return
    for name in found.spellings:
        types = frozenset(schema.types(name)) - {"null"}
        carriers = _CARRIERS.get(found.type, _NUMBERS)
        if types and not types & carriers:
            _report_type(field, found, name, sorted(types), context)
            return


def _report_type(
    field: FieldName, found: Field, name: str, types: list[str], context: Context
) -> None:
    assert found.type is not None
    seen = next((one for one in FieldType if one.value == types[0]), None)
    context.report(
        "NEC117",
        field.source,
        f"`{field.name}` is {article(found.type)} here, but `{name}` is {' or '.join(types)} "
        "in the corpus",
        why="values of another type are compared as that type, or not at all",
        help="declare the field in `fields` with the type that the senders use",
        fixes=declare(found, seen, context) if seen is not None else (),
    )

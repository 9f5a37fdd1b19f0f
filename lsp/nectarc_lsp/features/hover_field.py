"""What a field is: its type and who says so, what it is read from, what the traffic holds in it.

Owns: the words. Must not know: the protocol. Truth: docs/language.md, section 3, "Names", "Types".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.corpus.schema import CorpusSchema, FieldStats
from nectarc.ir.nodes import Field
from nectarc.report.language_words import PREDICATES, TYPES
from nectarc.report.words import share_words
from nectarc.semantics.conventions import conventions
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.reserved import reserved
from nectarc.semantics.slips import NameIndex
from nectarc_lsp.database.view import View
from nectarc_lsp.features.field_uses import FieldUse, Use, declared, resolved
from nectarc_lsp.features.markdown import escaped

_SLIP: Final = "NEC115"  # no known field, and one is near
_EXAMPLES_MAX: Final = 6
_EXAMPLE_LENGTH_MAX: Final = 48
_UNIT_SUFFIXES: Final = ("_ns", "_us", "_ms")


def field_words(view: View, use: FieldUse) -> Iterator[str]:
    """Yield paragraphs about the field that a place names."""
    yield _title(view, use)
    if use.is_root:
        yield PREDICATES["root."].words
    if use.use is Use.SPELLING:
        yield "A span field, read literally."
    if use.use is Use.TEST:
        yield "A field of the test's spans, literally."
    refused = reserved(use.name)
    if refused is not None and not declared(view).is_declared(use.name):
        yield f"{refused.why}. Write {refused.instead}."
        return
    field = resolved(view, use)
    if field is None:
        yield "Its row in `fields` has a mistake."
        return
    yield from _meaning(field)
    if view.schema is not None:
        yield from _traffic(view, view.schema, use, field)


def _title(view: View, use: FieldUse) -> str:
    field = resolved(view, use)
    name = f"root.{use.name}" if use.is_root else use.name
    kind = f": `{field.type.value}`" if field is not None and field.type is not None else ""
    return f"**{escaped(name)}**{kind} {_who_says(view, use, field)}".strip()


def _who_says(view: View, use: FieldUse, field: Field | None) -> str:
    is_row = declared(view).is_declared(use.name) and use.use in {Use.READ, Use.DECLARED}
    if is_row:
        return "(declared in `fields`)"
    if use.use is Use.READ and not use.is_quoted and use.name in ALIASES:
        return "(built into the language)"
    if field is None or field.type is None:
        if use.use is not Use.READ or field is None:
            return ""
        return "(no type: the literal that it is compared with gives it one)"
    if use.name in conventions().types:
        return f"(OpenTelemetry {conventions().version}, or Refinery's translation of it)"
    if use.name.endswith(_UNIT_SUFFIXES):
        return f"(its name ends in `{use.name[-3:]}`)"
    return ""


def _meaning(field: Field) -> Iterator[str]:
    if field.type is not None:
        yield TYPES[field.type.value].words
    if field.spellings != (field.name,):
        listed = ", ".join(f"`{one}`" for one in field.spellings)
        many = len(field.spellings) > 1
        yield f"Reads the first that the span has of {listed}." if many else f"Reads {listed}."
    new = conventions().replaced_by.get(field.name)
    olds = conventions().replaces.get(field.name, ())
    if field.spellings == (field.name,) and new is not None:
        yield f"The conventions now call it `{new}`."
    elif field.spellings == (field.name,) and olds:
        yield f"Older conventions call it {' or '.join(f'`{one}`' for one in olds[:3])}."


def _traffic(view: View, schema: CorpusSchema, use: FieldUse, field: Field) -> Iterator[str]:
    found = [(name, schema.fields[name]) for name in field.spellings if name in schema.fields]
    if not found:
        near = _meant(view, schema, use)
        yield "Not in your corpus" + (f": did you mean `{near}`?" if near else ".")
        return
    lines = [_of_spelling(name, stats, schema) for name, stats in found]
    absent = [f"`{name}`" for name in field.spellings if name not in schema.fields]
    if absent:
        lines.append(f"- {', '.join(absent)}: on no span")
    yield "In your corpus:\n\n" + "\n".join(lines)


def _meant(view: View, schema: CorpusSchema, use: FieldUse) -> str | None:
    """Return the known name that was probably meant: the checker's, else the traffic's nearest."""
    for found in view.findings:
        if found.code == _SLIP and found.source == use.source and found.fixes:
            return found.fixes[0].edits[0].text.removeprefix("root.").strip("`")
    return NameIndex(schema.names()).nearest(use.name)


def _of_spelling(name: str, stats: FieldStats, schema: CorpusSchema) -> str:
    share = share_words(stats.spans / schema.span_count) if schema.span_count else "0 %"
    types = " or ".join(schema.types(name))
    values = "1 value" if stats.cardinality == 1 else f"{stats.cardinality:,} values"
    told = f"- `{name}` on {share} of spans, {types}, {values}"
    examples = [_example(one) for one in stats.examples[:_EXAMPLES_MAX]]
    return f"{told}: {', '.join(examples)}" if examples else told


def _example(text: str) -> str:
    shown = " ".join(text.split()).replace("`", "'")
    if len(shown) > _EXAMPLE_LENGTH_MAX:
        shown = shown[: _EXAMPLE_LENGTH_MAX - 1] + "…"
    return f"`{shown}`" if shown else "an empty text"

"""What may stand in a cell that is neither match nor action.

Owns: names, types, `from`, priorities, what tests hold, the policy's own values.
Must not know: the protocol. Truth: docs/language.md, section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from nectarc.ir.nodes import FieldType
from nectarc.report.language_words import TYPES
from nectarc.report.words import share_words
from nectarc.semantics.conventions import conventional_type
from nectarc.syntax import ast
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.fields import (
    Candidate,
    description_of,
    matching,
    read_fields,
    read_first,
    span_fields,
)
from nectarc_lsp.features.completion.files import files_below
from nectarc_lsp.features.completion.offers import Completion, Kind, Offer, Topic
from nectarc_lsp.features.completion.values import CUT_LENGTH, STATUS, values_for
from nectarc_lsp.features.completion.writer import Writer
from nectarc_lsp.features.field_uses import declared
from nectarc_lsp.features.places_kinds import CellPlace

_BUDGETS: Final = ("1000", "10000", "100000")
_STEP: Final = 10
_SPREAD: Final = 100
_SEEN: Final = "in your corpus"


def cell_offers(view: View, place: CellPlace, writer: Writer) -> Completion:
    """Return what fits into the whole of a cell."""
    make = _MAKERS.get((place.section, place.column))
    if make is None and place.section == "spans":
        make = _root_marks if place.column == "root" else _span_values
    if make is None:
        return Completion()
    return make(view, place, writer)


def _simple(
    found: Callable[[View, CellPlace, Writer], Iterator[Offer]],
) -> Callable[[View, CellPlace, Writer], Completion]:
    return lambda view, place, writer: Completion(tuple(found(view, place, writer)))


def rules_of(view: View) -> tuple[ast.Rule, ...]:
    """Return the rules as written, () where nothing could be read."""
    written = None if view.checked is None else view.checked.written
    return () if written is None else written.rules


def _version(_view: View, _place: CellPlace, writer: Writer) -> Iterator[Offer]:
    yield writer.offer("1", Kind.VALUE, ("1",), description="the version of the language")


def _policy_name(view: View, _place: CellPlace, writer: Writer) -> Iterator[Offer]:
    folders = view.text.file.replace("\\", "/").split("/")[:-1]
    name = folders[-1] if folders else ""
    for rank, one in enumerate(dict.fromkeys((name, "production-sampling"))):
        if one:
            yield writer.offer(one, Kind.VALUE, (one,), rank=rank)


def _budget(view: View, _place: CellPlace, writer: Writer) -> Iterator[Offer]:
    del view
    for rank, one in enumerate(_BUDGETS):
        words = f"{int(one):,} kept events a second"
        yield writer.offer(one, Kind.VALUE, (one,), description=words, rank=rank)


def _rule_name(view: View, place: CellPlace, writer: Writer) -> Iterator[Offer]:
    """Offer names that tests expect and no rule has."""
    written = None if view.checked is None else view.checked.written
    if written is None:
        return
    taken = {rule.name.text for rule in written.rules} - {place.cell.text}
    wanted = dict.fromkeys(test.expect.text for test in written.tests)
    for rank, name in enumerate(one for one in wanted if one and one not in taken):
        yield writer.offer(name, Kind.RULE, (name,), description="expected by a test", rank=rank)


def _priority(view: View, place: CellPlace, writer: Writer) -> Iterator[Offer]:
    value = priority_for(view, place.line)
    yield writer.offer(str(value), Kind.VALUE, (str(value),), description="between its neighbours")


def priority_for(view: View, line: int) -> int:
    """Return a priority for a rule on a line (from 0): between those of the rules around it."""
    start = view.text.line_starts[line]
    end = view.text.line_starts[line + 1] if line + 1 < len(view.text.line_starts) else start + 1
    numbered = [rule for rule in rules_of(view) if rule.priority_cell is not None]
    above = [rule.priority for rule in numbered if rule.source.end <= start]
    below = [rule.priority for rule in numbered if rule.source.start >= end]
    if not above and not below:
        return _SPREAD
    if not above:
        return max(below) + _STEP
    low = max((one for one in below if one < above[-1]), default=None)
    if low is None:
        return above[-1] - _STEP if above[-1] > _STEP else max(above[-1] - 1, 0)
    high = above[-1]
    if low == min(below) and len(below) == 1 and high - _STEP > low:
        # Only the fallback is below: leave room for more.
        return high - _STEP
    return (high + low) // 2


def _field_name(view: View, place: CellPlace, writer: Writer) -> Completion:
    known = declared(view)
    untyped = {name for name, read in read_fields(view).items() if read.is_untyped}
    free = [
        one
        for one in read_first(view, span_fields(view))
        if one.written == one.name
        and (one.name == place.cell.text or not known.is_declared(one.name))
    ]
    free.sort(key=lambda one: one.name not in untyped)
    return _names(view, free, place, writer)


def _from(view: View, place: CellPlace, writer: Writer) -> Completion:
    free = [one for one in span_fields(view) if one.name not in place.items]
    name = place.others.get("name", "")
    free.sort(
        key=lambda one: (one.name != name, one.share is None and not _is_like(one.name, name))
    )
    return _names(view, free, place, writer)


def _is_like(field: str, name: str) -> bool:
    """Say whether two names share their last word, as spellings of one thing do."""
    return bool(name) and field.rpartition(".")[2] == name.rpartition(".")[2]


def _names(view: View, free: list[Candidate], place: CellPlace, writer: Writer) -> Completion:
    chosen, is_cut = matching(
        free, place.cell.text[: max(place.cell.at, 0)], is_partial=view.schema is not None
    )
    offers = tuple(
        writer.offer(
            one.name,
            Kind.FIELD,
            (one.name,),
            detail=one.kind,
            description=description_of(one),
            rank=rank,
            topic=Topic("field", one.name, "`"),
            is_deprecated=one.is_deprecated,
        )
        for rank, one in enumerate(chosen)
    )
    return Completion(offers, is_cut)


def _type(view: View, place: CellPlace, writer: Writer) -> Iterator[Offer]:
    names = [place.others.get("from", ""), place.others.get("name", "")]
    likely = next((t.value for name in names if name and (t := conventional_type(name))), "")
    seen: dict[str, float] = {}
    for name in names:
        stats = view.schema.fields.get(name) if view.schema is not None else None
        if stats is not None and stats.spans:
            seen = {kind: count / stats.spans for kind, count in stats.types.items()}
            likely = likely or max(seen, key=lambda kind: seen[kind], default="")
            break
    for rank, one in enumerate(FieldType):
        share = seen.get(one.value)
        told = f"{share_words(share)} of its values" if share else ""
        if one.value == likely and not told:
            told = "by convention"
        yield writer.offer(
            one.value,
            Kind.TYPE,
            (one.value,),
            description=told or TYPES[one.value].words.split(";")[0].split(",")[0].rstrip("."),
            rank=rank + (0 if one.value == likely else 10),
            topic=Topic("type", one.value),
            is_last=True,
        )


def _expect(view: View, _place: CellPlace, writer: Writer) -> Iterator[Offer]:
    for rank, rule in enumerate(rules_of(view)):
        if rule.name.text:
            action = rule.action_cell.text if rule.action_cell is not None else ""
            yield writer.offer(
                rule.name.text,
                Kind.RULE,
                (rule.name.text,),
                description=action,
                rank=rank,
                topic=Topic("rule", rule.name.text),
                is_last=True,
            )


def _test_action(view: View, place: CellPlace, writer: Writer) -> Iterator[Offer]:
    wanted = place.others.get("expect", "")
    for rule in rules_of(view):
        if rule.name.text == wanted and rule.action_cell is not None:
            action = rule.action_cell.text
            words = f"what `{wanted}` does"
            yield writer.offer(action, Kind.ACTION, (action,), description=words, rank=0)


def _no_root(_view: View, _place: CellPlace, writer: Writer) -> Iterator[Offer]:
    yield writer.offer("true", Kind.CONSTANT, ("true",), description="the trace has no root span")


def _file(view: View, place: CellPlace, writer: Writer) -> Iterator[Offer]:
    prefix = place.cell.text[: max(place.cell.at, 0)]
    for rank, path in enumerate(files_below(view.text.file, prefix, (".json", ".jsonl"))):
        yield writer.offer(
            path,
            Kind.FILE,
            (path,),
            rank=rank,
            is_whole=not path.endswith("/"),
            asks_again=path.endswith("/"),
        )


def _root_marks(_view: View, _place: CellPlace, writer: Writer) -> Completion:
    root = writer.offer("true", Kind.CONSTANT, ("true",), description="this span is the root")
    return Completion((root, writer.offer("false", Kind.CONSTANT, ("false",), rank=60)))


def _span_values(view: View, place: CellPlace, writer: Writer) -> Completion:
    name = place.column
    stats = view.schema.fields.get(name) if view.schema is not None else None
    found: dict[str, str] = {}
    if stats is not None:
        is_text = set(stats.types) <= {"string", "null"}
        # A text that looks like a number would be read as one.
        texts = (one for one in stats.examples if not (is_text and _is_literal(one)))
        found = dict.fromkeys((one for one in texts if one and len(one) < CUT_LENGTH), _SEEN)
    type_ = conventional_type(name) or (FieldType.INT if name in STATUS else None)
    if type_ is not None and type_ is not FieldType.STRING:
        for literal in values_for(type_, (name,), (), "==", ""):
            if literal.written[:1].isdigit() and literal.written.isalnum():
                found.setdefault(_number_of(literal.written, type_), literal.why)
            elif type_ is FieldType.BOOL:
                found.setdefault(literal.written, literal.why)
    offers = [
        writer.offer(written, Kind.VALUE, (written,), description=why, rank=rank)
        for rank, (written, why) in enumerate(found.items())
    ]
    return Completion(tuple(offers))


def _is_literal(text: str) -> bool:
    return text in {"true", "false", "null"} or text.lstrip("-").replace(".", "", 1).isdigit()


def _number_of(written: str, type_: FieldType) -> str:
    """Return a literal as the number that a span holds: `5s` is 5000 in milliseconds."""
    if not type_.value.startswith("duration"):
        return written
    digits = written.rstrip("nuμmsh")
    unit = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9}[written[len(digits) :]]
    size = {"duration_ns": 1, "duration_us": 10**3, "duration_ms": 10**6, "duration_s": 10**9}
    return f"{float(digits) * unit / size[type_.value]:.12g}"


_MAKERS: Final = {
    ("", "version"): _simple(_version),
    ("", "name"): _simple(_policy_name),
    ("", "budget_per_second"): _simple(_budget),
    ("rules", "name"): _simple(_rule_name),
    ("rules", "priority"): _simple(_priority),
    ("fields", "name"): _field_name,
    ("fields", "type"): _simple(_type),
    ("fields", "from"): _from,
    ("tests", "expect"): _simple(_expect),
    ("tests", "action"): _simple(_test_action),
    ("tests", "no_root"): _simple(_no_root),
    ("tests", "file"): _simple(_file),
}

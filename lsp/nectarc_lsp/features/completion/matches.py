"""What may stand in a match.

Owns: fields, operators, values, quantifiers, joiners where the grammar takes them and they fit.
Must not know: TOON, the protocol. Truth: grammar/match.lark; docs/language.md, section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nectarc.ir.nodes import Field, FieldType
from nectarc.report.language_words import JOINERS, OPERATORS, QUANTIFIERS
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.fields import (
    Candidate,
    candidates,
    description_of,
    field_named,
    matching,
    stats_of,
)
from nectarc_lsp.features.completion.offers import (
    NOTHING,
    Completion,
    Kind,
    Offer,
    Stop,
    Template,
    Topic,
    brief,
)
from nectarc_lsp.features.completion.values import Value, counts, values_for
from nectarc_lsp.features.completion.writer import Writer
from nectarc_lsp.features.field_uses import declared
from nectarc_lsp.features.places_match import (
    LITERALS,
    OPERATORS_BEHIND,
    SPAN_COUNT,
    MatchPlace,
    operand,
)

_ROOT: Final = "root."
# What begins an operand: where one stands already, none is written before it.
_OPERANDS: Final = frozenset(
    {"NAME", "QUOTED_NAME", "ANY", "ALL", "NONE", "EXISTS", "HAS_ROOT", "IS_ROOT", "SPAN_COUNT"}
)
_NEGATIVE: Final = frozenset({"!=", "not in", "not contains"})
_ORDERS: Final = ("<", "<=", ">", ">=")
_TEXT: Final = ("contains", "not contains", "starts_with", "ends_with", "matches")
_TERMINALS: Final = {
    "contains": "CONTAINS",
    "starts_with": "STARTS_WITH",
    "ends_with": "ENDS_WITH",
    "matches": "MATCHES",
    "in": "IN",
    "not in": "NOT",
    "not contains": "NOT",
}


def match_offers(view: View, place: MatchPlace, writer: Writer, follows: str) -> Completion:
    """Return what fits at the place. `follows`: the text of the cell behind the token."""
    accepted = place.accepted
    found: list[Offer] = []
    is_incomplete = False
    if place.is_listed and "STRING" not in accepted:
        return Completion(tuple(_list_marks(writer, follows)))
    if "NAME" in accepted:
        fields, is_incomplete = _fields(view, place, writer)
        is_free = bool(place.typed.text) or place.follows not in _OPERANDS
        found += fields if is_free and place.follows != "LPAR" else ()
        found += _starts(place, writer) if is_free else ()
        found += _around(view, place, writer, follows)
    if place.subject and not place.typed.quote:
        found += _operators(view, place, writer, follows)
    if "AND_SIGN" in accepted and not place.typed.quote and place.follows not in LITERALS:
        found += _joiners(writer, follows)
    if "STRING" in accepted and (place.typed.text or place.follows not in LITERALS):
        found += _values(view, place, writer)
        is_incomplete = is_incomplete or bool(place.typed.prefix[:1].isdigit())
    return Completion(tuple(found), is_incomplete) if found or is_incomplete else NOTHING


def _fields(view: View, place: MatchPlace, writer: Writer) -> tuple[list[Offer], bool]:
    prefix = place.typed.prefix
    is_root = prefix.startswith(_ROOT)
    typed = prefix.removeprefix(_ROOT)
    chosen, is_cut = matching(
        candidates(view),
        typed,
        is_partial=view.schema is not None,
        typed=place.typed.text.removeprefix(_ROOT),
    )
    is_tested = place.follows in OPERATORS_BEHIND or place.call == "exists"
    found = [
        # Others may be meant, too: then the literal is changed next.
        _field(
            one,
            writer,
            number + (0 if _takes(one.kind, place.compared) else 100),
            prefix,
            is_whole=is_tested or one.kind in {"bool", ""},
        )
        for number, one in enumerate(chosen)
    ]
    if not is_root:
        found.append(
            writer.offer(
                _ROOT,
                Kind.WORD,
                (_ROOT,),
                description="a field of the root span",
                rank=300,
                topic=Topic("word", _ROOT),
                is_whole=False,
                asks_again=True,
            )
        )
    return found, is_cut


def _takes(kind: str, literal: str) -> bool:
    """Say whether a field of that type can be compared with such a literal."""
    is_duration = kind.startswith("duration")
    match literal:
        case "":
            return True
        case "NUMBER":
            return is_duration or kind in {"int", "float", ""}
        case "DURATION":
            return is_duration
        case "STRING" | "RAW_STRING":
            return kind in {"string", ""}
        case _:
            return kind in {"bool", ""}


def _field(one: Candidate, writer: Writer, number: int, prefix: str, *, is_whole: bool) -> Offer:
    root = _ROOT if prefix.startswith(_ROOT) else ""
    written = root + one.written
    return writer.offer(
        written,
        Kind.FIELD,
        (written,),
        detail=one.kind,
        description=description_of(one),
        rank=100 + number,
        topic=Topic("field", one.name, "`" if one.written != one.name else ""),
        is_whole=is_whole,
        is_deprecated=one.is_deprecated,
        filter_=(written if "`" in prefix else root + one.name) if "`" in written else "",
    )


def _starts(place: MatchPlace, writer: Writer) -> Iterator[Offer]:
    """Yield what else begins an operand, where it fits the level and what stands behind."""
    accepted, rank = place.accepted, 310
    is_called = place.follows == "LPAR"
    if place.follows in OPERATORS_BEHIND:
        is_count = place.follows == "COMPARE" and place.compared in {"NUMBER", ""}
        if "SPAN_COUNT" in accepted and not place.quantifier and is_count:
            yield _word(writer, SPAN_COUNT, rank, "how many spans, events and links")
        return
    if place.quantifier:
        if "IS_ROOT" in accepted and not is_called:
            yield _word(writer, "is_root", rank, "this span has no parent")
    else:
        yield from _of_traces(place, writer, rank, is_called=is_called)
    if "EXISTS" in accepted and not (is_called and place.typed.text != "exists"):
        about = "the span has the field"
        yield _call(writer, "exists", "(field)", about, rank + 6, is_called=is_called)
    if "TRUE" in accepted and place.is_empty and not is_called:
        yield _word(writer, "true", rank + 7, "every trace: the fallback")
        yield _word(writer, "false", rank + 8, "no trace")
    if "NOT_SIGN" in accepted:
        yield writer.offer(
            "!",
            Kind.OPERATOR,
            ("!",),
            description=brief(JOINERS["!"].words),
            rank=rank + 9,
            topic=Topic("operator", "!"),
            is_whole=False,
            asks_again=True,
        )


def _of_traces(place: MatchPlace, writer: Writer, rank: int, *, is_called: bool) -> Iterator[Offer]:
    """Yield what only stands outside of quantifiers."""
    for name in ("any", "all", "none"):
        if name.upper() in place.accepted:
            rank += 1
            about = brief(QUANTIFIERS[name].words)
            yield _call(writer, name, "(...)", about, rank, is_called=is_called)
    if "HAS_ROOT" in place.accepted and not is_called:
        yield _word(writer, "has_root", rank + 1, "the trace has a root span")
    if "SPAN_COUNT" in place.accepted and not is_called:
        yield writer.offer(
            SPAN_COUNT,
            Kind.WORD,
            (SPAN_COUNT, " ", Stop(1, ">"), " ", Stop(2, "100")),
            description="how many spans, events and links",
            rank=rank + 2,
            topic=Topic("word", SPAN_COUNT),
        )


def _around(view: View, place: MatchPlace, writer: Writer, follows: str) -> Iterator[Offer]:
    """Yield quantifiers around the test whose first letter is right behind the cursor."""
    typed = place.typed
    rest = typed.text[len(typed.prefix) :]
    if place.quantifier or "ANY" not in place.accepted or typed.quote or not rest:
        return
    if place.follows not in OPERATORS_BEHIND or field_named(view, rest) is None:
        return
    test = (rest + operand(follows)).rstrip(" ")
    over = writer.over(typed.start, typed.at + len(test))
    for rank, name in enumerate(("any", "all", "none")):
        yield over.offer(
            name,
            Kind.FUNCTION,
            (f"{name}({test})",),
            detail=f"({test})",
            description=brief(QUANTIFIERS[name].words),
            rank=rank,
            topic=Topic("word", name),
        )


def _call(  # noqa: PLR0913 - what an offer is made of
    writer: Writer, name: str, detail: str, description: str, rank: int, *, is_called: bool
) -> Offer:
    return writer.offer(
        name,
        Kind.FUNCTION,
        (name,) if is_called else (f"{name}(", Stop(1), ")"),
        detail=detail,
        description=description,
        rank=rank,
        topic=Topic("word", name),
        is_whole=False,
        asks_again=True,
    )


def _word(writer: Writer, word: str, rank: int, description: str) -> Offer:
    return writer.offer(
        word,
        Kind.CONSTANT,
        (word,),
        description=description,
        rank=rank,
        topic=Topic("word", word),
    )


def _operators(view: View, place: MatchPlace, writer: Writer, follows: str) -> Iterator[Offer]:
    space = "" if follows[:1] == " " else " "
    for rank, name in enumerate(_fitting(view, place)):
        *_, word = name.split(" ")
        shown = word if place.operator == "not" else name
        template: Template = (f"{shown}{space}",)
        if word == "in" and "[" not in follows[:2]:
            template = (f"{shown} [", Stop(1), "]")
        yield writer.offer(
            shown,
            Kind.OPERATOR,
            template,
            description=brief(OPERATORS[name].words),
            rank=10 + rank,
            topic=Topic("operator", name),
            is_whole=False,
            asks_again=True,
        )


def _fitting(view: View, place: MatchPlace) -> Iterator[str]:
    """Yield the operators that the grammar takes, and that fit field and level."""
    accepted = place.accepted
    is_bare = not place.quantifier and place.subject != SPAN_COUNT
    is_span_test = is_bare and place.field is not None and not place.field.is_root
    for name in _of_type(view, place):
        if place.operator == "not":
            if name in {"not in", "not contains"} and name[4:].upper() in accepted:
                yield name
            continue
        if _TERMINALS.get(name, "COMPARE") not in accepted:
            continue
        # On spans a negative test has two readings, and is an error outside of a quantifier.
        if not (is_span_test and name in _NEGATIVE):
            yield name


def _of_type(view: View, place: MatchPlace) -> tuple[str, ...]:
    if place.field is None:
        return ("==", "!=", *_ORDERS)
    field = _read(view, place)
    kind = _kind(view, field)
    if kind == "bool":
        return ("==", "!=")
    if kind == "string":
        return ("==", "!=", "in", "not in", *_TEXT, *_ORDERS)
    if kind == "number":
        return (*reversed(_ORDERS), "==", "!=", "in", "not in")
    return ("==", "!=", *_ORDERS, "in", "not in", *_TEXT)


def _kind(view: View, field: Field | None) -> str:
    """Return "bool", "number" or "string"; "" where that is open."""
    if field is None:
        return ""
    type_ = field.type
    if type_ is not None:
        if type_ in {FieldType.BOOL, FieldType.STRING}:
            return "bool" if type_ is FieldType.BOOL else "string"
        return "number"
    seen = {kind for one in stats_of(view, field) for kind in one.types if kind != "null"}
    if len(seen) == 1:
        return {"bool": "bool", "string": "string"}.get(next(iter(seen)), "number")
    return "number" if seen and seen <= {"int", "float"} else ""


def _read(view: View, place: MatchPlace) -> Field | None:
    field = place.field
    if field is None:
        return None
    return declared(view).find(field.name, is_quoted=field.is_quoted)


def _joiners(writer: Writer, follows: str) -> Iterator[Offer]:
    space = "" if follows[:1] == " " else " "
    for rank, sign in enumerate(("&&", "||")):
        yield writer.offer(
            sign,
            Kind.OPERATOR,
            (sign + space,),
            description=brief(JOINERS[sign].words),
            rank=30 + rank,
            topic=Topic("operator", sign),
            is_whole=False,
            asks_again=True,
        )


def _values(view: View, place: MatchPlace, writer: Writer) -> Iterator[Offer]:
    prefix = place.typed.prefix
    used = set(place.listed)
    for rank, value in enumerate(_literals(view, place)):
        if value.written in used:
            continue
        used.add(value.written)
        is_text = value.written[0] in "'\""
        inner = value.written[1:-1] if is_text else value.written
        yield writer.offer(
            value.written,
            Kind.VALUE if is_text or value.written[0].isdigit() else Kind.CONSTANT,
            (value.written,),
            description=value.why,
            rank=rank,
            filter_=(prefix[:1] + inner) if place.typed.quote else "",
        )


def _literals(view: View, place: MatchPlace) -> Iterable[Value]:
    if place.subject == SPAN_COUNT:
        return counts()
    field = _read(view, place)
    if field is None:
        return ()
    stats = stats_of(view, field)
    found = values_for(field.type, field.spellings, stats, place.operator, place.typed.prefix)
    if place.typed.quote:
        return (one for one in found if one.written[0] in "'\"")
    return found


def _list_marks(writer: Writer, follows: str) -> Iterator[Offer]:
    yield writer.offer(
        ",", Kind.OPERATOR, (", ",), description="one more value", rank=0, is_whole=False,
        asks_again=True,
    )  # fmt: skip
    if "]" not in follows:
        yield writer.offer("]", Kind.OPERATOR, ("]",), description="the end of the list", rank=1)

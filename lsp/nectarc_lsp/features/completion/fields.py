"""The fields that a match, a sampler, a `from` or a test's spans may name.

Owns: which there are, in which order, how each is written. Must not know: the protocol.
Truth: docs/language.md, section 3, "Names": the policy's own rows first, then the names of the
language, then what the traffic holds, then the conventions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from nectarc.corpus.schema import CorpusSchema, FieldStats
from nectarc.ir.nodes import Field
from nectarc.records import record
from nectarc.report.words import share_words
from nectarc.semantics.conventions import conventional_type, conventions
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.reserved import reserved
from nectarc.syntax.ast import (
    And,
    BareTest,
    CompareTest,
    ExistsTest,
    Expr,
    FieldName,
    MemberTest,
    Not,
    Or,
    Quantified,
    TextTest,
)
from nectarc.syntax.literals import is_plain_name
from nectarc_lsp.database.view import View
from nectarc_lsp.features.field_uses import declared

OFFERS_MAX: Final = 60
_DECLARED, _LANGUAGE, _CORPUS, _READ, _CONVENTION = range(5)
# What people sample by, of all that the conventions name.
_USUAL: Final = (
    "http.route",
    "service.name",
    "name",
    "error",
    "duration_ms",
    "http.request.method",
    "url.path",
    "status_code",
    "span.kind",
    "exception.type",
    "db.system.name",
    "rpc.service",
    "rpc.method",
    "messaging.destination.name",
    "deployment.environment.name",
    "user_agent.original",
)


@record(kw_only=True)
class Candidate:
    """A field that may be named.

    written:  as a match names it: in backticks where the name needs them.
    kind:     its type in the language, else what the traffic holds, "" where nobody knows.
    share:    of the corpus' spans that have it, None where it does not occur.
    origin:   who knows it, in a word or two.
    uses:     how often the policy reads it, where only the policy knows it.
    rank:     the group; within it candidates stand in order.
    """

    name: str
    written: str
    kind: str
    rank: int
    share: float | None = None
    values: int = 0
    examples: tuple[str, ...] = ()
    origin: str = ""
    is_deprecated: bool = False
    uses: int = 0

    @property
    def folded(self) -> str:
        """Return the name as it is searched."""
        return self.name.casefold()


def candidates(view: View) -> tuple[Candidate, ...]:
    """Return all fields in order of interest; made once a view, and most of it once a corpus."""
    return view.derive(_candidates)


def span_fields(view: View) -> tuple[Candidate, ...]:
    """Return the fields that spans really have: of the corpus, then of the conventions."""
    known = _known(_Same(view.schema))
    return tuple(one for one in known if one.rank in {_CORPUS, _CONVENTION})


def field_named(view: View, written: str) -> Candidate | None:
    """Return the field that a match writes so; None where nobody knows it."""
    name = written.removeprefix("root.")
    return next((one for one in candidates(view) if one.written == name), None)


class Read(NamedTuple):
    """How often the policy names a field, and whether nobody knows its type."""

    times: int
    is_untyped: bool


def read_fields(view: View) -> dict[str, Read]:
    """Return the span fields that rules and invariants read, the most frequent first."""
    return view.derive(_read_fields)


def _read_fields(view: View) -> dict[str, Read]:
    known = declared(view)
    counts: dict[str, int] = {}
    untyped: dict[str, bool] = {}
    for name, count in _named(view).items():
        field = known.find(name.name, is_quoted=name.is_quoted)
        for spelling in () if field is None else field.spellings:
            counts[spelling] = counts.get(spelling, 0) + count
            untyped[spelling] = field is not None and field.type is None
    names = sorted(counts, key=lambda one: -counts[one])
    return {name: Read(counts[name], untyped[name]) for name in names}


def _named(view: View) -> Counter[FieldName]:
    """Return the fields that matches, invariants and samplers name, as far as they can be read."""
    written = None if view.checked is None else view.checked.written
    found: Counter[FieldName] = Counter()
    if written is None:
        return found
    pending: list[Expr] = [rule.match for rule in written.rules]
    pending += [row.when for row in written.invariants]
    while pending:
        node = pending.pop()
        match node:
            case And() | Or():
                pending += node.operands
            case Not():
                pending.append(node.operand)
            case Quantified():
                pending.append(node.body)
            case BareTest() | CompareTest() | MemberTest() | TextTest() | ExistsTest():
                found[node.field] += 1
            case _:
                pass
    for rule in written.rules:
        for argument in rule.action.arguments if rule.action is not None else ():
            items = argument.value if isinstance(argument.value, tuple) else ()
            found.update(one for one in items if isinstance(one, FieldName))
    return found


def read_first(view: View, found: Iterable[Candidate]) -> list[Candidate]:
    """Return span fields with those first that the policy reads; also such as nobody else knows."""
    read = read_fields(view)
    known = {one.name: one for one in found}
    first = [known.get(name) or _only_read(name, read[name].times) for name in read]
    return [*first, *(one for name, one in known.items() if name not in read)]


def _only_read(name: str, count: int) -> Candidate:
    type_ = conventional_type(name)
    return Candidate(
        name=name,
        written=_written(name),
        kind=type_.value if type_ is not None else "",
        rank=_READ,
        origin="read by this policy",
        is_deprecated=name in conventions().replaced_by,
        uses=0 if name in conventions().names else count,
    )


def matching(
    found: Iterable[Candidate], prefix: str, *, is_partial: bool, typed: str = ""
) -> tuple[list[Candidate], bool]:
    """Return the candidates that fit what is typed, at most OFFERS_MAX; whether some are left out.

    typed: the whole token, which the policy reads as a field, too: that is no reason to offer it.
    is_partial: with nothing typed, conventions that the corpus lacks are left out.
    """
    prefix = prefix.strip("`")
    found = [one for one in found if one.uses != 1 or one.written != typed]
    if not prefix:
        chosen = [one for one in found if not is_partial or one.rank != _CONVENTION]
        is_cut = is_partial or len(chosen) > OFFERS_MAX
        return chosen[:OFFERS_MAX], is_cut
    folded = prefix.casefold()
    # Conventions are many: of these only what holds the typed text as it is.
    fits = re.compile(".*?".join(map(re.escape, folded)), re.DOTALL).search
    chosen = [
        one
        for one in found
        if (folded in one.folded if one.rank == _CONVENTION else fits(one.folded) is not None)
    ]
    chosen.sort(key=lambda one: not one.folded.startswith(folded))
    return chosen[:OFFERS_MAX], len(chosen) > OFFERS_MAX


def stats_of(view: View, field: Field) -> list[FieldStats]:
    """Return what the traffic holds in the spellings of a field."""
    fields = view.schema.fields if view.schema is not None else {}
    return [fields[name] for name in field.spellings if name in fields]


def description_of(one: Candidate) -> str:
    """Return what stands at the end of an offer's line: its share of spans, else who knows it."""
    if one.share is None:
        return one.origin
    values = "1 value" if one.values == 1 else f"{one.values:,} values"
    return f"{share_words(one.share)} of spans, {values}"


def _candidates(view: View) -> tuple[Candidate, ...]:
    written = None if view.checked is None else view.checked.written
    rows = () if written is None else written.fields
    names = list(dict.fromkeys(row.name.text for row in rows if row.name.text))
    table = declared(view)
    own: list[Candidate] = []
    for name in names:
        field = table.find(name, is_quoted=False)
        if field is not None and is_plain_name(name):
            own.append(_of_field(field, view.schema, _DECLARED, "declared in `fields`"))
    hidden = {one.written for one in own}
    known = [one for one in _known(_Same(view.schema)) if one.written not in hidden]
    # What the policy reads and the traffic lacks stands between traffic and conventions.
    seen = {one.name for one in known if one.rank != _CONVENTION} | {one.name for one in own}
    uses = read_fields(view)
    read = [_only_read(name, uses[name].times) for name in uses if name not in seen]
    read = [one for one in read if one.written and one.written not in hidden]
    hidden = {one.name for one in read}
    return (
        *own,
        *(one for one in known if one.rank != _CONVENTION),
        *read,
        *(one for one in known if one.rank == _CONVENTION and one.name not in hidden),
    )


class _Same:
    """A schema as a key: the same object, not an equal one."""

    def __init__(self, schema: CorpusSchema | None) -> None:
        self.schema = schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.schema is self.schema

    def __hash__(self) -> int:
        return id(self.schema)


@lru_cache(maxsize=8)
def _known(same: _Same) -> tuple[Candidate, ...]:
    """Return what does not depend on the policy."""
    schema = same.schema
    found = [
        _of_field(Field(spellings, name, type_), schema, _LANGUAGE, "built into the language")
        for name, (spellings, type_) in ALIASES.items()
    ]
    found += sorted(_of_corpus(schema), key=lambda one: (-(one.share or 0), one.name))
    seen = {one.written for one in found}
    return (*found, *(one for one in known_conventions() if one.written not in seen))


def _of_field(field: Field, schema: CorpusSchema | None, rank: int, origin: str) -> Candidate:
    stats = [schema.fields[s] for s in field.spellings if s in schema.fields] if schema else []
    spans = schema.span_count if schema else 0
    # Spellings mostly exclude each other: a span has the old or the new one.
    share = min(1.0, sum(one.spans for one in stats) / spans) if stats and spans else None
    return Candidate(
        name=field.name,
        written=field.name,
        kind=field.type.value if field.type is not None else "",
        rank=rank,
        share=share,
        values=max((one.cardinality for one in stats), default=0),
        examples=tuple(dict.fromkeys(text for one in stats for text in one.examples)),
        origin=origin,
    )


def _of_corpus(schema: CorpusSchema | None) -> Iterator[Candidate]:
    if schema is None or not schema.span_count:
        return
    replaced = conventions().replaced_by
    for name, stats in schema.fields.items():
        written = _written(name)
        if not written or name == "http.status" or reserved(name) is not None:
            continue
        type_ = conventional_type(name)
        yield Candidate(
            name=name,
            written=written,
            kind=type_.value if type_ is not None else next(iter(schema.types(name)), ""),
            rank=_CORPUS,
            share=stats.spans / schema.span_count,
            values=stats.cardinality,
            examples=stats.examples,
            origin="in your corpus",
            is_deprecated=name in replaced and replaced[name] in schema.fields,
        )


@lru_cache(maxsize=1)
def known_conventions() -> tuple[Candidate, ...]:
    """Return the fields that conventions name; the first call takes some 10 ms."""
    known = conventions()
    return tuple(
        Candidate(
            name=name,
            written=written,
            kind=type_.value if (type_ := conventional_type(name)) is not None else "",
            rank=_CONVENTION,
            origin="a convention",
            is_deprecated=name in known.replaced_by,
        )
        for name in sorted(
            known.names, key=lambda one: (_usual(one), one in known.replaced_by, one)
        )
        if name not in ALIASES and reserved(name) is None and (written := _written(name))
    )


def _usual(name: str) -> int:
    return _USUAL.index(name) if name in _USUAL else len(_USUAL)


def _written(name: str) -> str:
    """Return how a match names the span field `name`; "" where it cannot."""
    if is_plain_name(name) and (name not in ALIASES or ALIASES[name][0][0] == name):
        return name
    return f"`{name}`" if name and "`" not in name and name.isprintable() else ""

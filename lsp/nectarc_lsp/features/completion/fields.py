"""The fields that a match, a sampler, a `from` or a test's spans may name.

Owns: which there are, in which order, how each is written. Must not know: the protocol.
Truth: docs/language.md, section 3, "Names": the policy's own rows first, then the names of the
language, then what the traffic holds, then the conventions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from nectarc.corpus.schema import CorpusSchema, FieldStats
from nectarc.ir.nodes import Field
from nectarc.records import record
from nectarc.report.words import share_words
from nectarc.semantics.conventions import conventional_type, conventions
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.reserved import reserved
from nectarc.syntax.literals import is_plain_name
from nectarc_lsp.database.view import View
from nectarc_lsp.features.field_uses import declared

OFFERS_MAX: Final = 100
_DECLARED, _LANGUAGE, _CORPUS, _CONVENTION = range(4)


@record(kw_only=True)
class Candidate:
    """A field that may be named.

    written:  as a match names it: in backticks where the name needs them.
    kind:     its type in the language, else what the traffic holds, "" where nobody knows.
    share:    of the corpus' spans that have it, None where it does not occur.
    origin:   who knows it, in a word or two.
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


def matching(
    found: Iterable[Candidate], prefix: str, *, is_partial: bool
) -> tuple[list[Candidate], bool]:
    """Return the candidates that fit what is typed, at most OFFERS_MAX; whether some are left out.

    is_partial: with nothing typed, conventions that the corpus lacks are left out.
    """
    prefix = prefix.strip("`")
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
    return (*own, *(one for one in _known(_Same(view.schema)) if one.written not in hidden))


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
    return (*found, *(one for one in _of_conventions() if one.written not in seen))


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
def _of_conventions() -> tuple[Candidate, ...]:
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
        for name in sorted(known.names, key=lambda name: (name in known.replaced_by, name))
        if name not in ALIASES and reserved(name) is None and (written := _written(name))
    )


def _written(name: str) -> str:
    """Return how a match names the span field `name`; "" where it cannot."""
    if is_plain_name(name) and (name not in ALIASES or ALIASES[name][0][0] == name):
        return name
    return f"`{name}`" if name and "`" not in name and name.isprintable() else ""

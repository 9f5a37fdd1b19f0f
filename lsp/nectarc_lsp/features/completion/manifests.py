"""What may stand in `nectar.toml`.

Owns: tables and keys that are missing, values that fit. Must not know: the protocol.
Truth: nectarc/manifest.py (`KEYS`), docs/language.md, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.manifest import KEYS, TABLES
from nectarc.project import ASSUMPTIONS, DEFAULT_TARGET, POLICY_NAME
from nectarc.report.manifest_words import TABLES as TABLE_WORDS
from nectarc.report.manifest_words import key_meaning
from nectarc.source import SourceSpan
from nectarc_lsp.database.view import View
from nectarc_lsp.features.completion.files import files_below
from nectarc_lsp.features.completion.insertion import CellWriter
from nectarc_lsp.features.completion.matches import match_offers
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
from nectarc_lsp.features.completion.writer import Writer
from nectarc_lsp.features.markdown import fenced, paragraphs
from nectarc_lsp.features.places_manifest import (
    KeyPlace,
    TablePlace,
    ValuePlace,
    manifest_place,
)
from nectarc_lsp.features.places_match import match_place

_MATCHES: Final = frozenset({("safety", "error"), ("safety", "critical")})
_FIRST: Final = {
    "name": "my-project",
    "path": "corpus",
    "must_keep": "incidents",
    "error": "http.status >= 500",
    "critical": "http.status >= 500",
    "output": "rules.yaml",
    "lock": "policy.lock",
    "max_rounds": "3",
    "traces_per_second": "1000",
}
_SUFFIXES: Final = {"output": (".yaml", ".yml"), "lock": (".lock",)}


def complete_manifest(view: View, offset: int) -> Completion:
    """Return the offers at an offset of a manifest. Never raises."""
    place = manifest_place(view, offset)
    match place:
        case TablePlace():
            return Completion(tuple(_tables(place, offset)))
        case KeyPlace():
            return Completion(tuple(_keys(view, place, offset)))
        case ValuePlace():
            return _value(view, place, offset)
        case _:
            return NOTHING


def key_words(table: str, key: str) -> str:
    """Return Markdown about a key, or about a table where `key` is ""."""
    found = key_meaning(table, key) if key else TABLE_WORDS.get(table)
    return "" if found is None else paragraphs((found.words, fenced(found.example, "toml")))


def _tables(place: TablePlace, offset: int) -> Iterator[Offer]:
    for rank, name in enumerate(one for one in TABLES if one not in place.written):
        yield _offer(
            name,
            (name,) if place.is_closed else (name, "]"),
            place.source,
            offset,
            Kind.SECTION,
            TABLE_WORDS[name].words,
            rank,
            Topic("key", "", name),
        )


def _keys(view: View, place: KeyPlace, offset: int) -> Iterator[Offer]:
    keys = KEYS.get(place.table, {})
    names: Sequence[str] = tuple(keys)
    if place.table == "environments":
        names = (DEFAULT_TARGET,)
    for rank, name in enumerate(one for one in names if one not in place.written):
        found = key_meaning(place.table, name)
        template: Template = (name,)
        if not place.has_value:
            kind = keys[name][1] if name in keys else "path"
            template = (f"{name} = ", *_first(name, kind))
        yield _offer(
            name,
            template,
            place.source,
            offset,
            Kind.PARAMETER,
            found.words if found is not None else "",
            rank,
            Topic("key", name, place.table),
        )
    start = view.text.line_starts[view.text.position(offset).line - 1]
    if place.source.start == start and not place.has_value:
        for rank, name in enumerate(one for one in TABLES if one not in place.tables):
            yield _offer(
                f"[{name}]",
                (f"[{name}]",),
                place.source,
                offset,
                Kind.SECTION,
                TABLE_WORDS[name].words,
                100 + rank,
                Topic("key", "", name),
            )


def _first(name: str, kind: str) -> Template:
    word, _, rest = kind.partition(" of ")
    choices = tuple(rest.split("|"))
    if word == "one":
        return ('"', Stop(1, choices[0], choices if len(choices) > 1 else ()), '"')
    if word == "list":
        return ("[", Stop(1, ", ".join(f'"{one}"' for one in choices)), "]")
    if kind in {"text", "path"}:
        first = POLICY_NAME if name == DEFAULT_TARGET else _FIRST.get(name, "")
        return ('"', Stop(1, first), '"')
    return (Stop(1, _FIRST.get(name, "1")),)


def _value(view: View, place: ValuePlace, offset: int) -> Completion:
    kind = "path" if place.table == "environments" else ""
    if place.key in KEYS.get(place.table, {}):
        kind = KEYS[place.table][place.key][1]
    inner = place.inner
    if (place.table, place.key) in _MATCHES and inner is not None:
        found = match_place(inner.text, inner.at)
        writer = Writer(CellWriter(inner, None), found.typed, offset)
        return match_offers(view, found, writer, inner.text[found.typed.end :])
    prefix = inner.text[: inner.at] if inner is not None else ""
    texts, is_list = _texts(view, place, kind, prefix)
    if not texts:
        return NOTHING
    if inner is not None:
        source = inner.span_of(0, len(inner.text))
        templates: list[tuple[str, Template]] = [(one, (one,)) for one in texts]
    elif is_list:
        source = place.source
        whole = "[" + ", ".join(f'"{one}"' for one in ASSUMPTIONS) + "]"
        templates = [(one, (one,)) for one in (whole, "[]")] if not place.text else []
    else:
        source = place.source
        templates = [(f'"{one}"', (f'"{one}"',)) for one in texts]
    topic = Topic("key", place.key, place.table)
    return Completion(
        tuple(
            _offer(label, template, source, offset, Kind.VALUE, "", rank, topic)
            for rank, (label, template) in enumerate(templates)
        ),
        is_incomplete=kind == "path",
    )


def _texts(view: View, place: ValuePlace, kind: str, prefix: str) -> tuple[list[str], bool]:
    """Return the texts that fit, and whether the value is a list of them."""
    word, _, rest = kind.partition(" of ")
    if word == "one":
        return rest.split("|"), False
    if word == "list":
        return [one for one in rest.split("|") if f'"{one}"' not in place.text], True
    if kind == "path":
        file = view.text.file
        if place.table == "environments":
            return list(files_below(file, prefix, (".toon",))), False
        if place.table == "corpus":
            return list(files_below(file, prefix, folders_only=True)), False
        found = files_below(file, prefix, _SUFFIXES.get(place.key, ()))
        return list(dict.fromkeys((_FIRST[place.key], *found))), False
    return ([_FIRST[place.key]] if place.key in _FIRST and kind == "text" else []), False


def _offer(  # noqa: PLR0913, PLR0917 - an offer and where it goes
    label: str,
    template: Template,
    source: SourceSpan,
    offset: int,
    kind: Kind,
    words: str,
    rank: int,
    topic: Topic,
) -> Offer:
    return Offer(
        label=label,
        kind=kind,
        template=template,
        source=source,
        cursor=offset,
        description=brief(words),
        rank=rank,
        topic=topic,
        may_insert=False,
    )

"""`nectar.toml`: what stands where, and what it means.

Owns: settings under the pointer, links to the files that they name. Must not know: the protocol.
Truth: nectarc/manifest.py (places), nectarc/report/manifest_words.py (words).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final, NamedTuple

from nectarc.manifest import key_places
from nectarc.report.manifest_words import DEFAULTS, TABLES, key_meaning
from nectarc.report.words import match_words
from nectarc.semantics.check import check_match
from nectarc.source import SourceSpan
from nectarc.syntax.parser import parse_match_text
from nectarc_lsp.database.view import View

_ENVIRONMENTS: Final = "environments"
_SAFETY: Final = "safety"
# The settings that name a file or a folder.
_PATHS: Final = frozenset(
    {("corpus", "path"), ("corpus", "must_keep"), ("compile", "output"), ("compile", "lock")}
)
_QUOTES: Final = "\"'"


class SettingPlace(NamedTuple):
    """A key with its value. `table` is "" for a header itself, and for a key above the first."""

    table: str
    key: str
    source: SourceSpan
    value: SourceSpan

    @property
    def is_header(self) -> bool:
        """Whether it is the name of a table, which has no value."""
        return not self.table and self.value == self.source


def setting_places(view: View) -> tuple[SettingPlace, ...]:
    """Return headers and keys in order of writing."""
    return view.derive(_setting_places)


def _setting_places(view: View) -> tuple[SettingPlace, ...]:
    found = [
        SettingPlace(table, key, source, value)
        for (table, key), (source, value) in key_places(view.text).items()
    ]
    return tuple(sorted(found, key=lambda one: one.source.start))


def setting_words(view: View, offset: int) -> tuple[SourceSpan, str] | None:
    """Return what a key or a header means, with its place."""
    for one in setting_places(view):
        if one.source.start <= offset <= one.source.end:
            return one.source, "\n\n".join(_words(view, one))
        if one.table == _SAFETY and one.value.start <= offset <= one.value.end:
            words = "\n\n".join(_match_words(view, one.key))
            return (one.value, words) if words else None
    return None


def _match_words(view: View, key: str) -> Iterator[str]:
    """Yield what a match of `[safety]` asks of a trace."""
    if view.project is None or key not in {"error", "critical"}:
        return
    text = view.project.safety_error if key == "error" else view.project.safety_critical
    expression, _ = parse_match_text(text, view.text.file)
    match = check_match(expression).match
    if match is not None:
        yield f"Traces in which {match_words(match)}."


def _words(view: View, place: SettingPlace) -> Iterator[str]:
    if not place.table:
        if place.is_header and place.key in TABLES:
            yield f"`[{place.key}]`: {TABLES[place.key].words}"
        return
    found = key_meaning(place.table, place.key)
    if found is None:
        return
    yield f"`{place.table}.{place.key}`: {found.words}"
    default = DEFAULTS.get((place.table, place.key))
    if default is not None:
        yield f"Default: `{default}`"
    path = path_of(view, place)
    if path and not os.path.exists(path):
        yield "There is nothing there yet."


def path_of(view: View, place: SettingPlace) -> str:
    """Return the path that a setting names, to open; "" where it names none."""
    is_path = place.table == _ENVIRONMENTS or (place.table, place.key) in _PATHS
    text = value_text(view, place)
    if not is_path or not text or not place.table:
        return ""
    return os.path.normpath(os.path.join(os.path.dirname(view.text.file), text))


def value_source(view: View, place: SettingPlace) -> SourceSpan:
    """Return the place of a text in quotes, without them."""
    text = view.text.text[place.value.start : place.value.end]
    is_quoted = len(text) > 1 and text[0] in _QUOTES and text[-1] == text[0]
    edge = 1 if is_quoted else 0
    return SourceSpan(place.value.file, place.value.start + edge, place.value.end - edge)


def value_text(view: View, place: SettingPlace) -> str:
    """Return the text of a value without its quotes, escapes as they stand."""
    source = value_source(view, place)
    return view.text.text[source.start : source.end]

"""What the columns of a table of spans mean: ready-made maps and those that a user writes.

Owns: the shape of a map and its mistakes. Must not know: rows.
Truth: docs/formats.md, "Tables"; the ready-made maps stand in csv_maps.toml beside this file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from nectarc.codes import finding
from nectarc.corpus.otlp import KIND_WORDS
from nectarc.diagnostic import Diagnostic
from nectarc.files import unreadable
from nectarc.records import part, record, replace
from nectarc.source import SourceSpan

UNITS_NS: Final = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
TIME_UNITS: Final = (*UNITS_NS, "iso")
_ARGUMENT: Final = "--csv-map"
_READY_MADE: Final = "csv_maps.toml"


@record(kw_only=True)
class CsvMap:
    """Columns by what they mean; "" = the table has no such column.

    roots: parent ids that say that there is no parent. service_pattern: its first group in the
    service column is the service. unit: of start and end (`iso` is RFC 3339). error_words: what the
    error column says of a failed span. kinds: words of the kind column -> OTLP's.
    renamed: columns -> attribute names; all other columns keep their names, `ignored` ones are left
    out. ints, floats, bools: columns whose attributes are no texts.
    """

    trace_id: str
    span_id: str
    parent_id: str = ""
    name: str = ""
    service: str = ""
    service_pattern: str = ""
    start: str = ""
    end: str = ""
    duration: str = ""
    unit: str = "ns"
    duration_unit: str = ""
    error: str = ""
    kind: str = ""
    roots: tuple[str, ...] = ()
    error_words: tuple[str, ...] = ("true", "1", "yes", "error")
    ignored: tuple[str, ...] = ()
    ints: tuple[str, ...] = ()
    floats: tuple[str, ...] = ()
    bools: tuple[str, ...] = ()
    kinds: Mapping[str, str] = part(default_factory=dict)
    renamed: Mapping[str, str] = part(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that a table must have."""
        named = (getattr(self, key) for key in _COLUMN_KEYS)
        return frozenset(column for column in named if column) | self.renamed.keys()


_COLUMN_KEYS: Final = (
    "trace_id",
    "span_id",
    "parent_id",
    "name",
    "service",
    "start",
    "end",
    "duration",
    "error",
    "kind",
)
_TEXT_KEYS: Final = (*_COLUMN_KEYS, "service_pattern", "unit", "duration_unit")
_LIST_KEYS: Final = ("roots", "error_words", "ignored", "ints", "floats", "bools")
_MAP_KEYS: Final = ("kinds", "renamed")
_KEYS: Final = (*_TEXT_KEYS, *_LIST_KEYS, *_MAP_KEYS)


class _MapError(ValueError):
    """A map that is none; the message is for people."""


def parse_csv_map(text: str) -> CsvMap | Diagnostic:
    """Read the argument of `--csv-map`.

    text: the name of a ready-made map, `key=column,key=column,...`, or the path of a TOML file.
    """
    ready_made = ready_made_maps()
    if text in ready_made:
        return ready_made[text]
    try:
        if "=" in text:
            return _map_of(_inline(text))
        if not text.endswith(".toml"):
            return _mistake(
                f"no ready-made map is called `{text}`", _did_you_mean(text, ready_made)
            )
        return _map_of(tomllib.loads(Path(text).read_text(encoding="utf-8")))
    except OSError as error:
        return unreadable(text, error)
    except _MapError as error:
        return _mistake(str(error), "")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        return _mistake(f"`{text}` is no TOML: {error}", "")


def find_map(header: Collection[str]) -> CsvMap | None:
    """Return the ready-made map whose columns a table has, if any."""
    names = frozenset(header)
    return next((one for one in ready_made_maps().values() if one.columns <= names), None)


@cache
def ready_made_maps() -> Mapping[str, CsvMap]:
    """Return the maps that are shipped, by name."""
    text = (Path(__file__).parent / _READY_MADE).read_text(encoding="utf-8")
    return {name: _map_of(members) for name, members in tomllib.loads(text).items()}


def _mistake(problem: str, help_text: str) -> Diagnostic:
    names = ", ".join(f"`{name}`" for name in ready_made_maps())
    return finding(
        "NEC436",
        SourceSpan(_ARGUMENT, 0, 0),
        problem,
        why="without the right columns every row would become a span of the wrong trace",
        help=help_text
        or f"name a ready-made map ({names}), a TOML file, or write "
        "`trace_id=COLUMN,span_id=COLUMN,...`; docs/formats.md lists the keys",
    )


def _did_you_mean(text: str, names: Collection[str]) -> str:
    close = get_close_matches(text, names, n=1)
    return f"did you mean `{close[0]}`?" if close else ""


def _inline(text: str) -> dict[str, object]:
    members: dict[str, object] = {}
    for one in text.split(","):
        key, sign, content = (piece.strip() for piece in one.partition("="))
        if not sign or not content:
            raise _MapError(f"`{one}` is not of the form `key=column`")
        members[key] = content.split("|") if key in _LIST_KEYS else content
    return members


def _map_of(members: Mapping[str, object]) -> CsvMap:
    for key in members:
        if key not in _KEYS:
            close = get_close_matches(key, _KEYS, n=1)
            hint = f" (did you mean `{close[0]}`?)" if close else ""
            raise _MapError(f"a map of columns has no key `{key}`{hint}")
    texts = {key: _text(key, members[key]) for key in _TEXT_KEYS if key in members}
    lists = {key: _texts(key, members[key]) for key in _LIST_KEYS if key in members}
    maps = {key: _text_map(key, members[key]) for key in _MAP_KEYS if key in members}
    for key in ("trace_id", "span_id"):
        if not texts.get(key):
            raise _MapError(f"a map of columns needs `{key}`")
    _check_words(texts, maps.get("kinds", {}))
    return replace(
        CsvMap(trace_id=texts["trace_id"], span_id=texts["span_id"]), **texts, **lists, **maps
    )


def _check_words(texts: Mapping[str, str], kinds: Mapping[str, str]) -> None:
    for key, known in (("unit", TIME_UNITS), ("duration_unit", tuple(UNITS_NS))):
        if texts.get(key, known[0]) not in known:
            raise _MapError(f"`{key}` must be one of {', '.join(known)}, not `{texts[key]}`")
    for word in kinds.values():
        if word not in KIND_WORDS:
            raise _MapError(f"`kinds` knows {', '.join(KIND_WORDS)}, not `{word}`")
    try:
        groups = re.compile(texts.get("service_pattern", "()")).groups
    except re.error as error:
        raise _MapError(f"`service_pattern` is no regular expression: {error}") from error
    if groups < 1:
        raise _MapError("`service_pattern` needs a group in parentheses, which is the service")


def _text(key: str, content: object) -> str:
    if isinstance(content, str):
        return content
    raise _MapError(f"`{key}` must be a text")


def _texts(key: str, content: object) -> tuple[str, ...]:
    if isinstance(content, list) and all(isinstance(one, str) for one in content):
        return tuple(str(one) for one in content)
    raise _MapError(f"`{key}` must be a list of texts")


def _text_map(key: str, content: object) -> dict[str, str]:
    if isinstance(content, dict) and all(isinstance(one, str) for one in content.values()):
        return {str(name): str(one) for name, one in content.items()}
    raise _MapError(f"`{key}` must be a table of texts")

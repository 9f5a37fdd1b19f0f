"""Reading the text of `nectar.toml`.

Owns: which tables and keys there are, their types, where they stand, suggestions for others.
Must not know: the disk. Truth: docs/language.md, section 1.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, Edit, Fix, Label
from nectarc.project import (
    ASSUMPTIONS,
    DEFAULT_TARGET,
    POLICY_NAME,
    TARGETS,
    Environment,
    Project,
)
from nectarc.records import part, record, replace
from nectarc.source import SourceSpan, SourceText
from nectarc.spelling import nearest

# Each key by table: the field of Project it fills and what it must be, in the user's words.
KEYS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "project": {"name": ("name", "text")},
    "corpus": {"path": ("corpus", "path"), "must_keep": ("must_keep", "path")},
    "safety": {
        "error": ("safety_error", "text"),
        "critical": ("safety_critical", "text"),
        "errors": ("safety_errors", "one of keep|not drop"),
    },
    "compile": {
        "output": ("output", "path"),
        "lock": ("lock", "path"),
        "target": ("target", "one of " + "|".join(TARGETS)),
        "assume": ("assume", "list of " + "|".join(ASSUMPTIONS)),
    },
    "propose": {
        "engine": ("propose_engine", "one of auto|claude|offline"),
        "model": ("propose_model", "text"),
        "max_rounds": ("propose_max_rounds", "whole number from 1"),
    },
    "traffic": {"traces_per_second": ("traces_per_second", "number above 0")},
}
TABLES: Final = ("project", "environments", *list(KEYS)[1:])
_POSITION: Final = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")
_HEADER: Final = re.compile(
    r"^[ \t]*\[[ \t]*(?:\"([^\"]*)\"|'([^']*)'|([\w-]+))[ \t]*\]", re.MULTILINE
)
_KEY: Final = re.compile(
    r"^[ \t]*(?:\"([^\"\n]*)\"|'([^'\n]*)'|([\w-]+))[ \t]*(?:\.[^=\n]*)?=[ \t]*([^\n#]*)",
    re.MULTILINE,
)


def read_manifest(text: SourceText) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """Read a manifest; paths stay as written. None only when the text is no TOML."""
    try:
        tables = tomllib.loads(text.text)
    except tomllib.TOMLDecodeError as error:
        return None, (_not_toml(text, str(error)),)
    except RecursionError:
        return None, (_not_toml(text, "arrays are nested too deeply"),)
    reader = _Reader(text=text, places=key_places(text))
    settings: dict[str, object] = {}
    for name, table in tables.items():
        if name == "environments":
            continue
        if name not in KEYS:
            reader.unknown("table", name, TABLES, reader.place(name))
        elif not isinstance(table, dict):
            reader.wrong(
                name, reader.place(name), f"a table: write `[{name}]` on a line of its own"
            )
        else:
            _read_table(reader, name, table, settings)
    is_misspelt = any(nearest(name, ("environments",)) for name in tables if name not in TABLES)
    environments = () if is_misspelt else _read_environments(reader, tables.get("environments"))
    project = _project(settings, environments)
    return _with_sources(project, reader), tuple(
        sorted(reader.diagnostics, key=lambda one: one.source.start)
    )


@record
class _Reader:
    """The diagnostics of one reading, and where keys stand."""

    text: SourceText
    places: dict[tuple[str, str], tuple[SourceSpan, SourceSpan]]
    diagnostics: list[Diagnostic] = part(default_factory=list)

    def place(self, table: str, key: str = "") -> SourceSpan:
        """Return where the key (or the table's header) stands; the file's start if unknown."""
        found = self.places.get((table, key)) or self.places.get(("", table))
        return found[0] if found else SourceSpan(self.text.file, 0, 0)

    def value_place(self, table: str, key: str) -> SourceSpan:
        """Return where the key's value stands."""
        found = self.places.get((table, key))
        return found[1] if found else self.place(table, key)

    def unknown(self, what: str, name: str, known: tuple[str, ...], place: SourceSpan) -> None:
        """Say that the manifest has no such table or key."""
        meant = nearest(name, known)
        fixes: tuple[Fix, ...] = ()
        if meant and self.text.text[place.start : place.end] == name:
            fixes = (Fix(f"write `{meant}`", (Edit(place, meant),)),)
        suggestion = f"did you mean `{meant}`? " if meant else ""
        self.diagnostics.append(
            finding(
                "NEC405",
                place,
                f"the manifest has no {what} `{name}`",
                label=f"no such {what}",
                why="a setting that is ignored would leave its default in force unnoticed",
                help=f"{suggestion}the {what}s here are " + ", ".join(f"`{one}`" for one in known),
                fixes=fixes,
            )
        )

    def wrong(self, name: str, place: SourceSpan, wanted: str, why: str = "") -> None:
        """Say that a value is not what its key takes."""
        self.diagnostics.append(
            finding(
                "NEC406",
                place,
                f"`{name}` is not {wanted}",
                why=why,
            )
        )


def _read_table(
    reader: _Reader, name: str, table: Mapping[str, object], settings: dict[str, object]
) -> None:
    keys = KEYS[name]
    for key, value in table.items():
        if key not in keys:
            reader.unknown("key", key, tuple(keys), reader.place(name, key))
            continue
        setting, kind = keys[key]
        accepted, wanted = _accept(kind, value)
        if accepted is None:
            reader.wrong(f"{name}.{key}", reader.value_place(name, key), wanted)
        else:
            settings[setting] = accepted


def _accept(kind: str, value: object) -> tuple[object, str]:
    """Return the value as Project holds it, or None and what was wanted."""
    word, _, rest = kind.partition(" of ")
    choices = rest.split("|")
    if word == "one":
        named = " or ".join(f'"{choice}"' for choice in choices)
        return (value if value in choices else None), f"{named}, in quotes"
    if word == "list":
        named = ", ".join(f'"{choice}"' for choice in choices)
        is_good = isinstance(value, list) and all(item in choices for item in value)
        chosen = tuple(dict.fromkeys(value)) if is_good and isinstance(value, list) else None
        return chosen, f"a list of words among {named}"
    return _PLAIN[kind](value), {"text": "a text in quotes", "path": "a path in quotes"}.get(
        kind, f"a {kind}"
    )


def _text(value: object) -> object:
    return value if isinstance(value, str) else None


def _path(value: object) -> object:
    return value if isinstance(value, str) and value and "\0" not in value else None


def _count(value: object) -> object:
    is_good = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 10**6
    return value if is_good else None


def _rate(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < 1e18 else None


_PLAIN: Final[Mapping[str, Callable[[object], object]]] = {
    "text": _text,
    "path": _path,
    "whole number from 1": _count,
    "number above 0": _rate,
}


def _read_environments(reader: _Reader, table: object) -> tuple[Environment, ...]:
    if table is None:
        return (Environment(DEFAULT_TARGET, POLICY_NAME),)
    if not isinstance(table, dict):
        reader.wrong("environments", reader.place("environments"), "a table")
        return (Environment(DEFAULT_TARGET, POLICY_NAME),)
    environments: list[Environment] = []
    for target, policy in table.items():
        if _path(policy) is None:
            reader.wrong(
                f"environments.{target}",
                reader.value_place("environments", target),
                "the path of a policy in quotes",
            )
        else:
            place = reader.value_place("environments", target)
            environments.append(Environment(target, str(policy), place))
    if DEFAULT_TARGET not in table:
        reader.diagnostics.append(_no_default(reader, environments))
    return tuple(environments)


def _no_default(reader: _Reader, environments: list[Environment]) -> Diagnostic:
    related = tuple(Label(one.source, f"decides for `{one.target}` only") for one in environments)
    return finding(
        "NEC408",
        reader.place("environments"),
        f"no policy decides for the target `{DEFAULT_TARGET}`",
        why="Refinery refuses a rules file without it, and uses it for every other environment",
        help=f'add `{DEFAULT_TARGET} = "{POLICY_NAME}"` under `[environments]`',
        related=related[:3],
    )


def _project(settings: dict[str, object], environments: tuple[Environment, ...]) -> Project:
    if "safety_error" in settings:
        settings.setdefault("safety_critical", settings["safety_error"])
    # INVARIANT: _accept gave every value the type that the field of KEYS has.
    return replace(Project(root="", environments=environments), **settings)


def _with_sources(project: Project, reader: _Reader) -> Project:
    # `critical` follows `error` where it is not written, so that a mistake is said once.
    critical = "critical" if ("safety", "critical") in reader.places else "error"
    return replace(
        project,
        manifest=reader.text.file,
        safety_error_source=reader.value_place("safety", "error"),
        safety_critical_source=reader.value_place("safety", critical),
    )


def _not_toml(text: SourceText, message: str) -> Diagnostic:
    found = _POSITION.search(message)
    start = len(text.text)
    if found and found.group(1):
        line = min(int(found.group(1)), len(text.line_starts))
        start = min(text.line_starts[line - 1] + int(found.group(2)) - 1, len(text.text))
    reason = _POSITION.sub("", message).strip()
    return finding(
        "NEC404",
        text.span(start, min(start + 1, len(text.text))),
        f"`{text.file}` is not TOML: {reason[:1].lower()}{reason[1:]}",
        why="no setting of the project could be read, so nothing was checked with its own",
        help='a setting is a line `key = "text"` under the header of its `[table]`',
    )


def key_places(text: SourceText) -> dict[tuple[str, str], tuple[SourceSpan, SourceSpan]]:
    """Find by (table, key) where keys and their values stand; ("", table) is a header.

    By their looks, so that a text that is no TOML has them, too. The first one counts; of a value
    on several lines it is the first line.
    """
    places: dict[tuple[str, str], tuple[SourceSpan, SourceSpan]] = {}
    headers = [(found.start(), found) for found in _HEADER.finditer(text.text)]
    bounds = [(0, "")]
    for start, found in headers:
        group = found.lastindex or 0
        name = found.group(group)
        span = text.span(found.start(group), found.end(group))
        places.setdefault(("", name), (span, span))
        bounds.append((start, name))
    ends = [start for start, _ in bounds[1:]] + [len(text.text)]
    for (start, table), end in zip(bounds, ends, strict=True):
        for found in _KEY.finditer(text.text, start, end):
            group = next(number for number in (1, 2, 3) if found.group(number) is not None)
            key = text.span(found.start(group), found.end(group))
            value_end = found.start(4) + len(found.group(4).rstrip())
            value = text.span(found.start(4), max(value_end, found.start(4)))
            places.setdefault((table, found.group(group)), (key, value))
    return places

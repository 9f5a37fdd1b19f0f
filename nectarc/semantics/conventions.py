# ruff: noqa: PTH118, PTH120, PTH123 - on the start-up path, where pathlib costs 8 ms
"""Conventional field names and their types, from generated, versioned data.

Owns: reading `data/conventions.json` (made by tools/build_conventions.py), the suffixes that name
a unit. Must not know: policies. Truth: docs/language.md, section 3, "Types".
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Final

from nectarc.ir.nodes import FieldType
from nectarc.semantics.slips import NameIndex

_DATA: Final = os.path.join(os.path.dirname(__file__), "data", "conventions.json")

_SUFFIXES: Final = {
    "_ns": FieldType.DURATION_NS,
    "_us": FieldType.DURATION_US,
    "_ms": FieldType.DURATION_MS,
}


class Conventions:
    """The names that OpenTelemetry and Refinery's OTLP translation give to fields.

    INVARIANT: a name is in `types` only where every version of the conventions agrees on its type.
    """

    __slots__ = ("names", "replaced_by", "replaces", "types", "version")

    def __init__(self, text: str) -> None:
        """Decode the data file's text."""
        import json  # noqa: PLC0415 - policies that need no convention do not pay for it

        data = json.loads(text)
        self.version: str = data["semconv"]
        self.types: dict[str, FieldType] = {
            name: FieldType(kind) for kind, names in data["types"].items() for name in names.split()
        }
        for name, kind in data["refinery_types"].items():
            self.types[name] = FieldType(kind)
        self.names: frozenset[str] = frozenset(self.types) | frozenset(data["untyped"].split())
        self.replaced_by: dict[str, str] = data["replaced_by"]
        self.replaces: dict[str, tuple[str, ...]] = {}
        for old, new in self.replaced_by.items():
            self.replaces[new] = (*self.replaces.get(new, ()), old)


@lru_cache(maxsize=1)
def conventions() -> Conventions:
    """Return the built-in conventions; reads the data file once, under 2 ms."""
    with open(_DATA, encoding="utf-8") as file:
        return Conventions(file.read())


@lru_cache(maxsize=1)
def convention_index() -> NameIndex:
    """Return the index of all conventional names, for slips."""
    return NameIndex(conventions().names)


@lru_cache(maxsize=4096)
def conventional_type(name: str) -> FieldType | None:
    """Return the type that conventions give to the span field `name`."""
    return _SUFFIXES.get(name[-3:]) or conventions().types.get(name)

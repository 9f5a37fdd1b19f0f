"""The chart: every reading of every stretch of words, by `grammar/intent.lark`.

Owns: loading the grammar, the lattice of words, the memo of what was read where.
Must not know: what phrases mean (`trees.py`), how clauses become an intent.
Truth: docs/intent.md, "Reading". Lark reads the grammar and expands its rules; the parser is ours,
since a word has several kinds at once, and since readings are told apart by meaning at every step:
packed by meaning there are few, packed by derivation there may be thousands.

The grammar uses no left recursion and neither `*` nor `+`: `_load` refuses what it cannot read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from nectarc.diagnostic import InternalError
from nectarc.grammars import shipped_text
from nectarc.offline.synonyms import synonyms
from nectarc.records import record

Meaning: TypeAlias = object
Build: TypeAlias = Callable[[tuple[Meaning, ...]], Meaning | None]

# More meanings than this of one stretch of words: it is asked about anyway.
_MEANINGS_MAX: Final = 12
PHRASE_WORDS_MAX: Final = 8


class Production(NamedTuple):
    """One alternative of a rule. `heard`: which of its symbols give a meaning to `build`."""

    symbols: tuple[str, ...]
    heard: tuple[bool, ...]
    build: str


class Rules(NamedTuple):
    """The grammar.

    productions: by rule. first: by rule, the terminals that may come first.
    says:        by text, the terminals that say it.
    words:       every single word that some terminal says: none of them is ever a name.
    """

    productions: Mapping[str, tuple[Production, ...]]
    first: Mapping[str, frozenset[str]]
    says: Mapping[str, frozenset[str]]
    words: frozenset[str]


@record
class Leaf:
    """A word, phrase or literal as the grammar hears it.

    name: the terminal. text: lower case. value: the token's, of literals. place: in the text.
    """

    name: str
    text: str
    value: object
    start: int
    end: int


class Edge(NamedTuple):
    """What may be read from one position to another: terminal name -> its leaf."""

    end: int
    leaves: Mapping[str, Leaf]


class Chart:
    """All that can be read of one text, worked out when it is asked for. O(words^3) at worst."""

    def __init__(
        self, edges: Sequence[Sequence[Edge]], builds: Mapping[str, Build], work_max: int
    ) -> None:
        """Read over `edges`: at each position, those that start there."""
        self._edges = edges
        self._builds = builds
        self._rules = grammar()
        self._known: dict[tuple[str, int], dict[int, tuple[Meaning, ...]]] = {}
        self._at = [frozenset(name for edge in row for name in edge.leaves) for row in edges]
        self._work = work_max
        self.furthest = 0

    @property
    def is_spent(self) -> bool:
        """Whether the bound on work was met: what is missing may be there after all."""
        return self._work <= 0

    def names_at(self, position: int) -> frozenset[str]:
        """Return the terminals that may be heard at `position`."""
        return self._at[position]

    def read(self, symbol: str, start: int) -> Mapping[int, tuple[Meaning, ...]]:
        """Return by its end each meaning of `symbol` from `start` on."""
        key = (symbol, start)
        found = self._known.get(key)
        if found is not None:
            return found
        self._known[key] = {}
        ends: dict[int, dict[Meaning, None]] = {}
        if self._may_start(symbol, start):
            for production in self._rules.productions[symbol]:
                if self._may_start(production.symbols[0], start):
                    self._try(production, start, ends)
        result = {end: tuple(meanings)[:_MEANINGS_MAX] for end, meanings in ends.items()}
        self._known[key] = result
        return result

    def _may_start(self, symbol: str, start: int) -> bool:
        if start >= len(self._at):
            return False
        first = self._rules.first.get(symbol)
        if first is None:
            return symbol in self._at[start]
        return not first.isdisjoint(self._at[start])

    def _try(
        self, production: Production, start: int, ends: dict[int, dict[Meaning, None]]
    ) -> None:
        """Add what `production` reads; the parts so far are pairs of an end and their meanings."""
        states: list[tuple[int, tuple[Meaning, ...]]] = [(start, ())]
        for symbol, is_heard in zip(production.symbols, production.heard, strict=True):
            following: list[tuple[int, tuple[Meaning, ...]]] = []
            for position, parts in states:
                self._work -= 1
                if self._work <= 0:
                    return
                for end, meaning in self._symbol(symbol, position):
                    following.append((end, (*parts, meaning) if is_heard else parts))
            if not following:
                return
            states = following
        build = self._builds.get(production.build)
        if build is None:
            raise InternalError(f"grammar/intent.lark: no meaning for {production.build}")
        for end, parts in states:
            meaning = build(parts)
            if meaning is not None:
                ends.setdefault(end, {})[meaning] = None

    def _symbol(self, symbol: str, position: int) -> list[tuple[int, Meaning]]:
        if symbol in self._rules.productions:
            return [
                (end, meaning)
                for end, meanings in self.read(symbol, position).items()
                for meaning in meanings
            ]
        if position >= len(self._edges):
            return []
        found: list[tuple[int, Meaning]] = []
        for edge in self._edges[position]:
            leaf = edge.leaves.get(symbol)
            if leaf is not None:
                self.furthest = max(self.furthest, edge.end)
                found.append((edge.end, leaf))
        return found


@cache
def grammar() -> Rules:
    """Return the grammar that ships: Lark's notation without its groups, read in milliseconds."""
    productions: dict[str, list[Production]] = {}
    texts: dict[str, frozenset[str]] = {}
    declared: set[str] = set()
    for name, body in _definitions(shipped_text("intent.lark")):
        if name == "%declare":
            declared.update(one for one in body.split())
        elif name.isupper():
            texts[name] = frozenset(json.loads(one) for one in _STRING.findall(body))
        else:
            productions[name] = [_production(one, name) for one in _ALTERNATIVES.split(body)]
    for rows in productions.values():
        for row in rows:
            for symbol in row.symbols:
                if symbol.startswith('"'):
                    texts[symbol] = frozenset({symbol[1:-1]})
                elif symbol not in productions and symbol not in texts and symbol not in declared:
                    raise InternalError(f"grammar/intent.lark: `{symbol}` is not defined")
    says: dict[str, set[str]] = {}
    for name, spoken in texts.items():
        for text in spoken:
            says.setdefault(text, set()).add(name)
    for text, names in synonyms(says).items():
        says[text] = set(names)
    fixed = {name: tuple(rows) for name, rows in productions.items()}
    return Rules(
        productions=fixed,
        first=_first(fixed),
        says={text: frozenset(names) for text, names in says.items()},
        words=frozenset(
            word for text, names in says.items() if names - _SOFT for word in text.split()
        ),
    )


# What these say may be a name all the same: the web team, and the service `web`.
_SOFT: Final = frozenset(
    {"SVC_NAME", "TEAM_OF", "FOR_REASONS", "REASONS", "RATE_FOR", "EXCLUDED", "ENVS", "RETENTION",
     "GRPC_WORD", "UNCOVERED", "ABOVE_RULES", "NORM", "NORM_OF", "LEAD_FORMAL"}
)  # fmt: skip
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_ALTERNATIVES: Final = re.compile(r"\s\|\s")
_DEFINITION: Final = re.compile(r"(?m)^(%declare|[A-Za-z_]\w*:|start:)")


def _definitions(text: str) -> list[tuple[str, str]]:
    """Return each rule, terminal and declaration of a grammar in Lark's notation: name, body."""
    plain = re.sub(r"(?m)^\s*//.*$", "", text)
    parts = _DEFINITION.split(plain)
    return [
        (name.rstrip(":"), body.strip())
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    ]


def _production(text: str, origin: str) -> Production:
    written, _, alias = text.partition(" -> ")
    symbols = tuple(re.findall(r'"[^"]*"|\w+', written))
    if not symbols or symbols[0] == origin:
        raise InternalError(f"grammar/intent.lark: {origin} is not in the form that is read")
    heard = tuple(not one.startswith(('"', "_")) for one in symbols)
    return Production(symbols, heard, alias.strip() or "glue")


def _first(productions: Mapping[str, tuple[Production, ...]]) -> dict[str, frozenset[str]]:
    first: dict[str, set[str]] = {name: set() for name in productions}
    is_changing = True
    while is_changing:
        is_changing = False
        for name, rows in productions.items():
            before = len(first[name])
            for row in rows:
                first[name] |= first.get(row.symbols[0], {row.symbols[0]})
            is_changing = is_changing or len(first[name]) > before
    return {name: frozenset(symbols) for name, symbols in first.items()}

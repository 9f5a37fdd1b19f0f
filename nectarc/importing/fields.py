"""What the fields of a target are called in its policy, and what is taken for granted of them.

Owns: names, rows of `fields`, which type an open field gets. Must not know: rules, conditions.
Truth: docs/language.md, section 3 ("Names", "Types") and section 7.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from nectarc.importing.conditions import BOOL, NUMBER, STRING, Needs, Option
from nectarc.importing.records import FieldRow
from nectarc.ir import nodes
from nectarc.ir.nodes import FieldType
from nectarc.semantics.conventions import conventional_type
from nectarc.semantics.fields import ALIASES
from nectarc.semantics.types import EXACT_MAX
from nectarc.syntax.literals import is_plain_name

# The span fields that one condition looks at, in order; without `root.`.
Spellings = tuple[str, ...]
_SUFFIXES: Final = {NUMBER: "number", STRING: "text", BOOL: "bool", "": "any"}
_TYPES: Final = {STRING: FieldType.STRING, BOOL: FieldType.BOOL}
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_.]+")


class Use(NamedTuple):
    """One condition as it was decided to say it."""

    spellings: Spellings
    option: Option


class Vote(NamedTuple):
    """What one condition may take for granted of its fields.

    kinds: the types that would do, best first; "" among them where none is needed.
    """

    rule: int
    spellings: Spellings
    kinds: tuple[str, ...]


class Names:
    """Names by what they read and how it is compared, and the rows that this takes.

    rows: in order of first use.
    """

    __slots__ = ("_assumed", "_by_use", "_keys", "_primary", "_taken", "rows")

    def __init__(self, uses: Iterable[Use], assumed: dict[str, str], taken: Iterable[str]) -> None:
        """Name everything that `uses` name. taken: names that mean something else already."""
        found = tuple(uses)
        self._assumed = assumed
        self._by_use: dict[tuple[Spellings, str], str] = {}
        self._keys = frozenset(taken)
        self._taken = {*self._keys, *ALIASES, *(one for use in found for one in use.spellings)}
        self._primary = _primary_kinds(found, assumed)
        self.rows: list[FieldRow] = []
        for use in found:
            kind = use.option.kind or self._primary[use.spellings]
            if (use.spellings, kind) not in self._by_use:
                same = [one.option for one in found if one.spellings == use.spellings]
                own = [one for one in same if (one.kind or kind) == kind]
                self._by_use[use.spellings, kind] = self._name(use.spellings, kind, own)

    def of(self, spellings: Spellings, kind: str) -> str:
        """Return how a policy writes the fields `spellings`, compared as `kind`."""
        return self._by_use[spellings, kind or self._primary[spellings]]

    def of_key(self, name: str) -> str:
        """Return how the key of a sampler writes the span field `name`."""
        if is_plain_name(name) and name not in ALIASES:
            return name
        if can_be_quoted(name):
            return f"`{name}`"
        known = next((one.name for one in self.rows if one.spellings == (name,)), "")
        return known or self._of_row(self._made_up(name, ""), FieldType.STRING, (name,))

    def _of_row(self, name: str, type_: FieldType, spellings: Spellings) -> str:
        self.rows.append(FieldRow(name=name, type=type_.value, spellings=spellings))
        return name

    def type_of(self, spellings: Spellings, kind: str) -> FieldType | None:
        """Return the type that the policy gives to `of(spellings, kind)`."""
        written = self.of(spellings, kind)
        name = written.strip("`")
        for row in self.rows:
            if row.name == name:
                return FieldType(row.type)
        if written in ALIASES:
            return ALIASES[written][1]
        return conventional_type(name)

    def _name(self, spellings: Spellings, kind: str, options: list[Option]) -> str:
        alias = next((one for one, (read, _) in ALIASES.items() if read == spellings), None)
        if alias is not None and len(spellings) > 1 and kind in ("", NUMBER):
            return alias
        name = spellings[0]
        is_primary = kind == self._primary[spellings]
        if len(spellings) == 1 and is_primary and can_be_quoted(name):
            type_ = _row_type(
                name,
                kind,
                options,
                is_assumed=name in self._assumed or any(one.is_typed for one in options),
            )
            if type_ is not None:
                self.rows.append(FieldRow(name=name, type=type_.value, spellings=spellings))
            return name if is_plain_name(name) and name not in ALIASES else f"`{name}`"
        made = self._shared_name(spellings) if is_primary and len(spellings) > 1 else ""
        made = made or self._made_up(name, kind if len(spellings) == 1 else "")
        type_ = _type_of_kind(kind or STRING, name, options)
        self.rows.append(FieldRow(name=made, type=type_.value, spellings=spellings))
        return made

    def _shared_name(self, spellings: Spellings) -> str:
        """Return the name of the first field for all of them, "" where it is needed for itself."""
        name = spellings[0]
        others = [one for one in self._primary if one != spellings and one[0] == name]
        is_free = name not in self._keys and name not in ALIASES and not others
        return name if is_free and is_plain_name(name) else ""

    def _made_up(self, name: str, kind: str) -> str:
        words = [word for word in _NOT_IN_NAMES.sub("_", name).split(".") if word]
        plain = ".".join(f"_{word}" if word[0].isdigit() else word for word in words) or "field"
        suffix = f"_{_SUFFIXES[kind]}"
        number, made = 1, plain + suffix
        while made in self._taken or not is_plain_name(made):
            number += 1
            made = f"{'field' if not is_plain_name(made) else plain}{suffix}{number}"
        self._taken.add(made)
        return made


def decide_types(votes: Iterable[Vote]) -> dict[str, str]:
    """Return the type to take for granted, by span field; fields that need none are left out.

    The type of the conventions counts most, then what most rules ask for, then the first.
    """
    wanted: dict[str, Counter[str]] = {}
    seen: set[tuple[int, str, str]] = set()
    for vote in votes:
        if "" in vote.kinds:
            continue
        for name in vote.spellings:
            for kind in vote.kinds[:1]:
                if (vote.rule, name, kind) not in seen:
                    seen.add((vote.rule, name, kind))
                    wanted.setdefault(name, Counter())[kind] += 1
    found: dict[str, str] = {}
    for name, counts in wanted.items():
        usual = kind_of(conventional_type(name))
        found[name] = usual if usual in counts else counts.most_common(1)[0][0]
    return found


def choose(
    options: Iterable[Option], spellings: Spellings, assumed: dict[str, str]
) -> Option | None:
    """Return the option that reads best, given the types that are taken for granted anyway."""
    fitting = [
        one
        for one in options
        if not one.needs.types
        or all(assumed.get(name) == one.needs.types for name in spellings)
        or _adds_conventional(one.needs, spellings, assumed)
    ]
    return min(fitting, key=lambda one: _cost(one, spellings, assumed), default=None)


def kind_of(type_: FieldType | None) -> str:
    """Return how values of the type are compared; "" for none."""
    if type_ is None:
        return ""
    return NUMBER if type_.is_number else STRING if type_ is FieldType.STRING else BOOL


def _adds_conventional(needs: Needs, spellings: Spellings, assumed: dict[str, str]) -> bool:
    # The conventions' own type may be taken for granted where nothing else is.
    return all(
        assumed.get(name, kind_of(conventional_type(name))) == needs.types for name in spellings
    )


def _cost(option: Option, spellings: Spellings, assumed: dict[str, str]) -> int:
    needs = option.needs
    cost = 2 * option.complexity + needs.no_null + needs.no_nan + needs.whole
    if needs.types:
        cost += 0 if all(name in assumed for name in spellings) else 1
    if option.constant is not None and needs != Needs():
        cost += 2
    elif option.constant is not None:
        cost = 0
    known = {
        assumed.get(name) or kind_of(conventional_type(name)) or option.kind for name in spellings
    }
    return cost + (3 if option.kind and known != {option.kind} else 0)


def _primary_kinds(uses: tuple[Use, ...], assumed: dict[str, str]) -> dict[Spellings, str]:
    found: dict[Spellings, str] = {}
    for spellings in dict.fromkeys(use.spellings for use in uses):
        kinds = [one.option.kind for one in uses if one.spellings == spellings and one.option.kind]
        usual = kind_of(conventional_type(spellings[0]))
        first = kinds[0] if kinds else ""
        wanted = assumed.get(spellings[0], usual)
        found[spellings] = wanted if wanted in kinds else first
    return found


def _row_type(name: str, kind: str, options: list[Option], *, is_assumed: bool) -> FieldType | None:
    """Return the type for a row of `name`; None where the name needs no row."""
    usual = conventional_type(name)
    if not kind:
        return None
    if usual is None and not is_assumed and kind == STRING:
        return None
    if usual is not None and kind_of(usual) == kind:
        is_ill = kind == NUMBER and usual is FieldType.INT and not _is_whole(options)
        return FieldType.FLOAT if is_ill else None
    return _type_of_kind(kind, name, options)


def _type_of_kind(kind: str, name: str, options: list[Option]) -> FieldType:
    usual = conventional_type(name)
    if usual is not None and kind_of(usual) == kind and usual is not FieldType.INT:
        return usual
    return _TYPES.get(kind) or (FieldType.INT if _is_whole(options) else FieldType.FLOAT)


def _is_whole(options: list[Option]) -> bool:
    numbers = [number for one in options for number in numbers_of(one.expr)]
    return all(one.is_integer() and abs(one) <= EXACT_MAX for one in numbers)


def numbers_of(expr: nodes.SpanExpr) -> Iterator[float]:
    """Yield the number literals of an expression."""
    match expr:
        case nodes.SpanNot(operand):
            yield from numbers_of(operand)
        case nodes.SpanAnd(operands) | nodes.SpanOr(operands):
            for one in operands:
                yield from numbers_of(one)
        case nodes.SpanTest(nodes.NumberTest(_, _, value)):
            yield value
        case nodes.SpanTest(nodes.NumberIn(_, values, _)):
            yield from values


def can_be_quoted(name: str) -> bool:
    """Say whether a policy can write `name` in backticks."""
    return bool(name) and "`" not in name and name.isprintable()

# ruff: noqa: PTH100, PTH110, PTH118, PTH120, PTH123 - on the start-up path, where pathlib costs 8 ms
"""The shipped parser tables, and the driver for grammars whose tokens we make ourselves.

Owns: where tables lie, how they load, the LALR(1) driver. Must not know: any grammar.
Truth: grammar/*.lark, turned into nectarc/tables/*.bin (`Lark.save`) by tools/build_tables.py.
Nothing is built at run time: a table takes 1 ms to load and 45 ms to build.

Three ways to use a table:
- `load_parser` gives the whole of Lark: its lexers, its trees. Importing Lark takes about 60 ms.
- `load_tables` with `drive` runs the same table over a stream of our own tokens, without Lark.
  TOON is read so: every start of nectarc reads a policy, and a table is all that it needs.
- `load_saved` gives what Lark saved to who runs it otherwise: the cells of a policy have a lexer
  made of the grammar's terminals, and repairs on the way (`syntax/automaton.py`).

A grammar of a natural language has no table: `shipped_text` gives the text of what ships in
grammar/, for `nectarc.offline` to build its parser of.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from nectarc.diagnostic import InternalError

if TYPE_CHECKING:
    import lark

_TABLES: Final = os.path.join(os.path.dirname(__file__), "tables")
_END: Final = "$END"
_SHIFT: Final = 0  # how Lark writes an action: (0, state) shifts, (1, {"@": rule}) reduces


class Rule(NamedTuple):
    """One production: `size` values become one of `origin`, made by the action named `action`."""

    origin: str
    size: int
    action: str


class Tables(NamedTuple):
    """An LALR(1) automaton.

    states: for each state, by symbol, the state to go to, or ~i to reduce by rule i.
    rules:  the productions.
    start:  the first state.
    end:    the state after which the start symbol is complete.
    """

    states: tuple[dict[str, int], ...]
    rules: tuple[Rule, ...]
    start: int
    end: int


class HasKind(Protocol):
    """A token, as far as the driver needs to know."""

    @property
    def kind(self) -> str:
        """Return the terminal's name."""


# The values of a parse are whatever the actions make; only the actions know.
Action = Callable[[list[Any]], Any]


@cache
def load_parser(name: str) -> lark.Lark:
    """Load the parser of `grammar/<name>.lark` from its shipped tables; imports Lark."""
    from lark import Lark  # noqa: PLC0415 - 60 ms that only some commands need

    with open(_path(name), "rb") as file:
        return Lark.load(file)


@cache
def load_tables(name: str) -> Tables:
    """Load the automaton of `grammar/<name>.lark` from its shipped tables; needs no Lark."""
    return _automaton(load_saved(name))


def load_saved(name: str) -> Any:  # noqa: ANN401 - Lark's own format, for those who decode it
    """Return what `Lark.save` wrote of `grammar/<name>.lark`."""
    import pickle  # noqa: PLC0415 - `version` and `init` read no tables

    with open(_path(name), "rb") as file:
        return pickle.load(file)  # noqa: S301 - shipped with the package, as its code is


def shipped_text(name: str) -> str:
    """Return the text of grammar/`name`, from the wheel or else from the checkout."""
    inside = os.path.join(os.path.dirname(__file__), "grammar", name)
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = inside if os.path.exists(inside) else os.path.join(folder, "grammar", name)
    with open(path, encoding="utf-8") as file:
        return file.read()


def drive(tables: Tables, tokens: Iterable[HasKind], actions: Mapping[str, Action]) -> Any:  # noqa: ANN401 - what the start rule's action returns
    """Run `tables` over `tokens`; call `actions[name]` with the list of values at each reduction.

    Lists that an action gets are its own to keep. O(tokens), no recursion.
    fails: InternalError, when the tokens do not fit the grammar; a lexer promises that they do.
    """
    states, start, end = tables.states, tables.start, tables.end
    rules = [(rule.origin, rule.size, actions[rule.action]) for rule in tables.rules]
    stack, values = [start], []
    row = states[start]
    for token in tokens:
        kind = token.kind
        while True:
            target = row.get(kind)
            if target is None:
                raise InternalError(f"unexpected {token} in state {stack[-1]}")
            if target >= 0:
                stack.append(target)
                values.append(token)
                row = states[target]
                break
            row = _reduce(rules[~target], stack, values, states)
    while stack[-1] != end:
        target = row.get(_END)
        if target is None or target >= 0:
            raise InternalError(f"unexpected end in state {stack[-1]}")
        row = _reduce(rules[~target], stack, values, states)
    return values[-1]


def _reduce(
    rule: tuple[str, int, Action],
    stack: list[int],
    values: list[Any],
    states: tuple[dict[str, int], ...],
) -> dict[str, int]:
    """Replace the last values by one; return the row of the state that follows."""
    origin, size, action = rule
    if size:
        parts = values[-size:]
        del values[-size:], stack[-size:]
    else:
        parts = []
    values.append(action(parts))
    target = states[stack[-1]][origin]
    stack.append(target)
    return states[target]


def _automaton(saved: Any) -> Tables:  # noqa: ANN401 - the reader of Lark's format
    """Decode what `Lark.save` wrote, for a grammar with one start symbol."""
    parser = saved["data"]["parser"]["parser"]
    names: dict[int, str] = parser["tokens"]
    numbers: dict[int, int] = {}
    rules: list[Rule] = []
    for number, entry in saved["memo"].items():
        if entry["__type__"] == "Rule":
            numbers[number] = len(rules)
            origin = entry["origin"]["name"]
            rules.append(Rule(origin, len(entry["expansion"]), entry["alias"] or origin))
    states: list[dict[str, int]] = [{} for _ in range(max(parser["states"]) + 1)]
    for number, row in parser["states"].items():
        states[number] = {
            names[symbol]: argument if kind == _SHIFT else ~numbers[argument["@"]]
            for symbol, (kind, argument) in row.items()
        }
    (start,) = parser["start_states"].values()
    (end,) = parser["end_states"].values()
    return Tables(tuple(states), tuple(rules), start, end)


def _path(name: str) -> str:
    return os.path.join(_TABLES, f"{name}.bin")

"""The LALR automaton that runs over the shipped tables of a cell grammar.

Owns: tokens, lexing with the grammar's terminals, shifting and reducing. Must not know: what any
rule of a grammar means, which mistakes people make. Truth: grammar/match.lark, grammar/action.lark.

Lark compiles the grammars (tools/build_tables.py); its own driver would need 60 ms to be imported,
builds a token with lines and columns and a tree for cells of twenty characters, and cannot put
another token in the place of a wrong one and go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

from nectarc.grammars import load_saved
from nectarc.syntax.ast import (
    Action,
    Argument,
    Expr,
    FieldName,
    Literal,
    Ratio,
    Require,
)

END: Final = "$END"
BAD: Final = "?"


class Token(NamedTuple):
    """A piece of a cell's text, `[start, end)`. `type` is a terminal, `END` or `BAD`."""

    type: str
    text: str
    start: int
    end: int


class Part(NamedTuple):
    """What a rule was reduced to, and the extent of its text (parentheses around it included)."""

    node: Expr | Action | Argument | Ratio | Require | tuple[Literal | FieldName, ...]
    start: int
    end: int


# A value of the stack: a list stands for the children of a rule that is inlined into its parent.
Value: TypeAlias = "Token | Part | list[Token | Part]"
Builder: TypeAlias = Callable[[str, "list[Token | Part]"], Part]
# Called where no action fits: (tokens, index, state stack) -> whether `tokens` was repaired from
# there on and the run goes on.
Repair: TypeAlias = Callable[[list[Token], int, list[int]], bool]


class Reduction(NamedTuple):
    """Replace the last `size` values by one, and follow the edge named `rule`."""

    rule: str
    size: int
    is_inlined: bool


class Automaton:
    """The tables of one start rule of a grammar, read-only after construction."""

    def __init__(self, grammar: str, start: str) -> None:
        """Read the tables of `grammar/<grammar>.lark`, about 2 ms; its callers keep it."""
        saved = load_saved(grammar)
        parser, memo = saved["data"]["parser"], saved["memo"]
        lexer, tables = parser["lexer_conf"], parser["parser"]
        terminals = [memo[reference["@"]] for reference in lexer["terminals"]]
        self._match = _scanner(terminals)
        self._ignored = frozenset(lexer["ignore"])
        self._keywords: dict[str, str] = {
            terminal["pattern"]["value"]: terminal["name"]
            for terminal in terminals
            if _is_keyword(terminal)
        }
        self._start: int = tables["start_states"][start]
        self._end: int = tables["end_states"][start]
        self._actions = _actions_of(tables, memo)

    def tokens(self, text: str, bad_token: Callable[[str, int], Token]) -> list[Token]:
        """Return the tokens of `text` and the END token.

        bad_token: says, for text and offset, which token to take where no terminal fits; it has
        the type `BAD` and is not empty. O(length) when `bad_token` is linear in its token.
        """
        match, ignored, keywords = self._match, self._ignored, self._keywords
        found: list[Token] = []
        position, end = 0, len(text)
        while position < end:
            hit = match(text, position)
            if hit is None:
                token = bad_token(text, position)
                found.append(token)
                position = token.end
                continue
            kind, after = hit.lastgroup, hit.end()
            assert kind is not None  # every terminal is a group
            if kind not in ignored:
                value = hit.group()
                found.append(Token(keywords.get(value, kind), value, position, after))
            position = after
        found.append(Token(END, "", end, end))
        return found

    def run(self, tokens: list[Token], build: Builder, repair: Repair) -> Part | None:
        """Reduce `tokens` to the start rule, or return None when `repair` gives up."""
        table = self._actions
        states: list[int] = [self._start]
        values: list[Value] = []
        index = 0
        while True:
            token = tokens[index]
            action = table[states[-1]].get(token.type)
            if action is None:
                if not repair(tokens, index, states):
                    return None
                continue
            if isinstance(action, int):
                states.append(action)
                values.append(token)
                index += 1
                continue
            _reduce(action, values, build)
            del states[-action.size :]
            target = table[states[-1]][action.rule]
            assert isinstance(target, int)  # the edge of a nonterminal is always a shift
            states.append(target)
            if target == self._end:
                last = values[-1]
                assert isinstance(last, Part)  # the start rule has a builder
                return last

    def accepted_after(self, tokens: list[Token], repair: Repair) -> frozenset[str] | None:
        """Return the terminals that may stand in the place of the END of `tokens`.

        None when `repair` gives up before.
        """
        states = [self._start]
        index = 0
        while tokens[index].type != END:
            action = self._actions[states[-1]].get(tokens[index].type)
            if action is None:
                if not repair(tokens, index, states):
                    return None
            elif isinstance(action, int):
                states.append(action)
                index += 1
            else:
                del states[-action.size :]
                target = self._actions[states[-1]][action.rule]
                assert isinstance(target, int)  # the edge of a nonterminal is always a shift
                states.append(target)
        return self.accepted(states)

    def accepted(self, states: list[int]) -> frozenset[str]:
        """Return the terminals that may come next, looking through pending reductions."""
        return frozenset(
            name
            for name in self._actions[states[-1]]
            if (name.isupper() or name == END) and self._is_shifted(name, states)
        )

    def _is_shifted(self, terminal: str, states: list[int]) -> bool:
        # The copy is bounded by the nesting of the cell.
        stack = list(states)
        while True:
            action = self._actions[stack[-1]].get(terminal)
            if action is None:
                return False
            if isinstance(action, int):
                return True
            del stack[-action.size :]
            target = self._actions[stack[-1]][action.rule]
            assert isinstance(target, int)
            if terminal == END and target == self._end:
                return True
            stack.append(target)


def _reduce(action: Reduction, values: list[Value], build: Builder) -> None:
    count = action.size
    if action.is_inlined:
        if count > 1:
            first = values[-count]
            # Left recursion grows the list in place, so a long chain of operands stays linear.
            children = first if isinstance(first, list) else [first]
            for value in values[1 - count :]:
                if isinstance(value, list):
                    children.extend(value)
                else:
                    children.append(value)
            values[-count:] = [children]
        return
    flat: list[Token | Part] = []
    for value in values[-count:]:
        if isinstance(value, list):
            flat.extend(value)
        else:
            flat.append(value)
    values[-count:] = [build(action.rule, flat)]


# The records of `Lark.save` are plain data; these functions are the only readers of its format.


def _scanner(terminals: list[dict[str, Any]]) -> Callable[[str, int], re.Match[str] | None]:
    # The order is that of Lark's basic lexer (priority, longest possible match, longest pattern,
    # name), in which the first alternative that matches wins.
    ranked = sorted(
        (
            -terminal["priority"],
            -_width_max(terminal["pattern"]),
            -len(terminal["pattern"]["value"]),
            terminal["name"],
            _regex(terminal["pattern"]),
        )
        for terminal in terminals
        if not _is_keyword(terminal)
    )
    return re.compile("|".join(f"(?P<{name}>{regex})" for *_, name, regex in ranked)).match


def _is_keyword(terminal: dict[str, Any]) -> bool:
    """Say whether the terminal is a word: NAME finds it, and the text tells which it is."""
    pattern = terminal["pattern"]
    return pattern["__type__"] == "PatternStr" and str(pattern["value"]).isidentifier()


def _width_max(pattern: dict[str, Any]) -> int:
    return len(pattern["value"]) if pattern["__type__"] == "PatternStr" else pattern["_width"][1]


def _regex(pattern: dict[str, Any]) -> str:
    value: str = pattern["value"]
    return re.escape(value) if pattern["__type__"] == "PatternStr" else f"(?:{value})"


def _actions_of(
    tables: dict[str, Any], memo: dict[int, dict[str, Any]]
) -> dict[int, dict[str, int | Reduction]]:
    names: dict[int, str] = tables["tokens"]
    reductions = {
        number: _reduction_of(record)
        for number, record in memo.items()
        if record["__type__"] == "Rule"
    }
    # Lark writes an action as (0, state) for a shift and (1, {"@": number of the rule}).
    return {
        state: {
            names[symbol]: target if kind == 0 else reductions[target["@"]]
            for symbol, (kind, target) in row.items()
        }
        for state, row in tables["states"].items()
    }


def _reduction_of(record: dict[str, Any]) -> Reduction:
    name: str = record["origin"]["name"]
    return Reduction(name, len(record["expansion"]), name.startswith("_"))

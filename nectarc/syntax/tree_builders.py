"""From the reductions of the automaton to the nodes of the tree.

Owns: one builder per grammar. Must not know: what a tree means, how errors are explained.
Truth: grammar/match.lark, grammar/action.lark (a branch per rule); nectarc/syntax/ast.py.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import InternalError
from nectarc.syntax.ast import (
    Action,
    And,
    Argument,
    BareTest,
    CompareOp,
    CompareTest,
    Constant,
    ExistsTest,
    Expr,
    FieldName,
    HasRoot,
    InvalidExpr,
    IsRoot,
    Literal,
    MemberTest,
    Not,
    NumberLiteral,
    Or,
    Quantified,
    Quantifier,
    Ratio,
    Require,
    Requirement,
    SpanCount,
    TextOp,
    TextTest,
)
from nectarc.syntax.automaton import Part, Token
from nectarc.syntax.cell import CellReading
from nectarc.syntax.literals import KEYWORDS, read_field, read_literal

_COMPARE: Final = {op.value: op for op in CompareOp}
_TEXT: Final = {op.value: op for op in TextOp}
_QUANTIFIER: Final = {quantifier.value: quantifier for quantifier in Quantifier}


class MatchBuilder:
    """Builds expressions. Extents of parts include parentheses, the places of nodes do not."""

    def __init__(self, reading: CellReading) -> None:
        """Report what literals are no values to `reading`."""
        self._reading = reading

    def __call__(self, rule: str, children: list[Token | Part]) -> Part:
        """Build the node of `rule`; see `Builder`."""
        start, end = children[0].start, children[-1].end
        match rule:
            case "match":
                return _part(children[0])
            case "group":
                return Part(_part(children[1]).node, start, end)
            case "compare" | "span_count" | "member" | "text_test":
                return Part(self._test(rule, children, start, end), start, end)
            case _:
                return Part(self._plain(rule, children, start, end), start, end)

    def _plain(self, rule: str, children: list[Token | Part], start: int, end: int) -> Expr:
        source = self._reading.span(start, end)
        match rule:
            case "bare":
                return BareTest(read_field(_token(children[0]), self._reading), source)
            case "constant":
                return Constant(_token(children[0]).type == "TRUE", source)
            case "and":
                return And(_operands(children, And), source)
            case "or":
                return Or(_operands(children, Or), source)
            case "not":
                return Not(_expr(children[1]), source)
            case "quantified":
                quantifier = _QUANTIFIER[_token(children[0]).text]
                return Quantified(quantifier, _expr(children[2]), source)
            case "exists":
                return ExistsTest(read_field(_token(children[2]), self._reading), source)
            case "has_root":
                return HasRoot(source)
            case "is_root":
                return IsRoot(source)
            case _:
                raise InternalError(f"match.lark has a rule without a builder: {rule}")

    def _test(self, rule: str, children: list[Token | Part], start: int, end: int) -> Expr:
        reading = self._reading
        source = reading.span(start, end)
        first = _token(children[0])
        if rule == "member":
            is_negated = _token(children[1]).type == "NOT"
            written = children[4 if is_negated else 3 : -1 : 2]
            literals = [read_literal(_token(item), reading) for item in written]
            values = tuple(literal for literal in literals if literal is not None)
            if len(values) < len(literals):
                return InvalidExpr(source)
            return MemberTest(read_field(first, reading), is_negated, values, source)
        literal = read_literal(_token(children[-1]), reading)
        if literal is None:
            return InvalidExpr(source)
        operator = _token(children[1])
        if rule == "span_count":
            return SpanCount(_COMPARE[operator.text], literal, source)
        field = read_field(first, reading)
        if rule == "compare":
            return CompareTest(field, _COMPARE[operator.text], literal, source)
        text_op = TextOp.NOT_CONTAINS if operator.type == "NOT" else _TEXT[operator.text]
        return TextTest(field, text_op, literal, source)


class ActionBuilder:
    """Builds actions and what invariants require."""

    def __init__(self, reading: CellReading) -> None:
        """Report what literals are no values to `reading`."""
        self._reading = reading

    def __call__(self, rule: str, children: list[Token | Part]) -> Part:
        """Build the node of `rule`; see `Builder`."""
        start, end = children[0].start, children[-1].end
        match rule:
            case "action":
                return Part(self._action(children, start, end), start, end)
            case "argument":
                return Part(self._argument(children, start, end), start, end)
            case "ratio":
                return Part(self._ratio(children, start, end), start, end)
            case "list":
                items = tuple(self._item(_token(child)) for child in children[1:-1:2])
                return Part(tuple(i for i in items if i is not None), start, end)
            case "require":
                return Part(self._require(children, start, end), start, end)
            case _:
                raise InternalError(f"action.lark has a rule without a builder: {rule}")

    def _action(self, children: list[Token | Part], start: int, end: int) -> Action:
        reading, word = self._reading, _token(children[0])
        ratio: Ratio | None = None
        arguments: list[Argument] = []
        for child in children[1:]:
            node = child.node if isinstance(child, Part) else None
            if isinstance(node, Ratio):
                ratio = node
            elif isinstance(node, Argument):
                arguments.append(node)
        return Action(
            word.text,
            reading.span(word.start, word.end),
            ratio,
            tuple(arguments),
            reading.span(start, end),
        )

    def _argument(self, children: list[Token | Part], start: int, end: int) -> Argument:
        reading, name, value = self._reading, _token(children[0]), children[2]
        node: Literal | FieldName | tuple[Literal | FieldName, ...]
        if isinstance(value, Part):
            assert isinstance(value.node, tuple)  # rule `argument`: the only part is a list
            node = value.node
        else:
            item = self._item(value)
            # The finding is an error already; an empty list says least to the checker.
            node = () if item is None else item
        source = reading.span(start, end)
        return Argument(name.text, reading.span(name.start, name.end), node, source)

    def _item(self, token: Token) -> Literal | FieldName | None:
        reading = self._reading
        if token.type not in {"NAME", "QUOTED_NAME", "KEEP", "DROP", "SHARE"}:
            return read_literal(token, reading)
        if token.text in KEYWORDS:
            reading.found.append(
                finding(
                    "NEC052",
                    reading.span(token.start, token.end),
                    f"`{token.text}` is a keyword, no field name",
                    why="in a match the word means something else",
                    help="a field that is really named so stands in backticks",
                    fixes=reading.replacement(
                        "write it in backticks", token.start, token.end, f"`{token.text}`"
                    ),
                )
            )
        return read_field(token, reading)

    def _ratio(self, children: list[Token | Part], start: int, end: int) -> Ratio:
        numbers = [read_literal(_token(child), self._reading) for child in children[::2]]
        values = [n.value if isinstance(n, NumberLiteral) else Fraction(1) for n in numbers]
        is_ratio = len(values) == 2
        source = self._reading.span(start, end)
        return Ratio(values[0], values[1] if is_ratio else Fraction(1), is_ratio, source)

    def _require(self, children: list[Token | Part], start: int, end: int) -> Require:
        reading = self._reading
        source = reading.span(start, end)
        if len(children) < 3:
            is_keep = len(children) == 1
            return Require(Requirement.KEEP if is_keep else Requirement.NOT_DROP, None, source)
        operator, number = _token(children[1]), _token(children[2])
        literal = read_literal(number, reading)
        share = literal.value if isinstance(literal, NumberLiteral) else Fraction(1)
        if operator.text not in {">=", "<="}:
            replaced = ">=" if operator.text in {">", "=="} else "<="
            reading.found.append(
                finding(
                    "NEC076",
                    reading.span(operator.start, operator.end),
                    f"a share is required with `>=` or `<=`, not with `{operator.text}`",
                    why="a sampler keeps one in a whole number of traces: few shares can be hit",
                    fixes=reading.replacement(
                        f"write `{replaced}`",
                        operator.start,
                        operator.end,
                        replaced,
                        is_safe=False,
                    ),
                )
            )
        if not 0 <= share <= 1:
            reading.found.append(
                finding(
                    "NEC076",
                    reading.span(number.start, number.end),
                    f"a share is between 0 and 1, and `{number.text}` is not",
                    why="the share is the probability that a trace is kept",
                )
            )
            share = min(max(share, Fraction(0)), Fraction(1))
        is_upper = operator.text.startswith("<")
        requirement = Requirement.AT_MOST if is_upper else Requirement.AT_LEAST
        return Require(requirement, share, source)


def _token(child: Token | Part) -> Token:
    assert isinstance(child, Token)  # the grammar has a terminal in this place
    return child


def _part(child: Token | Part) -> Part:
    assert isinstance(child, Part)  # the grammar has a rule in this place
    return child


def _expr(child: Token | Part) -> Expr:
    node = _part(child).node
    # What stands in a match is no action; the negative list is the shorter one.
    assert not isinstance(node, Action | Argument | Ratio | Require | tuple)
    return node


def _operands(children: list[Token | Part], kind: type[And | Or]) -> tuple[Expr, ...]:
    operands: list[Expr] = []
    for child in children[::2]:
        node = _expr(child)
        if isinstance(node, And | Or) and isinstance(node, kind):
            operands.extend(node.operands)
        else:
            operands.append(node)
    return tuple(operands)

"""Hypothesis strategies for syntax trees and for the text of cells.

Trees have no places that mean anything (NOWHERE); `==` ignores places.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import lark
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark

from nectarc.source import NOWHERE
from nectarc.syntax import ast
from nectarc.syntax.literals import NANOSECONDS, is_plain_name

GRAMMARS: Final = Path(__file__).resolve().parent.parent / "grammar"

_WORDS: Final = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True)
_NAMES: Final = (
    st.sampled_from(["http.status", "duration", "error", "in.x", "any.thing", "not_in"])
    | st.lists(_WORDS, min_size=1, max_size=3).map(".".join)
).filter(is_plain_name)
_ANY_NAMES: Final = st.text(min_size=1, max_size=8).filter(
    lambda name: "`" not in name and name.isprintable()
)


def fields() -> st.SearchStrategy[ast.FieldName]:
    """Fields with and without `root.`, plain and in backticks."""
    plain = st.builds(
        ast.FieldName, _NAMES, st.booleans(), is_quoted=st.just(False), source=st.just(NOWHERE)
    )
    quoted = st.builds(
        ast.FieldName, _ANY_NAMES, st.booleans(), is_quoted=st.just(True), source=st.just(NOWHERE)
    )
    return plain | quoted


def _number(text: str) -> ast.NumberLiteral:
    return ast.NumberLiteral(Fraction(text), text, NOWHERE)


def _duration(parts: list[tuple[int, str]]) -> ast.DurationLiteral:
    total = sum(number * NANOSECONDS[unit] for number, unit in parts)
    text = "".join(f"{number}{unit}" for number, unit in parts)
    return ast.DurationLiteral(Fraction(total), text, NOWHERE)


def numbers() -> st.SearchStrategy[ast.NumberLiteral]:
    """Numbers in the spellings that the language has."""
    whole = st.integers(-(10**20), 10**20).map(str)
    other = st.sampled_from(["-0", "0.5", "-2.50", "1e6", "1E-3", "0.1e+2"])
    return (whole | other).map(_number)


def literals() -> st.SearchStrategy[ast.Literal]:
    """Literals of every kind."""
    part = st.tuples(st.integers(0, 10**6), st.sampled_from(sorted(NANOSECONDS)))
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    return st.one_of(
        numbers(),
        st.lists(part, min_size=1, max_size=3).map(_duration),
        text.map(lambda value: ast.StringLiteral(value, NOWHERE)),
        st.booleans().map(lambda value: ast.BoolLiteral(value, NOWHERE)),
    )


def leaves() -> st.SearchStrategy[ast.Expr]:
    """Expressions without operands."""
    nowhere = st.just(NOWHERE)
    many = st.lists(literals(), min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(ast.BareTest, fields(), nowhere),
        st.builds(ast.CompareTest, fields(), st.sampled_from(ast.CompareOp), literals(), nowhere),
        st.builds(ast.MemberTest, fields(), st.booleans(), many, nowhere),
        st.builds(ast.TextTest, fields(), st.sampled_from(ast.TextOp), literals(), nowhere),
        st.builds(ast.ExistsTest, fields(), nowhere),
        st.builds(ast.HasRoot, nowhere),
        st.builds(ast.IsRoot, nowhere),
        st.builds(ast.SpanCount, st.sampled_from(ast.CompareOp), literals(), nowhere),
        st.builds(ast.Constant, st.booleans(), nowhere),
    )


def _flat_and(operands: list[ast.Expr]) -> ast.Expr:
    parts = [p for o in operands for p in (o.operands if isinstance(o, ast.And) else (o,))]
    return ast.And(tuple(parts), NOWHERE)


def _flat_or(operands: list[ast.Expr]) -> ast.Expr:
    parts = [p for o in operands for p in (o.operands if isinstance(o, ast.Or) else (o,))]
    return ast.Or(tuple(parts), NOWHERE)


def expressions() -> st.SearchStrategy[ast.Expr]:
    """Trees as the parser builds them: `&&` and `||` flat, everything where the grammar has it."""

    def grow(inner: st.SearchStrategy[ast.Expr]) -> st.SearchStrategy[ast.Expr]:
        several = st.lists(inner, min_size=2, max_size=4)
        quantifier = st.sampled_from(ast.Quantifier)
        return st.one_of(
            inner.map(lambda operand: ast.Not(operand, NOWHERE)),
            st.builds(ast.Quantified, quantifier, inner, st.just(NOWHERE)),
            several.map(_flat_and),
            several.map(_flat_or),
        )

    return st.recursive(leaves(), grow, max_leaves=12)


def actions() -> st.SearchStrategy[ast.Action]:
    """Actions with a ratio, with parameters, or with neither."""
    items = literals() | fields()
    value = items | st.lists(items, max_size=3).map(tuple)
    nowhere = st.just(NOWHERE)
    arguments = st.lists(
        st.builds(ast.Argument, _NAMES, nowhere, value, nowhere), min_size=1, max_size=4
    ).map(tuple)
    positive = st.integers(1, 10**6).map(Fraction)
    decimal = st.decimals(0, 1, places=4).map(Fraction)
    ratio = st.builds(
        ast.Ratio, decimal, st.just(Fraction(1)), st.just(value=False), nowhere
    ) | st.builds(ast.Ratio, positive, positive, st.just(value=True), nowhere)
    none: st.SearchStrategy[tuple[ast.Argument, ...]] = st.just(())
    return st.one_of(
        st.builds(ast.Action, _NAMES, nowhere, st.none(), none, nowhere),
        st.builds(ast.Action, _NAMES, nowhere, ratio, none, nowhere),
        st.builds(ast.Action, _NAMES, nowhere, st.none(), arguments, nowhere),
    )


def grammar_text(grammar: str, start: str) -> st.SearchStrategy[str]:
    """Texts of a start rule of `grammar/<grammar>.lark`, made from the grammar that ships.

    Words and numbers get blanks around them: the grammar knows nothing of what runs together.
    """
    text = (GRAMMARS / f"{grammar}.lark").read_text(encoding="utf-8")
    parser = lark.Lark(text, parser="lalr", lexer="basic", start=start)
    patterns = {terminal.name: terminal.pattern for terminal in parser.terminals}
    samples: dict[str, list[str]] = {
        "NAME": ["http.status", "a", "root.b_1", "x.in"],
        "QUOTED_NAME": ["`a b`", "root.`in`"],
        "DURATION": ["5s", "1m30s", "1.5ms"],
        "NUMBER": ["0", "-2.5", "1e6", "500"],
        "STRING": ['""', r'"a\n\u00e9"'],
        "RAW_STRING": ["''", "'it is'"],
    }
    explicit: dict[str, st.SearchStrategy[str]] = {}
    for name, pattern in patterns.items():
        if name in samples:
            explicit[name] = st.sampled_from(samples[name]).map(_spaced)
        elif pattern.type == "str" and pattern.value.isidentifier():
            explicit[name] = st.just(f" {pattern.value} ")
    return from_lark(parser, start=start, explicit=explicit)


def _spaced(text: str) -> str:
    return f" {text} "


def mutated(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts with pieces cut out, doubled, or replaced by what people and machines put there."""
    slips = st.sampled_from(
        ["", "=", "and", "&", "“x”", "'", '"', "`", "(", ")", "[", "]", ",", "!", "not ", "5 s",
         "root", "\\", "ß", "\x00", "\U0001f41d", "null", "%", " "]
    )  # fmt: skip
    cut = st.tuples(st.integers(0, 60), st.integers(0, 5), slips | st.text(max_size=3))

    def apply(text: str, cuts: list[tuple[int, int, str]]) -> str:
        for start, length, slip in cuts:
            place = min(start, len(text))
            text = text[:place] + slip + text[place + length :]
        return text

    return st.builds(apply, texts, st.lists(cut, min_size=1, max_size=4))

"""Making match expressions as text: literals, field names, conjunctions, negations that are plain.

Owns: quoting and quantifying. Must not know: intents. Truth: docs/language.md, section 3.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from nectarc.source import SourceSpan
from nectarc.syntax.ast import (
    And,
    AnyTest,
    BareTest,
    CompareTest,
    ExistsTest,
    Expr,
    InvalidExpr,
    MemberTest,
    Not,
    Or,
    TextTest,
)
from nectarc.syntax.literals import is_plain_name
from nectarc.syntax.parser import parse_match_text


def string_literal(text: str) -> str:
    """Return the literal of `text`: in single quotes where that can be."""
    is_plain = "'" not in text and all(one.isprintable() for one in text)
    return f"'{text}'" if is_plain else json.dumps(text, ensure_ascii=False)


def field_text(name: str, *, of_root: bool = False) -> str:
    """Return a field's name as a test writes it; `of_root`: of the root span."""
    written = name if is_plain_name(name) else f"`{name}`"
    return f"root.{written}" if of_root else written


def plain(what: str) -> str:
    """Return `what` with `any(...)` around each bare span test: it may stand beside others.

    A bare span test means `any(test)`; language.md, 3, wants that said under `!` and beside `&&`.
    What is no match stays as it is, for the checker to say so.
    """
    expr, problems = parse_match_text(what, "")
    if problems or isinstance(expr, InvalidExpr):
        return what
    text = what
    for place in sorted(_bare(expr), key=lambda one: -one.start):
        text = f"{text[: place.start]}any({text[place.start : place.end]}){text[place.end :]}"
    return text


def all_of(parts: Sequence[str]) -> str:
    """Return the conjunction of matches, each of which may have its own spans."""
    wanted = [part for part in dict.fromkeys(parts) if part != "true"]
    if len(wanted) < 2:
        return wanted[0] if wanted else "true"
    return " && ".join(_operand(plain(part), (Or,)) for part in wanted)


def any_of(parts: Sequence[str]) -> str:
    """Return the disjunction of matches."""
    wanted = list(dict.fromkeys(parts))
    if "true" in wanted:
        return "true"
    return " || ".join(_operand(part, ()) for part in wanted)


def none_of(what: str) -> str:
    """Return the match of exactly the traces that `what` does not match."""
    written = plain(what)
    expr, _ = parse_match_text(written, "")
    return f"!({written})" if isinstance(expr, And | Or | Not) else f"!{written}"


def _operand(part: str, wrapped: tuple[type, ...]) -> str:
    expr, _ = parse_match_text(part, "")
    return f"({part})" if wrapped and isinstance(expr, wrapped) else part


def _bare(expr: Expr) -> Iterator[SourceSpan]:
    """Yield where tests of no particular span stand."""
    match expr:
        case And() | Or():
            for one in expr.operands:
                yield from _bare(one)
        case Not():
            yield from _bare(expr.operand)
        case BareTest() | CompareTest() | MemberTest() | TextTest() | ExistsTest():
            if not _is_of_root(expr):
                yield expr.source
        case _:
            return


def _is_of_root(test: AnyTest) -> bool:
    return test.field.is_root

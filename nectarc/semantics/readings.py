"""How the two readings of an unclear expression are written.

Owns: new text from pieces of the user's own. Must not know: which finding offers it.
Every function returns "" where the text is not at hand or no plain form exists.
Truth: docs/language.md, section 3, "Quantifiers must be plain".
"""

from __future__ import annotations

from nectarc.semantics.context import Context
from nectarc.semantics.shape import (
    holds_bare,
    is_negative,
    is_spannable,
)
from nectarc.source import SourceSpan
from nectarc.syntax.ast import And, CompareTest, Expr, MemberTest, Not, Or, TextTest

# More alternatives than this are no help to anybody.
_ALTERNATIVES_MAX = 8


def raw_group(node: Expr, context: Context, *, strip: bool = False) -> str:
    """Return the text of `node`, with the parentheses that it needs (none, if `strip`)."""
    text = context.raw(node.source)
    while strip and text.startswith("(") and _closes_at_end(text):
        text = text[1:-1].strip()
    if strip or not isinstance(node, Or | And) or (text.startswith("(") and _closes_at_end(text)):
        return text
    return f"({text})" if text else ""


def opposite_of(node: Expr, context: Context) -> str:
    """Return the positive counterpart of a negative test: `f == 'x'` of `f != 'x'`."""
    match node:
        case CompareTest():
            return _between(node.field.source, " == ", node.literal.source, context)
        case MemberTest() if node.literals:
            listed = node.literals[0].source.to(node.literals[-1].source)
            text = _between(node.field.source, " in [", listed, context)
            return f"{text}]" if text else ""
        case TextTest():
            return _between(node.field.source, " contains ", node.literal.source, context)
        case _:
            return ""


def each(node: Expr, word: str, context: Context, *, negatives: str = "") -> str:
    """Return `node` with every bare part under a quantifier of its own, `word`.

    negatives: "none" reads a negated part as "no span has it".
    """
    if not holds_bare(node):
        return raw_group(node, context)
    if negatives and is_negative(node):
        inner = (
            raw_group(node.operand, context, strip=True)
            if isinstance(node, Not)
            else opposite_of(node, context)
        )
        return f"{negatives}({inner})" if inner else ""
    if isinstance(node, And):
        parts = [each(one, word, context, negatives=negatives) for one in node.operands]
        grouped = [
            f"({part})" if _is_mixed_or(one) else part
            for part, one in zip(parts, node.operands, strict=True)
        ]
        return " && ".join(grouped) if all(parts) else ""
    if is_spannable(node):
        inner = raw_group(node, context, strip=True)
        return f"{word}({inner})" if inner else ""
    if isinstance(node, Or):
        parts = [each(one, word, context, negatives=negatives) for one in node.operands]
        return " || ".join(parts) if all(parts) else ""
    return ""


def joint(node: Expr, context: Context) -> str:
    """Return `node` as a question to one span: `any(a && b) && has_root` of `a && b && has_root`.

    "Some span" goes through `||`, and leaves what is the same at every span outside.
    """
    alternatives = _alternatives((node,))
    if not alternatives or len(alternatives) > _ALTERNATIVES_MAX:
        return ""
    texts = [_one_span(alternative, context) for alternative in alternatives]
    text = " || ".join(texts) if all(texts) else ""
    # Where the place to replace has parentheses of its own, several alternatives need them again.
    written = context.raw(node.source)
    is_grouped = written.startswith("(") and _closes_at_end(written)
    return f"({text})" if len(texts) > 1 and text and is_grouped else text


def _alternatives(parts: tuple[Expr, ...]) -> list[tuple[Expr, ...]]:
    """Return the conjunctions that `parts` mean, opening each mixed `||`; [] where one is stuck."""
    for index, part in enumerate(parts):
        before, after = parts[:index], parts[index + 1 :]
        if not holds_bare(part) or is_spannable(part):
            if isinstance(part, And) and holds_bare(part):
                return _alternatives((*before, *part.operands, *after))
            continue
        if isinstance(part, And):
            return _alternatives((*before, *part.operands, *after))
        if not isinstance(part, Or):
            return []
        found: list[tuple[Expr, ...]] = []
        for operand in part.operands:
            opened = _alternatives((*before, operand, *after))
            if not opened or len(found) + len(opened) > _ALTERNATIVES_MAX:
                return []
            found += opened
        return found
    return [parts]


def _one_span(parts: tuple[Expr, ...], context: Context) -> str:
    inside = [part for part in parts if holds_bare(part)]
    outside = [raw_group(part, context) for part in parts if not holds_bare(part)]
    texts = [raw_group(part, context, strip=len(inside) == 1) for part in inside]
    if not all(texts) or not all(outside):
        return ""
    asked = [f"any({' && '.join(texts)})"] if texts else []
    return " && ".join([*asked, *outside])


def _is_mixed_or(node: Expr) -> bool:
    return isinstance(node, Or) and holds_bare(node) and not is_spannable(node)


def _between(left: SourceSpan, word: str, right: SourceSpan, context: Context) -> str:
    first, last = context.raw(left), context.raw(right)
    return f"{first}{word}{last}" if first and last else ""


def _closes_at_end(text: str) -> bool:
    """Say whether the parenthesis that opens `text` is the one that closes it, texts apart."""
    depth, quote = 0, ""
    for index, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'`\"":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return index == len(text) - 1
    return False

"""What a token of a match, an action or a requirement means.

Owns: which words are told of which token. Must not know: the protocol.
Truth: nectarc/report/language_words.py, nectarc/report/action_words.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from http import HTTPStatus
from typing import Final

from nectarc.ir.nodes import FieldType
from nectarc.report.action_words import (
    ACTIONS,
    PARAMETERS,
    parameter_default,
    parameter_kind,
    parameter_of,
)
from nectarc.report.language_words import (
    JOINERS,
    OPERATORS,
    PREDICATES,
    QUANTIFIERS,
    REQUIREMENTS,
    Meaning,
)
from nectarc.report.words import duration_words, share_words
from nectarc.semantics.rates import RATE_MAX, nearest_rate
from nectarc.semantics.sampler_parameters import SAMPLERS
from nectarc.semantics.types import UNIT_NS, in_unit, unit_of
from nectarc.syntax import ast
from nectarc_lsp.database.view import View
from nectarc_lsp.features.cell_tokens import CellToken, Part, tokens_of
from nectarc_lsp.features.field_uses import declared
from nectarc_lsp.features.markdown import fenced
from nectarc_lsp.features.nodes import Cell
from nectarc_lsp.features.trees import TreeNode, tree_path

_STATUS: Final = frozenset({"http.status", "http.response.status_code", "http.status_code"})
_REFINERY: Final = {
    "keep": "`SampleRate: 1`",
    "drop": "`Drop: true`",
    "sample": "`SampleRate: n`",
    "deterministic": "`DeterministicSampler`",
}


def token_words(view: View, cell: Cell, token: CellToken) -> Iterator[str]:
    """Yield paragraphs about a token that is no field; nothing where there is nothing to say."""
    match token.part:
        case Part.ACTION:
            yield from _action(token.text)
        case Part.PARAMETER:
            yield from _parameter(cell, token)
        case Part.QUANTIFIER:
            yield from _meaning(token.text, QUANTIFIERS.get(token.text))
        case Part.PREDICATE | Part.CONSTANT:
            if cell.column in {"match", "when"}:
                yield from _meaning(token.text, PREDICATES.get(token.text))
        case Part.OPERATOR:
            word = _operator(cell, token)
            yield from _meaning(word, OPERATORS.get(word))
        case Part.JOINER:
            yield from _meaning(token.text, JOINERS.get(token.text))
        case Part.REQUIREMENT:
            word = _requirement(cell, token)
            yield from _meaning(word, REQUIREMENTS.get(word))
        case Part.NUMBER | Part.DURATION | Part.STRING:
            yield from _literal(view, cell, token)
        case _:
            pass


def _meaning(word: str, found: Meaning | None) -> Iterator[str]:
    if found is None:
        return
    yield f"`{word}`: {found.words}"
    if found.example:
        yield fenced(found.example, "toon")


def _operator(cell: Cell, token: CellToken) -> str:
    """Return the operator's whole words: `not` and `in` are one."""
    tokens = tokens_of(cell)
    index = tokens.index(token)
    if token.text == "not" and index + 1 < len(tokens):
        return f"not {tokens[index + 1].text}"
    is_negated = index > 0 and tokens[index - 1].text == "not"
    return f"not {token.text}" if is_negated else token.text


def _requirement(cell: Cell, token: CellToken) -> str:
    words = [one.text for one in tokens_of(cell) if one.part is Part.REQUIREMENT]
    return "drop" if "drop" in words else token.text


def _action(name: str) -> Iterator[str]:
    found = ACTIONS.get(name)
    if found is None:
        return
    yield f"`{name}`: {found.words}"
    if "(" in found.example:
        yield fenced(found.example, "toon")
    kind = SAMPLERS.get(name)
    yield f"In Refinery: {f'`{kind.refinery}`' if kind is not None else _REFINERY[name]}"


def _parameter(cell: Cell, token: CellToken) -> Iterator[str]:
    words = PARAMETERS.get(token.text)
    tokens = tokens_of(cell)
    if words is None or not tokens:
        return
    yield f"`{token.text}`: {words}"
    if token.text == "fields":
        yield "In Refinery: `FieldList`. It must be given."
        return
    found = parameter_of(tokens[0].text, token.text)
    if found is None:
        yield f"`{tokens[0].text}` has no such parameter."
        return
    default = parameter_default(found)
    told = f"default {default}" if default else "it must be given"
    yield f"In Refinery: `{found.refinery}`, {parameter_kind(found)}; {told}."


def _literal(view: View, cell: Cell, token: CellToken) -> Iterator[str]:
    path = () if cell.tree is None else tree_path(cell.tree, token.source.start)
    literal = path[-1] if path else None
    if isinstance(literal, ast.Ratio):
        yield from _ratio(literal, path[-2] if len(path) > 1 else None)
        return
    test = path[-2] if len(path) > 1 else None
    if isinstance(test, ast.CompareTest | ast.TextTest | ast.MemberTest):
        yield from _compared(view, test, literal)
    elif isinstance(test, ast.Argument) and isinstance(literal, ast.DurationLiteral):
        yield f"`{literal.text}` is {_time(literal.nanoseconds)}."


def _ratio(ratio: ast.Ratio, action: TreeNode | None) -> Iterator[str]:
    if not ratio.denominator:
        return
    share = ratio.numerator / ratio.denominator
    if not 0 < share <= 1 or share.denominator // share.numerator > RATE_MAX:
        yield "A share is above 0 and at most 1."
        return
    rate = nearest_rate(share)
    kept = f"Refinery keeps one in {rate:,} ({share_words(1 / rate)})"
    if Fraction(1, rate) == share:
        yield f"{kept}."
    else:
        error = abs(Fraction(1, rate) - share) / share
        yield f"{kept}, {float(error) * 100:.3g} % off: it keeps one in n for a whole n."
    if isinstance(action, ast.Action) and action.name == "deterministic":
        yield "Chosen by the trace id."


def _compared(
    view: View, test: ast.CompareTest | ast.TextTest | ast.MemberTest, literal: TreeNode | None
) -> Iterator[str]:
    field = declared(view).find(test.field.name, is_quoted=test.field.is_quoted)
    kind = None if field is None else field.type
    name = test.field.name
    if isinstance(literal, ast.DurationLiteral):
        yield from _duration(literal, name, kind)
    elif isinstance(literal, ast.NumberLiteral):
        if kind is not None and kind in UNIT_NS:
            words = duration_words(float(literal.value), kind)
            yield f"`{literal.text}` in the unit of `{name}` ({unit_of(kind)}) is {words}."
        elif field is not None and _STATUS & set(field.spellings):
            yield from _status(literal)
    elif isinstance(test, ast.TextTest) and test.op is ast.TextOp.MATCHES:
        yield "An RE2 pattern, found anywhere in the text; `^` and `$` tie it to the ends."


def _duration(literal: ast.DurationLiteral, name: str, kind: FieldType | None) -> Iterator[str]:
    if kind is None or kind not in UNIT_NS:
        yield f"`{literal.text}` is {_time(literal.nanoseconds)}."
        return
    value = in_unit(literal.nanoseconds, kind)
    number = str(value) if value.denominator == 1 else f"{float(value):g}"
    yield f"`{literal.text}` is {number} in the unit of `{name}` ({unit_of(kind)})."


def _time(nanoseconds: Fraction) -> str:
    return duration_words(float(nanoseconds), FieldType.DURATION_NS)


def _status(literal: ast.NumberLiteral) -> Iterator[str]:
    known = {one.value: one.phrase for one in HTTPStatus}
    value = literal.value
    if value in known:
        yield f"`{literal.text}`: {known[int(value)]}"
    elif value.denominator == 1 and 100 <= value < 600:
        yield f"`{literal.text}`: {_CLASSES[int(value) // 100]}"


_CLASSES: Final = {
    1: "informational",
    2: "a success",
    3: "a redirection",
    4: "an error of the client",
    5: "an error of the server",
}

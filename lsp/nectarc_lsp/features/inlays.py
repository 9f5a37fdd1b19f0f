"""What stands between the words: a duration in the field's unit, the real one in n, what is kept.

Owns: which hints there are, and their words. Must not know: the protocol.
Truth: docs/language.md, sections 3 (durations) and 4 (rates); nectarc/semantics/rates.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from nectarc.diagnostic import Edit
from nectarc.records import record
from nectarc.report.words import duration_words
from nectarc.semantics.rates import RATE_MAX, nearest_rate
from nectarc.semantics.types import UNIT_NS, in_unit, unit_of
from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.waggle.words import percent_words
from nectarc_lsp.database.knowledge import Reach, RuleKnowledge, Share
from nectarc_lsp.database.view import View
from nectarc_lsp.features.field_uses import declared
from nectarc_lsp.features.hover_rule import dead_words, share_of_traffic
from nectarc_lsp.features.trees import walk

_RATED: Final = frozenset({"sample", "deterministic"})


@record(kw_only=True)
class Hint:
    """One hint, behind `offset`. tooltip: Markdown.  edit: writes what the hint says."""

    offset: int
    label: str
    tooltip: str = ""
    edit: Edit | None = None


def hints(view: View, place: SourceSpan, *, has_lenses: bool = False) -> tuple[Hint, ...]:
    """Return the hints inside `place`, in order. `has_lenses`: they say what rules keep."""
    written = None if view.checked is None else view.checked.written
    if written is None:
        return ()
    found: list[Hint] = []
    for rule in written.rules:
        if _touches(rule.source, place):
            found += _of_match(view, rule.match)
            found += _of_action(rule.action)
    for row in written.invariants:
        if _touches(row.source, place):
            found += _of_match(view, row.when)
    if not has_lenses:
        found += _of_rules(view, written, place)
    inside = [one for one in found if place.start <= one.offset <= place.end]
    return tuple(sorted(inside, key=lambda one: one.offset))


def _touches(one: SourceSpan, other: SourceSpan) -> bool:
    return one.start <= other.end and other.start <= one.end


def _of_match(view: View, match: ast.Expr) -> Iterator[Hint]:
    for node in walk(match):
        if isinstance(node, ast.CompareTest):
            yield from _of_literal(view, node.field, node.literal)
        elif isinstance(node, ast.MemberTest):
            for literal in node.literals:
                yield from _of_literal(view, node.field, literal)


def _of_literal(view: View, named: ast.FieldName, literal: ast.Literal) -> Iterator[Hint]:
    """Yield the literal in the unit that the field has, or that people use."""
    field = declared(view).find(named.name, is_quoted=named.is_quoted)
    kind = None if field is None else field.type
    if kind is None or kind not in UNIT_NS:
        return
    unit = unit_of(kind)
    if isinstance(literal, ast.DurationLiteral):
        value = in_unit(literal.nanoseconds, kind)
        if literal.text.removesuffix(unit or "") == _number(value).replace(",", ""):
            return  # it is written in that unit
        yield Hint(
            offset=literal.source.end,
            label=f"= {_number(value)} {unit}",
            tooltip=f"`{named.name}` counts in {unit}: Refinery compares with {_number(value)}.",
        )
    elif isinstance(literal, ast.NumberLiteral) and literal.value > 0:
        words = duration_words(float(literal.value), kind)
        if words == f"{literal.text} {unit}":
            words = f"{unit}"
        yield Hint(
            offset=literal.source.end,
            label=words if words == unit else f"= {words}",
            tooltip=f"`{named.name}` counts in {unit}.",
        )


def _number(value: Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):g}"


def _of_action(action: ast.Action | None) -> Iterator[Hint]:
    """Yield the rate that Refinery will use: it keeps one in n for a whole n."""
    ratio = None if action is None else action.ratio
    if action is None or ratio is None or action.name not in _RATED or not ratio.denominator:
        return
    share = Fraction(ratio.numerator) / Fraction(ratio.denominator)
    if not 0 < share <= 1 or share.denominator // share.numerator > RATE_MAX:
        return
    rate = nearest_rate(share)
    real = Fraction(1, rate)
    percent = percent_words(float(real))
    if real != share:
        error = float(abs(real - share) / share)
        yield Hint(
            offset=ratio.source.end,
            label=f"= 1 in {rate:,} ({percent})",
            tooltip=f"Refinery keeps one in n for a whole n: 1 in {rate:,} is"
            f" {100 * error:.2g} % off.",
            edit=Edit(ratio.source, f"1/{rate}"),
        )
    elif not ratio.is_ratio:
        yield Hint(offset=ratio.source.end, label=f"= 1 in {rate:,}", tooltip=f"That is {percent}.")
    else:
        yield Hint(offset=ratio.source.end, label=f"= {percent}", tooltip="Exactly as written.")


def _of_rules(view: View, written: ast.Policy, place: SourceSpan) -> Iterator[Hint]:
    """Yield what each rule keeps of all traces, at the end of its line."""
    known = () if view.knowledge is None else view.knowledge.rules
    if len(known) != len(written.rules):
        return
    for rule, one in zip(written.rules, known, strict=True):
        if not _touches(rule.source, place):
            continue
        label = rule_label(one, rule.action)
        if label:
            line = view.text.position(rule.name.source.start).line
            end = view.text.line_starts[line - 1] + len(view.text.line(line))
            yield Hint(offset=end, label=label, tooltip=_tooltip(one))


def rule_label(known: RuleKnowledge, action: ast.Action | None) -> str:
    """Return `keeps 1.2 % of all traces`; "" where nothing is known."""
    if known.reach is Reach.NEVER:
        return "never decides"
    share = known.share
    if share is None:
        return ""
    if not share.traces or not share.of_weight:
        return "decides none of the corpus"
    of_all = percent_words(share.weight / share.of_weight)
    if share.kept_traces is None:
        return f"decides {of_all} of all traces"
    if action is not None and action.name == "drop":
        return f"drops {of_all} of all traces"
    return f"keeps {percent_words(share.kept_traces / share.of_weight)} of all traces"


def _tooltip(known: RuleKnowledge) -> str:
    if known.reach is Reach.NEVER:
        return dead_words(known)
    share: Share | None = known.share
    return "" if share is None else share_of_traffic(share)

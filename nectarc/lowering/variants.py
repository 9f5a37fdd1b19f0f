"""Policies near one that cannot be said, each with a trace on which it differs.

Owns: the rewritings of a match, and the test that a variant compiles, can decide and differs.
Must not know: diagnostics. Truth: docs/language.md, section 6 (last points).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, takewhile
from typing import Final

from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.minimise import minimise
from nectarc.evaluate.policy import decide
from nectarc.ir import nodes
from nectarc.ir.clauses import TooManyClausesError, clauses_of, conjoin
from nectarc.ir.nodes import Policy, SpanExpr, TraceExpr
from nectarc.lowering.arrange import Work, can_be_said, tests_of
from nectarc.lowering.wording import match_text
from nectarc.records import record, replace
from nectarc.regions.satisfy import Worlds
from nectarc.trace import Trace

_ASKING_THE_ROOT: Final = "ask the root:"
_TRACES: Final = 400


@record
class Variant:
    """A policy near the refused one.

    rule:    index of the rule whose match or place changes.
    text:    its new match; None when it keeps its match and its place changes.
    example: a trace that the two policies decide differently, and how.
    """

    title: str
    rule: int
    text: str | None
    example: Trace
    was: str
    now: str


def variants_of(
    policy: Policy,
    index: int,
    others: tuple[int, ...],
    work: Work,
) -> Iterator[Variant]:
    """Yield variants of the rule at `index`, and of the rules `others` that its negation meets.

    Ends when `work` is spent: a refusal of a long policy is not worth a minute of looking.
    """
    rule = policy.rules[index]
    seen: set[str] = {match_text(rule.match)}
    found = Counter[str]()
    for words, match in _rewritings(rule.match):
        text = match_text(match)
        if text in seen or found[words] > (words == _ASKING_THE_ROOT):
            continue
        seen.add(text)
        changed = _with_match(policy, index, match)
        for variant in _tried(policy, changed, index, f"{words} `{text}`", work):
            found[words] += 1
            yield variant
    for other in others:
        blocked = policy.rules[other]
        bodies = [b for b in _conjuncts(blocked.match) if isinstance(b, nodes.AnySpan)]
        match = _each(blocked.match, bodies, _rooted)
        text = match_text(match)
        title = f"in rule `{blocked.name}` ask the root: `{text}`"
        yield from _tried(policy, _with_match(policy, other, match), other, title, work)
    for other in range(index + 1, len(policy.rules) - 1):
        moved = list(policy.rules)
        moved.insert(index, moved.pop(other))
        changed = replace(policy, rules=tuple(moved))
        title = f"put rule `{policy.rules[other].name}` before `{rule.name}`"
        yield from _tried(policy, changed, index, title, work)


def _with_match(policy: Policy, index: int, match: TraceExpr) -> Policy:
    rules = list(policy.rules)
    rules[index] = replace(rules[index], match=match)
    return replace(policy, rules=tuple(rules))


def _tried(
    policy: Policy,
    changed: Policy,
    index: int,
    title: str,
    work: Work,
) -> Iterator[Variant]:
    if not can_be_said(changed, work):
        return
    subject = [*(r.match for r in policy.rules), *(r.match for r in changed.rules)]
    name = policy.rules[index].name
    decides = False
    example: Trace | None = None
    usual = Assume.usual(subject)
    around = boundary_traces(subject, assume=usual, limit=_TRACES)
    for trace in chain(_witnesses(policy, changed, name), around):
        decides = decides or _decided(changed, trace) == name
        if example is None and _decided(policy, trace) != _decided(changed, trace):
            example = trace
        if decides and example is not None:
            small = minimise(example, lambda one: _decided(policy, one) != _decided(changed, one))
            was, now = _decided(policy, small), _decided(changed, small)
            was_match = policy.rules[index].match
            match = next(r.match for r in changed.rules if r.name == name)
            text = None if match == was_match else match_text(match)
            yield Variant(title, index, text, small, was, now)
            return


def _witnesses(policy: Policy, changed: Policy, name: str) -> Iterator[Trace]:
    """Build traces on which the rule decides in one policy and not, or not yet, in the other."""
    try:
        old, new = (
            [(rule.name, clauses_of(rule.match)) for rule in one.rules] for one in (policy, changed)
        )
    except TooManyClausesError:
        return
    worlds = Worlds(tests_of(clauses for _, clauses in (*old, *new)))
    for these, those in ((new, old), (old, new)):
        own = dict(these)[name]
        above = list(takewhile(lambda rule: rule[0] != name, these))
        before = [clause for _, clauses in above for clause in clauses]
        others = [clause for other, clauses in those if other == name for clause in clauses]
        moved = [clauses for other, clauses in those if other in dict(above)]
        excluded = ([*before, *others], before) if not moved else (before,)
        for clause in own:
            for without in excluded:
                found = worlds.find_trace(clause, without)
                if found is not None:
                    yield found
            for other, clauses in these:
                joint = (conjoin(clause, one) for one in clauses if other != name)
                for both in joint:
                    found = worlds.find_trace(both, before)
                    if found is not None:
                        yield found


def _decided(policy: Policy, trace: Trace) -> str:
    return policy.rules[decide(policy, trace)].name


def _rewritings(match: TraceExpr) -> Iterator[tuple[str, TraceExpr]]:
    """Yield matches near `match`: the root asked, spans split or joined, parts left out."""
    parts = _conjuncts(match)
    bodies = [part for part in parts if isinstance(part, nodes.AnySpan)]
    simple = [part for part in bodies if isinstance(part.body, nodes.SpanTest | nodes.IsRoot)]
    joint = [part for part in bodies if part not in simple]
    if len(joint) == 1:
        yield "ask the root for the rest:", _each(match, simple, _rooted)
    for part in joint:
        yield _ASKING_THE_ROOT, _each(match, [part], _rooted)
    if len(bodies) > 1:
        one_span = nodes.AnySpan(_joined([part.body for part in bodies]))
        yield "ask one span for all:", _without(match, bodies, one_span)
    for part in _negated_bodies(match):
        yield _ASKING_THE_ROOT, _each(match, [part], _rooted)
        for less in _operands(part.body):
            yield "negate more:", _replaced(match, part, nodes.AnySpan(less))
    everywhere = [*joint, *_negated_bodies(match)]
    for part in everywhere:
        yield "let the spans differ:", _flat(_each(match, [part], _split))
    yield "let all spans differ:", _flat(_each(match, everywhere, _split))
    if isinstance(match, nodes.And):
        for one in match.operands:
            rest = tuple(other for other in match.operands if other is not one)
            yield "ask less:", rest[0] if len(rest) == 1 else nodes.And(rest)


def _conjuncts(match: TraceExpr) -> tuple[TraceExpr, ...]:
    return match.operands if isinstance(match, nodes.And) else (match,)


def _each(
    match: TraceExpr,
    parts: Sequence[nodes.AnySpan],
    change: Callable[[SpanExpr], TraceExpr | None],
) -> TraceExpr:
    for part in parts:
        changed = change(part.body)
        if changed is not None:
            match = _replaced(match, part, changed)
    return match


def _without(match: TraceExpr, parts: Sequence[nodes.AnySpan], new: TraceExpr) -> TraceExpr:
    assert isinstance(match, nodes.And)
    rest = tuple(one for one in match.operands if one not in parts)
    return nodes.And((new, *rest)) if rest else new


def _joined(bodies: Sequence[SpanExpr]) -> SpanExpr:
    return nodes.SpanAnd(tuple(dict.fromkeys(one for body in bodies for one in _operands(body))))


def _operands(body: SpanExpr) -> tuple[SpanExpr, ...]:
    return body.operands if isinstance(body, nodes.SpanAnd) else (body,)


def _split(body: SpanExpr) -> TraceExpr | None:
    if not isinstance(body, nodes.SpanAnd):
        return None
    return nodes.And(tuple(nodes.AnySpan(one) for one in body.operands))


def _negated_bodies(expr: TraceExpr) -> Iterator[nodes.AnySpan]:
    match expr:
        case nodes.Not(nodes.AnySpan() as found):
            yield found
        case nodes.And(operands) | nodes.Or(operands):
            for one in operands:
                yield from _negated_bodies(one)
        case nodes.Not(operand):
            yield from _negated_bodies(operand)
        case _:
            return


def _flat(expr: TraceExpr) -> TraceExpr:
    if not isinstance(expr, nodes.And):
        return expr
    operands: list[TraceExpr] = []
    for one in expr.operands:
        operands.extend(one.operands if isinstance(one, nodes.And) else (one,))
    return nodes.And(tuple(operands))


def _replaced(expr: TraceExpr, old: nodes.AnySpan, new: TraceExpr) -> TraceExpr:
    if expr == old:
        return new
    match expr:
        case nodes.And(operands, source):
            return nodes.And(tuple(_replaced(one, old, new) for one in operands), source)
        case nodes.Or(operands, source):
            return nodes.Or(tuple(_replaced(one, old, new) for one in operands), source)
        case nodes.Not(operand, source):
            return nodes.Not(_replaced(operand, old, new), source)
        case _:
            return expr


def _rooted(body: SpanExpr) -> TraceExpr | None:
    match body:
        case nodes.SpanTest(test):
            return nodes.RootTest(test)
        case nodes.RootTest() | nodes.Constant():
            return body
        case nodes.IsRoot():
            return nodes.HasRoot()
        case nodes.SpanNot(operand):
            inner = _rooted(operand)
            return None if inner is None else nodes.Not(inner)
        case nodes.SpanAnd(operands) | nodes.SpanOr(operands):
            parts = [_rooted(one) for one in operands]
            known = tuple(part for part in parts if part is not None)
            if len(known) < len(parts):
                return None
            return nodes.And(known) if isinstance(body, nodes.SpanAnd) else nodes.Or(known)

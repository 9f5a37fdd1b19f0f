"""What a rule, an invariant, a test does: in words, on the corpus, in Refinery.

Owns: the words. Must not know: the protocol. Figures and verdicts only as the worker found them for
exactly this text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.evaluate.policy import decide
from nectarc.ir import nodes as ir
from nectarc.prove.verdicts import CheckResult, Verdict
from nectarc.report.words import match_words, sentence, share_words
from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.testing.cases import trace_of_spans
from nectarc_lsp.database.knowledge import Reach, RuleKnowledge, Share
from nectarc_lsp.database.view import View
from nectarc_lsp.features.markdown import escaped

_INVARIANT: Final = "invariant "
_VERDICTS: Final = {
    Verdict.PROVED: "Proven for every trace",
    Verdict.HOLDS: "Holds on your corpus",
    Verdict.REFUTED: "Does not hold",
    Verdict.UNKNOWN: "Not known",
}


def rule_words(view: View, name: str) -> Iterator[str]:
    """Yield paragraphs about the first rule of that name; nothing where there is none."""
    written = _rule_named(view, name)
    if written is None:
        return
    built = _built(view, written.source)
    order = _in_order(view)
    place = order.index(written) + 1
    yield f"**{escaped(name)}**: rule {place} of {len(order)}, priority {written.priority}"
    if built is not None:
        yield sentence(built.match, built.action)
    else:
        yield "It has a mistake: what it does is not known."
    known = None if view.knowledge is None else view.knowledge.rule(name)
    if known is not None:
        yield from _known(known)


def _known(known: RuleKnowledge) -> Iterator[str]:
    if known.reach is Reach.NEVER:
        yield dead_words(known)
    if known.share is not None:
        yield share_of_traffic(known.share)
    if known.refinery:
        yield f"In Refinery:\n\n```yaml\n{known.refinery.strip()}\n```"


def dead_words(known: RuleKnowledge) -> str:
    """Say why a rule never decides anything."""
    if not known.shadowed_by:
        return "**Never decides a trace**: no trace satisfies its match (proven)."
    above = [f"`{one}`" for one in known.shadowed_by]
    listed = above[0] if len(above) == 1 else f"{', '.join(above[:-1])} and {above[-1]}"
    verb = "takes" if len(above) == 1 else "together take"
    return f"**Never decides a trace**: {listed} above {verb} all of its traces (proven)."


def share_of_traffic(share: Share) -> str:
    """Say what a rule decides and keeps of the corpus."""
    if not share.traces:
        return f"Decides none of the {share.of_traces:,} traces of your corpus."
    part = share_words(share.weight / share.of_weight) if share.of_weight else "0 %"
    told = f"Decides {part} of your traffic ({share.traces:,} of {share.of_traces:,} traces"
    events = share_words(share.events / share.of_events) if share.of_events else "0 %"
    told += f", {events} of the events)"
    if share.kept_traces is None or share.kept_events is None:
        return f"{told}; how much it keeps depends on the traffic."
    if not share.of_events:
        return f"{told}."
    kept = share_words(share.kept_traces / share.of_weight) if share.of_weight else "0 %"
    return (
        f"{told}; keeps {kept} of your traffic, {share_words(share.kept_events / share.of_events)}"
        " of the events."
    )


def priority_words(view: View, rule: ast.Rule) -> Iterator[str]:
    """Yield what a priority means among the others."""
    order = _in_order(view)
    place = order.index(rule)
    yield f"Rule {place + 1} of {len(order)} to be asked: the highest priority first."
    if place:
        yield f"After {_with_priority(order[place - 1])}."
    if place + 1 < len(order):
        yield f"Before {_with_priority(order[place + 1])}."


def invariant_words(view: View, row: ast.InvariantRow) -> Iterator[str]:
    """Yield what an invariant claims, and its verdict."""
    known = () if view.checked is None else view.checked.invariants
    built = next((one for one in known if one.source == row.source), None)
    yield f"**{escaped(row.name.text)}**: an invariant"
    if built is not None:
        yield f"About the traces in which {match_words(built.when)}."
    if row.require is not None:
        asked = row.require.source
        yield f"Requires `{view.text.text[asked.start : asked.end]}`."
    yield from check_words(view, _INVARIANT + row.name.text)


def check_words(view: View, name: str) -> Iterator[str]:
    """Yield the verdict of a check of `nectarc prove`, where the worker knows it."""
    known = () if view.knowledge is None else view.knowledge.checks
    for one in known:
        if one.name == name:
            yield _verdict(one)


def _verdict(check: CheckResult) -> str:
    told = f"{_VERDICTS[check.verdict]}: {check.claim}"
    reason = f" ({check.reason})" if check.reason else ""
    found = check.counterexample
    rule = f". A trace that breaks it is decided by `{found.rule}`" if found else ""
    return f"{told}{reason}{rule}."


def test_words(view: View, test: ast.PolicyTest) -> Iterator[str]:
    """Yield which rule decides a test's trace."""
    yield f"**{escaped(test.name.text)}**: a test that expects `{test.expect.text}`"
    policy = None if view.checked is None or view.checked.has_errors else view.checked.policy
    if test.file is not None:
        yield f"Its trace is read from `{test.file.text}`: run the tests to see what decides it."
    elif policy is None:
        yield "It cannot be run while the policy has errors."
    elif test.spans:
        index = decide(policy, trace_of_spans(test))
        decided = policy.rules[index].name if index < len(policy.rules) else ""
        if decided == test.expect.text:
            yield f"Passes: `{decided}` decides it."
        else:
            yield f"Fails: `{decided}` decides it."


def rule_at(view: View, row: SourceSpan) -> ast.Rule | None:
    """Return the rule whose row is at that place."""
    written = None if view.checked is None else view.checked.written
    return next((one for one in written.rules if one.source == row), None) if written else None


def built_at(view: View, row: SourceSpan) -> ir.Rule | None:
    """Return what the rule of that row means; None where it has a mistake."""
    return _built(view, row)


def _built(view: View, row: SourceSpan) -> ir.Rule | None:
    policy = None if view.checked is None else view.checked.policy
    return next((one for one in policy.rules if one.source == row), None) if policy else None


def _rule_named(view: View, name: str) -> ast.Rule | None:
    return next((one for one in _in_order(view) if one.name.text == name), None)


def _in_order(view: View) -> list[ast.Rule]:
    written = None if view.checked is None else view.checked.written
    return sorted(written.rules, key=lambda one: -one.priority) if written else []


def _with_priority(rule: ast.Rule) -> str:
    return f"`{rule.name.text}` ({rule.priority})"

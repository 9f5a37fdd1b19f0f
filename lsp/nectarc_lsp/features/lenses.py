"""Lines above rules, sections and tests: what a rule keeps, and what can be run there.

Owns: which lenses there are, and their words. Must not know: the protocol, how anything is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

from nectarc.prove.verdicts import INVARIANT, CheckResult, Verdict
from nectarc.records import record
from nectarc.render.counting import counted
from nectarc.source import SourceSpan
from nectarc.syntax import ast
from nectarc.waggle.words import amount_words, events_words, percent_words
from nectarc_lsp.database.knowledge import Knowledge, Progress, Reach, RuleKnowledge, Share
from nectarc_lsp.database.view import View
from nectarc_lsp.features.proof_words import refuted

_NAMED_MAX: Final = 2


class LensAction(Enum):
    """What a click does."""

    PROVE = "prove"
    RUN_TESTS = "run tests"  # `subject`: the test, "" for all
    SHOW_RULES = "show rules"  # `subject`: the rule, "" for all
    SHOW_COUNTEREXAMPLE = "show counterexample"  # `subject`: the check


@record(kw_only=True)
class Lens:
    """One lens, above the line of `source`."""

    source: SourceSpan
    title: str
    action: LensAction
    subject: str = ""


def lenses(view: View) -> tuple[Lens, ...]:
    """Return the lenses of a policy, in order of their places; figures where they are known."""
    written = None if view.checked is None else view.checked.written
    if written is None:
        return ()
    found = [*_of_section(view, written)]
    if view.knowledge is not None:
        found += _of_rules(written, view.knowledge)
        found += _of_claims(written, view.knowledge)
    found += _of_tests(written)
    return tuple(sorted(found, key=lambda one: one.source.start))


def _of_section(view: View, written: ast.Policy) -> Iterator[Lens]:
    """Yield what concerns the whole policy, above `rules`."""
    place = written.rules_source
    if place.end <= place.start or not written.rules:
        return
    yield Lens(source=place, title=_prove_title(view.knowledge), action=LensAction.PROVE)
    if written.tests:
        title = f"Run {counted(len(written.tests), 'test')}"
        yield Lens(source=place, title=title, action=LensAction.RUN_TESTS)
    yield Lens(source=place, title="Show rules", action=LensAction.SHOW_RULES)


def _prove_title(known: Knowledge | None) -> str:
    """Return the command with what is known: nothing is claimed before all of it is."""
    if known is None or known.error or not known.checks:
        return "Prove"
    failed = len(refuted(known.checks))
    if failed:
        return f"Prove ({failed} of {counted(len(known.checks), 'check')} REFUTED)"
    if known.progress is not Progress.LOWERED:
        return "Prove"
    count = {verdict: sum(one.verdict is verdict for one in known.checks) for verdict in Verdict}
    words = ", ".join(f"{number} {verdict.value}" for verdict, number in count.items() if number)
    return f"Prove ({words})"


def _of_rules(written: ast.Policy, known: Knowledge) -> Iterator[Lens]:
    for rule, one in _with_knowledge(written, known):
        title = rule_title(one)
        if title:
            yield Lens(
                source=rule.name.source,
                title=title,
                action=LensAction.SHOW_RULES,
                subject=rule.name.text,
            )


def _with_knowledge(
    written: ast.Policy, known: Knowledge
) -> Iterator[tuple[ast.Rule, RuleKnowledge]]:
    """Pair rules and what is known of them: both stand in file order."""
    if len(written.rules) == len(known.rules):
        yield from zip(written.rules, known.rules, strict=True)


def rule_title(known: RuleKnowledge) -> str:
    """Return `12 % of traces, keeps 3 of 25 events`; "" where nothing is known."""
    if known.reach is Reach.NEVER:
        return f"never decides a trace: {_shadow_words(known.shadowed_by)}"
    return "" if known.share is None else _share_words(known.share)


def _shadow_words(names: tuple[str, ...]) -> str:
    if not names:
        return "its match holds of none"
    shown = [f"`{name}`" for name in names[:_NAMED_MAX]]
    rest = len(names) - len(shown)
    listed = ", ".join([*shown, f"{rest} more"] if rest else shown)
    return f"{listed} above {'takes' if len(names) == 1 else 'take'} all of its traces"


def _share_words(share: Share) -> str:
    if not share.traces:
        return f"none of the {counted(share.of_traces, 'trace')} of the corpus"
    part = percent_words(share.weight / share.of_weight) if share.of_weight else "0 %"
    if share.kept_events is None:
        return f"{part} of traces, {events_words(share.events)}, kept as the traffic flows"
    kept = amount_words(share.kept_events)
    if share.kept_events == share.events:
        return f"{part} of traces, keeps all {events_words(share.events)}"
    return f"{part} of traces, keeps {kept} of {events_words(share.events)}"


def _of_claims(written: ast.Policy, known: Knowledge) -> Iterator[Lens]:
    """Yield a way to the trace that refutes a claim: at the claim, and where it is decided."""
    rules = {rule.name.text: rule.name.source for rule in reversed(written.rules)}
    claims = {f"{INVARIANT}{one.name.text}": one.name.source for one in written.invariants}
    for check in refuted(known.checks):
        if check.counterexample is None:
            continue
        own, decided = claims.get(check.name), rules.get(check.counterexample.rule)
        if own is not None:
            yield _counterexample(own, "REFUTED: show counterexample", check)
        elif decided is not None:
            yield _counterexample(
                decided, f"`{check.name}` is REFUTED here: show counterexample", check
            )


def _counterexample(place: SourceSpan, title: str, check: CheckResult) -> Lens:
    return Lens(
        source=place, title=title, action=LensAction.SHOW_COUNTEREXAMPLE, subject=check.name
    )


def _of_tests(written: ast.Policy) -> Iterator[Lens]:
    for test in written.tests:
        yield Lens(
            source=test.name.source,
            title="Run",
            action=LensAction.RUN_TESTS,
            subject=test.name.text,
        )

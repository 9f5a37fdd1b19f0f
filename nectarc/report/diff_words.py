"""A difference in words: the verdict with its scope, regions, traces, numbers.

Owns: the words that all forms of the report share. Must not know: layout.
Truth: ../shared/design/product.md: a verdict says its scope in the same breath.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from nectarc.compare.difference import SidesDifference, TargetDifference
from nectarc.compare.regions import Region
from nectarc.compare.sides import ANYTHING, NO_RULE, Fate, Target
from nectarc.evaluate.values import text_of
from nectarc.prove.verdicts import Verdict
from nectarc.prove.words import number_words
from nectarc.render.counting import counted
from nectarc.trace import ROOT_FIELD, Span, Trace, Value

if TYPE_CHECKING:  # it brings NumPy and Arrow, which only a corpus needs
    from nectarc.compare.traffic import Interval, TrafficChange

CHANGED: Final = "CHANGED"  # for people; JSON has the verdict's own word
_SPANS_SHOWN = 8
_MONTH_SECONDS = 30 * 24 * 3600
_MILLION = 1e6


def headline(difference: SidesDifference) -> str:
    """Return the verdict over all targets, one sentence."""
    regions = sum(len(one.comparison.regions) for one in difference.targets)
    has_more = any(one.comparison.has_more for one in difference.targets)
    match difference.verdict:
        case Verdict.PROVED:
            return "PROVED equal: every trace is decided alike."
        case Verdict.REFUTED:
            kinds = f"{'at least ' if has_more else ''}{counted(regions, 'kind')} of traces"
            verb = "changes" if regions == 1 and not has_more else "change"
            is_all = not has_more and not any(one.comparison.unknown for one in difference.targets)
            others = "; all others are proven alike" if is_all else ""
            return f"{CHANGED}: {kinds} {verb} decision{others}."
        case _:
            return "UNKNOWN: neither a difference nor a proof that there is none was found."


def scope_words(difference: SidesDifference) -> str:
    """Return what the verdict is about, and under which assumptions."""
    assumed = list(dict.fromkeys(one.comparison.assumed.words for one in difference.targets))
    flat = any(one.comparison.is_flat for one in difference.targets)
    said = [one for one in assumed if one]
    if flat:
        said.append("no field holds a map (`CheckNestedFields`)")
    given = f"taking for granted that {', '.join(said)}" if said else "nothing taken for granted"
    return (
        f"This is about every trace as Refinery holds it when it decides, {given};"
        " stress relief, late spans and eviction are not in it."
    )


def region_title(region: Region, left: Target, right: Target) -> str:
    """Return what becomes of the traces: `kept → 1 in 100`."""
    which = "All traces: " if is_everything(region, left, right) else ""
    return f"{which}{left.fate(region.left).effect} → {right.fate(region.right).effect}"


def is_everything(region: Region, left: Target, right: Target) -> bool:
    """Say whether the region is every trace of the target: both sides ask nothing."""
    return left.takes_all(region.left) and right.takes_all(region.right)


def region_sentences(region: Region, left: Target, right: Target) -> list[str]:
    """Return which traces they are, by the rules that decide them, and what moved them."""
    before, after = left.fate(region.left), right.fate(region.right)
    if before.sampler and before.sampler == after.sampler:
        return [f"{_decider(before)} decides all traces, before and now."]
    if before.rule == after.rule and before.asks == after.asks and not before.sampler:
        return [f"{_decider(before)} decides them, before and now: {asked(before)}."]
    said = [
        f"{_decider(before)} decided them: {asked(before)}.",
        f"{_decider(after)} decides them now: {asked(after)}.",
        *_causes(region, left, right),
    ]
    if not region.is_usual:
        said.append("Only with values that OpenTelemetry senders do not write.")
    return said


def span_lines(trace: Trace) -> list[str]:
    """Return a line for each span of an example, one for equal spans that follow each other."""
    runs: list[tuple[int, int, str]] = []
    for number, span in enumerate(trace.spans, start=1):
        words = _span_words(span, trace)
        if runs and runs[-1][2] == words:
            runs[-1] = (runs[-1][0], number, words)
        else:
            runs.append((number, number, words))
    lines = [
        f"span {first}{words}" if first == last else f"spans {first} to {last:,}{words}"
        for first, last, words in runs[:_SPANS_SHOWN]
    ]
    if len(runs) > _SPANS_SHOWN:
        lines.append(f"… and {counted(len(trace.spans) - runs[_SPANS_SHOWN - 1][1], 'more span')}")
    return lines


def error_verdict(one: TargetDifference) -> str:
    """Return whether traces with an error may be kept less than before, one sentence."""
    errors = one.comparison.errors
    which = f"trace with an error (`{errors.text}`)"
    match errors.verdict:
        case Verdict.PROVED:
            return f"PROVED: no {which} is kept less than before."
        case Verdict.REFUTED:
            return f"REFUTED: some {which} may be kept less than before."
        case _:
            return f"UNKNOWN whether some {which} is kept less than before: {errors.reason}."


def target_notes(one: TargetDifference) -> list[str]:
    """Return what changed besides decisions: dead rules, names, what is not known."""
    found = one.comparison
    notes = [
        f"rule `{dead.rule}` decides no trace: {_shadow_words(dead.shadowed_by)}"
        for dead in found.died
    ]
    notes += [
        f"rule `{name}` decides some traces now; before it decided none" for name in found.woke
    ]
    if found.removed:
        notes.append(f"rule names that are gone: {_names(found.removed)}")
    if found.added:
        notes.append(f"new rule names: {_names(found.added)}")
    if found.has_more:
        notes.append(f"only the first {len(found.regions)} kinds of traces are shown")
    notes += [f"not decided: {reason}" for reason in found.unknown]
    return notes


def target_changes(difference: SidesDifference) -> list[str]:
    """Return targets that only one side names."""
    notes = [
        f"target `{name}` is new: before, `__default__` decided for it" for name in difference.added
    ]
    notes += [
        f"target `{name}` is gone: `__default__` decides for it now" for name in difference.removed
    ]
    return notes


def corpus_words(traffic: TrafficChange) -> str:
    """Return the size of the corpus and how many of its traces change decision."""
    stand = ""
    if round(traffic.weight) != traffic.traces:
        stand = f" that stand for {number_words(traffic.weight)}"
    return (
        f"{counted(traffic.moved_traces, 'trace')} of {traffic.traces:,} in the corpus{stand}"
        f" {'changes' if traffic.moved_traces == 1 else 'change'} decision"
        f" ({percent_words(traffic.moved_weight / traffic.weight)})"
    )


def change_words(traffic: TrafficChange) -> str:
    """Return e.g. `12 % fewer events are kept (14 to 10 % fewer)`."""
    change = traffic.change
    if change is None:
        kept = interval_words(traffic.after)
        return f"nothing was kept before, {kept} of the events are kept now"
    if not change.value and not change.low and not change.high:
        return "as many events are kept as before"
    low, high = signed_percent(change.low), signed_percent(change.high)
    more = "fewer" if change.value < 0 else "more"
    said = f"{percent_words(abs(change.value))} {more} events are kept"
    return said if low == high else f"{said} ({low} to {high})"


def cost_words(traffic: TrafficChange, price: float) -> str:
    """Return the cost before and after; `price` is of a million events."""
    if traffic.per_second is None:
        events, unit = traffic.events, "for this corpus"
    else:
        events, unit = traffic.per_second * _MONTH_SECONDS, "in 30 days"
    before, after = (
        events / _MILLION * price * one.value for one in (traffic.before, traffic.after)
    )
    sign = "-" if after < before else "+"
    return f"{before:,.2f} → {after:,.2f} {unit} ({sign}{abs(after - before):,.2f})"


def interval_words(interval: Interval) -> str:
    """Return `12 % (10 to 14 %)`; the estimate alone where the interval is nothing else."""
    value = percent_words(interval.value)
    low, high = percent_words(interval.low), percent_words(interval.high)
    return value if low == value == high else f"{value} ({low} to {high})"


def percent_words(share: float) -> str:
    """Return a share as people read it; tiny ones are not shown as none."""
    percent = 100 * share
    if not percent:
        return "0 %"
    if abs(percent) >= 10:
        return (
            f"{percent:,.0f} %"
            if abs(percent) < 99.5 or abs(percent) == 100
            else f"{percent:,.1f} %"
        )
    return f"{percent:.2g} %"


def signed_percent(share: float) -> str:
    """Return a change with its sign: `-12 %`, `+0.5 %`."""
    return f"{'+' if share > 0 else ''}{percent_words(share)}"


def value_words(value: Value) -> str:
    """Return a field's value as a policy would write it."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None:
        return "null"
    return text_of(value) if isinstance(value, bool | int | float) else repr(value)


def _span_words(span: Span, trace: Trace) -> str:
    kind = " (root)" if span is trace.root else " (no parent)" if span.is_root else ""
    fields = ", ".join(
        f"{name} = {value_words(value)}"
        for name, value in span.fields.items()
        if name != ROOT_FIELD
    )
    return f"{kind}: {fields or 'no fields that matter'}"


def rule_name(fate: Fate) -> str:
    """Return the rule's name for people."""
    if fate.sampler:
        return f"`{fate.sampler}`"
    return "no rule" if is_no_rule(fate) else f"`{fate.rule}`"


def rule_sentence(fate: Fate) -> str:
    """Return a rule and what it asks: `errors`: some span has ..."""
    return f"{rule_name(fate)}: {asked(fate)}"


def _decider(fate: Fate) -> str:
    if fate.sampler:
        return f"`{fate.sampler}`"
    return "No rule" if is_no_rule(fate) else f"Rule `{fate.rule}`"


def is_no_rule(fate: Fate) -> bool:
    """Say whether the fate is what happens where no rule matches."""
    return fate.rule == NO_RULE


def asked(fate: Fate) -> str:
    """Return what the rule asks, in words of its own."""
    if fate.sampler:
        return "all traces, there are no rules"
    return "all that no rule above takes" if fate.asks == ANYTHING else fate.asks


def _causes(region: Region, left: Target, right: Target) -> Iterator[str]:
    """Yield what was done to the two rules, as far as their names tell."""
    before, after = left.fate(region.left), right.fate(region.right)
    if before.rule == after.rule:
        return
    changes = [*_change(before, right, "asks now"), *_change(after, left, "asked before")]
    yield from changes
    if not changes and not is_no_rule(after):
        yield f"Rule `{after.rule}` is asked first now."


def _change(fate: Fate, other: Target, verb: str) -> Iterator[str]:
    """Yield what rule `fate.rule` asks on the other side, where that is something else."""
    if is_no_rule(fate):
        return
    found = other.named(fate.rule)
    if found is None:
        was = "is no" if verb == "asks now" else "was no"
        yield f"There {was} rule `{fate.rule}` {verb.split()[1]}."
    elif found.asks != fate.asks:
        yield f"Rule `{fate.rule}` {verb}: {asked(found)}."


def _shadow_words(names: tuple[str, ...]) -> str:
    if not names:
        return "no trace is what it asks for"
    return f"{_names(names)} above {'takes' if len(names) == 1 else 'take'} all that it matches"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)

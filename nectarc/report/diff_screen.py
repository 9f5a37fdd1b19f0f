"""The first screen of a difference: what changes for traces, and the two traces that show it.

Owns: which kinds of traces stand for all, what is folded. Must not know: how anything was found.
Truth: issue "Rules people already have", item 4; ../shared/design/product.md (`diff`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.compare.difference import SidesDifference
from nectarc.compare.sides import Fate
from nectarc.prove.verdicts import Verdict
from nectarc.records import replace
from nectarc.render.counting import counted
from nectarc.render.excerpt import cells, displayed
from nectarc.report.diff_kinds import LESS, MORE, OTHER, Kind, kinds_of, shown_first
from nectarc.report.diff_lines import bullet, filled
from nectarc.report.diff_words import (
    CHANGED,
    asked,
    headline,
    is_everything,
    is_no_rule,
    rule_name,
    rule_sentence,
    scope_words,
    span_lines,
    target_changes,
    target_notes,
)

# With what stands above and below them, a terminal of 25 lines shows it all.
_LINES_MAX: Final = 24
_KINDS_MIN: Final = 2
_SPANS_MAX: Final = 5
_WHEN_WIDTH: Final = 8
_NOTES_MAX: Final = 4
_RED, _GREEN, _YELLOW, _BOLD, _RESET = "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[1m", "\x1b[0m"
_BY_TRACE_ID: Final = " by trace id"
_GOALS: Final = frozenset({"SampleRate", "GoalSampleRate", "GoalThroughputPerSec"})
_ONLY_UNUSUAL: Final = (
    "All that changes needs values that OpenTelemetry senders do not write;"
    " `--assume types,no-null,no-nan` leaves them out."
)
_NOTHING_ASSUMED: Final = (
    "For any trace at its decision, nothing assumed; not for stress relief, late spans, eviction."
)
_MARKS: Final = {LESS: ("-", _RED), MORE: ("+", _GREEN), OTHER: ("~", _YELLOW)}
_VERDICT_WORDS: Final = {
    Verdict.PROVED: "PROVED equal",
    Verdict.REFUTED: CHANGED,
    Verdict.UNKNOWN: Verdict.UNKNOWN.value,
}
_VERDICT_COLOURS: Final = {
    Verdict.PROVED: _GREEN,
    Verdict.REFUTED: _RED,
    Verdict.UNKNOWN: _YELLOW,
}


def first_screen(difference: SidesDifference, *, width: int, use_colour: bool = False) -> list[str]:
    """Return the lines of the first screen; further kinds of traces are counted, not shown."""
    paint = _painter(use_colour=use_colour)
    lines = filled(title_of(difference), width=width)
    verdict = filled(headline(difference), width=width)
    word = _VERDICT_WORDS[difference.verdict]
    colour = _VERDICT_COLOURS[difference.verdict]
    lines += ["", verdict[0].replace(word, paint(_BOLD + colour, word), 1), *verdict[1:]]
    lines += filled(_scope(difference), width=width)
    kinds = kinds_of(difference)
    if kinds:
        lines += filled(_errors_sentence(difference), width=width)
        if not any(kind.region.is_usual for kind in kinds):
            lines += filled(_ONLY_UNUSUAL, width=width)
    is_named = len(difference.targets) > 1
    shown = shown_first(kinds)
    said: set[tuple[str, str, str]] = set()
    for kind in shown:
        lines += ["", *_example(kind, width, said, is_named=is_named, paint=paint)]
    notes = [*target_changes(difference), *_notes(difference, is_named=is_named)]
    lines += [""] if notes else []
    for note in notes[:_NOTES_MAX]:
        lines += bullet("*", note, width=width)
    if len(notes) > _NOTES_MAX:
        lines.append(f"… and {counted(len(notes) - _NOTES_MAX, 'more note')}; --all shows them")
    if len(kinds) > len(shown):
        lines += ["", *_all_kinds(kinds, width, _LINES_MAX - len(lines) - 3, is_named=is_named)]
    return lines


def title_of(difference: SidesDifference) -> str:
    """Return `old → new`, without the folder that both are in."""
    left, right = difference.left, difference.right
    folder = left.rpartition("/")[0]
    if folder and folder == right.rpartition("/")[0] and left != right:
        left, right = left[len(folder) + 1 :], right[len(folder) + 1 :]
    return f"{left} → {right}"


def _painter(*, use_colour: bool) -> _Painter:
    return _Painter(use_colour=use_colour)


class _Painter:
    """Wraps words in colour, or leaves them."""

    def __init__(self, *, use_colour: bool) -> None:
        self.use_colour = use_colour

    def __call__(self, colour: str, words: str) -> str:
        return f"{colour}{words}{_RESET}" if self.use_colour else words


def _errors_sentence(difference: SidesDifference) -> str:
    comparisons = [one.comparison for one in difference.targets if one.comparison.regions]
    verdicts = {one.errors.verdict for one in comparisons}
    text = comparisons[0].errors.text
    if Verdict.REFUTED in verdicts:
        return f"Traces with an error (`{text}`) may be lost that were not before."
    if Verdict.UNKNOWN in verdicts:
        return f"Whether traces with an error (`{text}`) are lost is UNKNOWN; --all says why."
    return f"PROVED: no trace with an error (`{text}`) is kept less than before."


def _scope(difference: SidesDifference) -> str:
    """Return the scope in one line where nothing is taken for granted."""
    words = scope_words(difference)
    return _NOTHING_ASSUMED if "nothing taken for granted" in words else words


def _example(
    kind: Kind,
    width: int,
    said: set[tuple[str, str, str]],
    *,
    is_named: bool,
    paint: _Painter,
) -> Iterator[str]:
    mark, colour = _MARKS[LESS if kind.is_error else kind.way]
    target = f" of `{kind.target.name}`" if is_named else ""
    error = f" with an error (`{kind.target.comparison.errors.text}`)" if kind.is_error else ""
    title = f"Traces{target}{error} that {change_words(*kind.fates)}, such as:"
    if is_everything(kind.region, kind.target.left, kind.target.right):
        errors = ", errors among them," if kind.is_error else ""
        title = f"All traces{target}{errors} {change_words(*kind.fates)}, such as:"
    for line in bullet(mark, title, width=width):
        yield paint(_BOLD + colour, line)
    spans = span_lines(kind.trace)
    shown = spans if len(spans) <= _SPANS_MAX else spans[: _SPANS_MAX - 1]
    for line in shown:
        yield from filled(line, width=width, indent=6)
    if len(shown) < len(spans):
        yield "      … --all shows all of its spans"
    for when, words in _deciders(kind, said):
        first, *others = filled(words, width=width - _WHEN_WIDTH - 2)
        yield f"  {when:<{_WHEN_WIDTH}}{first}"
        yield from (" " * (_WHEN_WIDTH + 2) + line for line in others)
    if not kind.region.is_usual:
        yield "  Only with values that OpenTelemetry senders do not write."


def _deciders(kind: Kind, said: set[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Yield which rule decides before and now, and what else that rule asks on the other side.

    said: rules of targets whose words stand above; they are only named.
    """
    before, after = kind.fates
    name = kind.target.name
    if before.sampler and before.sampler == after.sampler:
        yield "sampler", f"{rule_name(before)}: {_before_and_now(before, after)}"
        return
    if (before.rule, before.asks, before.sampler) == (after.rule, after.asks, after.sampler):
        yield "rule", rule_sentence(before)
        return
    left, right = kind.target.left, kind.target.right
    is_moved = False  # what a rule asks tells why
    for when, fate, elsewhere, otherwise in (
        ("before", before, right, "gone now"),
        ("now", after, left, "new"),
    ):
        if (name, fate.rule, fate.asks) in said:
            is_moved = True
            yield when, rule_name(fate)
            continue
        said.add((name, fate.rule, fate.asks))
        other = None if is_no_rule(fate) else elsewhere.named(fate.rule)
        words = rule_sentence(fate)
        if other is None:
            is_moved = True
            words += "" if is_no_rule(fate) else f" ({otherwise})"
        elif other.asks != fate.asks and before.rule != after.rule:
            is_moved = True
            said.add((name, other.rule, other.asks))
            verb = "asks now" if when == "before" else "asked before"
            words += f" ({verb}: {asked(other)})"
        elif when == "now" and not is_moved and before.rule != after.rule:
            words += " (asked first now)"
        yield when, words


def _before_and_now(before: Fate, after: Fate) -> str:
    """Return what one sampler does on both sides."""
    kind, differing = _same_sampler(before, after)
    if kind:
        return differing
    was, now = (one.effect.removesuffix(_BY_TRACE_ID) for one in (before, after))
    return f"{was} before, {now} now"


def change_words(before: Fate, after: Fate) -> str:
    """Return what becomes of traces: `were kept and are dropped now`."""
    kind, differing = _same_sampler(before, after)
    if kind:
        return f"stay with {kind}, which changes: {differing}"
    was, now = short_effects(before, after)
    return f"{_happens(before, was, 'were', 'went')} and {_happens(after, now, 'are', 'go')} now"


def _happens(fate: Fate, effect: str, be: str, move: str) -> str:
    if effect in ("kept", "dropped"):
        return f"{be} {effect}"
    if effect.startswith("1 in "):
        return f"{be} kept {effect}"
    if "Sampler" in effect:
        return f"{move} to {effect}"
    return f"{'met' if be == 'were' else 'meet'} this: {fate.effect}"


def short_effects(before: Fate, after: Fate) -> tuple[str, str]:
    """Return both effects; of a sampler its kind and goal."""
    (kind, was), (other, now) = _parts(before.effect), _parts(after.effect)
    return _with_goal(kind, was), _with_goal(other, now)


def _same_sampler(before: Fate, after: Fate) -> tuple[str, str]:
    """Return the kind of a sampler that both sides have, and what differs; else ("", "")."""
    (kind, was), (other, now) = _parts(before.effect), _parts(after.effect)
    if kind != other or not was:
        return "", ""
    old = {name: value for name, value in was if (name, value) not in now}
    new = {name: value for name, value in now if (name, value) not in was}
    names = dict.fromkeys((*old, *new))
    parts = [f"{name} {old.get(name, '(none)')} → {new.get(name, '(none)')}" for name in names]
    return kind, ", ".join(parts)


def _parts(effect: str) -> tuple[str, list[tuple[str, str]]]:
    """Split `Kind (a 1, b 2; key x, y)` into its kind and settings; the key is one."""
    kind, _, inside = effect.partition(" (")
    settings, _, key = inside.removesuffix(")").rpartition("key ")
    parts = [one.partition(" ") for one in settings.rstrip("; ").split(", ") if one]
    found = [(name, value) for name, _, value in parts]
    return (kind, [*found, ("key", key or "(none)")]) if inside else (effect, [])


def _with_goal(kind: str, settings: Sequence[tuple[str, str]]) -> str:
    goals = [f"{name} {value}" for name, value in settings if name in _GOALS]
    return f"{kind} ({', '.join(goals)})" if goals else kind


def _notes(difference: SidesDifference, *, is_named: bool) -> Iterator[str]:
    for one in difference.targets:
        prefix = f"`{one.name}`: " if is_named else ""
        found = one.comparison
        if difference.verdict is Verdict.REFUTED:  # the examples say which rules are new or gone
            one = replace(one, comparison=replace(found, added=(), removed=()))  # noqa: PLW2901
        yield from (f"{prefix}{note}" for note in target_notes(one))


def _all_kinds(kinds: Sequence[Kind], width: int, room: int, *, is_named: bool) -> Iterator[str]:
    """Yield a line for each kind, as many as there is room for."""
    which = "The first" if any(kind.target.comparison.has_more for kind in kinds) else "All"
    yield f"{which} {len(kinds)} kinds of traces that change, the gravest first:"
    count = max(_KINDS_MIN, room)
    shown = kinds if len(kinds) <= count + 1 else kinds[:count]
    for number, kind in enumerate(shown, start=1):
        mark, _ = _MARKS[LESS if kind.is_error else kind.way]
        target = f"`{kind.target.name}`: " if is_named else ""
        words = displayed(f"{number:>3} {mark} {target}{_row_words(*kind.fates)}")
        yield _clipped(words + _rules_words(*kind.fates, width - cells(words)), width)
    if len(shown) < len(kinds):
        more = counted(len(kinds) - len(shown), "more kind")
        yield f"… and {more}; --all shows each with its rules and a trace"
    else:
        yield "--all shows each with its rules and a trace"


def _row_words(before: Fate, after: Fate) -> str:
    kind, differing = _same_sampler(before, after)
    return f"{kind}: {differing}" if kind else " → ".join(short_effects(before, after))


def _rules_words(before: Fate, after: Fate, room: int) -> str:
    """Return the names of the rules, each in its half of `room` columns."""
    names = [rule_name(one) for one in (before, after)]
    if names[0] == names[1]:
        return "" if is_no_rule(before) else f"  ({displayed(names[0])})"
    half = max(8, (room - len("  ( → )")) // 2)
    spare = max(0, *(half - cells(name) for name in names))
    clipped = [_clipped(displayed(name), half + spare) for name in names]
    return f"  ({clipped[0]} → {clipped[1]})"


def _clipped(line: str, width: int) -> str:
    if cells(line) <= width:
        return line
    while cells(line) > width - 1:
        line = line[:-1]
    return line + "…"

"""All lints of one rules file that Refinery loads.

Owns: which checks there are, and the order of what they say. Must not know: files, formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.diagnostic import Diagnostic, Label, Severity
from nectarc.lint.condition_traps import check_conditions
from nectarc.lint.context import LintContext
from nectarc.lint.file_traps import check_file
from nectarc.lint.semantic import check_semantics
from nectarc.lint.target_traps import check_target
from nectarc.records import replace
from nectarc.refinery.loader import LoadResult
from nectarc.refinery.located import LocatedCondition, LocatedTarget, locate
from nectarc.source import SourceSpan

# What a trap of the same condition explains better: that it holds never, always, too often.
_SAID_BY_TRAPS: Final = frozenset(("NEC582", "NEC583", "NEC584", "NEC587"))
# A spare rule: the rest is kept, so nothing changes without it. `related`: rules below like it.
_REST_IS_KEPT: Final = "NEC522"
_CHANGES_NOTHING: Final = "NEC581"
_WEIGHTS: Final = {Severity.HINT: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def lint_rules(
    loaded: LoadResult, context: LintContext, *, proves: bool = True
) -> tuple[Diagnostic, ...]:
    """Say everything about a file: why Refinery refuses it, or the traps of what it loads.

    proves: also what the rules do together; without it a file takes milliseconds.
    """
    found = list(loaded.diagnostics) if loaded.rules is None else []  # exits: `check_target`
    if loaded.rules is not None and loaded.tree is not None:
        located = locate(loaded.rules, loaded.tree)
        found += check_file(located, context)
        for target in located.targets:
            traps, together = (
                check_target(target, context),
                _of_conditions(target, context, proves=proves),
            )
            found += _kept_once([*traps, *together])
    if context.text is None:
        found = [replace(one, fixes=()) for one in found]  # places are not exact, or many files
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.source.file, one.source.start)))


def _kept_once(found: list[Diagnostic]) -> list[Diagnostic]:
    """Say in one finding that what matches no rule is kept, and which rules hence do nothing."""
    rest = next((one for one in found if one.code == _REST_IS_KEPT), None)
    if rest is None:
        return found
    spare: list[Diagnostic] = []
    for one in reversed(found):
        places = {each.source for each in spare}
        if one.code == _CHANGES_NOTHING and all(each.source in places for each in one.related):
            spare.insert(0, one)
    if not spare:
        return found
    labels = tuple(Label(one.source, "keeps all, too: changes nothing") for one in spare)
    whole = replace(rest, related=(*rest.related, *labels))
    return [whole if one is rest else one for one in found if one not in spare]


def _of_conditions(
    target: LocatedTarget, context: LintContext, *, proves: bool
) -> Iterator[Diagnostic]:
    """Yield the traps of single conditions and what the rules do together, nothing said twice."""
    traps = [trap for rule in target.rules for trap in check_conditions(rule, target, context)]
    proven = list(check_semantics(target, context)) if proves else []
    for condition in (each for rule in target.rules for each in rule.conditions):
        traps, proven = _joined(condition, traps, proven)
    yield from traps
    yield from proven


def _joined(
    condition: LocatedCondition, traps: list[Diagnostic], proven: list[Diagnostic]
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Leave out what is proven of a condition where a trap says why; the trap says what follows."""
    repeats = [
        one
        for one in proven
        if one.code in _SAID_BY_TRAPS and _is_inside(one.source, condition.source)
    ]
    if not repeats:
        return traps, proven
    least = min(_WEIGHTS[one.severity] for one in repeats)
    said = [
        trap
        for trap in traps
        if _is_inside(trap.source, condition.source) and _WEIGHTS[trap.severity] >= least
    ]
    if not said:
        return traps, proven
    more = tuple(dict.fromkeys(label for one in repeats for label in one.related))
    first = said[0]
    whole = replace(first, related=(*first.related, *more))
    return (
        [whole if trap is first else trap for trap in traps],
        [one for one in proven if all(one is not repeat for repeat in repeats)],
    )


def _is_inside(inner: SourceSpan, outer: SourceSpan) -> bool:
    return inner.file == outer.file and outer.start <= inner.start and inner.end <= outer.end

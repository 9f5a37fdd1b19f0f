"""Two sides compared, target by target: the whole answer of `nectarc diff`.

Owns: which targets are compared, what may be taken for granted. Must not know: files, layout.
Truth: docs/language.md, section 6, "Assumptions"; ../shared/design/product.md (`diff`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from nectarc.compare.regions import Assumed, Comparison, ErrorMatch, compare_targets
from nectarc.compare.sides import Decided, Side, Target
from nectarc.evaluate.assume import Assume
from nectarc.ir.nodes import FieldType, Policy
from nectarc.ir.walk import fields_of
from nectarc.prove.verdicts import Verdict
from nectarc.records import record
from nectarc.refinery.lowered import Assumption, AssumptionKind
from nectarc.refinery.rules import ROOT_PREFIX, RulesConfig
from nectarc.semantics.conventions import conventional_type

if TYPE_CHECKING:  # they bring NumPy and Arrow, which only a corpus needs
    from nectarc.compare.traffic import TrafficChange
    from nectarc.prove.corpus_decisions import TraceSource

ALL_KINDS = frozenset(AssumptionKind)


@record(kw_only=True)
class TargetDifference:
    """One target. traffic: None without a corpus, and where nothing differs."""

    name: str
    left: Target
    right: Target
    comparison: Comparison
    traffic: TrafficChange | None = None


@record(kw_only=True)
class SidesDifference:
    """The answer.

    added, removed: targets that only one side names.
    presampled:     how the corpus was sampled before it came here, "" if it was not.
    """

    left: str
    right: str
    targets: tuple[TargetDifference, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    presampled: str = ""

    @property
    def verdict(self) -> Verdict:
        """PROVED: every trace of every target is decided alike."""
        verdicts = {one.comparison.verdict for one in self.targets}
        for one in (Verdict.REFUTED, Verdict.UNKNOWN):
            if one in verdicts:
                return one
        return Verdict.PROVED


@record(kw_only=True)
class CompareOptions:
    """What to compare, and what may be assumed.

    error:    what counts as an error.
    target:   only this one; None: all that a side names.
    assume:   kinds to take for granted, None: none between two policies or two rules files, and
              between a policy and rules those that the compiler takes (`usual`), if needed.
    recorded: what compiling a policy took for granted.
    """

    error: ErrorMatch
    target: str | None = None
    assume: frozenset[AssumptionKind] | None = None
    usual: frozenset[AssumptionKind] = ALL_KINDS
    recorded: Callable[[Policy], tuple[Assumption, ...]] = lambda _policy: ()
    source: TraceSource | None = None
    traces_per_second: float | None = None
    presampled: str = ""


def compare_sides(left: Side, right: Side, options: CompareOptions) -> SidesDifference:
    """Compare every target that a side names, or the one asked for."""
    names = tuple(dict.fromkeys((*left.targets, *right.targets)))
    chosen = names if options.target is None else (options.target,)
    return SidesDifference(
        left=left.name,
        right=right.name,
        targets=tuple(_target(name, left, right, options) for name in chosen),
        added=tuple(one for one in right.targets if one not in left.targets),
        removed=tuple(one for one in left.targets if one not in right.targets),
        presampled=options.presampled,
    )


def _target(name: str, left: Side, right: Side, options: CompareOptions) -> TargetDifference:
    old, new = left.target(name), right.target(name)
    comparison = compare_targets(old, new, tuple(_tries(old, new, options)), options.error)
    traffic = None
    if options.source is not None and comparison.verdict is not Verdict.PROVED:
        # A corpus brings NumPy and Arrow; most comparisons have none.
        from nectarc.compare.traffic import compare_traffic  # noqa: PLC0415

        traffic = compare_traffic(old, new, options.source, options.traces_per_second)
    return TargetDifference(name=name, left=old, right=new, comparison=comparison, traffic=traffic)


def _tries(left: Target, right: Target, options: CompareOptions) -> Iterator[Assumed]:
    """Yield what to take for granted, from nothing to the most that is allowed."""
    sides = (left.decided, right.decided)
    if options.assume is not None:
        yield _of_kinds(sides, options.assume)
        return
    yield Assumed()
    if left.is_policy == right.is_policy:
        return
    recorded = dict.fromkeys(
        one for side in sides if isinstance(side, Policy) for one in options.recorded(side)
    )
    if recorded:
        yield Assumed(Assume.of(recorded), ", ".join(map(_words, recorded)))
    if options.usual:
        yield _of_kinds(sides, options.usual)


def _of_kinds(sides: Sequence[Decided], kinds: frozenset[AssumptionKind]) -> Assumed:
    """Assume `kinds` of every field that a side reads."""
    types: dict[str, tuple[FieldType, ...]] = {}
    names: dict[str, None] = {}
    for side in sides:
        for name, found in _fields(side):
            names[name] = None
            if found is not None and found not in types.get(name, ()):
                types[name] = (*types.get(name, ()), found)
    every = frozenset(names)
    assume = Assume(
        types if AssumptionKind.TYPES in kinds else {},
        every if AssumptionKind.NO_NULL in kinds else frozenset(),
        every if AssumptionKind.NO_NAN in kinds else frozenset(),
    )
    words = {
        AssumptionKind.TYPES: "fields hold values of their declared or conventional types",
        AssumptionKind.NO_NULL: "no field is null",
        AssumptionKind.NO_NAN: "no number is NaN",
    }
    return Assumed(assume, ", ".join(words[kind] for kind in AssumptionKind if kind in kinds))


def _fields(side: Decided) -> Iterator[tuple[str, FieldType | None]]:
    if isinstance(side, Policy):
        for rule in side.rules:
            for field in fields_of(rule.match):
                yield from ((spelling, field.type) for spelling in field.spellings)
    elif isinstance(side, RulesConfig):
        for one in side.rules:
            for condition in (one.conditions if one is not None else None) or ():
                for name in condition.names if condition is not None else ():
                    field_name = name.removeprefix(ROOT_PREFIX)
                    yield field_name, conventional_type(field_name)


def _words(assumption: Assumption) -> str:
    match AssumptionKind(assumption.kind):
        case AssumptionKind.TYPES:
            return f"`{assumption.field}` is {assumption.type} where it is present"
        case AssumptionKind.NO_NULL:
            return f"`{assumption.field}` is never null"
        case AssumptionKind.NO_NAN:
            return f"`{assumption.field}` is never NaN"

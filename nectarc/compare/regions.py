"""Where two targets decide differently, for every trace there could be.

Owns: the verdict, the regions with an example trace each, rules that died or woke.
Must not know: corpora, layout. Truth: ../shared/reference/proof-method.md, section 9: alike are the
same bounds of the share kept and the same sampler, whatever the rules are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, takewhile
from typing import Final, NamedTuple

from nectarc.compare.sides import Target
from nectarc.compare.usual import easy_trace
from nectarc.diagnostic import InternalError
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.policy import holds
from nectarc.ir.nodes import TraceExpr
from nectarc.logic.formula import HasRoot
from nectarc.logic.policy_formula import formula_of
from nectarc.logic.questions import (
    Difference,
    Found,
    Impossible,
    Prover,
    Unknown,
    alike_by_effect,
    all_differences,
    reachable,
)
from nectarc.logic.universe import universe_of
from nectarc.prove.verdicts import Verdict
from nectarc.records import part, record, replace
from nectarc.trace import Trace

REGIONS_MAX: Final = 40
_LEFT: Final = 0
_RIGHT: Final = 1
_UNKNOWN_SHARE: Final = 0.5
_HAS_ROOT: Final = 0
_ERROR: Final = 1


@record
class ErrorMatch:
    """What the project calls an error: the match and its text."""

    match: TraceExpr
    text: str


@record
class Assumed:
    """What a comparison takes for granted, and how to say so; "" where it assumes nothing."""

    assume: Assume = part(default=Assume())
    words: str = ""


@record
class Region:
    """Traces that entry `left` decided and entry `right` decides now, with another effect.

    None: no entry matches. trace: an example, replayed by both plain evaluators.
    is_usual: every value on it is one that senders of OpenTelemetry write.
    """

    left: int | None
    right: int | None
    trace: Trace
    is_usual: bool


@record
class LostErrors:
    """Whether a trace with an error may be kept less than before.

    PROVED: none is. REFUTED: `trace` may be, which `regions[region]` holds. text: of the match.
    """

    verdict: Verdict
    text: str
    trace: Trace | None = None
    region: int = 0
    reason: str = ""


@record
class DeadRule:
    """A rule that no trace reaches, and the rules above that take all it matches.

    shadowed_by: () where no trace is what the rule itself asks for.
    """

    rule: str
    shadowed_by: tuple[str, ...]


@record(kw_only=True)
class Comparison:
    """What is known of two targets.

    regions:   one for each pair of entries that decide some trace differently, at most
               `REGIONS_MAX`; has_more: there are others.
    unknown:   why some pairs could not be decided.
    died:      rules of the right side that no trace reaches and that lived, or were not, before.
    woke:      names of rules that no trace reached before, and some does now.
    added, removed: names of rules that only one of the sides has.
    is_flat:   `CheckNestedFields` is set, and fields are taken to hold no maps.
    """

    verdict: Verdict
    assumed: Assumed
    errors: LostErrors
    regions: tuple[Region, ...] = ()
    has_more: bool = False
    unknown: tuple[str, ...] = ()
    died: tuple[DeadRule, ...] = ()
    woke: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    is_flat: bool = False


def compare_targets(
    left: Target, right: Target, tries: Sequence[Assumed], error: ErrorMatch
) -> Comparison:
    """Compare two targets under each of `tries` until one proves them equal.

    tries: from the weakest assumption to the strongest; differences are told under the last.
    Raises InternalError where the prover and the plain evaluators disagree.
    """
    for assumed in tries[:-1]:
        session = _Session(left, right, assumed, error)
        if session.verdict() is Verdict.PROVED:
            return session.comparison()
    return _Session(left, right, tries[-1], error).comparison()


class _Session:
    """Two targets under one assumption: one prover for all questions."""

    def __init__(self, left: Target, right: Target, assumed: Assumed, error: ErrorMatch) -> None:
        self.left, self.right, self.assumed, self.error = left, right, assumed, error
        lists = (left.decisions, right.decisions)
        conditions = (HasRoot(), formula_of(error.match))
        self.prover = Prover(lists, conditions, universe_of(assumed.assume))
        self.alike = alike_by_effect(*lists)
        self.found: list[Difference] = []
        self.unknown: list[str] = []
        self.has_more = False

    def verdict(self) -> Verdict:
        """Look for the first answer that decides."""
        for one in all_differences(self.prover, _LEFT, _RIGHT, self.alike):
            return Verdict.REFUTED if isinstance(one, Difference) else Verdict.UNKNOWN
        return Verdict.PROVED

    def comparison(self) -> Comparison:
        """Answer everything."""
        answers = all_differences(self.prover, _LEFT, _RIGHT, self.alike)
        for one in islice(answers, REGIONS_MAX + 1):
            if isinstance(one, Unknown):
                self.unknown.append(one.reason)
            elif len(self.found) < REGIONS_MAX:
                self.found.append(one)
            else:
                self.has_more = True
        regions = tuple(map(self._region, self.found))
        regions = tuple(sorted(regions, key=self._interest))
        errors = self._lost_errors(regions)
        if errors.trace is not None:  # the gravest comes first
            at = errors.region
            regions = (regions[at], *regions[:at], *regions[at + 1 :])
            errors = replace(errors, region=0)
        shadows = self._shadows()
        old, new = _names(self.left), _names(self.right)
        verdict = Verdict.REFUTED if regions else Verdict.PROVED
        return Comparison(
            verdict=Verdict.UNKNOWN if self.unknown and not regions else verdict,
            assumed=self.assumed,
            errors=errors,
            regions=regions,
            has_more=self.has_more,
            unknown=tuple(dict.fromkeys(self.unknown)),
            died=shadows.died,
            woke=shadows.woke,
            added=tuple(name for name in new if name not in old),
            removed=tuple(name for name in old if name not in new),
            is_flat=self.left.decisions.assumes_flat or self.right.decisions.assumes_flat,
        )

    def _region(self, difference: Difference) -> Region:
        """Choose a trace with a root if there is one, and make it easy to read."""
        left, right = difference.left, difference.right
        pair = {_LEFT: (left,), _RIGHT: (right,)}
        trace, is_usual = difference.trace, difference.is_usual
        rooted = self.prover.find(pair, when=(_HAS_ROOT,))
        if isinstance(rooted, Found) and rooted.is_usual >= is_usual:
            trace, is_usual = rooted.trace, rooted.is_usual
        region = Region(left, right, trace, is_usual)
        is_example = self._example_of(region, has_error=False)
        if not is_example(trace):
            raise InternalError(
                f"the prover's trace is decided by {self._decided(trace)}, not {(left, right)}"
            )
        return replace(region, trace=easy_trace(trace, is_example))

    def _lost_errors(self, regions: Sequence[Region]) -> LostErrors:
        """Look for a trace with an error in the regions that may keep less than before."""
        text = self.error.text
        reasons = list(self.unknown)
        for number, region in enumerate(regions):
            if not self._may_lose(region):
                continue
            pair = {_LEFT: (region.left,), _RIGHT: (region.right,)}
            rooted = self.prover.find(pair, when=(_HAS_ROOT, _ERROR))
            found = rooted if isinstance(rooted, Found) else self.prover.find(pair, when=(_ERROR,))
            if isinstance(found, Unknown):
                reasons.append(found.reason)
            elif isinstance(found, Found):
                trace = easy_trace(found.trace, self._example_of(region, has_error=True))
                return LostErrors(Verdict.REFUTED, text, trace, number)
        if self.has_more:
            reasons.append(f"only {len(regions)} kinds of traces were looked at")
        if reasons:
            return LostErrors(Verdict.UNKNOWN, text, reason="; ".join(dict.fromkeys(reasons)))
        return LostErrors(Verdict.PROVED, text)

    def _may_lose(self, region: Region) -> bool:
        before = self.left.decisions.effect_of(region.left)
        after = self.right.decisions.effect_of(region.right)
        return before is None or after is None or after.low < before.high

    def _example_of(self, region: Region, *, has_error: bool) -> Callable[[Trace], bool]:
        pair = (region.left, region.right)
        allows = self.assumed.assume.allows_trace

        # One rule says no sooner than all of them.
        own = [
            target.decisions.matches[entry]
            for target, entry in zip((self.left, self.right), pair, strict=True)
            if entry is not None
        ]

        def is_example(trace: Trace) -> bool:
            if not all(is_match(trace) for is_match in own):
                return False
            is_asked = not has_error or holds(self.error.match, trace)
            return is_asked and allows(trace) and self._decided(trace) == pair

        return is_example

    def _interest(self, region: Region) -> tuple[bool, int, float, int]:
        """Order: values that occur first, then what may be lost, then what is kept besides.

        Within each, the largest change comes first; a share that depends on the flow is a half.
        """
        shares = (self.left.fate(region.left).share, self.right.fate(region.right).share)
        was, now = (_UNKNOWN_SHARE if one is None else one for one in shares)
        before = self.left.decisions.effect_of(region.left)
        after = self.right.decisions.effect_of(region.right)
        loss = 1
        if before is not None and after is not None and before.low != after.low:
            loss = 0 if after.low < before.low else 2
        last = len(self.left.fates)
        entry = last if region.left is None else region.left
        return (not region.is_usual, loss, -abs(was - now), entry)

    def _decided(self, trace: Trace) -> tuple[int | None, int | None]:
        return self.left.decisions.decide(trace), self.right.decisions.decide(trace)

    def _shadows(self) -> _Shadows:
        """Compare the rules that no trace reaches, by name."""
        before = dict(self._dead(_LEFT, self.left))
        after = dict(self._dead(_RIGHT, self.right))
        names = _names(self.right)
        return _Shadows(
            died=tuple(
                DeadRule(name, self._shadowing(index))
                for name, index in after.items()
                if name not in before
            ),
            woke=tuple(name for name in before if name in names and name not in after),
        )

    def _dead(self, side: int, target: Target) -> Iterator[tuple[str, int]]:
        """Yield the rules that no trace reaches; not those that stand alike on both sides."""
        pairs = zip(self.left.decisions.entries, self.right.decisions.entries, strict=False)
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        for index, fate in enumerate(target.fates):
            if index < alike:
                continue
            if isinstance(reachable(self.prover, side, index), Impossible):
                yield fate.rule, index

    def _shadowing(self, index: int) -> tuple[str, ...]:
        above = self.prover.explain_dead(_RIGHT, index)
        return tuple(self.right.fates[one].rule for one in above)


class _Shadows(NamedTuple):
    died: tuple[DeadRule, ...]
    woke: tuple[str, ...]


def _names(target: Target) -> dict[str, None]:
    return dict.fromkeys(fate.rule for fate in target.fates)

"""What the rules of a target do together: proofs about all traces, and traces that show it.

Owns: which questions are asked, in which order. Must not know: how they are answered.
Truth: ../shared/reference/refinery-semantics.md, 3; `nectarc/logic` for every "no trace does".

First a small trace is tried for every rule; what it shows is settled by the evaluator alone, in
well under a millisecond. Only what no trace was found for goes to the prover, which is loaded then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.evaluate.sampler_start import target_start_exit
from nectarc.lint.context import LintContext
from nectarc.lint.semantic_errors import LostErrors
from nectarc.lint.semantic_spare import SpareParts
from nectarc.lint.semantic_trials import Trials
from nectarc.refinery.located import LocatedTarget
from nectarc.refinery.rules import ROOT_PREFIX, RulesConfig
from nectarc.trace import Trace

if TYPE_CHECKING:
    from nectarc.lint.semantic_dead import DeadRules
    from nectarc.lint.semantic_proofs import Proofs


def check_semantics(target: LocatedTarget, context: LintContext) -> Iterator[Diagnostic]:
    """Report rules that decide nothing, what could be deleted, and errors that are dropped."""
    del context  # what all traces do is the same in every release
    sampler = target.sampler
    if not isinstance(sampler, RulesConfig) or target_start_exit(sampler) is not None:
        return
    yield from TargetQuestions(target, sampler).check()


class TargetQuestions:
    """All questions about one target whose process does not end.

    unknown: what the prover could not answer, in its words.
    """

    def __init__(self, target: LocatedTarget, sampler: RulesConfig) -> None:
        """Ask nothing yet."""
        self._rules = target.rules
        self._trials = Trials(sampler)
        self._is_provable = not sampler.check_nested_fields or _keeps_names_apart(sampler)
        self._made: Proofs | None = None
        self._dead_rules: DeadRules | None = None
        self.unknown: list[str] = []

    def check(self) -> Iterator[Diagnostic]:
        """Ask all of them."""
        if self._is_provable:
            yield from self._proven()
        yield from LostErrors(self._rules, self._trials).check()

    def _proven(self) -> Iterator[Diagnostic]:
        shown: dict[int, Trace] = {}
        dead: set[int] = set()
        for index in range(len(self._rules)):
            seen: set[int] = set()
            trace = self._trials.reaching(index, seen=seen)
            if trace is not None:
                shown[index] = trace
                continue
            found = list(self._dead(index, seen))
            yield from found
            # A hint says that other senders than OpenTelemetry reach it: it is not dead.
            if any(one.severity is Severity.WARNING for one in found):
                dead.add(index)
        if self._dead_rules is not None:
            dead.update(self._dead_rules.shadowed)
            yield from self._dead_rules.taken()
        spare = SpareParts(self._rules, self._trials, self._proofs)
        for index in range(len(self._rules)):
            if index not in dead:
                yield from spare.conditions(index)
            if index in shown:
                yield from spare.rule(index, shown[index], dead)

    def _dead(self, index: int, seen: set[int]) -> Iterator[Diagnostic]:
        if self._dead_rules is None:
            from nectarc.lint.semantic_dead import DeadRules  # noqa: PLC0415 - few files need it

            self._dead_rules = DeadRules(self._rules, self._trials, self._proofs)
        return self._dead_rules.check(index, seen)

    def _proofs(self) -> Proofs:
        if self._made is None:
            from nectarc.lint.semantic_proofs import Proofs  # noqa: PLC0415 - loads the prover

            self._made = Proofs(self._trials, self.unknown)
        return self._made


def _keeps_names_apart(sampler: RulesConfig) -> bool:
    """Say whether a value found inside another field is as good as a field of its own.

    Then what is proven of flat fields holds with `CheckNestedFields`, too: at each span a name
    stands for one value, wherever Refinery finds it. A list of `Fields` looks for all names flat
    first, and `root.x` is also the path `root.x`: such targets get no proofs.
    """
    return all(
        len(condition.names) <= 1 and not any(n.startswith(ROOT_PREFIX) for n in condition.names)
        for rule in sampler.rules
        for condition in (rule.conditions if rule is not None else None) or ()
        if condition is not None
    )

"""`--approximate keep-more`: rules that keep at least what the policy keeps, where none are exact.

Owns: the choice of a superset. For every trace the share that the rules keep is at least the
policy's: a clause that cannot be said is weakened where that only takes traces from rules that keep
no more, or left out where what is below keeps no less.
Truth: docs/language.md, section 6.
"""

from __future__ import annotations

from collections.abc import Sequence

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, InternalError
from nectarc.evaluate.assume import Assume
from nectarc.evaluate.boundaries import boundary_traces
from nectarc.evaluate.policy import decide, share
from nectarc.evaluate.refinery_rules import ProcessExit, compile_target
from nectarc.ir.clauses import Clause, conjoin
from nectarc.ir.nodes import Policy
from nectarc.lowering.arrange import Arrangement, arrange
from nectarc.lowering.crosscheck import TRACES
from nectarc.lowering.lower import spell_out
from nectarc.lowering.order import Entry, pruned, weakenings
from nectarc.lowering.wording import trace_text
from nectarc.records import record
from nectarc.refinery.lowered import AssumptionKind, Lowered
from nectarc.trace import Trace


@record
class Approximation:
    """Rules that keep a superset, a warning for each rule that is not exact, and what was compared.

    traces: how many boundary traces the rules keep with at least the policy's share.
    """

    lowered: Lowered
    diagnostics: tuple[Diagnostic, ...]
    traces: int


def approximate(policy: Policy, allowed: frozenset[AssumptionKind]) -> Approximation | None:
    """Return rules that keep a superset; None when none is known to lose nothing."""
    arranged = arrange(policy, allowed)
    if not isinstance(arranged, Arrangement):
        return None
    entries: list[Entry] = []
    changed: list[int] = []
    for index, entry in enumerate(arranged.entries):
        if arranged.language.can_say(entry.clause):
            entries.append(entry)
            continue
        weaker = _weaker(policy, arranged, entries, entry)
        if weaker is not None:
            entries.append(weaker)
        elif not _can_leave_out(policy, arranged, entries, index):
            return None
        changed.append(entry.rule)
    if arranged.worlds.can_hold((), [entry.clause for entry in entries]):
        return None  # what was left out is decided by nothing else
    lowered = spell_out(policy, pruned(entries, (), arranged.worlds), allowed)
    if lowered is None:
        return None
    example, traces = _check(policy, lowered)
    warnings = (_warning(policy, rule, example) for rule in dict.fromkeys(changed))
    return Approximation(lowered, tuple(warnings), traces)


def _keeps_as_much(policy: Policy, rule: int, other: int) -> bool:
    if rule == other:
        return True
    return share(policy.rules[rule].action)[0] >= share(policy.rules[other].action)[1]


def _weaker(
    policy: Policy, arranged: Arrangement, above: Sequence[Entry], entry: Entry
) -> Entry | None:
    before = [e.clause for e in above]
    for clause in weakenings(entry.clause):
        if arranged.language.can_say(clause) and _takes_from_lesser(
            policy, arranged, before, Entry(clause, entry.rule)
        ):
            return Entry(clause, entry.rule)
    return None


def _takes_from_lesser(
    policy: Policy, arranged: Arrangement, before: Sequence[Clause], entry: Entry
) -> bool:
    earlier: list[Clause] = []
    for source in arranged.flat:
        if not _keeps_as_much(policy, entry.rule, source.rule) and arranged.worlds.can_hold(
            conjoin(entry.clause, source.clause), (*before, *earlier)
        ):
            return False
        earlier.append(source.clause)
    return True


def _can_leave_out(
    policy: Policy, arranged: Arrangement, above: Sequence[Entry], index: int
) -> bool:
    entry = arranged.entries[index]
    before = [e.clause for e in above]
    for later in arranged.entries[index + 1 :]:
        if not _keeps_as_much(policy, later.rule, entry.rule) and arranged.worlds.can_hold(
            conjoin(entry.clause, later.clause), before
        ):
            return False
    return True


def _check(policy: Policy, lowered: Lowered) -> tuple[Trace | None, int]:
    """Compare shares on boundary traces; return one that the rules keep with a larger share.

    Ordinary values come first, so that the trace that is shown is one that people know.
    """
    decide_rules = compile_target(lowered.sampler)
    example: Trace | None = None
    usual = Assume.usual(rule.match for rule in policy.rules)
    assume = Assume.of(lowered.assumptions)
    traces = [
        *boundary_traces(policy, lowered.sampler, assume=usual, limit=TRACES),
        *boundary_traces(policy, lowered.sampler, assume=assume, limit=TRACES),
    ]
    actions = {rule.name: rule.action for rule in policy.rules}
    for trace in traces:
        wanted = policy.rules[decide(policy, trace)]
        outcome = decide_rules(trace)
        if isinstance(outcome, ProcessExit) or outcome.rule is None:
            raise InternalError(f"the rules of `{policy.name}` have no fallback")
        found = lowered.origins[outcome.rule].rule
        if found == wanted.name:
            continue
        if share(actions[found])[0] < share(wanted.action)[1]:
            raise InternalError(f"`{found}` keeps less than `{wanted.name}`: {trace_text(trace)}")
        example = example or trace
    return example, len(traces)


def _warning(policy: Policy, rule: int, example: Trace | None) -> Diagnostic:
    shown = f"for example {trace_text(example)}" if example is not None else "in rare traces"
    return finding(
        "NEC305",
        policy.rules[rule].match.source,
        f"rule `{policy.rules[rule].name}` is approximated: the rules keep more",
        why=f"no exact rules exist; what the policy keeps is kept, and more: {shown}",
        help="compile without `--approximate` to see variants of the rule that are exact",
    )

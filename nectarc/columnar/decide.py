"""What policies, rules files and expressions say of every trace of a table.

Owns: the entry to the evaluator in columns. Must not know: files, partitions; callers bring one
table at a time. Truth: nectarc/evaluate/policy.py and refinery_rules.py, which it always equals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from nectarc.columnar.columns import Bools, Columns
from nectarc.columnar.from_table import columns_of
from nectarc.columnar.machine import Engine, default_engine, default_threads, is_loaded
from nectarc.columnar.plain import run_plainly
from nectarc.columnar.program import compile_program
from nectarc.corpus.span_table import SpanTable, traces_of
from nectarc.diagnostic import InternalError
from nectarc.evaluate.refinery_rules import Outcome, compile_target
from nectarc.ir.nodes import Policy, TraceExpr
from nectarc.logic.decision_list import DecisionList, Refused, list_of_policy, list_of_rules
from nectarc.logic.formula import Formula
from nectarc.logic.policy_formula import formula_of
from nectarc.refinery.rules import RulesConfig, TargetSampler

Decisions = npt.NDArray[np.int16]
_ENTRIES_MAX: Final = 2**15 - 1
# Spans times tests that numpy is done with before numba is loaded.
_WORK_MIN: Final = 1 << 26


def decide_table(
    lists: Sequence[Policy | TargetSampler],
    table: SpanTable,
    *,
    threads: int | None = None,
    engine: Engine | None = None,
) -> Decisions:
    """Return (lists, traces) the index of the rule that decides, -1: none.

    A target without rules, and one on which Refinery's process ends at its start, has -1 for all.
    Samplers with `CheckNestedFields` are decided trace by trace, slowly, since a field then depends
    on all others; the table must hold all fields for them.
    threads: None takes all processors. engine: None takes the kernels where they can run.
    """
    formulas = [_formulas(one) for one in lists]
    decided = decide_formulas(formulas, columns_of(table), threads=threads, engine=engine)
    for row, one in zip(decided, lists, strict=True):
        if isinstance(one, RulesConfig) and one.check_nested_fields:
            row[:] = _decide_one_by_one(one, table)
    return decided


def holds_table(
    expressions: Sequence[TraceExpr],
    table: SpanTable,
    *,
    threads: int | None = None,
    engine: Engine | None = None,
) -> Bools:
    """Return (expressions, traces) which expression is true of which trace."""
    formulas = list(map(formula_of, expressions))
    return formulas_hold(formulas, columns_of(table), threads=threads, engine=engine)


def formulas_hold(
    formulas: Sequence[Formula],
    columns: Columns,
    *,
    threads: int | None = None,
    engine: Engine | None = None,
) -> Bools:
    """Return (formulas, traces) which formula holds of which trace."""
    lists = [[one] for one in formulas]
    found: Bools = decide_formulas(lists, columns, threads=threads, engine=engine) == 0
    return found


def decide_formulas(
    lists: Sequence[Sequence[Formula]],
    columns: Columns,
    *,
    threads: int | None = None,
    engine: Engine | None = None,
) -> Decisions:
    """Return (lists, traces) the index of the first formula that holds, -1: none."""
    if any(len(formulas) > _ENTRIES_MAX for formulas in lists):
        raise InternalError(f"a list of more than {_ENTRIES_MAX} rules")
    program = compile_program(lists, columns)
    if engine is None:
        work = columns.span_count * max(1, len(program.tests))
        engine = Engine.PLAIN if work < _WORK_MIN and not is_loaded() else default_engine()
    if engine is Engine.PLAIN:
        return run_plainly(program, columns)
    from nectarc.columnar.run import run  # noqa: PLC0415  # numba takes its time

    return run(program, columns, default_threads() if threads is None else threads)


def _formulas(one: Policy | TargetSampler) -> list[Formula]:
    if isinstance(one, RulesConfig) and one.check_nested_fields:
        return []
    found = list_of_policy(one) if isinstance(one, Policy) else list_of_rules(one, "")
    match found:
        case Refused():
            return []
        case DecisionList():
            return [entry.when for entry in found.entries]


def _decide_one_by_one(sampler: TargetSampler, table: SpanTable) -> Decisions:
    decider = compile_target(sampler)
    indices = []
    for stored in traces_of(table):
        outcome = decider(stored.trace)
        rule = outcome.rule if isinstance(outcome, Outcome) else None
        indices.append(-1 if rule is None else rule)
    return np.array(indices, np.int16)

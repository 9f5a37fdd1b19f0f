"""What policies and rules decide for each trace of a corpus: one pass, a few bytes a trace.

Owns: the pass, and fetching single traces again. Must not know: what is made of the decisions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from nectarc.columnar.decide import decide_formulas, decide_table
from nectarc.columnar.from_table import columns_of
from nectarc.corpus.span_table import Kind, SpanTable, other_value, table_of
from nectarc.corpus.stored_trace import CorpusTrace
from nectarc.evaluate.assume import Assume
from nectarc.ir.nodes import FieldType, Policy, TraceExpr
from nectarc.ir.walk import fields_of
from nectarc.logic.decision_list import Refused, list_of_policy, list_of_rules
from nectarc.logic.formula import Formula
from nectarc.logic.policy_formula import formula_of
from nectarc.records import part, record
from nectarc.refinery.rules import ROOT_PREFIX, RulesConfig, TargetSampler
from nectarc.trace import Span, Trace, Value

Int16s: TypeAlias = npt.NDArray[np.int16]
Int64s: TypeAlias = npt.NDArray[np.int64]
Float64s: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Decided: TypeAlias = Policy | TargetSampler


class Partition(Protocol):
    """Some traces of a corpus."""

    def load(self, fields: Collection[str] | None = None) -> SpanTable:
        """Read them, of all fields or of `fields` only."""


class TraceSource(Protocol):
    """A corpus that can be read more than once, always in the same order."""

    def partitions(self) -> Sequence[Partition]:
        """Return its parts; each fits in memory."""


@record
class TracesInMemory:
    """Traces at hand, as a corpus of one partition."""

    traces: tuple[CorpusTrace, ...]

    def partitions(self) -> Sequence[Partition]:
        """Return all of them, or nothing."""
        return (self,) if self.traces else ()

    def load(self, fields: Collection[str] | None = None) -> SpanTable:
        """Make their columns."""
        return table_of(self.traces, fields)


@record(kw_only=True)
class Asked:
    """What is asked of every trace.

    lists:  which rule decides, for each. exprs: whether they hold. assume: whether it is met.
    fields: further fields that a visitor of the parts wants to see.
    """

    lists: tuple[Decided, ...] = ()
    exprs: tuple[TraceExpr, ...] = ()
    assume: Assume = part(default=Assume())
    fields: tuple[str, ...] = ()

    def names(self) -> frozenset[str] | None:
        """Return the span fields that the answers need, None for all of them."""
        names = {*self.fields, *self.assume.types, *self.assume.no_null, *self.assume.no_nan}
        exprs = list(self.exprs)
        for one in self.lists:
            if isinstance(one, Policy):
                exprs += (rule.match for rule in one.rules)
            elif isinstance(one, RulesConfig):
                if one.check_nested_fields:
                    return None
                names.update(_names_of_rules(one))
        for expr in exprs:
            names.update(name for field in fields_of(expr) for name in field.spellings)
        return frozenset(names)


@record(kw_only=True)
class DecidedPart:
    """The answers about one partition of the corpus, the one with this `number`.

    first: the index of its first trace in the corpus.
    rules: (lists, traces). holds: (exprs, traces). is_allowed: (traces,), as in `Decisions`.
    """

    table: SpanTable
    number: int
    first: int
    rules: Int16s
    holds: Bools
    is_allowed: Bools


@record(kw_only=True)
class Decisions:
    """The answers about a whole corpus, in its order.

    rules:       (lists, traces) the index of the rule that decides; -1 where none of a rules file
                 does, or where Refinery's process would end.
    holds:       (exprs, traces) whether the expression is true of the trace.
    is_allowed:  (traces,) whether it meets the assumptions.
    span_counts: (traces,) spans, span events and links.
    weights:     (traces,) how many real traces each stands for.
    start_ns:    (traces,) nanoseconds since 1970, 0 = not known.
    firsts:      of each partition with traces, the index of its first one.
    numbers:     of these partitions, their places in `source.partitions()`.
    """

    source: TraceSource
    rules: Int16s
    holds: Bools
    is_allowed: Bools
    span_counts: Int64s
    weights: Float64s
    start_ns: Int64s
    firsts: tuple[int, ...]
    numbers: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of traces."""
        return len(self.weights)

    def fetch(self, index: int) -> CorpusTrace:
        """Read one trace again, whole. Costs reading its partition."""
        return self.fetch_all((index,))[0]

    def fetch_all(self, indices: Sequence[int]) -> tuple[CorpusTrace, ...]:
        """Read a few traces again, in the order of `indices`; each partition once."""
        places: dict[int, list[int]] = {}
        for index in indices:
            places.setdefault(bisect_right(self.firsts, index) - 1, []).append(index)
        partitions = self.source.partitions()
        found: dict[int, CorpusTrace] = {}
        for place, inside in places.items():
            table = partitions[self.numbers[place]].load()
            found |= {index: trace_at(table, index - self.firsts[place]) for index in inside}
        return tuple(found[index] for index in indices)


Visitor: TypeAlias = Callable[[DecidedPart], None]


def decide_corpus(source: TraceSource, asked: Asked, visit: Visitor | None = None) -> Decisions:
    """Ask everything of every trace, partition by partition.

    visit: sees each partition's columns beside its answers, once, in order.
    """
    rules = [np.empty((len(asked.lists), 0), np.int16)]
    held = [np.empty((len(asked.exprs), 0), np.bool_)]
    allowed = [np.empty(0, np.bool_)]
    counts, starts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    weights = [np.empty(0, np.float64)]
    firsts: list[int] = []
    numbers: list[int] = []
    for decided in _decided_parts(source, asked):
        if visit is not None:
            visit(decided)
        table = decided.table
        firsts.append(decided.first)
        numbers.append(decided.number)
        rules.append(decided.rules)
        held.append(decided.holds)
        allowed.append(decided.is_allowed)
        counts.append(np.diff(table.offsets))
        weights.append(table.weights)
        starts.append(table.start_time_ns)
    return Decisions(
        source=source,
        rules=np.concatenate(rules, axis=1),
        holds=np.concatenate(held, axis=1),
        is_allowed=np.concatenate(allowed),
        span_counts=np.concatenate(counts),
        weights=np.concatenate(weights),
        start_ns=np.concatenate(starts),
        firsts=tuple(firsts),
        numbers=tuple(numbers),
    )


def trace_at(table: SpanTable, index: int) -> CorpusTrace:
    """Return one trace of a table, as `traces_of` would."""
    begin, end = int(table.offsets[index]), int(table.offsets[index + 1])
    contents: list[dict[str, Value]] = [{} for _ in range(begin, end)]
    for name in table.columns:
        for kind, (rows, values) in table.columns.scattered(name).items():
            low, high = np.searchsorted(rows, (begin, end)).tolist()
            found = values.slice(low, high - low).to_pylist()
            for row, value in zip(rows[low:high].tolist(), found, strict=True):
                contents[row - begin][name] = other_value(value) if kind is Kind.OTHER else value
    spans = map(Span, contents, table.is_root[begin:end].tolist())
    return CorpusTrace(
        Trace(table.trace_ids[index].as_py(), tuple(spans)),
        int(table.start_time_ns[index]),
        float(table.weights[index]),
        table.sources[index].as_py() or "",
    )


def allowed_traces(table: SpanTable, assume: Assume) -> Bools:
    """Say of each trace whether it meets `assume`, as `Assume.allows_trace` does. (traces,)."""
    broken = np.zeros(table.span_count, np.bool_)
    for name in {*assume.types, *assume.no_null, *assume.no_nan}:
        if name in table.columns:
            for rows in _broken_rows(table, name, assume):
                broken[rows] = True
    return ~np.logical_or.reduceat(broken, table.offsets[:-1])


def _decided_parts(source: TraceSource, asked: Asked) -> Iterator[DecidedPart]:
    names = asked.names()
    first = 0
    for number, partition in enumerate(source.partitions()):
        table = partition.load(names)
        if not table.trace_count:
            continue
        rules, held = _decide(table, asked)
        is_allowed = allowed_traces(table, asked.assume)
        yield DecidedPart(
            table=table,
            number=number,
            first=first,
            rules=rules,
            holds=held,
            is_allowed=is_allowed,
        )
        first += table.trace_count


def _decide(table: SpanTable, asked: Asked) -> tuple[Int16s, Bools]:
    """Run all lists and expressions as one program, so that each column is looked at once."""
    lists = [_formulas(one) for one in asked.lists]
    claims = [[formula_of(expr)] for expr in asked.exprs]
    answers = decide_formulas([*lists, *claims], columns_of(table))
    rules, claimed = answers[: len(lists)], answers[len(lists) :]
    for row, one in zip(rules, asked.lists, strict=True):
        if isinstance(one, RulesConfig) and one.check_nested_fields:
            row[:] = decide_table((one,), table)[0]
    return rules, claimed == 0


def _formulas(one: Decided) -> list[Formula]:
    """Return what each rule asks; nothing for rules that fields alone do not decide."""
    if isinstance(one, RulesConfig) and one.check_nested_fields:
        return []
    found = list_of_policy(one) if isinstance(one, Policy) else list_of_rules(one, "")
    return [] if isinstance(found, Refused) else [entry.when for entry in found.entries]


def _names_of_rules(config: RulesConfig) -> Iterator[str]:
    for rule in config.rules:
        for condition in (rule.conditions if rule is not None else None) or ():
            for name in condition.names if condition is not None else ():
                yield name
                yield name.removeprefix(ROOT_PREFIX)


def _broken_rows(table: SpanTable, name: str, assume: Assume) -> Iterable[Int64s]:
    """Yield rows at which the field has a value that `assume` excludes, kind by kind."""
    carried: set[Kind] | None = None
    for field_type in assume.types.get(name, ()):
        kinds = _carriers(field_type)
        carried = kinds if carried is None else carried & kinds
    for kind, (rows, values) in table.columns.scattered(name).items():
        if kind is Kind.OTHER:
            texts: list[str] = values.to_pylist()
            is_fine = {text: assume.allows(name, other_value(text)) for text in set(texts)}
            yield rows[np.array([not is_fine[text] for text in texts], np.bool_)]
        elif carried is not None and kind not in carried:
            yield rows
        elif kind is Kind.FLOAT and name in assume.no_nan:
            yield rows[np.isnan(values.to_numpy(zero_copy_only=False))]


def _carriers(field_type: FieldType) -> set[Kind]:
    if field_type.is_number:
        return {Kind.INT, Kind.FLOAT}
    return {Kind.BOOL if field_type is FieldType.BOOL else Kind.TEXT}

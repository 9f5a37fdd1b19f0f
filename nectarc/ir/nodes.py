"""The decision list that a policy means: resolved fields, typed tests, explicit quantifiers.

Owns: nodes. Must not know: TOON, spellings of conventions, Refinery's operators.
`==` ignores places. Truth: docs/language.md, sections 3 to 5.
"""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from nectarc.records import part, record
from nectarc.source import NOWHERE, SourceSpan


class FieldType(Enum):
    """The types of the language. Durations are numbers in their unit."""

    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    STRING = "string"
    DURATION_NS = "duration_ns"
    DURATION_US = "duration_us"
    DURATION_MS = "duration_ms"
    DURATION_S = "duration_s"

    @property
    def is_number(self) -> bool:
        """Whether tests on it are number tests."""
        return self not in (FieldType.BOOL, FieldType.STRING)


@record
class Field:
    """What a name reads: the first of `spellings` that the span has (null included).

    name:        as the policy writes it, for people; not part of the meaning.
    type:        declared or conventional, None where only the literal gives the test its type.
    """

    spellings: tuple[str, ...]
    name: str = part(compare=False)
    type: FieldType | None = part(default=None)


class NumberOp(Enum):
    """Relations between a value as float64 and a literal."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class StringOp(Enum):
    """Relations between a value's text and a literal, byte by byte."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    CONTAINS = "contains"
    NOT_CONTAINS = "not contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    MATCHES = "matches"


@record
class Exists:
    """The span has the field, null included."""

    field: Field


@record
class NumberTest:
    """The value counts as a number and stands so to `value` (a finite float64)."""

    field: Field
    op: NumberOp
    value: float


@record
class NumberIn:
    """The value counts as a number and is (not, if negated) one of `values`; NaN: only negated."""

    field: Field
    values: tuple[float, ...]
    is_negated: bool


@record
class StringTest:
    """The value is present, not null, and its text stands so to `value`."""

    field: Field
    op: StringOp
    value: str


@record
class StringIn:
    """The value is present, not null, and its text is (not, if negated) one of `values`."""

    field: Field
    values: tuple[str, ...]
    is_negated: bool


@record
class BoolTest:
    """The value is present, not null, and its text is one (not one, if negated) of the six texts.

    `value` True: `1 t T TRUE true True`; False: `0 f F FALSE false False`.
    """

    field: Field
    value: bool
    is_negated: bool


Test: TypeAlias = Exists | NumberTest | NumberIn | StringTest | StringIn | BoolTest


# Expressions over one span.


@record
class SpanTest:
    """The test holds on the span at hand."""

    test: Test
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class IsRoot:
    """The span has no parent."""

    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


# Expressions over a trace; RootTest may stand in a span expression, too (the same at every span).


@record
class RootTest:
    """The test holds on the root span; false without one."""

    test: Test
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class HasRoot:
    """Some span has no parent."""

    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class SpanCount:
    """The number of spans, span events and links stands so to `value`."""

    op: NumberOp
    value: int
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class AnySpan:
    """Some span satisfies the body: the only quantifier of the IR."""

    body: SpanExpr
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class Constant:
    """True or false, over a span or a trace."""

    value: bool
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class SpanNot:
    """Negation over one span."""

    operand: SpanExpr
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class SpanAnd:
    """Conjunction over one span; two operands or more."""

    operands: tuple[SpanExpr, ...]
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class SpanOr:
    """Disjunction over one span; two operands or more."""

    operands: tuple[SpanExpr, ...]
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class Not:
    """Negation over a trace."""

    operand: TraceExpr
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class And:
    """Conjunction over a trace; two operands or more."""

    operands: tuple[TraceExpr, ...]
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record
class Or:
    """Disjunction over a trace; two operands or more."""

    operands: tuple[TraceExpr, ...]
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


SpanExpr: TypeAlias = "SpanTest | IsRoot | RootTest | Constant | SpanNot | SpanAnd | SpanOr"
TraceExpr: TypeAlias = "AnySpan | RootTest | HasRoot | SpanCount | Constant | Not | And | Or"


# Actions.


@record
class Keep:
    """Keep every trace."""


@record
class Drop:
    """Keep none."""


@record
class Sample:
    """Keep one in `one_in` (>= 1), drawn anew at each decision. `share` is what was asked for."""

    one_in: int
    share: float = part(default=0.0, compare=False)


@record
class Deterministic:
    """Keep one in `one_in` (>= 1) by the trace id."""

    one_in: int


@record
class DynamicSampler:
    """One of Refinery's dynamic samplers.

    kind:       Refinery's group name, e.g. "EMADynamicSampler".
    parameters: (Refinery's parameter name, value) that the policy sets, in the order of Refinery's
                metadata, without FieldList; a duration is Go's text ("30s").
    field_list: span field names of the sampler key, `root.` prefix included, in order of writing.
    """

    kind: str
    parameters: tuple[tuple[str, int | float | bool | str], ...]
    field_list: tuple[str, ...]


Action: TypeAlias = Keep | Drop | Sample | Deterministic | DynamicSampler


@record(kw_only=True)
class Rule:
    """One entry of the decision list."""

    name: str
    match: TraceExpr
    action: Action
    priority: int = part(default=0, compare=False)
    description: str = part(default="", compare=False)
    source: SourceSpan = part(default=NOWHERE, compare=False, repr=False)


@record(kw_only=True)
class Policy:
    """The decision list in the order of decision: the first rule that matches decides.

    INVARIANT: the last rule that can be reached matches every trace (docs/language.md, 5).
    """

    name: str
    rules: tuple[Rule, ...]

"""The syntax tree: a policy as it was written, before names and types mean anything.

Owns: nodes. Must not know: types, Refinery. Frozen; `==` ignores places.
Truth: docs/language.md, sections 2 to 4; grammar/match.lark, grammar/action.lark.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from nectarc.records import part, record
from nectarc.source import SourceSpan
from nectarc.toon.document import Scalar


class CompareOp(Enum):
    """An order or equality operator."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class TextOp(Enum):
    """An operator on the text of a value."""

    CONTAINS = "contains"
    NOT_CONTAINS = "not contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    MATCHES = "matches"


class Quantifier(Enum):
    """How a same-span body is asked of the spans of a trace."""

    ANY = "any"
    ALL = "all"
    NONE = "none"


@record
class NumberLiteral:
    """`500`, `-2.5`, `1e6`: the exact value of what is written, in `text`."""

    value: Fraction
    text: str
    source: SourceSpan = part(compare=False)


@record
class StringLiteral:
    """`"text"` or `'text'`, unescaped."""

    value: str
    source: SourceSpan = part(compare=False)


@record
class BoolLiteral:
    """`true` or `false` as the literal of a test."""

    value: bool
    source: SourceSpan = part(compare=False)


@record
class DurationLiteral:
    """`5s`, `1m30s`, `1.5s`: exact nanoseconds."""

    nanoseconds: Fraction
    text: str
    source: SourceSpan = part(compare=False)


Literal: TypeAlias = NumberLiteral | StringLiteral | BoolLiteral | DurationLiteral


@record
class FieldName:
    """A field of a test. `name` is without `root.` and without backticks."""

    name: str
    is_root: bool
    is_quoted: bool
    source: SourceSpan = part(compare=False)


@record
class BareTest:
    """`FIELD`: short for `FIELD == true`."""

    field: FieldName
    source: SourceSpan = part(compare=False)


@record
class CompareTest:
    """`FIELD cmp LITERAL`."""

    field: FieldName
    op: CompareOp
    literal: Literal
    source: SourceSpan = part(compare=False)


@record
class MemberTest:
    """`FIELD in [..]`, or `FIELD not in [..]` when `is_negated`."""

    field: FieldName
    is_negated: bool
    literals: tuple[Literal, ...]
    source: SourceSpan = part(compare=False)


@record
class TextTest:
    """`FIELD contains STR` and its relatives. The checker says when `literal` is no string."""

    field: FieldName
    op: TextOp
    literal: Literal
    source: SourceSpan = part(compare=False)


@record
class ExistsTest:
    """`exists(FIELD)`."""

    field: FieldName
    source: SourceSpan = part(compare=False)


@record
class HasRoot:
    """`has_root`: trace level."""

    source: SourceSpan = part(compare=False)


@record
class IsRoot:
    """`is_root`: of one span, inside a quantifier only."""

    source: SourceSpan = part(compare=False)


@record
class SpanCount:
    """`span_count cmp INT`: trace level. `literal` may not be whole; the checker says so."""

    op: CompareOp
    literal: Literal
    source: SourceSpan = part(compare=False)


@record
class Constant:
    """`true` or `false` as a whole expression."""

    value: bool
    source: SourceSpan = part(compare=False)


@record
class Not:
    """`!operand`."""

    operand: Expr
    source: SourceSpan = part(compare=False)


@record
class And:
    """`a && b && c`, flat, at least two operands."""

    operands: tuple[Expr, ...]
    source: SourceSpan = part(compare=False)


@record
class Or:
    """`a || b || c`, flat, at least two operands."""

    operands: tuple[Expr, ...]
    source: SourceSpan = part(compare=False)


@record
class Quantified:
    """`any(body)`, `all(body)`, `none(body)`."""

    quantifier: Quantifier
    body: Expr
    source: SourceSpan = part(compare=False)


@record
class InvalidExpr:
    """A part that could not be parsed; a diagnostic has said so."""

    source: SourceSpan = part(compare=False)


AnyTest: TypeAlias = BareTest | CompareTest | MemberTest | TextTest | ExistsTest
# The parser yields one tree for trace and span expressions alike: which operand is allowed where
# (is_root, has_root, span_count, nested quantifiers) is the checker's to say, with better words.
Expr: TypeAlias = (
    "AnyTest | HasRoot | IsRoot | SpanCount | Constant | Not | And | Or | Quantified | InvalidExpr"
)


@record
class Argument:
    """`name: value` of a sampler action. A list value is a tuple of literals or field names.

    `fields: [http.route, root.`a b`]` holds FieldName items; `30s` is a DurationLiteral.
    """

    name: str
    name_source: SourceSpan = part(compare=False)
    value: Literal | tuple[Literal | FieldName, ...] | FieldName
    source: SourceSpan = part(compare=False)


@record
class Action:
    """`keep`, `drop`, `sample(1/20)`, `ema_dynamic(...)` as written.

    name:      the word before the parenthesis, as written (known or not: the checker says).
    ratio:     the positional argument: of `sample(0.01)` or `sample(1/n)`; `numerator/denominator`
               when `is_ratio`, else the number (denominator 1).
    arguments: the named ones.
    """

    name: str
    name_source: SourceSpan = part(compare=False)
    ratio: Ratio | None
    arguments: tuple[Argument, ...]
    source: SourceSpan = part(compare=False)


@record
class Ratio:
    """`0.01`, or `1/20` when `is_ratio`."""

    numerator: Fraction
    denominator: Fraction
    is_ratio: bool
    source: SourceSpan = part(compare=False)


class Requirement(Enum):
    """What an invariant asks of the share of a trace that is kept."""

    KEEP = "keep"
    NOT_DROP = "not drop"
    AT_LEAST = "share >="
    AT_MOST = "share <="


@record
class Require:
    """An invariant's `require` cell; `share` is set for AT_LEAST and AT_MOST, 0 <= share <= 1."""

    requirement: Requirement
    share: Fraction | None
    source: SourceSpan = part(compare=False)


@record(kw_only=True)
class Rule:
    """A row of `rules`. `match` and `action` keep the cell they were parsed from."""

    name: Scalar
    description: Scalar | None
    match: Expr
    match_cell: Scalar | None
    action: Action | None
    action_cell: Scalar | None
    priority: int
    priority_cell: Scalar | None  # None where the cell is no whole number; `priority` is 0 then
    source: SourceSpan = part(compare=False)


@record(kw_only=True)
class FieldRow:
    """A row of `fields`: `name` is read from the span fields `spellings`, in order."""

    name: Scalar
    type: Scalar
    spellings: tuple[Scalar, ...]
    source: SourceSpan = part(compare=False)


@record(kw_only=True)
class InvariantRow:
    """A row of `invariants`."""

    name: Scalar
    when: Expr
    when_cell: Scalar
    require: Require | None
    source: SourceSpan = part(compare=False)


@record(kw_only=True)
class PolicyTest:
    """An entry of `tests`: a trace, by spans or by file, and the rule that must decide it.

    spans: one tuple of (field name, value) a span, without the fields that the span lacks.
    root:  index into spans, or None for `no_root: true`.
    """

    name: Scalar
    expect: Scalar
    action: Scalar | None
    spans: tuple[tuple[tuple[str, bool | int | float | str | None], ...], ...]
    root: int | None
    file: Scalar | None
    source: SourceSpan = part(compare=False)


@record(kw_only=True)
class Policy:
    """A whole policy. Rules stand in file order."""

    version: int | None
    name: Scalar | None
    budget_per_second: float | None
    rules: tuple[Rule, ...]
    rules_source: SourceSpan = part(compare=False)
    fields: tuple[FieldRow, ...] = ()
    invariants: tuple[InvariantRow, ...] = ()
    tests: tuple[PolicyTest, ...] = ()
    source: SourceSpan = part(compare=False)

"""The conditions of one rule as a match of the policy language.

Owns: from conditions to questions about fields, and from chosen tests to the text of a match.
Must not know: actions, names of rules, targets. Truth: ../shared/reference/refinery-semantics.md,
2.9 and 3.1; docs/language.md, section 3.
"""

from __future__ import annotations

from enum import Enum
from itertools import groupby, takewhile
from typing import Final, TypeAlias

from nectarc.evaluate.conditions import compile_test, config_bool, config_float, config_int
from nectarc.evaluate.values import MISSING
from nectarc.importing.conditions import Option, options_of
from nectarc.importing.fields import Names, Spellings, Use
from nectarc.importing.special import Unreadable, plain, root_words
from nectarc.importing.values import Values
from nectarc.importing.wording import (
    Naming,
    expr_text,
    field_text,
    is_bare_positive,
    is_disjunction,
)
from nectarc.ir import nodes
from nectarc.ir.nodes import FieldType, NumberOp
from nectarc.logic.predicates import condition_test
from nectarc.logic.universe import Sort
from nectarc.records import record, replace
from nectarc.refinery.rules import (
    HAS_ROOT_SPAN,
    NUM_DESCENDANTS,
    ROOT_PREFIX,
    Condition,
    ConfigValue,
    Rule,
)

# What gjson takes for more than a letter of a name.
_PATH_SIGNS: Final = frozenset("*?#|@!\\")
_COUNT: Final = nodes.Field((), "")


@record
class Said:
    """A question that is the same at every span, or about spans as such: its text.

    is_span: it is asked of the span at hand.   constant: True or False where it is one.
    """

    text: str
    is_span: bool = False
    constant: bool | None = None


@record
class Place:
    """Fields that are read together, on the root or on the span at hand, and how they are asked."""

    is_root: bool
    spellings: Spellings
    options: tuple[Option, ...]


@record
class Asked:
    """One condition: the first of `places` that has a field is asked, the last one if none has."""

    condition: Condition
    places: tuple[Place, ...]


@record
class Question:
    """A rule's conditions, before types are decided.

    assumptions: (kind, field) that special names need.
    """

    is_span_scope: bool
    parts: tuple[Said | Asked, ...]
    assumptions: tuple[tuple[str, str], ...] = ()


@record
class Unsayable:
    """No match says it. `reason` is for people."""

    reason: str


class _Level(Enum):
    """Where an expression stands: in a quantifier, outside of one, outside without another part."""

    SPAN = "span"
    TRACE = "trace"
    ALONE = "alone"


Chosen: TypeAlias = "dict[Place, Option]"


def question_of(rule: Rule, *, is_nested: bool = False) -> Question | Unsayable:
    """Return what `rule` asks of a trace. is_nested: the sampler's CheckNestedFields."""
    is_span_scope = rule.scope == "span"
    parts: list[Said | Asked] = []
    assumptions: list[tuple[str, str]] = []
    for condition in rule.conditions or ():
        if condition is None:
            return Unsayable("it holds an empty condition, which ends Refinery's process")
        if condition.operator == HAS_ROOT_SPAN:
            parts.append(_has_root(condition, is_span_scope=is_span_scope))
            continue
        is_wild = is_nested and condition.field != NUM_DESCENDANTS
        wild = next((one for one in condition.names if is_wild and _PATH_SIGNS & {*one}), None)
        if wild is not None:
            return Unsayable(
                f"`CheckNestedFields` reads `{wild}` as a path that finds other fields"
            )
        readable = plain(condition)
        if isinstance(readable, Unreadable):
            return Unsayable(readable.reason)
        assumptions += readable.assumptions
        part = _part(readable.condition)
        if isinstance(part, Unsayable):
            return part
        parts.append(part)
    guarded = _guarded(tuple(dict.fromkeys(parts)), is_span_scope=is_span_scope)
    return Question(is_span_scope, guarded, tuple(dict.fromkeys(assumptions)))


def _is_guard(condition: Condition) -> bool:
    """Say whether it asks no more than that there is a value; `>` without one: that is not null."""
    is_bare = condition.operator == ">" and condition.value is None and not condition.datatype
    return is_bare or condition.operator == "exists"


def _guarded(parts: tuple[Said | Asked, ...], *, is_span_scope: bool) -> tuple[Said | Asked, ...]:
    """Take `exists` of a field and another condition on the same value as one."""
    guards = {
        (one.places[0].is_root, one.places[0].spellings): one
        for one in parts
        if isinstance(one, Asked)
        and _is_guard(one.condition)
        and len(one.places) == 1
        and (is_span_scope or one.places[0].is_root)
    }
    used: set[Said | Asked] = set()
    found: list[Said | Asked] = []
    for part in parts:
        found.append(part)
        if not isinstance(part, Asked) or len(part.places) > 1 or part in guards.values():
            continue
        place = part.places[0]
        guard = guards.get((place.is_root, place.spellings))
        options = options_of(part.condition, guard.condition) if guard is not None else ()
        if guard is not None and any(one.complexity == 1 for one in options):
            used.add(guard)
            found[-1] = replace(part, places=(replace(place, options=options),))
    return tuple(one for one in found if one not in used)


def uses_of(question: Question, chosen: Chosen) -> list[Use]:
    """Return the fields that the text will name."""
    return [
        Use(place.spellings, chosen[place])
        for part in question.parts
        if isinstance(part, Asked)
        for place in part.places
        if chosen[place].constant is None or len(part.places) > 1
    ]


def is_never(question: Question, chosen: Chosen) -> bool:
    """Say whether it plainly holds of no trace."""
    return any(
        part.constant is False
        if isinstance(part, Said)
        else all(chosen[place].constant is False for place in part.places)
        for part in question.parts
    )


def match_text(question: Question, chosen: Chosen, names: Names) -> str:
    """Return the match: "true", "false" where it always, never holds."""
    outside: list[str] = []
    inside: list[tuple[str, bool]] = []  # with whether it may stand bare
    for part in question.parts:
        is_alone = len(question.parts) == 1
        is_span_scope = question.is_span_scope and not is_alone
        said = _said(part, chosen, names, is_span_scope=is_span_scope, is_alone=is_alone)
        if said is None:
            continue
        text, is_span, is_bare = said
        if text == "false":
            return "false"
        if is_span:
            inside.append((text, is_bare))
        else:
            outside.append(text)
    outside = list(dict.fromkeys(outside))
    inside = list(dict.fromkeys(inside))
    spans: list[str] = []
    if len(inside) == 1:
        text, is_bare = inside[0]
        spans = [text if is_bare else _any(text)]
    elif question.is_span_scope and inside:
        spans = [f"any({' && '.join(_grouped(text) for text, _ in inside)})"]
    else:
        spans = [_any(text) for text, _ in inside]
    parts = [*outside, *spans]
    if len(parts) == 1:
        return parts[0]
    return " && ".join(_grouped(one) for one in parts) or "true"


def _said(
    part: Said | Asked, chosen: Chosen, names: Names, *, is_span_scope: bool, is_alone: bool
) -> tuple[str, bool, bool] | None:
    """Return the text, whether it asks the span at hand, whether it may stand bare; None: true."""
    if isinstance(part, Said):
        if part.constant is not None:
            return None if part.constant else ("false", False, False)
        return (part.text, part.is_span, False)
    if len(part.places) == 1:
        place = part.places[0]
        option = chosen[place]
        if option.constant is not None:
            return None if option.constant else ("false", False, False)
        text = expr_text(option.expr, _naming(place, names))
        return (text, not place.is_root, is_bare_positive(option.expr) and not place.is_root)
    count = sum(1 for _ in takewhile(lambda one: one.is_root, part.places))
    if not is_span_scope and count and not any(one.is_root for one in part.places[count:]):
        level = _Level.ALONE if is_alone else _Level.TRACE
        return (_first_there(part.places, chosen, names, level), False, False)
    return (_first_there(part.places, chosen, names), True, False)


def _first_there(
    places: tuple[Place, ...], chosen: Chosen, names: Names, level: _Level = _Level.SPAN
) -> str:
    """Ask the first place that is there; outside of a quantifier, the last place in `any`."""
    place, rest = places[0], places[1:]
    option, naming = chosen[place], _naming(place, names)
    if not rest:
        text = expr_text(option.expr, naming)
        if level is _Level.SPAN or place.is_root or option.constant is not None:
            return text
        is_bare = level is _Level.ALONE and is_bare_positive(option.expr)
        return text if is_bare else _any(text)
    there = expr_text(nodes.SpanTest(nodes.Exists(_COUNT)), naming)
    here = expr_text(option.expr, naming)
    if option.constant is True:
        here = there
    elif option.constant is None and not is_bare_positive(option.expr):
        here = f"{there} && {f'({here})' if is_disjunction(option.expr) else here}"
    below = _first_there(rest, chosen, names, level)
    if below == "false":
        return here
    others = f"!{there}" if below == "true" else f"!{there} && {_grouped(below)}"
    return others if option.constant is False else f"{here} || {others}"


def _naming(place: Place, names: Names) -> Naming:
    def naming(kind: str) -> tuple[str, FieldType | None]:
        written = names.of(place.spellings, kind)
        return field_text(written, is_root=place.is_root), names.type_of(place.spellings, kind)

    return naming


def _any(text: str) -> str:
    return "has_root" if text == "is_root" else f"any({text})"


def _grouped(text: str) -> str:
    """Put parentheses around what `&&` would tear apart."""
    return f"({text})" if _has_or_outside(text) else text


def _has_or_outside(text: str) -> bool:
    depth, quote, index = 0, "", 0
    while index < len(text):
        letter = text[index]
        if quote:
            if letter == "\\" and quote == '"':
                index += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"`":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif depth == 0 and text.startswith("||", index):
            return True
        index += 1
    return False


def _has_root(condition: Condition, *, is_span_scope: bool) -> Said:
    if is_span_scope:
        return Said("false", constant=False)
    return Said("has_root" if config_bool(condition.value) else "!has_root")


def _part(condition: Condition) -> Said | Asked | Unsayable:
    words = root_words(condition)
    if words is not None:
        name, is_wanted = words
        return Said(name if is_wanted else f"!{name}", is_span=name == "is_root")
    if condition.field == NUM_DESCENDANTS:
        return _count(condition)
    options = options_of(condition)
    if not options:
        return Unsayable(f"no test holds of the same values as {_shown(condition)}")
    if not condition.names:
        always = _holds_of_missing(condition)
        return Said("true" if always else "false", constant=always)
    places = tuple(
        Place(is_root, tuple(dict.fromkeys(one.removeprefix(ROOT_PREFIX) for one in own)), options)
        for is_root, own in groupby(condition.names, lambda one: one.startswith(ROOT_PREFIX))
    )
    return Asked(condition, places)


def _holds_of_missing(condition: Condition) -> bool:
    """Say whether `condition` holds where there is no field."""
    return compile_test(condition)(MISSING)


def _shown(condition: Condition) -> str:
    words = [f"`{' or '.join(condition.names)}`", f"`{condition.operator}`"]
    if condition.value is not None:
        words.append(f"`{condition.value}`")
    if condition.datatype:
        words.append(f"as {condition.datatype}")
    return " ".join(words)


def _count(condition: Condition) -> Said | Unsayable:
    """Ask for the number of spans, an int64, one at least."""
    asked = condition_test(condition)
    below = nodes.SpanTest(nodes.NumberTest(_COUNT, NumberOp.LT, 1.0))
    candidates = tuple(_count_candidates(condition.value))
    exprs = [expr for _, expr in candidates]
    values = Values((asked, below, *exprs), frozenset({Sort.INT}), (below,))
    for text, expr in candidates:
        if not values.disagreements(asked, expr, with_excluded=False):
            constant = expr.value if isinstance(expr, nodes.Constant) else None
            return Said(text, constant=constant)
    return Unsayable(f"no test of `span_count` says {_shown(condition)}")


def _count_candidates(value: ConfigValue) -> list[tuple[str, nodes.SpanExpr]]:
    found: list[tuple[str, nodes.SpanExpr]] = [
        (str(one).lower(), nodes.Constant(one)) for one in (True, False)
    ]
    numbers: list[int] = []
    for item in value if isinstance(value, tuple) else (value,):
        number = config_float(item)
        whole = config_int(item)
        if whole is not None:
            numbers.append(whole)
        if number is not None and abs(number) < 2**53:
            numbers += [int(number), int(number) + 1, int(number) - 1]
    numbers = list(dict.fromkeys(one for one in numbers if abs(one) <= 2**53))
    for number in numbers:
        for op in NumberOp:
            test = nodes.SpanTest(nodes.NumberTest(_COUNT, op, float(number)))
            found.append((f"span_count {op.value} {number}", test))
    if isinstance(value, tuple):
        wanted = [one for one in dict.fromkeys(map(config_int, value)) if one is not None]
        tests = [nodes.NumberTest(_COUNT, NumberOp.EQ, float(one)) for one in wanted]
        whole_text = " || ".join(f"span_count == {one}" for one in wanted)
        either = nodes.SpanOr(tuple(map(nodes.SpanTest, tests)))
        found += [(whole_text, either)] if wanted else []
        texts = " && ".join(f"span_count != {one}" for one in wanted)
        found += [(texts, nodes.SpanNot(either))] if wanted else []
    return found

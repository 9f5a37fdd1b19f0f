"""How the findings about whole targets call conditions, effects and traces.

Owns: the words. Must not know: what is reported.
"""

from __future__ import annotations

from typing import Final

from nectarc.evaluate.conditions import config_text
from nectarc.evaluate.values import text_of
from nectarc.lint.located_samplers import in_backticks
from nectarc.refinery.rules import (
    HAS_ROOT_SPAN,
    Condition,
    ConfigValue,
    DeterministicConfig,
    DynamicConfig,
    Rule,
)
from nectarc.trace import ROOT_FIELD, Span, Trace, Value

_FIELDS_SHOWN: Final = 4
_SPANS_SHOWN: Final = 3
_VALUE_MAX: Final = 40
_VALUELESS: Final = frozenset(("exists", "not-exists"))
_KEEP: Final = "keep"


def condition_in_words(condition: Condition) -> str:
    """Return the condition as short as it can be said, in backticks."""
    if condition.operator == HAS_ROOT_SPAN:
        return in_backticks(f"{HAS_ROOT_SPAN} {_literal(condition.value)}")
    name = " or ".join(condition.names)
    operator = condition.operator or "(no operator)"
    value = "" if condition.operator in _VALUELESS else f" {_literal(condition.value)}"
    return in_backticks(f"{name} {operator}{value}".strip())


def effect_of(rule: Rule | None) -> object:
    """Return what a rule does to a trace, equal only where it is the same; None: no rule matches.

    Dynamic samplers are the same only where they are written alike.
    """
    if rule is None:
        return _KEEP
    sampler = rule.sampler
    if isinstance(sampler, DeterministicConfig):
        return _KEEP if sampler.sample_rate <= 1 else sampler
    if sampler is not None:
        return sampler
    if rule.drop or rule.sample_rate < 1:
        return "drop"
    return _KEEP if rule.sample_rate == 1 else rule.sample_rate


def is_dropping(rule: Rule) -> bool:
    """Say whether Refinery drops whatever the rule decides."""
    return effect_of(rule) == "drop"


def is_keeping(rule: Rule) -> bool:
    """Say whether Refinery keeps whatever the rule decides."""
    return effect_of(rule) == _KEEP


def effect_in_words(rule: Rule) -> str:
    """Return what a rule does to a trace, as the end of a sentence: `keeps 1 in 20`."""
    match rule.sampler:
        case DynamicConfig(kind=kind):
            return f"samples with `{kind}`"
        case DeterministicConfig(sample_rate=rate) if rate > 1:
            return f"keeps 1 in {rate:,} by trace id"
        case None if is_dropping(rule):
            return "drops"
        case None if rule.sample_rate > 1:
            return f"keeps 1 in {rule.sample_rate:,}"
        case _:
            return "keeps all"


def trace_in_words(trace: Trace) -> str:
    """Return a small trace in a line: its spans, with their fields."""
    spans = trace.distinct_spans
    count = len(trace.spans)
    shown = "; ".join(_span(span) for span in spans[:_SPANS_SHOWN])
    more = "; ..." if len(spans) > _SPANS_SHOWN else ""
    return f"{'one span' if count == 1 else f'{count:,} spans'}: {shown}{more}"


def _span(span: Span) -> str:
    fields = [(name, value) for name, value in span.fields.items() if name != ROOT_FIELD]
    words = ", ".join(f"{name} = {_value(value)}" for name, value in fields[:_FIELDS_SHOWN])
    more = ", ..." if len(fields) > _FIELDS_SHOWN else ""
    what = "the root with " if span.is_root and fields else "the root" if span.is_root else ""
    return _on_one_line(f"{what}{words}{more}") or "one without these fields"


def _on_one_line(text: str) -> str:
    """Show a text on one line, whatever stands in it."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _value(value: Value) -> str:
    text = f'"{value}"' if isinstance(value, str) else text_of(value)
    return text if len(text) <= _VALUE_MAX else f"{text[: _VALUE_MAX - 3]}..."


def _literal(value: ConfigValue) -> str:
    if isinstance(value, str):
        text = f"'{value}'"
    elif isinstance(value, tuple):
        text = f"[{', '.join(_literal(one) for one in value)}]"
    else:
        text = config_text(value)
    return text if len(text) <= _VALUE_MAX else f"{text[: _VALUE_MAX - 3]}..."

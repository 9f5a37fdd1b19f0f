"""A Refinery rule in plain English.

Owns: the words. Must not know: layout. Truth: ../shared/reference/refinery-semantics.md, 3.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nectarc.evaluate.conditions import config_bool, config_text
from nectarc.refinery.rules import (
    HAS_ROOT_SPAN,
    NUM_DESCENDANTS,
    ROOT_PREFIX,
    Condition,
    Rule,
)
from nectarc.report.trace_view import condition_words
from nectarc.trace import ROOT_FIELD

_NEGATIVE: Final = frozenset({"!=", "not-in", "does-not-contain", "not-exists"})
_EXISTS: Final = {"exists": "a", "not-exists": "no"}


def rule_words(rule: Rule) -> str:
    """Return what the rule asks of a trace, as the end of "traces in which ..."."""
    conditions = [one for one in rule.conditions or () if one is not None]
    if not conditions:
        return "anything happens"
    if rule.scope == "span":
        told = " and ".join(_at_span(one) for one in conditions)
        return f"one span has {told}"
    return " and ".join(_of_trace(one) for one in conditions)


def _of_trace(condition: Condition) -> str:
    if condition.operator == HAS_ROOT_SPAN:
        return f"there is {'a' if config_bool(condition.value) else 'no'} root span"
    if condition.field == NUM_DESCENDANTS:
        value = "" if condition.value is None else config_text(condition.value)
        return f"the number of spans is {condition.operator} {value}"
    if condition.field == ROOT_PREFIX + ROOT_FIELD and condition.operator in _EXISTS:
        return f"there is {_EXISTS[condition.operator]} root span"
    is_of_root = _is_of_root(condition)
    told = _told(condition, _plain if is_of_root else str)
    return f"{'the root span' if is_of_root else 'some span'} has {told}"


def _at_span(condition: Condition) -> str:
    if condition.field == ROOT_FIELD:
        return f"`{condition_words(condition)}` (it is the root)"
    return _told(condition, str)


def _told(condition: Condition, named: Callable[[str], str]) -> str:
    """Say what a span has. Anything but null is above no value: a guard of the tests beside it."""
    if condition.operator == ">" and condition.value is None and not condition.datatype:
        names = " or ".join(f"`{named(name)}`" for name in condition.names)
        return f"{names} (not null)"
    return f"`{named(condition_words(condition))}`"


def _is_of_root(condition: Condition) -> bool:
    # Without a root a negative condition holds of every span: then "has" would be a lie.
    is_all = all(name.startswith(ROOT_PREFIX) for name in condition.names)
    return is_all and bool(condition.names) and condition.operator not in _NEGATIVE


def _plain(words: str) -> str:
    return words.replace(ROOT_PREFIX, "")

"""Targets from texts, for tests of comparing."""

from __future__ import annotations

from nectarc.compare.regions import ErrorMatch
from nectarc.compare.sides import Side, Target, side_of_policies, side_of_rules
from nectarc.ir.nodes import AnySpan, BoolTest, Field, FieldType, SpanTest
from nectarc.refinery.loader import load_rules
from tests.unit.testing.policies import checked

ERROR = ErrorMatch(
    AnySpan(SpanTest(BoolTest(Field(("error",), "error", FieldType.BOOL), True, False))), "error"
)


def policy(*rows: str) -> Target:
    """Return a policy with these rules, `name,match,action`, the first asked first."""
    lines = [f"  {row},{len(rows) - place}" for place, row in enumerate(rows)]
    head = f"version: 1\nrules[{len(rows)}]{{name,match,action,priority}}:\n"
    text = head + "\n".join(lines) + "\n"
    return side_of_policies("policy", {"__default__": checked(text).policy}).target("__default__")


def rules(text: str, name: str = "rules") -> Side:
    """Return a rules file."""
    loaded = load_rules(text)
    assert loaded.rules is not None, loaded.errors
    return side_of_rules(name, loaded.rules)

"""What may be asked of the value of one span field: tests of policies and of Refinery's conditions.

Owns: the predicates and what they say of a value. Must not know: spans, formulas, classes.
Truth: docs/language.md, section 3; ../shared/reference/refinery-semantics.md, 2.4 to 2.8. The plain
evaluators are the meaning: nothing here decides anything of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias, assert_never

from nectarc.evaluate.conditions import compile_test
from nectarc.evaluate.policy import test_holds
from nectarc.evaluate.values import MISSING, ValueOrMissing
from nectarc.ir.nodes import Field, Test
from nectarc.records import part, record, replace
from nectarc.refinery.rules import Condition, ConfigValue

_VALUE: Final = Field((), "")


@record
class Present:
    """The span has the field, null included."""


@record
class PolicyTest:
    """A test of a policy on the value itself; make it with `policy_test`.

    INVARIANT: `test.field` is the same for all, so that equal tests on values are equal.
    """

    test: Test


@record
class ConditionTest:
    """What one condition of Refinery asks of the value that it found; see `condition_test`.

    kind: tells 1, 1.0 and True apart, which Python calls equal.
    """

    operator: str
    value: ConfigValue = part(compare=False)
    datatype: str
    kind: str


Predicate: TypeAlias = Present | PolicyTest | ConditionTest


def policy_test(test: Test) -> PolicyTest:
    """Return the predicate of `test`, whatever field it reads."""
    return PolicyTest(replace(test, field=_VALUE))


def condition_test(condition: Condition) -> ConditionTest:
    """Return the predicate of `condition`, whatever fields it reads. Not for `has-root-span`."""
    return ConditionTest(
        condition.operator, condition.value, condition.datatype, repr(condition.value)
    )


def compile_predicate(predicate: Predicate) -> Callable[[ValueOrMissing], bool]:
    """Prepare the question whether `predicate` holds of a value."""
    match predicate:
        case Present():
            return lambda value: value is not MISSING
        case PolicyTest(test):
            return lambda value: test_holds(test, value)
        case ConditionTest(operator, value, datatype):
            return compile_test(Condition(operator=operator, value=value, datatype=datatype))
        case _:
            assert_never(predicate)

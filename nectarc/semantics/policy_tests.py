"""The `tests` section: what can be said of a test without running it.

Owns: NEC215 to NEC218. Must not know: how tests are run, files.
Truth: docs/language.md, section 2.
"""

from __future__ import annotations

from nectarc.diagnostic import Edit, Fix
from nectarc.ir import nodes as ir
from nectarc.semantics.actions import elaborate_action
from nectarc.semantics.context import Context
from nectarc.semantics.rule_list import CheckedRule
from nectarc.spelling import nearest
from nectarc.syntax import ast
from nectarc.syntax.parser import parse_action


def check_tests(policy: ast.Policy, rules: list[CheckedRule], context: Context) -> None:
    """Check names, actions and roots of the tests."""
    by_name = {one.rule.name.text: one for one in rules}
    first: set[str] = set()
    for test in policy.tests:
        if test.name.text in first:
            context.report(
                "NEC213",
                test.name.source,
                f"test `{test.name.text}` exists twice",
                why="the name is how reports tell tests apart",
                help="give it another name",
            )
        first.add(test.name.text)
        expected = by_name.get(test.expect.text)
        if expected is None:
            _report_unknown_rule(test, by_name, context)
        elif test.action is not None:
            _check_action(test, expected, context)
        _check_trace(test, context)


def _report_unknown_rule(
    test: ast.PolicyTest, rules: dict[str, CheckedRule], context: Context
) -> None:
    wanted = test.expect
    near = nearest(wanted.text, rules)
    context.report(
        "NEC215",
        wanted.source,
        f"the policy has no rule `{wanted.text}`",
        why="the test could never pass",
        help=f"the rules are {', '.join(f'`{name}`' for name in list(rules)[:8])}",
        fixes=(Fix(f"expect `{near}`", (Edit(wanted.source, near),)),) if near else (),
    )


def _check_action(test: ast.PolicyTest, expected: CheckedRule, context: Context) -> None:
    assert test.action is not None
    parsed, findings = parse_action(test.action)
    context.diagnostics.extend(findings)
    action: ir.Action | None = None
    if parsed is not None:
        uses = len(context.uses)
        action = elaborate_action(parsed, context)
        del context.uses[uses:]
    if action is None or expected.action is None or action == expected.action:
        return
    cell = expected.rule.action_cell
    written = cell.text if cell is not None else "another action"
    context.report(
        "NEC216",
        test.action.source,
        f"rule `{test.expect.text}` does `{written}`, not `{test.action.text}`",
        why="the test could never pass",
        help="write the action of the rule, or leave the cell out",
    )


def _check_trace(test: ast.PolicyTest, context: Context) -> None:
    if test.file is None and not test.spans:
        context.report(
            "NEC217",
            test.name.source,
            f"test `{test.name.text}` has neither `spans` nor `file`",
            why="a trace has one span at least",
            help="give it `spans`, or the `file` of a trace",
        )
    elif test.root is not None and test.spans and not 0 <= test.root < len(test.spans):
        context.report(
            "NEC217",
            test.name.source,
            f"test `{test.name.text}` has no span {test.root} to be its root",
            help=f"write a number from 0 to {len(test.spans) - 1}",
        )
    _warn_of_names(test, context)


def _warn_of_names(test: ast.PolicyTest, context: Context) -> None:
    """Spans hold real fields: a name of the language is mostly no field that the policy reads."""
    columns = dict.fromkeys(name for span in test.spans for name, _ in span)
    for column in columns:
        read = context.fields.find(column, is_quoted=False)
        if read is not None and column not in read.spellings:
            context.report(
                "NEC218",
                test.name.source,
                f"`{column}` in a match does not read the span field `{column}` of this test",
                why=f"it reads {', '.join(f'`{one}`' for one in read.spellings)}",
                help=f"name the column `{read.spellings[0]}`",
            )

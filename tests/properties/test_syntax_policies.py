"""Laws of whole policy files: nothing raises, and what is formatted is canonical."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nectarc.source import SourceText
from nectarc.syntax import ast
from nectarc.syntax.format import format_policy
from nectarc.syntax.policy import parse_policy
from nectarc.syntax.tree_text import format_action, format_expr
from nectarc.toon import Json, encode, read
from tests.strategies import actions, expressions, mutated

_SEED = """\
version: 1
name: shop
rules[3|]{name|match|action|priority}:
  errors|any(http.status >= 500 && service in ['a', 'b'])|keep|100
  slow|duration > 5s|ema_dynamic(goal_sample_rate: 10, fields: [http.route])|90
  rest|true|sample(0.01)|0
fields[1]:
  - name: method
    type: string
    from[2]: http.method,http.request.method
invariants[1]{name,when,require}:
  errors,http.status >= 500,share >= 0.5
tests[1]:
  - name: one
    expect: errors
    spans[2]{root,http.status}:
      true,500
      ,
"""


@given(mutated(st.just(_SEED)))
def test_a_mutated_policy_never_raises(text: str) -> None:
    document, _ = read(SourceText.of("p.toon", text))

    _, found = parse_policy(document, "p.toon")

    for finding in found:
        assert 0 <= finding.source.start <= finding.source.end <= len(text)


@given(st.lists(st.tuples(expressions(), actions()), min_size=1, max_size=3))
def test_a_formatted_policy_means_the_same_and_is_canonical(
    rules: list[tuple[ast.Expr, ast.Action]],
) -> None:
    rows: list[Json] = [
        {
            "name": f"r{number}",
            "match": f"({format_expr(match)})",
            "action": format_action(action),
            "priority": number,
        }
        for number, (match, action) in enumerate(rules)
    ]
    text = encode({"version": 1, "name": "x", "rules": rows})
    document, _ = read(SourceText.of("p.toon", text))
    before, _ = parse_policy(document, "p.toon")

    formatted, found = format_policy(document)

    assert found == ()
    again, mistakes = read(SourceText.of("p.toon", formatted))
    after, _ = parse_policy(again, "p.toon")
    assert mistakes == ()
    assert before is not None
    assert after is not None
    assert [(r.match, r.action) for r in after.rules] == rules
    assert [(r.match, r.action) for r in before.rules] == rules
    assert format_policy(again)[0] == formatted

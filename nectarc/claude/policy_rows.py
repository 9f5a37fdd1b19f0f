"""The policy that is refined, as it is sent: rows, with pseudonyms for its texts.

Owns: the shape. Must not know: the prompt. Truth: docs/language.md, 2. Descriptions, comments and
tests stay here: they are people's texts and traces.
"""

from __future__ import annotations

from nectarc.checking import check_text
from nectarc.claude.redaction import Redactor
from nectarc.claude.requests import Json
from nectarc.source import SourceText
from nectarc.syntax import ast
from nectarc.toon.document import Scalar


def policy_shown(text: str, redactor: Redactor) -> dict[str, Json]:
    """Return the rows of a policy, rules by precedence; what cannot be read is left out."""
    written = check_text(SourceText.of("policy.toon", text)).written
    if written is None:
        return {"rules": []}
    rules = sorted(enumerate(written.rules), key=lambda pair: (-pair[1].priority, pair[0]))
    fields: list[Json] = [
        {
            "name": row.name.text,
            "type": row.type.text,
            "spellings": [one.text for one in row.spellings],
        }
        for row in written.fields
    ]
    promises: list[Json] = [_promise(row, redactor) for row in written.invariants]
    return {
        "budget_per_second": written.budget_per_second or 0,
        "rules": [_rule(rule, number, redactor) for number, (_, rule) in enumerate(rules, 1)],
        "fields": fields,
        "promises": promises,
    }


def _rule(rule: ast.Rule, number: int, redactor: Redactor) -> Json:
    return {
        "name": redactor.free_text_shown(rule.name.text, f"rule-{number}"),
        "match": redactor.match_shown(_text(rule.match_cell)),
        "action": _text(rule.action_cell),
        "priority": rule.priority,
    }


def _promise(row: ast.InvariantRow, redactor: Redactor) -> Json:
    name = redactor.free_text_shown(row.name.text, "promise")
    return {"name": name, "when": redactor.match_shown(row.when_cell.text)}


def _text(cell: Scalar | None) -> str:
    return "" if cell is None else cell.text

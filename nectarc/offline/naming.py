"""Names of clauses, and the `fields` rows that their matches need.

Owns: names in kebab case, unique; the rows of method, environment and user agent.
Must not know: how clauses were read. Truth: docs/intent.md, "Names".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nectarc.intent.records import Clause, DropAll, FieldRow, KeepAll
from nectarc.offline.precedence import Placed

_ROWS: Final = (
    FieldRow("method", "string", ("http.request.method", "http.method")),
    FieldRow("deployment_env", "string", ("deployment.environment", "deployment.environment.name")),
    FieldRow("agent", "string", ("user_agent.original", "http.user_agent")),
)
_ABOUT: Final = (
    ("http.status >= 500", "errors"), ("error == true", "errors"), ("duration", "slow"),
    ("span_count", "span-count"), ("has_root", "rootless"), ("http.status", "status"),
)  # fmt: skip


def clause_name(one: Placed, taken: set[str]) -> str:
    """Return a name for the clause and take it."""
    verb = {KeepAll: "keep", DropAll: "drop"}.get(type(one.wanted), "sample")
    about = "rest" if one.item.is_rest else _about(one.text)
    name = f"{verb}-{about}"
    number = 2
    while name in taken:
        name = f"{verb}-{about}-{number}"
        number += 1
    taken.add(name)
    return name


def _about(text: str) -> str:
    texts = re.findall(r"'([^']+)'", text)
    if texts:
        plain = re.sub(r"[^a-z0-9]+", "-", "-".join(texts[:2]).lower()).strip("-")
        if plain:
            return plain[:40].strip("-")
    for found, name in _ABOUT:
        if found in text:
            return name
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return plain[:40].strip("-") or "traces"


def fields_for(clauses: Sequence[Clause]) -> tuple[FieldRow, ...]:
    """Return the rows that declare the names which the clauses read."""
    texts = [re.sub(r"'[^']*'", "''", clause.what) for clause in clauses]
    return tuple(row for row in _ROWS if any(_reads(text, row.name) for text in texts))


def _reads(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.`]){name}(?![\w.`])|root\.{name}(?![\w.])", text) is not None

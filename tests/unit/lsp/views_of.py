"""Views of texts, without a server: what features are asked about in tests here.

The cursor of a case stands in its text as `‸`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Final

from nectarc.checking import check_text
from nectarc.corpus.schema import CorpusSchema, FieldStats
from nectarc.importing.translate import translate_rules
from nectarc.importing.writing import policy_text
from nectarc.records import replace
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.located import locate
from nectarc.toon import encode
from nectarc_lsp.database.database import Database
from nectarc_lsp.database.knowledge import Knowledge
from nectarc_lsp.database.view import Kind, View
from tests.shared_data import ROOT, SHARED, read_vectors

CURSOR: Final = "‸"
SHOP: Final = (ROOT / "examples" / "shop" / "policy.toon").read_text(encoding="utf-8")
_HISTORIES: Final = (
    "instantdb_06_2024-10-18.yaml",
    "instantdb_11_2025-08-26.yaml",
    "raas-hnytest_2025-08.yaml",
)
_EDITS: Final = ("", "‸", "(", '"', "\n", ",", "[", "}", " ", "&&", "\N{HONEYBEE}", "\t", "any(")


def view_of(text: str, name: str = "policy.toon", schema: CorpusSchema | None = None) -> View:
    """Return the view of a document that stands in no folder."""
    path = f"/nowhere/{name}"
    database = Database()
    database.update(f"file://{path}", path, 1, text)
    view = database.view(f"file://{path}")
    assert view is not None
    if schema is None or view.kind is not Kind.POLICY:
        return view
    checked = check_text(view.text, schema)
    return replace(view, schema=schema, checked=checked, findings=checked.diagnostics)


def at_cursor(
    text: str, name: str = "policy.toon", schema: CorpusSchema | None = None
) -> tuple[View, int]:
    """Return the view of a text without its cursor, and where that stood."""
    offset = text.index(CURSOR)
    return view_of(text.replace(CURSOR, "", 1), name, schema), offset


def knowing(view: View, knowledge: Knowledge) -> View:
    """Return the view with what a worker found."""
    return replace(view, knowledge=knowledge)


def schema_of(**fields: tuple[str, int, tuple[str, ...]]) -> CorpusSchema:
    """Return the schema of a corpus of 100 spans: name -> type, spans, examples."""
    stats = {
        name.replace("__", "."): FieldStats({kind: spans}, spans, spans, len(examples), examples)
        for name, (kind, spans, examples) in fields.items()
    }
    return CorpusSchema(stats, 100, 40)


@cache
def real_policies() -> tuple[str, ...]:
    """Return policies that people have: imported rules, the shop, some of the vectors."""
    found = [SHOP]
    for path in sorted((SHARED / "data" / "rules" / "v2").glob("*.yaml")):
        if path.name in _HISTORIES:
            loaded = read_rules_files([(path.name, path.read_bytes())]).loaded
            assert loaded.rules is not None
            assert loaded.tree is not None
            targets = translate_rules(loaded.rules, locate(loaded.rules, loaded.tree))
            found += [policy_text(one, "policy.toon") for one in targets if one.rules]
    for number, vector in enumerate(read_vectors("policies.jsonl")):
        if number % 40 == 0:
            found.append(encode({"version": 1, **vector["policy"]}) + "\n")
    return tuple(found)


@cache
def texts() -> tuple[str, ...]:
    """Return real policies, whole and broken."""
    found: list[str] = []
    for seed, policy in enumerate(real_policies()):
        found += (policy, *broken(policy, seed))
    return tuple(found)


def broken(text: str, seed: int) -> Iterator[str]:
    """Yield the text cut off, and with pieces put in, taken out, doubled."""
    random = Random(seed)
    for _ in range(2):
        yield text[: random.randrange(len(text) + 1)]
    for _ in range(3):
        changed = text
        for _ in range(random.randrange(1, 4)):
            start = random.randrange(len(changed) + 1)
            end = min(len(changed), start + random.choice((0, 0, 1, 2, 9)))
            changed = changed[:start] + random.choice(_EDITS) + changed[end:]
        yield changed

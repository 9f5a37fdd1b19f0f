"""What an import has to report, for people and as JSON.

Owns: order, lines, keys. Must not know: how rules are translated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.cli.console import Console
from nectarc.cli.imported import Imported
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.importing.describing import assumption_words, proof_words, rules_words
from nectarc.importing.records import WrittenPolicy
from nectarc.render.counting import counted
from nectarc.render.json import Json, findings_json
from nectarc.render.terminal import sort_key

# What is read in another way than it is written: the assumptions under a verdict say it already.
_READING: Final = "NEC593"


def report(imported: Imported, console: Console) -> None:
    """Say on stderr what was read, what became of it, and what to know about the file."""
    if imported.unread:
        console.findings(imported.unread, to_result=False)
        console.message(f"nothing of {imported.name} was imported")
        return
    console.message(f"{imported.name}: {counted(len(imported.targets), 'target')}")
    for policy in imported.policies:
        for line in _lines_of(policy):
            console.message(line)
    console.message("")
    console.findings(imported.refusals, to_result=False)
    notes = [one for one in imported.notes if one.code != _READING]
    if notes:
        console.message("what the import did:")
        for line in one_line_each(notes, console):
            console.message(line)
    if imported.traps:
        # Only without assumptions do the policies do as the file does for every trace.
        is_same = not any(target.assumptions or target.refused for target in imported.targets)
        policies = ", and so of the policies, which do as it does" if is_same else ""
        console.message(f"what `nectarc lint` says of the file{policies}:")
        for line in one_line_each(imported.traps, console):
            console.message(line)
    if notes or imported.traps:
        console.message("")


def json_report(
    imported: Imported, console: Console, written: Sequence[str], refused: Diagnostic | None
) -> str:
    """Return everything as one JSON object. written: the files; refused: why there are none."""
    policies = {policy.target: policy for policy in imported.policies}
    found = (*imported.findings, *((refused,) if refused else ()))
    record: dict[str, Json] = {
        "file": imported.name,
        "targets": [
            {
                "target": target.target,
                "file": policies[target.target].file if target.target in policies else None,
                "policy": policies[target.target].text if target.target in policies else None,
                "proof": policies[target.target].proof if target.target in policies else None,
                "summary": rules_words(target),
                "assumptions": [
                    {
                        "kind": one.kind,
                        "field": one.field,
                        "type": one.type,
                        "rules": list(one.rules),
                    }
                    for one in target.assumptions
                ],
                "refused": [
                    {"rule": one.origin, "name": one.name, "reason": one.reason}
                    for one in target.refused
                ],
            }
            for target in imported.targets
        ],
        "findings": findings_json(found, console.texts),
        "written": list(written),
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def one_line_each(found: Sequence[Diagnostic], console: Console) -> Iterator[str]:
    """Yield a line for each finding, the ones that matter most first."""
    order = list(Severity)
    for one in sorted(found, key=lambda one: (order.index(one.severity), sort_key(one))):
        text = console.texts.get(one.source.file)
        line = f":{text.position(one.source.start).line}" if text is not None else ""
        yield f"  {one.severity.value} {one.code} {one.source.file}{line}: {one.headline}"


def _lines_of(policy: WrittenPolicy) -> Iterator[str]:
    target = policy.imported
    if target is None:
        return
    yield f"\n{policy.target}: {rules_words(target)} in {policy.file}"
    words = assumption_words(target.assumptions)
    yield f"  {proof_words(policy.proof, target.assumptions, policy.reason)}"
    for one in words:
        yield f"    - {one}"

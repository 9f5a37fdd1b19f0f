"""Findings as SARIF 2.1.0, which code scanning of GitHub and others reads.

Owns: the document: rules with their pages, results, regions, fixes, fingerprints. Must not know:
who found what, where the pages lie. Pure.
Truth: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from nectarc.codes import CODES
from nectarc.diagnostic import Diagnostic, Fix, Label, Severity
from nectarc.render.json import Json
from nectarc.render.terminal import sort_key
from nectarc.source import SourceSpan, SourceText

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.HINT: "note",
}
# RFC 3986, 2.3 and 3.3: what stands for itself in a path; the standard library's function for this
# brings urllib.
_PLAIN: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@"
)


def render_sarif(
    diagnostics: Iterable[Diagnostic],
    texts: Mapping[str, SourceText],
    *,
    version: str,
    page_of: Callable[[str], str],
) -> str:
    """Return the document: one run, its results in the order of their places.

    texts:   by file name; a finding about a file that is not there has no region.
    version: of nectarc.   page_of: the Markdown page of a code, "" without one.
    """
    ordered = sorted(diagnostics, key=sort_key)
    codes = sorted({one.code for one in ordered})
    number = {code: index for index, code in enumerate(codes)}
    seen: Counter[str] = Counter()
    run: Json = {
        "tool": {
            "driver": {
                "name": "nectarc",
                "semanticVersion": version,
                "rules": [_rule(code, page_of(code)) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, number[one.code], texts, seen) for one in ordered],
    }
    whole: Json = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str, page: str) -> Json:
    entry = CODES[code]
    rule: dict[str, Json] = {
        "id": code,
        "shortDescription": {"text": entry.title},
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
    }
    paragraphs = page.split("\n\n")
    if len(paragraphs) > 1:
        rule["fullDescription"] = {"text": " ".join(paragraphs[1].split())}
        rule["help"] = {"text": page, "markdown": page}
    return rule


def _result(
    one: Diagnostic, rule_index: int, texts: Mapping[str, SourceText], seen: Counter[str]
) -> Json:
    result: dict[str, Json] = {
        "ruleId": one.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[one.severity],
        "message": {"text": _words(one)},
    }
    if one.source.file:
        result["locations"] = [{"physicalLocation": _place(one.source, texts)}]
    result["partialFingerprints"] = {"nectarcFinding/v1": _fingerprint(one, texts, seen)}
    related = [
        _related(index, label, texts)
        for index, label in enumerate(one.related)
        if label.source.file
    ]
    if related:
        result["relatedLocations"] = related
    fixes = [_fix(fix, texts) for fix in one.fixes if _is_known(fix, texts)]
    if fixes:
        result["fixes"] = fixes
    return result


def _words(one: Diagnostic) -> str:
    return "\n".join(words for words in (one.headline, one.why, one.help) if words)


def _related(index: int, label: Label, texts: Mapping[str, SourceText]) -> Json:
    location: dict[str, Json] = {
        "id": index,
        "physicalLocation": _place(label.source, texts),
    }
    if label.text:
        location["message"] = {"text": label.text}
    return location


def _place(source: SourceSpan, texts: Mapping[str, SourceText]) -> dict[str, Json]:
    place: dict[str, Json] = {"artifactLocation": {"uri": _uri(source.file)}}
    text = texts.get(source.file)
    if text is not None:
        place["region"] = _region(source, text)
    return place


def _region(source: SourceSpan, text: SourceText) -> Json:
    start, end = text.position(source.start), text.position(max(source.start, source.end))
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _is_known(fix: Fix, texts: Mapping[str, SourceText]) -> bool:
    return bool(fix.edits) and all(edit.source.file in texts for edit in fix.edits)


def _fix(fix: Fix, texts: Mapping[str, SourceText]) -> Json:
    changes: list[Json] = []
    for file in dict.fromkeys(edit.source.file for edit in fix.edits):
        replacements: list[Json] = [
            {
                "deletedRegion": _region(edit.source, texts[file]),
                "insertedContent": {"text": edit.text},
            }
            for edit in fix.edits
            if edit.source.file == file
        ]
        changes.append({"artifactLocation": {"uri": _uri(file)}, "replacements": replacements})
    return {"description": {"text": fix.title}, "artifactChanges": changes}


def _fingerprint(one: Diagnostic, texts: Mapping[str, SourceText], seen: Counter[str]) -> str:
    """Return what stays when lines above are added: the line's words, and the how-manieth."""
    text = texts.get(one.source.file)
    line = "" if text is None else text.line(text.position(one.source.start).line).strip()
    key = f"{one.code}\0{one.source.file}\0{line}"
    seen[key] += 1
    whole = f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:32]


def _uri(file: str) -> str:
    path = file.removeprefix("./")
    quoted = "".join(
        chr(byte) if byte in _PLAIN else f"%{byte:02X}"
        for byte in path.encode("utf-8", "surrogateescape")
    )
    return f"file://{quoted}" if quoted.startswith("/") else quoted

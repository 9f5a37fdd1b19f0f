"""Generate `nectarc/semantics/data/conventions.json`: conventional field names and their types.

Run: `.venv/bin/python tools/build_conventions.py GO_SEMCONV_FOLDER`, where the folder is
`semconv/` of the Go module `go.opentelemetry.io/otel` (`go mod download -json
go.opentelemetry.io/otel@latest` prints where it lies). Types come from there, since its comments
state the type of every attribute in every version; replacements ("Replaced by") come from the
installed `opentelemetry-semantic-conventions`. A type is recorded only where all versions agree.
Truth: docs/language.md, section 3, "Types"; ../shared/reference/refinery-semantics.md, 6.2, 6.3.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

TARGET: Final = (
    Path(__file__).resolve().parent.parent / "nectarc" / "semantics" / "data" / "conventions.json"
)

# What Refinery 3.2.2 makes of OTLP spans, events and links; these stand above OpenTelemetry's.
REFINERY: Final[dict[str, str]] = {
    "name": "string",
    "duration_ms": "duration_ms",
    "error": "bool",
    "status_code": "int",
    "status_message": "string",
    "span.kind": "string",
    "type": "string",
    "span.num_events": "int",
    "span.num_links": "int",
    "trace.span_id": "string",
    "trace.trace_state": "string",
    "trace.link.trace_id": "string",
    "trace.link.span_id": "string",
    "parent_name": "string",
    "library.name": "string",
    "library.version": "string",
    "telemetry.instrumentation_library": "bool",
    "resource.schema_url": "string",
    "scope.schema_url": "string",
    "exception.message": "string",
    "exception.type": "string",
    "exception.stacktrace": "string",
    "exception.escaped": "bool",
    "meta.signal_type": "string",
    "meta.annotation_type": "string",
    "meta.invalid_duration": "bool",
    "meta.time_since_span_start_ms": "duration_ms",
    "meta.invalid_time_since_span_start": "bool",
    "severity": "string",
    "severity_code": "int",
    "severity_text": "string",
}

_TYPES: Final = {"string": "string", "int": "int", "double": "float", "boolean": "bool"}
_ATTRIBUTE: Final = re.compile(r'^\s*(\w+)Key\s+= attribute\.Key\("([^"]+)"\)')
_TYPE: Final = re.compile(r"^\s*// Type: (\S+)\s*$")
_MEMBER: Final = re.compile(r"(\w+)Key\.(String|Int|Bool|Float64)\(")
_CONSTANT: Final = re.compile(
    r'^[A-Z0-9_]+: Final = "([^"]+)"\n"""\n(.*?)\n"""', re.DOTALL | re.MULTILINE
)
_REPLACED: Final = re.compile(r"^Deprecated: (?:Replaced by|Use) `([a-z0-9_.]+)`(?: instead)?\.?$")


def types_of(folder: Path) -> dict[str, set[str]]:
    """Return the types that the Go files of one version state, by attribute name."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.glob("*.go")):
        text = path.read_text(encoding="utf-8")
        members = dict(_MEMBER.findall(text))
        stated = ""
        for line in text.splitlines():
            if match := _TYPE.match(line):
                stated = match[1]
            elif match := _ATTRIBUTE.match(line):
                if stated == "Enum":
                    stated = {"Int": "int", "Bool": "boolean"}.get(members.get(match[1], ""), "")
                    stated = stated or "string"
                found[match[2]].add(_TYPES.get(stated, "other"))
                stated = ""
    return found


def version_key(folder: Path) -> tuple[int, ...]:
    """Order folders such as `v1.9.0` by version."""
    return tuple(int(part) for part in folder.name[1:].split("."))


def replacements() -> dict[str, str]:
    """Return old name -> new name, where the conventions name exactly one new attribute."""
    # Read as text, never imported: the comments hold what is wanted.
    package = find_spec("opentelemetry.semconv")
    folders = package.submodule_search_locations if package is not None else None
    if not folders:
        raise SystemExit("pip install opentelemetry-semantic-conventions")
    found: dict[str, str] = {}
    for root in folders:
        for path in sorted((Path(root) / "_incubating" / "attributes").glob("*.py")):
            for name, words in _CONSTANT.findall(path.read_text(encoding="utf-8")):
                match = _REPLACED.match(" ".join(words.split()))
                if match and "." in match[1]:
                    found[name] = match[1]
    return found


def main() -> int:
    """Write the data file; return the exit status."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)  # noqa: T201 - this is a command
        return 2
    folders = sorted((f for f in Path(sys.argv[1]).glob("v1.*.*") if f.is_dir()), key=version_key)
    types: dict[str, set[str]] = defaultdict(set)
    for folder in folders:
        for name, stated in types_of(folder).items():
            types[name] |= stated
    by_type: dict[str, list[str]] = defaultdict(list)
    for name, stated in sorted(types.items()):
        # A name without a dot ("state") is too common a word to carry a type of its own.
        if name not in REFINERY and "." in name:
            certain = next(iter(stated)) if len(stated) == 1 else "other"
            by_type[certain].append(name)
    old_to_new = {
        old: new
        for old, new in sorted(replacements().items())
        if types.get(old)
        and types.get(old) == types.get(new)
        and "." in old
        and old not in REFINERY
    }
    data = {
        "semconv": folders[-1].name[1:],
        "semconv_first": folders[0].name[1:],
        "replacements_from": f"opentelemetry-semantic-conventions "
        f"{version('opentelemetry-semantic-conventions')}",
        "refinery": "3.2.2",
        "refinery_types": REFINERY,
        "types": {kind: " ".join(by_type[kind]) for kind in ("bool", "int", "float", "string")},
        "untyped": " ".join(by_type["other"]),
        "replaced_by": old_to_new,
    }
    TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

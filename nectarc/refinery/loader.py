"""Load a rules file as Refinery 3.2.2 does, and say what it says.

Owns: the two passes in order, the verdict, the hash, the first decision of each target.
Must not know: where the text came from.
Truth: ../shared/reference/refinery-semantics.md, section 1.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.evaluate.refinery_rules import Outcome, decide
from nectarc.evaluate.sampler_start import ProcessExit
from nectarc.records import part, record
from nectarc.refinery.decode import decode_rules
from nectarc.refinery.load_error import PROCESS_EXIT_CODE, LoadError, load_error
from nectarc.refinery.plain_tree import tree_of_plain_data
from nectarc.refinery.rules import RulesFile
from nectarc.refinery.validate import validate
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlProblem, YamlScalar
from nectarc.refinery.yaml_tree import parse_yaml
from nectarc.source import SourceSpan
from nectarc.trace import ROOT_FIELD, Span, Trace

FORMATS: Final = {
    "yaml": "yaml",
    "yml": "yaml",
    "YAML": "yaml",
    "YML": "yaml",
    "toml": "toml",
    "TOML": "toml",
    "json": "json",
    "JSON": "json",
}
_NAMES: Final = "name the file `.yaml` or `.yml`"
# What libyaml says of `>=` and `!=,` where a text should be.
_UNQUOTED: Final = frozenset(
    ("did not find expected comment or line break", "a tag followed by a comma or a bracket")
)
_JSON_SPACE: Final = " \t\r\n"
_TOML_PLACE: Final = re.compile(r" \(at line ([0-9]+), column ([0-9]+)\)$")


@record(kw_only=True)
class LoadResult:
    """Refinery's verdict on a file.

    errors:         what Refinery reports: all of the validator's, the first of a decoder's.
    more_errors:    what the decoder would report next, once the first is repaired.
    stage:          None when accepted; "decode" (unreadable, or a pass cannot convert it) or
                    "validate" (the map pass found errors).
    hash:           lower-case hex MD5 of the raw bytes, what Refinery reports as the rules' hash.
    rules:          the loaded rules, when accepted.
    first_decision: by target, "decides", "exit 1" or "exit 2" (the process ends); when accepted.
    exits:          diagnostics for the targets that end the process.
    tree:           the YAML tree, for finer findings; None when it could not be read.
    """

    is_accepted: bool
    stage: str | None
    errors: tuple[LoadError, ...]
    hash: str
    more_errors: tuple[LoadError, ...] = ()
    rules: RulesFile | None = None
    first_decision: Mapping[str, str] = part(default_factory=dict)
    exits: tuple[Diagnostic, ...] = ()
    tree: YamlMapping | None = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings: the refusals, or the targets that end the process."""
        errors = self.errors + self.more_errors
        return tuple(error.diagnostic for error in errors) + self.exits


def load_rules(data: str | bytes, extension: str = "yaml", file: str = "<rules>") -> LoadResult:
    """Load one rules file; never raises. `extension` is the file name's, case as written."""
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    digest = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    whole = SourceSpan(file, 0, 1)
    form = FORMATS.get(extension)
    if form is None:
        named = f"no `.{extension}` files" if extension else "no files without an extension"
        words = f"Refinery reads {named}"
        return refused("decode", (load_error("format", words, whole, help=_NAMES),), digest)
    tree, errors = _read_tree(raw, form, whole)
    if errors:
        return refused("decode", errors, digest)
    return load_tree(tree, whole, digest)


def load_tree(tree: YamlMapping | None, whole: SourceSpan, digest: str) -> LoadResult:
    """Load what was read as a tree, a part of a larger file perhaps.

    tree:  the map that holds `RulesVersion` and `Samplers`; None is a null document.
    whole: where to point for what is not there. digest: of the bytes, as `LoadResult.hash`.
    """
    errors = validate(tree, whole)
    if errors:
        return refused("validate", errors, digest, tree)
    assert tree is not None  # an empty file lacks what the validator wants
    rules, errors = decode_rules(tree)
    if rules is None:
        return refused("decode", errors, digest, tree)
    exits = {name: _first_decision(rules, name) for name in rules.samplers}
    return LoadResult(
        is_accepted=True,
        stage=None,
        errors=(),
        hash=digest,
        rules=rules,
        first_decision={
            name: "decides" if found is None else f"exit {found.status}"
            for name, found in exits.items()
        },
        exits=tuple(
            _exit_diagnostic(name, found, tree, whole)
            for name, found in exits.items()
            if found is not None
        ),
        tree=tree,
    )


def refused(
    stage: str, errors: tuple[LoadError, ...], digest: str, tree: YamlMapping | None = None
) -> LoadResult:
    """Return the verdict on a file with `errors`: a decoder stops at its first."""
    count = 1 if stage == "decode" else len(errors)
    return LoadResult(
        is_accepted=False,
        stage=stage,
        errors=errors[:count],
        more_errors=errors[count:],
        hash=digest,
        tree=tree,
    )


def _read_tree(
    raw: bytes, form: str, whole: SourceSpan
) -> tuple[YamlMapping | None, tuple[LoadError, ...]]:
    """Read the top-level map; None without errors is a null document."""
    try:
        text = _decode_text(raw, form)
    except UnicodeDecodeError as error:
        kind = "yaml-syntax" if form == "yaml" else form
        at = len(raw[: error.start].decode("utf-8", "replace").removeprefix("\ufeff"))
        place = SourceSpan(whole.file, at, at + 1) if error.encoding == "utf-8" else whole
        return None, (load_error(kind, "the file is not UTF-8 text", place),)
    if form == "yaml":
        return top_map(*parse_yaml(text, whole.file), whole)
    root, errors = read_plain(text, form, whole)
    return (None, errors) if root is None else _map_of(root)


def read_plain(
    text: str, form: str, whole: SourceSpan, *, keeps_integers: bool = False
) -> tuple[YamlNode | None, tuple[LoadError, ...]]:
    """Read JSON or TOML as a tree without places, or say why that fails.

    A whole number is the float that Refinery makes of it, unless `keeps_integers`.
    """
    try:
        data = _parse_plain(text, form, keeps_integers=keeps_integers)
        return tree_of_plain_data(data, whole, keeps_integers=keeps_integers), ()
    except (ValueError, RecursionError, OverflowError) as error:
        words, at = _syntax_words(error, text)
        place = whole if at is None else SourceSpan(whole.file, at, at + 1)
        return None, (load_error(form, f"not readable as {form.upper()}: {words}", place),)


def _syntax_words(error: Exception, text: str) -> tuple[str, int | None]:
    """Return what a parser says, and the offset in `text` that it names."""
    import json  # noqa: PLC0415 - start-up time: most rules are YAML

    words = str(error).split("\n", 1)[0].rstrip(".")
    if isinstance(error, json.JSONDecodeError):
        margin = len(text) - len(text.lstrip(_JSON_SPACE))
        return error.msg.lower(), min(margin + error.pos, len(text))
    found = _TOML_PLACE.search(words)
    if found is None:
        return words, None
    lines = text.split("\n")[: int(found[1]) - 1]
    at = sum(len(line) + 1 for line in lines) + int(found[2]) - 1
    return words[: found.start()].lower(), min(at, len(text))


def top_map(
    root: YamlNode | None, problems: tuple[YamlProblem, ...], whole: SourceSpan
) -> tuple[YamlMapping | None, tuple[LoadError, ...]]:
    """Return the top-level map of what `parse_yaml` read, or why Refinery refuses to read it.

    None without errors is a null document. whole: where to point in an empty file.
    """
    if problems:
        return None, tuple(map(_problem_error, problems))
    if root is None:
        return None, (load_error("empty", "the file is empty", whole),)
    return _map_of(root)


def _map_of(root: YamlNode) -> tuple[YamlMapping | None, tuple[LoadError, ...]]:
    if isinstance(root, YamlMapping):
        return root, ()
    if isinstance(root, YamlScalar) and root.value is None:
        return None, ()
    words = "the file's top level is no map"
    fix = "write `RulesVersion: 2` and `Samplers:` at the top"
    return None, (load_error("wrong-shape", words, root.source, line=root.line, help=fix),)


def _decode_text(raw: bytes, form: str) -> str:
    if form == "yaml" and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    return raw.decode("utf-8")


def _parse_plain(text: str, form: str, *, keeps_integers: bool) -> object:
    """Parse JSON (the first value only, as Go's decoder does) or TOML."""
    if form == "toml":
        import tomllib  # noqa: PLC0415 - start-up time

        return tomllib.loads(text)
    import json  # noqa: PLC0415 - start-up time

    whole = int if keeps_integers else float
    decoder = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=whole)
    value, _ = decoder.raw_decode(text.lstrip(_JSON_SPACE))
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"`{name}` is no JSON value")


def _problem_error(problem: YamlProblem) -> LoadError:
    is_duplicate = problem.kind == "duplicate-key"
    advice = "remove one of the two keys" if is_duplicate else ""
    if problem.message in _UNQUOTED:
        advice = "if this is an operator, quote it: `Operator: '>='`"
    return load_error(
        problem.kind,
        problem.message if is_duplicate else f"not readable as YAML: {problem.message}",
        problem.source,
        line=problem.line,
        help=advice,
    )


def _first_decision(rules: RulesFile, name: str) -> ProcessExit | None:
    """Decide a trace of one root span without attributes."""
    probe = Trace("0" * 32, (Span({ROOT_FIELD: True}, is_root=True),))
    match decide(rules.samplers[name], probe):
        case ProcessExit() as found:
            return found
        case Outcome():
            return None


def _exit_diagnostic(
    name: str, found: ProcessExit, tree: YamlMapping, whole: SourceSpan
) -> Diagnostic:
    samplers = tree.get("Samplers")
    entries = samplers.entries if isinstance(samplers, YamlMapping) else ()
    source = next((entry.key.source for entry in entries if entry.key.text == name), whole)
    return finding(
        PROCESS_EXIT_CODE,
        source,
        f"Refinery's process ends at the first decision for target `{name}`",
        label=found.cause,
        why="Refinery accepts the file and dies later, with every trace that it holds",
        help="name one sampler with settings that can run, or remove the target",
    )

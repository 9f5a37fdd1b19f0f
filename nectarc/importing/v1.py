"""Rules of Refinery 1.x, read as what they mean in 2.x.

Owns: where the rules stand in a file, its targets, and what the whole comes to.
Must not know: policies. Truth: honeycombio/refinery v1.21, config/file_config.go; docs/v1-rules.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.importing import v1_notes as notes_of
from nectarc.importing.v1_notes import Notes
from nectarc.importing.v1_rules import rules_based
from nectarc.importing.v1_samplers import (
    DETERMINISTIC,
    KINDS,
    KNOWN_KEYS,
    RULES,
    deterministic,
    dynamic,
    goal_of,
    note_unread,
    with_goal,
)
from nectarc.importing.v1_settings import Settings, UnfitError
from nectarc.importing.v1_toml import TomlProblem, parse_toml
from nectarc.records import record
from nectarc.refinery.rules import (
    DEFAULT_TARGET,
    DeterministicConfig,
    DynamicConfig,
    RulesFile,
    TargetSampler,
)
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.refinery.yaml_tree import parse_yaml
from nectarc.source import SourceSpan, SourceText
from nectarc.spelling import nearest

_TEMPLATE: Final = re.compile(r"^(?:[^#\n]|#(?=\{\{))*?(\{\{.*?\}\}|\$\{[^}\n]*\})", re.MULTILINE)
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}")
_OWN_KEYS_OF_2: Final = re.compile(
    r"^[ \t]*[\"']?(?:RulesVersion|Samplers)[\"']?[ \t]*[:=]", re.MULTILINE
)
_SAMPLER_LINE: Final = re.compile(
    r"^[ \t]*[\"']?sampler[\"']?[ \t]*[:=][ \t]*[\"']?(?:\{\{|\$\{|[A-Za-z]*Sampler\b)",
    re.IGNORECASE | re.MULTILINE,
)
_OTHER_KEY: Final = re.compile(r"SampleRate|DryRun", re.IGNORECASE)
_OTHER_TOML_KEY: Final = re.compile(
    r"^[ \t]*(?:SampleRate|DryRun)[ \t]*=", re.IGNORECASE | re.MULTILINE
)
_CONTENT_LINE: Final = re.compile(r"^[ \t]*[^#\s]", re.MULTILINE)
_YAML: Final = frozenset(("yaml", "yml", "json"))
_TOML_LINE: Final = re.compile(r"^[ \t]*(?:\[.+\][ \t]*$|[A-Za-z_]+[ \t]*=)", re.MULTILINE)
_TOP_KEYS: Final = frozenset(("sampler", "samplerate", "dryrun", "samplerconfig", "rule"))
_OLDEST: Final = "SamplerConfig"
_OLDEST_DEFAULT: Final = "_default"


@record(kw_only=True)
class V1Rules:
    """What a file of Refinery 1.x comes to.

    rules:   the rules of 2.x that its converter would write, `__default__` first; None where the
             file cannot be read, or its default sampler is refused.
    notes:   what 2.x reads otherwise (NEC598), what 1.x itself ignores or 2.x has no place for
             (NEC599): each placed in the file, in its order.
    refused: what is not in `rules`, and why: targets (NEC599), or the whole file (NEC500, NEC540).
    """

    rules: RulesFile | None
    notes: tuple[Diagnostic, ...] = ()
    refused: tuple[Diagnostic, ...] = ()


class _Target(NamedTuple):
    """One target: where it is named, and its settings."""

    name: str
    key: SourceSpan
    settings: Settings


def looks_like_v1(content: str | bytes, extension: str = "") -> bool:
    """Say whether a file is meant for Refinery 1.x, broken or not. extension: without the dot.

    2.x reads no TOML: there a key of 1.x is enough, and a file of comments only is 1.x's default.
    """
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    if _OWN_KEYS_OF_2.search(text) is not None:
        return False
    if _SAMPLER_LINE.search(text) is not None:
        return True
    if extension.lower() == "toml":
        is_empty = _CONTENT_LINE.search(text) is None  # 1.x as it comes: comments only
        return is_empty or _OTHER_TOML_KEY.search(text) is not None
    if _OTHER_KEY.search(text) is None:
        return False
    root, _ = parse_yaml(text, "")
    found = _part_of_yaml(root, SourceText.of("", text))
    return isinstance(found, YamlMapping) and any(
        entry.key.text.lower() in _TOP_KEYS for entry in found.entries
    )


def read_v1(text: SourceText, extension: str) -> V1Rules:
    """Read a file of Refinery 1.x; never raises.

    extension: "toml", or one of YAML or JSON; of any other (standard input) the text tells.
    """
    form = extension.lower()
    is_toml = form == "toml" or (form not in _YAML and _TOML_LINE.search(text.text) is not None)
    root, refused = _root(text, is_toml=is_toml)
    if root is None:
        return V1Rules(rules=None, refused=refused)
    notes = Notes()
    samplers: dict[str, TargetSampler] = {}
    problems: list[Diagnostic] = []
    for target in _targets(Settings(root), notes):
        sampler = _sampler_of(target, notes)
        if isinstance(sampler, Diagnostic):
            problems.append(sampler)
        else:
            samplers.setdefault(target.name, sampler)
    whole = RulesFile(samplers=samplers) if DEFAULT_TARGET in samplers else None
    return V1Rules(rules=whole, notes=notes.all(), refused=tuple(problems))


def _root(text: SourceText, *, is_toml: bool) -> tuple[YamlMapping | None, tuple[Diagnostic, ...]]:
    template = _template(text)
    if template is not None and template.text.startswith("{{"):
        return None, (template.finding,)
    if is_toml:
        found = parse_toml(text)
        if isinstance(found, YamlMapping):
            return found, ()
        return None, (template.finding if template else _unreadable("TOML", found),)
    root, problems = parse_yaml(text.text, text.file)
    if problems:
        problem = TomlProblem(problems[0].message, problems[0].source)
        return None, (template.finding if template else _unreadable("YAML", problem),)
    part = _part_of_yaml(root, text)
    if isinstance(part, TomlProblem):
        return None, (_unreadable("rules", part),)
    if isinstance(part, YamlMapping):
        return part, ()
    if root is None or (isinstance(part, YamlScalar) and part.value is None):
        return YamlMapping((), is_string_keyed=True, source=text.span(0, 1), line=1), ()
    place = text.span(0, 1) if part is None else part.source
    return None, (_unreadable("rules", TomlProblem("no map of settings", place)),)


class _Template(NamedTuple):
    text: str
    finding: Diagnostic


def _template(text: SourceText) -> _Template | None:
    """Return the first placeholder of a template, None without one."""
    found = _TEMPLATE.search(text.text)
    if found is None:
        return None
    help_ = "render it first (`helm template`, `envsubst`), then import the result"
    return _Template(
        found[1],
        finding(
            "NEC540",
            text.span(*found.span(1)),
            f"`{found[1]}` is filled in by a template: this is no rules file yet",
            label="a placeholder",
            why="what is kept depends on what stands here",
            help=help_,
        ),
    )


def _unreadable(form: str, problem: TomlProblem) -> Diagnostic:
    help_ = "indent with spaces: YAML takes no tabs there" if "tab" in problem.message else ""
    headline = f"not readable as {form}: {problem.message}"
    why = "Refinery 1.x does not start with it either"
    return finding("NEC500", problem.source, headline, why=why, help=help_)


def _part_of_yaml(root: YamlNode | None, text: SourceText) -> YamlNode | TomlProblem | None:
    """Return the rules of a YAML file: itself, below `rules`, or a text of a ConfigMap."""
    if not isinstance(root, YamlMapping):
        return root
    inner = root.get("rules")
    if isinstance(inner, YamlMapping):
        return inner
    if isinstance(inner, YamlScalar) and isinstance(inner.value, str):
        return _embedded(inner, text, "yaml")
    texts = root.get("data")
    if not isinstance(texts, YamlMapping):
        return root
    for key, value in texts.entries:
        if "rules" in key.text and isinstance(value, YamlScalar) and isinstance(value.value, str):
            return _embedded(value, text, key.text.rpartition(".")[2])
    return root


def _embedded(scalar: YamlScalar, text: SourceText, extension: str) -> YamlNode | TomlProblem:
    """Read the text that a scalar holds; of a literal block, with exact places."""
    written = text.text[scalar.source.start : scalar.source.end]
    if written.startswith("|"):
        # All but the block becomes blank: what stands in it keeps its offset.
        begin = scalar.source.start + written.find("\n") + 1
        blank = re.sub(r"[^\n]", " ", text.text[:begin])
        source = SourceText.of(text.file, blank + text.text[begin : scalar.source.end])
    else:
        source = SourceText.of(text.file, str(scalar.value))
    found: YamlNode | TomlProblem | None
    if extension.lower() == "toml":
        found = parse_toml(source)
    else:
        root, problems = parse_yaml(source.text, text.file)
        found = TomlProblem(problems[0].message, problems[0].source) if problems else root
    if found is None:
        return YamlMapping((), is_string_keyed=True, source=scalar.source, line=scalar.line)
    return found if written.startswith("|") else _moved(found, scalar.source)


def _moved(node: YamlNode | TomlProblem, place: SourceSpan) -> YamlNode | TomlProblem:
    """Return `node` with every place at `place`: its own are those of another text."""
    match node:
        case TomlProblem():
            return TomlProblem(node.message, place)
        case YamlScalar():
            return YamlScalar(node.value, node.text, node.tag, place, node.line)
        case YamlSequence():
            items = (_moved(item, place) for item in node.items)
            nodes = tuple(item for item in items if not isinstance(item, TomlProblem))
            return YamlSequence(nodes, place, node.line)
        case YamlMapping():
            entries = []
            for entry in node.entries:
                key, value = _moved(entry.key, place), _moved(entry.value, place)
                if isinstance(key, YamlScalar) and not isinstance(value, TomlProblem):
                    entries.append(entry._replace(key=key, value=value))
            return YamlMapping(
                tuple(entries), is_string_keyed=node.is_string_keyed, source=place, line=node.line
            )


def _targets(top: Settings, notes: Notes) -> Iterator[_Target]:
    """Yield the default target, then the others in the file's order."""
    oldest = top.value(_OLDEST)
    if isinstance(oldest, YamlSequence) and oldest.items:
        oldest = oldest.items[0]
    if isinstance(oldest, YamlMapping):
        yield from _oldest_targets(oldest, top, notes)
        return
    dry_run = top.bool("DryRun") if _is_truth(top, "DryRun") else None
    if dry_run is not None:
        notes.add(notes_of.dry_run_moves(top.key_source("DryRun"), is_on=dry_run))
    if top.entry("DryRunFieldName") is not None:
        notes.add(notes_of.dry_run_field_is_fixed(top.key_source("DryRunFieldName")))
    yield _Target(DEFAULT_TARGET, top.key_source("Sampler"), top)
    for key, value in top.unread():
        if isinstance(value, YamlMapping):
            yield from _target(key, Settings(value), notes)
            top.entry(key.text)
    note_unread(top, KNOWN_KEYS, notes, is_grave=False)


def _oldest_targets(oldest: YamlMapping, top: Settings, notes: Notes) -> Iterator[_Target]:
    """Yield the targets of the form before 1.0, which stand below `SamplerConfig`."""
    inner = Settings(oldest)
    default = inner.value(_OLDEST_DEFAULT)
    if isinstance(default, YamlMapping):
        yield _Target(DEFAULT_TARGET, inner.key_source(_OLDEST_DEFAULT), Settings(default))
    else:
        empty = YamlMapping((), is_string_keyed=True, source=oldest.source, line=oldest.line)
        yield _Target(DEFAULT_TARGET, oldest.source, Settings(empty))
    for key, value in inner.unread():
        if isinstance(value, YamlMapping):
            yield from _target(key, Settings(value), notes)
    note_unread(top, frozenset(), notes, is_grave=False)


def _target(key: YamlScalar, settings: Settings, notes: Notes) -> Iterator[_Target]:
    if settings.value("Sampler") is None:
        notes.add(notes_of.table_is_no_target(key.text, key.source))
        return
    notes.add(notes_of.names_are_exact(key.source))
    yield _Target(key.text, key.source, settings)


def _is_truth(top: Settings, name: str) -> bool:
    try:
        top.bool(name)
    except UnfitError:
        return False
    return True


def _sampler_of(target: _Target, notes: Notes) -> TargetSampler | Diagnostic:
    """Return the target's sampler, or why it is refused."""
    if _PLACEHOLDER.search(target.name):
        cause = "its name is filled in by a template"
        return notes_of.target_is_refused(target.name, cause, target.key, "render the file first")
    settings = target.settings
    try:
        kind = settings.text("Sampler") or DETERMINISTIC
        sampler = _read_sampler(kind, target, notes)
    except UnfitError as unfit:
        cause = f"`{unfit.name}` is not {unfit.wanted}"
        return notes_of.target_is_refused(target.name, cause, unfit.source)
    if isinstance(sampler, Diagnostic) or target.name == DEFAULT_TARGET:
        return sampler
    note_unread(settings, KNOWN_KEYS, notes, is_grave=False)
    return sampler


def _read_sampler(kind: str, target: _Target, notes: Notes) -> TargetSampler | Diagnostic:
    settings = target.settings
    if kind == RULES:
        settings.entry("SampleRate")  # common beside rules, and harmless
        return rules_based(settings, notes)
    if kind not in KINDS:
        meant = nearest(kind, KINDS)
        cause = f"`{kind}` is no sampler of 1.x"
        node = settings.value("Sampler")
        place = target.key if node is None else node.source
        help_ = f"write `{meant}`" if meant else ""
        return notes_of.target_is_refused(target.name, cause, place, help_)
    sampler: DeterministicConfig | DynamicConfig
    sampler = deterministic(settings) if kind == DETERMINISTIC else dynamic(kind, settings, notes)
    goal = goal_of(kind)
    written = settings.int(goal)
    if written is None and target.name == DEFAULT_TARGET and goal == "SampleRate":
        if isinstance(sampler, DeterministicConfig):
            return DeterministicConfig(sample_rate=1)
        return with_goal(sampler, 1)
    if written is None or written < 1:
        cause = f"its `{goal}` is missing" if written is None else f"its `{goal}` is below 1"
        node = settings.value(goal)
        place = target.key if node is None else node.source
        return notes_of.target_is_refused(target.name, cause, place)
    if kind != DETERMINISTIC and settings.value("FieldList") is None:
        return notes_of.target_is_refused(target.name, "its `FieldList` is missing", target.key)
    return sampler

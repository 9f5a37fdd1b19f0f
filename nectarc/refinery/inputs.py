"""Everything that `lint`, `import` and `diff` read: files of rules, in whatever they are wrapped.

Owns: the forms that rules come in, which part of a file is read, what a file without rules is told.
Must not know: file systems; it takes names and bytes.
Truth: ../shared/reference/refinery-semantics.md, 1.4, 1.5, traps T49 and T58.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from nectarc.diagnostic import Diagnostic
from nectarc.files import STDIN, STDIN_NAME
from nectarc.records import record, replace
from nectarc.refinery import guesses
from nectarc.refinery.embedded import (
    Embedded,
    best_of,
    find_by_name,
    find_embedded,
    holds_rules,
    later_documents,
    with_chart_defaults,
)
from nectarc.refinery.fragments import fragment_of
from nectarc.refinery.input_findings import (
    added_by_chart,
    ignored_documents,
    refused_numbers,
    several,
)
from nectarc.refinery.input_text import JSON, TOML, YAML, extension_of, format_of, text_of
from nectarc.refinery.load_error import LoadError, Place
from nectarc.refinery.loader import (
    FORMATS,
    LoadResult,
    load_rules,
    load_tree,
    read_plain,
    refused,
    top_map,
)
from nectarc.refinery.merging import load_merged
from nectarc.refinery.moved import Placement
from nectarc.refinery.yaml_nodes import YamlMapping, YamlNode, YamlProblem
from nectarc.refinery.yaml_tree import parse_yaml
from nectarc.source import SourceSpan, SourceText

_REFINERY_1: Final = "Refinery 1"
_FRAGMENT: Final = "part of rules"
_KINDS: Final = {"NEC540": "template", "NEC542": "no-rules", "NEC543": "version-1"}


@record(kw_only=True)
class RulesPart:
    """Where the rules of one input stand.

    file:     the input's name, "<stdin>" for standard input.
    text:     the whole input; places point into it. A byte order mark is left out. Of bytes that
              are no text, with U+FFFD for those.
    form:     in words: "rules", "JSON", "TOML", "Helm values", "ConfigMap", "YAML" (inside another
              file), "Refinery 1", "part of rules" (`nectarc/refinery/fragments.py`); "" where no
              rules were found.
    where:    the path of keys to an embedded part (`data.rules.yaml`), "" for a whole file.
    content:  the text of the rules alone, where they are a text: the file's, the ConfigMap's entry.
    format:   as which it was read, by the name or by the text: "yaml", "json", "toml".
    encoding: of the bytes: "utf-8", "utf-8-sig" (with a mark in front), "utf-16"; "" for no text.
    can_edit: places inside are exact and an edit of YAML at them edits this file; false for a
              quoted or folded text, for JSON and TOML, and for other encodings than UTF-8.
    """

    file: str
    text: SourceText
    form: str
    where: str = ""
    content: str | None = None
    format: str = "yaml"
    encoding: str = "utf-8"
    can_edit: bool = True


@record(kw_only=True)
class RulesInput:
    """One set of rules, of one input or of several merged as Refinery merges them.

    loaded:   what the content means, read as YAML: for lints (`lint_rules(loaded, ...)`), `import`
              and `diff`. `loaded.diagnostics` say why there are no rules, also for a file that is
              none (NEC540, NEC542, NEC543).
    verdict:  what Refinery itself says of inputs with these names; other than `loaded` for JSON,
              TOML, and extensions that it does not read.
    findings: further findings about the inputs as such: a second document that is ignored, JSON
              that Refinery refuses. To be shown besides those of `lint_rules`.
    parts:    one for each input, in order.
    """

    loaded: LoadResult
    verdict: LoadResult
    findings: tuple[Diagnostic, ...]
    parts: tuple[RulesPart, ...]

    @property
    def texts(self) -> tuple[SourceText, ...]:
        """All texts that places point into, for showing them."""
        return tuple(part.text for part in self.parts)

    @property
    def text(self) -> SourceText | None:
        """The one text that fixes may edit (`LintContext.text`); None: offer no fixes."""
        (part, *others) = self.parts
        return part.text if part.can_edit and not others else None


@record(kw_only=True)
class _Read:
    """One input, read.

    tree:    the rules as a top-level map; None without errors is a null document.
    errors:  why there is none.
    raw:     the bytes that Refinery reads, as far as they are known: those of a ConfigMap's entry.
    verdict: of Refinery on this input alone where it is not the one on `tree`.
    """

    part: RulesPart
    tree: YamlMapping | None
    errors: tuple[LoadError, ...]
    raw: bytes
    whole: SourceSpan
    findings: tuple[Diagnostic, ...] = ()
    verdict: LoadResult | None = None


def read_rules_files(inputs: Sequence[tuple[str, bytes]]) -> RulesInput:
    """Read rules from `inputs`: a name and its bytes each, at least one; never raises.

    The format follows the name's extension as in Refinery; of "<stdin>" (or "-") it is JSON or
    TOML where the text is, else YAML. Several are merged in order: a later one wins, target by
    target.
    """
    reads = [_read(STDIN_NAME if name == STDIN else name, data) for name, data in inputs]
    findings = tuple(one for read in reads for one in read.findings)
    parts = tuple(read.part for read in reads)
    digest = hashlib.md5(b"".join(read.raw for read in reads), usedforsecurity=False).hexdigest()
    loaded = _loaded(reads, digest)
    verdict = loaded if all(read.verdict is None for read in reads) else _verdict(reads, digest)
    findings += tuple(one for read in reads for one in _refusals(read, verdict))
    return RulesInput(loaded=loaded, verdict=verdict, findings=findings, parts=parts)


def _loaded(reads: Sequence[_Read], digest: str) -> LoadResult:
    broken = next((read for read in reads if read.errors), None)
    if broken is not None:
        return refused("decode", broken.errors, digest)
    if len(reads) > 1:
        return load_merged([read.tree for read in reads], reads[0].whole, digest)
    return load_tree(reads[0].tree, reads[0].whole, digest)


def _verdict(reads: Sequence[_Read], digest: str) -> LoadResult:
    """Say what Refinery says where some input is in a form that it reads in another way."""
    trees: list[YamlMapping | None] = []
    for read in reads:
        alone = read.verdict
        if read.errors or (alone is not None and alone.stage == "decode"):
            return refused("decode", read.errors or (alone.errors if alone else ()), digest)
        trees.append(read.tree if alone is None else alone.tree)
    if len(reads) == 1 and reads[0].verdict is not None:
        return replace(reads[0].verdict, hash=digest)
    return load_merged(trees, reads[0].whole, digest)


def _read(file: str, data: bytes) -> _Read:
    text, encoding = text_of(data)
    form = format_of(file, text)
    whole = SourceSpan(file, 0, len(text.split("\n", 1)[0].rstrip("\r")) or 1)
    part = RulesPart(
        file=file,
        text=SourceText.of(file, text),
        form="",
        content=text,
        format=form or YAML,
        encoding=encoding,
        can_edit=encoding.startswith("utf-8"),
    )
    guessed = guesses.guess_of_text(text, file)
    if guessed is not None:
        return _without(part, guessed, data, whole)
    if form == TOML:
        return _read_toml(part, data, whole)
    if form == JSON:
        return _read_json(part, data, whole)
    read = _read_yaml(part, data, whole)
    if form == YAML:
        return read
    return _as_other_format(read, extension_of(file), data)


def _read_yaml(part: RulesPart, data: bytes, whole: SourceSpan) -> _Read:
    if not part.encoding:
        errors = load_rules(data, YAML, part.file).errors  # it is no text, and says where
        return _Read(part=part, tree=None, errors=errors, raw=data, whole=whole)
    return _read_root(part, *parse_yaml(part.text.text, part.file), data, whole)


def _read_root(
    part: RulesPart,
    root: YamlNode | None,
    problems: tuple[YamlProblem, ...],
    data: bytes,
    whole: SourceSpan,
) -> _Read:
    """Find the rules in a file whose first document is `root`, or why there are none."""
    text, file = part.text.text, part.file
    if not problems and (root is None or holds_rules(root)):
        tree, errors = top_map(root, problems, whole)
        found = tuple(ignored_documents(text, file)) if tree is not None else ()
        named = replace(part, form="rules" if tree is not None else "")
        return _Read(part=named, tree=tree, errors=errors, raw=data, whole=whole, findings=found)
    if root is not None or _is_stream(text):
        inside = _embedded(root, text, file)
        if inside is not None:
            return _read_embedded(part, *inside, data)
    guessed = None
    if root is not None:
        guessed = guesses.guess_of_tree(root, whole)
    elif problems:
        guessed = guesses.unrendered(text, file)
    if guessed is not None:
        return _without(part, guessed, data, whole)
    fragment = None if root is None else fragment_of(root, whole)
    tree, errors = top_map(root, problems, whole)
    if fragment is not None:
        alone = refused("decode", errors, "") if errors else load_tree(tree, whole, "")
        return _Read(
            part=replace(part, form=_FRAGMENT),
            tree=fragment.tree,
            errors=(),
            raw=data,
            whole=whole,
            findings=(fragment.finding,),
            verdict=alone,
        )
    has_rules = any(holds_rules(later) for _, (later, _) in later_documents(text, file))
    found = tuple(ignored_documents(text, file)) if has_rules else ()
    return _Read(part=part, tree=tree, errors=errors, raw=data, whole=whole, findings=found)


def _is_stream(text: str) -> bool:
    return "\n---" in text


def _embedded(
    root: YamlNode | None, text: str, file: str
) -> tuple[Embedded, tuple[Embedded, ...]] | None:
    """Find the rules in any document: the ones that are meant, and all."""
    roots = [] if root is None else [root]
    if _is_stream(text):
        roots += [found for _, (found, _) in later_documents(text, file) if found is not None]
    found: list[Embedded] = []
    for one in roots:
        if isinstance(one, YamlMapping) and holds_rules(one):
            continue  # rules behind another document: Refinery would not read them
        found += find_embedded(one, text)
    if found:
        return best_of(tuple(found)), tuple(found)
    named = next((one for one in (find_by_name(one, text) for one in roots) if one), None)
    return None if named is None else (named, (named,))


def _read_embedded(
    part: RulesPart, chosen: Embedded, candidates: tuple[Embedded, ...], data: bytes
) -> _Read:
    file, text = part.file, part.text.text
    findings: list[Diagnostic] = []
    if len(candidates) > 1:
        findings.append(several(chosen, candidates))
    raw = data if chosen.text is None else chosen.text.encode("utf-8", "surrogatepass")
    named = replace(
        part,
        form=chosen.form,
        where=chosen.where,
        content=chosen.text,
        can_edit=part.can_edit and chosen.is_exact,
    )
    form = FORMATS.get(extension_of(chosen.path[-1]), YAML) if chosen.text is not None else YAML
    if form == TOML:
        return _read_toml(replace(named, format=form), raw, chosen.place, chosen.placement)
    guessed = None
    if chosen.root is not None and not holds_rules(chosen.root):
        guessed = guesses.guess_of_tree(chosen.root, chosen.place)
    elif chosen.problems and guesses.unrendered(chosen.text or "", file) is not None:
        guessed = guesses.unrendered(text, file, chosen.place.end)
    if guessed is not None:
        return _without(named, guessed, raw, chosen.place)
    tree, errors = top_map(chosen.root, chosen.problems, chosen.place)
    if tree is not None and chosen.form == "Helm values" and chosen.text is None:
        findings += added_by_chart(tree)
        tree = with_chart_defaults(tree)
    if tree is not None and chosen.text is not None:
        findings += (
            replace(found, source=chosen.placement.place(found.source))
            for found in ignored_documents(chosen.text, file)
        )
    return _Read(
        part=replace(named, format=form),
        tree=tree,
        errors=errors,
        raw=raw,
        whole=chosen.place,
        findings=tuple(findings),
        verdict=load_rules(raw, JSON, file) if tree is not None and form == JSON else None,
    )


def _read_json(part: RulesPart, data: bytes, whole: SourceSpan) -> _Read:
    """Read JSON twice: as Refinery does, which refuses it, and as the YAML that it is as well."""
    alone = load_rules(data, JSON, part.file)
    if alone.stage == "decode" and alone.tree is None:
        return _Read(part=part, tree=None, errors=alone.errors, raw=data, whole=whole)
    part = replace(part, can_edit=False)
    read = _read_yaml(part, data, whole)
    if read.errors and alone.tree is not None and not read.part.form:
        # JSON that YAML does not take, for its escapes; then nothing has a place.
        root, _ = read_plain(part.text.text, JSON, whole, keeps_integers=True)
        read = _read_root(part, root, (), data, whole)
    return _as_other_format(read, JSON, data)


def _read_toml(
    part: RulesPart, data: bytes, whole: SourceSpan, placement: Placement | None = None
) -> _Read:
    """Read `part.content` as TOML. placement: where it stands, if it is a part of the file."""
    part = replace(part, can_edit=False, form="")
    root, errors = read_plain(part.content or "", TOML, whole, keeps_integers=True)
    if root is None:
        guessed = guesses.unrendered(part.text.text, part.file, whole.start)
    elif isinstance(root, YamlMapping) and not root.entries:
        guessed = guesses.empty_toml(whole)
    else:
        guessed = None if holds_rules(root) else guesses.guess_of_tree(root, whole)
    if guessed is not None:
        return _without(part, guessed, data, whole)
    if not isinstance(root, YamlMapping):
        moved = tuple(error if placement is None else _moved(error, placement) for error in errors)
        return _Read(part=part, tree=None, errors=moved, raw=data, whole=whole)
    form = "rules" if holds_rules(root) else ""
    read = _Read(part=replace(part, form=form), tree=root, errors=(), raw=data, whole=whole)
    return _as_other_format(read, TOML, data)


def _moved(error: LoadError, placement: Placement) -> LoadError:
    place = placement.place(error.diagnostic.source)
    return replace(error, diagnostic=replace(error.diagnostic, source=place))


def _as_other_format(read: _Read, extension: str, data: bytes) -> _Read:
    """Add to what the content means what Refinery says to a file with this `extension`."""
    if read.part.form != "rules":
        return read
    form = extension.upper() if extension in FORMATS else "rules"
    verdict = load_rules(data, extension, read.part.file)
    return replace(read, part=replace(read.part, form=form), verdict=verdict)


def _refusals(read: _Read, verdict: LoadResult) -> Iterator[Diagnostic]:
    """Say of an input in another format that Refinery refuses it for the format."""
    alone = read.verdict
    if read.part.form == _FRAGMENT:
        return  # its finding says it
    if alone is not None and alone.stage == "decode":
        yield from (error.diagnostic for error in alone.errors)
    elif alone is not None and any(error.kind == "not-int" for error in verdict.errors):
        yield refused_numbers(read.part.format.upper(), read.tree, read.whole)


def _without(part: RulesPart, guessed: Diagnostic, raw: bytes, whole: SourceSpan) -> _Read:
    """Return an input that holds no rules that Refinery reads, and what it is instead."""
    form = _REFINERY_1 if guessed.code == "NEC543" else ""
    errors = (LoadError(_KINDS[guessed.code], Place(), None, guessed),)
    return _Read(part=replace(part, form=form), tree=None, errors=errors, raw=raw, whole=whole)

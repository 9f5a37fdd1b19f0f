"""The rules that an import starts from: of Refinery 2, or of Refinery 1 as what they mean in 2.

Owns: reading both, and what is known of each beside the rules. Must not know: policies.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nectarc.cli.console import Console
from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic, InternalError, Severity
from nectarc.files import STDIN, STDIN_NAME, read_bytes
from nectarc.importing.v1 import looks_like_v1, read_v1
from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.records import part, record
from nectarc.refinery.emit import emit_rules
from nectarc.refinery.inputs import RulesInput, RulesPart, read_rules_files
from nectarc.refinery.loader import load_rules
from nectarc.refinery.located import LocatedRules, locate
from nectarc.refinery.rules import RulesFile
from nectarc.source import SourceText

_COMMENT_LINE: Final = re.compile(r"^[ \t]*#.*\w", re.MULTILINE)
_AS_VERSION_2: Final = " as Refinery 2 reads it"


@record(kw_only=True)
class RulesRead:
    """Rules to import.

    name:      of the file, or the files.
    texts:     whose comments can be placed.
    refused:   what of rules of Refinery 1 has no meaning in 2.   notes: what has another one.
    traps:     what `nectarc lint` says.
    originals: what was read, by a file name of its own.
    converted: the rules of 2 that rules of Refinery 1 were read as, in the same way.
    """

    name: str
    rules: RulesFile
    located: LocatedRules
    texts: tuple[SourceText, ...]
    refused: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    traps: tuple[Diagnostic, ...] = ()
    originals: Mapping[str, str] = part(default_factory=dict)
    converted: Mapping[str, str] = part(default_factory=dict)


def read_for_import(paths: Sequence[str], console: Console) -> RulesRead | tuple[Diagnostic, ...]:
    """Read the rules of `paths`, merged as Refinery merges them; else why there are none."""
    name = names_of(paths)
    inputs: list[tuple[str, bytes]] = []
    for path in paths:
        data = read_bytes(path)
        if isinstance(data, Diagnostic):
            return (data,)
        inputs.append((path, data))
    read = read_rules_files(inputs)
    console.know(read.texts)
    if read.loaded.rules is None or read.loaded.tree is None:
        extension = os.path.splitext(paths[0])[1].removeprefix(".")
        if len(paths) == 1 and looks_like_v1(read.texts[0].text, extension):
            return _read_version_1(name, read.texts[0], extension, console)
        return (*read.findings, *read.loaded.diagnostics)
    placed = [one for one in read.parts if one.can_edit and (not one.where or len(paths) == 1)]
    return RulesRead(
        name=name,
        rules=read.loaded.rules,
        located=locate(read.loaded.rules, read.loaded.tree),
        texts=tuple(one.text for one in placed),
        notes=tuple(_lost_comments([one for one in read.parts if one not in placed])),
        traps=_traps(read),
        originals={_base_name(text.file): text.text for text in read.texts},
    )


def names_of(paths: Sequence[str]) -> str:
    """Return what people call the files."""
    return ", ".join(STDIN_NAME if path == STDIN else path for path in paths)


def _traps(read: RulesInput) -> tuple[Diagnostic, ...]:
    return (*read.findings, *lint_rules(read.loaded, LintContext(text=read.text)))


def _read_version_1(
    name: str, text: SourceText, extension: str, console: Console
) -> RulesRead | tuple[Diagnostic, ...]:
    """Read rules of Refinery 1 and go on with the rules of 2 that decide alike."""
    found = read_v1(text, extension)
    if found.rules is None:
        return (*found.refused, *found.notes)
    base = _base_name(text.file)
    written = SourceText.of(base + _AS_VERSION_2, emit_rules(found.rules))
    loaded = load_rules(written.text, "yaml", written.file)
    if loaded.rules is None or loaded.tree is None or loaded.rules != found.rules:
        raise InternalError(f"the rules of {name} read otherwise as rules of Refinery 2")
    console.know([written])
    return RulesRead(
        name=name,
        rules=loaded.rules,
        located=locate(loaded.rules, loaded.tree),
        texts=(),
        refused=found.refused,
        notes=(*found.notes, *_lost_comments([RulesPart(file=name, text=text, form="")])),
        traps=lint_rules(loaded, LintContext(text=written)),
        originals={base: text.text},
        converted={f"{os.path.splitext(base)[0]}-version-2.yaml": written.text},
    )


def _lost_comments(parts: Sequence[RulesPart]) -> Iterator[Diagnostic]:
    """Say which inputs have comments that no policy gets."""
    for one in parts:
        first = _COMMENT_LINE.search(one.text.text)
        if first is not None:
            count = sum(1 for _ in _COMMENT_LINE.finditer(one.text.text))
            yield finding(
                "NEC595",
                one.text.span(*first.span()),
                f"comments of `{one.file}` are not carried over ({count:,} lines)",
                help="copy into the policies what is still true",
                severity=Severity.HINT,
            )


def _base_name(path: str) -> str:
    return "rules.yaml" if path == STDIN_NAME else os.path.basename(path)

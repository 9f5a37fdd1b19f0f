"""What `lint` says to people: Refinery's verdict first, then findings, the worst first.

Owns: the words and their order. Must not know: files, how anything was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from nectarc.codes import CODES
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.files import UNREADABLE
from nectarc.records import replace
from nectarc.refinery.inputs import RulesInput
from nectarc.refinery.loader import LoadResult
from nectarc.refinery.releases import Release
from nectarc.refinery.rules import RulesConfig
from nectarc.render.counting import counted
from nectarc.render.excerpt import displayed
from nectarc.render.terminal import render_compact, render_diagnostics, sort_key
from nectarc.source import SourceText

_RESET: Final = "\x1b[0m"
_GOOD: Final = "\x1b[1;32m"
_BAD: Final = "\x1b[1;31m"
_DECIDES: Final = "decides"
_TARGETS_SHOWN: Final = 3
_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.HINT)


def verdict_line(rules: RulesInput, release: Release, *, use_colour: bool = False) -> str:
    """Return one line: what Refinery does with these inputs."""
    verdict = rules.verdict
    what = _named(rules)
    refinery = f"Refinery {release.name}"
    ending = [name for name, fate in verdict.first_decision.items() if fate != _DECIDES]
    colour = _GOOD if verdict.is_accepted and not ending else _BAD
    if not verdict.is_accepted:
        words = f"{refinery} refuses {what}"  # what that leads to is the `why` of each refusal
    elif ending:
        words = (
            f"{refinery} loads {what}, and its process ends at the first trace of"
            f" {_targets(ending)}"
        )
    else:
        words = f"{refinery} loads {what}: {_size(verdict)}"
    shown = displayed(words)
    return f"{colour}{shown}{_RESET}\n" if use_colour else f"{shown}\n"


def render_findings(
    found: Sequence[Diagnostic],
    texts: Mapping[str, SourceText],
    *,
    is_verbose: bool,
    use_colour: bool,
) -> str:
    """Return errors, then warnings, each with its line; then the hints, a line each.

    is_verbose: hints in full, too; without it, what holds of any such rules is only counted, in
    the last line. Why it matters is said where it is said first: ten refusals of
    one file all matter for the same reason.
    """
    pages: list[str] = []
    found = _without_repeated_reasons(found)
    for severity in _ORDER:
        chosen = [one for one in found if one.severity is severity]
        if severity is Severity.HINT and not is_verbose:
            general = [one for one in chosen if CODES[one.code].is_general]
            special = [one for one in chosen if one not in general]
            pages.append(render_compact(special, texts, use_colour=use_colour))
            pages.append(_general_line(general))
        else:
            pages.append(render_diagnostics(chosen, texts, use_colour=use_colour))
    return "".join(pages)


def _general_line(general: Sequence[Diagnostic]) -> str:
    if not general:
        return ""
    codes = ", ".join(sorted({one.code for one in general}))
    return f"{counted(len(general), 'note')} on any rules of this kind: {codes}\n\n"


def what_next(
    found: Sequence[Diagnostic], fixable: Sequence[str], *, is_verbose: bool
) -> list[str]:
    """Return what can be done about findings, a line each. fixable: files that `--fix` changes."""
    lines: list[str] = []
    if fixable:
        names = " ".join(_shell_word(displayed(file)) for file in fixable)
        lines.append(f"`nectarc lint --fix {names}` repairs what is safe to; `--diff` shows how")
    explained = [one for one in found if one.code not in UNREADABLE]
    if explained:
        worst = min(
            explained, key=lambda one: (_ORDER.index(one.severity), CODES[one.code].is_general)
        )
        lines.append(f"`nectarc explain-code {worst.code}` explains a code, with examples")
    if not is_verbose and any(one.severity is Severity.HINT for one in found):
        lines.append("`--verbose` shows hints in full, `--no-hints` leaves them out")
    return lines


def _without_repeated_reasons(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    said: set[str] = set()
    shown: list[Diagnostic] = []
    for one in sorted(found, key=lambda one: (_ORDER.index(one.severity), sort_key(one))):
        shown.append(replace(one, why="") if one.why in said else one)
        said.add(one.why)
    return shown


def _shell_word(words: str) -> str:
    """Quote `words` for a shell where they need it; shlex would cost its import."""
    is_plain = all(c.isalnum() or c in "-._/+=:@%" for c in words) and words.isascii()
    return words if is_plain and words else "'" + words.replace("'", "'\\''") + "'"


def _named(rules: RulesInput) -> str:
    names = [part.file for part in rules.parts]
    if len(names) > 1:
        return f"{', '.join(names)}, merged in this order"
    (part,) = rules.parts
    if part.where:
        return f"the rules at `{part.where}` in {part.file} ({part.form})"
    return part.file


def _size(verdict: LoadResult) -> str:
    samplers = {} if verdict.rules is None else verdict.rules.samplers
    targets = counted(len(samplers), "target")
    lists = [one.rules for one in samplers.values() if isinstance(one, RulesConfig)]
    return f"{targets}, {counted(sum(map(len, lists)), 'rule')}" if lists else targets


def _targets(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_TARGETS_SHOWN])
    more = len(names) - _TARGETS_SHOWN
    if len(names) == 1:
        return f"target {shown}"
    return f"the targets {shown}" + (f" and {counted(more, 'other')}" if more > 0 else "")

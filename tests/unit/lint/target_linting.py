"""Run the checks of targets, samplers and whole rules over a text."""

from __future__ import annotations

from nectarc.diagnostic import Diagnostic, Severity
from nectarc.lint.context import LintContext
from nectarc.lint.target_traps import check_target
from nectarc.lint.whole_file_traps import check_all_targets
from nectarc.refinery.loader import LoadResult, load_rules
from nectarc.refinery.located import locate
from nectarc.refinery.releases import RELEASES
from nectarc.source import SourceText

DEFAULT = "  __default__: {DeterministicSampler: {SampleRate: 1}}\n"


def in_file(targets: str) -> str:
    """Put targets, not indented, beside a `__default__` that keeps everything."""
    return f"RulesVersion: 2\nSamplers:\n{DEFAULT}{_further_in(targets, 2)}"


def in_rules(rules: str) -> str:
    """Put the entries of `Rules`, not indented, into the target `prod`."""
    return in_file(f"prod:\n  RulesBasedSampler:\n    Rules:\n{_further_in(rules, 6)}")


def in_prod(sampler: str) -> str:
    """Put one sampler, not indented, into the target `prod`."""
    return in_file(f"prod:\n{_further_in(sampler, 2)}")


def _further_in(text: str, by: int) -> str:
    lines = text.strip("\n").splitlines()
    return "".join(f"{' ' * by}{line}\n" if line.strip() else "\n" for line in lines)


def lint(text: str, release: str = "3.2") -> tuple[Diagnostic, ...]:
    """Return the findings of the checks of this area; the text must load."""
    return lint_loaded(load_rules(text, "yaml", "rules.yaml"), text, release)


def lint_loaded(loaded: LoadResult, text: str, release: str = "3.2") -> tuple[Diagnostic, ...]:
    assert loaded.rules is not None
    assert loaded.tree is not None
    source = SourceText.of("rules.yaml", text)
    context = LintContext(text=source, release=RELEASES[release])
    located = locate(loaded.rules, loaded.tree)
    found = [one for target in located.targets for one in check_target(target, context)]
    return tuple(dict.fromkeys((*found, *check_all_targets(located, context))))


def those_of(code: str, text: str, release: str = "3.2") -> tuple[Diagnostic, ...]:
    return tuple(one for one in lint(text, release) if one.code == code)


def only(code: str, text: str, release: str = "3.2") -> Diagnostic:
    """Return the one finding with this code."""
    (found,) = those_of(code, text, release)
    return found


def is_warning(one: Diagnostic) -> bool:
    return one.severity is Severity.WARNING


def text_at(one: Diagnostic, text: str) -> str:
    """Return the text that is underlined."""
    return text[one.source.start : one.source.end]

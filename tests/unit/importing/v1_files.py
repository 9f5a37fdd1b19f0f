"""Files of Refinery 1.x for tests, and what is read of them."""

from __future__ import annotations

from nectarc.diagnostic import Diagnostic
from nectarc.importing.v1 import V1Rules, read_v1
from nectarc.refinery.emit import emit_rules
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import Rule, RulesConfig, RulesFile
from nectarc.source import SourceText


def read(text: str, extension: str = "yaml") -> V1Rules:
    return read_v1(SourceText.of(f"rules.{extension}", text), extension)


def loaded_again(found: V1Rules) -> RulesFile | None:
    """What 2.x loads of the rules as YAML: what it would read, and accept."""
    if found.rules is None:
        return None
    return load_rules(emit_rules(found.rules)).rules


def rules_of(text: str, extension: str = "yaml", target: str = "__default__") -> tuple[Rule, ...]:
    found = read(text, extension)
    assert found.rules is not None
    config = found.rules.samplers[target]
    assert isinstance(config, RulesConfig)
    rules = tuple(rule for rule in config.rules if rule is not None)
    assert len(rules) == len(config.rules)
    return rules


def one_rule(lines: str) -> str:
    """A file of 1.x with one rule, whose settings are `lines`."""
    settings = "".join(f"    {line}\n" for line in lines.splitlines())
    return "Sampler: RulesBasedSampler\nrule:\n  -\n" + settings


def one_condition(lines: str) -> str:
    settings = "".join(f"\n    {line}" for line in lines.splitlines())
    return one_rule(f"SampleRate: 1\ncondition:\n  -{settings}")


def quoted(text: str, finding: Diagnostic) -> str:
    return text[finding.source.start : finding.source.end]


def the_note(text: str, words: str, extension: str = "yaml") -> Diagnostic:
    notes = [note for note in read(text, extension).notes if words in note.headline]
    assert len(notes) == 1
    return notes[0]

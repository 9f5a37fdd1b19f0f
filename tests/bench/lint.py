"""What `nectarc lint` costs on rules files of 200 rules, as whole processes.

Owns: the files. Must not know: what is found in them.
Aim (issue 5): at most 6 times `python -c "import yaml"`. The files: rules that people could have
written, one with nothing wrong; with one rule that is dead, for which the prover is loaded; and
with a rule for all traces in the middle, so that every rule below it is.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from nectarc.records import replace
from nectarc.refinery.emit import emit_rules
from nectarc.refinery.loader import load_rules
from nectarc.refinery.rules import DEFAULT_TARGET, Condition, Rule, RulesConfig, RulesFile
from tests.bench.timing import Spent, process, time_in_turns

_RULES: Final = 200
_RUNS: Final = 15
_AIM: Final = 6
_SHADOWED: Final = "rule-106"  # its pattern asks for what that of rule 10 asks for


def bench_lint(compiled: str) -> None:
    """Measure and print. compiled: rules for `__default__` that a policy of 200 rules becomes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder, compiled)
        program = str(Path(sys.executable).parent / "nectarc")
        base = f'{Path(sys.executable).name} -c "import yaml"'
        jobs: dict[str, Callable[[], Spent]] = {
            base: process([sys.executable, "-c", "import yaml"], folder)
        }
        jobs |= {
            path.stem: process(["sh", "-c", f"{program} lint {path.name} || test $? = 1"], folder)
            for path in sorted(folder.glob("*.yaml"))
        }
        spent = time_in_turns(jobs, _RUNS)
    one = spent.pop(base)
    sys.stdout.write(f"\n{base:30} {one.wall * 1000:8.1f} ms      1 x\n")
    for words, each in spent.items():
        ratio = each.wall / one.wall
        verdict = "met" if ratio <= _AIM else "MISSED"
        sys.stdout.write(
            f"{f'lint, {words}':30} {each.wall * 1000:8.1f} ms  {ratio:5.1f} x  (aim: at most "
            f"{_AIM}: {verdict}; processor time {each.processor / one.processor:.1f} x)\n"
        )


def lint_files(compiled: str) -> dict[str, RulesFile]:
    """Return the files that are measured, each of exactly 200 rules in one target."""
    loaded = load_rules(compiled)
    assert loaded.rules is not None, loaded.errors
    target = loaded.rules.samplers[DEFAULT_TARGET]
    assert isinstance(target, RulesConfig)
    rules = [rule for rule in target.rules if rule is not None and _is_sound(rule)]
    *firsts, rest = rules[: _RULES - 20]
    own = [_own_rule(number) for number in range(_RULES - len(firsts) - 1)]
    clean = [*firsts, *own, replace(rest, conditions=None, sampler=None, sample_rate=100)]
    shadowed = replace(
        _own_rule(0),
        name="shadowed",
        conditions=(Condition(field="tenant.id", operator="in", value=("t-3",)),),
    )
    half = len(clean) // 2
    lists = {
        "clean": clean,
        "one dead rule": [*clean[:-2], shadowed, clean[-1]],
        "half of them dead": [*clean[:half], clean[-1], *clean[half:-1]],
    }
    return {
        words.replace(" ", "-"): RulesFile(
            samplers={DEFAULT_TARGET: RulesConfig(rules=tuple(each))}
        )
        for words, each in lists.items()
    }


def _is_sound(rule: Rule) -> bool:
    """Say whether lint has no warning for the rule: `[` marks the halves of a shared sampler."""
    return "[" not in rule.name and rule.name != _SHADOWED


def _own_rule(number: int) -> Rule:
    return Rule(
        name=f"tenant-{number}",
        sample_rate=number + 2,
        conditions=(Condition(field="tenant.id", operator="=", value=f"t-{number}"),),
    )


def _write(folder: Path, compiled: str) -> None:
    for name, rules in lint_files(compiled).items():
        (folder / f"{name}.yaml").write_text(emit_rules(rules), encoding="utf-8")

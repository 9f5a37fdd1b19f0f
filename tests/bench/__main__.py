"""`make bench`: speed as ratios in one run, so that the machine's mood cancels out.

Whole processes are compared with `python -c "import yaml"`, reading 200 rules with
`yaml.CSafeLoader` on the rules file that they become. Nothing fails here: a slow machine is no
defect. What must not be imported is a test (tests/e2e/test_imports.py).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import yaml

from nectarc.checking import check_text
from nectarc.pipeline import CompileOptions, Source, compile_sources
from nectarc.source import SourceText
from tests.bench.editor import FEW_STEPS, MANY_STEPS, bench_editor
from tests.bench.evaluator import FULL_TRACES, SMALL_TRACES
from tests.bench.evaluator import bench as bench_evaluator
from tests.bench.lint import bench_lint
from tests.bench.prover import bench_prover
from tests.bench.timing import Spent, call, process, time_in_turns
from tests.bench.varied_policy import varied_policy

_RULES: Final = 200
_PROCESSES: Final = 21
_CALLS: Final = 9
_WHOLE_COMPILES: Final = 3
_SEED_POLICY: Final = Path(__file__).parents[2] / "examples" / "shop" / "policy.toon"


def main() -> int:
    """Measure and print; always 0. `--small`: a tenth of the traffic and of the typing."""
    with tempfile.TemporaryDirectory() as folder:
        _bench_processes(Path(folder))
    _bench_many_rules()
    bench_prover()
    sys.stdout.write("\n")
    is_small = "--small" in sys.argv
    bench_evaluator(SMALL_TRACES if is_small else FULL_TRACES)
    bench_editor(FEW_STEPS if is_small else MANY_STEPS)
    return 0


def _bench_processes(folder: Path) -> None:
    nectarc = str(Path(sys.executable).parent / "nectarc")
    shutil.copy(_SEED_POLICY, folder / "policy.toon")
    base = f'{Path(sys.executable).name} -c "import yaml"'
    jobs = {
        base: process([sys.executable, "-c", "import yaml"], folder),
        "check": process([nectarc, "check", "policy.toon"], folder),
        "compile": process([nectarc, "compile"], folder),
    }
    spent = time_in_turns(jobs, _PROCESSES)
    _head(base, spent[base])
    _row("nectarc check, seed policy", spent["check"], spent[base], 4)
    _row("nectarc compile, seed policy", spent["compile"], spent[base], 8)


def _bench_many_rules() -> None:
    text = SourceText.of("varied.toon", varied_policy(_RULES))
    source = Source("__default__", text, "varied.toon")
    rules = compile_sources([source], CompileOptions()).rules
    assert rules is not None, "the policy of the benchmark compiles"
    base = f"yaml.CSafeLoader, {_RULES} rules"
    jobs = {
        base: call(lambda: yaml.load(rules, yaml.CSafeLoader)),
        "check": call(lambda: check_text(text)),
    }
    whole = {"compile": call(lambda: compile_sources([source], CompileOptions()))}
    spent = time_in_turns(jobs, _CALLS) | time_in_turns(whole, _WHOLE_COMPILES)
    sys.stdout.write("\n")
    _head(base, spent[base])
    _row(f"parse and check, {_RULES} rules", spent["check"], spent[base], 10)
    _row(f"whole compile, {_RULES} rules", spent["compile"], spent[base], None)
    bench_lint(rules)


def _head(name: str, spent: Spent) -> None:
    sys.stdout.write(f"{name:30} {spent.wall * 1000:8.1f} ms      1 x\n")


def _row(name: str, spent: Spent, base: Spent, aim: int | None) -> None:
    ratio = spent.wall / base.wall
    verdict = "" if aim is None else f"aim: at most {aim}: {'met' if ratio <= aim else 'MISSED'}; "
    processor = spent.processor / base.processor
    sys.stdout.write(
        f"{name:30} {spent.wall * 1000:8.1f} ms  {ratio:5.1f} x"
        f"  ({verdict}processor time {processor:.1f} x)\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())

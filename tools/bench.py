"""`make bench`: speed as ratios in one run, so that the machine's mood cancels out.

Whole processes are compared with `python -c "import yaml"`; parsing and checking 200 rules with
`yaml.CSafeLoader` on the rules file that they become. The best of several runs counts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import yaml

from nectarc.checking import check_text
from nectarc.cli.scaffold import POLICY
from nectarc.source import SourceText

_RUNS: Final = 15
_RULES: Final = 200


def main() -> int:
    """Measure and print; always 0, since a slow machine is no defect."""
    nectarc = str(Path(sys.executable).parent / "nectarc")
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "policy.toon"
        seed.write_text(POLICY, encoding="utf-8")
        base = _best(lambda: _process([sys.executable, "-c", "import yaml"], folder))
        check = _best(lambda: _process([nectarc, "check", "policy.toon"], folder))
        compiled = _best(lambda: _process([nectarc, "compile"], folder))
        shutil.rmtree(Path(folder) / "many", ignore_errors=True)
        parse, load = _in_process(Path(folder), nectarc)
    sys.stdout.write(f'python -c "import yaml"        {base * 1000:7.1f} ms\n')
    _row("nectarc check, seed policy", check, base, 4)
    _row("nectarc compile, seed policy", compiled, base, 8)
    sys.stdout.write(f"yaml.CSafeLoader, {_RULES} rules     {load * 1000:7.1f} ms\n")
    _row(f"parse and check, {_RULES} rules", parse, load, 10)
    return 0


def many_rules(count: int) -> str:
    """Return a policy of `count` rules as people write them."""
    rows = [
        f"    rule-{number},Rule number {number},"
        f"\"service == 'svc-{number}' || http.route == '/api/{number}'\",keep,{count - number}"
        for number in range(1, count)
    ]
    head = (
        "nectar_policy{version,name,budget_per_second,rules}:\n  1\n  many\n  10000\n"
        f"  rules[{count}]{{name,description,match,action,priority}}:\n"
    )
    return head + "\n".join([*rows, "    rest,The rest,true,sample(0.01),0"]) + "\n"


def _in_process(folder: Path, nectarc: str) -> tuple[float, float]:
    policy = many_rules(_RULES)
    (folder / "many.toon").write_text(policy, encoding="utf-8")
    _process([nectarc, "compile", "many.toon", "-o", "many.yaml"], str(folder))
    rules = (folder / "many.yaml").read_text(encoding="utf-8")
    text = SourceText.of("many.toon", policy)
    parse = _best(lambda: _timed(lambda: check_text(text)))
    load = _best(lambda: _timed(lambda: yaml.load(rules, yaml.CSafeLoader)))
    return parse, load


def _process(words: list[str], folder: str) -> float:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - start


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _best(measure: Callable[[], float]) -> float:
    measure()  # the caches of the file system and of Python's bytecode
    return min(measure() for _ in range(_RUNS))


def _row(name: str, seconds: float, base: float, aim: int) -> None:
    ratio = seconds / base
    verdict = "ok" if ratio <= aim else "above the aim"
    sys.stdout.write(
        f"{name:30} {seconds * 1000:7.1f} ms  {ratio:5.1f} x  (aim: at most {aim}, {verdict})\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())

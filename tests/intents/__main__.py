"""`python -m tests.intents FILE... [--engine ENGINE] [--details] [--only ID]`: how one does.

Prints the intents that are wrong (with `--details`, all that are not right) with the reason, then
counts by kind and by style, and how many of the questions to an `ask` are pointed. Ends with 1 if
any is wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.intents.judging import (
    NONSENSE,
    Engine,
    is_pointed,
    judge_answer,
    offline,
    process,
)
from tests.intents.records import read_intents

ENGINES: Final[Mapping[str, Engine]] = {"offline": offline, "process": process}


def main() -> int:
    """Judge every intent of the files; print counts, and with `--details` what is not right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="offline",
        help="offline: in this process; process: by the command",
    )
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    engine = ENGINES[arguments.engine]
    by_kind: Counter[tuple[str, str]] = Counter()
    by_style: Counter[tuple[str, str]] = Counter()
    slowest = 0.0
    pointed = 0
    control = engine(NONSENSE).text
    for intended in (one for path in arguments.files for one in read_intents(path)):
        if arguments.only and intended.id != arguments.only:
            continue
        begin = time.monotonic()
        answer = engine(intended.text)
        slowest = max(slowest, time.monotonic() - begin)
        judgement = judge_answer(intended, answer)
        if intended.kind == "ask" and answer.kind == "ask":
            pointed += is_pointed(intended, answer.text, control)
        by_kind[intended.kind, judgement.outcome] += 1
        by_style[intended.style or "(none)", judgement.outcome] += 1
        is_shown = arguments.only or (arguments.details and judgement.outcome != "right")
        if is_shown or judgement.outcome == "wrong":
            sys.stdout.write(f"{intended.id} {intended.kind}: {judgement.outcome}\n")
            sys.stdout.write(f"  {intended.text}\n  {judgement.why or answer.text}\n")
    _write(by_kind)
    _write(by_style)
    sys.stdout.write(f"{pointed} questions name what is open by more than an echo\n")
    sys.stdout.write(f"slowest {slowest:.2f} s\n")
    return 1 if any(outcome == "wrong" for _, outcome in by_kind) else 0


def _write(counts: Counter[tuple[str, str]]) -> None:
    for (group, outcome), count in sorted(counts.items()):
        sys.stdout.write(f"{group:12} {outcome:8} {count}\n")
    sys.stdout.write("\n")


if __name__ == "__main__":
    sys.exit(main())

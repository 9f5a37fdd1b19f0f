"""`python -m tests.intents FILE... [--process] [--details] [--only ID]`: how an engine does."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from tests.intents.judging import judge_answer, offline, process
from tests.intents.records import read_intents


def main() -> int:
    """Judge every intent of the files; print counts, and with `--details` what is not right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--process", action="store_true", help="by the command, not in here")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    engine = process if arguments.process else offline
    counts: Counter[tuple[str, str]] = Counter()
    slowest = 0.0
    for intended in (one for path in arguments.files for one in read_intents(path)):
        if arguments.only and intended.id != arguments.only:
            continue
        begin = time.monotonic()
        answer = engine(intended.text)
        slowest = max(slowest, time.monotonic() - begin)
        judgement = judge_answer(intended, answer)
        counts[intended.kind, judgement.outcome] += 1
        is_shown = arguments.only or (arguments.details and judgement.outcome != "right")
        if is_shown or judgement.outcome == "wrong":
            sys.stdout.write(f"{intended.id} {intended.kind}: {judgement.outcome}\n")
            sys.stdout.write(f"  {intended.text}\n  {judgement.why or answer.text}\n")
    for (kind, outcome), count in sorted(counts.items()):
        sys.stdout.write(f"{kind:8} {outcome:8} {count}\n")
    sys.stdout.write(f"slowest {slowest:.2f} s\n")
    return 1 if any(outcome == "wrong" for _, outcome in counts) else 0


if __name__ == "__main__":
    sys.exit(main())

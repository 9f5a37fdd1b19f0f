"""The page of a diagnostic's code."""

from __future__ import annotations

import argparse
import json

from nectarc.cli.arguments import UsageError, add_common
from nectarc.cli.console import FINE, Console
from nectarc.codes import CODES
from nectarc.shipped import page_of
from nectarc.spelling import nearest


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("code", nargs="?", help="e.g. NEC203; without it, all codes are listed")
    add_common(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print the page of one code, or the list of all."""
    if arguments.code is None:
        console.result(_list_of_codes(is_json=console.is_json))
        return FINE
    code = _normal(arguments.code)
    if code not in CODES:
        meant = nearest(code, CODES)
        suggestion = f": did you mean `{meant}`?" if meant else ""
        listing = "(`nectarc explain-code` lists all codes)"
        raise UsageError(f"there is no code `{arguments.code}`{suggestion} {listing}")
    entry = CODES[code]
    page = page_of(code) or f"# {code}: {entry.title}\n"
    if console.is_json:
        found = {"code": code, "severity": entry.severity.value, "title": entry.title, "page": page}
        console.result(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        console.result(page)
    return FINE


def _normal(word: str) -> str:
    """Read `203`, `nec203` and `NEC203` alike."""
    code = word.upper()
    return f"NEC{code.zfill(3)}" if code.isdigit() and code.isascii() else code


def _list_of_codes(*, is_json: bool) -> str:
    entries = [CODES[code] for code in sorted(CODES)]
    if is_json:
        found = [
            {"code": one.code, "severity": one.severity.value, "title": one.title}
            for one in entries
        ]
        return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    return "".join(f"{one.code}  {one.severity.value:7}  {one.title}\n" for one in entries)

r"""Patterns of `matches`.

Owns: NEC555, NEC579 of patterns. Must not know: how a pattern is read
(`nectarc.evaluate.patterns`).
Truth: ../shared/reference/refinery-semantics.md, 2.6, 8 (T9). Cost: RE2 is imported, 25 ms, only
for a text with a sign that means something in a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.evaluate.conditions import config_text
from nectarc.lint.conditions.case import Case
from nectarc.refinery.yaml_edits import quoted

_UNSAID: Final = (
    ("(?=", "lookahead", "name what may follow, without `(?=`"),
    ("(?!", "lookahead", "test the opposite with an earlier rule, or with `does-not-contain`"),
    ("(?<=", "lookbehind", "put what comes before into the pattern itself"),
    ("(?<!", "lookbehind", "test the opposite with an earlier rule, or with `does-not-contain`"),
    ("(?>", "atomic groups", "write `(?:` instead"),
)
_BACK_REFERENCE: Final = re.compile(r"(?<!\\)(?:\\\\)*\\[1-9]")
_DELIMITED: Final = re.compile(r"/\^.*/[gimsux]*|/.*\$/[gimsux]*", re.DOTALL)
_FLAGGED: Final = re.compile(r"/[^/]+/(?:i|gi|ig|im|gim)")
_PLAIN: Final = re.compile(r"[\w\s/<>=!@#%&,;:'\"~`-]*")


def check_pattern(case: Case) -> Iterator[Diagnostic]:
    """Check the pattern of one condition with `matches`."""
    one = case.condition
    if one.operator != "matches" or one.value is None:
        return
    pattern = config_text(one.value)
    if _FLAGGED.fullmatch(pattern):
        yield _flagged(case, pattern)
        return
    if _PLAIN.fullmatch(pattern):
        return
    from nectarc.evaluate.patterns import pattern_error  # noqa: PLC0415 - costs 25 ms

    error = pattern_error(pattern)
    if error:
        says, instead = _reason(pattern, error)
        yield finding(
            "NEC555",
            case.at("Value"),
            f"the pattern is none for Refinery, so the condition never holds: {says}",
            label="never matches",
            why="Refinery says nothing about it at start; the rule is dead",
            help=instead,
        )
    elif _DELIMITED.fullmatch(pattern):
        yield finding(
            "NEC555",
            case.at("Value"),
            "the slashes around the pattern are part of it, so it never matches",
            label="no text begins after its first letter, or ends before its last",
            why="`^` and `$` stand inside the slashes, where no text begins or ends",
            help="write the pattern without the slashes",
        )


def _flagged(case: Case, pattern: str) -> Diagnostic:
    bare, _, flags = pattern[1:].rpartition("/")
    better = f"(?i){bare}" if "i" in flags else bare
    return finding(
        "NEC579",
        case.at("Value"),
        f"the slashes and the `{flags}` are part of the pattern",
        label="looked for as they stand",
        why="a pattern stands without slashes; only a text with these very signs is found",
        help=f"write `{better}`",
        fixes=case.written(f"write `{better}`", {"Value": quoted(better)}, is_safe=False),
    )


def _reason(pattern: str, error: str) -> tuple[str, str]:
    for sign, name, instead in _UNSAID:
        if sign in pattern:
            return f"RE2 has no {name} (`{sign}`)", instead
    if _BACK_REFERENCE.search(pattern):
        return "RE2 has no references back to a group", "write out what the group may hold"
    return error.rstrip("."), "correct the pattern (the syntax is that of RE2)"

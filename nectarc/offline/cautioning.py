# ruff: noqa: E501 - patterns are read in one piece
"""What cautions are made of: the words of wishes, rates, failures; a turn of phrase with its question.

Owns: these. Must not know: which turns are asked about. Truth: nectarc/offline/cautions.py.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

VERB: Final = r"(?:keep|retain|store|save|sample|drop|discard|take|send|throw away|lose)"
# "tenant.id = acme", "retry_count > 3", "db.system exists".
_OPERATED: Final = r"\s*(?:[=!]=|=(?!>)|[<>]=?)\s*[^\s,;)]+|\s+(?:exists|is set|is present|is missing|is absent|contains \S+|starts with \S+)"
PREDICATE: Final = rf"(?:(?:(?P<field>[\w.]+)|span count)(?:{_OPERATED})|(?:status|code) \d\d\d)"
AN_PREDICATE: Final = rf"(?:[\w.]+|span count)(?:{_OPERATED})"
RATE: Final = (
    r"(?:\d[\d.,]*\s*(?:%|percent|per cent|pct)|1\s*(?:in|of|out of|:|/)\s*\d+|half|a \w+th)"
)
FAILS: Final = r"(?:errors?|failures?|failed|failing|fail|fails|errored|broken|5xx)"
# Errors are kept wherever that is said, so `but` may take nothing else back.
ALL_ERRORS: Final = (
    r"(?:always |also |please |do |we |i )*(?:keep |retain |hold on to |want )*(?:all |every |any |the |always |of )*"
    r"(?:errors?|failures?|failed requests|failed traces|5xx)(?: always| kept| stay)?\s*(?:[.;,\n]|$)"
)
SLOWS: Final = r"(?:slow(?:er)?|took|takes?|longer|over|above|exceed\w*)"


class Caution(NamedTuple):
    """A turn of phrase. asks: the question; `{said}` is the user's words."""

    id: str
    pattern: re.Pattern[str]
    asks: str


def caution(name: str, pattern: str, asks: str) -> Caution:
    """Return a caution whose pattern is matched in any case."""
    return Caution(name, re.compile(pattern, re.IGNORECASE), asks)

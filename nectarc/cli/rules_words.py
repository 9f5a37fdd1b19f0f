"""Rules files as words of the command line: `replay` and `diff` read them alike.

Owns: telling rules from a policy, reading them in every form that `lint` reads.
Must not know: what is done with the rules.
"""

from __future__ import annotations

import os
import re
from typing import Final

from nectarc.cli.console import Console
from nectarc.diagnostic import Diagnostic, Severity
from nectarc.records import replace
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.loader import LoadResult

RULES_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".toml"})
POLICY_SUFFIX: Final = ".toon"
_OF_REFINERY_1: Final = "NEC543"
# What begins rules in one of their forms, and no policy: of what has no name that tells.
_RULES_BEGIN: Final = re.compile(
    rb"^(?:---|\{|[\"']?(?:RulesVersion|Samplers?|apiVersion|kind|data|rules)[\"']?[ \t]*[:=])",
    re.MULTILINE,
)


def is_rules(name: str, data: bytes) -> bool:
    """Say whether an input is rules rather than a policy: by its name's end, else by its text."""
    suffix = os.path.splitext(name)[1].lower()
    if suffix in RULES_SUFFIXES:
        return True
    return suffix != POLICY_SUFFIX and _RULES_BEGIN.search(data) is not None


def read_rules(name: str, data: bytes, console: Console, found: list[Diagnostic]) -> LoadResult:
    """Return what `data` holds; without rules, `found` says why.

    What Refinery refuses only for its form (JSON) is read: the rules in it mean what they mean.
    Rules of Refinery 1 are read as what they are in 2, and a message says so.
    """
    read = read_rules_files([(name, data)])
    console.know(read.texts)
    found += (one for one in read.findings if one.severity is not Severity.ERROR)
    if read.loaded.rules is not None:
        return read.loaded
    if any(one.code == _OF_REFINERY_1 for one in read.loaded.diagnostics):
        from nectarc.importing.v1 import read_v1  # rare, and much code

        (text,) = read.texts
        first = read_v1(text, os.path.splitext(name)[1].removeprefix("."))
        found += first.refused
        if first.rules is not None:
            console.message(
                f"{name} holds rules of Refinery 1: they are taken as what they are in Refinery 2;"
                " `nectarc import` says what that changes"
            )
            return replace(read.loaded, rules=first.rules)
    found += read.loaded.diagnostics
    return read.loaded

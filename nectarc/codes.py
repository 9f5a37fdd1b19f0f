"""The register of diagnostic codes.

Owns: number, title and default severity of every code; numbers are never reused.
Must not know: who finds what. Each code has a page in docs/codes/, a firing case, a near miss.
Truth: docs/language.md, section 8.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from nectarc.diagnostic import Severity


class Code(NamedTuple):
    """One registered code. `title` is one line, for lists and `explain-code`."""

    code: str
    severity: Severity
    title: str


_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT

_ALL: Final[tuple[Code, ...]] = (
    # NEC00x-03x: TOON (owner: nectarc/toon)
    # NEC04x-09x: policy sections, match and action syntax (owner: nectarc/syntax)
    # NEC10x: names and types (owner: nectarc/semantics)
    # NEC20x: quantifiers and logic, lints (owner: nectarc/semantics)
    # NEC30x: lowering (owner: nectarc/refinery)
    # NEC40x: safety and corpus (owner: nectarc/prove)
    # NEC50x: traps in Refinery rules files (owner: nectarc/refinery)
)

CODES: Final[dict[str, Code]] = {entry.code: entry for entry in _ALL}

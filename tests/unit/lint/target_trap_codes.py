"""The traps of targets, samplers and whole rules, and the code that each is reported under.

Truth: ../shared/reference/refinery-semantics.md, section 8.
"""

from __future__ import annotations

from typing import Final

TRAP_CODES: Final = {
    "T1": "NEC520",
    "T2": "NEC521",
    "T3": "NEC522",
    "T36": "NEC523",
    "T37": "NEC525",
    "T38": "NEC516",
    "T39": "NEC516",
    "T40": "NEC516",
    "T41": "NEC526",
    "T42": "NEC527",
    "T43": "NEC528",
    "T44": "NEC529",
    "T45": "NEC530",
    "T46": "NEC531",
    "T47": "NEC532",
    "T61": "NEC532",
    "T62": "NEC533",
    "T63": "NEC534",
    "T64": "NEC535",
    "T65": "NEC516",
}

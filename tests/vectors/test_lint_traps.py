"""Each recorded trap that loads has its code; each that does not is refused by the loader.

Truth: ../shared/vectors/README.md (loader_traps), ../shared/reference/refinery-semantics.md, 8.
"""

from __future__ import annotations

from typing import Final

from nectarc.lint.context import LintContext
from nectarc.lint.run import lint_rules
from nectarc.refinery.inputs import read_rules_files
from tests.shared_data import read_vectors, requires_shared
from tests.unit.lint.target_trap_codes import TRAP_CODES

pytestmark = requires_shared

OF_CONDITIONS: Final = {
    "T4": "NEC550",
    "T5": "NEC554",
    "T6": "NEC551",
    "T7": "NEC551",
    "T8": "NEC552",
    "T9": "NEC555",
    "T10": "NEC556",
    "T11": "NEC557",
    "T12": "NEC558",
    "T13": "NEC559",
    "T14": "NEC559",
    "T15": "NEC560",
    "T16": "NEC561",
    "T17": "NEC562",
    "T18": "NEC563",
    "T19": "NEC564",
    "T20": "NEC565",
    "T21": "NEC566",
    "T22": "NEC567",
    "T23": "NEC568",
    "T24": "NEC569",
    "T25": "NEC570",
    "T26": "NEC571",
    "T27": "NEC573",
    "T28": "NEC574",
    "T29": "NEC571",
    "T30": "NEC575",
    "T31": "NEC575",
    "T32": "NEC576",
    "T33": "NEC576",
    "T34": "NEC577",
    "T35": "NEC578",
    "T51": "NEC553",
    "T52": "NEC553",
    "T53": "NEC556",
    "T54": "NEC553",
    "T55": "NEC562",
    "T59": "NEC576",
}
OF_FILES: Final = {"T48": "NEC548", "T49": "NEC541", "T50": "NEC580"}
REFUSED: Final = {"T56": "NEC513", "T57": "NEC511", "T58": "NEC511", "T60": "NEC512"}


def test_every_trap_has_its_code() -> None:
    expected = {**TRAP_CODES, **OF_CONDITIONS, **OF_FILES, **REFUSED}
    missing = []
    traps = list(read_vectors("loader_traps.jsonl"))
    for row in traps:
        name = f"rules.{row['ext']}"
        read = read_rules_files([(name, row["text"].encode())])
        found = {
            *(one.code for one in lint_rules(read.loaded, LintContext(text=read.text))),
            *(one.code for one in (*read.findings, *read.verdict.diagnostics)),
        }
        if expected[row["trap"]] not in found:
            missing.append((row["trap"], expected[row["trap"]], sorted(found)))
    assert missing == []
    assert {row["trap"] for row in traps} == set(expected)

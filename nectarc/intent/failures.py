"""Why a draft is not proven, as data.

Owns: `Failure`. Must not know: how anything is judged or shown.
"""

from __future__ import annotations

from nectarc.records import record
from nectarc.trace import Trace


@record(kw_only=True)
class Failure:
    """One reason why a draft is not proven.

    rule:     the rule that decides the counterexample, or that a finding is about; "" for none.
    claim:    what should hold, or the headline of a finding, in words.
    what:     what happens instead, in words.
    counterexample: a minimal trace on which the claim fails; None for findings.
    passing:  a trace near it on which the claim holds; None where none was found.
    name:     of the check or the promise that fails, stable, for programs; "" for findings.
    """

    rule: str
    claim: str
    what: str
    counterexample: Trace | None = None
    passing: Trace | None = None
    name: str = ""

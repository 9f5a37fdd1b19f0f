"""What a clause or rule of an answer does with its traces.

Owns: reading it. Must not know: conditions, actions' text. Truth: nectarc/intent/records.py.
"""

from __future__ import annotations

from nectarc.claude.decoding import Part
from nectarc.claude.redaction import Redactor
from nectarc.claude.schema import ACTIONS
from nectarc.intent.records import AdaptRate, DropAll, KeepAll, KeepOneIn, LimitRate, Wanted


def wanted_of(part: Part, redactor: Redactor, words: str = "") -> Wanted:
    """Read a `do`; something close after a mistake. words: the user's, with the rate as said."""
    part.only("action", "number", "by")
    action = part.member("action").choice(ACTIONS)
    number = part.member("number")
    value = number.number()
    by = tuple(redactor.restored(one) for one in part.member("by").texts())
    if action in {"limit", "adapt"} and not by:
        part.wrong(f"`{action}` needs the fields (`by`) whose values share the rate")
    if any("`" in one or not one.isprintable() for one in by):
        part.wrong("`by` names fields, without backticks")
    match action:
        case "one_in":
            return KeepOneIn(_whole(number, value), words)
        case "limit":
            if value <= 0:
                number.wrong("events a second are above 0")
            return LimitRate(value, by)
        case "adapt":
            return AdaptRate(_whole(number, value), by)
        case "drop":
            return DropAll()
        case _:
            return KeepAll()


def _whole(part: Part, value: float) -> int:
    if value != int(value) or not 2 <= value <= 10**9:
        part.wrong("one in n needs a whole n from 2: 5 % is 20, a tenth is 10, all is `keep`")
        return 2
    return int(value)

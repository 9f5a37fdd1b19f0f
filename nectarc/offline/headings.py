"""What headings do to the items below them: "What we don't need:", "Keep these:", "10 %:".

Owns: the words of headings. Must not know: items, clauses. Truth: docs/intent.md, "Lists".
A heading is read whole or not at all; one word more, and it is left to the clauses.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.offline.phrases import Act

_THINGS: Final = r"things|stuff|traces?|requests?|routes?|services?|endpoints?|paths?|calls|methods"
_FRONT: Final = (
    r"(?:(?:please|kindly|we|i|you|they|what|whatever|the ones|that|which|should|must|shall|will"
    r"|can|may|always|to|be|is|are|want|need|have|has|would like|like|let's|let us|also|still"
    r"|definitely|absolutely|everything|the following|following|these|those|all|the"
    rf"|{_THINGS})\s+)*"
)
_BACK: Final = (
    r"(?:\s+(?:always|in full|fully|completely|entirely|altogether|everything|all|any|of|from|for"
    r"|to|the|these|those|this|them|following|without sampling|unsampled|at 100 ?%|100 ?%"
    rf"|no matter what|ones|kinds?|types|categories|list|please|when|if|whenever|{_THINGS}))*"
)
_KEEP: Final = (
    r"keep|retain|store|save|preserve|kept|retained|stored|saved|preserved|need|want|require"
    r"|must[- ]haves?|matters?(?: most)?(?: to (?:us|me))?|counts|is important(?: to us)?|always"
    r"|care about|never (?:lose|drop|discard|sample|sample out)"
    r"|(?:do not|don't) (?:lose|drop|discard)"
    r"|(?:never|not) be (?:lost|dropped|discarded|sampled|sampled out)|white ?list|allow ?list"
)
_DROP: Final = (
    r"drop|discard|remove|exclude|ignore|throw away|get rid of|filter out|skip|dropped|discarded"
    r"|removed|excluded|ignored|thrown away|filtered out|skipped|never|never (?:keep|store)"
    r"|(?:do not|don't) (?:need|want|keep|store|care about)"
    r"|(?:never|not) be (?:kept|stored|retained)|go|go away|block ?list|black ?list|deny ?list"
)
# Of a service that is "needed" or "unwanted" nobody says how much of it is kept.
_IS_KEEP: Final = re.compile(f"{_FRONT}(?:{_KEEP}){_BACK}|needed|wanted|required", re.IGNORECASE)
_IS_DROP: Final = re.compile(
    f"{_FRONT}(?:{_DROP}){_BACK}|(?:not (?:needed|wanted|required)|unwanted|unneeded)(?: at all)?",
    re.IGNORECASE,
)
# What stands beside a rate and says no more: "sometimes (10%)", "sample at 1 in 20".
_RATED: Final = re.compile(
    r"(?:(?:please|sample|sampled|keep|kept|retain|only|sometimes|partly|partially|a sample"
    r"|sampling|rate|at|to|with|of|down|occasionally|rarely|sample rate|these|those|the following"
    rf"|following|be|to be|for|from|{_THINGS})\b\s*)*",
    re.IGNORECASE,
)
_NOUN: Final = re.compile(r"\b(services?|routes?|endpoints?|paths?|methods?)\b", re.IGNORECASE)


def heading_act(said: str) -> Act | None:
    """Return what a heading does to all of its items; None where its words say no such thing."""
    plain = " ".join(said.replace("\u2019", "'").split())
    if _IS_DROP.fullmatch(plain):
        return Act("drop")
    return Act("keep") if _IS_KEEP.fullmatch(plain) else None


def is_beside_rate(said: str) -> bool:
    """Whether the words beside a heading's rate say no more than that it is one."""
    return _RATED.fullmatch(" ".join(said.split())) is not None


def items_are(said: str) -> str:
    """Return what a heading says that its items name: "service", or "" where it does not."""
    found = {one[1].lower().rstrip("s") for one in _NOUN.finditer(said)}
    return "service" if found == {"service"} else ""

"""Names given first and used later: "our noisy endpoints are /a and /b", "call these ...: x, y".

Owns: which sentences do nothing but name. Must not know: clauses. Truth: docs/intent.md.
What is named must be closed, a value, a path, a service; the name holds no word that asks.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.intent.matches import string_literal
from nectarc.offline.discourse import is_empty_talk
from nectarc.offline.grammar import Chart
from nectarc.offline.lexicon import word_lists
from nectarc.offline.phrases import Definition, Phrase
from nectarc.offline.segments import Segment
from nectarc.offline.selectors import EVERY, Cond, Test, opens_of
from nectarc.offline.words import SourceWords, Word

_NAMED_MAX: Final = 6
_IS: Final = frozenset({"is", "are", ":", "=", "means", "mean"})
_SERVICES: Final = re.compile(r"\b(?:services?|microservices|apps|backends)\b", re.IGNORECASE)
# No name holds one of these: they ask, negate, or mean something by themselves.
_NO_NAME: Final = word_lists()["introductions_no_name"]
_CALL: Final = re.compile(
    r"(?:(?:let's |let us |we |i )?call (?:these|them|those"
    r"|the following) )(?P<name>[\w -]{2,40}?)\s*:",
    re.IGNORECASE,
)

_HAVE: Final = re.compile(
    r"(?:(?:we|i|they) (?:currently |also |do )?(?:have(?: got)?|run|operate|own|maintain)"
    r"|(?:we|i)'ve got"
    r"|there (?:is|are)|there's) (?:(?:a|an|one|two|three|four|five|six|some|several|few|couple|of"
    r"|these|the|following|only|just|\d+) )*(?P<name>(?:[a-z][\w-]* ){0,3}?"
    r"(?:(?:micro)?services?|routes|endpoints|paths))"
    r"(?: that (?:really )?(?:matters?|counts?|(?:is|are) [a-z]+))?"
    r"(?:\s*[,:]|(?: are| is)? (?:called|named)"
    r"|,? namely:?)\s+",
    re.IGNORECASE,
)
_THINGS: Final = frozenset({"services", "routes", "endpoints"})
_OURS: Final = frozenset({"our", "the", "two", "three", "four", "these"})
_CALLED: Final = frozenset({"called", "named", "these", "following", "the"})


def introduced(chart: Chart, whole: SourceWords, segment: Segment) -> tuple[Definition, ...] | None:
    """Return what the segment names, None where it does not do just that."""
    words = whole.words
    said = whole.text[words[segment.start].start : words[segment.end - 1].end]
    call = _CALL.match(said)
    for at in range(segment.start + 1, min(segment.start + _NAMED_MAX + 2, segment.end - 1)):
        is_mark = words[at].text.lower() in _IS
        if call is not None:
            is_mark = words[at].kinds[0] == "_COLON"
        if not is_mark:
            continue
        name = call["name"] if call is not None else whole.said(segment.start, at)
        if call is None and not _is_name(words[segment.start : at]):
            return None
        first = at + 1
        is_service = at - segment.start > 1 and words[at - 1].text.lower() in ("service", "app")
        is_named = is_service and "NAMED" in words[at - 2].kinds
        if is_named and words[first].text.lower() not in ("called", "named"):
            return None  # "the cart service is important"
        while first < segment.end - 1 and words[first].text.lower() in _CALLED:
            first += 1
        cond = _closed(chart, whole, first, segment.end, name)
        if cond is None or is_empty_talk(name, is_heading=True):
            return None
        return (Definition("label", _plain(name), cond),)
    return None


def had(chart: Chart, whole: SourceWords, segment: Segment) -> tuple[Definition, ...] | None:
    """Return what "we have two noisy services, feed and ads" names; None for what is no such."""
    words = whole.words[segment.start : segment.end]
    have = _HAVE.match(whole.text[words[0].start : words[-1].end])
    if have is None or not _NO_NAME.isdisjoint(have["name"].lower().split()):
        return None
    begin = words[0].start + have.end()
    first = next((one for one, word in enumerate(words) if word.start >= begin), 0)
    if not first:
        return None
    cond = _closed(chart, whole, segment.start + first, segment.end, have["name"])
    return None if cond is None else (Definition("label", _plain(have["name"]), cond),)


def explained(chart: Chart, whole: SourceWords) -> tuple[tuple[str, Cond], ...]:
    """Return the names that the text explains beside them: "gold customers (tier = gold)".

    What is explained twice, each time otherwise, is left open.
    """
    found: dict[str, Cond | None] = {}
    start = 0
    while start < len(whole.words):
        ends = chart.read("explained", start)
        if not ends:
            start += 1
            continue
        end = max(ends)
        for one in ends[end]:
            if isinstance(one, Definition) and one.cond is not None:
                name = one.name if one.kind == "known" else _plain(one.name)
                same = found.get(name, one.cond) == one.cond
                found[name] = one.cond if same else None
        start = end
    return tuple((name, one) for name, one in found.items() if one is not None)


def _is_name(words: tuple[Word, ...]) -> bool:
    texts = [one.text.lower() for one in words]
    if len(texts) > 1 and texts[-1] in _THINGS and _OURS.issuperset(texts[:-1]):
        return True  # "our services are alpha and beta"
    return (
        bool(texts)
        and _NO_NAME.isdisjoint(texts)
        and all("WORD" in one.kinds for one in words)
        and (len(words) > 1 or "KNOWN" not in words[0].kinds)
    )


def _closed(chart: Chart, whole: SourceWords, start: int, end: int, name: str) -> Cond | None:
    """Return the traces that the words from `start` to `end` name, all of them, or None."""
    said = whole.said(start, end)
    listed = re.match(
        r"(?:(?:the|these|those|our|following) )*services?\s*:?\s+(.*)", said, re.IGNORECASE
    )
    if listed is not None or _SERVICES.search(name):
        values = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", listed[1] if listed else said)
        if all(re.fullmatch(r"[A-Za-z][\w.-]*", one) for one in values) and not (
            set(map(str.lower, values)) & (_NO_NAME | {"the", "a", "these", "those", "noisy"})
        ):
            literals = tuple(map(string_literal, values))
            text = (
                f"service == {literals[0]}" if len(literals) == 1
                else f"service in [{', '.join(literals)}]"
            )  # fmt: skip
            return Test(text, "service", literals)
    phrases = [one for one in chart.read("np", start).get(end, ()) if isinstance(one, Phrase)]
    conds = {one.cond for one in phrases}
    if len(conds) != 1:
        return None
    cond = conds.pop()
    return None if opens_of(cond) or cond == EVERY else cond


def _plain(name: str) -> str:
    found = re.sub(r"^(?:(?:the|our|my|these|those|a|an|all)\s+)+", "", name.strip().lower())
    return " ".join(found.split())

# ruff: noqa: E501 - patterns are read in one piece
"""Names that a text gives: "the money routes are /pay and /refund", each written out where it is used.

Owns: which sentences give a name, what it stands for. Must not know: clauses.
Truth: docs/intent.md, "Notes". A name that is never used again is left as it is, and asked about.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Put: TypeAlias = tuple[int, int, str, int]

_PATH: Final = r"/[\w./*{}-]*[\w*}]"
_NAME: Final = r"[A-Za-z][\w.-]*\w"
_JOINT: Final = r"(?:[ \t]*,[ \t]*(?:and[ \t]+|or[ \t]+)?|[ \t]+(?:and|or|&)[ \t]+)"
_FIELD: Final = r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)+"
_TEST: Final = rf"{_FIELD}[ \t]*(?:=|==|is|equals)[ \t]*[\"']?[\w-]+[\"']?"
# What a name may stand for: routes, services, one test on a field.
_MEANT: Final = (
    rf"(?:(?:the[ \t]+)?(?:routes?|endpoints?|paths?)[ \t]+)?(?P<paths>{_PATH}(?:{_JOINT}{_PATH}){{0,8}})"
    rf"|(?:the[ \t]+)?(?P<services>services?[ \t]+{_NAME}(?:{_JOINT}{_NAME}){{0,8}})"
    rf"|(?:(?:all |those |the )?(?:traces|requests|traffic|everything|anything|calls)[ \t]+(?:with|where|that have|having|of)[ \t]+)?(?P<test>{_TEST})"
)
_SAID: Final = r"[\"\u201c']?(?P<name>[A-Za-z][\w-]*(?:[ \t]+[\w-]+){0,2}?)[\"\u201d']?"
_BEGIN: Final = r"(?:(?<=[.!?;\n])|(?<=^))[ \t]*"
_END: Final = r"[ \t]*(?:[.;]|\n|$)"
_GIVEN: Final = tuple(
    re.compile(_BEGIN + pattern + _END, re.IGNORECASE)
    for pattern in (
        rf"(?:by|with|when i say|when we say|where i say|if i say)[ \t]+{_SAID}[ \t]*,?[ \t]+(?:i|we)[ \t]+(?:mean|understand|refer to)[ \t]+(?:{_MEANT})",
        rf"{_SAID}[ \t]+(?:means?|stands? for|refers? to|denotes?|here means|below means|is short for)[ \t]+(?:{_MEANT})",
        rf"(?:(?:our|the|my|we have|these|three|two|four|all)[ \t]+)*{_SAID}[ \t]+(?:are|is|:=|=)[ \t]+(?:{_MEANT})",
        rf"(?:(?:our|the|my|three|two|four|all)[ \t]+)*(?P<name>[\w-]+(?:[ \t]+[\w-]+)?[ \t]+services)[ \t]+(?:are|:|=)[ \t]*(?P<names>{_NAME}(?:{_JOINT}{_NAME}){{1,8}})",
        rf"(?:we call|call|let's call|i call)[ \t]+(?:{_MEANT})[ \t]+(?:the[ \t]+)?{_SAID}",
    )
)
# Words that mean something by themselves are given no new meaning.
_KNOWN: Final = re.compile(
    r"\b(?:errors?|slow|rest|others?|everything|all|it|they|this|that|these|those|there|which|what|who|root|spans?|status|one|ones|service|services|route|routes|field|attribute|same|first|second|last|name|names|remaining|health|traces?|requests?|keep|drop|only|not|no|tenant|tenants|users|customers)\b",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(
    r"^(?:services|routes|endpoints|paths|traffic|requests|traces|jobs|calls)$", re.IGNORECASE
)


def named(text: str) -> list[Put]:
    """Return the first name that is given, written out where it is used, and its sentence cut."""
    for pattern in _GIVEN:
        for given in pattern.finditer(text):
            puts = _written_out(text, given)
            if puts:
                return [*puts, (given.start(), given.end(), " ", given.start())]
    return []


def _written_out(text: str, given: re.Match[str]) -> list[Put]:
    name = given["name"].strip()
    head, _, noun = name.rpartition(" ")
    own = head if head and _PLAIN.match(noun) else name
    if _KNOWN.search(own):
        return []
    groups = given.groupdict()
    meant = groups.get("paths") or groups.get("services") or groups.get("test")
    if meant is None:
        meant = f"services {groups['names']}"
    if meant.startswith(("service ", "Service ")) and re.search(r",| and | or ", meant):
        meant = "services " + meant.split(" ", 1)[1]
    used = re.compile(
        rf"(?<![\w/.-])(?P<non>non-|not[ \t]+(?:from |to )?)?(?:(?:the|our|these|those|all|any)[ \t]+)*[\"\u201c']?{re.escape(own)}[\"\u201d']?"
        r"(?:[ \t]+(?:services?|routes?|endpoints?|paths?|traffic|requests?|traces?|jobs?|calls))?(?![\w-])",
        re.IGNORECASE,
    )
    puts: list[Put] = []
    for one in used.finditer(text, given.end()):
        said = "everything else" if one["non"] else meant
        puts.append((*one.span(), said, one.start()))
    return puts


# As in "PUTs there", "GETs of that path 5%".
_PLACE: Final = re.compile(
    rf"(?<![\w/.])(?P<path>{_PATH})|\b(?:the |our )?(?P<svc>service[ \t]+{_NAME}|(?!(?:other|any|each|every|this|that|same|all|the|our|a|no|which|per|by|one|of|for|and)\b){_NAME}[ \t]+service\b)",
    re.IGNORECASE,
)
_THERE: Final = re.compile(
    r"(?P<method>\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)s?|[1-5](?:xx|\d\d)s?|errors|failures)(?P<again>[ \t]+(?:from there|there|(?:of|on|to|for|at|in|from)[ \t]+(?:that|this|the same)[ \t]+(?:path|route|endpoint|url|one|service)|(?:of|on|to|for|at|in|from) it))(?=[ \t]*(?:[.;,:\n]|$|too\b|as well\b|at\b|are\b|can\b|<|\d|one\b|1/|keep\b|drop\b))",
    re.IGNORECASE,
)


def places_again(text: str) -> list[Put]:
    """Read "all POSTs to /a, GETs of that path 5%": of the one place that was named before."""
    found: list[Put] = []
    for one in _THERE.finditer(text):
        before = list(_PLACE.finditer(text, 0, one.start()))
        if not before:
            continue
        last = before[-1]
        front = text[before[-2].end() : last.start()] if len(before) > 1 else "."
        is_one = re.fullmatch(r"[ \t]*(?:,|and|or|&|/|, and|, or)[ \t]*", front) is None
        if is_one:
            said = f" to {last['path']}" if last["path"] else f" of {last[0]}"
            found.append((*one.span("again"), said, last.start()))
    return found

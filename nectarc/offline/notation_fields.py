# ruff: noqa: E501 - patterns are read in one piece
"""Fields that are told of first: "the plan is in user.plan. Keep gold, 10% of silver".

Owns: which sentences tell of a field, where its values stand alone. Must not know: clauses.
Truth: docs/intent.md, "Notes". A word that means something by itself is a value only where the
text lists it as one.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from nectarc.offline.inlined import is_no_word

Put: TypeAlias = tuple[int, int, str, int]

_FIELD: Final = r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)+"
_VALUE: Final = r"[\"'\u201c]?[A-Za-z][\w-]*[\"'\u201d]?"
_BEGIN: Final = r"(?:(?<=[.!?;\n])|(?<=^))[ \t]*"
_JOINT: Final = r"(?:[ \t]*,[ \t]*(?:and[ \t]+|or[ \t]+)?|[ \t]+(?:and|or)[ \t]+|/)"
_VALUES: Final = rf"{_VALUE}(?:{_JOINT}{_VALUE}){{1,7}}"
_MANY: Final = r"(?:two|three|four|five|six|several|different|some|a few|\d)"
# Sentences that say in which field something is, and perhaps with which values.
_TOLD: Final = tuple(
    re.compile(_BEGIN + pattern, re.IGNORECASE)
    for pattern in (
        # As in: the attribute is user.plan. The plan is in user.plan
        rf"(?:(?:the|our|a|its|each|every)[ \t]+)?(?:[a-z]+[ \t]+){{0,2}}?(?:attribute|field|key|tag|[a-z]+)[ \t]+(?:is|are|live|lives|sits?|stands?|can be found|is stored|are stored|is found|is called|is kept|are kept|comes|is set|are set)[ \t]+(?:in|under|at|as)?[ \t]*(?:the )?(?:(?:field|attribute|span attribute|key|tag)[ \t]+)?(?:called |named )?(?P<field>{_FIELD})(?:[ \t]*[,(:]?[ \t]*(?:(?:which|it)[ \t]+(?:can be|is)|with(?: the)? values?|values?(?: are)?|either|one of)?[ \t:]*(?P<values>{_VALUES})\)?)?[ \t]*(?:[.;:]|\n|,[ \t]*so\b)",
        # As in: user.plan tells us the plan
        rf"(?:the )?(?:(?:field|attribute)[ \t]+)?(?P<field>{_FIELD})[ \t]+(?:tells|says|holds|contains|has|gives|shows|carries|stores|names|records)[ \t]+(?:us |you )?(?:the|which|what|whether|who|our|its)[^.;:,\n]{{2,50}}[.;:\n]",
        # As in: user.plan can be gold, silver or free
        rf"(?:the )?(?:(?:field|attribute)[ \t]+)?(?P<field>{_FIELD})[ \t]+(?:can be|may be|is either|is one of|has the values|has values|can have the values|takes the values|is)[ \t]+(?:either |one of )?(?P<values>{_VALUES})[ \t]*[.;:\n]",
        # As in: there are three plans (user.plan), namely gold, silver and free
        rf"(?:there are|we have|we've got|we distinguish|we sell|we offer)[ \t]+(?:{_MANY}[ \t]+)?(?:kinds of |types of |sorts of )?[a-z]+(?:[ \t]+[a-z]+)?[ \t]*,?[ \t]*(?:\((?:the )?(?:field |attribute |in )?|(?:in|see|under|given by|told apart by|by)[ \t]+(?:the )?(?:field |attribute )?)(?P<field>{_FIELD})\)?[ \t]*[:,][ \t]*(?P<values>{_VALUES})[ \t]*[.;\n]",
        # As in: look at user.plan
        rf"(?:please |so )?(?:(?:we|i)[ \t]+)?(?:look at|go by|check|decide by|use|decide on|sample by|split by|split on|sort by|distinguish by)[ \t]+(?:the )?(?:field |attribute |value of |span attribute )*(?P<field>{_FIELD})[ \t]*(?:[.;:]|\n)",
    )
)
_RATE: Final = r"(?:\d+(?:[.,]\d+)?[ \t]?(?:%|percent\b)|(?:1|one)[ \t]?(?:in|of|out of|/|:)[ \t]?[\w,]+|(?:a )?half|a (?:tenth|fifth|third|quarter|hundredth))"
_DOES: Final = rf"(?:(?:at |is |are |gets? |goes? )*(?:kept|dropped|sampled|keep|drop|all|everything|none|nothing|always|never|completely|fully|in full|full|out|{_RATE}))"
# Where a value stands alone: behind a verb or a share, or before what becomes of it.
_USED: Final = (
    rf"(?:(?<=[.!?;,:\n(])|(?<=^)|(?<=[-*\u2022] ))[ \t]*(?:and |but |while |then |so )?(?:(?:for|of|from|with|in) )?(?:the |our |all )?(?P<a>VALUE)(?=[ \t]*(?:[:=>-]+[ \t]*|[ \t]|,[ \t]*){_DOES}(?!\w))"
    rf"|\b(?:keep|drop|retain|store|save|discard|sample|skip|remove|{_RATE}[ \t]+(?:of|for|from)|all of|all|everything (?:from|for|in|of)|everything|none of|nothing (?:from|for)|anything (?:from|for|in)|anything|traces (?:from|of|for)|traffic (?:from|of|for)|errors (?:in|of|from|for)|failures (?:in|of|from|for))[ \t]+(?:the |our |all )?(?P<b>VALUE)(?=[ \t]*(?:[.;,!\n)]|$|and\b|or\b|at\b|completely|in full|entirely|fully|always|traffic|traces|requests|only|to\b|{_RATE}))"
    rf"|(?<=[ \t])(?:and|or)[ \t]+(?:the |our )?(?P<c>VALUE)(?=[ \t]+(?:{_DOES})(?!\w))"
    rf"|\b(?:for|of|in|from)[ \t]+(?:the |our |all )?(?P<d>VALUE)(?=[ \t]*(?:[.;,:!\n)]|$|we\b|keep\b|drop\b|i\b|it\b|only\b|everything\b|all\b|just\b|{_RATE}))"
)
_NO_VALUES: Final = frozenset(
    [
        "all",
        "the",
        "everything",
        "anything",
        "nothing",
        "none",
        "rest",
        "others",
        "other",
        "errors",
        "error",
        "failures",
        "keep",
        "drop",
        "sample",
        "traces",
        "requests",
        "traffic",
        "and",
        "or",
        "but",
        "if",
        "when",
        "where",
        "them",
        "it",
        "those",
        "these",
        "that",
        "this",
        "one",
        "ones",
        "both",
        "each",
        "every",
        "any",
        "same",
        "no",
        "not",
        "only",
        "slow",
        "fast",
    ]
)
# Fields that hold numbers, or what has names of its own.
_NO_WORDS: Final = re.compile(
    r"(?:ms|count|size|total|duration|seconds|bytes|status_code|number|amount|route|path|target|url|method|error|latency)$",
    re.IGNORECASE,
)
_COND: Final = re.compile(
    rf"\b(?P<if>if|when|where|whenever|in case)[ \t]+(?:the )?(?:field |attribute |value of )*(?P<field>{_FIELD})[ \t]+(?:is|=|==|equals|has the value|has value|is set to)[ \t]+(?P<value>[\"']?[A-Za-z][\w-]*[\"']?)",
    re.IGNORECASE,
)
_AGAIN: Final = re.compile(
    r"\b(?P<if>if|when|where|whenever|in case)[ \t]+(?:(?:it|this|that)(?:'s|[ \t]+is|[ \t]+says|[ \t]+equals|[ \t]+has(?: the)? value)[ \t]+)?(?P<value>[\"']?[A-Za-z][\w-]*[\"']?)(?=[ \t]*(?:[,:;]|keep\b|drop\b|store\b|save\b|sample\b|then\b|all\b|only\b|we\b|it\b|one\b|\d|everything\b|nothing\b|at\b|retain\b|$))",
    re.IGNORECASE,
)
_MISSING: Final = re.compile(
    r"\b(?P<if>if|when|where|whenever|in case)[ \t]+(?:it(?:'s|[ \t]+is)[ \t]+)?(?P<none>missing|absent|not set|unset|not there|empty|neither|none of these|none of those|something else|anything else|another value|other|neither of these)(?=[ \t]*[,:;]|[ \t]+(?:keep|drop|sample|only|then|\d|one))",
    re.IGNORECASE,
)


def fields_first(text: str) -> list[Put]:
    """Write the field out at each of its values, and cut the sentence that told of it."""
    for pattern in _TOLD:
        for told in pattern.finditer(text):
            puts = [] if _NO_WORDS.search(told["field"]) else _values_of(text, told)
            if puts:
                return puts
    return []


def conditions_again(text: str) -> list[Put]:
    """Read "if user.plan is gold keep all, if it is silver 10%": of the same field."""
    first = _COND.search(text)
    if first is None or len({one["field"] for one in _COND.finditer(text)}) != 1:
        return []
    return _again(text, first.end(), first["field"], first.start("field"))


def _again(text: str, start: int, field: str, at: int) -> list[Put]:
    puts = [
        (*one.span(), f"{one['if']} {field} is {one['value']}", at)
        for one in _AGAIN.finditer(text, start)
        if is_no_word(one["value"])
    ]
    for one in _MISSING.finditer(text, start):
        is_missing = one["none"].lower() in (
            "missing", "absent", "not set", "unset", "not there", "empty"
        )  # fmt: skip
        said = f"{one['if']} {field} is missing" if is_missing else "otherwise"
        puts.append((*one.span(), said, at))
    return puts


def _values_of(text: str, told: re.Match[str]) -> list[Put]:
    field, end = told["field"], told.end()
    listed = told.groupdict().get("values")
    values = [one.strip("\"'\u201c\u201d ") for one in re.split(_JOINT, listed)] if listed else []
    joined = "|".join(map(re.escape, values)) if values else r"[A-Za-z][\w-]+"
    used = re.compile(_USED.replace("VALUE", rf"[\"']?(?:{joined})[\"']?"), re.IGNORECASE)
    puts: list[Put] = []
    for one in used.finditer(text, end):
        group = next(name for name in "abcd" if one[name])
        value = one[group]
        if values or (is_no_word(value) and value.lower() not in _NO_VALUES):
            puts.append((*one.span(group), f"{field} = {value}", told.start("field")))
    puts += _again(text, end, field, told.start("field"))
    if not puts:
        return []
    return [*puts, (told.start(), end, " ", told.start())]
